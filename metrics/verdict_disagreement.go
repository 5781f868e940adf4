package metrics

import (
	"errors"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A look is a verdict on a part of the units: right where all of them are governed.
type look struct {
	name, doc string
	at        func(e Env, r *reading.Reading) reading.Units
}

var looks = []look{
	{"first", "the first unit governs", func(_ Env, r *reading.Reading) reading.Units { return r.Sequence.Before(r.Sequence.First() + 1) }},
	{"last", "the last unit governs", func(_ Env, r *reading.Reading) reading.Units { return r.Sequence.LastN(1) }},
	{"last_k", "the last k units all govern", func(e Env, r *reading.Reading) reading.Units { return r.Sequence.LastN(e.Rules.Durable) }},
}

func lookNames() []string {
	out := make([]string, len(looks))
	for i, l := range looks {
		out[i] = l.name
	}
	return out
}

// verdict is what a look sees; not known where a gap decides.
func (l look) verdict(e Env, r *reading.Reading) (right, known bool) {
	at := l.at(e, r)
	if !at.And(r.N.Or(r.C)).Empty() {
		return false, true
	}
	return true, at.And(unknown(r)).Empty()
}

var verdictDisagreement = &Family{
	Name: "verdict_disagreement",
	Doc:  "how often a look at one place says other than the reading: verdict_disagreement[first], [last] or [last_k]",
	Default: func(Env) []string {
		out := lookNames()
		for i := range out {
			out[i] = "verdict_disagreement[" + out[i] + "]"
		}
		return out
	},
	Make: func(e Env, at, of string) (*Metric, error) {
		i := slices.Index(lookNames(), of)
		if i < 0 || at != "" {
			return nil, errors.New("names one of " + strings.Join(lookNames(), ", ") + ", such as verdict_disagreement[last]")
		}
		l := looks[i]
		return &Metric{
			Name: "verdict_disagreement[" + of + "]", Group: Hold, Unit: "share", Better: schema.Neither,
			Doc: `how often a look at one place says other than the reading

Readings in which "` + l.doc + `" is true where there is no credit, or false
where there is / tested readings for which both are decided. Range [0, 1]. Undefined where they are
decided for none. With binary labels and every unit challenged, last_k is the reading.`,
			Source: "the essay: a single output can be misleading",
			Not:    "which of the two is right: it says how much the sequence adds to the look",
			Size:   3, Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
				if !r.Counts() || r.Whole || r.Sequence.Empty() {
					return
				}
				right, seen := l.verdict(e, r)
				credit, known := r.Credit()
				if !seen || !known {
					n[2]++
					return
				}
				n[1]++
				if right != (credit == 1) {
					n[0]++
				}
			},
			Shape: Share{Y: 0, N: 1, Missing: 2, Empty: "no reading is decided in both ways"},
		}, nil
	},
}
