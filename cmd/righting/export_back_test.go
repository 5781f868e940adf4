package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// chats and labels are a small dataset with every kind of label, and text that formats
// trip over.
const (
	backChats = `{"id":"t 1","model":"m","scenario":"q","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"a","reasoning_content":"r"},{"role":"user","content":"=1+1"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"ok"},{"role":"assistant","content":"b\n<c>"}]}
{"id":"t/2","model":"m","scenario":"q2","repeat":1,"condition":"on","messages":[{"role":"user","content":"u2","name":"ann"},{"role":"assistant","content":"a2"}]}
`
	backLabels = `{"trajectory_id":"t 1","assistant_turn":1,"annotator":"ann","annotator_kind":"human","control":"governs","symbols":["warning","refusal"],"competing_targets":[],"pressures":["useful"],"leakage":0,"recognition":false,"rationale":"=1+1, \"so\"\nand so","evidence":" 'quoted' ","confidence":0.25,"context":"prefix","labelled_at":"2026-05-11T09:30:00.5Z"}
{"trajectory_id":"t 1","assistant_turn":2,"annotator":"ann","annotator_kind":"human","missing":"unclear"}
{"trajectory_id":"t 1","annotator":"ann","annotator_kind":"human","outcome":"held"}
{"trajectory_id":"t 1","assistant_turn":3,"annotator":"m-1","annotator_kind":"model","pass":1,"control":"contested","active_target":"helpfulness","response":"partial","ask":"01","contradicts_turn":2}
{"trajectory_id":"t/2","exchange":1,"annotator":"m-1","annotator_kind":"model","constraint_id":"main","measure":"severity","value":3}
{"trajectory_id":"t/2","annotator":"m-1","annotator_kind":"model","measure":"grade","value_text":"C"}
`
)

// back is a dataset of backChats, with the labels of a file if there is one.
func back(t *testing.T, ds, labels string, args ...string) {
	t.Helper()
	require.NoError(t, os.WriteFile("chats.jsonl", []byte(backChats), 0o666))
	ok(t, "convert", "chats.jsonl", "-o", ds)
	if labels != "" {
		ok(t, append([]string{"annotate", ds, labels}, args...)...)
	}
}

// TestExportReadBack: what export annotations writes, annotate reads back as it was.
func TestExportReadBack(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("labels.jsonl", []byte(backLabels), 0o666))
	back(t, "ds", "labels.jsonl")
	want, _ := ok(t, "export", "ds", "annotations")
	require.Equal(t, 6, strings.Count(want, "\n"))
	require.Contains(t, want, `"competing_targets":[]`)
	for _, format := range []string{"csv", "jsonl", "parquet"} {
		file := "annotations." + format
		ok(t, "export", "ds", "annotations", "--format", format, "-o", file)
		back(t, "from-"+format, file)
		got, _ := ok(t, "export", "from-"+format, "annotations")
		require.Equal(t, want, got, format)
		_, talk := ok(t, "annotate", "from-"+format, file)
		require.Contains(t, talk, "6 labels: 0 new, 6 there already", format)
	}
}

// TestLongCSVReadBack: the long CSV that is written is read as it was; measures have to be
// declared for that, and control_from says which have letters.
func TestLongCSVReadBack(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("labels.jsonl", []byte(backLabels), 0o666))
	declare := func(ds string) {
		name := ds + "/dataset.yaml"
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(name, append(text, "\nmeasures: {severity: {step: 1}}\n"...), 0o666))
		ok(t, "annotate", ds, "--control", "grade: C=governs,I=neutralised")
	}
	back(t, "ds", "")
	declare("ds")
	ok(t, "annotate", "ds", "labels.jsonl")
	want, _ := ok(t, "export", "ds", "annotations")
	long, _ := ok(t, "export", "ds", "annotations", "--format", "long-csv")
	require.Equal(t, []string{
		"trajectory,turn,annotator,constraint,field,value,confidence,rationale,created_at,annotator_kind,pass,exchange,context,evidence",
		`t 1,,ann,main,outcome,held,,,,human,0,,,`,
		`t 1,2,ann,main,control,governs,0.25,"'=1+1, ""so""`,
	}, strings.Split(long, "\n")[:3])
	require.Contains(t, long, "\nt 1,4,ann,main,missing,unclear,")
	require.Contains(t, long, "\nt/2,,m-1,main,grade,C,,,,model,0,,,\n")
	require.NoError(t, os.WriteFile("long.csv", []byte(long), 0o666))
	back(t, "back", "")
	declare("back")
	ok(t, "annotate", "back", "long.csv")
	got, _ := ok(t, "export", "back", "annotations")
	require.Equal(t, want, got)
}
