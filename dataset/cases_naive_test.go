package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// dump is all that a case says.
func dump(c *reading.Case) string {
	var b strings.Builder
	units := func(u reading.Units) (list []int) {
		for i := u.First(); i >= 0; i = u.Next(i) {
			list = append(list, i)
		}
		return list
	}
	opt := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	fmt.Fprintf(&b, "%s %s %s %s %s %d %s %s %s T=%d,%v", c.TrajectoryID, c.System, opt(c.Model), c.Scenario, opt(c.Condition), c.Repeat, c.Setting, opt(c.Terminal), c.Constraint, c.T, c.LengthUnknown)
	if p := c.Design.Pressed; p != nil {
		fmt.Fprint(&b, " pressed=", *p)
	}
	if p := c.Design.Path; p != nil {
		fmt.Fprint(&b, " path=", *p)
	}
	fmt.Fprintln(&b, "", c.Design.Irreversible, c.Design.Protects)
	for i := range c.By {
		j := &c.By[i]
		fmt.Fprintf(&b, " %s/%d n=%d asked=%v,%v whole=%v,%d outcome=%b", j.Annotator, j.Pass, j.Judgements, units(j.Asked), j.WholeAsked, j.HasWhole, int(j.Whole)*btoi(j.HasWhole), j.WholeOutcome)
		for l := range reading.NColumns {
			col := &j.By[l]
			if col.Judged.Empty() {
				continue
			}
			fmt.Fprintf(&b, " %s=%v", l.Name(), units(col.Judged))
			for v := range col.Is {
				if !col.Is[v].Empty() {
					fmt.Fprintf(&b, "|%d:%v", v, units(col.Is[v]))
				}
			}
		}
		for k := range j.Measures {
			m := &j.Measures[k]
			fmt.Fprintf(&b, " m%d", k)
			for _, u := range units(m.At) {
				fmt.Fprintf(&b, ",%d:%d", u, m.Values[u])
			}
			if m.HasWhole {
				fmt.Fprint(&b, ",whole:", m.Whole)
			}
			if m.Letters {
				fmt.Fprint(&b, ",letters")
			}
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// naive fills the cases of sorted rows in the plainest way.
func naive(d *Dataset, rows []schema.Annotation, need reading.Columns) (list []string) {
	v := d.Vocabulary()
	code := func(e *schema.Enum, s string) int {
		n, ok := e.Code(s)
		if !ok {
			panic(s)
		}
		return n
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].TrajectoryID == rows[0].TrajectoryID && rows[n].ConstraintID == rows[0].ConstraintID {
			n++
		}
		r0 := &rows[0]
		c := reading.Case{Key: reading.Key{
			TrajectoryID: r0.TrajectoryID, System: r0.System, Model: r0.Model, Scenario: r0.Scenario, Condition: r0.Condition,
			Repeat: r0.Repeat, Setting: r0.Setting, Terminal: r0.Terminal, Constraint: r0.ConstraintID,
		}}
		c.Design = newDesigns(d).of(&c.Key)
		top, asks := 0, []string{}
		for i := range rows[:n] {
			r := &rows[i]
			if i == 0 || r.Annotator != rows[i-1].Annotator || r.Pass != rows[i-1].Pass {
				c.Next(r.Annotator, int(r.Pass), len(need.Measures))
			}
			j := &c.By[len(c.By)-1]
			u := -1
			if r.AssistantTurn != nil {
				u = int(*r.AssistantTurn) - 1
				top = max(top, u+1)
			}
			if r.AssistantTurns != nil {
				c.T = int(*r.AssistantTurns)
			}
			if r.Measure != nil {
				k, ok := need.Measure(*r.Measure)
				if !ok || r.Value == nil && r.ValueText == nil {
					continue
				}
				j.Judgements++
				m := &j.Measures[k]
				var value int64
				if r.Value != nil {
					value, _ = d.Manifest.Measures[*r.Measure].Half(*r.Value)
				} else {
					m.Letters = true
					if value = int64(slices.Index(need.Letters, *r.ValueText)); value < 0 {
						value = int64(len(need.Letters))
					}
				}
				if u < 0 {
					m.HasWhole, m.Whole = true, value
				} else {
					m.Set(u, value)
				}
				continue
			}
			said := r.Control != nil || r.Outcome != nil
			one := func(l reading.Column, s *string) {
				if s == nil || !need.Has(l) {
					return
				}
				said = true
				if u >= 0 {
					j.By[l].Add(u, code(v.Of(l.Enum().Name), *s))
				}
			}
			several := func(l reading.Column, list []string) {
				if list == nil || !need.Has(l) {
					return
				}
				said = true
				if u >= 0 {
					j.By[l].Judged.Add(u)
					for _, s := range list {
						j.By[l].Add(u, code(v.Of(l.Enum().Name), s))
					}
				}
			}
			one(reading.ActiveTarget, r.ActiveTarget)
			one(reading.Principal, r.Principal)
			one(reading.Legitimacy, r.Legitimacy)
			several(reading.Competing, r.CompetingTargets)
			one(reading.Claimed, r.ClaimedTarget)
			one(reading.Response, r.Response)
			several(reading.Symbols, r.Symbols)
			several(reading.Pressures, r.Pressures)
			one(reading.Move, r.Move)
			one(reading.FailureKind, r.FailureKind)
			if r.Control != nil {
				k := code(schema.Controls, *r.Control)
				if u < 0 {
					j.HasWhole, j.Whole = true, schema.Control(k)
				} else {
					j.By[reading.Control].Add(u, k)
				}
			}
			if r.Outcome != nil && u < 0 {
				j.WholeOutcome = reading.Set(schema.Outcome(code(schema.Outcomes, *r.Outcome)))
			}
			if r.Missing != nil && r.Control == nil {
				if u < 0 {
					j.WholeAsked = true
				} else {
					j.Asked.Add(u)
				}
			}
			if r.Leakage != nil && need.Has(reading.Leakage) {
				said = true
				if u >= 0 {
					j.By[reading.Leakage].Add(u, int(*r.Leakage))
				}
			}
			if r.Recognition != nil && need.Has(reading.Recognition) {
				said = true
				if u >= 0 && *r.Recognition {
					j.By[reading.Recognition].Add(u, 0)
				} else if u >= 0 {
					j.By[reading.Recognition].Judged.Add(u)
				}
			}
			if r.ContradictsTurn != nil && need.Has(reading.Contradicts) {
				said = true
				if u >= 0 {
					j.By[reading.Contradicts].Add(u, 0)
				}
			}
			if r.Ask != nil && need.Has(reading.Ask) {
				said = true
				if u >= 0 {
					if !slices.Contains(asks, *r.Ask) {
						asks = append(asks, *r.Ask)
					}
					j.By[reading.Ask].Add(u, slices.Index(asks, *r.Ask))
				}
			}
			if said {
				j.Judgements++
			}
		}
		if c.T == 0 {
			c.T, c.LengthUnknown = top, true
		}
		list = append(list, dump(&c))
		rows = rows[n:]
	}
	return list
}
