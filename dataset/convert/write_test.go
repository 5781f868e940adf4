package convert

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// readBack says of the layouts that have a reader how they are read, and what of a
// trajectory does not come back, which the writer's Lost names too. A layout whose reader
// needs nothing of this does not stand here.
var readBack = map[string]struct {
	options Options
	forget  func(*schema.Trajectory)
}{
	"openai-chat": {Options{System: "{system}"}, func(t *schema.Trajectory) {
		t.Error, t.StartedAt, t.SourceFormat, t.SourceID = nil, nil, nil, nil
		if t.MetadataJSON != nil { // the key system is there, too
			var rest object
			for _, m := range members(t.MetadataJSON) {
				if m.name != "system" && m.name != "id" {
					rest.raw(m.name, m.value)
				}
			}
			if t.MetadataJSON = nil; rest.b != nil {
				t.MetadataJSON = ptr(rest.json())
			}
		}
	}},
	"scout": {Options{Scenario: "{task_id}", System: "{system}"}, func(t *schema.Trajectory) {
		t.Condition, t.Split, t.Terminal, t.Error, t.StartedAt, t.SourceFormat, t.SourceID, t.MetadataJSON = nil, nil, nil, nil, nil, nil, nil, nil
		t.Setting = "interaction"
		for i := range t.Turns {
			u := &t.Turns[i]
			u.Role, u.SourceID, u.ToolCallsJSON = plainRole(u.Role), nil, nil // calls are those of Inspect
			if u.Role != "tool" {
				u.Name = nil
			}
		}
	}},
}

// everything is a conversation with all that a trajectory can say.
func everything() schema.Trajectory {
	t := schema.Trajectory{
		TrajectoryID: "a/1", System: "m+react", Model: ptr("m"), Agent: ptr("react"), Scenario: "q", Condition: ptr("on"), Repeat: 2,
		Setting: "baseline", Split: ptr("dev"), Terminal: ptr("limit"), Error: ptr("broke"), SourceID: ptr("s1"), StartedAt: ptr(int64(1_778_491_800_500_000)),
		MetadataJSON: ptr(`{"lossy_media":true,"n":9007199254740993,"tags":["a","b"]}`),
		Turns: []schema.Turn{
			{Role: "system", Text: "s"},
			{Role: "developer", Text: "d"},
			{Role: "user", Text: "u \"q\"\n<b>\u2028", Name: ptr("Ann"), SourceID: ptr("m2")},
			{Role: "assistant", Text: "Sure", Prefilled: ptr(true)},
			{Role: "assistant", Reasoning: ptr("hm"), ToolCallsJSON: ptr(`[{"id":"c1", "type":"function","function":{"name":"f","arguments":"{\"a\": 1, \"b\": \"x\"}"}}]`)},
			{Role: "tool", Text: "ok", ToolCallID: ptr("c1"), Name: ptr("f")},
			{Role: "assistant", Text: "done"},
		},
	}
	dataset.Count(&t)
	return t
}

// TestWriteRead: what is written in a layout that has a reader comes back the same, but
// for what is said to be lost.
func TestWriteRead(t *testing.T) {
	for _, w := range Writers {
		t.Run(w.Name, func(t *testing.T) {
			if _, err := Find(w.Name); err != nil {
				t.Skip("this layout has no reader")
			}
			if w == writeSTS {
				t.Skip("TestWriteSTS")
			}
			golden, err := filepath.Abs(filepath.Join("testdata", "openai_chat.jsonl"))
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			_, err = Run(t.Context(), []string{golden}, Options{Output: "ds", MaxErrorRate: 1})
			require.NoError(t, err)
			want := append(converted(t, "ds"), everything())
			var b bytes.Buffer
			out := w.New(&b)
			for i := range want {
				require.NoError(t, out.Write(&Item{Trajectory: &want[i], Dataset: "ds"}))
			}
			require.NoError(t, out.Close())
			require.Empty(t, out.Skipped)
			back := readBack[w.Name]
			if back.forget == nil {
				back.forget = func(*schema.Trajectory) {}
			}
			back.options.Output = "back"
			put(t, "out.jsonl", b.String())
			_, err = Run(t.Context(), []string{"out.jsonl"}, back.options)
			require.NoError(t, err)
			got := converted(t, "back")
			require.Len(t, got, len(want))
			ids := map[string]*schema.Trajectory{}
			for i := range got {
				ids[got[i].TrajectoryID] = &got[i]
			}
			for i := range want {
				one := ids[want[i].TrajectoryID]
				require.NotNil(t, one, want[i].TrajectoryID)
				back.forget(&want[i])
				back.forget(one)
				dataset.Count(&want[i]) // what is lost may be counted
				require.Equal(t, want[i], *one)
			}
		})
	}
}

