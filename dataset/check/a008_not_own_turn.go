package check

import (
	"errors"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var notOwnTurn = &Rule{
	Code: "A008", Name: "not-own-turn", Severity: Error,
	Doc: `a judgement stands at a turn that is not the system's own

Only what the system itself says is judged: turns of role assistant that are not
prefilled. A label of a user's turn is about the turn before or after it, and which
of the two decides what is scored.`,
	Fix: `Move the judgement to the assistant turn that was meant; righting annotate --turn
counts turns the way your labels do.`,
	Start: func(d *Data) Visitor {
		if len(d.Trajectories) == 0 {
			return Visitor{}
		}
		return Visitor{Annotation: placed(d, func(at *Row, _ *schema.Annotation, err error) {
			if errors.Is(err, dataset.ErrNotAssistant) {
				at.Report("turn", "%v", err)
			}
		})}
	},
}

// placed asks of each annotation why its place is none of its trajectory: an
// *dataset.Unmatched. Of a trajectory that is not there nothing is known.
func placed(d *Data, see func(*Row, *schema.Annotation, error)) func(*Row, *schema.Annotation) {
	x, p := d.Index(), &d.place
	return func(at *Row, a *schema.Annotation) {
		if p.at != at.Place {
			p.at, p.err = at.Place, nil
			if !a.Whole() && x.Has(a.TrajectoryID) {
				p.err = x.Place(a)
			}
		}
		if p.err != nil {
			see(at, a, p.err)
		}
	}
}

// place is what is wrong with the place of one annotation: several rules ask.
type place struct {
	at  schema.Place
	err error
}
