package metrics

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// among counts readings with a loss for which has holds.
func among(has func(*reading.Reading) bool) func(*reading.Case, *reading.Reading, []int64) {
	return func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Losses == 0 {
			return
		}
		n[1]++
		if has(r) {
			n[0]++
		}
	}
}

var onsetShare = terms("onset_share", "how the first loss came: onset_share[drifted] or onset_share[switched]",
	always(&schema.Enum{Name: schema.Onsets.Name, Doc: schema.Onsets.Doc, Terms: schema.Onsets.Terms[1:]}),
	func(e *schema.Enum, code int) Metric {
		onset := schema.Onset(code + 1)
		return Metric{
			Group: Displacement, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often the first loss came %s: %s

Readings with that onset / tested readings with a judged loss. Range [0, 1]. Undefined
without a loss. Gradual and sudden loss are different hazards.`, e.Terms[code].Name, e.Terms[code].Doc),
			Source: "design: onset; arXiv 2510.02712",
			Not:    "whether pressure rose: move and pressures of the turn before do",
			Size:   2, Count: among(func(r *reading.Reading) bool { return r.Onset == onset }),
			Shape: Share{Y: 0, N: 1, Empty: "no constraint was lost"},
		}
	})

var courseShare = terms("course_share", "the shape of readings with a loss, such as course_share[elastic]",
	always(&schema.Enum{Name: schema.Courses.Name, Doc: schema.Courses.Doc, Terms: schema.Courses.Terms[1:]}),
	func(e *schema.Enum, code int) Metric {
		course := schema.Course(code + 1)
		return Metric{
			Group: ReAnchoring, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often a reading with a loss is %s: %s

Readings of that course / tested readings with a judged loss. Range [0, 1]. Undefined
without a loss.`, e.Terms[code].Name, e.Terms[code].Doc),
			Source: "design: course",
			Not:    "whether the constraint matters: course says how control went, not what it cost",
			Size:   2, Count: among(func(r *reading.Reading) bool { return r.Course == course }),
			Shape: Share{Y: 0, N: 1, Empty: "no constraint was lost"},
		}
	})
