package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench/publish"
	"github.com/righting-bench/righting/bench/report"
)

func (a *app) diff() *cobra.Command {
	var o output
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "say what became of a dataset, and which scores move",
		Long: `diff compares two versions of a dataset, packed or not, row by row: what was added,
removed, changed or moved to another split, label by label, what dataset.yaml declares
otherwise, and the scores of both by their own rules. It says which step of a semantic
version that is: MAJOR where something that was there is other or gone, MINOR where
something was added, PATCH where the same data have other bytes. Exit 1 if the version that
NEW declares is too small a step after OLD's.

  righting diff ds-1.0.0 ds
  righting diff dist-old dist --format json`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return a.runDiff(c.Context(), args[0], args[1], &o) },
	}
	o.flags(c, formats())
	return c
}

func (a *app) runDiff(ctx context.Context, older, newer string, o *output) error {
	if err := o.spare(older, newer); err != nil {
		return err
	}
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	d, err := publish.DiffOf(ctx, older, newer)
	if err != nil {
		return err
	}
	if f.Name == report.JSON.Name {
		err = o.write(a, func(w io.Writer) error { return d.JSON(w) })
	} else {
		err = o.tables(a, f, d.Report(f.People))
	}
	if err != nil {
		return err
	}
	if !d.Fits {
		a.talk("the version that %s declares does not fit: it needs %s", newer, d.Needs)
		return errFound
	}
	return nil
}
