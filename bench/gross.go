package bench

import (
	"fmt"

	"github.com/righting-bench/righting/metrics/stat"
)

// Gross is how often the two sides of a pair disagree: a net difference of 0 can hide
// much of it. Pairs of single readings weigh the same where sums do (two systems); else
// every scenario does.
//
// A reading of one side is held against a reading of the other; what a side disagrees
// with itself, repeat against repeat, is taken off in Excess (U-statistics). With one
// repeat that is not known, and Value is an upper bound of what the sides differ by.
type Gross struct {
	Value     *float64 // in [0, 1]
	Low, High *float64 // Korn and Graubard, at the level of the rules
	Bound     *float64 // upper, one-sided at that level

	Self        *float64 // how often a side disagrees with itself
	Excess      *float64 // Value − Self on the scenarios with repeats; may be below 0
	ExcessBound *float64 // upper, one-sided
	Scenarios   int64    // with the repeats that Excess needs
	Note        string
}

// gross is nil where the metric's units are not readings: then nothing of one side can
// be held against one thing of the other.
func (m *matched) gross() error {
	disjoint := int64(0)
	for _, i := range m.used {
		for side := range 2 {
			if m.n[side][i] > m.all[side][i] {
				return nil
			}
		}
		disjoint += min(m.n[0][i], m.n[1][i])
	}
	share := func(level float64) (float64, stat.Interval, error) {
		return stat.MeanShare(m.perScenario(m.across), disjoint, level)
	}
	if m.McNemar != nil && !m.means {
		share = m.grossOfPairs
	}
	level := m.spec.Rules.Level
	v, i, err := share(level)
	if err != nil {
		return err
	}
	g := &Gross{Value: &v, Low: &i.Low, High: &i.High}
	if narrow := 2*level - 1; narrow > 0 {
		_, i, err := share(narrow)
		if err != nil {
			return err
		}
		g.Bound = &i.High
	}
	m.Gross = g
	return m.excess(g)
}

// grossOfPairs is (b + c)/pairs, the pairs of a scenario together.
func (m *matched) grossOfPairs(level float64) (float64, stat.Interval, error) {
	y, n := make([]int64, len(m.slicer.clusters)), make([]int64, len(m.slicer.clusters))
	differ, all := int64(0), int64(0)
	for _, i := range m.used {
		d := int64(m.across(i))
		y[m.place[i]] += d
		n[m.place[i]]++
		differ, all = differ+d, all+1
	}
	i, err := stat.KornGraubard(y, n, level)
	return float64(differ) / float64(all), i, err
}

// across is how often a reading of the first side differs from one of the second.
func (m *matched) across(i int) float64 {
	y, n := [2]int64{m.y[0][i], m.y[1][i]}, [2]int64{m.n[0][i], m.n[1][i]}
	return float64(y[0]*(n[1]-y[1])+y[1]*(n[0]-y[0])) / float64(n[0]*n[1])
}

// within is how often two readings of the same side differ, over the sides that count;
// not ok where one has no two.
func (m *matched) within(i int) (v float64, ok bool) {
	for _, side := range m.self {
		y, n := m.y[side][i], m.n[side][i]
		if n < 2 {
			return 0, false
		}
		v += float64(2*y*(n-y)) / float64(n*(n-1))
	}
	return v / float64(len(m.self)), true
}

func (m *matched) excess(g *Gross) error {
	with := &matched{contrasting: m.contrasting, place: m.place}
	for _, i := range m.used {
		if _, ok := m.within(i); ok {
			with.used = append(with.used, i)
		}
	}
	in := map[int]bool{}
	for _, i := range with.used {
		in[m.place[i]] = true
	}
	g.Scenarios = int64(len(in))
	if g.Scenarios == 0 {
		g.Note = "one repeat: what a side disagrees with itself is not known, so gross is an upper bound only (state the temperature)"
		return nil
	}
	self := mean(with.perScenario(func(i int) float64 { v, _ := m.within(i); return v }))
	per := with.perScenario(func(i int) float64 { v, _ := m.within(i); return m.across(i) - v })
	value := mean(per)
	g.Self, g.Excess = &self, &value
	if g.Scenarios < m.Scenarios {
		g.Note = fmt.Sprintf("excess gross rests on the %d of %d scenarios with repeats: the verdict takes gross", g.Scenarios, m.Scenarios)
		return nil
	}
	bound, why, err := m.excessBound(with, per)
	switch {
	case err != nil:
		return err
	case why != "":
		g.ExcessBound = g.Bound
		g.Note = "the bound of excess gross is that of gross: " + why
	default:
		g.ExcessBound = bound
	}
	return nil
}

// excessBound is BCa's upper end on shared replicates; why says that there is none to
// be trusted. Excess is never above gross, so the bound of gross is one of it too.
func (m *matched) excessBound(with *matched, per []float64) (bound *float64, why string, err error) {
	level := 2*m.spec.Rules.Level - 1
	if level <= 0 {
		return nil, "the level is too low", nil
	}
	at := map[int]float64{}
	var in []int
	for _, i := range with.used {
		if _, ok := at[m.place[i]]; !ok {
			at[m.place[i]] = per[len(in)]
			in = append(in, m.place[i])
		}
	}
	r, err := stat.Resample(func(w []uint8) (float64, error) {
		sum, n := 0.0, 0.0
		for _, c := range in {
			sum += float64(float64(w[c]) * at[c])
			n += float64(w[c])
		}
		if n == 0 {
			return 0, fmt.Errorf("%w: no scenario is drawn", stat.ErrUndefined)
		}
		return sum / n, nil
	}, m.weights, in)
	if err != nil {
		return nil, "", err
	}
	i, err := r.Interval(stat.Options{Level: level})
	switch {
	case err != nil:
		return nil, reason(err), nil
	case i.Note != "":
		return nil, i.Note, nil
	}
	return &i.High, "", nil
}
