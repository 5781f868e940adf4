package convert

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// shared is a real file outside the repository, or skips.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data here: %v", err)
	}
	return path
}

// TestTauBenchAirline converts published results and finds the numbers that were
// published with them: pass^1..4 of gpt-4o (tool calling) in tau-bench's README.
func TestTauBenchAirline(t *testing.T) {
	out := filepath.Join(t.TempDir(), "ds")
	report, err := Run(t.Context(), []string{shared(t, "tau_bench/gpt-4o-airline.json")}, Options{Output: out, System: "gpt-4o"})
	require.NoError(t, err)
	require.Equal(t, "200 records = 200 written + 0 rejected + 0 skipped; 200 trajectories, 50 scenarios, 200 annotations", report.String())
	require.Empty(t, report.Notices)

	d, err := dataset.Open(out)
	require.NoError(t, err)
	messages, called := 0, 0
	for _, row := range rowsOf[schema.Trajectory](t, d.Trajectories) {
		require.Equal(t, "gpt-4o", row.System)
		messages += len(row.Turns)
		for _, turn := range row.Turns {
			if turn.ToolCallsJSON != nil {
				require.Equal(t, "assistant", turn.Role)
				g, _, whole := look([]byte(*turn.ToolCallsJSON))
				require.True(t, whole)
				called += len(g.list)
			}
		}
	}
	require.Equal(t, 5308, messages)
	require.Equal(t, 1164, called)

	won := map[string]int{} // of 4 trials
	for _, a := range rowsOf[schema.Annotation](t, d.Annotations) {
		require.Equal(t, "reward", *a.Measure)
		require.True(t, a.Whole())
		won[a.Scenario] += int(*a.Value)
	}
	require.LessOrEqual(t, len(won), 50)
	for k, want := range []float64{.420, .273, .220, .200} {
		pass := 0.0 // sum over tasks of C(c, k) / C(4, k)
		for _, c := range won {
			pass += choose(c, k+1) / choose(4, k+1)
		}
		require.InDelta(t, want, pass/50, 0.0005, "pass^%d", k+1)
	}
}

func choose(n, k int) float64 {
	out := 1.0
	for i := range k {
		out *= float64(n-i) / float64(i+1)
	}
	return max(0, out)
}

func TestRealChats(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"drone_training.excerpt.jsonl", "2 records = 2 written + 0 rejected + 0 skipped; 2 trajectories, 2 scenarios, 0 annotations"},
		{"mllm_demo.json", "6 records = 6 written + 0 rejected + 0 skipped; 6 trajectories, 6 scenarios, 0 annotations"},
		{"qa_pairs_openai.jsonl", "23 records = 23 written + 0 rejected + 0 skipped; 23 trajectories, 11 scenarios, 0 annotations"},
		{"toy_chat_fine_tuning.excerpt.jsonl", "4 records = 4 written + 0 rejected + 0 skipped; 4 trajectories, 4 scenarios, 0 annotations"},
	} {
		t.Run(c.file, func(t *testing.T) {
			report, err := Run(t.Context(), []string{shared(t, "formats/openai_chat/"+c.file)}, Options{Output: filepath.Join(t.TempDir(), "ds")})
			require.NoError(t, err)
			require.Equal(t, c.want, report.String())
			t.Log(report.Notices)
		})
	}
}

func TestTauBenchObject(t *testing.T) {
	report, err := Run(t.Context(), []string{shared(t, "formats/tau_bench/tb_airline.json")}, Options{Output: filepath.Join(t.TempDir(), "ds")})
	require.NoError(t, err)
	require.Equal(t, "1 records = 1 written + 0 rejected + 0 skipped; 1 trajectories, 1 scenarios, 1 annotations", report.String())
}
