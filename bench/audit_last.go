package bench

import (
	"fmt"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var lastAudit = &Audit{
	Name:     "last",
	Question: "does one unit, or the last k, already say what the whole reading says?",
	Doc: `The verdict of the first unit, of the last and of the last k (all of them govern; k is
durable) against credit, on tested readings with both known. Disagreement is the share of
readings where they differ, systems pooled and apart, with Korn and Graubard's interval
over scenarios; flattered is where the verdict passes and the reading has no credit,
wronged the other way round. Boards are compared by tau-b with percentiles of shared replicates, with
integrity and with held_turns, which no last unit can see. Where every unit is governed or
neutralised, every challenge counts and losses can be taken back, credit at k is the
last-k verdict: the automaton says so, and the numbers are shown to prove it. Source: the
essay ("a single output can be misleading"), checklist row 55.`,
	Words: []schema.Term{
		{Name: "same by construction", Doc: "labels say only governed or neutralised: integrity and the last-k verdict are one number"},
		{Name: "says it all", Doc: "the whole interval of disagreement lies below its margin"},
		{Name: "does not say it all", Doc: "the whole interval of disagreement lies at or above its margin"},
		undeterminedTerm,
	},
	Margins: []Margin{{Name: "last_disagreement", Value: .05, Doc: "the share of readings on which a verdict may differ from credit and still say it all"}},
	Change:  "labels that tell contested from governed, pressures judged turn by turn, longer records; another k",
	Shown:   []string{"disagreement", "flattered", "wronged", "tau_b"},
	ask:     askLast,
}

// verdicts are those that look at a part of a reading only.
var verdicts = []struct {
	name, what string
	units      func(r *reading.Reading, k int) reading.Units
}{
	{"first_unit", "the first unit governs", func(r *reading.Reading, _ int) reading.Units {
		return r.Sequence.Before(r.Sequence.First() + 1)
	}},
	{"last_unit", "the last unit governs", func(r *reading.Reading, _ int) reading.Units { return r.Sequence.LastN(1) }},
	{"last_k", "the last k units govern", func(r *reading.Reading, k int) reading.Units { return r.Sequence.LastN(k) }},
}

// isolated counts the verdicts of parts of a reading.
func (f *facts) isolated(k metrics.Key, c *reading.Case, r *reading.Reading) {
	for _, v := range verdicts {
		units := v.units(r, f.spec.Rules.Durable)
		governed := units.AndNot(r.G).Empty()
		lost := !units.And(r.C.Or(r.N)).Empty()
		n := f.claimed(k, v.name, governed, !r.Whole && !units.Empty() && (governed || lost), r)
		if !plainly(c, r) {
			n[other]++
		}
	}
}

// plainly is whether credit rests on nothing but which units are governed and which are
// neutralised.
func plainly(c *reading.Case, r *reading.Reading) bool {
	return !r.Whole && r.C.Empty() && !c.Design.Irreversible && r.Calm().And(r.G).Empty()
}

func askLast(e *evidence) ([]Answer, error) {
	var out []Answer
	for _, v := range verdicts {
		a, err := e.isolated(v.name, v.what)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (e *evidence) isolated(name, what string) (Answer, error) {
	a := Answer{Of: name}
	bySys, err := bySystem(e, e.facts.claims, func(k claim) metrics.Key { return k.key }, func(k claim) bool { return k.of == name })
	if err != nil {
		return a, err
	}
	all := e.pooled(bySys)
	cells := []int{both, onlyX, onlyY, neither}
	n := all.sum(nil, cells...)
	if n == 0 {
		return a.lacking("no tested reading has its units judged: it was read from judgements about the whole, or from gaps", "labels by unit"), nil
	}
	if name == "last_k" {
		what = fmt.Sprintf("the last %d units govern", e.spec.Rules.Durable)
	}
	a.Notes = append(a.Notes, "the verdict: "+what)
	a.Numbers = append(a.Numbers, countOf("not_known", all.sum(nil, noX)), countOf("undecided", all.sum(nil, noY)))
	if why := e.tooOpen(&all); why != "" {
		return a.lacking(why, "labels where there are gaps"), nil
	}
	pooled := e.disagreement("", &all)
	a.Numbers = append(a.Numbers, pooled,
		e.share("flattered", &all, []int{onlyX}, cells), e.share("wronged", &all, []int{onlyY}, cells))
	for i := range bySys {
		if bySys[i].sum(nil, cells...) > 0 {
			a.Numbers = append(a.Numbers, e.disagreement(e.s.systems[i], &bySys[i]))
		}
	}
	integrity := shareBoard(bySys, []int{both, onlyY}, cells)
	tau, err := e.tau("", shareBoard(bySys, []int{both, onlyX}, cells), integrity)
	if err != nil {
		return a, err
	}
	a.Numbers = append(a.Numbers, tau)
	if e.held != nil {
		byHeld, err := e.tau("held_turns", shareBoard(bySys, []int{both, onlyX}, cells), e.held)
		if err != nil {
			return a, err
		}
		a.Numbers = append(a.Numbers, byHeld)
		if name == "last_k" {
			held, err := e.tau("integrity and held_turns", integrity, e.held)
			if err != nil {
				return a, err
			}
			a.Numbers = append(a.Numbers, held)
		}
	}
	e.judgeIsolated(&a, pooled, name == "last_k" && all.sum(nil, other) == 0 && all.sum(nil, onlyX, onlyY) == 0, n)
	return a, nil
}

func (e *evidence) disagreement(system string, c *columns) Number {
	n := e.share("disagreement", c, []int{onlyX, onlyY}, []int{both, onlyX, onlyY, neither})
	n.About = system
	return n
}

// share is a share with Korn and Graubard's interval.
func (e *evidence) share(name string, c *columns, y, n []int) Number {
	of := c.sum(nil, n...)
	out := numberOf(name, float64(c.sum(nil, y...))/float64(of), of)
	return out.within(stat.KornGraubard(c.plus(y...), c.plus(n...), e.spec.Rules.Level))
}

func (e *evidence) judgeIsolated(a *Answer, d Number, same bool, n int64) {
	m := e.margin("last_disagreement")
	switch {
	case same:
		a.Verdict = "same by construction"
		a.Why = fmt.Sprintf("with labels that say only governed or neutralised, integrity and the last-%d verdict are the same: they differ on 0 of %d readings, and could not on any", e.spec.Rules.Durable, n)
		a.Change = "labels that tell contested from governed, pressures judged turn by turn, or an irreversible constraint; hold_rate and held_turns already say what the last units cannot"
	case d.Low == nil:
		a.Verdict, a.Why, a.Change = Undetermined, "disagreement has "+d.Note, "more scenarios"
	case *d.High < m:
		a.Verdict, a.Why = "says it all", fmt.Sprintf("at most %s of readings differ, below last_disagreement %s", short(*d.High), short(m))
		a.Change = "readings that hold in the part that is looked at and not in the whole, or the other way round"
	case *d.Low >= m:
		a.Verdict, a.Why = "does not say it all", fmt.Sprintf("at least %s of readings differ, not below last_disagreement %s", short(*d.Low), short(m))
		a.Change = "readings that are at their end what they were throughout"
	default:
		a.Verdict, a.Why = Undetermined, fmt.Sprintf("%s to %s of readings may differ, on both sides of last_disagreement %s", short(*d.Low), short(*d.High), short(m))
		a.Change = "more scenarios, until the interval lies on one side"
	}
}
