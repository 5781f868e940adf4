package annotate_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema"
)

// scanFile is the results of a scan that testdata/scan.py made, in the working folder.
func scanFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "scan.parquet"))
	require.NoError(t, err)
	base(t)
	return file(t, "scan.parquet", string(data))
}

func TestScoutScan(t *testing.T) {
	for name, c := range map[string]struct {
		o    annotate.Options
		want []string
	}{
		"about the whole": {want: []string{
			"a -/-/- scanner:events:rule events.threat first 1",
			"a -/-/- scanner:events:rule pass 1 events.threat 0",
			"a -/-/- scanner:grade:rule grade",
			"a -/-/- scanner:refusal:model refusal It says no. 1",
			"a -/-/- scanner:tone:rule tone 0.25",
			"b -/-/- scanner:dims:rule dims._care_ 1.5",
			"b -/-/- scanner:dims:rule dims.harm 3",
			"b -/-/- scanner:refusal:model failed refusal timeout",
			"b -/-/- scanner:tone:rule refused tone no",
		}},
		"by the messages": {o: annotate.Options{Turn: annotate.SourceID}, want: []string{
			"a -/-/- scanner:events:rule events.threat 0",
			"a 2/1/1 scanner:events:rule events.threat first 1",
			"a 4/2/2 scanner:grade:rule grade",
			"a 2/1/1 scanner:refusal:model refusal It says no. 1",
			"a -/-/- scanner:tone:rule tone 0.25",
			"b -/-/- scanner:dims:rule dims._care_ 1.5",
			"b -/-/- scanner:dims:rule dims.harm 3",
			"b -/-/- scanner:refusal:model failed refusal timeout",
			"b -/-/- scanner:tone:rule refused tone no",
		}},
	} {
		for _, key := range []string{annotate.ByTrajectory, annotate.BySource} {
			t.Run(name+" by "+key, func(t *testing.T) {
				c.o.Key = key
				in := scanFile(t)
				r := must(t, c.o, in)
				require.Equal(t, "read 11 results = 8 written + 1 missing + 2 rejected + 0 skipped", r.Lines()[0])
				require.Equal(t, "10 labels: 9 new, 1 not matched", r.Lines()[1])
				require.Equal(t, c.want, lines(rows(t)))
				for _, a := range rows(t) {
					require.Equal(t, *a.Measure == "grade", a.ValueText != nil && *a.ValueText == "B")
				}
				d, err := dataset.Open("ds")
				require.NoError(t, err)
				require.Equal(t, "x/judge", d.Manifest.Annotators["scanner:refusal"].Model)
				require.Equal(t, 0.01, d.Manifest.Measures["tone"].Step)
				require.Equal(t, 1.0, d.Manifest.Measures["refusal"].Step)
				require.False(t, must(t, c.o, in).Changed, "the same again changes nothing")
			})
		}
	}
}

// TestStoredScans: results that Scout wrote in October 2025. The logs that they are of are not
// stored, so trajectories of their ids are made up; in the files pyarrow counts 216 rows
// each, of as many transcripts, all numbers of which none is null.
func TestStoredScans(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data", "formats", "scout")
	for _, c := range []struct {
		scanner, explained string
	}{{"message_length", "Total user message length: 471"}, {"word_counter", "Found 'the' 34 times in assistant messages"}} {
		path, err := filepath.Abs(filepath.Join(dir, "scans__scan_id=JzvEPBFB4aVpCU93FFbiFT__"+c.scanner+".parquet"))
		require.NoError(t, err)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("no real data here: %v", err)
		}
		t.Chdir(t.TempDir())
		type result struct {
			ID string `parquet:"transcript_id"`
		}
		var all []schema.Trajectory
		for row, err := range dataset.Rows[result](t.Context(), path) {
			require.NoError(t, err)
			if len(all) < 216 {
				all = append(all, spoken(row.ID, "ua"))
			}
		}
		write(t, "ds", dataset.NewManifest(), nil, all...)
		r := must(t, annotate.Options{}, path)
		require.Equal(t, []string{"read 216 results = 216 written + 0 missing + 0 rejected + 0 skipped", "216 labels: 216 new"}, r.Lines())
		require.Equal(t, []string{"scanner:" + c.scanner}, r.Annotators)
		found := false
		for _, a := range rows(t) {
			require.NotNil(t, a.Value)
			require.Equal(t, c.scanner, *a.Measure)
			found = found || a.TrajectoryID == "2CZEXfodrBdbT2sJDevGfs" && *a.Rationale == c.explained
		}
		require.True(t, found)
	}
}
