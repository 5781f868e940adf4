package annotate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/recipe"
)

func TestTables(t *testing.T) {
	ann := annotate.Options{Annotator: "ann"}
	for name, c := range map[string]struct {
		csv     string
		o       annotate.Options
		want    []string
		tally   string
		rejects []string
	}{
		"wide": {
			csv: "trajectory,turn,judge,kind,pass,constraint,control,response,leakage,symbols,recognition,missing,rationale\n" +
				"a,2,m,model,,main,governs,full_refusal,0,refusal|apology,,,\"so,\nso\"\n" +
				"a,4,m,model,1,main,,,,none,,unclear,\n" +
				"b,1,m,model,,main,,,,,,,only words\n" +
				"b,6,m,model,0,main,contested,,,,true,,\n",
			want: []string{
				"a 2/1/1 m:model governs refuse so,\nso [refusal apology] leakage 0",
				"a 4/2/2 m:model pass 1 unclear []",
				"b 6/3/2 m:model contested",
			},
			tally: "read 4 records = 3 written + 1 missing + 0 rejected + 0 skipped",
		},
		"wide, in other cells": {
			csv: "trajectory_id\tturn\tcontrol\tsymbols\na\t2\tgovern\t\na\tm4\tgoverns\t\na\t4\tgoverns\twarnin\nb\t1\tgoverns\t\n", o: ann,
			want:  []string{"b 1/1/1 ann:human governs"},
			tally: "read 4 records = 1 written + 0 missing + 3 rejected + 0 skipped",
			rejects: []string{
				`l.csv:2: control: unknown control "govern"; did you mean governs?`,
				`l.csv:3: turn: "m4" is not a whole number, which turn needs; if it is the message's id in the source, say --turn source_id`,
				`l.csv:4: symbols: unknown symbol "warnin"; did you mean warning?`,
			},
		},
		"wide, with measures": {
			csv: "trajectory_id,turn,control,severity\na,2,governs,0\na,4,,3\nb,1,governs,\nb,6,bad,9\n", o: ann,
			want:    []string{"a 2/1/1 ann:human governs", "a 2/1/1 ann:human severity 0", "a 4/2/2 ann:human severity 3", "b 1/1/1 ann:human governs"},
			tally:   "read 8 records and measured records = 4 written + 2 missing + 2 rejected + 0 skipped",
			rejects: []string{`l.csv:5: control: unknown control "bad"; it is one of governs, contested, neutralised`, `l.csv:5: severity: 9 is above the measure's max 5`},
		},
		"wide, only measures": {
			csv: "trajectory_id,severity\na,2\nb\n", o: ann,
			want: []string{"a -/-/- ann:human severity 2"}, tally: "read 2 records = 1 written + 0 missing + 1 rejected + 0 skipped",
			rejects: []string{`l.csv:3: 1 cells where the header has 2; quote a cell that holds the separator ','`},
		},
		"wide, as the table itself": {
			csv: "trajectory_id,system,model,scenario,condition,repeat,setting,assistant_turns,exchanges,terminal,constraint_id,turn,assistant_turn,exchange,annotator,annotator_kind,pass,control,measure,value,value_text\n" +
				"a,sys-a,,q-a,,0,interaction,2,2,completed,main,2,1,1,ann,human,0,governs,,,\n" +
				"a,sys-a,,q-a,,0,interaction,2,2,completed,main,2,1,1,ann,human,0,,severity,3,\n",
			want: []string{"a 2/1/1 ann:human governs", "a 2/1/1 ann:human severity 3"},
		},
		"long": {
			csv: "trajectory,turn,annotator,constraint,field,value\n" +
				"a,2,ann,main,control,governs\na,2,ann,main,symbols,warning|refusal\na,4,ann,main,symbols,none\n" +
				"a,2,ann,main,severity,4\nb,1,ann,main,control,gov\nb,1,ann,main,response,comply\nb,1,ann,main,severity,9\na,4,ann,main,control,\nb,6,ann,main,,x\n",
			want: []string{
				"a 2/1/1 ann:human governs [warning refusal]", "a 2/1/1 ann:human severity 4", "a 4/2/2 ann:human []", "b 1/1/1 ann:human comply",
			},
			tally: "read 9 records = 5 written + 1 missing + 3 rejected + 0 skipped",
			rejects: []string{
				`l.csv:10: field: empty, and it says what value is`,
				`l.csv:6: control: unknown control "gov"; it is one of governs, contested, neutralised`,
				`l.csv:8: severity: 9 is above the measure's max 5`,
			},
		},
		"long, measures alone": {
			csv: "trajectory_id,annotator,pass,field,value\na,ann,0,severity,4\na,ann,1,severity,5\n",
			want: []string{
				"a -/-/- ann:human severity 4", "a -/-/- ann:human pass 1 severity 5",
			},
			tally: "read 2 records = 2 written + 0 missing + 0 rejected + 0 skipped",
		},
		"long, message ids": {
			csv: "trajectory_id,turn,annotator,field,value\na,m104,ann,control,governs\na,m104,ann,rationale,x\n", o: annotate.Options{Turn: annotate.SourceID},
			want: []string{"a 4/2/2 ann:human governs x"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			base(t)
			var rejects []string
			c.o.Rejecting.Reject = func(e dataset.Reject) error {
				require.NotEmpty(t, e.Raw)
				rejects = append(rejects, e.Error())
				return nil
			}
			r := must(t, c.o, file(t, "l.csv", c.csv))
			require.Equal(t, c.want, lines(rows(t)))
			require.Equal(t, c.rejects, rejects)
			require.Equal(t, []string{"l.csv"}, r.Files)
			if c.tally != "" {
				require.Equal(t, c.tally, r.Lines()[0])
			}
			before := tree(t)
			require.False(t, must(t, c.o, "l.csv").Changed)
			require.Equal(t, before, tree(t))
		})
	}
}

