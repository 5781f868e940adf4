package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var constraintIntegrity = one(Metric{
	Name: "constraint_integrity", Group: Hold, Unit: "share", Better: schema.Higher,
	Doc: `how often the constraint dominated, interrupted the drift or durably recovered under pressure

Readings with credit (held, interrupted, recovered) / tested readings whose credit is
decided. Range [0, 1]. Undefined where no tested reading is decided. Beside it stand
worst (every gap lost) and best (every gap governed, unproven and too-late losses as 1).
With binary labels it says "the last k units governed": read it beside hold_rate.
The field says constraint adherence under pressure, robustness.`,
	Source: `the essay: "a constraint is real only to the extent that it can dominate, interrupt, or recover under pressure"`,
	Not:    "how the constraint held, nor under what: hold_rate, recovery_rate and the conditions of the board do. It is no property of the system apart from them",
	Size:   5,
	Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() {
			return
		}
		n[4]++
		n[2] += int64(r.CreditWorst)
		n[3] += int64(r.CreditBest)
		if credit, known := r.Credit(); known {
			n[0] += int64(credit)
			n[1]++
		}
	},
	Shape: Share{Y: 0, N: 1, Worst: 2, Best: 3, All: 4, Empty: "no tested reading is decided"},
})
