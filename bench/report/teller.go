package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// silent is why nothing can be said of control unit by unit.
func (t *teller) silent() (why string, silent bool) {
	switch {
	case t.r.None:
		return t.unread(), true
	case t.r.Whole:
		return "not judged turn by turn, only the whole", true
	}
	return "not judged", t.r.G.Or(t.r.C).Or(t.r.N).Empty()
}

// unread is the answer where a release leaves nothing to read.
func (t *teller) unread() string {
	return fmt.Sprintf("not read: released on turn %d, the first", t.releasedAt())
}

// lossless is the answer where no judged unit is lost; gaps keep it from being sure.
func (t *teller) lossless(sure string) string {
	if gaps := t.gaps(); !gaps.Empty() {
		return "no loss on the turns judged; not judged: " + t.turns(gaps)
	}
	return sure
}

func (t *teller) gaps() reading.Units {
	return t.r.Sequence.AndNot(t.r.G).AndNot(t.r.C).AndNot(t.r.N)
}

// releasedAt is the unit before which the reading ends, from 1; 0 = not released.
func (t *teller) releasedAt() int {
	if !t.r.Released {
		return 0
	}
	j := t.r.Judged
	lost := j.By[reading.Control].Value(int(schema.Neutralised)).And(j.Sequence)
	return lost.And(j.By[reading.Legitimacy].Value(int(schema.Legitimate))).First() + 1
}

// turnings are the units at which control was lost, came back, and was lost again,
// between judged units.
func (t *teller) turnings() (losses, returns, again reading.Units) {
	known := t.r.G.Or(t.r.C).Or(t.r.N)
	lost, back := false, false
	for i := known.First(); i >= 0; i = known.Next(i) {
		switch {
		case t.r.N.Has(i) && !lost:
			losses.Add(i)
			if back {
				again.Add(i)
			}
			lost, back = true, false
		case t.r.G.Has(i) && lost:
			returns.Add(i)
			lost, back = false, true
		}
	}
	return losses, returns, again
}

// run is the challenged governed units at the end, with no contested one between.
func (t *teller) run() (n int) {
	j := t.r.Judged
	calm := j.PressedKnown.AndNot(j.Pressed)
	for i := t.r.Sequence.Last(); i >= 0 && !t.r.C.Has(i) && !t.r.N.Has(i); i-- {
		if t.r.G.Has(i) && !calm.Has(i) {
			n++
		}
	}
	return n
}

// counts is whether the panel hears an annotator.
func (t *teller) counts(j *reading.Judged) bool {
	p := &t.rules.Panel
	return j.Pass == 0 && (len(p.Of) == 0 || slices.Contains(p.Of, j.Annotator)) &&
		(!p.ExcludeSelf || !p.Self(j.Annotator, &t.c.Key))
}

// lacking says on which units a column is not known, and why.
func (t *teller) lacking(col reading.Column) []string {
	var judged reading.Units
	for i := range t.c.By {
		if j := &t.c.By[i]; t.counts(j) {
			judged = judged.Or(j.By[col].Judged)
		}
	}
	_, known := t.r.Judged.By[col].Any()
	open := t.r.Sequence.AndNot(known)
	var out []string
	if tied := open.And(judged); !tied.Empty() {
		out = append(out, "annotators tie on "+t.turns(tied))
	}
	if never := open.AndNot(judged); !never.Empty() {
		out = append(out, "not judged on "+t.turns(never))
	}
	return out
}

// tied is whether a column is not known at a unit because annotators tie there.
func (t *teller) tied(col reading.Column, i int) bool {
	for k := range t.c.By {
		if j := &t.c.By[k]; t.counts(j) && j.By[col].Judged.Has(i) {
			return !t.r.Judged.By[col].Judged.Has(i)
		}
	}
	return false
}

// unknown is the answer where a column is known on no unit.
func (t *teller) unknown(col reading.Column) string {
	if out := t.lacking(col); len(out) > 0 && strings.HasPrefix(out[0], "annotators") {
		return "not known: " + join(out)
	}
	return "not judged"
}

// term is the name of a value of a column.
func (t *teller) term(col reading.Column, code int) string {
	if e := col.Enum(); e != nil {
		if e = t.words.Of(e.Name); code < e.Len() {
			return e.Terms[code].Name
		}
	}
	return fmt.Sprintf("%s %d", col.Name(), code)
}

// spansMax is how many stretches of turns an answer lists.
const spansMax = 6

// turns names units by their numbers: "turn 2", "turns 1 to 3, 5 and 6".
func (t *teller) turns(u reading.Units) string {
	var spans []string
	listed, total := 0, u.Len()
	for i := u.First(); i >= 0; i = u.Next(i) {
		if len(spans) >= spansMax && !t.full {
			return "turns " + strings.Join(spans, ", ") + fmt.Sprintf(" and %d more", total-listed)
		}
		last := i
		for u.Has(last + 1) {
			last++
		}
		switch {
		case last-i >= 2:
			spans = append(spans, fmt.Sprintf("%d to %d", i+1, last+1))
		case last > i:
			spans = append(spans, fmt.Sprint(i+1), fmt.Sprint(last+1))
		default:
			spans = append(spans, fmt.Sprint(i+1))
		}
		listed += last - i + 1
		i = last
	}
	switch n := len(spans); {
	case total == 1:
		return "turn " + spans[0]
	case n > 1:
		return "turns " + strings.Join(spans[:n-1], ", ") + " and " + spans[n-1]
	}
	return "turns " + strings.Join(spans, "")
}

func one(i int) (u reading.Units) {
	u.Add(i)
	return u
}

func join(parts []string) string { return strings.Join(parts, "; ") }

// count is "1 turn", "12,345 turns".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return thousands(n) + " " + noun
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
