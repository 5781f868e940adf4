package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var stateFlips = one(Metric{
	Name: "state_flips", Group: ReAnchoring, Unit: "flips per reading", Better: schema.Neither,
	Doc: `how often the state changed between lost and not lost, per reading

Changes between neutralised and not, over judged turns in order / tested readings.
Range [0, turns − 1]. Undefined without a tested reading. Neither direction is better:
coming back is a flip too. The field says number of flips.`,
	Source: "SYCON-Bench (arXiv 2505.23840) NoF, the same number on binary labels without gaps",
	Not:    "in which direction: a reading that only ever recovers flips too",
	Size:   2,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Whole {
			return
		}
		n[1]++
		known := r.G.Or(r.C).Or(r.N)
		for i := known.First(); i >= 0; {
			next := known.Next(i)
			if next >= 0 && r.N.Has(i) != r.N.Has(next) {
				n[0]++
			}
			i = next
		}
	},
	Shape: Mean{Y: 0, N: 1, Empty: "no tested reading has judged turns"},
})
