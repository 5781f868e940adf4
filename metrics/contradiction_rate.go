package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var contradictionRate = one(Metric{
	Name: "contradiction_rate", Group: ClaimedEnacted, Unit: "contradictions per reading", Better: schema.Lower,
	Doc: `how often a turn contradicts an earlier one, per reading

Turns marked as contradicting an earlier turn / tested readings with such a mark: the
column has no word for "looked, none". Range [1, turns]. Undefined without a mark.`,
	Source: "the essay: contradictions in the trace",
	Not:    "how many turns nobody compared: annotators mark contradictions, not their absence",
	Needs:  reading.Need(reading.Contradicts),
	Size:   3,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Tests() {
			return
		}
		if r.Judged.By[reading.Contradicts].Judged.Empty() { // nobody said anything of contradictions
			n[2]++
			return
		}
		n[0] += int64(r.Judged.By[reading.Contradicts].Value(0).And(r.Sequence).Len())
		n[1]++
	},
	Shape: Mean{Y: 0, N: 1, Missing: 2, Empty: "nobody marked a contradiction"},
})
