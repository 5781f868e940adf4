package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// A Format is one way to print a table. Those that exist are in All; the zero Format
// is none.
type Format struct {
	Name   string // as on the command line
	Doc    string // one line
	People bool   // for eyes: headings, few digits, no Wide columns

	write func(*bufio.Writer, *Table, Options)
}

// All is every format, in the order in which flags list them.
var All = []Format{Text, TSV, Markdown, CSV, LaTeX, JSON, JSONL}

// Options are what depends on where a table goes to.
type Options struct {
	Width int  // columns of the terminal, for Text; 0 = no limit
	Wide  bool // people see Wide columns too

	Visible  bool // CSV for a terminal: strings that could act on it are made visible
	Continue bool // rows that follow others: TSV and CSV without their heading
}

// Find is the format of that name.
func Find(name string) (Format, error) {
	names := make([]string, len(All))
	for i, f := range All {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	if near := schema.Nearest(name, names); near != "" {
		return Format{}, fmt.Errorf("unknown format %q; did you mean %s?", name, near)
	}
	return Format{}, fmt.Errorf("unknown format %q; it is one of %s", name, strings.Join(names, ", "))
}

// Write prints the table. The error is the writer's own, or says what Check found;
// then nothing was written.
func (t *Table) Write(w io.Writer, f Format, o Options) error {
	if f.write == nil {
		return fmt.Errorf("table %s: no format", t.Name)
	}
	if err := t.Check(); err != nil {
		return err
	}
	b := bufio.NewWriter(w) // keeps its first error
	f.write(b, t, o)
	return b.Flush()
}
