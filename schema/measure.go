package schema

import (
	"fmt"
	"math"
)

// Better says which direction of a number is good.
type Better string

// Directions.
const (
	Higher  Better = "higher"
	Lower   Better = "lower"
	Neither Better = ""
)

// A Measure is a declared score: its range, the step one judge can give, and which
// direction is better. It counts in integers of half a step, because the median of
// an even panel falls between two steps.
type Measure struct {
	Min    *float64 `yaml:"min" doc:"least value; null = unbounded"`
	Max    *float64 `yaml:"max" doc:"greatest value; null = unbounded"`
	Step   float64  `yaml:"step" doc:"what one judge can give: values are whole multiples of it"`
	Better Better   `yaml:"better" doc:"higher or lower"`
}

// Check is nil for a usable declaration.
func (m Measure) Check() error {
	switch {
	case !(m.Step > 0) || math.IsInf(m.Step, 0):
		return fmt.Errorf("step: must be a number above 0 (what one judge can give, such as 1 or 0.5)")
	case m.Min != nil && m.Max != nil && *m.Min > *m.Max:
		return fmt.Errorf("min: %g is above max %g", *m.Min, *m.Max)
	case m.Better != Higher && m.Better != Lower && m.Better != Neither:
		return fmt.Errorf("better: %q is neither higher nor lower", m.Better)
	}
	return nil
}

// Half is the value in half steps, always even; an error says why a value cannot
// be counted: not a number, outside the range, or off the step.
func (m Measure) Half(v float64) (int64, error) {
	n := math.Round(v / m.Step)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, fmt.Errorf("%g is not a number that can be counted", v)
	case m.Min != nil && v < *m.Min:
		return 0, fmt.Errorf("%g is below the measure's min %g", v, *m.Min)
	case m.Max != nil && v > *m.Max:
		return 0, fmt.Errorf("%g is above the measure's max %g", v, *m.Max)
	case math.Abs(v-n*m.Step) > 1e-9*max(1, math.Abs(v)):
		return 0, fmt.Errorf("%g is off the measure's step %g", v, m.Step)
	case math.Abs(n) > 1<<40:
		return 0, fmt.Errorf("%g is too large to count in steps of %g", v, m.Step)
	}
	return 2 * int64(n), nil
}

// Value is the inverse of Half.
func (m Measure) Value(half int64) float64 { return float64(half) * m.Step / 2 }

// An Annotator is what dataset.yaml declares of one: kind, the model behind a
// model judge, what its silence means.
type Annotator struct {
	Kind    string `yaml:"kind"`
	Model   string `yaml:"model"`
	Silence string `yaml:"silence"`
}
