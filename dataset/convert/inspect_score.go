package convert

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// mostCells bounds the values of one score.
const mostCells = 1_000

// An inspectScore is what one scorer, and whoever edited it, says of a sample.
type inspectScore struct {
	name        string
	value       []cell
	answer      string
	explanation string
	history     []inspectEdit
}

// An inspectEdit is a state of a score; without an author it is the scorer's.
type inspectEdit struct {
	value       []cell // nil: unchanged
	explanation string
	author      string
	reason      string
	at          *int64
	edited      bool
}

// A cell is one value of a score, under its key where the score has several.
type cell struct {
	key    string
	number *float64
	text   string // a letter grade, or a word; neither that nor a number = unscored
}

// readScores reads scores by their names.
func readScores(r *record, each func(inspectScore) error) error {
	return r.object(func(name string) error {
		s, err := readScore(r)
		if err != nil {
			return err
		}
		s.name = name
		return each(s)
	})
}

func readScore(r *record) (s inspectScore, err error) {
	if r.kind() != jsontext.KindBeginObject { // as the first logs had them
		s.value, err = r.cells()
		return s, err
	}
	err = r.object(func(key string) (err error) {
		switch key {
		case "value":
			s.value, err = r.cells()
		case "answer":
			s.answer, err = r.shown()
		case "explanation":
			s.explanation, err = r.shown()
		case "history":
			err = r.array(func(i int) error {
				if i >= mostCells {
					return r.fault("has more than %d edits", mostCells)
				}
				e, err := readEdit(r)
				s.history = append(s.history, e)
				return err
			})
		default:
			err = r.skip()
		}
		return err
	})
	return s, err
}

// shown reads a text; anything else is none.
func (r *record) shown() (string, error) {
	if r.kind() != jsontext.KindString {
		return "", r.skip()
	}
	s, err := r.text()
	if s == nil {
		return "", err
	}
	return *s, err
}

const unchanged = "UNCHANGED"

func readEdit(r *record) (e inspectEdit, err error) {
	err = r.object(func(key string) (err error) {
		switch key {
		case "value":
			if e.value, err = r.cells(); len(e.value) == 1 && e.value[0].text == unchanged {
				e.value = nil
			}
		case "explanation":
			if e.explanation, err = r.shown(); e.explanation == unchanged {
				e.explanation = ""
			}
		case "provenance":
			e.edited = r.kind() == jsontext.KindBeginObject
			err = r.object(func(key string) (err error) {
				var s string
				switch key {
				case "author":
					e.author, err = r.shown()
				case "reason":
					e.reason, err = r.shown()
				case "timestamp":
					s, err = r.shown()
					e.at = instant(s)
				default:
					err = r.skip()
				}
				return err
			})
		default:
			err = r.skip()
		}
		return err
	})
	return e, err
}

// instant is a time with a zone, in microseconds UTC; nil for anything else.
func instant(s string) *int64 {
	t, err := time.Parse(time.RFC3339Nano, strings.Replace(s, " ", "T", 1))
	if err != nil {
		return nil
	}
	return ptr(t.UnixMicro())
}

// cells reads a value: a scalar, or one of them for each key or place.
func (r *record) cells() (cells []cell, err error) {
	add := func(key string) error {
		if len(cells) >= mostCells {
			return r.fault("has more than %d values", mostCells)
		}
		c, err := r.cell()
		c.key = key
		cells = append(cells, c)
		return err
	}
	switch r.kind() {
	case jsontext.KindBeginObject:
		err = r.object(add)
	case jsontext.KindBeginArray:
		err = r.array(func(i int) error { return add(fmt.Sprint(i)) })
	default:
		err = add("")
	}
	return cells, err
}

func (r *record) cell() (c cell, err error) {
	switch r.kind() {
	case jsontext.KindNumber:
		c.number, err = r.number()
	case jsontext.KindTrue:
		c.number, err = ptr(1.0), r.skip()
	case jsontext.KindFalse:
		c.number, err = new(float64), r.skip()
	case jsontext.KindString:
		s, e := r.text()
		if err = e; s != nil {
			if c.text = *s; len(c.text) > longestName {
				err = r.fault("is a text of %d bytes where a value should be", len(c.text))
			}
		}
	default:
		if r.kind() != jsontext.KindNull {
			r.sink.note(r.place.File, r.place.Row, "scores with values inside values, which are not kept")
		}
		err = r.skip()
	}
	return c, err
}

// Petri's judge writes 1 for what it could not read of an answer.
const (
	judgeFailed  = "Failed to parse judge's response"
	judgePartial = "Partial parse"
)

// failed is whether the number is there only because the judge's answer could not be read.
func (c *cell) failed(answer, explanation string) bool {
	return answer == judgeFailed || explanation == judgeFailed ||
		strings.HasPrefix(explanation, judgePartial) && c.number != nil && *c.number == 1
}

// score puts a score into the draft: the scorer's own, and the last of each editor.
func (d *draft) score(r *record, s inspectScore, judge schema.Annotator) {
	scorer := "scorer:" + s.name
	first, said := s.value, s.explanation
	own := true
	if len(s.history) > 0 {
		own = false
		for _, e := range s.history {
			if !e.edited && e.value != nil {
				first, said, own = e.value, cmp.Or(e.explanation, said), true
				break
			}
		}
	}
	measure := func(c *cell) string {
		if c.key == "" {
			return nameable(s.name)
		}
		return nameable(s.name + "." + c.key)
	}
	if own {
		for i := range first {
			c := &first[i]
			a := schema.Annotation{Annotator: scorer, AnnotatorKind: judge.Kind, Measure: ptr(measure(c))}
			c.into(&a, c.failed(s.answer, said))
			if said != "" {
				a.Rationale = ptr(said)
			}
			d.labels = append(d.labels, a)
			if s.name == "audit_judge" || s.name == "alignment_judge" {
				r.sink.result.judged.measure(*a.Measure, measured{As: petriDimension(c.key)})
			}
		}
		r.sink.result.judged.annotator(scorer, judge)
	}
	last := map[string]int{}
	for i, e := range s.history {
		if e.edited && e.value != nil {
			if _, again := last[e.author]; again {
				r.sink.note(r.place.File, r.place.Row, "somebody edited a score again; the last edit is kept")
			}
			last[e.author] = i
		}
	}
	for i, e := range s.history {
		if at, ok := last[e.author]; !ok || at != i {
			continue
		}
		for j := range e.value {
			c := &e.value[j]
			a := schema.Annotation{Annotator: cmp.Or(e.author, "editor"), AnnotatorKind: "human", Measure: ptr(measure(c)), LabelledAt: e.at}
			c.into(&a, false)
			if why := join(e.reason, e.explanation); why != "" {
				a.Rationale = &why
			}
			d.labels = append(d.labels, a)
		}
	}
}

// into writes the value, or that it is missing.
func (c *cell) into(a *schema.Annotation, failed bool) {
	switch {
	case failed || c.number == nil && c.text == "":
		a.Missing = ptr("failed")
	case c.number != nil:
		a.Value = c.number
	default:
		a.ValueText = ptr(c.text)
	}
}

// petriDimension is the scale of a dimension of Petri's judge.
func petriDimension(name string) *schema.Measure {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	m := schema.Measure{Min: ptr(1.0), Max: ptr(10.0), Step: 1, Better: schema.Lower}
	if name == "admirable" || name == "scenario_realism" {
		m.Better = schema.Higher
	}
	return &m
}
