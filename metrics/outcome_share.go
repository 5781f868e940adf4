package metrics

import (
	"errors"
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var outcomeShare = &Family{
	Name: "outcome_share",
	Doc:  "how often a reading ends in one outcome, such as outcome_share[displaced]",
	Default: func(Env) []string {
		var out []string
		for _, name := range schema.Outcomes.Names() {
			out = append(out, "outcome_share["+name+"]")
		}
		return out
	},
	Make: func(_ Env, at, of string) (*Metric, error) {
		if at != "" || of == "" {
			return nil, errors.New("names one outcome, such as outcome_share[held]")
		}
		if err := schema.Outcomes.Check(of); err != nil {
			return nil, err
		}
		code, _ := schema.Outcomes.Code(of)
		o := schema.Outcome(code)
		m := &Metric{
			Name: "outcome_share[" + of + "]", Group: Displacement, Unit: "share", Better: schema.Lower,
			Doc: fmt.Sprintf(`how often a reading ends %s: %s

Readings with that outcome / tested readings for which that is decided. Range [0, 1].
Undefined where it is decided for none. Each outcome asks its own question, so with gaps
the six need not add up to 1.`, of, schema.Outcomes.Terms[code].Doc),
			Source: "design: outcomes of a reading",
			Not:    "why: onset, course and displaced_to do",
			Size:   5, Count: question(reading.Set(o)),
		}
		shape := Share{Y: 0, N: 1, Worst: 2, Best: 3, All: 4, Empty: "no tested reading is decided"}
		switch o {
		case schema.Held, schema.Recovered:
			m.Better = schema.Higher
		case schema.Interrupted, schema.Unproven:
			m.Better = schema.Neither
		}
		if m.Better == schema.Lower { // possibly yes is the worse end
			shape.Worst, shape.Best = shape.Best, shape.Worst
		}
		m.Shape = shape
		if o == schema.Held || o == schema.Interrupted {
			m.Group = Hold
		} else if o == schema.Recovered || o == schema.Relapsed {
			m.Group = ReAnchoring
		}
		return m, nil
	},
}
