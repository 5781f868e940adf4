package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/check"
)

func (a *app) check() *cobra.Command {
	var o output
	var choose, ignore []string
	var names []string
	for _, f := range check.Formats {
		names = append(names, f.Name)
	}
	c := &cobra.Command{
		Use:   "check DS…",
		Short: "find what would make a score wrong",
		Long: `check reads a dataset and prints what is wrong with it, a finding as
file:row: field: why (CODE). Exit 1 if there is any; righting explain CODE says more.

  righting check ds
  righting check ds --ignore A017 --format github
  righting check ds --select A0,duplicate-trajectory`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.spare(args...); err != nil {
				return err
			}
			rules, err := check.Select(check.All, choose, ignore)
			if err != nil {
				return err
			}
			return a.runCheck(c.Context(), args, rules, &o)
		},
	}
	c.Flags().StringSliceVar(&choose, "select", nil, "only these rules: codes, beginnings of codes, names")
	c.Flags().StringSliceVar(&ignore, "ignore", nil, "not these rules")
	o.flags(c, strings.Join(names, ", ")+" (default "+names[0]+")")
	return c
}

func (a *app) runCheck(ctx context.Context, args []string, rules []*check.Rule, o *output) error {
	var found []check.Finding
	for _, arg := range args {
		d, err := dataset.Open(arg)
		if err != nil {
			return err
		}
		if err := check.Run(ctx, d, rules, func(f check.Finding) error {
			found = append(found, f)
			return nil
		}); err != nil {
			return err
		}
	}
	format := o.format
	if format == "" {
		format = check.Formats[0].Name
	}
	if err := o.write(a, func(w io.Writer) error { return check.Write(w, format, found) }); err != nil {
		return err
	}
	if len(found) > 0 {
		a.talk("%s", counted(len(found), "finding"))
		return errFound
	}
	a.talk("no findings")
	return nil
}
