package report

import (
	"bufio"
	"strings"

	"github.com/righting-bench/righting/schema/plain"
)

// CSV is RFC 4180 with lines that end in \n. Strings that a spreadsheet could run
// have an apostrophe first (plain.FromCSV takes it off) and are otherwise as they
// were. Absent is empty, "" is in quotes.
var CSV = Format{Name: "csv", Doc: "comma-separated; ' before what a spreadsheet could run", write: writeCSV}

func writeCSV(b *bufio.Writer, t *Table, o Options) {
	columns := t.programs()
	for n, i := range columns {
		if o.Continue {
			break
		}
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString(csvString(t.Columns[i].Name))
	}
	if !o.Continue {
		b.WriteByte('\n')
	}
	field := csvString
	if o.Visible {
		field = func(s string) string { return csvString(plain.Terminal(s)) }
	}
	for _, row := range t.Rows {
		for n, i := range columns {
			if n > 0 {
				b.WriteByte(',')
			}
			b.WriteString(exact(spelt(row[i]), field))
			if row[i] == nil && len(columns) == 1 {
				b.WriteString(`""`) // readers skip an empty line
			}
		}
		b.WriteByte('\n')
	}
}

// csvString is a field, in quotes if it needs them.
func csvString(s string) string {
	s = plain.CSV(s)
	if s != "" && strings.TrimSpace(s) == s && !strings.ContainsAny(s, "\",\r\n") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// spelt makes JSON text a string like others, in formats that are not JSON.
func spelt(cell any) any {
	if raw, ok := cell.(Raw); ok {
		return string(raw)
	}
	return cell
}
