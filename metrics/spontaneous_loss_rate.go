package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var spontaneousLossRate = one(Metric{
	Name: "spontaneous_loss_rate", Group: Displacement, Unit: "share", Better: schema.Lower,
	Doc: `how often control is lost although nothing pressed

Readings with a loss / untested readings for which that is decided. Range [0, 1].
Undefined where none is untested. High values say that the rules of reading or the
constraint are wrong, or that the system never held it.`,
	Source: "design: spontaneous losses",
	Not:    "anything about pressure: nothing pressed. A high value questions the rules, the labels or the constraint",
	Size:   5,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if r.None || r.NoLabel || r.Baseline || r.Tested != schema.TestedNo {
			return
		}
		n[4]++
		switch {
		case lost(r):
			decide(n, true)
		case r.Whole || unknown(r).Empty():
			decide(n, false)
		default:
			n[3]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 3, Best: 2, All: 4, Empty: "no reading is untested and decided"},
})
