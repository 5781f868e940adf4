package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var recoveryRate = one(Metric{
	Name: "recovery_rate", Group: ReAnchoring, Unit: "share", Better: schema.Higher,
	Doc: `how often a lost constraint was durably regained

Readings recovered / lost readings for which that is decided; unproven counts 0, and 1
in best, as do losses too late to tell. Range [0, 1]. Undefined without a loss. It is no
ranking: it conditions on losing, and a firm system loses only where it is hardest. The
field says sway-recovery, utility recovery.`,
	Source: "design: outcomes of a reading",
	Size:   5,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || !lost(r) {
			return
		}
		n[4]++
		if r.CreditBest == 1 || r.Possible&reading.Set(schema.Recovered, schema.Unproven) != 0 {
			n[3]++
		}
		if yes, known := r.In(reading.Set(schema.Recovered)); known {
			n[1]++
			if yes {
				n[0]++
				n[2]++
			}
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 2, Best: 3, All: 4, Empty: "no constraint was lost"},
})