// TestWriteReadReal: published chat files come back the same, whatever defects they have.
// Counted in the files: records and messages.
func TestWriteReadReal(t *testing.T) {
	for name, want := range map[string][2]int{
		"toy_chat_fine_tuning.excerpt.jsonl": {4, 16},
		"drone_training.excerpt.jsonl":       {2, 6},
		"qa_pairs_openai.jsonl":              {23, 69},
		"mllm_demo.json":                     {6, 24},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := filepath.Abs(shared(t, "formats/openai_chat/"+name))
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			_, err = Run(t.Context(), []string{file}, Options{Output: "ds", System: "m"})
			require.NoError(t, err)
			all := converted(t, "ds")
			var b bytes.Buffer
			out, messages := writeOpenAIChat.New(&b), 0
			for i := range all {
				messages += len(all[i].Turns)
				require.NoError(t, out.Write(&Item{Trajectory: &all[i]}))
			}
			require.Equal(t, want, [2]int{len(all), messages})
			put(t, "out.jsonl", b.String())
			_, err = Run(t.Context(), []string{"out.jsonl"}, Options{Output: "back", System: "{system}"})
			require.NoError(t, err)
			got := converted(t, "back")
			for i := range all {
				for _, x := range []*schema.Trajectory{&all[i], &got[i]} {
					readBack["openai-chat"].forget(x)
				}
				require.Equal(t, all[i], got[i])
			}
		})
	}
}

// TestWritten is what the other layouts make of one conversation, worked out by hand from
// their pages.
func TestWritten(t *testing.T) {
	one := everything()
	item := &Item{Trajectory: &one, Dataset: "ds", Verdicts: []Verdict{{"main", "held", ptr(int32(1))}, {"other", "displaced", ptr(int32(0))}}}
	written := func(w *Writer, i *Item) (string, *Out) {
		var b bytes.Buffer
		out := w.New(&b)
		require.NoError(t, out.Write(i))
		require.NoError(t, out.Close())
		return b.String(), out
	}
	text, _ := written(writeSTS, item)
	require.Equal(t, []string{
		`{"type":"session","harness":"react","id":"a/1","name":"q"}`,
		`{"type":"message","message":{"role":"system","content":"s"}}`,
		`{"type":"message","message":{"role":"system","content":"d"}}`,
		`{"type":"message","id":"m2","message":{"role":"user","content":"u \"q\"\n<b>` + "\u2028" + `"}}`,
		`{"type":"message","message":{"role":"assistant","content":"Sure","model":"m"}}`,
		`{"type":"message","message":{"role":"assistant","content":"","reasoningContent":"hm","toolCalls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":1,\"b\":\"x\"}"}}],"model":"m"}}`,
		`{"type":"message","message":{"role":"tool","content":"ok","toolCallId":"c1"}}`,
		`{"type":"message","message":{"role":"assistant","content":"done","model":"m"}}`,
		``,
	}, strings.Split(text, "\n"))

	text, _ = written(writeEEE, item)
	require.Equal(t, `{"schema_version":"0.3.0","evaluation_id":"ds/m","model_id":"m","evaluation_name":"ds","sample_id":"q","interaction_type":"agentic",`+
		`"input":{"raw":"u \"q\"\n<b>`+"\u2028"+`","reference":[]},"messages":[{"turn_idx":0,"role":"system","content":"s"},{"turn_idx":1,"role":"system","content":"d"},`+
		`{"turn_idx":2,"role":"user","content":"u \"q\"\n<b>`+"\u2028"+`"},{"turn_idx":3,"role":"assistant","content":"Sure"},`+
		`{"turn_idx":4,"role":"assistant","content":"","reasoning_trace":"hm","tool_calls":[{"id":"c1","name":"f","arguments":{"a":"1","b":"x"}}]},`+
		`{"turn_idx":5,"role":"tool","content":"ok","tool_call_id":["c1"]},{"turn_idx":6,"role":"assistant","content":"done"}],"answer_attribution":[],`+
		`"evaluation":{"score":0.5,"is_correct":false,"num_turns":2,"tool_calls_count":1},"error":"broke","metadata":{"trajectory_id":"a/1","system":"m+react",`+
		`"condition":"on","repeat":"2","setting":"baseline","terminal":"limit","outcome.main":"held","outcome.other":"displaced"}}`+"\n", text)
	single := schema.Trajectory{TrajectoryID: "s", System: "m", Scenario: "q", Setting: "interaction", Turns: []schema.Turn{{Role: "user", Text: "2+2?"}, {Role: "assistant", Text: "4"}}}
	dataset.Count(&single)
	text, _ = written(writeEEE, &Item{Trajectory: &single, Dataset: "ds", Verdicts: item.Verdicts[:1]})
	require.Contains(t, text, `"interaction_type":"single_turn","input":{"raw":"2+2?","reference":[]},"output":{"raw":["4"]},"answer_attribution":[],"evaluation":{"score":1,"is_correct":true,`)
	text, out := written(writeEEE, &Item{Trajectory: &single, Dataset: "ds", Verdicts: []Verdict{{"main", "undecided", nil}}})
	require.Empty(t, text)
	require.Equal(t, map[string]int{"their credit is not known, and a score is required": 1}, out.Skipped)

	text, _ = written(writeScout, item)
	t.Chdir(t.TempDir())
	put(t, "x.parquet", text)
	n := 0
	for row, err := range dataset.ForeignRows(t.Context(), "x.parquet", nil) {
		require.NoError(t, err)
		n++
		require.JSONEq(t, `{"transcript_id":"a/1","source_type":"righting","source_id":"s1","date":"2026-05-11T09:30:00.5Z","task_set":"ds","task_id":"q","task_repeat":2,
			"agent":"react","model":"m","score":"{\"main\":\"held\",\"other\":\"displaced\"}","success":false,"message_count":7,"error":"broke","system":"m+react","condition":"on",
			"setting":"baseline","terminal":"limit","split":"dev","messages":`+quoted(`[{"id":"0","role":"system","content":"s"},{"id":"1","role":"system","content":"d"},`+
			`{"id":"m2","role":"user","content":"u \"q\"\n<b>`+"\u2028"+`"},{"id":"3","role":"assistant","content":"Sure","model":"m","metadata":{"prefill":true}},`+
			`{"id":"4","role":"assistant","content":[{"type":"reasoning","reasoning":"hm"},{"type":"text","text":""}],"model":"m","tool_calls":[{"id":"c1","function":"f","arguments":{"a": 1, "b": "x"},"type":"function"}]},`+
			`{"id":"5","role":"tool","content":"ok","tool_call_id":"c1","function":"f"},{"id":"6","role":"assistant","content":"done","model":"m"}]`)+`}`, string(row))
	}
	require.Equal(t, 1, n)
}

