package bench

import (
	"cmp"
	"context"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
)

// A Board is the score of datasets by a spec.
type Board struct {
	Spec       Spec
	Digest     string   // of the rules
	Annotators []string // those that gave control
	Record     string   // annotator of record
	Metrics    []*metrics.Metric
	Systems    []string
	Slices     []Slice // the whole first
	Scores     []Score // by slice, system, metric; as many as their product
	Hard       []Score // the primary on path_to_victory ≥ 2, by slice and system; nil where no scenario declares a path
	Grids      []Grid  // coverage, one for each slicing
	Conditions Conditions
	Divergence []Score // runtime_divergence by slice and system, which a comparison of settings fills; nil = not compared
	Notices    []string
	Counts     *Counted
	slicer     *slicer
}

// A Score is one number with all that it needs to be read.
type Score struct {
	System      string
	Slice       Slice
	Metric      string
	Value       *float64
	Low, High   *float64
	Interval    stat.Method
	Worst, Best *float64
	Rank        *Rank // of the primary metric only
	N           int64
	Scenarios   int64
	Missing     int64
	Untested    int64
	Undecided   int64
	Unlabelled  *int64
	Undefined   string // why there is no value
	Notes       []string
}

// A Rank is where a system may stand.
type Rank struct {
	Point     int
	Tied      bool
	Low, High int
}

// At is the score of a metric by its place in Metrics.
func (b *Board) At(slice, system, metric int) *Score {
	return &b.Scores[(slice*len(b.Systems)+system)*len(b.Metrics)+metric]
}

// Primary is the place of the ranking metric in Metrics.
func (b *Board) Primary() int {
	return slices.IndexFunc(b.Metrics, func(m *metrics.Metric) bool { return m.Name == b.Spec.Primary })
}

// Run counts and estimates: the board.
func Run(ctx context.Context, ds []*dataset.Dataset, spec Spec) (*Board, error) {
	counts, err := Count(ctx, ds, &spec)
	if err != nil {
		return nil, err
	}
	b := &Board{
		Spec: spec, Digest: spec.Rules.Digest(), Annotators: counts.Controls, Record: spec.Rules.Panel.Record(counts.Controls),
		Counts: counts,
	}
	b.Metrics = make([]*metrics.Metric, len(counts.Metrics))
	for i, m := range counts.Metrics {
		settled := *m
		b.Metrics[i] = &settled
	}
	s, err := newSlicer(ds, &spec, counts.Table)
	if err != nil {
		return nil, err
	}
	b.Systems, b.Slices, b.slicer = s.systems, s.slices, s
	if err := b.estimate(s); err != nil {
		return nil, err
	}
	if err := cmp.Or(b.conditions(s), b.grids(s)); err != nil {
		return nil, err
	}
	b.notices(ds)
	return b, nil
}
