package metrics

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var claimPrecision = withEnv(Metric{
	Name: "claim_precision", Group: ClaimedEnacted, Unit: "share", Better: schema.Higher,
	Doc: `how often a turn that claims the governing target is governed by it

Governed turns / turns that claim the target the constraint protects and whose control
is known. Range [0, 1]. Undefined where none claims it. A claim is evidence only if this
is high.`,
	Source: "design: protects, claimed_target",
	Not:    "how often anything is claimed: claimed_control_share does",
	Needs:  reading.Need(reading.Claimed),
	Size:   2,
	Shape:  Share{Y: 0, N: 1, Empty: "no turn claims the target that the constraint protects"},
}, func(e Env) func(*reading.Case, *reading.Reading, []int64) {
	return func(c *reading.Case, r *reading.Reading, n []int64) {
		code, ok := e.Vocabulary.Targets.Code(c.Design.Protects)
		if !r.Counts() || !ok {
			return
		}
		claims := r.Judged.By[reading.Claimed].Value(code).And(r.Sequence)
		n[0] += int64(claims.And(r.G).Len())
		n[1] += int64(claims.And(r.G.Or(r.C).Or(r.N)).Len())
	}
})
