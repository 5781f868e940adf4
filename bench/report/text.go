package report

import (
	"bufio"
	"strings"

	"github.com/righting-bench/righting/schema/plain"
)

// Text is for a terminal: aligned columns under a rule, numbers to the right.
//
// It fits Options.Width by cutting strings, with "…", the widest column first; if
// that is not enough, columns are left out from the right, what is Drawn never without
// its Drawing. A last line names the columns that are not shown. Lines above and below the table are the terminal's to
// wrap.
var Text = Format{Name: "text", Doc: "aligned columns for a terminal", People: true, write: writeText}

const (
	gap     = "  "
	cellMin = 8   // a column of strings is not cut below this
	cellMax = 80  // a string is not longer than this, however wide the terminal
	lineMax = 500 // nor a line above or below the table
)

func writeText(b *bufio.Writer, t *Table, o Options) {
	shown, widths := t.fit(o)
	for _, s := range t.Caption {
		b.WriteString(plain.Line(s, lineMax) + "\n")
	}
	if len(t.Caption) > 0 {
		b.WriteString("\n")
	}
	line := func(cell func(i int) string) {
		var l strings.Builder
		for n, i := range shown {
			if n > 0 {
				l.WriteString(gap)
			}
			s := cell(i)
			pad := strings.Repeat(" ", max(0, widths[n]-plain.Width(s)))
			if t.Columns[i].numeric() {
				l.WriteString(pad + s)
			} else {
				l.WriteString(s + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	width := make([]int, len(t.Columns))
	for n, i := range shown {
		width[i] = widths[n]
	}
	line(func(i int) string { return plain.Line(t.Columns[i].heading(), width[i]) })
	line(func(i int) string { return strings.Repeat("─", width[i]) })
	for _, row := range t.Rows {
		line(func(i int) string {
			return t.Columns[i].friendly(row[i], "–", func(s string) string { return plain.Line(s, width[i]) })
		})
	}

	notes := t.Notes
	if out := t.missing(shown); out != "" {
		notes = append(notes[:len(notes):len(notes)], "not shown: "+out)
	}
	if len(notes) > 0 {
		b.WriteString("\n")
	}
	for _, s := range notes {
		b.WriteString(plain.Line(s, lineMax) + "\n")
	}
}

// fit is the columns that are shown, at least one if there is any, and their widths.
func (t *Table) fit(o Options) (shown, widths []int) {
	shown = t.people(o, true)
	natural := make([]int, len(shown))
	for n, i := range shown {
		c := t.Columns[i]
		natural[n] = plain.Width(plain.Line(c.heading(), cellMax))
		for _, row := range t.Rows {
			s := c.friendly(row[i], "–", func(s string) string { return plain.Line(s, cellMax) })
			natural[n] = max(natural[n], plain.Width(s))
		}
	}
	for len(shown) > 0 {
		widths = append([]int(nil), natural[:len(shown)]...)
		if o.Width <= 0 || t.shrink(shown, widths, o.Width) || len(shown) == 1 {
			break
		}
		out := shown[len(shown)-1]
		shown = shown[:len(shown)-1]
		if out > 0 && t.Columns[out].Drawing && t.Columns[out-1].Drawn && len(shown) > 1 {
			shown = shown[:len(shown)-1]
		}
	}
	return shown, widths
}

// shrink takes columns off the widest column of strings that may be cut, never off a
// drawing, until the line is no longer than limit, and says whether it got there.
func (t *Table) shrink(shown, widths []int, limit int) bool {
	total := len(gap) * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for ; total > limit; total-- {
		widest := -1
		for n, i := range shown {
			if c := t.Columns[i]; c.Kind == String && !c.Drawing && !c.Uncut && widths[n] > cellMin && (widest < 0 || widths[n] > widths[widest]) {
				widest = n
			}
		}
		if widest < 0 {
			return false
		}
		widths[widest]--
	}
	return true
}

// missing is the names of the columns that are neither shown nor drawn.
func (t *Table) missing(shown []int) string {
	left := make(map[int]bool, len(shown))
	for _, i := range shown {
		left[i] = true
	}
	var names []string
	for i, c := range t.Columns {
		if !left[i] && !c.Drawn && !(c.Drawing && i > 0 && t.Columns[i-1].Drawn) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, ", ")
}
