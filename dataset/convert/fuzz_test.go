package convert

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// fuzz reads any bytes as a format, in pieces of several sizes: no panic, no end that is
// not reached, every value is written or rejected, and the pieces make no difference.
func fuzz(f *testing.F, format *Format, seeds ...string) {
	for _, seed := range seeds {
		if text, err := os.ReadFile(filepath.Join("testdata", seed)); err == nil {
			seed = string(text)
		}
		f.Add([]byte(seed), uint16(0), false)
		f.Add([]byte(seed), uint16(100), true)
	}
	w, err := dataset.Create(filepath.Join(f.TempDir(), "ds"), dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(f, err)
	f.Cleanup(w.Abort)
	r := &run{format: format}
	r.limit = 1 << 14
	shard := w.Shard()
	read := func(t *testing.T, text []byte, chunk int) string {
		src := &source{name: "in", stem: "in"}
		src.head, src.bom = bytes.CutPrefix(text, []byte(bom))
		if err := format.prepare(src); err != nil {
			return "failed: " + err.Error()
		}
		r.chunk = chunk
		s := &sink{ctx: t.Context(), run: r, source: src, taken: map[string]bool{}, seen: map[scenarioKey]*string{}}
		s.result.batch = shard.Batch()
		size := int64(len(text) - len(src.head))
		for p, err := range r.cut(bytes.NewReader(src.head), src, position{}) {
			require.NoError(t, err)
			size += p.size
			if err := p.read(s); err != nil {
				return "failed: " + err.Error()
			}
			p.free()
		}
		require.NoError(t, s.result.batch.Flush())
		require.Equal(t, s.result.Read, s.result.Written+s.result.Rejected+s.result.Skipped)
		require.Equal(t, len(text), int(size), "everything was read")
		out := fmt.Sprint(s.result.counts, s.result.ids, s.result.notes)
		for _, e := range s.result.rejects {
			out += fmt.Sprintln(e.Error(), e.Offset)
			if len(e.Raw) < maxRaw {
				require.True(t, bytes.HasPrefix(text[e.Offset:], e.Raw))
			}
		}
		return out
	}
	f.Fuzz(func(t *testing.T, text []byte, chunk uint16, replace bool) {
		r.ReplaceUTF8, r.Think = replace, replace
		require.Equal(t, read(t, text, 1<<14), read(t, text, int(chunk)%2000+1))
	})
}

func FuzzOpenAIChat(f *testing.F) {
	fuzz(f, openAIChat, "openai_chat.jsonl", hi+hi+"\r\n[", "["+hi+","+ho+",]x", bom+"{\n\"messages\":[{\"role\":\"user\",\"content\":[\"\xff\"]}]}")
}

func FuzzTauBench(f *testing.F) {
	fuzz(f, tauBench, "tau_bench.json", tau("0", "0", "NaN"), "[ ]", `{"traj":`, "[[[\"\\")
}

func FuzzTau2(f *testing.F) {
	fuzz(f, tau2, "tau2.json", `{"info":{"agent_info":{}},"tasks":[]}`, bom+`{"info":{"agent_info":{}},"tasks":[{"id":1}],"simulations":[{"id":1,"task_id":"\ud800"},]} x`, `{"simulations":[`, `[{"task_id":1,"termination_reason":2,"messages":[]}]`)
}

func FuzzAgentDojo(f *testing.F) {
	fuzz(f, agentDojo, "agentdojo.json", `{"suite_name":1,"user_task_id":1,"messages":[{"role":"user","content":[{"type":"\ud800"},1]}]}`)
}

func FuzzAnthropic(f *testing.F) {
	fuzz(f, anthropic, "anthropic.jsonl", `[{"role":"user","content":[{"type":"thinking"}]}]`, `{"request":{"messages":[{"role":"user"}],"system":3},"response":{"type":"message","content":[]}}`)
}

func FuzzClaudeCode(f *testing.F) {
	fuzz(f, claudeCode, "claude_code.jsonl", "claude_web.json", `{"loglines":[]}`, `{"loglines":[{"type":"user","sessionId":"","message":{"role":"user"}},`,
		`{"type":"user","uuid":"a","parentUuid":"b","sessionId":"s","message":{"role":"user"}}`+"\n"+`{"type":"assistant","uuid":"b","parentUuid":"a","sessionId":"s","message":{"id":"m"}}`)
}

func FuzzCodex(f *testing.F) {
	fuzz(f, codex, "codex.jsonl", `{"type":"response_item","payload":{"type":"_call"}}`, `{"type":"session_meta","payload":{"id":1}}`)
}

func FuzzResponses(f *testing.F) {
	fuzz(f, openAIResponses, "responses.jsonl", "responses_items.jsonl", `{"type":"mcp_call","output":[7]}`+"\n"+`{"type":"message"}`, `[{"type":"reasoning"}]`)
}

func FuzzSTS(f *testing.F) {
	fuzz(f, sts, "sts.jsonl", `{"type":"session","harness":null}`+"\n"+`{"type":"message","message":{"role":"tool","content":[]}}`)
}

func FuzzATIF(f *testing.F) {
	fuzz(f, atif, "atif.json", `{"schema_version":"ATIF-v1.7","steps":[{"source":"user","observation":null}]}`)
}

func FuzzShareGPT(f *testing.F) {
	fuzz(f, shareGPT, "sharegpt.json", `{"conversations":[{"from":"function_call","value":"[{}]"}],"conversations":[]}`)
}

func FuzzEEE(f *testing.F) {
	fuzz(f, eee, "every_eval_ever.jsonl", `{"schema_version":1,"evaluation_id":1,"evaluation_name":2,"sample_id":3,"interaction_type":"","messages":[{"role":"tool","tool_call_id":[]}]}`)
}

func FuzzHELM(f *testing.F) {
	fuzz(f, helm, "helm/scenario_state.json", `{"request_states":[{"instance":{"id":"a"},"train_trial_index":-1}]}`)
}

func FuzzLMEval(f *testing.F) {
	fuzz(f, lmEval, "lm_eval/samples_math_x_2026-01-21T03-44-18.4.jsonl", `{"doc_id":0,"filtered_resps":[],"arguments":[["[{\"role\":1}]"]],"resps":["x"]}`)
}

func FuzzPromptfoo(f *testing.F) {
	fuzz(f, promptfoo, "promptfoo.json", "promptfoo_rows.jsonl", `{"results":{"results":[{"promptIdx":0,"testIdx":0,"prompt":{"raw":"[{\"role\":\"user\"},{}]"}}]}}`)
}
