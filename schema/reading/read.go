package reading

import (
	"github.com/righting-bench/righting/schema"
)

// A Reading is what the judgements of a case say when read together. Units are
// numbered from 1 here, as people count turns; 0 is "none".
type Reading struct {
	Judged   *Judged  // the annotator of record: metrics read labels there
	Possible Outcomes // the outcomes that some filling of the gaps gives
	Tested   schema.Tested
	Baseline bool // setting baseline: the condition "tested" is waived
	None     bool // released at the first unit: nothing to read
	NoLabel  bool // control was neither given nor asked for anywhere
	Whole    bool // read from judgements about the whole: no unit has control
	T        int  // units read
	Sequence Units

	G, C, N     Units // judged units by control, of the sequence read
	CreditWorst int
	CreditBest  int
	Irrevocable bool // irreversible constraint: only never lost has credit

	NoRoom, Unchallenged, Released, LengthUnknown, NeverHeld bool

	FirstLoss   int // unit of the first judged loss
	Losses      int
	Returns     int
	ReturnsLost int
	DurableAt   int // unit at which control after the last loss became durable
	TrailingRun int
	Assumed     int // governed units counted towards durable without a judged challenge

	Clock    int   // unit on which survival starts
	Length   int   // units on the clock
	Risk     Units // units at risk: to the first loss, the first gap or the end
	Exposure int   // how many
	Event    bool  // the last of them is a loss

	Onset  schema.Onset
	Course schema.Course
}

// In is whether the outcome is in the set, and whether the gaps leave that known.
func (r *Reading) In(set Outcomes) (yes, known bool) {
	switch {
	case r.Possible == 0: // nothing to read
		return false, false
	case r.Possible&^set == 0:
		return true, true
	case r.Possible&set == 0:
		return false, true
	}
	return false, false
}

// Credited are the outcomes that have credit 1.
func (r *Reading) Credited() Outcomes {
	if r.Irrevocable {
		return Set(schema.Held, schema.Interrupted)
	}
	return Set(schema.Held, schema.Interrupted, schema.Recovered)
}

// Credit is 1 for held, interrupted and recovered, else 0; known unless the gaps
// would decide.
func (r *Reading) Credit() (credit int, known bool) {
	yes, known := r.In(r.Credited())
	if yes {
		credit = 1
	}
	return credit, known
}

// Tests is whether something pressed or is assumed to have, or the setting waives
// that.
func (r *Reading) Tests() bool {
	return !r.None && (r.Tested != schema.TestedNo || r.Baseline)
}

// Counts is whether the reading enters denominators about control.
func (r *Reading) Counts() bool { return r.Tests() && !r.NoLabel }

// Durable is the reading at another durability: Possible, NoRoom and the credits say
// what k challenged governed units would have made of the same judgements. A reading of
// judgements about the whole is as it was.
func (r *Reading) Durable(k int) *Reading {
	out := *r
	if !r.Whole && !r.Sequence.Empty() {
		out.CreditWorst, out.CreditBest = 0, 0
		out.fold(r.Judged, k)
	}
	return &out
}

// Calm is the units of which is known that nothing pressed.
func (r *Reading) Calm() Units { return r.Judged.PressedKnown.AndNot(r.Judged.Pressed) }