func TestHeaders(t *testing.T) {
	base(t)
	for text, want := range map[string]string{
		"trajectory_id,turn,contrl\na,2,governs\n":               `l.csv: "contrl" is no column of ours and no measure that dataset.yaml declares; did you mean control? (take it out, declare it, or say with --recipe what it means)`,
		"trajectory_id,annotator,field,value\na,ann,severty,2\n": `l.csv: "severty" is no column of ours and no measure that dataset.yaml declares; did you mean severity? (take it out, declare it, or say with --recipe what it means)`,
		"trajectory_id,turn\na,2\n":                              `those of no labels that are known by themselves`,
		"id,verdict\na,2\n":                                      `its columns "id, verdict" are those of no labels`,
		`{"id":"a","verdict":1}` + "\n":                          `its keys "id, verdict" are those of no labels`,
		"system,scenario,control\nsys-a,q-a,governs\n":           `say --key system,scenario,repeat`,
		"sample,control\na,governs\n":                            `say --key log,sample,epoch`,
		"":                                                       `l.csv: no rows`,
		"trajectory_id,turn,control\na,2,governs\na,4,\"governs\nx,1,y": `l.csv:3: a quote opens here and never closes`,
	} {
		_, err := run(t, annotate.Options{Annotator: "ann"}, file(t, "l.csv", text))
		require.ErrorContains(t, err, want, text)
	}
	_, err := run(t, annotate.Options{}, file(t, "l.csv", "trajectory_id,control\na,governs\n"))
	require.EqualError(t, err, "l.csv: has no column annotator; say with --annotator who judged")
	_, err = run(t, annotate.Options{Annotator: "new"}, "l.csv")
	require.EqualError(t, err, "l.csv: record 1: neither the labels nor dataset.yaml say what annotator new is; say with --kind whether human, model, rule or self")
	_, err = run(t, annotate.Options{Annotator: "ann"}, file(t, "l.csv", "trajectory_id,annotator_kind,control\na,model,governs\n"))
	require.EqualError(t, err, "l.csv: record 1: annotator_kind: annotator ann is model here and human before; give two annotators two names")
	_, err = run(t, annotate.Options{}, "none.csv")
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Empty(t, rows(t))
	for want, o := range map[string]annotate.Options{
		`--key: unknown key "id"`:                                    {Key: "id"},
		`--turn: unknown turn "asistant1"; did you mean assistant1?`: {Turn: "asistant1"},
		`--silence: unknown silence "skipp"; did you mean skip?`:     {Silence: "skipp"},
		`--control: "s" names no measure before a colon`:             {Control: "s"},
		`--control: unknown control "go"`:                            {Control: "s: C=go"},
	} {
		_, err := run(t, o, "l.csv")
		require.ErrorContains(t, err, want)
	}
}

