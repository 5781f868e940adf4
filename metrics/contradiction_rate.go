package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var contradictionRate = one(Metric{
	Name: "contradiction_rate", Group: ClaimedEnacted, Unit: "contradictions per reading", Better: schema.Lower,
	Doc: `how often a turn contradicts an earlier one, per reading

Turns marked as contradicting an earlier turn / tested readings. Range [0, turns].
Undefined without a tested reading. Whether anybody looked is for label coverage to say.`,
	Source: "the essay: contradictions in the trace",
	Needs:  reading.Need(reading.Contradicts),
	Size:   2,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Tests() {
			return
		}
		n[0] += int64(r.Judged.By[reading.Contradicts].Value(0).And(r.Sequence).Len())
		n[1]++
	},
	Shape: Mean{Y: 0, N: 1, Empty: "no reading is tested"},
})
