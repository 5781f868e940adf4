package main

import (
	"fmt"
	"io"
	"path/filepath"
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

// spare refuses an output file inside a dataset that is read.
func (o *output) spare(datasets ...string) error {
	if o.path == "" || o.path == "-" {
		return nil
	}
	for _, ds := range datasets {
		if rel, err := filepath.Rel(resolved(ds), resolved(o.path)); err == nil && filepath.IsLocal(rel) {
			return fmt.Errorf("-o %s: is inside the dataset %s, or is it; choose a file elsewhere", o.path, ds)
		}
	}
	return nil
}

// only refuses a format that a verb's text does not have.
func (o *output) only(formats ...string) error {
	if o.format == "" || slices.Contains(formats, o.format) {
		return nil
	}
	return fmt.Errorf("--format %s: this is written as %s only", o.format, strings.Join(formats, " or "))
}

// resolved is a path without links, as far as it is there.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	for rest := ""; ; {
		if p, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(p, rest)
		}
		if filepath.Dir(path) == path {
			return path
		}
		path, rest = filepath.Dir(path), filepath.Join(filepath.Base(path), rest)
	}
}

// write gives f stdout, or a file that appears whole or not at all.
func (o *output) write(a *app, f func(io.Writer) error) error {
	if o.path == "" || o.path == "-" {
		return f(a.out)
	}
	return dataset.WriteFile(o.path, f)
}

// choose is the format that is named, else text on a terminal and tsv in a pipe.
func (o *output) choose(a *app) (report.Format, error) {
	name := o.format
	if name == "" {
		name = report.TSV.Name
		if a.terminal && o.path == "" {
			name = report.Text.Name
		}
	}
	return report.Find(name)
}

func (o *output) options(a *app) report.Options {
	return report.Options{Width: a.width, Visible: a.terminal && o.path == ""}
}

// table writes a table in the chosen format; what it says to people goes to stderr
// where the format has no place for it.
func (o *output) table(a *app, t *report.Table) error {
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	if !f.People || f.Name == report.LaTeX.Name {
		for _, line := range slices.Concat(t.Caption, t.Notes) {
			a.talk("%s", line)
		}
	}
	return o.write(a, func(w io.Writer) error { return t.Write(w, f, o.options(a)) })
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

// tables writes tables one below the other; what they say to people goes to stderr too
// where a format has no place, or only comments, for it.
func (o *output) tables(a *app, f report.Format, tables []*report.Table) error {
	return o.write(a, func(w io.Writer) error {
		for i, t := range tables {
			if !f.People || f.Name == report.LaTeX.Name {
				for _, line := range slices.Concat(t.Caption, t.Notes) {
					a.talk("%s", line)
				}
			}
			if i > 0 {
				if _, err := io.WriteString(w, "\n"); err != nil {
					return err
				}
			}
			if err := t.Write(w, f, o.options(a)); err != nil {
				return err
			}
		}
		return nil
	})
}
