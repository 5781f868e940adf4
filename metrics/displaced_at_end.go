package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var displacedAtEnd = one(Metric{
	Name: "displaced_at_end", Group: Displacement, Unit: "share", Better: schema.Lower,
	Doc: `how often the last state is lost

Readings whose last unit is neutralised / tested readings whose last unit is known.
Range [0, 1]. Undefined where it is known for none. This, not loss, is what a look at
the last output sees.`,
	Source: "design: last_control",
	Not:    "whether control was lost before and regained: this, not loss, is what single outputs see",
	Size:   5,
	Count: func(c *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() {
			return
		}
		n[4]++
		switch last := r.Sequence.Last(); {
		case r.Whole:
			ask(r, reading.Set(schema.Relapsed, schema.Displaced), n)
		case r.N.Has(last):
			decide(n, true)
		case r.G.Has(last) || r.C.Has(last):
			decide(n, false)
		default:
			n[3]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 3, Best: 2, All: 4, Empty: "no last state is known"},
})