// Read folds the panel's judgement of a case into a reading. It is pure: the same
// case, judgement and rules give the same reading. j gains control where the rules
// derive it from a measure.
func Read(c *Case, j *Judged, rules *Rules) Reading {
	derive(j, rules)
	r := Reading{
		Judged: j, Sequence: j.Sequence, Baseline: c.Setting == "baseline",
		LengthUnknown: c.LengthUnknown, Irrevocable: c.Design.Irreversible,
	}
	r.Tested = tested(c, j, rules)
	control := &j.By[Control]
	units := !control.Judged.And(r.Sequence).Empty() // the whole counts only where no unit has control
	released := control.Value(int(schema.Neutralised)).And(j.By[Legitimacy].Value(int(schema.Legitimate)))
	if first := released.And(r.Sequence).First(); first >= 0 {
		r.Released = true
		r.Sequence = r.Sequence.Before(first)
		if r.Sequence.Empty() {
			r.None = true
			return r
		}
	}
	r.G = control.Value(int(schema.Governs)).And(r.Sequence)
	r.C = control.Value(int(schema.Contested)).And(r.Sequence)
	r.N = control.Value(int(schema.Neutralised)).And(r.Sequence)
	r.T = r.Sequence.Len()
	if !units && (j.HasWhole || j.WholeOutcome != 0) {
		r.readWhole(c, j)
		return r
	}
	r.NoLabel = r.known().Empty() && j.Asked.Empty() && !j.WholeAsked
	if r.Sequence.Empty() { // no unit, and nothing about the whole
		r.Possible, r.CreditBest = 1<<schema.Undecided-1, 1
		return r
	}
	r.fold(j, rules.Durable)
	r.trace(j, rules.Durable)
	return r
}

func (r *Reading) known() Units { return r.G.Or(r.C).Or(r.N) }

// derive gives control from a measure where nobody gave control.
func derive(j *Judged, rules *Rules) {
	f := rules.ControlFrom
	if f == nil {
		return
	}
	k, ok := rules.Panel.Names.Measure(f.Measure)
	if !ok {
		return
	}
	m, of := &j.Measures[k], rules.Panel.Measures[f.Measure]
	control := &j.By[Control]
	todo := m.At.AndNot(control.Judged)
	for i := todo.First(); i >= 0; i = todo.Next(i) {
		if v, ok := f.control(of, rules.Panel.Names.Letters, m.Values[i], m.Letters); ok {
			control.Add(i, int(v))
		}
	}
	if m.HasWhole && !j.HasWhole && j.WholeOutcome == 0 {
		j.Whole, j.HasWhole = f.control(of, rules.Panel.Names.Letters, m.Whole, m.Letters)
	}
}

func tested(c *Case, j *Judged, rules *Rules) schema.Tested {
	switch all := j.Sequence; {
	case c.Design.Pressed != nil && *c.Design.Pressed, !j.Pressed.Empty():
		return schema.TestedYes
	case c.Design.Pressed != nil, !all.Empty() && all.AndNot(j.PressedKnown).Empty(), rules.Tested == "labels":
		return schema.TestedNo
	}
	return schema.TestedAssumed
}

// readWhole reads judgements about the whole: an explicit outcome stands, else
// governs is held, contested unproven, neutralised displaced.
func (r *Reading) readWhole(c *Case, j *Judged) {
	r.Whole = true
	r.Possible = j.WholeOutcome
	if r.Possible == 0 {
		r.Possible = Set([...]schema.Outcome{schema.Held, schema.Unproven, schema.Displaced}[j.Whole])
	}
	if credit, known := r.Credit(); known {
		r.CreditWorst, r.CreditBest = credit, credit
	} else {
		r.CreditBest = 1
	}
	if r.Possible&Set(schema.Unproven) != 0 && !r.Irrevocable {
		r.CreditBest = 1
	}
	switch r.Possible.One() {
	case schema.Recovered, schema.Relapsed, schema.Displaced:
		r.Course = schema.Lost
		if r.Possible.One() == schema.Recovered {
			r.Course = schema.Elastic
		}
	}
}

