package bench

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
)

// contrasting is what contrasts are made with.
type contrasting struct {
	spec       *Spec
	counts     *metrics.Table
	metrics    []*metrics.Metric // settled
	slicer     *slicer
	weights    *stat.Weights
	means      bool // every scenario weighs the same; else sums over sums
	tolerances tolerances
	judge      func(*Contrast)
	self       []int // the sides whose disagreement with themselves is no disagreement of the two
}

// newContrasting settles horizons over all keys of the slicer, as a board does.
func newContrasting(spec *Spec, counts *metrics.Table, s *slicer) (*contrasting, error) {
	x := &contrasting{spec: spec, counts: counts, slicer: s, weights: stat.NewWeights(spec.Rules.Seed, spec.Rules.Replicates, s.clusters)}
	for i, m := range counts.Metrics {
		settled := *m
		if m.Settle != nil {
			all, err := counts.Rows(i, s.keys, s.clusters, s.cluster)
			if err != nil {
				return nil, err
			}
			settled.Name, settled.Shape = m.Settle(all)
		}
		x.metrics = append(x.metrics, &settled)
	}
	return x, nil
}

func (x *contrasting) find(metric string) int {
	return slices.IndexFunc(x.metrics, func(m *metrics.Metric) bool { return m.Name == metric })
}

// matched is a contrast in the making: its metric on the shared matches, side by side.
type matched struct {
	*contrasting
	*Contrast
	sides  *Sides
	at     int // of the metric
	shape  metrics.Shape
	ratio  bool          // of sums: y of n
	y, n   [2][]int64    // by match
	values [2][]*float64 // by match
	all    [2][]int64    // readings, by match
	place  []int         // of its cluster, by match
	used   []int         // matches with a number on both sides
}

// contrast compares two sides by the metric at mi.
func (x *contrasting) contrast(s *Sides, mi int) (Contrast, error) {
	metric := x.metrics[mi]
	c := Contrast{
		System: s.System, Slice: s.Slice, Metric: metric.Name, Unit: metric.Unit, Better: metric.Better, Design: PairedDesign,
		Sides: [2]SideValue{{Name: s.First}, {Name: s.Second}},
	}
	c.Margin = x.tolerances.of(metric)
	m := &matched{contrasting: x, Contrast: &c, sides: s, at: mi, shape: metric.Shape}
	if err := m.fill(); err != nil {
		return c, err
	}
	if err := m.gaps(); err != nil {
		return c, err
	}
	var err error
	switch {
	case c.Undefined != "": // bounds only
	case len(s.Shared) == 0:
		c.Undefined = fmt.Sprintf("no scenario has both %s and %s", s.First, s.Second)
	case len(m.used) == 0:
		c.Undefined, err = m.nothing()
	case m.ratio && x.means:
		err = m.byMeans()
	case m.ratio:
		err = m.bySums()
	default:
		err = m.byReplicates()
	}
	if errors.Is(err, stat.ErrUndefined) {
		c.Undefined, err = reason(err), nil
	}
	if err != nil {
		return c, err
	}
	x.judge(&c)
	c.publish()
	return c, nil
}

// fill reads the counts match by match.
func (m *matched) fill() error {
	readings := m.find("readings[labelled]")
	one, name := []string{""}, func(metrics.Key) string { return "" }
	seen := map[int]bool{}
	for i, shared := range m.sides.Shared {
		at, ok := slices.BinarySearch(m.slicer.clusters, m.slicer.cluster(m.sides.keys[0][i][0]))
		if !ok {
			return fmt.Errorf("scenario %q belongs to no cluster", shared.Scenario)
		}
		m.place = append(m.place, at)
		for side := range 2 {
			rows, err := m.counts.Rows(m.at, m.sides.keys[side][i], one, name)
			if err != nil {
				return err
			}
			y, n, ratio := m.shape.Terms(rows)
			m.ratio = ratio
			if !ratio {
				y, n = []int64{0}, []int64{m.shape.Facts(rows).N}
			}
			var value *float64
			if v, err := m.shape.Value(rows, nil); err == nil {
				value = &v
			} else if !errors.Is(err, stat.ErrUndefined) {
				return err
			}
			if rows, err = m.counts.Rows(readings, m.sides.keys[side][i], one, name); err != nil {
				return err
			}
			m.y[side], m.n[side] = append(m.y[side], y[0]), append(m.n[side], n[0])
			m.values[side], m.all[side] = append(m.values[side], value), append(m.all[side], rows.Sum(0, nil))
		}
		if m.n[0][i] == 0 || m.n[1][i] == 0 {
			m.Without = append(m.Without, shared)
			continue
		}
		m.used = append(m.used, i)
		seen[at] = true
	}
	m.Pairs, m.Scenarios = int64(len(m.used)), int64(len(seen))
	return nil
}

