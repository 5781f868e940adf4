package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
)

// output is where a verb's data go and how: the flags --format and -o.
type output struct {
	format string
	path   string
}

func (o *output) flags(c *cobra.Command, formats string) {
	c.Flags().StringVar(&o.format, "format", "", formats)
	c.Flags().StringVarP(&o.path, "output", "o", "", "write to this file, whole or not at all, instead of stdout")
}

// write gives f stdout, or a file that appears whole or not at all.
func (o *output) write(a *app, f func(io.Writer) error) error {
	if o.path == "" || o.path == "-" {
		return f(a.out)
	}
	return dataset.WriteFile(o.path, f)
}

// table writes a table: text on a terminal, tab-separated in a pipe, unless a format
// is named.
func (o *output) table(a *app, t *report.Table) error {
	name := o.format
	if name == "" {
		name = report.TSV.Name
		if a.terminal && o.path == "" {
			name = report.Text.Name
		}
	}
	f, err := report.Find(name)
	if err != nil {
		return err
	}
	if !f.People || f.Name == report.LaTeX.Name {
		for _, line := range slices.Concat(t.Caption, t.Notes) {
			a.talk("%s", line)
		}
	}
	return o.write(a, func(w io.Writer) error { return t.Write(w, f, report.Options{Width: a.width}) })
}

// formats is the help of --format.
func formats(more ...string) string {
	names := make([]string, len(report.All))
	for i, f := range report.All {
		names[i] = f.Name
	}
	return strings.Join(append(names, more...), ", ") + " (default: text on a terminal, tsv in a pipe)"
}

// refuseTerminal keeps bytes off a screen.
func (o *output) refuseTerminal(a *app) error {
	if a.terminal && (o.path == "" || o.path == "-") {
		return fmt.Errorf("%s on a terminal would be noise; add -o FILE", o.format)
	}
	return nil
}

// counted is "1 finding", "2 findings".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
