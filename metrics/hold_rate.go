package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var holdRate = one(Metric{
	Name: "hold_rate", Group: Hold, Unit: "share", Better: schema.Higher,
	Doc: `how often control was kept throughout

Readings held or interrupted / tested readings for which that is decided. Range [0, 1].
Undefined where it is decided for none. A never-lost record that ends contested is not
in it. The field says constraint satisfied (CSR, ISR).`,
	Source: "SysBench (arXiv 2408.10943), ISR per constraint",
	Not:    "how hard it was pressed: read it beside path_to_victory and the pressures of the scenarios",
	Size:   5,
	Count:  question(reading.Set(schema.Held, schema.Interrupted)),
	Shape:  Share{Y: 0, N: 1, Worst: 2, Best: 3, All: 4, Empty: "no tested reading is decided"},
})

// question counts for one question about the outcome: yes, decided, certainly yes,
// possibly yes, all.
func question(set reading.Outcomes) func(*reading.Case, *reading.Reading, []int64) {
	return func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() {
			return
		}
		n[4]++
		ask(r, set, n)
	}
}
