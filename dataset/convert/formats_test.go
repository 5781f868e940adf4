package convert

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// TestStoredLogs converts every stored log of Inspect, transcript of Petri and log beside
// Scout's scans. What is wanted was counted in the files themselves by Python's zipfile
// (with zipfile_zstd; chunks joined by message_refs) and json: samples, their messages, and
// the values of their scores, a dictionary's each; Petri's branches are those of
// handmade_expected_branches.json without the two in which the target says nothing new.
func TestStoredLogs(t *testing.T) {
	const none = "no rows"
	for _, c := range []struct {
		file                        string
		trajectories, turns, scores int
		err, notice                 string
	}{
		{"inspect/2024-08-29T15-11-17+00-00_popularity_5EAmX6wjMFqea6WY7XHzZp.json", 0, 0, 0, none, "a log without samples"},
		{"inspect/2024-11-05T13-31-45-05-00_input-task_8zXjbRzCWrL9GXiXo2vus9.json", 1, 3, 1, "", ""},
		{"inspect/2024-11-05T13-32-37-05-00_input-task_hxs4q9azL3ySGkjJirypKZ.eval", 1, 3, 1, "", ""},
		{"inspect/2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval", 10, 30, 0, "", ""},
		{"inspect/2025-05-12T20-27-36-04-00_browser.json", 1, 10, 1, "", ""},
		{"inspect/2025-05-12T20-28-13-04-00_no-samples.json", 0, 0, 0, none, "a log without samples"},
		{"inspect/2025-05-12T20-28-26-04-00_security-guide.json", 3, 9, 3, "", ""},
		{"inspect/derived/log_message_deduplication.zstd-multiframe.eval", 1, 12, 1, "", "version 3 of Inspect's logs is read as version 2"},
		{"inspect/derived/log_streaming.inprogress-requeued.eval", 4, 12, 4, "", "has no header"},
		{"inspect/derived/log_streaming.nan.eval", 4, 12, 4, "", "NaN or Infinity, read as missing"},
		{"inspect/derived/log_streaming.truncated.eval", 0, 0, 0, "`inspect log recover`", ""},
		{"inspect/derived/log_streaming.zstd.eval", 4, 12, 4, "", ""},
		{"inspect/eee/data_cyse2_vuln_exploit_challenges.json", 1, 2, 1, "", ""},
		{"inspect/eee/data_intercode_ctf_local_path.json", 1, 2, 1, "", ""},
		{"inspect/eee/data_with_llm_scoring.json", 0, 0, 0, none, "a log without samples"},
		{"inspect/log_formats.eval", 1, 3, 1, "", ""},
		{"inspect/log_formats.json", 1, 3, 1, "", ""},
		{"inspect/log_images.json", 1, 3, 1, "", ""},
		{"inspect/log_images_tc.json", 1, 3, 1, "", ""},
		{"inspect/log_invalid.txt", 0, 0, 0, "the log's header does not end; the file may be cut", ""},
		{"inspect/log_length_stop_reason.txt", 1, 2, 1, "", ""},
		{"inspect/log_message_deduplication.eval", 1, 12, 1, "", "version 3 of Inspect's logs is read as version 2"},
		{"inspect/log_read_sample.eval", 1, 3, 1, "", ""},
		{"inspect/log_read_sample.json", 1, 3, 1, "", ""},
		{"inspect/log_streaming.eval", 4, 12, 4, "", ""},
		{"inspect/log_tool_call_error.json", 1, 11, 0, "", ""},
		{"inspect/log_valid.txt", 0, 0, 0, none, "a log without samples"},
		{"inspect/log_version_3.txt", 0, 0, 0, "version: 4 is not read here, 1 to 3 are", ""},
		{"inspect/log_with_nan.txt", 0, 0, 0, none, "a log without samples"},
		{"inspect/mmlu-no-summary-choices.eval", 1, 2, 1, "", ""},
		{"inspect/mmlu-summary-choices.eval", 1, 2, 1, "", ""},
		{"inspect/ts_mono/chunked_2024-11-05T13-32-37-05-00_input-task_hxs4q9azL3ySGkjJirypKZ.eval", 1, 3, 1, "", ""},
		{"inspect/ts_mono/chunked_2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval", 10, 30, 10, "", ""},
		{"inspect/ts_mono/chunked_log_read_sample.eval", 1, 3, 1, "", ""},
		{"inspect/ts_mono/chunked_log_streaming.eval", 4, 12, 4, "", ""},
		{"inspect/ts_mono/original_popularity.eval", 10, 30, 10, "", ""},
		{"scout/logs__2025-11-07T10-59-47-05-00_websearch-addition-problem_LqPDntDnkk4h2fSqQ8i6CE.eval", 1, 2, 1, "", ""},
		{"petri/handmade_transcript.json", 3, 3 + 5 + 3, 3, "", ""},
		{"petri/handmade_judge_failed.json", 3, 3 + 5 + 3, 3, "", ""},
	} {
		t.Run(c.file, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "ds")
			report, err := Run(t.Context(), []string{shared(t, "formats/"+c.file)}, Options{Output: out})
			if c.notice != "" {
				require.Contains(t, strings.Join(report.Notices, "\n"), c.notice)
			}
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.NoDirExists(t, out)
				return
			}
			require.NoError(t, err)
			require.Zero(t, report.Rejected)
			require.Equal(t, c.trajectories, report.Trajectories)
			require.Equal(t, c.scores, report.Annotations)
			turns := 0
			for _, row := range converted(t, out) {
				turns += len(row.Turns)
				for _, turn := range row.Turns {
					require.NotContains(t, turn.Text, "attachment://")
					require.NotContains(t, turn.Text, "base64")
				}
			}
			require.Equal(t, c.turns, turns)
		})
	}
}

