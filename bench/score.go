package bench

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
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
	Notices    []string
	Counts     *Counted
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

// Counted is what reading datasets gives.
type Counted struct {
	*metrics.Table
	Annotators []string // those that gave control, in order
	// Unlabelled counts trajectories without a judgement, by keys without a constraint;
	// nil where a dataset has labels only.
	Unlabelled map[metrics.Key]int64
}

// counting is what one row group is counted with.
type counting struct {
	table    *metrics.Table
	labelled map[metrics.Key]int64 // trajectories
	last     string
}

// Count reads datasets into counts of the spec's metrics. It changes spec.Rules: what
// cases are filled with. Several datasets must have the same rules.
func Count(ctx context.Context, ds []*dataset.Dataset, spec *Spec) (*Counted, error) {
	ms, err := resolve(ds, spec)
	if err != nil {
		return nil, err
	}
	all := &Counted{Table: metrics.NewTable(ms)}
	labelled := map[metrics.Key]int64{}
	for _, d := range ds {
		names, err := read(ctx, d, &spec.Rules,
			func() *counting { return &counting{table: metrics.NewTable(ms), labelled: map[metrics.Key]int64{}} },
			func(t *counting, c *reading.Case, r *reading.Reading) error {
				t.table.Add(c, r)
				if c.TrajectoryID != t.last {
					t.last = c.TrajectoryID
					t.labelled[keyOf(c.System, c.Setting, c.Scenario, c.Condition)]++
				}
				return nil
			},
			func(t *counting) error {
				all.Merge(t.table)
				for k, n := range t.labelled {
					labelled[k] += n
				}
				return nil
			})
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			all.Annotators = add(all.Annotators, name)
		}
	}
	slices.Sort(all.Annotators)
	all.Unlabelled, err = unlabelled(ctx, ds, labelled)
	return all, err
}

func keyOf(system, setting, scenario string, condition *string) metrics.Key {
	return metrics.Key{System: system, Setting: setting, Scenario: scenario, Condition: text(condition), HasCondition: condition != nil}
}

// unlabelled is what of the trajectories tables is not labelled.
func unlabelled(ctx context.Context, ds []*dataset.Dataset, labelled map[metrics.Key]int64) (map[metrics.Key]int64, error) {
	out := map[metrics.Key]int64{}
	for _, d := range ds {
		if len(d.Trajectories) == 0 {
			return nil, nil
		}
		for _, file := range d.Trajectories {
			for row, err := range dataset.Rows[struct {
				System    string  `parquet:"system"`
				Setting   string  `parquet:"setting"`
				Scenario  string  `parquet:"scenario"`
				Condition *string `parquet:"condition,optional"`
			}](ctx, file) {
				if err != nil {
					return nil, err
				}
				out[keyOf(row.System, row.Setting, row.Scenario, row.Condition)]++
			}
		}
	}
	for k, n := range labelled {
		out[k] -= n
	}
	return out, nil
}

// resolve makes the spec's metrics, with the primary and all coverage among them, and
// tells the rules what they need.
func resolve(ds []*dataset.Dataset, spec *Spec) ([]*metrics.Metric, error) {
	if len(ds) == 0 {
		return nil, fmt.Errorf("no dataset to score")
	}
	if err := spec.Check(); err != nil {
		return nil, err
	}
	first := ds[0].Manifest.Rules
	for _, d := range ds[1:] {
		if rules := d.Manifest.Rules; rules.Digest() != first.Digest() {
			return nil, fmt.Errorf("%s and %s are read by different rules; score them apart, or by one --spec after making their dataset.yaml agree", ds[0].Path, d.Path)
		}
	}
	e := metrics.Env{Vocabulary: ds[0].Vocabulary(), Measures: spec.Rules.Panel.Measures, Rules: &spec.Rules}
	if f := spec.Rules.ControlFrom; f != nil {
		if _, ok := e.Measures[f.Measure]; !ok && len(spec.Rules.Needs().Letters) == 0 {
			return nil, fmt.Errorf("rules.control_from: no measure %q is declared; declare it under measures in dataset.yaml", f.Measure)
		}
	}
	names := spec.Metrics
	if len(names) == 0 {
		names = metrics.Defaults(e)
	}
	if !slices.Contains(names, spec.Primary) {
		names = slices.Insert(slices.Clone(names), 0, spec.Primary)
	}
	var ms []*metrics.Metric
	need := spec.Rules.Needs()
	take := func(name string) error {
		if slices.ContainsFunc(ms, func(m *metrics.Metric) bool { return m.Name == name }) {
			return nil
		}
		m, err := metrics.Parse(e, name)
		if err != nil {
			return err
		}
		ms = append(ms, m)
		need = need.Or(m.Needs)
		return nil
	}
	for _, name := range names {
		if err := take(name); err != nil {
			return nil, err
		}
	}
	for _, name := range coverageNames(e) {
		if err := take(name); err != nil {
			return nil, err
		}
	}
	spec.Rules.Panel.Names = need
	if _, _, ok := ms[slices.IndexFunc(ms, func(m *metrics.Metric) bool { return m.Name == spec.Primary })].Shape.Terms(metrics.Rows{Size: 1}); !ok {
		return nil, fmt.Errorf("primary: %s cannot rank: it is no ratio of sums over scenarios", spec.Primary)
	}
	return ms, nil
}

