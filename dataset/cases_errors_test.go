package dataset

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// judged is a row that is right in everything.
func judged(id string, unit int32) schema.Annotation {
	return schema.Annotation{
		TrajectoryID: id, System: "s", Scenario: "c", Setting: "interaction", ConstraintID: "main", Annotator: "a", AnnotatorKind: "human",
		Turn: new(2 * unit), AssistantTurn: new(unit), AssistantTurns: new(int32(9)), Control: new("governs"),
	}
}

func TestCasesErrors(t *testing.T) {
	with := func(r schema.Annotation, change func(*schema.Annotation)) schema.Annotation {
		change(&r)
		return r
	}
	good := func(n int32) (rows []schema.Annotation) {
		for i := range n {
			rows = append(rows, judged("t", i+1))
		}
		return rows
	}
	tests := map[string]struct {
		rows   []schema.Annotation
		change func(*schema.Annotation) // of a row after three good ones
		want   string
		is     error
	}{
		"label": {change: func(r *schema.Annotation) { r.Control = new("govern") }, want: "A:4: control: unknown control \"govern\"; did you mean governs?", is: schema.ErrVocabulary},
		"list":  {change: func(r *schema.Annotation) { r.Symbols = []string{"warning", "warming"} }, want: "A:4: symbols: unknown symbol \"warming\"; did you mean warning?", is: schema.ErrVocabulary},
		"open": {
			change: func(r *schema.Annotation) { r.ActiveTarget = new("mision") }, is: schema.ErrVocabulary,
			want: "A:4: active_target: unknown target \"mision\"; did you mean mission? (to use it, name and document it under vocabulary.targets in dataset.yaml)",
		},
		"leakage":    {change: func(r *schema.Annotation) { r.Leakage = new(int32(4)) }, want: "A:4: leakage: unknown leakage \"4\"; it is one of 0, 1, 2, 3", is: schema.ErrVocabulary},
		"setting":    {change: func(r *schema.Annotation) { r.TrajectoryID, r.Setting = "u", "interacton" }, want: "A:4: setting: unknown setting \"interacton\"; did you mean interaction?"},
		"terminal":   {change: func(r *schema.Annotation) { r.TrajectoryID, r.Terminal = "u", new("limits") }, want: "A:4: terminal: unknown terminal \"limits\"; did you mean limit?"},
		"turn only":  {change: func(r *schema.Annotation) { r.AssistantTurn = nil }, want: "A:4: assistant_turn: is null where turn is 8; join the labels to their trajectories with righting annotate, which numbers them"},
		"exchange":   {rows: []schema.Annotation{with(judged("t", 1), func(r *schema.Annotation) { r.Turn, r.AssistantTurn, r.Exchange = nil, nil, new(int32(3)) })}, want: "A:1: assistant_turn: is null where exchange is 3; join the labels to their trajectories with righting annotate, which numbers them"},
		"zero":       {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(0)) }, want: "A:4: assistant_turn: is 0, outside 1 to 1000000"},
		"large":      {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(1_000_001)) }, want: "A:4: assistant_turn: is 1000001, outside 1 to 1000000"},
		"beyond":     {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(10)) }, want: "A:4: assistant_turn: is 10 where assistant_turns is 9"},
		"lengths":    {change: func(r *schema.Annotation) { r.AssistantTurns = new(int32(8)) }, want: "A:4: assistant_turns: is 9 and 8 in one trajectory"},
		"length":     {change: func(r *schema.Annotation) { r.TrajectoryID, r.AssistantTurns = "u", new(int32(-1)) }, want: "A:4: assistant_turns: is -1, outside 0 to 1000000"},
		"twice":      {change: func(r *schema.Annotation) { *r = judged("t", 3) }, want: `A:4: trajectory_id: "t" has a second row by "a", pass 0, about assistant_turn 3, constraint main; keep one, or give the other another pass`},
		"other turn": {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(1)) }, want: `A:4: trajectory_id: "t" has a second row by "a", pass 0, about assistant_turn 1, constraint main; keep one, or give the other another pass`},
		"twice whole": {
			rows: slices.Repeat([]schema.Annotation{with(judged("t", 1), func(r *schema.Annotation) { r.Turn, r.AssistantTurn = nil, nil })}, 2),
			want: `A:2: trajectory_id: "t" has a second row by "a", pass 0, about the whole, constraint main; keep one, or give the other another pass`,
		},
		"unsorted":   {change: func(r *schema.Annotation) { r.Turn, r.AssistantTurn = new(int32(1)), new(int32(4)) }, want: "A:4: trajectory_id: the file declares to be sorted but is not: write it anew with righting"},
		"trajectory": {change: func(r *schema.Annotation) { r.TrajectoryID = "s" }, want: "A:4: trajectory_id: the file declares to be sorted but is not: write it anew with righting"},
		"annotator":  {change: func(r *schema.Annotation) { r.Annotator = "A" }, want: "A:4: trajectory_id: the file declares to be sorted but is not: write it anew with righting"},
		"measure":    {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severty"), new(1.) }, want: `A:4: measure: unknown measure "severty"; did you mean severity? (to use it, declare it under measures in dataset.yaml)`},
		"undeclared": {change: func(r *schema.Annotation) { r.Measure, r.Value = new("x"), new(1.) }, want: `A:4: measure: unknown measure "x"; declare it under measures in dataset.yaml`},
		"off step":   {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severity"), new(.3) }, want: `A:4: value: measure severity: 0.3 is off the measure's step 0.5`},
		"above":      {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severity"), new(7.) }, want: `A:4: value: measure severity: 7 is above the measure's max 5`},
		"nan":        {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severity"), new(math.NaN()) }, want: `A:4: value: measure severity: NaN is not a number that can be counted`},
		"letters": {
			rows: []schema.Annotation{
				with(judged("t", 1), func(r *schema.Annotation) { r.Measure, r.Value = new("grade"), new(1.) }),
				with(judged("t", 2), func(r *schema.Annotation) { r.Measure, r.ValueText = new("grade"), new("C") }),
			},
			want: `A:2: value_text: measure grade has numbers and letters from one annotator in one trajectory; give one or the other`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rows := test.rows
			if rows == nil {
				rows = append(good(3), with(judged("t", 4), test.change))
			}
			for _, options := range [][]parquet.WriterOption{nil, {optionFunc(func(c *parquet.WriterConfig) { c.DictionaryMaxBytes = 1 })}, {notDeclared()}} {
				path := annotationsFile(t, [][]schema.Annotation{rows}, options...)
				d := &Dataset{Manifest: testManifest(), Annotations: []string{path}}
				_, err := cases(d, everything())
				if len(options) > 0 && strings.Contains(test.want, "declares to be sorted") {
					continue // is sorted there, or is as above
				}
				require.Error(t, err)
				assert.Equal(t, test.want, strings.Replace(err.Error(), path, "A", 1))
				if test.is != nil {
					assert.ErrorIs(t, err, test.is)
				}
				var row *schema.RowError
				assert.ErrorAs(t, err, &row)
			}
		})
	}
}

func TestCasesAcross(t *testing.T) {
	one := func(ids ...string) (rows []schema.Annotation) {
		for _, id := range ids {
			rows = append(rows, judged(id, 1))
		}
		return rows
	}
	type groups = [][]schema.Annotation
	tests := map[string]struct {
		files []groups
		want  string
	}{
		"in order":     {[]groups{{one("a", "b"), one("c")}, {one("d")}}, ""},
		"other splits": {[]groups{{one("a", "c"), one("e")}, {one("b")}, {one("d")}}, ""},
		"empty group":  {[]groups{{one("a"), nil, one("b")}, {nil}}, ""},
		"two groups":   {[]groups{{one("a", "b"), one("b")}}, `0:3: trajectory_id: "b" lies in two row groups; write the file anew with righting`},
		"group order":  {[]groups{{one("b"), one("c"), one("a")}}, `0:3: trajectory_id: the file declares to be sorted but is not: write it anew with righting`},
		"two files":    {[]groups{{one("a", "c")}, {one("b", "c")}}, `1:2: trajectory_id: "c" has annotations in 0 too; a trajectory's must lie in one file: write the dataset anew with righting`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := new(Dataset)
			var names []string
			for i, g := range test.files {
				d.Annotations = append(d.Annotations, annotationsFile(t, g))
				names = append(names, d.Annotations[i], fmt.Sprint(i))
			}
			_, err := cases(d, reading.Columns{})
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			assert.Equal(t, test.want, strings.NewReplacer(names...).Replace(err.Error()))
		})
	}
}

