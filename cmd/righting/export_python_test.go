package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// python runs a script of RIGHTING_PYTHON that needs a package, and is what it prints as
// JSON; without either the test is skipped.
func python(t *testing.T, into any, needs, script string, args ...string) {
	t.Helper()
	name := os.Getenv("RIGHTING_PYTHON")
	if name == "" {
		t.Skip("RIGHTING_PYTHON names no Python that has " + needs)
	}
	if out, err := exec.Command(name, "-c", "import "+needs).CombinedOutput(); err != nil {
		t.Skipf("%s has no %s: %s", name, needs, lastLine(string(out)))
	}
	c := exec.Command(name, append([]string{"-c", script}, args...)...)
	var talk strings.Builder
	c.Stderr = &talk
	out, err := c.Output()
	require.NoError(t, err, "%s\n%s", out, talk.String())
	require.NoError(t, json.Unmarshal([]byte(lastLine(string(out))), into), "%s", out)
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// TestScoutListsTranscripts: inspect_scout finds our transcripts, their ids, roles, texts
// and calls, and that the table is as it wants it.
func TestScoutListsTranscripts(t *testing.T) {
	t.Chdir(t.TempDir())
	back(t, "ds", "")
	require.NoError(t, os.WriteFile("l.csv", []byte("trajectory,annotator,kind,control\nt 1,ann,human,governs\n"), 0o666))
	ok(t, "annotate", "ds", "l.csv")
	require.NoError(t, os.Mkdir("db", 0o777))
	ok(t, "export", "ds", "trajectories", "--format", "scout", "-o", filepath.Join("db", "ds.parquet"))
	var got struct {
		Errors []string
		Rows   []struct {
			ID, Task, Model string
			Repeat          int
			Success         *bool
			Score           any
			System          string
			Messages        [][3]any // id, role, text
			Calls           []any
		}
	}
	python(t, &got, "inspect_scout", `
import asyncio, json, sys
from inspect_scout import transcripts_from
from inspect_scout._transcript.database.schema import validate_transcript_schema
from inspect_scout._transcript.database.parquet import ParquetTranscriptsDB
from inspect_scout._transcript.types import TranscriptContent
async def main():
    rows = []
    db = ParquetTranscriptsDB(sys.argv[1], read_only=True)
    await db.connect()
    async for info in db.select():
        t = await db.read(info, TranscriptContent(messages="all"))
        rows.append(dict(id=t.transcript_id, task=t.task_id, model=t.model, repeat=t.task_repeat, success=t.success, score=t.score, system=t.metadata.get("system"),
            messages=[[m.id, m.role, m.text] for m in t.messages],
            calls=[[c.id, c.function, c.arguments] for m in t.messages if m.role == "assistant" for c in (m.tool_calls or [])]))
    await db.disconnect()
    return sorted(rows, key=lambda r: r["id"])
print(json.dumps(dict(errors=[str(e) for e in validate_transcript_schema(sys.argv[1])], rows=asyncio.run(main()))))`, "db")
	require.Empty(t, got.Errors)
	require.Len(t, got.Rows, 2)
	one := got.Rows[0]
	require.Equal(t, []any{"t 1", "q", "m", 0, "m", "held", true}, []any{one.ID, one.Task, one.Model, one.Repeat, one.System, one.Score, *one.Success})
	require.Equal(t, [][3]any{
		{"0", "system", "s"}, {"1", "user", "u"}, {"2", "assistant", "a"}, {"3", "user", "=1+1"}, {"4", "assistant", ""}, {"5", "tool", "ok"}, {"6", "assistant", "b\n<c>"},
	}, one.Messages)
	require.Equal(t, []any{[]any{"c1", "f", map[string]any{"a": 1.}}}, one.Calls)
	require.Equal(t, []any{"t/2", 1, (*bool)(nil), nil}, []any{got.Rows[1].ID, got.Rows[1].Repeat, got.Rows[1].Success, got.Rows[1].Score})
}

// TestLabelStudioTakesTasks: Label Studio's SDK finds the config valid and the tasks fit
// for it; what people answer there comes back from each of its exports.
func TestLabelStudioTakesTasks(t *testing.T) {
	t.Chdir(t.TempDir())
	back(t, "ds", "")
	_, talk := ok(t, "export", "ds", "judge", "--format", "label-studio", "-o", "tasks.json")
	require.Contains(t, talk, "4 tasks about 4 of 4 units")
	ok(t, "export", "ds", "judge", "--format", "label-studio-config", "-o", "config.xml")
	var got struct {
		Tasks    int
		Controls []string
	}
	python(t, &got, "label_studio_sdk", `
import json, os
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.converter import Converter
config = open("config.xml").read()
li = LabelInterface(config)
li.validate()
tasks = json.load(open("tasks.json"))
for t in tasks:
    assert li.validate_task(t, validate_regions_only=False) in (True, []), t
def choose(i, name, *values):
    return {"id": f"r{i}{name}", "from_name": name, "to_name": "dialogue", "type": "choices", "value": {"choices": list(values)}}
out = []
for i, t in enumerate(tasks):
    result = [choose(i, "control", ["governs", "contested", "neutralised"][i % 3]), choose(i, "symbols", "none") if i else choose(i, "symbols", "warning", "refusal"),
        choose(i, "leakage", str(i % 3)), choose(i, "recognition", "true"),
        {"id": f"n{i}", "from_name": "confidence", "to_name": "dialogue", "type": "number", "value": {"number": 0.25}},
        {"id": f"t{i}", "from_name": "rationale", "to_name": "dialogue", "type": "textarea", "value": {"text": ["so, \"so\"\nand so"]}}]
    for r in result:
        assert li.validate_region(r), r
    out.append({"id": 10 + i, **t, "annotations": [{"id": 100 + i, "completed_by": {"id": 1, "email": "ann@x.org"}, "was_cancelled": False, "ground_truth": False,
        "created_at": "2025-01-11T18:53:45.949733Z", "updated_at": "2025-01-11T18:53:45.949733Z", "lead_time": 1.5, "result": result}], "predictions": []})
json.dump(out, open("export.json", "w"))
c = Converter(config, ".", download_resources=False)
c.convert_to_csv("export.json", "csv", is_dir=False, sep=",", header=True)
c.convert_to_json_min("export.json", "min", is_dir=False)
print(json.dumps(dict(tasks=len(tasks), controls=sorted(x.name for x in li.controls))))`)
	require.Equal(t, 4, got.Tasks)
	require.Contains(t, got.Controls, "control")
	require.Contains(t, got.Controls, "missing")
	var want string
	for _, file := range []string{"export.json", filepath.Join("csv", "result.csv"), filepath.Join("min", "result.json")} {
		ds := "ds-" + strings.ReplaceAll(filepath.Base(filepath.Dir(file)), ".", "json")
		back(t, ds, file)
		rows, _ := ok(t, "export", ds, "annotations")
		if want == "" {
			want = rows
		}
		require.Equal(t, want, rows, file)
	}
	require.Equal(t, 4, strings.Count(want, "\n"))
	require.Contains(t, want, `"control":"governs"`)
	require.Contains(t, want, `"symbols":["warning","refusal"]`)
	require.Contains(t, want, `"symbols":[]`)
	require.Contains(t, want, `"leakage":2`)
	require.Contains(t, want, `"confidence":0.25`)
}

// TestDatasetsLoadsTraces: Hugging Face's datasets knows the files for session traces, one
// row each, and keeps them whole. (teich 0.3, which it reads messages with, takes every
// file that begins with a session for one of Pi's, and leaves out calls in these words.)
func TestDatasetsLoadsTraces(t *testing.T) {
	t.Chdir(t.TempDir())
	back(t, "ds", "")
	ok(t, "export", "ds", "trajectories", "--format", "sts", "-o", "traces")
	var got []struct {
		Session, Prompt, Trace, File string
		Users                        int
	}
	python(t, &got, "datasets, teich", `
import glob, json
from datasets import load_dataset
out = []
for f in sorted(glob.glob("traces/*.jsonl")):
    for r in load_dataset("json", data_files=f, split="train", cache_dir="cache"):
        out.append(dict(session=r["session_id"], prompt=r["prompt"], trace=r["trace"], users=r["num_user_messages"], file=f))
print(json.dumps(out))`)
	require.Len(t, got, 2)
	for i, want := range []struct {
		session, prompt string
		users           int
	}{{"t 1", "u", 2}, {"t/2", "u2", 1}} {
		require.Equal(t, []any{want.session, want.prompt, want.users}, []any{got[i].Session, got[i].Prompt, got[i].Users})
		text, err := os.ReadFile(got[i].File)
		require.NoError(t, err)
		require.Equal(t, string(text), got[i].Trace)
	}
}

// TestEEERowsFitTheirSchema: the rows are what Every Eval Ever's JSON Schema allows.
func TestEEERowsFitTheirSchema(t *testing.T) {
	schema := filepath.Join(real(t, "formats"), "eee", "instance_level_eval.schema.json")
	t.Chdir(t.TempDir())
	back(t, "ds", "")
	require.NoError(t, os.WriteFile("l.csv", []byte("trajectory,annotator,kind,control\nt 1,ann,human,governs\nt/2,ann,human,neutralised\n"), 0o666))
	ok(t, "annotate", "ds", "l.csv")
	ok(t, "export", "ds", "trajectories", "--format", "eee", "-o", "rows.jsonl")
	var got []struct {
		Errors []string
		Score  float64
		Kind   string
	}
	python(t, &got, "jsonschema", `
import json, sys, jsonschema
v = jsonschema.Draft7Validator(json.load(open(sys.argv[1])))
rows = [json.loads(l) for l in open("rows.jsonl")]
print(json.dumps([dict(errors=[e.message for e in v.iter_errors(r)], score=r["evaluation"]["score"], kind=r["interaction_type"]) for r in rows]))`, schema)
	require.Len(t, got, 2)
	for i, want := range []struct {
		score float64
		kind  string
	}{{1, "agentic"}, {0, "single_turn"}} {
		require.Empty(t, got[i].Errors)
		require.Equal(t, want.score, got[i].Score)
		require.Equal(t, want.kind, got[i].Kind)
	}
}
