package main

import (
	"context"
	"errors"
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
	var exam, folder string
	c := &cobra.Command{
		Use:   "agree DS",
		Short: "say how far annotators agree, and how much the board depends on who judges",
		Long: `agree compares the annotators of a dataset on every label and measure, on what a reading
of each of them alone says (outcome, credit, tested) and on the unit of the first loss:
alpha with an interval over scenarios, percent, Gwet's AC1 and AC2 where one answer is
above .80; two by two; the same annotator twice; people against models; versions of one
judge; judges that are the system they judge, against the panel without them; the board
by each judge alone, without each, by the strictest and the mildest.

  righting agree ds
  righting agree ds --table pairs --format csv        every pair on every question
  righting agree ds --format json -o agree.json       all of it

An exam is a small set of conversations that are hard to judge, with right answers. It is
written without them, judged like any dataset, and held against them:

  righting agree --exam builtin --write exam          the conversations, no labels
  righting export exam judge -o tasks.jsonl           to a model; or label them by hand
  righting annotate exam answers.jsonl --annotator my-judge
  righting agree exam --exam builtin                  right by kind, and what was missed

--exam takes a file of your own too, an object a line: {"id", "kind", "constraint",
"protects", "messages": [{"role", "text", "gold": {"control", "response", "leakage",
"symbols", "recognition"}}]}, gold on each turn of the assistant.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case folder != "":
				if exam == "" || len(args) > 0 {
					return fmt.Errorf("--write writes an exam's conversations: agree --exam %s --write FOLDER", bench.BuiltinExam)
				}
				return a.writeExam(exam, folder)
			case len(args) == 0:
				return errors.New("agree needs a dataset (righting agree --help)")
			case exam != "":
				return a.runExam(c.Context(), c, args[0], exam, &s, &o, tables)
			}
			return a.runAgree(c.Context(), c, args[0], &s, &o, tables)
		},
	}
	s.flags(c)
	o.flags(c, formats())
	f := c.Flags()
	f.StringSliceVar(&tables, "table", nil, "only this table, or these, with all their rows")
	f.StringVar(&exam, "exam", "", "hold the labels against a gold set: "+bench.BuiltinExam+", or a file")
	f.StringVar(&folder, "write", "", "write the exam's conversations, without labels, as a dataset into this new folder")
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
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	g, err := bench.Agree(ctx, d, spec)
	if err != nil {
		return err
	}
	if f.Name == report.JSON.Name && len(tables) == 0 {
		return o.write(a, func(w io.Writer) error { return report.AgreementJSON(w, g) })
	}
	list, err := named(f, report.AgreeTables(g, f.People && len(tables) == 0), tables)
	if err != nil {
		return err
	}
	return o.tables(a, f, list)
}

func (a *app) writeExam(exam, folder string) error {
	e, err := bench.OpenExam(exam)
	if err != nil {
		return err
	}
	if err := e.Write(folder); err != nil {
		return err
	}
	a.talk("%s: %s, without labels", folder, counted(len(e.Items), "conversation"))
	a.talk("have them judged: righting export %s judge -o tasks.jsonl, then righting annotate %s ANSWERS", folder, folder)
	return nil
}

func (a *app) runExam(ctx context.Context, c *cobra.Command, ds, exam string, s *scoring, o *output, tables []string) error {
	if err := o.spare(ds); err != nil {
		return err
	}
	e, err := bench.OpenExam(exam)
	if err != nil {
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
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	r, err := e.Score(ctx, d, spec.Rules.Level)
	if err != nil {
		return err
	}
	if f.Name == report.JSON.Name && len(tables) == 0 {
		return o.write(a, func(w io.Writer) error { return report.ExamJSON(w, r) })
	}
	list, err := named(f, report.ExamTables(r, f.People && len(tables) == 0), tables)
	if err != nil {
		return err
	}
	return o.tables(a, f, list)
}

// named are the tables of these names, all if there are none.
func named(f report.Format, list []*report.Table, only []string) ([]*report.Table, error) {
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
				return nil, fmt.Errorf("--table: there is no %q here%s", name, hint)
			}
			out = append(out, list[i])
		}
		list = out
	}
	if len(list) > 1 && (f.Name == report.JSON.Name || f.Name == report.JSONL.Name) {
		return nil, fmt.Errorf("--format %s: these are several tables; name one with --table", f.Name)
	}
	return list, nil
}
