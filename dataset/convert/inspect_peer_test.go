package convert

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// inspectReads is what Inspect itself makes of logs: for every sample its messages and
// scores, attachments resolved; null for what it does not read.
const inspectReads = `
import json, math, shutil, sys, tempfile
from inspect_ai.log import read_eval_log
def text(m):
    if isinstance(m.content, str):
        return m.content
    return "\n".join(c.text if c.type == "text" else f"[{c.type}]" for c in m.content if c.type != "reasoning")
def value(v):
    if isinstance(v, dict):
        return {k: value(x) for k, x in v.items()}
    if isinstance(v, list):
        return {str(i): value(x) for i, x in enumerate(v)}
    if isinstance(v, float) and math.isnan(v):
        return None
    return float(v) if isinstance(v, (bool, int)) else v
def sample(log, s):
    return {
        "id": str(s.id), "epoch": s.epoch, "uuid": s.uuid or "", "model": log.eval.model, "error": s.error.message if s.error else "", "limit": s.limit.type if s.limit else "",
        "messages": [{"id": m.id or "", "role": m.role, "text": text(m), "failed": m.error.message if m.role == "tool" and m.error else "",
            "calls": [[c.id, c.function, c.arguments] for c in (m.tool_calls or [])] if m.role == "assistant" else []} for m in s.messages],
        "scores": {k: value(v.value) for k, v in (s.scores or {}).items()}}
out = []
for name in sys.argv[1:]:
    if name.endswith(".txt"):
        copy = tempfile.mktemp(suffix=".json")
        shutil.copy(name, copy)
        name = copy
    try:
        log = read_eval_log(name, resolve_attachments=True)
        out.append([sample(log, s) for s in log.samples or []])
    except Exception:
        out.append(None)
print(json.dumps(out))`

type theirSample struct {
	ID, UUID, Model, Error, Limit string
	Epoch                         int
	Messages                      []struct {
		ID, Role, Text, Failed string
		Calls                  [][3]any
	}
	Scores map[string]any
}

// TestInspectReadsTheSame: Inspect itself reads the same logs, and agrees on the number of
// messages, roles, texts, calls and scores of every sample. CI installs inspect_ai and names
// that Python; elsewhere the test is skipped.
func TestInspectReadsTheSame(t *testing.T) {
	python := os.Getenv("RIGHTING_PYTHON")
	if python == "" || exec.Command(python, "-c", "import inspect_ai").Run() != nil {
		t.Skip("RIGHTING_PYTHON names no Python that has inspect_ai")
	}
	dir := shared(t, "formats")
	var files []string
	for _, glob := range []string{"inspect/*.eval", "inspect/*.json", "inspect/*.txt", "inspect/derived/*.eval", "inspect/eee/*.json", "inspect/ts_mono/*.eval", "scout/*.eval"} {
		found, err := filepath.Glob(filepath.Join(dir, glob))
		require.NoError(t, err)
		files = append(files, found...)
	}
	args := []string{"-c", inspectReads}
	for _, file := range files {
		with := file
		if base, chunked := strings.CutPrefix(filepath.Base(file), "chunked_"); chunked { // which inspect_ai 0.3.285 does not read: the log that it was made of
			with = filepath.Join(dir, "inspect", base)
			if strings.Contains(base, "popularity_mj7") {
				with = filepath.Join(dir, "inspect", "ts_mono", "original_popularity.eval")
			}
		}
		args = append(args, with)
	}
	out, err := exec.Command(python, args...).Output()
	require.NoError(t, err)
	var all []*[]theirSample
	require.NoError(t, json.Unmarshal(out[strings.LastIndex(strings.TrimSpace(string(out)), "\n")+1:], &all))
	require.Len(t, all, len(files))
	read, samples, messages, scores := 0, 0, 0, 0
	for i, file := range files {
		name, err := filepath.Rel(dir, file)
		require.NoError(t, err)
		ds := filepath.Join(t.TempDir(), "ds")
		_, ours := Run(t.Context(), []string{file}, Options{Output: ds, Format: inspect})
		if all[i] == nil { // not a log, or broken, or of another version
			require.Error(t, ours, name)
			continue
		}
		theirs := *all[i]
		read++
		if len(theirs) == 0 {
			require.ErrorIs(t, ours, ErrNoRows, name)
			continue
		}
		require.NoError(t, ours, name)
		d, err := dataset.Open(ds)
		require.NoError(t, err)
		rows := map[string]schema.Trajectory{}
		for _, row := range rowsOf[schema.Trajectory](t, d.Trajectories) {
			rows[*row.SourceID] = row
		}
		given := map[string]any{}
		for _, a := range rowsOf[schema.Annotation](t, d.Annotations) {
			key := a.TrajectoryID + " " + *a.Measure
			switch {
			case a.Value != nil:
				given[key] = *a.Value
			case a.ValueText != nil:
				given[key] = *a.ValueText
			default:
				require.Equal(t, "failed", *a.Missing)
				given[key] = nil
			}
			require.Equal(t, "scorer:"+strings.SplitN(*a.Measure, ".", 2)[0], a.Annotator)
		}
		require.Len(t, rows, len(theirs), name)
		for _, s := range theirs {
			samples++
			row, ok := rows[fmt.Sprintf("%s/%s/%d", stem(file), s.ID, s.Epoch)]
			require.True(t, ok, "%s: %s/%d", name, s.ID, s.Epoch)
			if s.UUID != "" {
				require.Equal(t, s.UUID, row.TrajectoryID)
			}
			require.Equal(t, s.Model, *row.Model)
			require.Len(t, row.Turns, len(s.Messages), name)
			for i, m := range s.Messages {
				messages++
				ours := row.Turns[i]
				require.Equal(t, m.Role, ours.Role, name)
				text := m.Text
				if m.Failed != "" && !strings.Contains(text, m.Failed) {
					text = join(text, m.Failed)
				}
				require.Equal(t, text, ours.Text, name)
				if ours.SourceID != nil { // Inspect makes one up where there is none
					require.Equal(t, m.ID, *ours.SourceID)
				}
				var calls [][3]any
				if ours.ToolCallsJSON != nil {
					calls = callsOf(t, *ours.ToolCallsJSON)
				}
				require.ElementsMatch(t, m.Calls, calls, name)
			}
			for scorer, value := range s.Scores {
				cells, several := value.(map[string]any)
				if !several {
					cells = map[string]any{"": value}
				}
				for k, v := range cells {
					scores++
					key := row.TrajectoryID + " " + scorer
					if several {
						key += "." + k
					}
					got, ok := given[key]
					require.True(t, ok, "%s: %s", name, key)
					if f, isNumber := v.(float64); isNumber {
						require.InDelta(t, f, got, 1e-12*math.Abs(f), name)
						continue
					}
					require.Equal(t, v, got, "%s: %s", name, key)
				}
			}
		}
	}
	t.Logf("%d logs, %d samples, %d messages and %d scores are the same", read, samples, messages, scores)
	require.NotZero(t, scores)
}

// callsOf is the id, the function and the arguments of each call.
func callsOf(t *testing.T, text string) (out [][3]any) {
	t.Helper()
	var calls []struct {
		ID, Function string
		Arguments    any
	}
	require.NoError(t, json.Unmarshal([]byte(text), &calls))
	for _, c := range calls {
		out = append(out, [3]any{c.ID, c.Function, c.Arguments})
	}
	return out
}
