package convert

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

const scoutWrites = `
import asyncio, sys
from inspect_scout import transcripts_db, transcripts_from
async def write(logs, to):
    db = transcripts_db(to)
    await db.connect()
    await db.insert(transcripts_from(logs))
    await db.disconnect()
asyncio.run(write(sys.argv[1], sys.argv[2]))`

// TestScoutWritesTheSame: Scout makes a database of logs of Inspect, and what is read of that
// is what is read of the logs. CI installs inspect_scout and names that Python; elsewhere the
// test is skipped.
func TestScoutWritesTheSame(t *testing.T) {
	python := os.Getenv("RIGHTING_PYTHON")
	if python == "" || exec.Command(python, "-c", "import inspect_scout").Run() != nil {
		t.Skip("RIGHTING_PYTHON names no Python that has inspect_scout")
	}
	dir := t.TempDir()
	logs := filepath.Join(dir, "logs")
	require.NoError(t, os.Mkdir(logs, 0o777))
	for _, name := range []string{
		"inspect/log_message_deduplication.eval", "inspect/2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval", "inspect/2025-05-12T20-27-36-04-00_browser.json",
		"inspect/2025-05-12T20-28-26-04-00_security-guide.json", "inspect/ts_mono/original_popularity.eval",
		"scout/logs__2025-11-07T10-59-47-05-00_websearch-addition-problem_LqPDntDnkk4h2fSqQ8i6CE.eval",
	} {
		data, err := os.ReadFile(shared(t, "formats/"+name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(logs, filepath.Base(name)), data, 0o666))
	}
	out, err := exec.Command(python, "-c", scoutWrites, logs, filepath.Join(dir, "db")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	read := func(in string) (map[string]schema.Trajectory, map[string]schema.Annotation) {
		ds := filepath.Join(dir, "ds-"+filepath.Base(in))
		report, err := Run(t.Context(), []string{in}, Options{Output: ds})
		require.NoError(t, err)
		require.Zero(t, report.Rejected)
		d, err := dataset.Open(ds)
		require.NoError(t, err)
		rows, labels := map[string]schema.Trajectory{}, map[string]schema.Annotation{}
		source := map[string]string{}
		for _, row := range rowsOf[schema.Trajectory](t, d.Trajectories) {
			rows[*row.SourceID] = row
			source[row.TrajectoryID] = *row.SourceID
		}
		for _, a := range rowsOf[schema.Annotation](t, d.Annotations) {
			labels[source[a.TrajectoryID]+" "+a.Annotator+" "+*a.Measure] = a
		}
		return rows, labels
	}
	want, wantLabels := read(logs)
	got, gotLabels := read(filepath.Join(dir, "db"))
	require.Len(t, want, 26)
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
	turns := 0
	for id, row := range want {
		other := got[id]
		require.Len(t, other.Turns, len(row.Turns))
		for i, turn := range row.Turns {
			turns++
			theirs := other.Turns[i]
			if turn.SourceID == nil { // Scout makes one up
				theirs.SourceID = nil
			}
			if turn.ToolCallsJSON != nil && theirs.ToolCallsJSON != nil { // which Scout writes anew
				require.Equal(t, callsOf(t, *turn.ToolCallsJSON), callsOf(t, *theirs.ToolCallsJSON))
				theirs.ToolCallsJSON = turn.ToolCallsJSON
			}
			require.Equal(t, turn, theirs, id)
		}
		require.True(t, row.Scenario == other.Scenario || strings.HasSuffix(row.Scenario, "/"+other.Scenario), "%s: Scout leaves out the package of a task", other.Scenario)
		require.Equal(t, row.Repeat, other.Repeat)
		require.Equal(t, row.Model, other.Model)
		if len(row.TrajectoryID) < 32 { // the sample has a uuid, by which Scout names it
			require.Equal(t, row.TrajectoryID, other.TrajectoryID)
		}
	}
	require.Equal(t, slices.Sorted(maps.Keys(wantLabels)), slices.Sorted(maps.Keys(gotLabels)))
	for key, a := range wantLabels {
		require.Equal(t, a.Value, gotLabels[key].Value, key)
		require.Equal(t, a.ValueText, gotLabels[key].ValueText, key)
		require.Equal(t, a.AnnotatorKind, gotLabels[key].AnnotatorKind, key)
	}
	t.Logf("%d transcripts, %d turns and %d scores are the same", len(want), turns, len(wantLabels))
}
