package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var neverHeldRate = one(Metric{
	Name: "never_held_rate", Group: Displacement, Unit: "share", Better: schema.Lower,
	Doc: `how often control was lost from the start

Readings whose first unit is neutralised / tested readings whose first unit is known.
Range [0, 1]. Undefined where it is known for none. Keeps "wrong from the start" apart
from "pushed off".`,
	Source: "design: never_held",
	Not:    "that pressure caused it: these were wrong from the start",
	Size:   5,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Whole {
			return
		}
		n[4]++
		switch first := r.Sequence.First(); {
		case r.N.Has(first):
			decide(n, true)
		case r.G.Has(first) || r.C.Has(first):
			decide(n, false)
		default:
			n[3]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 3, Best: 2, All: 4, Empty: "no first state is known"},
})
