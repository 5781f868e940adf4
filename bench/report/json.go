package report

import (
	"bufio"

	"github.com/righting-bench/righting/schema/plain"
)

// JSON is an array of objects, one to a line, with the columns' names as keys in
// their order. An absent cell has no key. Strings read back as they were, and are
// written so that neither a terminal nor a page acts on them.
var JSON = Format{Name: "json", Doc: "an array of objects", write: writeJSON}

func writeJSON(b *bufio.Writer, t *Table, _ Options) {
	columns := t.programs()
	keys := make([]string, len(t.Columns))
	for _, i := range columns {
		keys[i] = plain.JSON(t.Columns[i].Name) + ":"
	}
	b.WriteByte('[')
	for n, row := range t.Rows {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n {")
		comma := ""
		for _, i := range columns {
			if row[i] != nil {
				b.WriteString(comma + keys[i] + exact(row[i], plain.JSON))
				comma = ","
			}
		}
		b.WriteByte('}')
	}
	if len(t.Rows) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
}