// gaps says what the gaps leave open, and that there is no difference where that is too
// much of a side.
func (m *matched) gaps() error {
	var facts [2]metrics.Facts
	for side := range 2 {
		rows, err := m.counts.Rows(m.at, slices.Concat(m.sides.keys[side]...), m.slicer.clusters, m.slicer.cluster)
		if err != nil {
			return err
		}
		f := m.shape.Facts(rows)
		facts[side] = f
		m.Sides[side].Undecided = f.Undecided
		if most := m.spec.Rules.MaxUndecided; m.Undefined == "" && f.Of > 0 && float64(f.Undecided)/float64(f.Of) > most {
			m.Undefined = fmt.Sprintf("%d of %d readings of %s are undecided, more than max_undecided %g: bounds only", f.Undecided, f.Of, m.Sides[side].Name, most)
		}
	}
	if a, b := facts[0], facts[1]; a.Worst != nil && b.Worst != nil {
		worst, best := *a.Worst-*b.Best, *a.Best-*b.Worst
		m.Worst, m.Best = &worst, &best
	}
	return nil
}

// nothing says why no pair has a number on both sides: what the metric itself says of a
// side, if it has none at all.
func (m *matched) nothing() (string, error) {
	for side := range 2 {
		rows, err := m.counts.Rows(m.at, slices.Concat(m.sides.keys[side]...), m.slicer.clusters, m.slicer.cluster)
		if err != nil {
			return "", err
		}
		if _, err := m.shape.Value(rows, nil); err != nil {
			return m.Sides[side].Name + ": " + reason(err), nil
		}
	}
	return fmt.Sprintf("none of %d shared pairs has a number on both sides", len(m.sides.Shared)), nil
}

// bySums is section 4.3 of the metrics document: each side's sum over its sum, the
// matches of a scenario added up, so that their variance is that of scenarios.
func (m *matched) bySums() error {
	var y, n [2][]int64
	uneven := false
	for side := range 2 {
		y[side], n[side] = make([]int64, len(m.slicer.clusters)), make([]int64, len(m.slicer.clusters))
		sum := int64(0)
		for _, i := range m.used {
			y[side][m.place[i]] += m.y[side][i]
			n[side][m.place[i]] += m.n[side][i]
			sum += m.y[side][i]
			m.Sides[side].N += m.n[side][i]
			uneven = uneven || m.n[0][i] != m.n[1][i]
		}
		v := float64(sum) / float64(m.Sides[side].N)
		m.Sides[side].Value = &v
	}
	err := m.estimate(func(level float64) (stat.Difference, error) { return stat.Paired(y[0], n[0], y[1], n[1], level) })
	if err != nil || !uneven {
		return err
	}
	d, err := m.paired(m.spec.Rules.Level)
	d.Value *= m.scale()
	m.ByScenario = &d.Value
	return err
}

// byMeans is section 6.2: every scenario weighs the same, and so does every match in it.
func (m *matched) byMeans() error {
	for side := range 2 {
		v := mean(m.perScenario(m.ratioOf(side)))
		m.Sides[side].Value = &v
		for _, i := range m.used {
			m.Sides[side].N += m.n[side][i]
		}
	}
	return m.estimate(m.paired)
}

func (m *matched) paired(level float64) (stat.Difference, error) {
	units := int64(0)
	for _, i := range m.used {
		units += m.n[0][i] + m.n[1][i]
	}
	return stat.PairedMeans(m.perScenario(m.ratioOf(0)), m.perScenario(m.ratioOf(1)), units, level)
}

func (m *matched) ratioOf(side int) func(int) float64 {
	return func(i int) float64 { return float64(m.y[side][i]) / float64(m.n[side][i]) }
}

// perScenario is the mean of a number over the used matches of each scenario.
func (m *matched) perScenario(of func(i int) float64) []float64 {
	at := map[int]int{}
	var sums []float64
	var n []int64
	for _, i := range m.used {
		c, ok := at[m.place[i]]
		if !ok {
			c = len(sums)
			at[m.place[i]] = c
			sums, n = append(sums, 0), append(n, 0)
		}
		sums[c] += of(i)
		n[c]++
	}
	for c := range sums {
		sums[c] /= float64(n[c])
	}
	return sums
}