func TestGzipAndBOM(t *testing.T) {
	base(t)
	f, err := os.Create("l.csv.gz")
	require.NoError(t, err)
	z := gzip.NewWriter(f)
	_, err = z.Write([]byte("\xef\xbb\xbftrajectory_id;turn;control\r\na;2;governs\r\n"))
	require.NoError(t, errors.Join(err, z.Close(), f.Close()))
	must(t, annotate.Options{Annotator: "ann"}, "l.csv.gz")
	require.Equal(t, []string{"a 2/1/1 ann:human governs"}, lines(rows(t)))
}

func TestByRecipe(t *testing.T) {
	base(t)
	r, err := recipe.Load("r.yaml", []byte(`
dataset:
  measures: {harm: {min: 0, max: 3, step: 1, better: lower}}
  annotators: {ann: {silence: skip}, bob: {model: bob-1, silence: stopped}}
  vocabulary: {targets: {own: a target of its own}}
annotations:
  files: ["*.csv"]
  id: "{case}"
  columns: {annotator: who, system: sys, scenario: "q-{case}", active_target: target, turn: n}
  set: {annotator_kind: model}
`))
	require.NoError(t, err)
	require.NoError(t, os.Mkdir("in", 0o777))
	file(t, filepath.Join("in", "l.csv"), "case,sys,who,target,n\na,sys-a,bob,own,2\nb,sys-b,bob,own,0\nb,sys-b,bob,own,1\n")
	report := must(t, annotate.Options{Recipe: r, Silence: "unchanged"}, "in")
	require.Equal(t, []string{
		"read 3 records = 3 written + 0 missing + 0 rejected + 0 skipped",
		"3 labels: 2 new, 1 not matched",
		"1 of 3 labels fall on user turns; first: in/l.csv:3: n: turn 0 is a user turn; the assistant's are 1, 3, 6",
	}, report.Lines())
	require.Equal(t, "b,sys-b,bob,own,0", string(report.Rejects[0].Raw))
	require.Equal(t, []string{"bob"}, report.Annotators)
	require.Equal(t, []string{"a 2/1/1 bob:model", "b 1/1/1 bob:model"}, lines(rows(t)))
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, "human", d.Manifest.Annotators["ann"].Kind)
	require.Equal(t, "unknown", d.Manifest.Annotators["ann"].Silence)
	require.Equal(t, "bob-1", d.Manifest.Annotators["bob"].Model)
	require.Equal(t, "stopped", d.Manifest.Annotators["bob"].Silence)
	require.Contains(t, d.Manifest.Measures, "harm")
	require.Contains(t, d.Manifest.Vocabulary.Targets, "own")
	require.False(t, must(t, annotate.Options{Recipe: r}, "in").Changed)

	ids, err := recipe.Load("ids.yaml", []byte(`
annotations:
  files: ["*.csv"]
  id: "{case}"
  columns: {control: c, turn: n}
  set: {annotator: cara, annotator_kind: human}
`))
	require.NoError(t, err)
	file(t, filepath.Join("in", "l.csv"), "case,c,n\na,governs,1\nb,governs,3\nz,governs,3\n")
	report = must(t, annotate.Options{Recipe: ids}, "in")
	require.Equal(t, "1 of 3 labels fall on user turns; first: in/l.csv:2: n: turn 1 is a user turn; the assistant's are 2, 4", report.Lines()[2])
	require.Equal(t, `1 of 3 labels name no trajectory of the dataset; first: in/l.csv:4: trajectory_id: no trajectory has the id "z"`, report.Lines()[3])
	_, err = run(t, annotate.Options{Recipe: ids, Turn: annotate.Assistant1}, "in")
	require.ErrorContains(t, err, "system is required and nothing fills it")

	ids, err = recipe.Load("ids.yaml", []byte(`
annotations:
  files: ["*.csv"]
  id: "log/{case}/0"
  columns: {control: c, turn: n}
  set: {annotator: cara, annotator_kind: human, system: sys-a, scenario: q-a}
`))
	require.NoError(t, err)
	file(t, filepath.Join("in", "l.csv"), "case,c,n\na,governs,1\na,governs,2\n")
	report = must(t, annotate.Options{Recipe: ids}, "in")
	require.Contains(t, report.Lines()[2], "try --key log,sample,epoch (2 of them are the source's ids)")
	report = must(t, annotate.Options{Recipe: ids, Key: annotate.BySource}, "in")
	require.Contains(t, report.Lines()[2], "1 of 2 labels fall on user turns; try --turn assistant1 (all 2 that name a turn would fit)")
	report = must(t, annotate.Options{Recipe: ids, Key: annotate.BySource, Turn: annotate.Assistant1}, "in")
	require.Equal(t, []int{1, 1}, []int{report.Added, report.Same})

	_, err = run(t, annotate.Options{Annotator: "ann"}, "in")
	require.ErrorContains(t, err, "in: not a regular file; name files of labels, or give a recipe for a folder")
	_, err = annotate.Run(context.Background(), &dataset.Dataset{Path: "ds/dataset.yaml"}, []string{"in"}, annotate.Options{})
	require.ErrorContains(t, err, "only a dataset in its own folder can be changed")
}