// TestToolCalls: calls of other layouts are told apart from OpenAI's, and read alike.
func TestToolCalls(t *testing.T) {
	for text, want := range map[string]toolCall{
		`[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]`: {id: "c", name: "f", arguments: "{}", openAI: true},
		`[{"id":"c","function":"f","arguments":{"a":1},"type":"function"}]`:       {id: "c", name: "f", arguments: `{"a":1}`},
		`[{"id":"c","name":"f","arguments":{},"requestor":"user"}]`:               {id: "c", name: "f", arguments: "{}"},
		`[{"function":"f","args":{"a":1},"id":null}]`:                             {name: "f", arguments: `{"a":1}`},
		`[{"type":"tool_use","id":"c","name":"f","input":{"a":"b"}}]`:             {id: "c", name: "f", arguments: `{"a":"b"}`},
		`{"tool_call_id":"c","function_name":"f","arguments":"not json"}`:         {id: "c", name: "f", arguments: "not json"},
	} {
		got, err := toolCalls(&text)
		require.NoError(t, err)
		require.Len(t, got, 1)
		got[0].raw = nil
		require.Equal(t, want, got[0], text)
	}
	for _, text := range []string{"", "{", "3", `[{]`} {
		_, err := toolCalls(&text)
		require.Error(t, err, text)
	}
}

// FuzzToolCalls: what every layout does with calls ends, and gives JSON.
func FuzzToolCalls(f *testing.F) {
	f.Add(`[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]`)
	f.Add(`{"function":"f","args":[1]}`)
	f.Fuzz(func(t *testing.T, text string) {
		one := schema.Trajectory{TrajectoryID: "t", System: "m", Scenario: "q", Turns: []schema.Turn{{Role: "assistant", Text: text, ToolCallsJSON: &text}}}
		for _, w := range []*Writer{writeEEE, writeOpenAIChat, writeSTS} {
			var b bytes.Buffer
			if w.New(&b).Write(&Item{Trajectory: &one, Verdicts: []Verdict{{"main", "held", ptr(int32(1))}}}) != nil {
				continue
			}
			for line := range strings.Lines(b.String()) {
				require.True(t, jsontext.Value(line).IsValid(), "%s: %s", w.Name, line)
			}
		}
	})
}
