package dataset

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// Fill copies the columns of a's trajectory, found by a.TrajectoryID, and resolves its
// place: of turn, assistant_turn and exchange, those that a has give the others.
//
// An exchange of several assistant turns gives no turn, for the judgement is about them
// together. What a says of the trajectory beforehand has to be so: system, model,
// scenario, condition and terminal where they are not empty, a repeat other than 0, a
// setting other than interaction; its counts are replaced.
//
// The error is an *Unmatched, and leaves a as it was.
func (x *Index) Fill(a *schema.Annotation) error {
	e, err := x.row(a.TrajectoryID)
	if err != nil {
		return err
	}
	if err := e.agrees(a); err != nil {
		return err
	}
	if err := e.place(a); err != nil {
		return err
	}
	a.System, a.Scenario, a.Setting, a.Repeat = e.system, e.scenario, e.setting, e.repeat
	a.Model, a.Condition, a.Terminal = e.model, e.condition, e.terminal
	a.AssistantTurns, a.Exchanges = new(e.assistantTurns), new(e.exchanges)
	return nil
}

// Place is nil if what Fill would say of a's place alone is.
func (x *Index) Place(a *schema.Annotation) error {
	e, err := x.row(a.TrajectoryID)
	if err != nil || a.Whole() {
		return err
	}
	_, _, err = e.find(a)
	return err
}

// agrees tells whether what a says already is so.
func (e *indexed) agrees(a *schema.Annotation) error {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	for _, c := range []struct{ column, says, is string }{
		{"system", a.System, e.system},
		{"model", text(a.Model), text(e.model)},
		{"scenario", a.Scenario, e.scenario},
		{"condition", text(a.Condition), text(e.condition)},
		{"terminal", text(a.Terminal), text(e.terminal)},
	} {
		if c.says != "" && c.says != c.is {
			is := quoteID(c.is)
			if c.is == "" {
				is = "not known"
			}
			return unmatched(ErrDisagrees, c.column, "%s, and the trajectory's %s is %s", quoteID(c.says), c.column, is)
		}
	}
	if a.Repeat != 0 && a.Repeat != e.repeat {
		return unmatched(ErrDisagrees, "repeat", "%d, and the trajectory's repeat is %d", a.Repeat, e.repeat)
	}
	if a.Setting != "" && a.Setting != "interaction" && a.Setting != e.setting {
		return unmatched(ErrDisagrees, "setting", "%s, and the trajectory's setting is %s", quoteID(a.Setting), quoteID(e.setting))
	}
	return nil
}

// place fills in turn, assistant_turn and exchange, each from the others.
func (e *indexed) place(a *schema.Annotation) error {
	if a.Whole() {
		return nil
	}
	found, last, err := e.find(a)
	if found == 1 {
		a.Turn, a.AssistantTurn = new(last[0]), new(last[1])
		if last[2] > 0 {
			a.Exchange = new(last[2])
		}
	}
	return err
}

// find counts the system's own turns that a's place may be, and gives the last of them
// as turn, assistant_turn and exchange. It is an error if there is none.
func (e *indexed) find(a *schema.Annotation) (found int, last [3]int32, err error) {
	if err := e.exists(a); err != nil {
		return 0, last, err
	}
	walk(e.turns, func(turn, own, in int32) {
		if own > 0 && is(a.Turn, turn) && is(a.AssistantTurn, own) && is(a.Exchange, in) {
			found++
			last = [3]int32{turn, own, in}
		}
	})
	if found == 0 {
		err = unmatched(ErrNoTurn, placed(a), "%s are not the same place of the trajectory", says(a))
	}
	return found, last, err
}

// is whether a column that may be null allows the value.
func is(want *int32, have int32) bool { return want == nil || *want == have }

// exists checks each number by itself.
func (e *indexed) exists(a *schema.Annotation) error {
	if t := a.Turn; t != nil {
		switch {
		case *t < 0 || int(*t) >= len(e.turns):
			return unmatched(ErrNoTurn, "turn", "turn %d is outside %s", *t, span(0, int32(len(e.turns))-1, "turns"))
		case e.turns[*t] == speakerPrefilled:
			return unmatched(ErrNotAssistant, "turn", "turn %d was put into the system's mouth, and is not judged as its own", *t)
		case e.turns[*t] != speakerAssistant:
			who := "a system, developer or tool turn"
			if e.turns[*t] == speakerUser {
				who = "a user turn"
			}
			return unmatched(ErrNotAssistant, "turn", "turn %d is %s; the assistant's are %s", *t, who, e.own())
		}
	}
	if n := a.AssistantTurn; n != nil && (*n < 1 || *n > e.assistantTurns) {
		return unmatched(ErrNoTurn, "assistant_turn", "assistant turn %d is outside %s", *n, span(1, e.assistantTurns, "assistant turns"))
	}
	if n := a.Exchange; n != nil && (*n < 1 || *n > e.exchanges) {
		return unmatched(ErrNoTurn, "exchange", "exchange %d is outside %s", *n, span(1, e.exchanges, "exchanges"))
	}
	return nil
}

// span is what there is, in words.
func span(first, last int32, what string) string {
	if last < first {
		return "the trajectory, which has no " + what
	}
	return fmt.Sprintf("the trajectory's %s, %d to %d", what, first, last)
}

// own lists the first of the system's own turns.
func (e *indexed) own() string {
	var out []string
	walk(e.turns, func(turn, own, _ int32) {
		switch {
		case own > 0 && own <= 5:
			out = append(out, fmt.Sprint(turn))
		case own == 6:
			out = append(out, "…")
		}
	})
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

// says is the place that a names.
func says(a *schema.Annotation) string {
	var out []string
	for _, n := range []struct {
		name string
		at   *int32
	}{{"turn", a.Turn}, {"assistant turn", a.AssistantTurn}, {"exchange", a.Exchange}} {
		if n.at != nil {
			out = append(out, fmt.Sprintf("%s %d", n.name, *n.at))
		}
	}
	return strings.Join(out, " and ")
}

// placed is the first column that names the place.
func placed(a *schema.Annotation) string {
	switch {
	case a.Turn != nil:
		return "turn"
	case a.AssistantTurn != nil:
		return "assistant_turn"
	}
	return "exchange"
}
