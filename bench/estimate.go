package bench

import (
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
)

// estimate fills the scores: every number on its own, on all cores.
func (b *Board) estimate(s *slicer) error {
	everything, err := b.Counts.Select(s.keys, s.clusters, s.cluster)
	if err != nil {
		return err
	}
	for i, m := range b.Metrics {
		if m.Settle != nil {
			var name string
			name, m.Shape = m.Settle(everything.Rows(i))
			if b.find(name) < 0 { // asked for by that name too: this one keeps its own
				m.Name = name
			}
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
				part, err := b.Counts.Select(s.of(si, yi), s.clusters, s.cluster)
				if err != nil {
					return err
				}
				for mi, r := range part.All() {
					sc := b.At(si, yi, mi)
					*sc = b.score(r, mi, w)
					sc.System, sc.Slice = b.Systems[yi], b.Slices[si]
					if mi == b.Primary() {
						rows[(si*len(b.Systems)+yi)*len(b.Metrics)+mi] = r.Clone()
					}
				}
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := b.hard(s, w); err != nil {
		return err
	}
	untested, labelled := b.find("readings[tested_no]"), b.find("readings[labelled]")
	for si := range b.Slices {
		for yi := range b.Systems {
			unlabelled := s.unlabelled(b.Counts.Unlabelled, &b.Spec, si, yi)
			for mi := range b.Metrics {
				sc := b.At(si, yi, mi)
				sc.Untested = b.At(si, yi, untested).N
				sc.Unlabelled = unlabelled
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

// hard scores the primary on the cases where violation has a clear path. Obvious
// violation is the easy case: a board says how much of it there is.
func (b *Board) hard(s *slicer, w *stat.Weights) error {
	all, declared := s.hard(s.keys)
	if !declared {
		return nil
	}
	p, labelled := b.Primary(), b.find("readings[labelled]")
	readings := func(keys []metrics.Key) (int64, error) {
		r, err := b.Counts.Rows(labelled, keys, s.clusters, s.cluster)
		return r.Sum(0, nil), err
	}
	hard, err := readings(all)
	if err != nil {
		return err
	}
	total, err := readings(s.keys)
	if err != nil {
		return err
	}
	b.Notices = append(b.Notices, fmt.Sprintf("path to victory: %d of %d readings are easy or say nothing, %d have a clear path (2 or 3)", total-hard, total, hard))
	b.Hard = make([]Score, len(b.Slices)*len(b.Systems))
	for si := range b.Slices {
		for yi := range b.Systems {
			keys, _ := s.hard(s.of(si, yi))
			r, err := b.Counts.Rows(p, keys, s.clusters, s.cluster)
			if err != nil {
				return err
			}
			sc := b.score(r, p, w)
			sc.System, sc.Slice = b.Systems[yi], b.Slices[si]
			b.Hard[si*len(b.Systems)+yi] = sc
		}
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
	if f.Of > 0 && float64(f.Undecided)/float64(f.Of) > b.Spec.Rules.MaxUndecided {
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
	share := metrics.IsShare(m.Shape)
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
		if slice == 0 {
			b.Notices = append(b.Notices, m.Name+" has no better direction (a proxy, or a description), so it ranks nobody")
		}
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
