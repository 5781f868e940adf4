package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

func (a *app) agree() *cobra.Command {
	var s scoring
	var o output
	var tables []string
	c := &cobra.Command{
		Use:   "agree DS",
		Short: "say how far annotators agree, and how much the board depends on who judges",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.runAgree(c.Context(), c, args[0], &s, &o, tables)
		},
	}
	s.flags(c)
	o.flags(c, formats())
	c.Flags().StringSliceVar(&tables, "table", nil, "only these tables")
	return c
}

func (a *app) runAgree(ctx context.Context, c *cobra.Command, ds string, s *scoring, o *output, tables []string) error {
	for _, flag := range []string{"by", "metrics"} {
		if c.Flags().Changed(flag) {
			return fmt.Errorf("--%s: agree has neither slices nor metrics but --primary", flag)
		}
	}
	if err := o.spare(ds); err != nil {
		return err
	}
	d, err := dataset.Open(ds)
	if err != nil {
		return err
	}
	spec, err := s.resolve(c, d)
	if err != nil {
		return err
	}
	g, err := bench.Agree(ctx, d, spec)
	if err != nil {
		return err
	}
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	if f.Name == report.JSON.Name && len(tables) == 0 {
		return o.write(a, func(w io.Writer) error { return report.AgreementJSON(w, g) })
	}
	return o.tables(a, f, report.AgreeTables(g, f.People && len(tables) == 0), tables)
}

// tables writes several tables, or those that are named.
func (o *output) tables(a *app, f report.Format, list []*report.Table, only []string) error {
	if len(only) > 0 {
		var out []*report.Table
		for _, name := range only {
			i := slices.IndexFunc(list, func(t *report.Table) bool { return t.Name == name })
			if i < 0 {
				names := make([]string, len(list))
				for k, t := range list {
					names[k] = t.Name
				}
				hint := "; there are " + strings.Join(names, ", ")
				if near := schema.Nearest(name, names); near != "" {
					hint = "; did you mean " + near + "?"
				}
				return fmt.Errorf("--table: there is no %q here%s", name, hint)
			}
			out = append(out, list[i])
		}
		list = out
	}
	if len(list) > 1 && (f.Name == report.JSON.Name || f.Name == report.JSONL.Name) {
		return fmt.Errorf("--format %s: these are several tables; name one with --table", f.Name)
	}
	if !f.People || f.Name == report.LaTeX.Name {
		for _, t := range list {
			for _, line := range slices.Concat(t.Caption, t.Notes) {
				a.talk("%s", line)
			}
		}
	}
	return o.write(a, func(w io.Writer) error {
		for i, t := range list {
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
