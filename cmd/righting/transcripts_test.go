package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// lines decodes JSONL.
func lines[T any](t testing.TB, text string) []T {
	var out []T
	s := bufio.NewScanner(strings.NewReader(text))
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var v T
		require.NoError(t, json.Unmarshal(s.Bytes(), &v))
		out = append(out, v)
	}
	require.NoError(t, s.Err())
	return out
}

// TestTauBench: 50 airline tasks, 4 trials each (arXiv 2406.12045, gpt-4o): pass^k is
// the published .420 .273 .220 .200.
func TestTauBench(t *testing.T) {
	ds := filepath.Join(t.TempDir(), "tau")
	_, talk := ok(t, "convert", real(t, "tau_bench"), "-o", ds)
	require.Contains(t, talk, "200 trajectories")
	out, _ := ok(t, "score", ds, "--format", "json", "--metrics", "pass_hat@1[reward],pass_hat@2[reward],pass_hat@3[reward],pass_hat@4[reward]")
	b := parseBoard(t, out)
	for metric, want := range map[string]float64{"pass_hat@1[reward]": .420, "pass_hat@2[reward]": .273, "pass_hat@3[reward]": .220, "pass_hat@4[reward]": .200} {
		found := 0
		for _, s := range b.Scores {
			if s.Metric == metric {
				found++
				require.InDelta(t, want, *s.Value, .0005, metric)
			}
		}
		require.Equal(t, 1, found, metric)
	}
	_, talk = ok(t, "score", ds)
	require.Contains(t, talk, "annotator of record none (nobody gave control)")
	page, _ := ok(t, "show", ds, "gpt-4o-airline/0/0")
	require.Contains(t, page, "annotator    none; no control was given by tau-bench\n")
	turns, _ := ok(t, "export", ds, "turns")
	calls := 0
	all := lines[struct {
		Calls string `json:"tool_calls_json"`
	}](t, turns)
	for _, turn := range all {
		if turn.Calls != "" {
			var list []json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(turn.Calls), &list))
			calls += len(list)
		}
	}
	require.Equal(t, []int{5308, 1164}, []int{len(all), calls})
}

// TestODCVTranscripts counts what stands in the published logs.
func TestODCVTranscripts(t *testing.T) {
	ds, _ := convertODCV(t, real(t, "odcv"))
	out, _ := ok(t, "export", ds, "turns")
	type turn struct {
		ID    string `json:"trajectory_id"`
		Calls string `json:"tool_calls_json"`
	}
	done := map[string]bool{}
	all := lines[turn](t, out)
	for _, x := range all {
		done[x.ID] = done[x.ID] || strings.Contains(x.Calls, "task_complete")
	}
	never := 0
	for _, yes := range done {
		if !yes {
			never++
		}
	}
	require.Equal(t, []int{22566, 950, 18}, []int{len(all), len(done), never})
	code, found, _ := run(t, "check", ds)
	require.Equal(t, clean, code, found)
}

// TestJudgeRoundTrip: requests for a judge, answered from the published labels, give
// the same board as the published labels.
func TestJudgeRoundTrip(t *testing.T) {
	dir := real(t, "sycon_debate")
	published := filepath.Join(t.TempDir(), "published")
	ok(t, "convert", dir, "--recipe", "sycon-debate", "-o", published)

	texts := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(dir, "text"), filepath.Join(texts, "text")))
	judged := filepath.Join(t.TempDir(), "judged")
	ok(t, "convert", texts, "--recipe", "sycon-debate", "-o", judged)
	type task struct {
		ID string `json:"custom_id"`
	}
	out, _ := ok(t, "export", judged, "judge", "--labels", "control", "--turns")
	require.Len(t, lines[task](t, out), 5500)
	out, _ = ok(t, "export", judged, "judge", "--labels", "control")
	tasks := lines[task](t, out)
	require.Len(t, tasks, 1100)
	answers := filepath.Join(t.TempDir(), "answers.jsonl")
	var b strings.Builder
	labels := labelsOf(t, published)
	for _, task := range tasks {
		id, _, _ := strings.Cut(task.ID, "#")
		answer, err := json.Marshal(map[string]any{"turns": labels[id]})
		require.NoError(t, err)
		line, err := json.Marshal(map[string]any{"custom_id": task.ID, "annotator": "gpt-4o-judge", "response": string(answer)})
		require.NoError(t, err)
		b.Write(append(line, '\n'))
	}
	require.NoError(t, os.WriteFile(answers, []byte(b.String()), 0o666))
	_, talk := ok(t, "annotate", judged, answers)
	require.Contains(t, talk, "5,500 labels: 5,500 new")
	want, _ := ok(t, "score", published, "--format", "json")
	got, _ := ok(t, "score", judged, "--format", "json")
	require.Equal(t, parseBoard(t, want).Scores, parseBoard(t, got).Scores)
}

// labelsOf is the control labels of a dataset by trajectory, as a judge answers.
func labelsOf(t *testing.T, ds string) map[string][]map[string]any {
	out, _ := ok(t, "export", ds, "annotations")
	labels := map[string][]map[string]any{}
	for _, x := range lines[struct {
		ID      string `json:"trajectory_id"`
		Turn    int    `json:"assistant_turn"`
		Control string
	}](t, out) {
		labels[x.ID] = append(labels[x.ID], map[string]any{"assistant_turn": x.Turn, "control": x.Control})
	}
	return labels
}