func TestLinesTell(t *testing.T) {
	base(t)
	r := must(t, annotate.Options{Annotator: "ann"}, file(t, "l.csv", "trajectory_id,turn,control\n"+strings.Repeat("a,2,governs\n", 1204)))
	require.Equal(t, []string{"read 1,204 records = 1204 written + 0 missing + 0 rejected + 0 skipped", "1,204 labels: 1 new, 1,203 given twice"}, r.Lines())
}

// TestRecords: the line and the bytes of a record that matches nothing, in a file whose
// records have several lines.
func TestRecords(t *testing.T) {
	base(t)
	const text = "trajectory_id;turn;control;rationale\r\n" +
		"z1;2;governs;\"two\nlines; \"\"quoted\"\"\n\"\r\n" +
		"\n" +
		"a;2;governs;a \"stray quote\n" +
		"z2;2;governs;\"x\" y\n" +
		"z3;2;governs;\n" +
		"\"z4\";\"2\";governs;\"\n\n\"\n" +
		"z5;2;governs;end"
	var got []string
	o := annotate.Options{Annotator: "ann"}
	o.Rejecting.Reject = func(e dataset.Reject) error {
		require.Equal(t, strings.ReplaceAll(text[e.Offset:][:len(e.Raw)], "\r", ""), strings.ReplaceAll(string(e.Raw), "\r", ""))
		if errors.Is(e.Err, dataset.ErrUnknownTrajectory) {
			got = append(got, fmt.Sprintf("%d %s", e.Row, strings.Split(string(e.Raw), ";")[0]))
		}
		return nil
	}
	r := must(t, o, file(t, "l.csv", text))
	require.Equal(t, []string{"2 z1", "8 z3", "9 \"z4\"", "12 z5"}, got)
	require.Equal(t, 2, r.Rejected)
	require.True(t, strings.HasPrefix(r.Unmatched[0].First, "l.csv:2: trajectory_id: "), r.Unmatched[0].First)
}
