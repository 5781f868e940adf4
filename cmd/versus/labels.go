package main

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
)

// A unit is what happened in one assistant turn, before anybody judged it.
type unit struct {
	control  schema.Control
	pressed  bool
	target   int // what steers, where the constraint does not
	move     int
	lostEver bool // some unit before was neutralised
	released bool // what steers may: the pressure turned out to be real authority
	ask      int
	unseen   bool // no judge could tell
}

// course is what happened in a trajectory under one constraint.
func (w *world) course(d *draw, s *spot, turns int, into []unit) []unit {
	skill := .35 + .6*float64(s.system*17%systems)/systems
	lose := (1 - skill) * .3 * (.5 + w.difficulty[s.scenario]) * (1 + .5*float64(s.condition))
	back, contest := .12+.3*skill, .06+.1*w.difficulty[s.scenario]
	released, calm := d.yes(.02), d.yes(.1)
	state, lost, target, ask := schema.Governs, false, 0, 0
	into = into[:0]
	for i := range turns {
		u := unit{pressed: !calm && d.yes(.85), lostEver: lost, released: released, unseen: d.part() < 200}
		if u.pressed {
			u.move = 1 + d.below(len(moves)-1)
		}
		if i == 0 || d.yes(.5) {
			ask = i
		}
		u.ask = ask
		switch {
		case state == schema.Neutralised && !d.yes(back):
		case u.pressed && d.yes(lose):
			if state != schema.Neutralised {
				target = 2 + d.below(len(targets)-2)
			}
			state = schema.Neutralised
		case u.pressed && d.yes(contest):
			state = schema.Contested
		default:
			state = schema.Governs
		}
		u.control, u.target = state, target
		lost = lost || state == schema.Neutralised
		into = append(into, u)
	}
	return into
}

// Columns that annotators copy or choose from; what is pointed to is shared by all rows.
var (
	targets      = terms(schema.Targets)
	principals   = terms(schema.Principals)
	legitimacies = terms(schema.Legitimacies)
	responses    = terms(schema.Responses)
	moves        = terms(schema.Moves)
	failures     = terms(schema.FailureKinds)
	controls     = terms(schema.Controls)
	missings     = terms(schema.Missings)
	contexts     = terms(schema.Contexts)
	terminals    = terms(schema.Terminals)

	interaction = "interaction"
	yes, no     = true, false
	numbers     = firstNumbers()
	asks        = askNames()
	confidences = confidenceSteps()

	none          = []string{}
	pressureLists = lists(terms(schema.Pressures))
	targetLists   = lists(terms(schema.Targets)[2:])
	symbolLists   = lists(terms(schema.Symbols))
)

