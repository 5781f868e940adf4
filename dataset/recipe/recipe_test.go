package recipe_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// write puts files into a new folder and makes it the current one.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range slices.Sorted(maps.Keys(files)) {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(files[name]), 0o666))
	}
}

// read makes rows of the current folder.
func read(t *testing.T, doc string, inputs ...string) ([]schema.Annotation, recipe.Report, error) {
	t.Helper()
	r, err := recipe.Load("recipe.yaml", []byte(doc))
	require.NoError(t, err)
	if inputs == nil {
		inputs = []string{"."}
	}
	var rows []schema.Annotation
	report, err := r.Annotations(context.Background(), inputs, recipe.Options{}, func(a schema.Annotation) error {
		rows = append(rows, a)
		return nil
	})
	if err == nil {
		require.Equal(t, report.Read, report.Written+report.Missing+report.Rejected+report.Skipped, report.String())
		require.Equal(t, len(rows), report.Rows)
	}
	return rows, report, err
}

// why lists what was rejected, as a person reads it.
func why(r recipe.Report) []string {
	var out []string
	for _, e := range r.Rejects {
		out = append(out, e.Error())
	}
	return out
}

// plain is a recipe for one file of control per row.
const plain = `annotations:
  files: ["*.csv"]
  id: "{scenario}/{system}"
  columns: {scenario: case, system: model, control: verdict}
  set: {annotator: judge, annotator_kind: model}
`

