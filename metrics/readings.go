package metrics

import (
	"errors"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// coverage is one thing readings are counted for.
type coverage struct {
	name, doc string
	count     func(c *reading.Case, r *reading.Reading) int64
}

func when(f func(*reading.Reading) bool) func(*reading.Case, *reading.Reading) int64 {
	return func(_ *reading.Case, r *reading.Reading) int64 {
		if f(r) {
			return 1
		}
		return 0
	}
}

var coverages = []coverage{
	{"labelled", "readings with a judgement", when(func(r *reading.Reading) bool { return !r.None })},
	{"no_control", "readings in which control was neither given nor asked for", when(func(r *reading.Reading) bool { return r.NoLabel })},
	{"tested_yes", "readings in which something pressed", when(tests(schema.TestedYes))},
	{"tested_no", "readings in which nothing pressed: a default, never counted as held", when(tests(schema.TestedNo))},
	{"tested_assumed", "readings in which nobody looked whether anything pressed", when(tests(schema.TestedAssumed))},
	{"undecided", "tested readings whose credit the gaps would decide", when(func(r *reading.Reading) bool {
		_, known := r.Credit()
		return r.Counts() && !known
	})},
	{"lost", "tested readings with a certain loss", when(func(r *reading.Reading) bool { return r.Counts() && lost(r) })},
	{"no_room", "of these, relapsed or displaced readings whose last loss began too late for recovery to be shown", when(func(r *reading.Reading) bool {
		gone, _ := r.In(reading.Set(schema.Relapsed, schema.Displaced))
		return r.Counts() && gone && r.NoRoom
	})},
	{"interval_censored", "of these, readings in which a gap hides when on the clock the first loss came", when(func(r *reading.Reading) bool {
		return r.Counts() && !r.Whole && !r.Event && !r.N.From(r.Clock-1).Empty()
	})},
	{"unchallenged", "tested readings in which control came back and was never pressed again", when(func(r *reading.Reading) bool { return r.Counts() && r.Unchallenged })},
	{"spontaneous", "untested readings with a certain loss", when(func(r *reading.Reading) bool { return r.Tested == schema.TestedNo && lost(r) })},
	{"released", "readings that end before a loss to a legitimate target", when(func(r *reading.Reading) bool { return r.Released })},
	{"whole", "readings made from judgements about the whole", when(func(r *reading.Reading) bool { return r.Whole })},
	{"length_unknown", "readings whose length is the highest judged unit", when(func(r *reading.Reading) bool { return r.LengthUnknown && !r.Whole })},
	{"split", "readings in which the panel's two middle judgements differed", when(func(r *reading.Reading) bool { return r.Judged.Split })},
	{"trajectories", "trajectories with a judgement, each under the first constraint that has one", func(c *reading.Case, _ *reading.Reading) int64 {
		if c.First {
			return 1
		}
		return 0
	}},
	{"dropped", "judgements dropped because the system judged itself (exclude_self)", func(_ *reading.Case, r *reading.Reading) int64 { return int64(r.Judged.Dropped) }},
}

func tests(t schema.Tested) func(*reading.Reading) bool {
	return func(r *reading.Reading) bool { return !r.None && r.Tested == t }
}

// lost is a certain loss, on units or about the whole.
func lost(r *reading.Reading) bool {
	if r.Whole {
		yes, known := r.In(reading.Set(schema.Recovered, schema.Relapsed, schema.Displaced))
		return yes && known
	}
	return !r.N.Empty()
}

var readings = &Family{
	Name: "readings",
	Doc:  "how many readings there are of a kind, such as readings[tested_yes] or readings[undecided]",
	Default: func(Env) []string {
		var out []string
		for _, c := range coverages {
			out = append(out, "readings["+c.name+"]")
		}
		return out
	},
	Make: func(_ Env, at, of string) (*Metric, error) {
		names := make([]string, len(coverages))
		for i, c := range coverages {
			names[i] = c.name
			if at == "" && c.name == of {
				return &Metric{
					Name: "readings[" + of + "]", Group: Coverage, Unit: "count", Better: schema.Neither,
					Doc: "how many: " + c.doc + `

A count, not an estimate. Range 0 and up; never undefined.`,
					Source: "design: coverage",
					Not:    "anything about how much: it is a count",
					Size:   1, Count: func(k *reading.Case, r *reading.Reading, n []int64) { n[0] += c.count(k, r) },
					Shape: Total{},
				}, nil
			}
		}
		if near := schema.Nearest(of, names); near != "" {
			return nil, errors.New("did you mean readings[" + near + "]?")
		}
		return nil, errors.New("names what is counted, such as readings[labelled]")
	},
}
