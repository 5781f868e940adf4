package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var emptyRecognitionRate = one(Metric{
	Name: "empty_recognition_rate", Group: ReAnchoring, Unit: "share", Better: schema.Lower,
	Doc: `how often an admission was not followed by durable control

Readings with an admission at or after the first loss that were not durably regained /
those for which that is decided; unproven is not. Range [0, 1]. Undefined without an
admission. Apology is not re-anchoring. The field says recognition without arrest.`,
	Source: "the essay: recognition is not control",
	Not:    "that the admission was insincere: only that control did not follow",
	Needs:  reading.Need(reading.Recognition),
	Size:   5,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Recognitions().Empty() {
			return
		}
		n[4]++
		switch gone, known := r.In(reading.Set(schema.Relapsed, schema.Displaced)); {
		case gone && known:
			decide(n, true)
		case r.Possible == reading.Set(schema.Recovered):
			decide(n, false)
		default:
			n[3]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 3, Best: 2, All: 4, Empty: "nobody admitted a loss"},
})
