package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/check"
	"github.com/righting-bench/righting/schema/plain"
)

func (a *app) check() *cobra.Command {
	var o output
	c := &cobra.Command{
		Use:   "check DS…",
		Short: "find what would make a score wrong",
		Long: `check reads a dataset and prints what is wrong with it, one finding a line as
file:row: field: why (CODE). Exit 1 if there is any; righting explain CODE says more.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.runCheck(c.Context(), args, &o) },
	}
	o.flags(c, "text (default) or any of "+formats())
	return c
}

func (a *app) runCheck(ctx context.Context, args []string, o *output) error {
	var found []check.Finding
	for _, arg := range args {
		d, err := dataset.Open(arg)
		if err != nil {
			return err
		}
		if err := check.Run(ctx, d, check.All, func(f check.Finding) error {
			found = append(found, f)
			return nil
		}); err != nil {
			return err
		}
	}
	var err error
	if o.format == "" || o.format == report.Text.Name {
		err = o.write(a, func(w io.Writer) error {
			for _, f := range found {
				if _, err := io.WriteString(w, plain.Line(f.String(), 500)+"\n"); err != nil {
					return err
				}
			}
			return nil
		})
	} else {
		err = o.table(a, findings(found))
	}
	if err != nil {
		return err
	}
	if len(found) > 0 {
		a.talk("%s", counted(len(found), "finding"))
		return errFound
	}
	a.talk("no findings")
	return nil
}

func findings(found []check.Finding) *report.Table {
	t := &report.Table{Name: "findings", Columns: []report.Column{
		{Name: "file"}, {Name: "row", Kind: report.Int}, {Name: "field"}, {Name: "code"}, {Name: "rule"}, {Name: "severity"}, {Name: "why"},
	}}
	for _, f := range found {
		var row any
		if f.Place.Row > 0 {
			row = int64(f.Place.Row)
		}
		t.Rows = append(t.Rows, []any{f.Place.File, row, f.Place.Field, f.Rule.Code, f.Rule.Name, f.Rule.Severity.String(), f.Why})
	}
	return t
}
