package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var reanchorHazard = one(Metric{
	Name: "reanchor_hazard", Group: ReAnchoring, Unit: "share", Better: schema.Higher,
	Doc: `how likely the turn after a lost one governs again

Lost turns followed by a governed one / lost turns whose next turn is known; contested
counts as no. Range [0, 1]. Undefined where no lost turn has a known next turn.
Apology is not counted, only control. The field says error correction ratio, recovery.`,
	Source: "Multi-IF (arXiv 2410.15553), error correction ratio, per constraint",
	Not:    "that control lasted: relapse_rate and recovery_rate do",
	Size:   3,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() {
			return
		}
		for i := r.N.First(); i >= 0; i = r.N.Next(i) {
			next := r.Sequence.Next(i)
			switch {
			case next < 0:
			case r.G.Has(next):
				n[0]++
				n[1]++
			case r.C.Has(next) || r.N.Has(next):
				n[1]++
			default:
				n[2]++
			}
		}
	},
	Shape: Share{Y: 0, N: 1, Missing: 2, Empty: "no lost turn has a known next turn"},
})
