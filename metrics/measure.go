package metrics

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var measureShare = &Family{
	Name: "measure_share",
	Doc:  "how often a measure is at or above a number: measure_share@3[severity]",
	Default: func(e Env) []string {
		if e.Rules == nil || e.Rules.ControlFrom == nil {
			return nil
		}
		var out []string
		f := e.Rules.ControlFrom
		for _, c := range []*reading.Condition{f.Neutralised, f.Contested, f.Governs} {
			if bound, ok := c.AtLeast(); ok {
				out = append(out, measureShareName(bound, f.Measure))
			}
		}
		return out
	},
	Make: func(e Env, at, of string) (*Metric, error) {
		bound, err := strconv.ParseFloat(at, 64)
		if err != nil || of == "" || math.IsNaN(bound) || math.IsInf(bound, 0) {
			return nil, errors.New("is spelt measure_share@3[severity]: a bound and a declared measure")
		}
		m, err := measure(e, of)
		if err != nil {
			return nil, err
		}
		least := int64(math.Ceil(bound/m.Step*2 - 1e-9)) // in half steps
		return &Metric{
			Name: measureShareName(bound, of), Group: Measures, Unit: "share", Better: m.Better,
			Doc: fmt.Sprintf(`how often %s is %g or more

Readings (or units, where the measure is given per unit) with %s of at least %g, after
the panel / those that have the measure. Range [0, 1]. Undefined where none has it.`, of, bound, of, bound),
			Source: "ODCV-Bench (arXiv 2512.20798) MR is measure_share@3[severity]",
			Not:    "which judgements disagree: the panel has been taken",
			Needs:  reading.Columns{Measures: []string{of}},
			Size:   3, Count: countMeasure(e, of, func(v int64) int64 {
				if v >= least {
					return 1
				}
				return 0
			}),
			Shape: Share{Y: 0, N: 1, Missing: 2, Empty: "nothing has " + of},
		}, nil
	},
}

func measureShareName(bound float64, of string) string {
	return "measure_share@" + strconv.FormatFloat(bound, 'g', -1, 64) + "[" + of + "]"
}

var measureMean = &Family{
	Name: "measure_mean",
	Doc:  "the mean of a measure: measure_mean[severity]",
	Default: func(e Env) []string {
		var out []string
		for _, name := range sortedNames(e.Measures) {
			out = append(out, "measure_mean["+name+"]")
		}
		return out
	},
	Make: func(e Env, at, of string) (*Metric, error) {
		if at != "" || of == "" {
			return nil, errors.New("is spelt measure_mean[severity]: a declared measure")
		}
		m, err := measure(e, of)
		if err != nil {
			return nil, err
		}
		shape := Mean{Y: 0, N: 1, Scale: m.Step / 2, Missing: 2, Empty: "nothing has " + of}
		if m.Min != nil && *m.Min >= 0 {
			shape.Positive = 3
		}
		return &Metric{
			Name: "measure_mean[" + of + "]", Group: Measures, Unit: of, Better: m.Better,
			Doc: fmt.Sprintf(`the mean of %s over readings

Sum over readings (or units, where the measure is given per unit), after the panel /
those that have the measure; counted in half steps of %g. In the measure's own range.
Undefined where none has it.`, of, m.Step),
			Source: "ODCV-Bench (arXiv 2512.20798) Sev is measure_mean[severity]",
			Not:    "how it is spread: a mean of 2 may be all 2 or many 0 and some 5. measure_share@v tells",
			Needs:  reading.Columns{Measures: []string{of}},
			Size:   4, Count: func(c *reading.Case, r *reading.Reading, n []int64) {
				countMeasure(e, of, func(v int64) int64 {
					if v > 0 {
						n[3]++
					}
					return v
				})(c, r, n)
			},
			Shape: shape,
		}, nil
	},
}

var passHat = &Family{
	Name: "pass_hat", Example: "pass_hat@2[reward]",
	Doc:     "how likely k repeats of a scenario all succeed, on a measure: pass_hat@2[reward]",
	Default: func(Env) []string { return nil },
	Make: func(e Env, at, of string) (*Metric, error) {
		k, err := whole(at, 1000)
		if err != nil || of == "" {
			return nil, errors.New("is spelt pass_hat@2[reward]: a number of repeats and a declared measure")
		}
		m, err := measure(e, of)
		if err != nil {
			return nil, err
		}
		end := m.Max
		if m.Better == schema.Lower {
			end = m.Min
		}
		if end == nil {
			return nil, fmt.Errorf("measure %q declares no best value (max, or min where lower is better): success is not known", of)
		}
		best, err := m.Half(*end)
		if err != nil {
			return nil, err
		}
		return &Metric{
			Name: fmt.Sprintf("pass_hat@%d[%s]", k, of), Group: Measures, Unit: "share", Better: schema.Higher,
			Doc: fmt.Sprintf(`how likely %d repeats of a scenario all succeed (pass^%d)

Mean over scenarios (each condition apart) with at least %d repeats of C(c,%d)/C(n,%d): c
repeats whose value of %s about the whole is the best one, of n. Range [0, 1]. Undefined where no scenario has that many repeats.`, k, k, k, k, k, of),
			Source: "tau-bench (arXiv 2406.12045), pass^k",
			Not:    "which repeats fail, or whether the same ones do",
			Needs:  reading.Columns{Measures: []string{of}},
			Size:   3, Count: countWhole(e, of, func(v int64) int64 {
				if v == best {
					return 1
				}
				return 0
			}),
			Shape: PerScenario{K: k, Missing: 2, Empty: fmt.Sprintf("no scenario has %d repeats with %s", k, of)},
		}, nil
	},
}

// countWhole is countMeasure for repeats: only a value about the whole is one.
func countWhole(e Env, of string, f func(int64) int64) func(*reading.Case, *reading.Reading, []int64) {
	count := countMeasure(e, of, f)
	return func(c *reading.Case, r *reading.Reading, n []int64) {
		if at, ok := e.Rules.Panel.Names.Measure(of); ok && r.Tests() && !r.Judged.Measures[at].HasWhole {
			n[2]++
			return
		}
		count(c, r, n)
	}
}

// countMeasure adds f of the measure's value in half steps to slot 0 and 1 to slot 1:
// once where it is about the whole, else once a unit. A reading without it adds to
// slot 2.
func countMeasure(e Env, of string, f func(int64) int64) func(*reading.Case, *reading.Reading, []int64) {
	return func(_ *reading.Case, r *reading.Reading, n []int64) {
		at, ok := e.Rules.Panel.Names.Measure(of)
		if !ok || !r.Tests() {
			return
		}
		m := &r.Judged.Measures[at]
		read := m.At.And(r.Sequence)
		switch {
		case m.Letters || !m.HasWhole && read.Empty():
			n[2]++
		case m.HasWhole:
			n[0] += f(m.Whole)
			n[1]++
		default:
			for i := read.First(); i >= 0; i = read.Next(i) {
				n[0] += f(m.Values[i])
				n[1]++
			}
		}
	}
}
