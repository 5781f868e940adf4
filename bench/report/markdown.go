package report

import (
	"bufio"

	"github.com/righting-bench/righting/schema/plain"
)

// Markdown is a GitHub table between the lines above and below, a paragraph each.
var Markdown = Format{Name: "markdown", Doc: "a table for a README", People: true, write: writeMarkdown}

func writeMarkdown(b *bufio.Writer, t *Table, o Options) {
	for _, s := range t.Caption {
		b.WriteString(plain.Markdown(s) + "\n\n")
	}
	shown := t.people(o, true)
	line := func(cell func(i int) string) {
		for _, i := range shown {
			b.WriteString("| " + cell(i) + " ")
		}
		b.WriteString("|\n")
	}
	line(func(i int) string { return plain.Markdown(t.Columns[i].heading()) })
	line(func(i int) string {
		if t.Columns[i].numeric() {
			return "--:"
		}
		return ":--"
	})
	for _, row := range t.Rows {
		line(func(i int) string { return t.Columns[i].friendly(row[i], "–", plain.Markdown) })
	}
	for _, s := range t.Notes {
		b.WriteString("\n" + plain.Markdown(s) + "\n")
	}
}