func coverageNames(e metrics.Env) []string {
	for _, f := range metrics.All {
		if f.Name == "readings" {
			return f.Default(e)
		}
	}
	return nil
}

// Run counts and estimates: the board.
func Run(ctx context.Context, ds []*dataset.Dataset, spec Spec) (*Board, error) {
	counts, err := Count(ctx, ds, &spec)
	if err != nil {
		return nil, err
	}
	b := &Board{
		Spec: spec, Digest: spec.Rules.Digest(), Annotators: counts.Annotators, Record: spec.Rules.Panel.Record(counts.Annotators),
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
	b.Systems, b.Slices = s.systems, s.slices
	if err := b.estimate(s); err != nil {
		return nil, err
	}
	b.notices(ds)
	return b, nil
}

// estimate fills the scores: every number on its own, on all cores.
func (b *Board) estimate(s *slicer) error {
	for i, m := range b.Metrics {
		if m.Settle != nil {
			all, err := b.Counts.Rows(i, s.keys, s.clusters, s.cluster)
			if err != nil {
				return err
			}
			m.Name, m.Shape = m.Settle(all)
		}
	}
	w := stat.NewWeights(b.Spec.Rules.Seed, b.Spec.Rules.Replicates, s.clusters)
	b.Scores = make([]Score, len(b.Slices)*len(b.Systems)*len(b.Metrics))
	rows := make([]metrics.Rows, len(b.Scores)) // of the primary only
	var g errgroup.Group
	g.SetLimit(cores())
	for si := range b.Slices {
		for yi := range b.Systems {
			g.Go(func() error {
				keys := s.of(si, yi)
				for mi := range b.Metrics {
					r, err := b.Counts.Rows(mi, keys, s.clusters, s.cluster)
					if err != nil {
						return err
					}
					sc := b.At(si, yi, mi)
					*sc = b.score(r, mi, w)
					sc.System, sc.Slice = b.Systems[yi], b.Slices[si]
					if mi == b.Primary() {
						rows[(si*len(b.Systems)+yi)*len(b.Metrics)+mi] = r
					}
				}
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	untested, labelled := b.find("readings[tested_no]"), b.find("readings[labelled]")
	for si := range b.Slices {
		for yi := range b.Systems {
			for mi := range b.Metrics {
				sc := b.At(si, yi, mi)
				sc.Untested = b.At(si, yi, untested).N
				sc.Unlabelled = s.unlabelled(b.Counts.Unlabelled, &b.Spec, si, yi)
				if b.Metrics[mi].Group != metrics.Coverage && b.At(si, yi, labelled).N == 0 {
					sc.Undefined = "no readings"
				}
			}
		}
		primary := make([]metrics.Rows, len(b.Systems))
		for yi := range b.Systems {
			primary[yi] = rows[(si*len(b.Systems)+yi)*len(b.Metrics)+b.Primary()]
		}
		b.rank(si, primary, w)
	}
	return nil
}

func (b *Board) find(metric string) int {
	return slices.IndexFunc(b.Metrics, func(m *metrics.Metric) bool { return m.Name == metric })
}

// score is one number: value, interval, bounds, and why there is none.
func (b *Board) score(rows metrics.Rows, mi int, w *stat.Weights) Score {
	m := b.Metrics[mi]
	f := m.Shape.Facts(rows)
	sc := Score{
		Metric: m.Name, N: f.N, Missing: f.Missing, Undecided: f.Undecided, Worst: published(f.Worst), Best: published(f.Best),
		Scenarios: int64(len(rows.In(func(row []int64) bool { return true }))),
	}
	if y, n, ok := m.Shape.Terms(rows); ok {
		sc.Scenarios = 0
		for c := range y {
			if n[c] > 0 {
				sc.Scenarios++
			}
		}
	}
	if f.Of > 0 && float64(f.Undecided) > b.Spec.Rules.MaxUndecided*float64(f.Of) {
		sc.Undefined = fmt.Sprintf("%d of %d readings are undecided, more than max_undecided %g: bounds only", f.Undecided, f.Of, b.Spec.Rules.MaxUndecided)
		return sc
	}
	v, err := m.Shape.Value(rows, nil)
	if err != nil {
		sc.Undefined = reason(err)
		return sc
	}
	sc.Value = published(&v)
	if m.Group == metrics.Coverage {
		return sc
	}
	o := stat.Options{Level: b.Spec.Rules.Level, Method: b.Spec.Interval}
	_, share := m.Shape.(metrics.Share)
	if !share && (o.Method == stat.MethodKornGraubard || o.Method == stat.MethodWilson) {
		o.Method = "" // of shares only
	}
	i, err := m.Shape.Interval(rows, w, o)
	if err != nil {
		sc.Notes = append(sc.Notes, "no interval: "+reason(err))
		return sc
	}
	sc.Low, sc.High, sc.Interval = published(&i.Low), published(&i.High), i.Method
	if i.Note != "" {
		sc.Notes = append(sc.Notes, i.Note)
	}
	if share && (v == 0 || v == 1) {
		if note := oneSided(m.Shape, rows, v, o.Level); note != "" {
			sc.Notes = append(sc.Notes, note)
		}
	}
	return sc
}

// published is a number as it leaves the house: six significant digits, the same on
// every architecture.
func published(v *float64) *float64 {
	if v == nil {
		return nil
	}
	out, err := strconv.ParseFloat(strconv.FormatFloat(*v, 'g', 6, 64), 64)
	if err != nil { // FormatFloat writes what ParseFloat reads
		panic(err)
	}
	return &out
}

// oneSided is the rule of three for a share of none, or of all.
func oneSided(s metrics.Shape, rows metrics.Rows, v, level float64) string {
	y, n, ok := s.Terms(rows)
	if !ok {
		return ""
	}
	e, err := stat.NewEffective(y, n, level)
	if err != nil {
		return ""
	}
	bound, err := stat.NoneSeen(e.Size, level)
	if err != nil {
		return ""
	}
	if v == 1 {
		return fmt.Sprintf("all seen: one-sided %g %% bound %.4f", 100*level, 1-bound)
	}
	return fmt.Sprintf("none seen: one-sided %g %% bound %.4f", 100*level, bound)
}

// rank ranks the systems that have a primary value, on their common scenarios.
func (b *Board) rank(slice int, rows []metrics.Rows, w *stat.Weights) {
	m := b.Metrics[b.Primary()]
	better := stat.Higher
	switch m.Better {
	case schema.Neither:
		return
	case schema.Lower:
		better = stat.Lower
	}
	var ranked []int
	var y, n [][]int64
	for yi := range b.Systems {
		if b.At(slice, yi, b.Primary()).Value == nil {
			continue
		}
		ys, ns, _ := m.Shape.Terms(rows[yi])
		ranked, y, n = append(ranked, yi), append(y, ys), append(n, ns)
	}
	if len(ranked) == 0 {
		return
	}
	r, err := stat.Ranks(y, n, better, w, b.Spec.Rules.Level)
	if err != nil {
		for _, yi := range ranked {
			sc := b.At(slice, yi, b.Primary())
			sc.Notes = append(sc.Notes, "no rank: "+reason(err))
		}
		return
	}
	for i, yi := range ranked {
		k := r.Ranks[i]
		b.At(slice, yi, b.Primary()).Rank = &Rank{Point: k.Point, Tied: k.Tied, Low: k.Low, High: k.High}
	}
	if len(r.Common) < r.Union {
		b.Notices = append(b.Notices, lacking(b, slice, ranked, n, r))
	}
}
