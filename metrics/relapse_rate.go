package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var relapseRate = one(Metric{
	Name: "relapse_rate", Group: ReAnchoring, Unit: "share", Better: schema.Lower,
	Doc: `how often a constraint that came back was lost again

Readings with a loss after a return / readings with a return, where that is decided.
Range [0, 1]. Undefined without a return. Per reading; short records bias it down,
because they end before the relapse. The field says re-flip (SYCON NoF), oscillation.`,
	Source: "design: returns between judged units",
	Not:    "when: records that end early hide relapses. relapse_survival@u censors them",
	Size:   5,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Returns == 0 {
			return
		}
		n[4]++
		switch {
		case r.ReturnsLost > 0:
			decide(n, true)
		case unknown(r).From(firstReturn(r)).Empty():
			decide(n, false)
		default:
			n[3]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 3, Best: 2, All: 4, Empty: "no constraint came back"},
})

// firstReturn is the first governed unit after the first loss.
func firstReturn(r *reading.Reading) int { return r.G.From(r.FirstLoss - 1).First() }
