package recipe_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// A wide table of 10 turns: cells a second.
func BenchmarkUnpivot(b *testing.B) {
	var text strings.Builder
	text.WriteString("q,Response_1,Response_2,Response_3,Response_4,Response_5,Response_6,Response_7,Response_8,Response_9,Response_10\n")
	const rows = 10_000
	for i := range rows {
		fmt.Fprintf(&text, "%d,1,1,0,1,0,1,0,1,1,0\n", i)
	}
	folder := b.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x.csv"), []byte(text.String()), 0o666); err != nil {
		b.Fatal(err)
	}
	r, err := recipe.Load("x.yaml", []byte(`annotations:
  files: ["x.csv"]
  id: "{system}/{q}"
  columns: {scenario: q}
  unpivot: {columns: '^Response_(?P<assistant_turn>\d+)$', to: control, map: {"1": governs, "0": neutralised}}
  set: {system: m, annotator: j, annotator_kind: model, assistant_turns: 10}
`))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Annotations(context.Background(), []string{folder}, recipe.Options{}, func(schema.Annotation) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows*10/b.Elapsed().Seconds(), "cells/s")
}

// Transcripts of 20 messages of 500 bytes: bytes a second.
func BenchmarkTurns(b *testing.B) {
	message := fmt.Sprintf(`{"role": "assistant", "content": %q, "calls": [{"name": "f", "arguments": "{}"}]}`, strings.Repeat("word ", 100))
	messages := strings.Repeat(message+", ", 19) + message
	var text strings.Builder
	for i := range 500 {
		fmt.Fprintf(&text, `{"id": %d, "messages": [%s]}`+"\n", i, messages)
	}
	folder := b.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x.jsonl"), []byte(text.String()), 0o666); err != nil {
		b.Fatal(err)
	}
	r, err := recipe.Load("x.yaml", []byte(`trajectories:
  files: ["x.jsonl"]
  id: "{id}"
  columns: {scenario: id}
  set: {system: m}
  turns: {from: messages, columns: {role: role, text: content, tool_calls_json: calls}}
`))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := r.Trajectories(context.Background(), []string{folder}, recipe.Options{}, func(schema.Trajectory) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
