package annotate

import (
	"context"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// Deciding lists the units of a case, from 0, on which its credit turns now: units whose
// control is not known, and of which some value, with all other gaps left open, makes
// the set of possible credits smaller.
//
// Let P be the outcomes that some filling of the gaps gives (reading.Reading.Possible),
// and P(u=v) the same once unit u has the control v. Credit is open if P holds outcomes
// with credit and without. Unit u decides if credit is open by P, and closed by P(u=v)
// for some v of governs, contested, neutralised. So no unit decides where credit is
// known, however many gaps there are; and where it is open the last gap always decides,
// for a loss there leaves only what is known after it. Asking for the deciding units,
// reading again and asking again therefore ends with credit known, and never asks for a
// unit that could change nothing.
//
// The case is read by the rules, by its panel; new judges of a gap stand there alone.
func Deciding(c *reading.Case, rules *reading.Rules) ([]int, error) {
	var j reading.Judged
	read := func(unit int, control schema.Control) (reading.Reading, error) {
		if err := rules.Panel.Judge(c, &j); err != nil {
			return reading.Reading{}, err
		}
		if unit >= 0 {
			j.By[reading.Control].Add(unit, int(control))
		}
		return reading.Read(c, &j, rules), nil
	}
	r, err := read(-1, 0)
	if err != nil {
		return nil, err
	}
	if _, known := r.Credit(); known || r.None {
		return nil, nil
	}
	gaps := r.Sequence.AndNot(r.G).AndNot(r.C).AndNot(r.N)
	var out []int
	for u := gaps.First(); u >= 0; u = gaps.Next(u) {
		for _, v := range []schema.Control{schema.Neutralised, schema.Contested, schema.Governs} {
			with, err := read(u, v)
			if err != nil {
				return nil, err
			}
			if _, known := with.Credit(); known {
				out = append(out, u)
				break
			}
		}
	}
	return out, nil
}

// A caseID is one constraint in one trajectory.
type caseID struct{ trajectory, constraint string }

// deciding lists the deciding units of every case that has a judgement; nil for a case
// without such a unit.
func deciding(ctx context.Context, d *dataset.Dataset, rules *reading.Rules) (map[caseID][]int, error) {
	out := map[caseID][]int{}
	start := func() map[caseID][]int { return map[caseID][]int{} }
	err := dataset.Cases(ctx, d, rules.Panel.Names, start,
		func(of map[caseID][]int, c *reading.Case) error {
			units, err := Deciding(c, rules)
			of[caseID{c.TrajectoryID, c.Constraint}] = units
			return err
		},
		func(of map[caseID][]int) error {
			for id, units := range of {
				out[id] = units
			}
			return nil
		})
	return out, err
}
