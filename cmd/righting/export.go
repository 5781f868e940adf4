package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// exports are the tables and how to make them, in batches.
var exports = []struct {
	name, doc string
	run       func(ctx context.Context, d *dataset.Dataset, spec bench.Spec, w io.Writer, format string) error
}{
	{schema.Readings, "one row per trajectory and constraint: outcome, credit, what happened when", func(ctx context.Context, d *dataset.Dataset, spec bench.Spec, w io.Writer, format string) error {
		out, err := newRowWriter[schema.ReadingRow](w, schema.Readings, format, rulesOf(spec.Rules.Digest()))
		if err != nil {
			return err
		}
		if err := bench.Readings(ctx, d, spec, out.write); err != nil {
			return err
		}
		return out.close()
	}},
	{schema.Scores, "one row per system, slice and metric", func(ctx context.Context, d *dataset.Dataset, spec bench.Spec, w io.Writer, format string) error {
		b, err := bench.Run(ctx, []*dataset.Dataset{d}, spec)
		if err != nil {
			return err
		}
		return writeRows(w, schema.Scores, format, rulesOf(b.Digest), b.Rows())
	}},
	{schema.Counts, "the integers every metric is made of; any SQL engine can add them up", func(ctx context.Context, d *dataset.Dataset, spec bench.Spec, w io.Writer, format string) error {
		t, err := bench.Count(ctx, []*dataset.Dataset{d}, &spec)
		if err != nil {
			return err
		}
		cover, err := json.Marshal(bench.Coverage(t.Table))
		if err != nil {
			return err
		}
		meta := rulesOf(spec.Rules.Digest())
		meta[schema.MetaCover] = string(cover)
		return writeRows(w, schema.Counts, format, meta, t.CountRows())
	}},
	{schema.Trajectories, "the conversations, one row each", func(ctx context.Context, d *dataset.Dataset, _ bench.Spec, w io.Writer, format string) error {
		return copyRows(ctx, d.Trajectories, schema.Trajectories, w, format, func(t *schema.Trajectory) []schema.Trajectory { return []schema.Trajectory{*t} })
	}},
	{schema.Turns, "the conversations, one row per turn", func(ctx context.Context, d *dataset.Dataset, _ bench.Spec, w io.Writer, format string) error {
		return copyRows(ctx, d.Trajectories, schema.Turns, w, format, dataset.TurnRows)
	}},
	{schema.Annotations, "the judgements, one row each", func(ctx context.Context, d *dataset.Dataset, _ bench.Spec, w io.Writer, format string) error {
		return copyRows(ctx, d.Annotations, schema.Annotations, w, format, func(a *schema.Annotation) []schema.Annotation { return []schema.Annotation{*a} })
	}},
}

// copyRows writes what each stored row gives, in file order.
func copyRows[T, R any](ctx context.Context, files []string, table string, w io.Writer, format string, rows func(*T) []R) error {
	out, err := newRowWriter[R](w, table, format, nil)
	if err != nil {
		return err
	}
	var batch []R
	for _, file := range files {
		for row, err := range dataset.Rows[T](ctx, file) {
			if err != nil {
				return err
			}
			if batch = append(batch, rows(&row)...); len(batch) >= 4096 {
				if err := out.write(batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
		}
	}
	if err := out.write(batch); err != nil {
		return err
	}
	return out.close()
}

func (a *app) export() *cobra.Command {
	var s scoring
	var o output
	names := make([]string, len(exports))
	docs := make([]string, len(exports))
	for i, e := range exports {
		names[i], docs[i] = e.name, fmt.Sprintf("  %-10s %s", e.name, e.doc)
	}
	c := &cobra.Command{
		Use:       "export DS " + strings.Join(names, "|"),
		Short:     "write a table for notebooks and other engines",
		Long:      "export writes a table, stored or derived:\n\n" + strings.Join(docs, "\n") + "\n\n  righting export ds readings --format parquet -o readings.parquet",
		Args:      cobra.ExactArgs(2),
		ValidArgs: names,
		RunE: func(c *cobra.Command, args []string) error {
			for _, e := range exports {
				if e.name != args[1] {
					continue
				}
				d, err := dataset.Open(args[0])
				if err != nil {
					return err
				}
				spec, err := s.resolve(c, d)
				if err != nil {
					return err
				}
				if o.format == "parquet" {
					if err := o.refuseTerminal(a); err != nil {
						return err
					}
				}
				for _, n := range d.Notices {
					a.talk("%s", n)
				}
				return o.write(a, func(w io.Writer) error { return e.run(c.Context(), d, spec, w, o.format) })
			}
			hint := strings.Join(names, ", ")
			if near := schema.Nearest(args[1], names); near != "" {
				return fmt.Errorf("no table %q to export; did you mean %s?", args[1], near)
			}
			return fmt.Errorf("no table %q to export; it is one of %s", args[1], hint)
		},
	}
	s.flags(c)
	o.flags(c, "jsonl (default), csv, tsv, parquet")
	return c
}

// rulesOf is a derived table's metadata.
func rulesOf(digest string) map[string]string { return map[string]string{schema.MetaRules: digest} }

// rowWriter writes rows of a table in batches, in one of the formats of export.
type rowWriter[T any] struct {
	write func([]T) error
	close func() error
}

func newRowWriter[T any](w io.Writer, table, format string, meta map[string]string) (*rowWriter[T], error) {
	switch format {
	case "parquet":
		t := dataset.NewTableWriter[T](w, table, meta)
		return &rowWriter[T]{t.Write, t.Close}, nil
	case "":
		format = report.JSONL.Name
		fallthrough
	case report.JSONL.Name, report.CSV.Name, report.TSV.Name:
		f, err := report.Find(format)
		if err != nil {
			return nil, err
		}
		var o report.Options
		return &rowWriter[T]{
			func(rows []T) error {
				err := report.Rows(table, rows).Write(w, f, o)
				o.Continue = true
				return err
			},
			func() error { return nil },
		}, nil
	case "arrow":
		return nil, fmt.Errorf("arrow: not yet; parquet is read by every engine that reads arrow")
	}
	return nil, fmt.Errorf("export writes jsonl, csv, tsv or parquet, not %q", format)
}

func writeRows[T any](w io.Writer, table, format string, meta map[string]string, rows []T) error {
	out, err := newRowWriter[T](w, table, format, meta)
	if err != nil {
		return err
	}
	if err := out.write(rows); err != nil {
		return err
	}
	return out.close()
}
