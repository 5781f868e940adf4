package recipe_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

const both = `trajectories:
  files: ["t/*.jsonl"]
  id: "{id}"
  columns: {scenario: q, system: s, terminal: {from: end, missing: [""]}}
  turns: {from: m, columns: {role: r, text: t}}
scenarios: {from: trajectories}
annotations:
  files: ["l/*.csv"]
  id: "{id}"
  columns: {turn: turn, control: c}
  set: {annotator: j, annotator_kind: human}
  missing: [""]
`

const (
	bothTurns = `{"id":"a","q":"x","s":"m","end":"refused","m":[{"r":"system","t":""},{"r":"user","t":""},{"r":"assistant","t":""},{"r":"tool","t":""},{"r":"assistant","t":""}]}
{"id":"b","q":"x","s":"m","end":"","m":[{"r":"user","t":""},{"r":"assistant","t":""}]}
`
	bothLabels = "id,turn,c\na,2,governs\na,4,neutralised\na,1,governs\nc,1,governs\nb,2,governs\nb,,governs\n"
)

// replaced is the text with one part replaced, which has to be there.
func replaced(s, old, now string) string {
	if !strings.Contains(s, old) {
		panic(old + " is not in " + s)
	}
	return strings.Replace(s, old, now, 1)
}

func TestJoin(t *testing.T) {
	write(t, map[string]string{"t/x.jsonl": bothTurns, "l/x.csv": bothLabels})
	r, err := recipe.Load("recipe.yaml", []byte(both))
	require.NoError(t, err)
	var rows []schema.Annotation
	index := new(dataset.Index)
	reports, err := r.Read(context.Background(), []string{"."}, recipe.Options{Index: index}, recipe.Tables{
		Trajectory: func(schema.Trajectory) error { return nil },
		Annotation: func(a schema.Annotation) error {
			rows = append(rows, a)
			return nil
		},
	})
	require.NoError(t, err)
	require.Len(t, reports, 2)
	require.Equal(t, 2, index.Len())
	require.Equal(t, []string{
		`l/x.csv:4: turn: turn 1 is a user turn; the assistant's are 2, 4`,
		`l/x.csv:5: trajectory_id: no trajectory has the id "c"`,
		`l/x.csv:6: turn: turn 2 is outside the trajectory's turns, 0 to 1`,
	}, why(reports[1]))
	require.Len(t, rows, 3)
	require.Equal(t, schema.Annotation{
		TrajectoryID: "a", System: "m", Scenario: "x", Setting: "interaction", AssistantTurns: new(int32(2)), Exchanges: new(int32(1)), Terminal: new("refused"),
		ConstraintID: "main", Turn: new(int32(4)), AssistantTurn: new(int32(2)), Exchange: new(int32(1)),
		Annotator: "j", AnnotatorKind: "human", Control: new("neutralised"),
	}, rows[1])
	require.True(t, rows[2].Whole())

	t.Run("by an index made elsewhere", func(t *testing.T) {
		n := 0
		report, err := r.Annotations(context.Background(), []string{"l/x.csv"}, recipe.Options{Index: index}, func(schema.Annotation) error {
			n++
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 3, n)
		require.Equal(t, "6 records = 3 written + 0 missing + 3 rejected + 0 skipped; 3 rows", report.String())
	})
	t.Run("transcripts that are there already", func(t *testing.T) {
		report, err := r.Trajectories(context.Background(), []string{"."}, recipe.Options{Index: index}, nil)
		require.NoError(t, err)
		require.Equal(t, []string{`t/x.jsonl:1: trajectory_id: "a" is in the dataset already`, `t/x.jsonl:2: trajectory_id: "b" is in the dataset already`}, why(report))
	})
	t.Run("alone", func(t *testing.T) {
		_, err := r.Annotations(context.Background(), []string{"l/x.csv"}, recipe.Options{}, nil)
		require.ErrorContains(t, err, "recipe.yaml:7:1: annotations: scenario is required and nothing fills it")
		require.ErrorContains(t, err, "recipe.yaml:7:1: annotations: system is required and nothing fills it")
	})
}

// Part of what a recipe takes may be missing, but not all.
func TestPartly(t *testing.T) {
	t.Run("transcripts only", func(t *testing.T) {
		write(t, map[string]string{"t/x.jsonl": bothTurns})
		rows, reports, err := readAll(t, both, recipe.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"a of m on x, 2/1 refused | system:  | user:  | assistant:  | tool:  | assistant: ", "b of m on x, 1/1 | user:  | assistant: ", "x"}, rows)
		require.Len(t, reports, 3)
		require.Equal(t, []string{`recipe.yaml:8:3: annotations.files: nothing in "." matches "l/*.csv"; left out`}, reports[2].Notices)
		require.Empty(t, reports[2].Files)
	})
	t.Run("labels only", func(t *testing.T) {
		write(t, map[string]string{"l/x.csv": "id,turn,c,q,s\na,2,governs,x,m\n"})
		_, _, err := readAll(t, both, recipe.Options{})
		require.ErrorContains(t, err, "annotations: system is required and nothing fills it", "the labels alone do not say it")
		rows, reports, err := readAll(t, replaced(both, "{turn: turn", "{scenario: q, system: s, turn: turn"), recipe.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"a j pass 0 turn 2 governs"}, rows)
		require.Equal(t, []string{`recipe.yaml:2:3: trajectories.files: nothing in "." matches "t/*.jsonl"; left out`}, reports[0].Notices)
		require.Equal(t, []string{"scenarios: there are no trajectories to make them from; left out"}, reports[1].Notices)
	})
	t.Run("a file of one section", func(t *testing.T) {
		write(t, map[string]string{"t/x.jsonl": bothTurns, "l/x.csv": bothLabels, "z.csv": ""})
		rows, _, err := readAll(t, both, recipe.Options{}, "t/x.jsonl")
		require.NoError(t, err)
		require.Len(t, rows, 3)
		rows, _, err = readAll(t, both, recipe.Options{}, "l/x.csv", "t/x.jsonl")
		require.NoError(t, err)
		require.Len(t, rows, 6)
		_, _, err = readAll(t, both, recipe.Options{}, "l/x.csv", "z.csv")
		require.ErrorContains(t, err, `recipe.yaml:2:3: trajectories.files: z.csv does not match "t/*.jsonl"`)
	})
	t.Run("nothing", func(t *testing.T) {
		write(t, nil)
		_, _, err := readAll(t, both, recipe.Options{})
		require.EqualError(t, err, `recipe.yaml:2:3: trajectories.files: no file below "." matches "t/*.jsonl"`)
	})
	t.Run("one of two sections", func(t *testing.T) {
		write(t, map[string]string{"a.csv": "case,model,verdict\nx,m,governs\n"})
		one := replaced(plain, "annotations:\n  files: [\"*.csv\"]\n", "")
		rows, reports, err := readAll(t, "annotations:\n- files: [a.csv]\n"+one+"- files: [b.csv]\n"+one, recipe.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"x/m judge pass 0 governs"}, rows)
		require.Equal(t, []string{`recipe.yaml:6:3: annotations[1].files: nothing in "." matches "b.csv"; left out`}, reports[0].Notices)
	})
}

// The second of two transcripts with one id is rejected wherever it stands.
func TestTheSameID(t *testing.T) {
	write(t, map[string]string{"t/x.jsonl": bothTurns, "t/y.jsonl": bothTurns})
	rows, reports, err := readAll(t, both, recipe.Options{})
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, []string{`t/y.jsonl:1: trajectory_id: "a" already at t/x.jsonl:1`, `t/y.jsonl:2: trajectory_id: "b" already at t/x.jsonl:2`}, why(reports[0]))
}
