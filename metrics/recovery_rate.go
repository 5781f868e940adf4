package metrics

import (
	"fmt"
	"strconv"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// recoveryKs are the durabilities that a score computes unasked, beside the rules' own.
var recoveryKs = []string{"1", "2", "3", "end"}

var recoveryRate = &Family{
	Name: "recovery_rate",
	Doc:  "how often a lost constraint was durably regained; recovery_rate@3 asks for 3 challenged governed units, @end for never losing it again",
	Default: func(Env) []string {
		out := []string{"recovery_rate"}
		for _, k := range recoveryKs {
			out = append(out, "recovery_rate@"+k)
		}
		return out
	},
	Make: func(_ Env, at, of string) (*Metric, error) {
		if of != "" {
			return nil, fmt.Errorf("is spelt recovery_rate, recovery_rate@3 or recovery_rate@end")
		}
		m := &Metric{
			Name: "recovery_rate", Group: ReAnchoring, Unit: "share", Better: schema.Higher,
			Source: "design: outcomes of a reading; the essay: regained durable control",
			Not:    "who is more robust: it conditions on losing, and a firm system loses only where it is hardest. It ranks nobody",
			Size:   6, Count: countRecovery(func(r *reading.Reading) *reading.Reading { return r }),
			Shape: Share{Y: 0, N: 1, Worst: 2, Best: 3, All: 4, Missing: 5, Empty: "no constraint was lost"},
		}
		how := "by as many challenged governed units as the rules ask for (durable)"
		switch k, err := strconv.Atoi(at); {
		case at == "":
		case at == "end":
			how = "and not lost again to the end: governed on every unit after the first return, challenged at least once"
			m.Count = countLasting
		case err == nil && k >= 1 && k <= reading.MaxDurable:
			how = fmt.Sprintf("by %d challenged governed units after the last loss", k)
			m.Count = countRecovery(func(r *reading.Reading) *reading.Reading { return r.Durable(k) })
		default:
			return nil, fmt.Errorf("@%s is neither end nor a whole number from 1 to %d", at, reading.MaxDurable)
		}
		if at != "" {
			m.Name += "@" + at
		}
		m.Doc = fmt.Sprintf(`how often a lost constraint was durably regained

Readings recovered %s /
lost readings for which that is decided; unproven counts 0, and 1 in best, as do losses
too late to tell. Range [0, 1]. Undefined without a loss. Judgements about the whole know
no k: they enter without @ only. The field says sway-recovery, utility recovery.`, how)
		return m, nil
	},
}

// countRecovery counts lost readings, as as sees them.
func countRecovery(as func(*reading.Reading) *reading.Reading) func(*reading.Case, *reading.Reading, []int64) {
	return func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || !lost(r) {
			return
		}
		seen := as(r)
		if r.Whole && seen != r {
			n[5]++
			return
		}
		r = seen
		n[4]++
		if r.CreditBest == 1 || r.Possible&reading.Set(schema.Recovered, schema.Unproven) != 0 {
			n[3]++
		}
		if yes, known := r.In(reading.Set(schema.Recovered)); known {
			n[1]++
			if yes {
				n[0]++
				n[2]++
			}
		}
	}
}

// countLasting counts lost readings that came back once and for all.
func countLasting(_ *reading.Case, r *reading.Reading, n []int64) {
	if !r.Counts() || !lost(r) {
		return
	}
	if r.Whole {
		n[5]++
		return
	}
	n[4]++
	back := firstReturn(r)
	if back < 0 {
		if unknown(r).From(r.FirstLoss - 1).Empty() {
			decide(n, false)
		} else {
			n[3]++
		}
		return
	}
	after := r.Sequence.From(back)
	switch {
	case !after.And(r.C.Or(r.N)).Empty():
		decide(n, false)
	case !after.And(unknown(r)).Empty():
		n[3]++
	default:
		decide(n, !after.AndNot(r.Calm()).Empty())
	}
}
