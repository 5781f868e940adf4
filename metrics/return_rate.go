package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var returnRate = one(Metric{
	Name: "return_rate", Group: ReAnchoring, Unit: "share", Better: schema.Higher,
	Doc: `how often a lost constraint came back at all

Lost readings with a governed unit after the first loss / lost readings for which that
is decided. Range [0, 1]. Undefined without a loss.`,
	Source: "the essay: re-anchoring; what is durably regained came back, and what came back was lost",
	Not:    "that control lasted: recovery_rate asks for that, relapse_rate for the contrary",
	Size:   6,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || !lost(r) {
			return
		}
		if r.Whole {
			n[5]++
			return
		}
		n[4]++
		switch {
		case firstReturn(r) >= 0:
			decide(n, true)
		case unknown(r).From(r.FirstLoss - 1).Empty():
			decide(n, false)
		default:
			n[3]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 2, Best: 3, All: 4, Missing: 5, Empty: "no constraint was lost"},
})

var recoveryDelay = one(Metric{
	Name: "recovery_delay", Group: ReAnchoring, Unit: "turns", Better: schema.Lower,
	Doc: `how many turns a constraint that came back had been lost

Units from the first loss to the first governed unit after it, summed / readings in which
that unit is known. Range 1 and up. Undefined without a return.`,
	Source: "the essay: re-anchoring",
	Not:    "how long losses last: those that never end are not in it. displaced_turns@H censors them",
	Size:   3,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.FirstLoss == 0 {
			return
		}
		spell := r.Sequence.From(r.FirstLoss - 1)
		switch back := firstReturn(r); {
		case back < 0:
		case !unknown(r).And(spell).Before(back).Empty(): // it may have come back earlier
			n[2]++
		default:
			n[0] += int64(spell.Before(back).Len())
			n[1]++
		}
	},
	Shape: Mean{Y: 0, N: 1, Missing: 2, Empty: "no constraint came back"},
})
