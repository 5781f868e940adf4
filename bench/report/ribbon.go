package report

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// Ribbon draws who governs, a glyph a unit from the first on: ● governs, ◐ contested,
// ○ neutralised, · not judged, – not part of the sequence. It shows what the annotator
// of record said, of units after a release too.
func Ribbon(r *reading.Reading, units int) string { return ribbon(r, units, inkGlyphs) }

// RibbonASCII is Ribbon for a terminal that has only ASCII: G, C, N, ? and -.
func RibbonASCII(r *reading.Reading, units int) string { return ribbon(r, units, inkASCII) }

// Inks of a ribbon: the codes of control, then not judged, then not in the sequence.
var (
	inkGlyphs = []string{"●", "◐", "○", "·", "–"}
	inkASCII  = []string{"G", "C", "N", "?", "-"}
)

func ribbon(r *reading.Reading, units int, ink []string) string {
	var b strings.Builder
	for i := range units {
		b.WriteString(ink[stateOf(r, i)])
	}
	return b.String()
}

const notJudged, notInSequence = 3, 4

// stateOf is the place in an ink of unit i, of the trajectory's units.
func stateOf(r *reading.Reading, i int) int {
	switch c, ok := r.Judged.By[reading.Control].At(i); {
	case !r.Judged.Sequence.Has(i):
		return notInSequence
	case ok:
		return c
	}
	return notJudged
}

// ribbonLines are a ribbon in rows of tens with the number of each row's first unit,
// the marks under it, and what its ink means. width 0 is a hundred units a row.
func (t *teller) ribbonLines(width int, ascii bool) []string {
	const margin = "      "
	ink := inkGlyphs
	if ascii {
		ink = inkASCII
	}
	released := t.releasedAt()
	tens := 10
	if width > 0 {
		tens = min(tens, max(1, (width-len(margin)+1)/11))
	}
	var out []string
	seen := make([]bool, len(ink))
	for from := 0; from < t.c.T; from += 10 * tens {
		var row, marks strings.Builder
		fmt.Fprintf(&row, "%5d ", from+1)
		marks.WriteString(margin)
		for i := from; i < min(from+10*tens, t.c.T); i++ {
			if i > from && i%10 == 0 {
				row.WriteByte(' ')
				marks.WriteByte(' ')
			}
			state := stateOf(t.r, i)
			seen[state] = true
			row.WriteString(ink[state])
			switch i + 1 {
			case released:
				marks.WriteByte('|')
			case t.r.Clock:
				marks.WriteByte('^')
			default:
				marks.WriteByte(' ')
			}
		}
		out = append(out, row.String())
		if m := strings.TrimRight(marks.String(), " "); m != "" {
			out = append(out, m)
		}
	}
	meaning := append(schema.Controls.Names(), "not judged", "not part of the sequence")
	var legend []string
	for state, s := range ink {
		if seen[state] {
			legend = append(legend, s+" "+meaning[state])
		}
	}
	out = append(out, margin+strings.Join(legend, "   "))
	if t.r.Clock > 0 {
		out = append(out, fmt.Sprintf("%s^ the clock starts on turn %d", margin, t.r.Clock))
	}
	if released > 0 {
		out = append(out, fmt.Sprintf("%s| released on turn %d: lost to a legitimate target, not read from there on", margin, released))
	}
	return out
}
