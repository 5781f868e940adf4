package convert

import (
	"bytes"
	"path/filepath"
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
		t.Terminal, t.Error, t.StartedAt, t.SourceFormat, t.SourceID = nil, nil, nil, nil, nil
		if t.MetadataJSON != nil { // the key system is there, too
			var rest object
			_ = eachMember(jsontext.Value(*t.MetadataJSON), func(name string, v jsontext.Value) {
				if name != "system" {
					rest.raw(name, v)
				}
			})
			if t.MetadataJSON = nil; rest.b != nil {
				t.MetadataJSON = ptr(string(rest.done()))
			}
		}
		for i := range t.Turns {
			t.Turns[i].Prefilled = nil
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
