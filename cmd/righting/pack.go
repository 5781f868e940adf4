package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench/publish"
	"github.com/righting-bench/righting/dataset/check"
)

func (a *app) pack() *cobra.Command {
	var o publish.Options
	var out output
	c := &cobra.Command{
		Use:   "pack DS -o FOLDER",
		Short: "make a folder ready to upload, that proves itself",
		Long: `pack makes of a dataset a folder that Hugging Face, Croissant, DuckDB, polars and pandas
read as it is: the tables, the board in every format, card, licence, citation, Croissant,
schemas, views, a notebook, and sums of everything. The same dataset gives the same bytes,
whole or not at all. It is made only if check finds nothing and no secret or personal data
stands in the texts: findings are printed with their place, never their value, and exit is
1. What dataset.yaml leaves empty stays empty and is listed (righting init).

  righting pack ds -o dist
  righting pack ds -o dist --redact                 secrets and personal data become [REDACTED:kind:n]
  righting pack ds -o dist --allow email            these findings may stand
  righting pack ds -o dist --labels-only            without what was said; every score is the same
  righting pack ds -o dist --profile neurips        refuses while a required answer is empty, and names it`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if out.path == "" || out.path == "-" {
				return errors.New("pack: name the folder to write with -o FOLDER")
			}
			if err := out.spare(args...); err != nil {
				return err
			}
			if err := (&output{path: args[0]}).spare(out.path); err != nil {
				return fmt.Errorf("pack: the dataset %s is inside %s, which would be replaced", args[0], out.path)
			}
			o.Tool = version()
			return a.runPack(c.Context(), args[0], out.path, o)
		},
	}
	f := c.Flags()
	f.StringVarP(&out.path, "output", "o", "", "the folder, which appears whole or not at all")
	f.BoolVar(&o.Force, "force", false, "replace a packed folder that is there")
	f.BoolVar(&o.LabelsOnly, "labels-only", false, "without what was said: texts say withheld, every score is the same")
	f.BoolVar(&o.Gated, "gated", false, "readers have to accept card.gate first")
	f.StringVar(&o.Profile, "profile", "", "neurips: refuse while an answer that its track requires is empty")
	f.StringVar(&o.Spec, "spec", "", "bench.yaml: what the board is (default: the dataset's rules)")
	f.StringSliceVar(&o.Ignore, "ignore", nil, "rules of check that need not hold; the folder says which")
	f.BoolVar(&o.Redact, "redact", false, "make secrets and personal data unreadable")
	f.StringSliceVar(&o.Allow, "allow", nil, "findings of secrets and personal data that may stand: ids, or kinds")
	f.StringVar(&o.Gitleaks, "gitleaks", "", "a JSON report of gitleaks, whose findings are findings")
	return c
}

func (a *app) runPack(ctx context.Context, from, to string, o publish.Options) error {
	r, err := publish.Pack(ctx, from, to, o)
	if err != nil {
		return err
	}
	for _, n := range r.Notices {
		a.talk("%s", n)
	}
	if len(r.Check) > 0 {
		if err := check.Write(a.out, check.Formats[0].Name, r.Check); err != nil {
			return err
		}
		a.talk("%s of check: nothing was packed", counted(len(r.Check), "finding"))
		return errFound
	}
	if len(r.Secrets) > 0 {
		for _, s := range r.Secrets {
			if _, err := fmt.Fprintln(a.out, s); err != nil {
				return err
			}
		}
		a.talk("%s of secrets and personal data: nothing was packed (--redact, or --allow KIND or ID)", counted(len(r.Secrets), "finding"))
		return errFound
	}
	m := r.Manifest
	rows := int64(0)
	for _, f := range m.Files {
		if f.Rows != nil {
			rows += *f.Rows
		}
	}
	a.talk("%s: %d files, %d rows, %s", to, len(m.Files)+2, rows, m.Dataset)
	if len(r.Empty) > 0 {
		a.talk("not answered, and so not in it: %s", strings.Join(r.Empty, ", "))
	}
	return nil
}