func mean(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// estimate fills what a paired difference of ratios says.
func (m *matched) estimate(paired func(level float64) (stat.Difference, error)) error {
	scale := m.scale()
	for side := range 2 {
		*m.Sides[side].Value *= scale
	}
	m.discords()
	d, err := paired(m.spec.Rules.Level)
	if err != nil {
		return err
	}
	m.take(d, scale)
	m.Test = TestPairedT
	if level := 2*m.spec.Rules.Level - 1; level > 0 {
		d, err := paired(level)
		if err != nil {
			return err
		}
		m.Narrow = &Range{d.Low * scale, d.High * scale, level}
	}
	single := true // one unit a side in every pair, 0 or 1
	for _, i := range m.used {
		single = single && m.n[0][i] == 1 && m.n[1][i] == 1 && m.y[0][i]>>1 == 0 && m.y[1][i]>>1 == 0
	}
	if single {
		b, c := int64(len(m.Higher)), int64(len(m.Lower))
		exact, mid := stat.McNemar(b, c)
		m.McNemar = &McNemar{B: b, C: c, Exact: exact, Mid: mid, Scenarios: m.Scenarios == m.Pairs}
		if m.McNemar.Scenarios {
			m.Test = TestMcNemar
		}
	}
	if m.Unit != "share" {
		return nil
	}
	h := stat.CohenH(*m.Sides[0].Value, *m.Sides[1].Value)
	m.CohenH = &h
	if err := m.retention(); err != nil {
		return err
	}
	return m.gross()
}

// take copies a difference in the units that were counted.
func (m *matched) take(d stat.Difference, scale float64) {
	value, low, high, adjusted, least := d.Value*scale, d.Low*scale, d.High*scale, d.Adjusted*scale, d.Least*scale
	m.Difference, m.Low, m.High, m.Adjusted = &value, &low, &high, &adjusted
	m.Interval, m.P = d.Method, &d.P
	if d.SD > 0 {
		m.Least = &least
	} else { // 0 would be a promise that nothing can keep
		m.Notes = append(m.Notes, "every scenario gives the same difference: what so many could show is not known")
	}
}

// scale is what a counted unit is in the metric's.
func (m *matched) scale() float64 {
	if mean, ok := m.shape.(metrics.Mean); ok && mean.Scale != 0 {
		return mean.Scale
	}
	return 1
}

// retention is of pairs: P(second | first) and P(first | second).
func (m *matched) retention() error {
	var y, n [2][]int64
	for side := range 2 {
		for _, i := range m.used {
			y[side], n[side] = append(y[side], m.y[side][i]), append(n[side], m.n[side][i])
		}
	}
	for side, to := range []**float64{&m.Kept, &m.KeptBack} {
		v, err := stat.Retention(y[side], n[side], y[1-side], n[1-side])
		switch {
		case err == nil:
			*to = &v
		case errors.Is(err, stat.ErrUndefined):
			m.Notes = append(m.Notes, fmt.Sprintf("%s has none that %s could keep", m.Sides[side].Name, m.Sides[1-side].Name))
		default:
			return err
		}
	}
	return nil
}

// discords names the pairs that differ, in order.
func (m *matched) discords() {
	for _, i := range m.used {
		a, b := m.values[0][i], m.values[1][i]
		if a == nil || b == nil {
			continue
		}
		d := Discord{Match: m.sides.Shared[i], Values: [2]float64{*a, *b}, Ratio: m.ratio}
		for side := range 2 {
			d.Y[side], d.N[side] = m.y[side][i], m.n[side][i]
		}
		higher := *a > *b
		if m.ratio && d.Y[0]*d.N[1] == d.Y[1]*d.N[0] || !m.ratio && math.Abs(*a-*b) <= 1e-12 {
			continue
		}
		if higher {
			m.Higher = append(m.Higher, d)
		} else {
			m.Lower = append(m.Lower, d)
		}
	}
}

// byReplicates is for what is no ratio of sums, such as turns held: the difference of
// the sides' values on shared replicates of the scenarios that both have.
func (m *matched) byReplicates() error {
	var rows [2]metrics.Rows
	for side := range 2 {
		var keys []metrics.Key
		for _, i := range m.used {
			keys = append(keys, m.sides.keys[side][i]...)
			m.Sides[side].N += m.n[side][i]
		}
		var err error
		if rows[side], err = m.counts.Rows(m.at, keys, m.slicer.clusters, m.slicer.cluster); err != nil {
			return err
		}
		v, err := m.shape.Value(rows[side], nil)
		if err != nil {
			return fmt.Errorf("%w (%s)", err, m.Sides[side].Name)
		}
		m.Sides[side].Value = &v
	}
	m.discords()
	seen := map[int]bool{}
	var in []int
	for _, i := range m.used {
		if !seen[m.place[i]] {
			seen[m.place[i]] = true
			in = append(in, m.place[i])
		}
	}
	slices.Sort(in)
	r, err := stat.Resample(func(w []uint8) (float64, error) {
		a, err := m.shape.Value(rows[0], w)
		if err != nil {
			return 0, err
		}
		b, err := m.shape.Value(rows[1], w)
		return a - b, err
	}, m.weights, in)
	if err != nil {
		return err
	}
	m.Difference = &r.Value
	d, err := r.Difference(stat.Options{Level: m.spec.Rules.Level})
	if errors.Is(err, stat.ErrUndefined) {
		m.Notes = append(m.Notes, "no interval: "+reason(err))
		return nil
	}
	if err != nil {
		return err
	}
	m.take(d, 1)
	m.Adjusted, m.Test = nil, TestJackknife
	if d.Note != "" {
		m.Notes = append(m.Notes, d.Note)
	}
	level := 2*m.spec.Rules.Level - 1
	if i, err := r.Interval(stat.Options{Level: level}); err == nil {
		m.Narrow = &Range{i.Low, i.High, level}
	}
	return nil
}
