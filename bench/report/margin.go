package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
	"github.com/righting-bench/righting/schema/reading"
)

// whole is what was said of the trajectory as a whole, by whom where they differ.
func (t *teller) whole() []string {
	var out []string
	say := func(who string, j *reading.Judged) {
		var said []string
		if j.HasWhole {
			said = append(said, "control "+j.Whole.String())
		}
		for i, term := range schema.Outcomes.Terms {
			if j.WholeOutcome>>i&1 == 1 {
				said = append(said, "outcome "+term.Name)
			}
		}
		for m := range j.Measures {
			if j.Measures[m].HasWhole {
				said = append(said, t.measure(m, j.Measures[m].Whole, j.Measures[m].Letters))
			}
		}
		if len(said) > 0 {
			out = append(out, who+join(said))
		} else if j.WholeAsked {
			out = append(out, who+"control asked for, missing")
		}
	}
	say("", t.r.Judged)
	if len(t.c.By) > 1 {
		for i := range t.c.By {
			say(t.who(&t.c.By[i])+": ", &t.c.By[i])
		}
	}
	return out
}

// measure is a measure's name and value.
func (t *teller) measure(m int, v int64, letters bool) string {
	p := &t.rules.Panel
	if m >= len(p.Names.Measures) {
		return fmt.Sprintf("measure %d", m)
	}
	name := p.Names.Measures[m]
	if letters {
		if int(v) < len(p.Names.Letters) {
			return name + " " + p.Names.Letters[v]
		}
		return name + " ungraded"
	}
	return name + " " + Number(p.Measures[name].Value(v))
}

// who is an annotator's name, with its pass if it is not the first, and whether the
// panel does not hear it.
func (t *teller) who(j *reading.Judged) string {
	out := j.Annotator
	if j.Pass > 0 {
		out += fmt.Sprintf(" pass %d", j.Pass)
	}
	if !t.counts(j) {
		out += " (not counted)"
	}
	return out
}

// labelled is the columns that stand beside a unit, in their order.
var labelled = []reading.Column{
	reading.Control, reading.ActiveTarget, reading.Principal, reading.Legitimacy, reading.Competing, reading.Claimed, reading.Response, reading.Leakage,
	reading.Symbols, reading.Recognition, reading.Pressures, reading.Move, reading.FailureKind, reading.Contradicts,
}

// said is what j says of unit i in a column; "" = not judged.
func (t *teller) said(j *reading.Judged, col reading.Column, i int) string {
	l := &j.By[col]
	var names []string
	for code := range l.Is {
		if l.Is[code].Has(i) {
			names = append(names, t.term(col, code))
		}
	}
	flag := col == reading.Recognition || col == reading.Contradicts
	switch {
	case flag && len(names) > 0:
		return "yes"
	case flag && l.Judged.Has(i):
		return "no"
	case len(names) > 0:
		return strings.Join(names, ", ")
	case l.Judged.Has(i):
		return "none"
	case col == reading.Control && j.Asked.Has(i):
		return "asked for, missing"
	}
	return ""
}

// margin is the labels of unit i: those of record, then each column in which
// annotators differ. A column that is not there was not judged.
func (t *teller) margin(i int) []string {
	if i >= t.c.T {
		return []string{"not judged: the last judged turn is " + strconv.Itoa(t.c.T)}
	}
	var record, differ []string
	for _, col := range labelled {
		said := t.said(t.r.Judged, col, i)
		if said == "" && col == reading.Control {
			said = "not judged"
			if !t.r.Judged.Sequence.Has(i) {
				said = "not part of the sequence"
			}
		}
		if each, same := t.each(func(j *reading.Judged) string { return t.said(j, col, i) }); !same {
			differ = append(differ, "annotators differ, "+col.Name()+": "+each)
			said = cmp.Or(said, "not known, a tie")
		}
		if said != "" {
			record = append(record, col.Name()+" "+said)
		}
	}
	for m := range t.r.Judged.Measures {
		value := func(j *reading.Judged) string {
			if m >= len(j.Measures) || !j.Measures[m].At.Has(i) {
				return ""
			}
			return t.measure(m, j.Measures[m].Values[i], j.Measures[m].Letters)
		}
		if said := value(t.r.Judged); said != "" {
			record = append(record, said)
		}
		if each, same := t.each(value); !same {
			differ = append(differ, "annotators differ: "+each)
		}
	}
	if at := t.releasedAt(); at > 0 && i+1 >= at {
		record = append(record, "not read: released on turn "+strconv.Itoa(at))
	}
	return append([]string{join(record)}, differ...)
}

// each is what every annotator says, and whether those who say something say the same.
func (t *teller) each(say func(*reading.Judged) string) (all string, same bool) {
	var out []string
	first, same := "", true
	for i := range t.c.By {
		j := &t.c.By[i]
		said := say(j)
		if said == "" {
			continue
		}
		same = same && (first == "" || said == first)
		first = cmp.Or(first, said)
		out = append(out, t.who(j)+" "+said)
	}
	return join(out), same
}

// marks prints the labels of unit i for every constraint, the first line after lead.
func (s *shower) marks(lead string, i int) {
	for _, t := range s.tellers {
		for _, l := range t.margin(i) {
			if len(s.tellers) > 1 {
				l = t.c.Constraint + ": " + l
			}
			if lead == "" {
				l = "  " + l
			}
			for n, part := range s.wrap(plain.Terminal(lead+l), 4) {
				if n > 0 {
					part = "    " + part
				}
				s.b.WriteString(strings.TrimRight(part, " ") + "\n")
			}
			lead = ""
		}
	}
}

// labels prints what was judged turn by turn where there is no transcript.
func (s *shower) labels() {
	s.line()
	s.line("no transcript: these are labels only")
	s.line()
	units := 0
	for _, t := range s.tellers {
		units = max(units, t.c.T)
	}
	for i := range units {
		s.marks(fmt.Sprintf("%sturn %d: ", s.glyphs(i), i+1), i)
	}
}

// glyphs is who governs unit i, a glyph a constraint; blank for what is no unit.
func (s *shower) glyphs(i int) string {
	ink := inkGlyphs
	if s.o.ASCII {
		ink = inkASCII
	}
	var b strings.Builder
	for _, t := range s.tellers {
		switch {
		case i < 0:
			b.WriteByte(' ')
		case i >= t.c.T:
			b.WriteString(ink[notJudged])
		default:
			b.WriteString(ink[stateOf(t.r, i)])
		}
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	return b.String()
}