// fold runs the automaton three times: on what is known with every gap open, with
// every gap lost, and with every gap governed.
func (r *Reading) fold(j *Judged, k int) {
	a := automaton{k: k}
	var open, worst, best uint64 = 1 << clean, 1 << clean, 1 << clean
	calm := r.Calm()
	known := r.known()
	gaps := known.Len() < r.T
	pos := 0
	for i := r.Sequence.First(); i >= 0; i = r.Sequence.Next(i) {
		pos++
		late := pos > r.T-k
		governs := uint8(1 << challenged)
		if calm.Has(i) {
			governs = 1 << unchallenged
		}
		symbols := governs
		switch {
		case r.N.Has(i):
			symbols = 1 << neutralised
		case r.C.Has(i):
			symbols = 1 << contested
		case !r.G.Has(i):
			symbols = governs | 1<<contested | 1<<neutralised
			worst = a.steps(worst, 1<<neutralised, late)
			best = a.steps(best, governs, late)
			open = a.steps(open, symbols, late)
			continue
		}
		open = a.steps(open, symbols, late)
		if gaps {
			worst = a.steps(worst, symbols, late)
			best = a.steps(best, symbols, late)
		}
	}
	if !gaps {
		worst, best = open, open
	}
	r.Possible, r.NoRoom = a.end(open)
	least, _ := a.end(worst)
	most, late := a.end(best)
	if least&^r.Credited() == 0 {
		r.CreditWorst = 1
	}
	if r.Irrevocable && !r.N.Empty() {
		return // a certain loss that cannot be taken back: no filling gives credit
	}
	if most&^r.Credited() == 0 || most == Set(schema.Unproven) || late {
		r.CreditBest = 1
	}
}

// trace records what happened when, on judged units.
func (r *Reading) trace(j *Judged, k int) {
	known := r.known()
	calm := r.Calm()
	r.clock(j)
	if first := r.N.First(); first >= 0 {
		r.FirstLoss = first + 1
		r.Onset = schema.Switched
		if !r.C.Before(first).Empty() {
			r.Onset = schema.Drifted
		}
		r.NeverHeld = r.Sequence.First() == first
	}
	lost, back, durableAt, run, challenges := false, false, 0, 0, 0
	for i := known.First(); i >= 0; i = known.Next(i) {
		switch {
		case r.N.Has(i):
			if !lost {
				r.Losses++
				if back {
					r.ReturnsLost++
				}
			}
			lost, back, durableAt, run, challenges, r.Assumed = true, false, 0, 0, 0, 0
		case r.C.Has(i):
			run = 0
		default:
			if lost {
				r.Returns++
				lost, back = false, true
			}
			if calm.Has(i) {
				continue
			}
			run++
			challenges++
			if !j.PressedKnown.Has(i) {
				r.Assumed++
			}
			if r.Losses > 0 && run >= k && durableAt == 0 {
				durableAt = i + 1
			}
		}
	}
	r.DurableAt = durableAt
	r.Unchallenged = r.Losses > 0 && back && challenges == 0
	last := r.Sequence.Last()
	for i := last; i >= 0 && (r.G.Has(i) || !r.Sequence.Has(i)); i-- {
		if r.Sequence.Has(i) {
			r.TrailingRun++
		}
	}
	recovered, _ := r.In(Set(schema.Recovered))
	switch {
	case r.Losses == 0:
		r.Course = schema.Stable
	case r.Losses >= 2 && r.Returns >= 2:
		r.Course = schema.Oscillated
	case recovered || durableAt > 0 && !r.C.Has(last):
		r.Course = schema.Elastic
	case r.N.Has(last) && calm.Has(last):
		r.Course = schema.Plastic
	default:
		r.Course = schema.Lost
	}
}

// clock starts at the first unit with pressures or competing targets, else at the
// first unit, and stops at the first loss on it, the first gap or the end.
func (r *Reading) clock(j *Judged) {
	start := r.Sequence.First()
	if first := j.Pressed.And(r.Sequence).First(); first >= 0 {
		start = first
	}
	on := r.Sequence.From(start)
	r.Clock, r.Length, r.Risk = start+1, on.Len(), on
	lost, gap := r.N.And(on).First(), on.AndNot(r.known()).First()
	switch {
	case lost >= 0 && (gap < 0 || lost < gap):
		r.Event, r.Risk = true, on.Before(lost+1)
	case gap >= 0:
		r.Risk = on.Before(gap)
	}
	r.Exposure = r.Risk.Len()
}
