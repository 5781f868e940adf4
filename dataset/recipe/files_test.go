package recipe_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

const byPath = `annotations:
  files: ["results/*/s_*.csv", "!results/*/s_final.csv"]
  path: '(?P<system>[^/]+)/s_(?P<judge>[^.]+)\.csv$'
  id: "{system}/{q}"
  columns: {scenario: q, control: c, annotator: {from: judge, map: {a: judge-a, b: judge-b}}}
  set: {annotator_kind: model}
`

func TestFiles(t *testing.T) {
	files := map[string]string{
		"results/m2/s_a.csv":     "q,c\n1,governs\n",
		"results/m1/s_b.csv":     "q,c\n1,governs\n",
		"results/m1/s_a.csv":     "q,c\n1,governs\n",
		"results/m1/s_final.csv": "anything\n",
		"results/m1/notes.txt":   "",
	}
	want := []string{"m1/1 judge-a pass 0 governs", "m1/1 judge-b pass 0 governs", "m2/1 judge-a pass 0 governs"}
	write(t, files)
	for name, inputs := range map[string][]string{
		"folder": {"."},
		"files":  {"results/m2/s_a.csv", "./results/m1/s_a.csv", "results/m1/s_b.csv", "results/m1/s_a.csv"},
		"both":   {"results/m2/s_a.csv", "."},
	} {
		t.Run(name, func(t *testing.T) {
			rows, report, err := read(t, byPath, inputs...)
			require.NoError(t, err)
			require.Equal(t, want, shown(rows))
			require.Equal(t, []string{"results/m1/s_a.csv", "results/m1/s_b.csv", "results/m2/s_a.csv"}, report.Files)
		})
	}
	t.Run("named from inside", func(t *testing.T) {
		t.Chdir("results/m1")
		rows, _, err := read(t, byPath, "s_a.csv")
		require.NoError(t, err)
		require.Equal(t, want[:1], shown(rows))
	})
	for name, c := range map[string]struct {
		doc, input, want string
	}{
		"excluded":   {byPath, "results/m1/s_final.csv", `recipe.yaml:2:3: annotations.files: results/m1/s_final.csv does not match "results/*/s_*.csv", "!results/*/s_final.csv"; name the folder that these are below, or a file that matches`},
		"none":       {byPath, "results", `recipe.yaml:2:3: annotations.files: no file below "results" matches "results/*/s_*.csv"`},
		"no such":    {byPath, "x.csv", "no such file"},
		"path":       {strings.Replace(byPath, "s_(?P", "t_(?P", 1), ".", `recipe.yaml:3:3: annotations.path: does not match "results/m1/s_a.csv"`},
		"not a kind": {strings.Replace(byPath, "s_*.csv", "*.txt", 1), ".", `does not match "results/m1/notes.txt"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(t, c.doc, c.input)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestUnmappedGroup(t *testing.T) {
	write(t, map[string]string{"results/m/s_c.csv": "q,c\n1,governs\n2,governs\n"})
	_, report, err := read(t, byPath)
	require.NoError(t, err)
	require.Equal(t, []string{
		`results/m/s_c.csv:2: annotator: "c" is not in the map of annotator; add it there, or list it under missing`,
		`results/m/s_c.csv:3: annotator: "c" is not in the map of annotator; add it there, or list it under missing`,
	}, why(report))
}

func TestOtherFormats(t *testing.T) {
	write(t, map[string]string{"x.xlsx": "?"})
	_, _, err := read(t, strings.Replace(plain, "*.csv", "x.xlsx", 1))
	require.ErrorContains(t, err, `x.xlsx: a recipe reads .csv, .tsv, .jsonl and .json, each also with .gz or .zst, and .parquet; ".xlsx" is none of these`)
}

func TestLinks(t *testing.T) {
	write(t, map[string]string{"data/x.csv": "case,model,verdict\na,m,governs\n"})
	require.NoError(t, os.Symlink("data", "link"))
	require.NoError(t, os.Symlink("../data", "data/loop"))
	rows, _, err := read(t, strings.Replace(plain, "*.csv", "link/*.csv", 1))
	require.NoError(t, err)
	require.Len(t, rows, 1)
	rows, _, err = read(t, strings.Replace(plain, "*.csv", "**/*.csv", 1))
	require.NoError(t, err)
	require.Len(t, rows, 1, "a loop of links is not walked")
}

func TestTwoSections(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict,harm\na,m,governs,3\nb,m,contested,9\n"})
	rows, report, err := read(t, `dataset: {measures: {harm: {min: 0, max: 5, step: 1, better: lower}}}
annotations:
- files: ["x.csv"]
  id: "{scenario}/{system}"
  columns: {scenario: case, system: model, control: verdict}
  set: {annotator: judge, annotator_kind: model}
  ignore: [harm]
- files: ["x.csv"]
  id: "{scenario}/{system}"
  columns: {scenario: case, system: model}
  unpivot: {columns: '^(?P<measure>harm)$', to: value}
  set: {annotator: judge, annotator_kind: model}
  ignore: [verdict]
`)
	require.NoError(t, err)
	require.Equal(t, []string{"a/m judge pass 0 governs", "b/m judge pass 0 contested", "a/m judge pass 0 harm 3"}, shown(rows))
	require.Equal(t, "4 records and cells = 3 written + 0 missing + 1 rejected + 0 skipped; 3 rows", report.String())
	require.Equal(t, []string{"x.csv:3: harm: 9 is above the measure's max 5"}, why(report))
	require.Equal(t, []string{"x.csv"}, report.Files)
}

func TestBetweenColumns(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,turn,word,kind\na,m,,held,model\na,m,1,held,model\nb,m,,held,human\n"})
	rows, report, err := read(t, `annotations:
  files: ["x.csv"]
  id: "{scenario}/{system}"
  columns: {scenario: case, system: model, turn: turn, outcome: word, annotator_kind: kind}
  set: {annotator: judge}
  missing: [""]
`)
	require.NoError(t, err)
	require.Equal(t, []string{"a/m judge pass 0 held"}, shown(rows))
	require.Equal(t, []string{
		"x.csv:3: word: a word for the whole trajectory, in a row about one turn",
		`x.csv:4: kind: human, and annotator "judge" was model before; give two annotators two names`,
	}, why(report))
}

func TestChangedWhileRead(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict\na,m,governs\n"})
	r, err := recipe.Load("recipe.yaml", []byte(plain))
	require.NoError(t, err)
	_, err = r.Annotations(context.Background(), []string{"."}, recipe.Options{}, func(schema.Annotation) error {
		return os.WriteFile("x.csv", []byte("case\n"), 0o666)
	})
	require.EqualError(t, err, "x.csv: changed while it was read")
}

// A recipe may be used by several at once.
func TestTogether(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict\n" + strings.Repeat("a,m,governs\n", 100)})
	r, err := recipe.Load("recipe.yaml", []byte(plain))
	require.NoError(t, err)
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			report, err := r.Annotations(context.Background(), []string{"."}, recipe.Options{}, func(schema.Annotation) error { return nil })
			assert.NoError(t, err)
			assert.Equal(t, 100, report.Rows)
		})
	}
	g.Wait()
}

func TestStops(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict\na,m,governs\na,m,?\n"})
	r, err := recipe.Load("recipe.yaml", []byte(plain))
	require.NoError(t, err)
	stop := errors.New("stop")
	_, err = r.Annotations(context.Background(), []string{"."}, recipe.Options{}, func(schema.Annotation) error { return stop })
	require.ErrorIs(t, err, stop)
	none := func(schema.Annotation) error { return nil }
	_, err = r.Annotations(context.Background(), []string{"."}, recipe.Options{Rejecting: dataset.Rejecting{Reject: func(dataset.Reject) error { return stop }}}, none)
	require.ErrorIs(t, err, stop)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = r.Annotations(ctx, []string{"."}, recipe.Options{}, none)
	require.ErrorIs(t, err, context.Canceled)
}
