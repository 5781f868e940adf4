package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
)

func (a *app) audit() *cobra.Command {
	var s scoring
	var o output
	var long bool
	c := &cobra.Command{
		Use:   "audit DS…",
		Short: "ask of a dataset what would refute the theory",
		Long: `audit asks the questions whose answers would refute the theory or make this tool
superfluous, and gives verdicts by margins that are fixed beforehand: under margins in
bench.yaml, or the defaults. Every verdict comes with its numbers and with what would
change it.

  righting audit ds                                  the verdicts
  righting audit ds --spec bench.yaml --format json  everything, margins of your own
  righting audit ds --long --format csv              every number on a row of its own

` + questions(),
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, name := range unaudited {
				if c.Flags().Changed(name) {
					return fmt.Errorf("--%s: an audit chooses that itself", name)
				}
			}
			return a.runAudit(c.Context(), c, args, &s, &o, long)
		},
	}
	s.flags(c)
	for _, name := range unaudited {
		_ = c.Flags().MarkHidden(name) // they exist: flags made them
	}
	o.flags(c, formats())
	c.Flags().BoolVar(&long, "long", false, "every number on a row of its own, json too")
	return c
}

// unaudited are the flags of scoring that an audit has no use for.
var unaudited = []string{"metrics", "primary", "by", "interval"}

// questions is what audit asks, for its help.
func questions() string {
	var b strings.Builder
	for _, q := range bench.Audits {
		fmt.Fprintf(&b, "%s: %s\n%s", q.Name, q.Question, rule(q))
	}
	return b.String() + "\nrighting explain NAME says how each is computed."
}

// rule is the verdicts that an audit can give, and its margins.
func rule(q *bench.Audit) string {
	var b strings.Builder
	for _, w := range q.Words {
		fmt.Fprintf(&b, "  %-22s %s\n", w.Name, w.Doc)
	}
	for _, m := range q.Margins {
		fmt.Fprintf(&b, "  margin %-15s %s, default %g\n", m.Name, m.Doc, m.Value)
	}
	return b.String()
}

func (a *app) runAudit(ctx context.Context, c *cobra.Command, args []string, s *scoring, o *output, long bool) error {
	if err := o.spare(args...); err != nil {
		return err
	}
	ds, err := openAll(args)
	if err != nil {
		return err
	}
	spec, err := s.resolve(c, ds[0])
	if err != nil {
		return err
	}
	audited, err := bench.AuditOf(ctx, ds, spec)
	if err != nil {
		return err
	}
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	switch {
	case f.Name == report.JSON.Name && !long:
		return o.write(a, func(w io.Writer) error { return report.AuditJSON(w, audited) })
	case long || !f.People:
		return o.table(a, report.AuditRows(audited))
	}
	return o.tables(a, f, report.AuditTables(audited))
}
