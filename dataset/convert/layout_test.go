package convert

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSniff(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]*Format{
		hi:                                        openAIChat,
		"{broken\n\n" + hi:                        openAIChat,
		"[\n" + tau("0", "0", "1") + "]":          tauBench,
		tau("0", "0", "1") + "\n":                 tauBench,
		`{"reward":1,"traj":[{"role":"user"`:      tauBench,
		`[[{"role":"user","content":"x"}]]`:       openAIChat,
		`{"request":{"messages":[{"role":"u"}]}}`: openAIChat,
		`{"messages":[{"role":"user","content":[{"type":"tool_use"}]}]}`:                          anthropic,
		`[{"role":"user","content":[{"type":"thinking"}]}]`:                                       anthropic,
		`{"request":{"messages":[{"role":"user"}]},"response":{"type":"message","content":[]}}`:   anthropic,
		`{"type":"summary"}` + "\n" + `{"type":"user","sessionId":"s","message":{"role":"user"}}`: claudeCode,
		`{"loglines":[{"type":"user","message":{"role"`:                                           claudeCode,
		`{"type":"event_msg","payload":{}}`:                                                       codex,
		`[{"type":"message","role":"user","content":"x"}]`:                                        openAIResponses,
		`{"input":"x","output":[{"type":"reasoning"}]}`:                                           openAIResponses,
		`{"type":"function_call_output","call_id":"c"}`:                                           openAIResponses,
		`{"type":"session","harness":"h"}`:                                                        sts,
		`{"schema_version":"ATIF-v1.2"}`:                                                          atif,
		`[{"conversations":[{"from":"human"}]}]`:                                                  shareGPT,
		`{"suite_name":"s","user_task_id":"u","messages":[{"role":`:                               agentDojo,
		`{"info":{"agent_info":{}},"tasks":[{"messages":[{"role":""}`:                             tau2,
		`{"task_id":"1","termination_reason":"x","messages":[]}`:                                  tau2,
	} {
		f, err := Sniff(put(t, "in", text))
		require.NoError(t, err, text)
		require.Equal(t, want.Name, f.Name, text)
	}
	for text, want := range map[string]string{
		`{"suite_name":"s","messages":[{"role":"user"}]}`: "no format is known in it",
		hi + "\n" + tau("0", "0", "1"):                    "in: looks like several formats; say which: --from openai-chat, --from tau-bench",
	} {
		_, err := Sniff(put(t, "in", text))
		require.ErrorContains(t, err, want, text)
	}
	_, err := Find("openai-chta")
	require.EqualError(t, err, `unknown format "openai-chta"; did you mean openai-chat? (righting explain formats)`)
	for _, f := range All {
		require.Contains(t, f.Explain(), f.Name+": ")
		require.NotEmpty(t, f.Lost)
		require.NotEmpty(t, f.Looks)
	}
}

func TestInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "logs/b/2.jsonl", ho)
	put(t, "logs/a.jsonl", hi)
	put(t, "logs/.hidden.jsonl", "x")
	put(t, "logs/notes.md", "# notes")
	put(t, "tau.json", tau("0", "0", "1"))
	report, err := Run(t.Context(), []string{"logs"}, Options{Output: "ds"})
	require.NoError(t, err)
	require.Equal(t, []string{"logs/a.jsonl", "logs/b/2.jsonl"}, report.Files)
	require.Equal(t, []string{"logs/notes.md: passed over: not in the format"}, report.Notices)
	_, err = Run(t.Context(), []string{"logs", "tau.json"}, Options{Output: "other"})
	require.EqualError(t, err, "logs/a.jsonl is openai-chat, tau.json is tau-bench: convert one, then the other with --append")
	_, err = Run(t.Context(), []string{"none"}, Options{Output: "other"})
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Run(t.Context(), []string{"/dev/null"}, Options{Output: "other"})
	require.EqualError(t, err, "/dev/null: not a regular file")
}