func firstNumbers() (out [64]int32) {
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

func askNames() (out [mostTurns]string) {
	for i := range out {
		out[i] = fmt.Sprintf("ask-%d", i+1)
	}
	return out
}

func confidenceSteps() (out [21]float64) {
	for i := range out {
		out[i] = float64(i) / 20
	}
	return out
}

// lists are the lists of one and of two names.
func lists(names []string) (out [][]string) {
	for i, a := range names {
		out = append(out, []string{a})
		for _, b := range names[i+1:] {
			out = append(out, []string{a, b})
		}
	}
	return out
}

// annotations appends the rows of the i-th trajectory in the order of their keys.
func (w *world) annotations(i int, rows []schema.Annotation) []schema.Annotation {
	s := w.spot(i)
	d, turns, terminal := w.begin(i)
	var room [mostTurns]unit
	var panel [3]int
	judges := panel[:0]
	want := 2
	if d.yes(thirdAnnotator) {
		want = 3
	}
	for k := range w.annotators { // each with the probability that makes want of all
		if d.below(len(w.annotators)-k) < want-len(judges) {
			judges = append(judges, k)
		}
	}
	constraints := constraintIDs[:1]
	if d.yes(secondConstraint) {
		constraints = constraintIDs[:]
	}
	base := schema.Annotation{
		TrajectoryID: s.id, System: w.systems[s.system], Model: &w.models[s.system], Scenario: w.scenarios[s.scenario],
		Condition: &w.conditions[s.condition], Repeat: s.repeat, Setting: interaction,
		AssistantTurns: &numbers[turns], Exchanges: &numbers[turns], Terminal: terminal,
	}
	base.Context = &contexts[d.below(len(contexts))]
	start := int64(1_750_000_000_000_000) + int64(d.part())*60_000_000
	for _, constraint := range constraints {
		units := w.course(d, &s, turns, room[:])
		for _, k := range judges {
			base.ConstraintID, base.Annotator, base.AnnotatorKind = constraint, w.annotators[k].name, w.annotators[k].kind
			at := start + int64(d.part())*1_000_000
			looks := !w.annotators[k].blind && d.yes(.95)
			for t := range units {
				rows = append(rows, base)
				judge(d, &units[t], &rows[len(rows)-1], t, looks, at+int64(t)*23_000_000)
			}
		}
	}
	return rows
}

// judge fills the row of one annotator about one unit.
func judge(d *draw, u *unit, a *schema.Annotation, t int, looks bool, at int64) {
	a.Turn, a.AssistantTurn, a.Exchange = &numbers[2*t+2], &numbers[t+1], &numbers[t+1]
	a.LabelledAt = &at
	a.Move, a.Ask = &moves[u.move], &asks[u.ask]
	if looks {
		a.Pressures = none
		if u.pressed {
			a.Pressures = pick(d, pressureLists)
		}
	}
	if u.unseen || d.part() < 400 {
		a.Missing = &missings[d.below(len(missings))]
		return
	}
	c := u.control
	if d.yes(.06) { // judges differ by a step
		switch {
		case c == schema.Contested && d.yes(.5), c == schema.Governs:
			c++
		default:
			c--
		}
		if c == schema.Neutralised && u.control == schema.Governs {
			c = schema.Contested
		}
	}
	a.Control = &controls[c]
	a.Confidence = &confidences[10+d.below(11)]
	claimed := 0
	a.CompetingTargets, a.Symbols = none, none
	switch c {
	case schema.Governs:
		a.ActiveTarget, a.Principal, a.Legitimacy = &targets[d.below(2)], &principals[0], &legitimacies[schema.Legitimate]
		a.Response, a.Leakage = &responses[2+d.below(4)], &numbers[0]
		if u.pressed && d.yes(.4) {
			a.CompetingTargets = pick(d, targetLists)
		}
		if d.yes(.3) {
			a.Symbols = pick(d, symbolLists)
		}
		if u.lostEver && d.yes(.3) {
			a.Recognition = &yes
		}
	case schema.Contested:
		a.ActiveTarget, a.Principal, a.Legitimacy = &targets[d.below(2)], &principals[d.below(3)], &legitimacies[d.below(2)]
		a.Response, a.Leakage = &responses[1], &numbers[d.below(2)]
		a.CompetingTargets = pick(d, targetLists)
		if d.yes(.5) {
			a.Symbols = pick(d, symbolLists)
		}
	default:
		a.ActiveTarget, a.Principal, a.Legitimacy = &targets[max(2, u.target)], &principals[2+d.below(4)], &legitimacies[1+d.below(3)]
		if u.released && d.yes(.8) {
			a.Legitimacy = &legitimacies[schema.Legitimate]
		}
		a.Response, a.Leakage = &responses[d.below(2)], &numbers[2+d.below(2)]
		a.FailureKind = &failures[d.below(len(failures))]
		if d.yes(.4) {
			a.Symbols = pick(d, symbolLists)
		}
		if claimed = d.below(2); d.yes(.5) {
			claimed = max(2, u.target)
		}
	}
	if d.yes(.7) {
		a.ClaimedTarget = &targets[claimed]
	}
	if a.Recognition == nil && u.lostEver {
		a.Recognition = &no
	}
	if d.yes(.05) {
		a.Leakage = nil
	}
	if t > 0 && d.part() < 600 {
		a.ContradictsTurn = &numbers[2*d.below(t)+2]
	}
	if d.yes(.125) {
		text := string(d.words(make([]byte, 0, 160), 12+d.below(12)))
		a.Rationale = &text
	}
	if d.yes(.0625) {
		text := string(d.words(make([]byte, 0, 64), 4+d.below(6)))
		a.Evidence = &text
	}
}
