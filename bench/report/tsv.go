package report

import (
	"bufio"

	"github.com/righting-bench/righting/schema/plain"
)

// TSV is for pipes: a line of names, then a line for each row, with exactly one tab
// between cells and nothing cut. Absent and "" are both empty. Strings are visible
// text, which is for eyes, cut and awk: CSV and JSON give them back as they were.
var TSV = Format{Name: "tsv", Doc: "tab-separated and uncut, for pipes", write: writeTSV}

func writeTSV(b *bufio.Writer, t *Table, o Options) {
	columns := t.programs()
	for n, i := range columns {
		if o.Continue {
			break
		}
		if n > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(plain.Terminal(t.Columns[i].Name))
	}
	if !o.Continue {
		b.WriteByte('\n')
	}
	for _, row := range t.Rows {
		for n, i := range columns {
			if n > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(exact(spelt(row[i]), plain.Terminal))
		}
		b.WriteByte('\n')
	}
}
