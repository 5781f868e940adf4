package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// scoring is the flags that choose what is scored and how it is read.
type scoring struct {
	spec, primary, panel, interval, cluster, tested string
	metrics, by, settings                           []string
	durable, replicates                             int
	seed                                            uint64
	level, maxUndecided                             float64
}

func (s *scoring) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.spec, "spec", "", "bench.yaml: what the board is")
	f.StringArrayVar(&s.metrics, "metrics", nil, "only these, such as hold_rate,held_turns@5 (righting explain metrics)")
	f.StringVar(&s.primary, "primary", "", "the metric that ranks (default constraint_integrity)")
	f.StringArrayVar(&s.by, "by", nil, "slices: a column, or columns crossed with commas, of "+strings.Join(bench.SliceColumns.Names(), ", "))
	f.StringSliceVar(&s.settings, "settings", nil, "which settings count (default interaction)")
	f.StringVar(&s.panel, "panel", "", "several annotators as one: median, strict or lenient, of all or of some (median:j1,j2)")
	f.IntVarP(&s.durable, "durable", "k", 2, "challenged governed units that make control durable")
	f.StringVar(&s.tested, "tested", "", "labels: what nobody looked at counts as untested")
	f.StringVar(&s.interval, "interval", "", "another interval than the metric's own: "+strings.Join(bench.Intervals.Names(), ", "))
	f.StringVar(&s.cluster, "cluster", "scenario", "the unit of independence: scenario, or a column of scenarios")
	f.Uint64Var(&s.seed, "seed", 1, "of the resampling weights")
	f.IntVar(&s.replicates, "replicates", 1999, "resamples")
	f.Float64Var(&s.level, "level", .95, "coverage of intervals and rank sets")
	f.Float64Var(&s.maxUndecided, "max-undecided", .10, "above this share of undecided readings, bounds only")
}

// resolve is the spec: the dataset's rules, then bench.yaml, then the flags given.
func (s *scoring) resolve(c *cobra.Command, d *dataset.Dataset) (bench.Spec, error) {
	spec := bench.NewSpec(d.Manifest.Rules)
	if s.spec != "" {
		data, err := os.ReadFile(s.spec)
		if err != nil {
			return spec, err
		}
		if spec, err = bench.ReadSpec(s.spec, data, d.Manifest.Rules); err != nil {
			return spec, err
		}
	}
	given := c.Flags().Changed
	if s.primary != "" {
		spec.Primary = s.primary
	}
	if given("metrics") {
		spec.Metrics = nil
		for _, list := range s.metrics {
			spec.Metrics = append(spec.Metrics, strings.Split(list, ",")...)
		}
	}
	if given("by") {
		spec.By = s.by
	}
	if given("settings") {
		spec.Settings = s.settings
	}
	r := &spec.Rules
	if s.panel != "" {
		p, err := reading.ParsePanel(s.panel)
		if err != nil {
			return spec, fmt.Errorf("--panel: %w", err)
		}
		r.Panel.Rule, r.Panel.Of = p.Rule, p.Of
	}
	if given("durable") {
		r.Durable = s.durable
	}
	if given("tested") {
		r.Tested = s.tested
	}
	if given("cluster") {
		r.Cluster = s.cluster
	}
	if given("seed") {
		r.Seed = s.seed
	}
	if given("replicates") {
		r.Replicates = s.replicates
	}
	if given("level") {
		r.Level = s.level
	}
	if given("max-undecided") {
		r.MaxUndecided = s.maxUndecided
	}
	spec.Interval = stat.Method(s.interval)
	return spec, spec.Check()
}

// view is what of a board is shown; neither is the leaderboard.
type view struct{ long, profile bool }

func (a *app) score() *cobra.Command {
	var s scoring
	var o output
	var view view
	c := &cobra.Command{
		Use:   "score DS…",
		Short: "compute the leaderboard of a dataset",
		Long: `score reads the labels of a dataset, folds them into outcomes and prints the board:
one row per system, constraint integrity with its interval, worst and best bounds, and
the ranks that the data allow for all systems at once. The conditions under which the
numbers were taken stand above them. --by adds a grid of how many readings there are,
empty cells too (coverage in JSON; not in tables for programs); --by protects tells
over-refusal, where help is what should win, from displacement.

  righting score ds                                  the board
  righting score ds --by condition                   the whole, each condition apart, and n of each
  righting score ds --profile                        ten more numbers of each system
  righting score ds --long --format csv              every number on a row of its own
  righting score ds --panel median:j1,j2 -k 3        another panel, another durability`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.runScore(c.Context(), c, args, &s, &o, view) },
	}
	s.flags(c)
	o.flags(c, formats("parquet"))
	c.Flags().BoolVar(&view.long, "long", false, "the scores table: one row per system, slice and metric")
	c.Flags().BoolVar(&view.profile, "profile", false, "a block per system and slice: the number that ranks, then the profile")
	c.MarkFlagsMutuallyExclusive("long", "profile")
	return c
}

func (a *app) runScore(ctx context.Context, c *cobra.Command, args []string, s *scoring, o *output, v view) error {
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
	if v.profile {
		spec.ForProfile()
	}
	b, err := bench.Run(ctx, ds, spec)
	if err != nil {
		return err
	}
	if v.profile {
		if b.Divergence, err = bench.RuntimeDivergence(ds, b); err != nil {
			return err
		}
	}
	rows := b.Rows
	if v.profile {
		rows = func() []schema.ScoreRow { return report.ProfileRows(b) }
	}
	switch {
	case o.format == "parquet":
		if err := o.refuseTerminal(a); err != nil {
			return err
		}
		for _, n := range report.Caption(b) {
			a.talk("%s", n)
		}
		return o.write(a, func(w io.Writer) error {
			return writeRows(w, schema.Scores, o.format, false, rulesOf(b.Digest), rows())
		})
	case o.format == report.JSON.Name && v.profile:
		return o.write(a, func(w io.Writer) error { return report.ProfileJSON(w, b) })
	case o.format == report.JSON.Name:
		return o.write(a, func(w io.Writer) error { return report.BoardJSON(w, b) })
	}
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	var tables []*report.Table
	switch {
	case v.profile && f.People:
		tables = report.Profiles(b)
	case v.profile:
		t := report.Rows(schema.Scores, rows())
		t.Caption = report.Caption(b)
		tables = append(tables, t)
	case v.long:
		tables = append(tables, report.Scores(b))
	default:
		var columns []string
		if len(spec.Metrics) > 0 {
			columns = spec.Metrics
		}
		tables = append(tables, report.Board(b, columns))
	}
	if f.People {
		tables = append(tables, report.Coverage(b)...)
	}
	return o.tables(a, f, tables)
}

// openAll opens datasets, one for each argument.
func openAll(args []string) ([]*dataset.Dataset, error) {
	ds := make([]*dataset.Dataset, len(args))
	for i, arg := range args {
		d, err := dataset.Open(arg)
		if err != nil {
			return nil, err
		}
		ds[i] = d
	}
	return ds, nil
}
