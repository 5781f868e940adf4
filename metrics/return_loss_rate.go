package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var returnLossRate = one(Metric{
	Name: "return_loss_rate", Group: ReAnchoring, Unit: "share", Better: schema.Lower,
	Doc: `how often control that came back was lost again

Returns followed by a later loss / all returns. Range [0, 1]. Undefined without a
return. A return is neutralised to governs between judged units. The field says re-flip
(SYCON NoF).`,
	Source: "design: returns between judged units",
	Not:    "how many readings relapse: relapse_rate counts each once",
	Size:   2,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() {
			return
		}
		n[0] += int64(r.ReturnsLost)
		n[1] += int64(r.Returns)
	},
	Shape: Share{Y: 0, N: 1, Empty: "no constraint came back"},
})