func TestCasesFirstErrorWins(t *testing.T) {
	var groups [][]schema.Annotation
	for i := range 20 {
		groups = append(groups, []schema.Annotation{judged(fmt.Sprintf("t%02d", i), 1)})
	}
	d := &Dataset{Annotations: []string{annotationsFile(t, groups)}}
	for range 6 {
		var done []string
		err := Cases(t.Context(), d, reading.Columns{}, func() *string { return new(string) },
			func(a *string, c *reading.Case) error {
				*a = c.TrajectoryID
				if c.TrajectoryID == "t05" {
					runtime.Gosched()
					return errors.New("five")
				}
				if c.TrajectoryID > "t05" {
					return errors.New("later")
				}
				return nil
			},
			func(a *string) error { done = append(done, *a); return nil })
		require.EqualError(t, err, "five")
		require.Equal(t, []string{"t00", "t01", "t02", "t03", "t04"}, done)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Cases(ctx, d, reading.Columns{}, func() int { return 0 }, func(int, *reading.Case) error { return nil }, func(int) error { return nil })
	require.ErrorIs(t, err, context.Canceled)
	stop := errors.New("stop")
	err = Cases(t.Context(), d, reading.Columns{}, func() int { return 0 }, func(int, *reading.Case) error { return nil }, func(int) error { return stop })
	require.ErrorIs(t, err, stop)
}
