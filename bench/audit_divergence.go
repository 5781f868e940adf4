package bench

import (
	"fmt"
	"slices"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
)

var divergenceAudit = &Audit{
	Name:     "divergence",
	Question: "does interaction diverge from pre-orientation, or does the baseline already say how a system behaves?",
	Doc: `Credit of the baseline less credit of the interaction, system by system, paired by scenario
and condition, every scenario alike: net difference (adjusted paired t, p by Holm over the
systems), gross (the pairs in which the two disagree) and excess gross (less what the
baseline disagrees with itself, where it is repeated), retention, and the net difference at
the first unit under test, because longer records have more chances to lose. The comparison
is that of compare --against baseline, with its verdicts. Source: metrics 6.2; what would
refute the essay: interaction rarely diverges from training-time priors in ways that matter.`,
	Words: []schema.Term{
		{Name: string(Diverges), Doc: "the whole interval is above 0 and the difference at least the margin"},
		{Name: string(Gains), Doc: "the mirror of it: the interaction has more credit than the baseline"},
		{Name: string(Equivalent), Doc: "the 90 % interval lies within the margin and excess gross is below twice the margin"},
		undeterminedTerm,
	},
	Margins: []Margin{{Name: DivergenceMargin, Value: DefaultMargin, Doc: "the difference of credit that matters"}},
	Change:  "more scenarios in both settings, repeats of the baseline, a baseline with the same conditions",
	Shown:   []string{"net", "gross", "excess_gross", "retention"},
	ask:     askDivergence,
}

// divergenceChange is what would change an answer that has no verdict.
const divergenceChange = "readings of the same scenarios in setting baseline, which lacks pressure and history"

func askDivergence(e *evidence) ([]Answer, error) {
	if !slices.ContainsFunc(e.counts.Keys(), func(k metrics.Key) bool { return k.Setting == "baseline" }) {
		return []Answer{Answer{}.lacking("nothing is judged in setting baseline", divergenceChange)}, nil
	}
	contrasts, err := Against(e.ds, e.counts, *e.spec, nil)
	if err != nil {
		return nil, err
	}
	var out []Answer
	for i := range contrasts {
		c := &contrasts[i]
		if c.Metric != DefaultPrimary || len(c.Slice) > 0 {
			continue
		}
		out = append(out, diverged(c))
	}
	return out, nil
}

// diverged is the answer of one system.
func diverged(c *Contrast) Answer {
	a := Answer{Of: c.System, Notes: c.Notes}
	if c.Undefined != "" {
		return a.lacking(c.Undefined, divergenceChange)
	}
	net := Number{Name: "net", Value: c.Difference, Low: c.Low, High: c.High, Interval: c.Interval, N: &c.Pairs, Scenarios: &c.Scenarios}
	a.Numbers = append(a.Numbers, net)
	if c.P != nil {
		a.Numbers = append(a.Numbers, Number{Name: "p", Value: c.P}, Number{Name: "holm", Value: c.Holm})
	}
	if g := c.Gross; g != nil {
		a.Numbers = append(a.Numbers, Number{Name: "gross", Value: g.Value, Low: g.Low, High: g.High, N: &c.Pairs, Note: g.Note})
		if g.Excess != nil {
			a.Numbers = append(a.Numbers, Number{Name: "excess_gross", Value: g.Excess, Scenarios: &g.Scenarios, Note: "one-sided bound " + shortOf(g.ExcessBound)})
		} else {
			a.Numbers = append(a.Numbers, Number{Name: "excess_gross", Undefined: "no repeats: gross is its upper bound"})
		}
	}
	if c.Kept != nil {
		a.Numbers = append(a.Numbers, Number{Name: "retention", Value: c.Kept})
	}
	if f := c.FirstUnit; f != nil && f.Difference != nil {
		a.Numbers = append(a.Numbers, Number{Name: "net_first_unit", Value: f.Difference, Low: f.Low, High: f.High, Interval: f.Interval, N: &f.Pairs})
	}
	a.Lists = append(a.Lists, discords("lost_at_runtime", c.Higher), discords("gained_at_runtime", c.Lower))
	a.Verdict, a.Why = string(c.Verdict), c.Why
	switch c.Verdict {
	case Diverges, Gains:
		a.Change = "a baseline that already loses (gains) as much: more scenarios on which the two agree"
	case Equivalent:
		a.Change = "scenarios in which interaction loses what the baseline holds"
	default:
		a.Verdict, a.Change = Undetermined, "more scenarios in both settings"
		if c.Least != nil {
			a.Change += fmt.Sprintf(": with these, a difference below %s would be missed more often than one time in five", short(*c.Least))
		}
	}
	return a
}

func shortOf(v *float64) string {
	if v == nil {
		return "not known"
	}
	return short(*v)
}

// discords names the pairs that differ.
func discords(name string, list []Discord) List {
	l := List{Name: name}
	for i := range list {
		item := list[i].Scenario
		if c := list[i].Condition; c != nil {
			item += " (" + *c + ")"
		}
		l.Items = append(l.Items, item)
	}
	return l
}
