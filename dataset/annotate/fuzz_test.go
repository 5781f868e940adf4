package annotate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// FuzzAnswer: a line of answers is read or not, and never more than it asks about.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"custom_id":"a#main","annotator":"j","answer":{"turns":[{"assistant_turn":1,"control":"governs","symbols":[],"leakage":0,"recognition":true,"confidence":0.5}]}}`,
		`{"custom_id":"a#main#1","response":{"body":{"model":"j","choices":[{"message":{"content":"{\"control\":null}","refusal":null},"finish_reason":"stop"}]}}}`,
		`{"custom_id":"a#main#1,","result":{"type":"succeeded","message":{"model":"j","content":[{"type":"text","text":"` + "```json\\n{}\\n```" + `"}]}}}`,
		`{"custom_id":"a#main","response":{"body":{"output":[{"content":[{"type":"output_text","text":"{"}]}]}},"error":null}`,
	} {
		f.Add([]byte(s))
	}
	x := &index{bySource: map[string][]string{}, byRun: map[run][]found{}}
	t := schema.Trajectory{TrajectoryID: "a", System: "s", Scenario: "q", Setting: "interaction", Turns: []schema.Turn{{Role: "user"}, {Role: "assistant"}}}
	dataset.Count(&t)
	require.NoError(f, x.Add(&t))
	f.Fuzz(func(t *testing.T, line []byte) {
		j := newJoin(new(dataset.Dataset), x, &Options{Annotator: "j", Key: ByTrajectory}, new(Report))
		_, a, err := j.answer(line, origin{})
		if err != nil {
			require.Empty(t, a.labels)
			return
		}
		require.NotEmpty(t, a.labels)
		for _, l := range a.labels {
			require.Equal(t, "j", l.Annotator)
			require.Equal(t, "model", l.AnnotatorKind)
			if l.Control != nil {
				require.NoError(t, schema.Controls.Check(*l.Control))
			}
		}
	})
}

// FuzzCustomID: what can be read is written as it was, and the other way round.
func FuzzCustomID(f *testing.F) {
	f.Add("a#main", "c#%")
	f.Add("a%23#main#3,", "x")
	f.Fuzz(func(t *testing.T, s, constraint string) {
		if c, err := parseCustomID(s); err == nil && c.turns == nil {
			require.Equal(t, s, c.String())
		}
		if s == "" || constraint == "" {
			return
		}
		for _, c := range []customID{
			{trajectory: s, constraint: constraint},
			{trajectory: s, constraint: constraint, turns: []int{3}, alone: true},
			{trajectory: s, constraint: constraint, turns: []int{3}},
			{trajectory: s, constraint: constraint, turns: []int{1, 20}},
		} {
			got, err := parseCustomID(c.String())
			require.NoError(t, err)
			require.Equal(t, c, got)
		}
	})
}
