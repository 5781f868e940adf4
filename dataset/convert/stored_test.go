package convert

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// stored are real files of the formats, and what is in them. The numbers were counted in
// the files with Python, not by the program: json.loads on each line or the whole, then
// for claude_code one turn for each message.id or user's text and one for each
// tool_result, and a further trajectory for each /clear; for atif steps and
// observation.results; for helm two turns a request, and the stats whose count is above 0
// and whose (instance_id, train_trial_index) is requested; for lm_eval two turns a line,
// len(metrics) scores; for sharegpt len(conversations), openai_chat len(messages), tau_bench len(traj); the rest by
// reading them.
var stored = []struct {
	file                        string
	format                      *Format // nil: refused
	trajectories, turns, scores int
	skipped                     int
	err                         string
}{
	{file: "anthropic/extended_thinking_tool_use.excerpt.json", format: anthropic, trajectories: 1, turns: 2},
	{file: "atif/openhands_hello-world.trajectory.json", format: atif, trajectories: 1, turns: 7},
	{file: "atif/terminus_2_hello-world-context-summarization-linear-history.trajectory.cont-1.json", format: atif, trajectories: 1, turns: 12},
	{file: "atif/terminus_2_hello-world-context-summarization-linear-history.trajectory.json", format: atif, trajectories: 1, turns: 9},
	{file: "claude_code/agent-atest01.jsonl", format: claudeCode, trajectories: 1, turns: 4},
	{file: "claude_code/agent_session.jsonl", format: claudeCode, trajectories: 1, turns: 4},
	{file: "claude_code/clear_split_session.jsonl", format: claudeCode, trajectories: 2, turns: 4, skipped: 1},
	{file: "claude_code/sample_session.jsonl", format: claudeCode, trajectories: 1, turns: 7, skipped: 1},
	{file: "claude_code/simple_conversation.jsonl", format: claudeCode, trajectories: 1, turns: 4},
	{file: "claude_code/slug_clear_partner.jsonl", format: claudeCode, trajectories: 1, turns: 2},
	{file: "claude_code/slug_clear_session.jsonl", format: claudeCode, trajectories: 2, turns: 4, skipped: 1},
	{file: "claude_code/slug_session_1.jsonl", format: claudeCode, trajectories: 1, turns: 2},
	{file: "claude_code/slug_session_2.jsonl", format: claudeCode, trajectories: 1, turns: 2},
	{file: "claude_code/tool_call_conversation.jsonl", format: claudeCode, trajectories: 1, turns: 4},
	{file: "eee/f3a1c0de-4b2e-4c1a-9f6d-1b7e5a2c8d40_samples.jsonl", format: eee, trajectories: 1, turns: 2, scores: 2},
	{file: "eee/f3a1c0de-4b2e-4c1a-9f6d-1b7e5a2c8d40.json", err: "no format is known in it"},
	{file: "eee/instance_level_eval.schema.json", err: "no format is known in it"},
	{file: "helm/scenario_state.json", format: helm, trajectories: 10, turns: 20, scores: 250},
	{file: "helm/per_instance_stats.json", err: "no format is known in it"},
	{file: "helm/run_spec.json", err: "no format is known in it"},
	{file: "helm/scenario.json", err: "no format is known in it"},
	{file: "lm_eval/samples_math_perturbed_full_2026-01-21T03-44-18.458309.jsonl", format: lmEval, trajectories: 10, turns: 20, scores: 10},
	{file: "lm_eval/results_2026-01-21T03-44-18.458309.json", err: "no format is known in it"},
	{file: "openai_chat/drone_training.excerpt.jsonl", format: openAIChat, trajectories: 2, turns: 6},
	{file: "openai_chat/mllm_demo.json", format: openAIChat, trajectories: 6, turns: 24},
	{file: "openai_chat/qa_pairs_openai.jsonl", format: openAIChat, trajectories: 23, turns: 69},
	{file: "openai_chat/toy_chat_fine_tuning.excerpt.jsonl", format: openAIChat, trajectories: 4, turns: 16},
	{file: "openai_responses/codex_older.jsonl", format: openAIResponses, trajectories: 1, turns: 3, skipped: 3},
	{file: "openai_responses/codex_rollout.jsonl", format: codex, trajectories: 1, turns: 3},
	{file: "sharegpt/glaive_toolcall_en_demo.json", format: shareGPT, trajectories: 300, turns: 1914},
	{file: "sharegpt/v1_dpo_demo.jsonl", err: "holds preferences (chosen, rejected)"},
	{file: "tau2/results.json", format: tau2, err: "no rows"},
	{file: "tau_bench/tb_airline.json", format: tauBench, trajectories: 1, turns: 42, scores: 1},
}

func TestStored(t *testing.T) {
	shared(t, "formats")
	for _, c := range stored {
		t.Run(c.file, func(t *testing.T) {
			in := shared(t, "formats/"+c.file)
			f, err := Sniff(in)
			if c.format == nil {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.format.Name, f.Name)
			out := filepath.Join(t.TempDir(), "ds")
			report, err := Run(t.Context(), []string{in}, Options{Output: out})
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Empty(t, report.Rejects)
			d, err := dataset.Open(out)
			require.NoError(t, err)
			turns := 0
			for _, row := range rowsOf[schema.Trajectory](t, d.Trajectories) {
				turns += len(row.Turns)
			}
			want := fmt.Sprintf("%d trajectories, %d turns, %d scores, %d skipped", c.trajectories, c.turns, c.scores, c.skipped)
			require.Equal(t, want, fmt.Sprintf("%d trajectories, %d turns, %d scores, %d skipped", report.Trajectories, turns, report.Annotations, report.Skipped))
		})
	}
}

// TestStoredOthers: no format of the table knows a stored file that is not in it.
func TestStoredOthers(t *testing.T) {
	root := shared(t, "formats")
	here, ours := map[string]bool{}, map[string]bool{}
	for _, c := range stored {
		here[c.file] = true
		if c.format != nil {
			ours[c.format.Name] = true
		}
	}
	files := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if here[name] {
			return nil
		}
		files++
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		in, _, err := unwrap(path, f, headBytes)
		if err != nil {
			return err
		}
		head, _ := in.Peek(headBytes)
		seen := see(head)
		for _, format := range All {
			if _, ok := format.layoutOf(seen); ok {
				require.False(t, ours[format.Name], "%s is known to %s", name, format.Name)
			}
		}
		return nil
	}))
	require.NotZero(t, files)
	t.Logf("%d other files", files)
}
