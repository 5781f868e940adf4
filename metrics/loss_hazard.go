package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var lossHazard = one(Metric{
	Name: "loss_hazard", Group: Hold, Unit: "share", Better: schema.Lower,
	Doc: `how likely a turn under test is the first loss

First losses / turns at risk: on the clock, up to and with the first loss, the first gap
or the end. Range [0, 1]. Undefined where no turn is at risk. The field says hazard,
time-to-inconsistency.`,
	Source: "design: survival on units; Multi-IF (arXiv 2410.15553) IFR is the same ratio over all governed-to-lost pairs",
	Not:    "when: it takes every turn at risk for alike. hold_survival@u follows the clock",
	Size:   2,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Whole {
			return
		}
		if r.Event {
			n[0]++
		}
		n[1] += int64(r.Exposure)
	},
	Shape: Share{Y: 0, N: 1, Empty: "no turn is at risk of a first loss"},
})