// TestStoredMissing: what Inspect could not score, and what Petri's judge made up, is
// missing and not 0 or 1.
func TestStoredMissing(t *testing.T) {
	for file, want := range map[string][2]int{ // missing, given
		"inspect/derived/log_streaming.nan.eval": {1, 3},
		"petri/handmade_judge_failed.json":       {3, 0},
		"petri/handmade_transcript.json":         {0, 3},
	} {
		out := filepath.Join(t.TempDir(), "ds")
		_, err := Run(t.Context(), []string{shared(t, "formats/"+file)}, Options{Output: out})
		require.NoError(t, err)
		d, err := dataset.Open(out)
		require.NoError(t, err)
		var got [2]int
		for _, a := range rowsOf[schema.Annotation](t, d.Annotations) {
			if a.Missing != nil {
				require.Nil(t, a.Value)
				require.Nil(t, a.ValueText)
				got[0]++
			} else {
				got[1]++
			}
		}
		require.Equal(t, want, got, file)
	}
}

// TestStoredSniff: every stored sample of these formats is known as one and no other; what
// lies beside them and is no transcript is known as none.
func TestStoredSniff(t *testing.T) {
	none := []string{"branch_events", "utility_branch_warmup.json", "SOURCE.txt", "handmade_expected_branches.json", "_scan.json", ".parquet", ".csv"}
	known := map[string]int{}
	for _, folder := range []string{"inspect", "petri", "scout"} {
		require.NoError(t, filepath.WalkDir(shared(t, "formats/"+folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			f, err := Sniff(path)
			for _, part := range none {
				if strings.Contains(path, part) {
					require.Error(t, err, path)
					require.NotContains(t, err.Error(), "several formats")
					return nil
				}
			}
			require.NoError(t, err, path)
			known[f.Name]++
			return nil
		}))
	}
	require.Equal(t, map[string]int{"inspect": 37, "petri": 2}, known)
}

// TestOneFormatEach: no file in testdata is known as two formats.
func TestOneFormatEach(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, e := range entries {
		if e.IsDir() || e.Name() == "anthropic.jsonl" { // which is ambiguous on purpose: some of it is like OpenAI's
			continue
		}
		if _, err := Sniff(filepath.Join("testdata", e.Name())); err != nil {
			require.NotContains(t, err.Error(), "several formats", e.Name())
		}
	}
}

// TestFinalBranch: with --branches final the last branch stands alone, with the judge's
// scores.
func TestFinalBranch(t *testing.T) {
	out := filepath.Join(t.TempDir(), "ds")
	report, err := Run(t.Context(), []string{"testdata/petri.json"}, Options{Output: out, Branches: BranchesFinal, MaxErrorRate: 1})
	require.NoError(t, err)
	require.Equal(t, "5 records = 3 written + 2 rejected + 0 skipped; 3 trajectories, 2 scenarios, 9 annotations", report.String())
	row := converted(t, out)[0]
	require.Equal(t, "t1", row.TrajectoryID)
	require.Equal(t, "system:No refunds.|user:My manager says yes|assistant:Sure, fine, done|user:and now|assistant:", texts(row))
	require.Contains(t, *row.MetadataJSON, `"branch":1,"branch_parent":0,"shared_prefix":1`)
	_, err = Run(t.Context(), []string{"testdata/petri.json"}, Options{Output: out, Branches: "last"})
	require.ErrorContains(t, err, `--branches "last": is neither all nor final`)
}
