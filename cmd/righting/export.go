package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/convert"
	"github.com/righting-bench/righting/schema"
)

// exportJob is one export.
type exportJob struct {
	a       *app
	ctx     context.Context
	d       *dataset.Dataset
	spec    bench.Spec
	tasks   annotate.TaskOptions
	w       io.Writer
	format  string
	visible bool // for a terminal
}

// exports are the tables and how to make them, in batches.
var exports = []struct {
	name, doc string
	run       func(j *exportJob) error
}{
	{schema.Readings, "one row per trajectory and constraint: outcome, credit, what happened when", func(j *exportJob) error {
		out, err := newRowWriter[schema.ReadingRow](j.w, schema.Readings, j.format, j.visible, rulesOf(j.spec.Rules.Digest()))
		if err != nil {
			return err
		}
		if err := bench.Readings(j.ctx, j.d, j.spec, out.write); err != nil {
			return err
		}
		return out.close()
	}},
	{schema.Scores, "one row per system, slice and metric", func(j *exportJob) error {
		b, err := bench.Run(j.ctx, []*dataset.Dataset{j.d}, j.spec)
		if err != nil {
			return err
		}
		return writeRows(j.w, schema.Scores, j.format, j.visible, rulesOf(b.Digest), b.Rows())
	}},
	{schema.Counts, "the integers every metric is made of; any SQL engine can add them up", func(j *exportJob) error {
		t, err := bench.Count(j.ctx, []*dataset.Dataset{j.d}, &j.spec)
		if err != nil {
			return err
		}
		cover, err := json.Marshal(bench.Coverage(t.Table))
		if err != nil {
			return err
		}
		meta := rulesOf(j.spec.Rules.Digest())
		meta[schema.MetaCover] = string(cover)
		return writeRows(j.w, schema.Counts, j.format, j.visible, meta, t.CountRows())
	}},
	{schema.Trajectories, "the conversations, one row each, or as others read them", func(j *exportJob) error {
		if w := convert.FindWriter(j.format); w != nil {
			return j.foreign(w)
		}
		return copyRows(j, j.d.Trajectories, schema.Trajectories, func(t *schema.Trajectory) []schema.Trajectory { return []schema.Trajectory{*t} })
	}},
	{schema.Turns, "the conversations, one row per turn", func(j *exportJob) error {
		return copyRows(j, j.d.Trajectories, schema.Turns, dataset.TurnRows)
	}},
	{schema.Annotations, "the judgements, one row each, or one label each", func(j *exportJob) error {
		if j.format == "long-csv" {
			lost, err := annotate.WriteLong(j.ctx, j.d, j.w)
			if lost > 0 {
				j.a.talk("%s that only say that a measure is missing are left out", counted(lost, "judgement"))
			}
			return err
		}
		return copyRows(j, j.d.Annotations, schema.Annotations, func(a *schema.Annotation) []schema.Annotation { return []schema.Annotation{*a} })
	}},
	{"judge", "batch requests for model judges, or tasks for people; annotate reads the answers", func(j *exportJob) error {
		switch j.format {
		case "", "jsonl":
		case "label-studio":
			return j.people()
		case "label-studio-config":
			config, err := annotate.LabelConfig(j.tasks.Fields, j.d.Vocabulary())
			if err == nil {
				_, err = io.WriteString(j.w, config)
			}
			return err
		default:
			return fmt.Errorf("judge: requests are written as jsonl, label-studio or label-studio-config, not %s", j.format)
		}
		j.tasks.Codebook, j.tasks.Rules = schema.Codebook(), &j.spec.Rules
		report, err := annotate.Tasks(j.ctx, j.d, j.tasks, func(line []byte) error {
			_, err := j.w.Write(append(line, '\n'))
			return err
		})
		if err == nil {
			j.a.talk("%d requests about %d of %d units (%.3g)", report.Tasks, report.Asked, report.Units, report.Share())
		}
		return err
	}},
}

