package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

func (a *app) show() *cobra.Command {
	var s scoring
	var o output
	var show report.ShowOptions
	c := &cobra.Command{
		Use:   "show DS [ID]",
		Short: "say what is in a dataset, or show one conversation",
		Long: `show DS says what a dataset holds: tables, systems by condition and setting, annotators
and their coverage, what was tested, constraints, measures. show DS ID shows one
trajectory: a ribbon of who governed, ten answers, the transcript with its labels.

  righting show ds
  righting show ds quiz-night/aster-1 --full`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.spare(args[0]); err != nil {
				return err
			}
			d, err := dataset.Open(args[0])
			if err != nil {
				return err
			}
			spec, err := s.resolve(c, d)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return a.showDataset(c.Context(), d, spec, &o)
			}
			if err := o.only(report.Text.Name); err != nil {
				return err
			}
			show.Width = a.width
			return a.showTrajectory(c.Context(), d, spec, args[1], &o, show)
		},
	}
	s.flags(c)
	o.flags(c, formats())
	c.Flags().BoolVar(&show.Full, "full", false, "texts whole")
	c.Flags().BoolVar(&show.ASCII, "ascii", false, "ribbons in ASCII")
	return c
}

func (a *app) showTrajectory(ctx context.Context, d *dataset.Dataset, spec bench.Spec, id string, o *output, show report.ShowOptions) error {
	l, err := bench.LookAt(ctx, d, spec, id)
	if err != nil {
		return err
	}
	v := &report.View{Trajectory: l.Trajectory, Scenario: l.Scenario, Vocabulary: d.Vocabulary(), Rules: l.Rules, Record: l.Record}
	for i, c := range l.Cases {
		v.Read = append(v.Read, report.Read{Case: c, Reading: l.Readings[i], Constraint: constraint(d, l.Scenario, c.Constraint)})
	}
	return o.write(a, func(w io.Writer) error { return report.Trajectory(w, v, show) })
}

// constraint is what a scenario, else the dataset, declares of one.
func constraint(d *dataset.Dataset, s *schema.Scenario, id string) *schema.Constraint {
	var lists [][]schema.Constraint
	if s != nil {
		lists = append(lists, s.Constraints)
	}
	for _, list := range append(lists, d.Manifest.Constraints) {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
	}
	return nil
}

func (a *app) showDataset(ctx context.Context, d *dataset.Dataset, spec bench.Spec, o *output) error {
	s, err := bench.SurveyOf(ctx, d, spec)
	if err != nil {
		return err
	}
	m := &d.Manifest
	out := &report.Summary{
		Name: m.Name, Version: m.Version, License: m.License, Digest: s.Digest, Record: s.Record,
		Notices: d.Notices, Tested: s.Tested, Measures: m.Measures,
	}
	if s.NoPanel != nil {
		out.Notices = append(slices.Clone(out.Notices), s.NoPanel.Error())
	}
	for _, table := range []string{schema.Scenarios, schema.Trajectories, schema.Annotations} {
		out.Tables = append(out.Tables, report.TableSize{Name: table, Rows: s.Rows[table], Files: s.Files[table]})
	}
	for cell, n := range s.Cells {
		out.Cells = append(out.Cells, report.Cell{System: cell.System, Condition: cell.Condition, Setting: cell.Setting, N: n})
	}
	slices.SortFunc(out.Cells, func(x, y report.Cell) int {
		return strings.Compare(x.System+"\x00"+x.Setting+"\x00"+x.Condition, y.System+"\x00"+y.Setting+"\x00"+y.Condition)
	})
	for _, name := range slices.Sorted(maps.Keys(s.Annotators)) {
		did, declared := s.Annotators[name], m.Annotators[name]
		out.Annotators = append(out.Annotators, report.AnnotatorSummary{
			Name: name, Kind: declared.Kind, Model: declared.Model, Silence: declared.Silence,
			Passes: int64(len(did.Passes)), Judged: did.Judged, Units: did.Units, Columns: slices.Sorted(maps.Keys(did.Columns)),
		})
	}
	for _, id := range slices.Sorted(maps.Keys(s.Constraints)) {
		c := schema.Constraint{ID: id}
		if declared := constraint(d, nil, id); declared != nil {
			c = *declared
		}
		out.Constraints = append(out.Constraints, report.ConstraintSummary{Constraint: c, Readings: s.Constraints[id]})
	}
	tables := report.Overview(out)
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	if f.Name == report.JSON.Name || f.Name == report.JSONL.Name {
		return fmt.Errorf("--format %s: show holds several tables; export has each of them", f.Name)
	}
	return o.tables(a, f, tables)
}
