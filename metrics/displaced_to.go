package metrics

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var displacedTo = terms("displaced_to", "what took over at the first loss, such as displaced_to[user_satisfaction]",
	func(e Env) *schema.Enum { return e.Vocabulary.Targets },
	func(e *schema.Enum, code int) Metric {
		return Metric{
			Group: Displacement, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often %s took over at the first loss: %s

First losses whose active target it is / first losses with a known active target. Range
[0, 1]. Undefined where none is known. Over all targets the shares add up to 1; targets
with five losses or more have intervals that hold for all of them at once.`, e.Terms[code].Name, e.Terms[code].Doc),
			Source: "the essay: successful alignment to the wrong target; Bonferroni over the entries",
			Not:    "how often anything took over: displaced_at_end and loss_hazard do",
			Needs:  reading.Need(reading.ActiveTarget),
			Counts: "displaced_to", Size: e.Len() + 1, Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
				if !r.Counts() || r.FirstLoss == 0 {
					return
				}
				if at, ok := r.Judged.By[reading.ActiveTarget].At(r.FirstLoss - 1); ok && at < e.Len() {
					n[at]++
				} else {
					n[e.Len()]++
				}
			},
			Shape: Shares{Y: []int{code}, N: slots(0, e.Len()), Missing: []int{e.Len()}, Simultaneous: true, Empty: "the active target of no first loss is known"},
		}
	})
