package report

import (
	"bufio"
	"strings"

	"github.com/righting-bench/righting/schema/plain"
)

// LaTeX is a tabular for \input, with the rules of package booktabs. The lines above
// and below the table are comments.
var LaTeX = Format{Name: "latex", Doc: "a booktabs tabular", People: true, write: writeLaTeX}

func writeLaTeX(b *bufio.Writer, t *Table, o Options) {
	for _, s := range t.Caption {
		b.WriteString("% " + plain.Terminal(s) + "\n")
	}
	shown := t.people(o, false)
	align := make([]byte, len(shown))
	for n, i := range shown {
		align[n] = 'l'
		if t.Columns[i].numeric() {
			align[n] = 'r'
		}
	}
	line := func(cell func(i int) string) {
		for n, i := range shown {
			if n > 0 {
				b.WriteString(" & ")
			}
			b.WriteString(cell(i))
		}
		b.WriteString(` \\` + "\n")
	}
	b.WriteString(`\begin{tabular}{` + string(align) + "}\n\\toprule\n")
	line(func(i int) string { return plain.LaTeX(t.Columns[i].heading()) })
	b.WriteString("\\midrule\n")
	for _, row := range t.Rows {
		line(func(i int) string {
			c := t.Columns[i]
			s := c.friendly(row[i], "--", plain.LaTeX)
			if rest, negative := strings.CutPrefix(s, "-"); negative && c.numeric() && row[i] != nil {
				return "$-$" + rest
			}
			return s
		})
	}
	b.WriteString("\\bottomrule\n\\end{tabular}\n")
	for _, s := range t.Notes {
		b.WriteString("% " + plain.Terminal(s) + "\n")
	}
}
