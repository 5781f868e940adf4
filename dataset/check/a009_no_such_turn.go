package check

import (
	"errors"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var noSuchTurn = &Rule{
	Code: "A009", Name: "no-such-turn", Severity: Error,
	Doc: `a judgement stands where its trajectory has nothing

turn is the index of a turn, from 0; assistant_turn and exchange count the system's own
turns and its answers to the user, from 1. All that are given have to exist, and to be
the same place. Without a table of trajectories, the annotation's own assistant_turns
and exchanges say where the end is.`,
	Fix: `Correct the numbers, or leave only the one that is sure: righting annotate finds the
others.`,
	Start: func(d *Data) Visitor {
		x := d.Index()
		inside := placed(d, func(at *Row, _ *schema.Annotation, err error) {
			var why *dataset.Unmatched
			if errors.Is(err, dataset.ErrNoTurn) && errors.As(err, &why) {
				at.Report(why.Column, "%v", err)
			}
		})
		known := false // the trajectory of the row
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.Same < sameTrajectory {
				known = x.Has(a.TrajectoryID)
			}
			if known {
				inside(at, a)
				return
			}
			if a.Turn != nil && *a.Turn < 0 {
				at.Report("turn", "turn %d; the first is 0", *a.Turn)
			}
			within(at, "assistant_turn", a.AssistantTurn, a.AssistantTurns)
			within(at, "exchange", a.Exchange, a.Exchanges)
		}}
	},
}

// within reports a number that is not among as many, if it is known how many there are.
func within(at *Row, field string, n, of *int32) {
	switch {
	case n == nil:
	case *n < 1:
		at.Report(field, "%s %d; the first is 1", field, *n)
	case of != nil && *n > *of:
		at.Report(field, "%s %d where %ss is %d", field, *n, field, *of)
	case *n > maxUnits:
		at.Report(field, "%s %d; a trajectory has at most %d", field, *n, maxUnits)
	}
}