func TestLoadRefuses(t *testing.T) {
	const doc = `annotations:
  files: ["x.csv"]
  id: "{scenario}/{system}"
  columns: {scenario: s, system: m, control: c}
  set: {annotator: j, annotator_kind: model}
`
	swap := func(old, now string) string {
		require.Contains(t, doc, old)
		return strings.Replace(doc, old, now, 1)
	}
	for name, c := range map[string]struct{ doc, want string }{
		"unknown key": {
			swap("  columns", "  colums"),
			`recipe.yaml:4:3: annotations: unknown key "colums"; did you mean columns?`,
		},
		"unknown column": {
			swap("annotator: j", "anotator: j"),
			`recipe.yaml:1:1: annotations: annotator is required and nothing fills it; take it from the source under columns, set it under set, or name a group (?P<annotator>…) in path
recipe.yaml:5:9: annotations.set.anotator: annotations has no column "anotator"; did you mean annotator? (righting explain schema)`,
		},
		"required": {
			swap(", annotator_kind: model", ""),
			`recipe.yaml:1:1: annotations: annotator_kind is required and nothing fills it; take it from the source under columns, set it under set, or name a group (?P<annotator_kind>…) in path`,
		},
		"no label": {
			swap(", control: c", ""),
			`recipe.yaml:1:1: annotations: says nothing of a trajectory: take a label such as control from the source under columns, or a value and set its measure`,
		},
		"value without measure": {
			swap("control: c", "value: c"),
			`recipe.yaml:1:1: annotations: a value needs the name of what it measures; add set: {measure: NAME}`,
		},
		"label beside measure": {
			swap("set: {", "set: {measure: m, value: 1, "),
			`recipe.yaml:5:9: annotations.set.measure: labels live only in rows without a measure; make annotations a list of two sections, one for each`,
		},
		"twice": {
			swap("set: {", "set: {control: governs, "),
			`recipe.yaml:4:37: annotations.columns.control: control is filled already, by annotations.set.control; keep one of the two`,
		},
		"constant outside the vocabulary": {
			swap("kind: model", "kind: modle"),
			`recipe.yaml:5:23: annotations.set.annotator_kind: unknown annotator_kind "modle"; did you mean model?`,
		},
		"map outside the vocabulary": {
			swap("control: c", `control: {from: c, map: {"1": govern}}`),
			`recipe.yaml:4:62: annotations.columns.control.map.1: unknown control "govern"; did you mean governs?`,
		},
		"number": {
			swap("set: {", "set: {repeat: one, "),
			`recipe.yaml:5:9: annotations.set.repeat: "one" is not a whole number, which repeat needs; map it, or list it under missing`,
		},
		"template": {
			swap(`"{scenario}/{system}"`, `"{scenario}/{system"`),
			`recipe.yaml:3:3: annotations.id: "{system": names stand in braces, as in "{scenario}/{system}"; write {{ and }} for literal ones`,
		},
		"template without a name": {
			swap("system: m", `system: "{{m}}"`),
			`recipe.yaml:4:26: annotations.columns.system: "{{m}}" names no source; constants stand under set`,
		},
		"template made of itself": {
			swap("scenario: s, system: m", `scenario: "{system}", system: "{scenario}"`),
			`recipe.yaml:4:13: annotations.columns.scenario: made of itself, through its template; name columns of the source instead`,
		},
		"regexp": {
			swap("  id", "  path: '(x'\n  id"),
			"recipe.yaml:3:3: annotations.path: error parsing regexp: missing closing ): `(x`",
		},
		"unused group": {
			swap("  id", "  path: '(?P<conditon>x)'\n  id"),
			`recipe.yaml:3:3: annotations.path: the group conditon is used nowhere and fills no column; did you mean condition?`,
		},
		"pattern": {
			swap(`"x.csv"`, `"../x.csv"`),
			`recipe.yaml:2:3: annotations.files: "../x.csv" is not a pattern below the input folder, such as results/*/scores.csv
recipe.yaml:2:3: annotations.files: names no files; write files: ["*.csv"], relative to the input folder`,
		},
		"rules": {doc + "dataset: {rules: {durable: 0}}\n", `recipe.yaml:6:11: dataset.rules: durable: 0 is outside 1 to 20`},
		"annotators": {doc + "dataset: {annotators: {j: {kind: modle, silence: skipp}}}\n", `recipe.yaml:6:28: dataset.annotators.j.kind: unknown annotator_kind "modle"; did you mean model?
recipe.yaml:6:41: dataset.annotators.j.silence: unknown silence "skipp"; did you mean skip?`},
		"measures": {doc + "dataset: {measures: {m: {step: 0}}}\n", `recipe.yaml:6:22: dataset.measures.m: step: must be a number above 0 (what one judge can give, such as 1 or 0.5)`},
		"ignored and used": {
			doc + "  ignore: [c]\n",
			`recipe.yaml:4:37: annotations.columns.control: "c" is also under ignore or skip_columns; take it out of one`,
		},
		"add":       {swap("control: c", "control: {from: c, add: 1}"), `recipe.yaml:4:56: annotations.columns.control.add: control is not a column of whole numbers`},
		"split":     {swap("control: c", `control: {from: c, split: "|"}`), `recipe.yaml:4:56: annotations.columns.control.split: control holds one value, not a list`},
		"nothing":   {"", `recipe.yaml: has none of trajectories, scenarios and annotations, which say what files are read and what their columns mean (righting explain recipes)`},
		"separator": {doc + "  separator: ab\n", `recipe.yaml:6:3: annotations.separator: "ab" is not one character that can stand between cells`},
		"no value":  {swap("annotator: j", "annotator: ~"), `recipe.yaml:5:9: annotations.set.annotator: has no value; leave the column out where nothing is known`},
		"pivot":     {doc + "  pivot: {field: f}\n", `recipe.yaml:6:3: annotations.pivot: needs by, field and value: pivot: {by: [trajectory, turn], field: label, value: answer}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := recipe.Load("recipe.yaml", []byte(c.doc))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestPlain(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict\n010,m1.10,governs\nb,m2,neutralized\n"})
	rows, report, err := read(t, plain)
	require.NoError(t, err)
	require.Empty(t, report.Rejects)
	require.Len(t, rows, 2)
	a := rows[0]
	require.Equal(t, "010/m1.10", a.TrajectoryID, "scalars stay as they are written")
	require.Equal(t, "010", a.Scenario)
	require.Equal(t, "m1.10", a.System)
	require.Equal(t, "governs", *a.Control)
	require.Equal(t, "interaction", a.Setting)
	require.Equal(t, "main", a.ConstraintID)
	require.Zero(t, a.Repeat)
	require.Zero(t, a.Pass)
	require.Nil(t, a.Condition)
	require.True(t, a.Whole())
	require.Equal(t, "neutralised", *rows[1].Control, "an alias is written as the core name")
	require.Equal(t, "2 records = 2 written + 0 missing + 0 rejected + 0 skipped; 2 rows", report.String())
	require.Equal(t, []string{"x.csv"}, report.Files)
	require.Equal(t, map[string]schema.Annotator{"judge": {Kind: "model"}}, report.Annotators)
}

// What is wrong between the recipe and the files ends the reading.
func TestFilesRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"unnamed column":   {"case,model,verdict,verdct\na,m,governs,x\n", `x.csv:1: column "verdct" is named nowhere in recipe.yaml; did you mean verdict? (take it under columns, or list it under ignore)`},
		"missing column":   {"case,model,verdicts\n", `x.csv:1: column "verdicts" is named nowhere in recipe.yaml; did you mean verdict? (take it under columns, or list it under ignore)`},
		"absent column":    {"case,model\n", `recipe.yaml:4:44: annotations.columns.control: x.csv has no column "verdict"`},
		"duplicate header": {"case,model,case\n", `x.csv:1: columns 1 and 3 of the header are both named "case"; rename one`},
		"empty header":     {"case,,verdict\n", `x.csv:1: column 2 of the header has no name; give it one`},
		"open quote":       {"case,model,verdict\na,m,governs\nb,m,\"gov\nc,m,governs\n", `x.csv:3: a quote opens here and never closes; close it, or double it inside a quoted cell`},
		"open later":       {"case,model,verdict\n\"a\na\",m,\"gov\nc,m,governs\n", `x.csv:3: a quote opens here and never closes`},
		"CR only":          {"case,model,verdict\ra,m,governs\r", `x.csv:1: the header holds a CR or NUL byte; is this text, and do its lines end in LF or CR LF?`},
		"UTF-16, cut":      {"\xff\xfec\x00,", `x.csv: invalid UTF-16 at byte 5; the file may be cut`},
		"UTF-16, unpaired": {"\xfe\xff\x00c\xd8\x00\x00c", `invalid UTF-16 at byte 5; save the file as UTF-8`},
		"gzip":             {"\x1f\x8b\x08\x00", `x.csv: is gzip; give it a name that ends in .gz`},
		"Parquet":          {"PAR1....PAR1", `x.csv: is Parquet, not the text that its name says`},
		"zip":              {"PK\x03\x04...", `x.csv: is a zip archive, not the text that its name says`},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"x.csv": c.file})
			_, _, err := read(t, plain)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// What is wrong with a row or a cell is rejected, and all others are kept.
func TestRejects(t *testing.T) {
	for name, c := range map[string]struct{ rows, want string }{
		"ragged":        {"a,m\n", `x.csv:2: 2 cells where the header has 3; quote a cell that holds the separator ','`},
		"label":         {"a,m,govern\n", `x.csv:2: verdict: unknown control "govern"; did you mean governs?`},
		"empty label":   {"a,m,\n", `x.csv:2: verdict: empty, and control is wanted; list "" under missing if it means no judgement`},
		"required":      {"a,,governs\n", `x.csv:2: model: empty or listed under missing, and system is required`},
		"UTF-8":         {"a,m\xff,governs\n", `x.csv:2: invalid UTF-8 at byte 4; save the file as UTF-8`},
		"quote inside":  {"a,m\"x\",governs\n", `x.csv:2: cell 2 has a quote inside; quote the whole cell and double the quotes in it`},
		"quote ends":    {"a,\"m\"x,governs\n", `x.csv:2: cell 2 goes on after its closing quote; double the quotes inside it`},
		"line of quote": {"\"a\nb\",m\n", `x.csv:2: 2 cells where the header has 3`},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"x.csv": "case,model,verdict\n" + c.rows + "z,m,governs\n"})
			rows, report, err := read(t, plain)
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.Equal(t, "z/m", rows[0].TrajectoryID)
			require.Len(t, report.Rejects, 1)
			require.Contains(t, report.Rejects[0].Error(), c.want)
			require.Equal(t, strings.TrimSuffix(c.rows, "\n"), string(report.Rejects[0].Raw))
			require.EqualValues(t, len("case,model,verdict\n"), report.Rejects[0].Offset)
			require.Equal(t, 1, report.Rejected)
		})
	}
}

func TestRejectsAreBounded(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict\n" + strings.Repeat("a,m,no\n", 250)})
	r, err := recipe.Load("recipe.yaml", []byte(plain))
	require.NoError(t, err)
	n := 0
	report, err := r.Annotations(context.Background(), []string{"."}, recipe.Options{Rejecting: dataset.Rejecting{Reject: func(dataset.Reject) error { n++; return nil }}}, nil)
	require.NoError(t, err)
	require.Equal(t, 250, report.Rejected)
	require.Len(t, report.Rejects, 100)
	require.Equal(t, 250, n)
}
