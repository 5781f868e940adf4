package report

import (
	"bufio"
	"iter"

	"github.com/righting-bench/righting/schema/plain"
)

// JSON is an array of objects, one to a line, with the columns' names as keys in
// their order. An absent cell has no key. Strings read back as they were, and are
// written so that neither a terminal nor a page acts on them.
var JSON = Format{Name: "json", Doc: "an array of objects", write: writeJSON}

// JSONL is JSON's objects, one to a line and nothing else.
var JSONL = Format{Name: "jsonl", Doc: "an object a line", write: writeJSONL}

func writeJSON(b *bufio.Writer, t *Table, _ Options) {
	b.WriteByte('[')
	for n, object := range t.objects() {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n " + object)
	}
	if len(t.Rows) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
}

func writeJSONL(b *bufio.Writer, t *Table, _ Options) {
	for _, object := range t.objects() {
		b.WriteString(object + "\n")
	}
}

// objects yields each row as a JSON object.
func (t *Table) objects() iter.Seq2[int, string] {
	columns := t.programs()
	keys := make([]string, len(t.Columns))
	for _, i := range columns {
		keys[i] = plain.JSON(t.Columns[i].Name) + ":"
	}
	return func(yield func(int, string) bool) {
		for n, row := range t.Rows {
			object, comma := "{", ""
			for _, i := range columns {
				if row[i] != nil {
					object += comma + keys[i] + exact(row[i], plain.JSON)
					comma = ","
				}
			}
			if !yield(n, object+"}") {
				return
			}
		}
	}
}
