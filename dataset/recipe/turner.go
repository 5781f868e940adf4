package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// A turner makes the turns of one trajectory after the other.
type turner struct {
	plan  *plan  // of turns
	from  string // the list that they are made of, "" = other cells and records
	env   env
	blank schema.Turn

	elements *objects // of from
	bound    binding
	dec      jsontext.Decoder
	element  record

	turns []schema.Turn
	order []string
}

// newTurner makes turns by p's plan for them, of the records that e reads.
func newTurner(p *plan, e *env, below *met) (*turner, error) {
	t := &turner{plan: p.turns, from: p.section.Turns.From, env: *e}
	t.env.plan, t.env.values = p.turns, make([]texts, len(p.turns.fills))
	if t.from != "" {
		t.elements = newObjects(p.turns.use)
		t.env.head, t.env.rec = t.elements.head, &t.element
		t.bound = binding{plan: p.turns, head: t.elements.head, met: below}
	}
	return t, t.env.preset(reflect.ValueOf(&t.blank).Elem())
}

// begin forgets the turns of the trajectory before.
func (t *turner) begin() { t.turns, t.order = []schema.Turn{}, t.order[:0] }

// list makes turns of the elements of a list. Only a recipe that does not fit is an
// error.
func (t *turner) list(c cell, place schema.Place) (*fault, error) {
	bad := func(err error, name string) (*fault, error) { return &fault{name: name, at: -1, err: err}, nil }
	switch {
	case c.kind == absent || c.kind == null || c.kind == text && strings.TrimSpace(c.text) == "":
		return nil, nil
	case !strings.HasPrefix(strings.TrimLeft(c.text, " \t\r\n"), "["):
		return bad(fmt.Errorf("%s is not a list of objects, of which turns are made", excerpt(c.text)), t.from)
	case c.kind == text: // which nobody has read as JSON
		if err := checkText(c.text, false); err != nil {
			return bad(fmt.Errorf("%s %w", excerpt(c.text), err), t.from)
		}
	}
	t.dec.Reset(bytes.NewBufferString(c.text))
	if _, err := t.dec.ReadToken(); err != nil {
		return bad(err, t.from)
	}
	for i := 0; t.dec.PeekKind() != jsontext.KindEndArray; i++ {
		at := fmt.Sprintf("%s[%d]", t.from, i)
		if err := t.elements.next(&t.dec, &t.element); err != nil {
			var ends fatal
			if errors.As(err, &ends) {
				return nil, fmt.Errorf("%s: %s: %w", place, t.from, ends.error)
			}
			if err == errNoObject {
				err = errors.New("not a JSON object, of which a turn is made")
			}
			return bad(err, at)
		}
		t.bound.met.records = true
		if err := t.bound.extend(place); err != nil {
			return nil, err
		}
		t.element.row = i + 1
		if f := t.turn(); f != nil {
			return &fault{name: at + "." + f.name, at: -1, err: f.err}, nil
		}
	}
	return nil, nil
}

// cells makes turns of the cells that are unpivoted; an empty one is no turn.
func (t *turner) cells(rec *record, wide []wideCell) *fault {
	caps := t.env.caps
	defer func() { t.env.caps, t.env.wide = caps, -1 }()
	t.env.rec = rec
	for _, w := range wide {
		if rec.cell(w.at).kind == absent {
			continue
		}
		t.env.wide, t.env.caps = w.at, w.caps
		if f := t.turn(); f != nil {
			return f
		}
	}
	return nil
}

// records makes a turn of each record.
func (t *turner) records(recs []*record) *fault {
	for _, rec := range recs {
		t.env.rec = rec
		if f := t.turn(); f != nil {
			f.from = &rec.origin
			return f
		}
	}
	return nil
}

// turn makes a turn of what is at hand.
func (t *turner) turn() *fault {
	u := t.blank
	if f := t.env.fill(reflect.ValueOf(&u).Elem()); f != nil {
		return f
	}
	if v := t.plan.section.Unpivot; v != nil && t.env.values[t.plan.by[v.To].at] == nil {
		return nil
	}
	for _, r := range t.plan.order {
		of, err := t.env.get(r)
		if err == nil && len(of) != 1 {
			err = errors.New("empty, and the turns are in its order")
		}
		if err != nil {
			return &fault{name: r.name, at: -1, err: err}
		}
		t.order = append(t.order, of[0])
	}
	t.turns = append(t.turns, u)
	return nil
}

// sorted is the turns in their order, which the caller owns.
func (t *turner) sorted() []schema.Turn {
	if len(t.plan.order) == 0 {
		return t.turns
	}
	at := make([]int, len(t.turns))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return compare(t.order[a], t.order[b]) })
	out := make([]schema.Turn, len(at))
	for i, k := range at {
		out[i] = t.turns[k]
	}
	return out
}
