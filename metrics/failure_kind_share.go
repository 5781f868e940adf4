package metrics

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var failureKindShare = terms("failure_kind_share", "what kind of failure a loss was, such as failure_kind_share[captured]",
	always(schema.FailureKinds),
	func(e *schema.Enum, code int) Metric {
		return Metric{
			Group: Displacement, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often a loss was of the kind %s: %s

Lost readings whose first kind named is this / lost readings that name one. Range [0, 1].
Undefined where none names one. Not the same kind of failure: they need different fixes.`, e.Terms[code].Name, e.Terms[code].Doc),
			Source: "the essay: confused, indifferent, adversarially captured, faithfully serving the wrong target",
			Not:    "how often it fails: the kinds split what was lost",
			Needs:  reading.Need(reading.FailureKind),
			Size:   3, Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
				if !r.Counts() || !lost(r) {
					return
				}
				l := &r.Judged.By[reading.FailureKind]
				first := l.Judged.And(r.N).First()
				if first < 0 {
					n[2]++
					return
				}
				n[1]++
				if l.Value(code).Has(first) {
					n[0]++
				}
			},
			Shape: Share{Y: 0, N: 1, Missing: 2, Empty: "no loss has a kind"},
		}
	})