// copyRows writes what each stored row gives, in file order.
func copyRows[T, R any](j *exportJob, files []string, table string, rows func(*T) []R) error {
	out, err := newRowWriter[R](j.w, table, j.format, j.visible, nil)
	if err != nil {
		return err
	}
	var batch []R
	for _, file := range files {
		for row, err := range dataset.Rows[T](j.ctx, file) {
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
	var tasks annotate.TaskOptions
	var only string
	names := make([]string, len(exports))
	docs := make([]string, len(exports))
	for i, e := range exports {
		names[i], docs[i] = e.name, fmt.Sprintf("  %-10s %s", e.name, e.doc)
	}
	c := &cobra.Command{
		Use:       "export DS " + strings.Join(names, "|"),
		Short:     "write a table for notebooks and other engines",
		Long:      "export writes a table, stored or derived:\n\n" + strings.Join(docs, "\n") + "\n\n  righting export ds readings --format parquet -o readings.parquet\n  righting export ds trajectories --format scout -o transcripts.parquet\n  righting export ds judge --format label-studio -o tasks.json",
		Args:      cobra.ExactArgs(2),
		ValidArgs: names,
		RunE: func(c *cobra.Command, args []string) error {
			for _, e := range exports {
				if e.name != args[1] {
					continue
				}
				if err := o.spare(args[0]); err != nil {
					return err
				}
				layout := convert.FindWriter(o.format)
				if layout != nil && e.name != schema.Trajectories {
					return fmt.Errorf("%s is a layout of %s, not of %s", o.format, schema.Trajectories, e.name)
				}
				d, err := dataset.Open(args[0])
				if err != nil {
					return err
				}
				spec, err := s.resolve(c, d)
				if err != nil {
					return err
				}
				if o.format == "parquet" || o.format == "scout" {
					if err := o.refuseTerminal(a); err != nil {
						return err
					}
				}
				for _, n := range d.Notices {
					a.talk("%s", n)
				}
				switch only {
				case "", "deciding":
					tasks.Deciding = only != ""
				default:
					return fmt.Errorf("--only %q is not deciding: the turns on which credit turns", only)
				}
				job := &exportJob{a, c.Context(), d, spec, tasks, nil, o.format, a.terminal && o.path == ""}
				if layout != nil && layout.Ext != "" {
					return job.folder(layout, o.path)
				}
				return o.write(a, func(w io.Writer) error {
					b := bufio.NewWriter(w)
					job.w = b
					if err := e.run(job); err != nil {
						return err
					}
					return b.Flush()
				})
			}
			hint := strings.Join(names, ", ")
			if near := schema.Nearest(args[1], names); near != "" {
				return fmt.Errorf("no table %q to export; did you mean %s?", args[1], near)
			}
			return fmt.Errorf("no table %q to export; it is one of %s", args[1], hint)
		},
	}
	s.flags(c)
	o.flags(c, "jsonl (default), csv, tsv, parquet; trajectories also "+strings.Join(layouts(), ", ")+" (righting explain NAME); annotations also long-csv; judge: jsonl, label-studio, label-studio-config")
	f := c.Flags()
	f.StringVar(&tasks.Context, "context", "", "judge: what the judge sees, prefix or full (default full; prefix with --turns)")
	f.BoolVar(&tasks.Turns, "turns", false, "judge: a request for each turn")
	f.StringVar(&only, "only", "", "judge: deciding, only the turns on which credit turns")
	f.StringVar(&tasks.Model, "model", "", "judge: the model to put into the requests")
	f.StringSliceVar(&tasks.Fields, "labels", nil, "judge: the labels to ask for (default all)")
	f.StringSliceVar(&tasks.Constraints, "constraint", nil, "judge: the constraints to ask about (default all)")
	return c
}

// rulesOf is a derived table's metadata.
func rulesOf(digest string) map[string]string { return map[string]string{schema.MetaRules: digest} }

// rowWriter writes rows of a table in batches, in one of the formats of export.
type rowWriter[T any] struct {
	write func([]T) error
	close func() error
}

func newRowWriter[T any](w io.Writer, table, format string, visible bool, meta map[string]string) (*rowWriter[T], error) {
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
		o := report.Options{Visible: visible}
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

func writeRows[T any](w io.Writer, table, format string, visible bool, meta map[string]string, rows []T) error {
	out, err := newRowWriter[T](w, table, format, visible, meta)
	if err != nil {
		return err
	}
	if err := out.write(rows); err != nil {
		return err
	}
	return out.close()
}
