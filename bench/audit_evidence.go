package bench

import (
	"errors"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
)

// Limits below which an audit gives no verdict.
const (
	systemsNeeded   = 5  // to compare two boards
	scenariosNeeded = 10 // of every target
)

// evidence is what audits answer from: counts, and which of them belong together.
type evidence struct {
	spec    *Spec
	ds      []*dataset.Dataset
	counts  *Counted // of every setting
	s       *slicer
	facts   *facts
	weights *stat.Weights
	margins []Margin
	notices []string
	held    func(system int, w []uint8) (float64, error) // held turns; nil = not counted
}

func newEvidence(ds []*dataset.Dataset, spec *Spec, counts *Counted, f *facts) (*evidence, error) {
	s, err := newSlicer(ds, spec, counts.Table)
	if err != nil {
		return nil, err
	}
	e := &evidence{spec: spec, ds: ds, counts: counts, s: s, facts: f, weights: stat.NewWeights(spec.Rules.Seed, spec.Rules.Replicates, s.clusters)}
	if e.margins, e.notices, err = margins(spec); err != nil {
		return nil, err
	}
	return e, e.heldTurns(counts.Table)
}

// heldTurns finds the metric among those counted.
func (e *evidence) heldTurns(table *metrics.Table) error {
	at := slices.IndexFunc(table.Metrics, func(m *metrics.Metric) bool { return m.Name == "held_turns" })
	if at < 0 {
		return nil
	}
	m := table.Metrics[at]
	all, err := table.Rows(at, e.s.keys, e.s.clusters, e.s.cluster)
	if err != nil {
		return err
	}
	shape := m.Shape
	if m.Settle != nil {
		_, shape = m.Settle(all)
	}
	rows := make([]metrics.Rows, len(e.s.systems))
	for yi := range rows {
		if rows[yi], err = table.Rows(at, e.s.of(0, yi), e.s.clusters, e.s.cluster); err != nil {
			return err
		}
	}
	e.held = func(system int, w []uint8) (float64, error) { return shape.Value(rows[system], w) }
	return nil
}

func (e *evidence) margin(name string) float64 {
	i := slices.IndexFunc(e.margins, func(m Margin) bool { return m.Name == name })
	return e.margins[i].Value // an audit asks for its own
}

func (e *evidence) options(m stat.Method) stat.Options {
	return stat.Options{Level: e.spec.Rules.Level, Method: m}
}

// columns are a tally's slots by cluster.
type columns [slots][]int64

// bySystem sums a tally by system and cluster, over the keys kept.
func bySystem[K comparable](e *evidence, t tally[K], of func(K) metrics.Key, keep func(K) bool) ([]columns, error) {
	out := make([]columns, len(e.s.systems))
	for i := range out {
		out[i] = e.empty()
	}
	for k, n := range t { // integers: any order adds up the same
		if !keep(k) {
			continue
		}
		key := of(k)
		system, known := slices.BinarySearch(e.s.systems, key.System)
		cluster, placed := slices.BinarySearch(e.s.clusters, e.s.cluster(key))
		if !known || !placed {
			return nil, fmt.Errorf("scenario %q of %s was counted by one reading and not by the other: did the files change?", key.Scenario, key.System)
		}
		for slot, v := range n {
			out[system][slot][cluster] += v
		}
	}
	return out, nil
}

func (e *evidence) empty() (c columns) {
	for slot := range c {
		c[slot] = make([]int64, len(e.s.clusters))
	}
	return c
}

// pooled is all systems together.
func (e *evidence) pooled(list []columns) columns {
	out := e.empty()
	for _, c := range list {
		for slot := range c {
			for i, v := range c[slot] {
				out[slot][i] += v
			}
		}
	}
	return out
}

// sum is some slots added up over clusters, each w times; nil is once.
func (c *columns) sum(w []uint8, of ...int) (n int64) {
	for _, slot := range of {
		for i, v := range c[slot] {
			if w == nil {
				n += v
			} else {
				n += int64(w[i]) * v
			}
		}
	}
	return n
}

// plus is some slots added up, by cluster.
func (c *columns) plus(of ...int) []int64 {
	out := make([]int64, len(c[0]))
	for _, slot := range of {
		for i, v := range c[slot] {
			out[i] += v
		}
	}
	return out
}

// in is the clusters that have any of some slots.
func (c *columns) in(of ...int) (list []int) {
	for i, v := range c.plus(of...) {
		if v > 0 {
			list = append(list, i)
		}
	}
	return list
}

// ratio is a share of some slots among others, by cluster resampled; Korn and Graubard's
// interval where too few clusters could move a resampled one.
func (e *evidence) ratio(name string, c *columns, y, n []int, empty string) Number {
	of := c.sum(nil, n...)
	if of == 0 {
		return Number{Name: name, Undefined: empty}
	}
	out := numberOf(name, float64(c.sum(nil, y...))/float64(of), of)
	i, err := stat.Mean(c.plus(y...), c.plus(n...), 1, e.weights, e.options(stat.MethodBCa))
	if err != nil || i.Note == stat.NoteFewInformative {
		i, err = stat.KornGraubard(c.plus(y...), c.plus(n...), e.spec.Rules.Level)
	}
	return out.within(i, err)
}

// undefined is an error that says why a number does not exist.
func undefined(format string, args ...any) error {
	return fmt.Errorf("%w: %s", stat.ErrUndefined, fmt.Sprintf(format, args...))
}

// A board is a value of each system, in any replicate.
type boardOf func(system int, w []uint8) (float64, error)

func shareBoard(list []columns, y, n []int) boardOf {
	return func(system int, w []uint8) (float64, error) {
		of := list[system].sum(w, n...)
		if of == 0 {
			return 0, undefined("no reading is drawn")
		}
		return float64(list[system].sum(w, y...)) / float64(of), nil
	}
}

// common is the systems that have a value on both boards, and those values.
func (e *evidence) common(x, y boardOf) (systems []int, xs, ys []float64, err error) {
	for i := range e.s.systems {
		a, errA := x(i, nil)
		b, errB := y(i, nil)
		switch err := errors.Join(errA, errB); {
		case err == nil:
			systems, xs, ys = append(systems, i), append(xs, a), append(ys, b)
		case !errors.Is(err, stat.ErrUndefined):
			return nil, nil, nil, err
		}
	}
	if len(systems) < systemsNeeded {
		return systems, xs, ys, undefined("systems on both boards: %d, comparing them needs %d", len(systems), systemsNeeded)
	}
	return systems, xs, ys, nil
}

// tau is tau-b between two boards of the same systems with the percentiles of replicates
// that both boards share.
func (e *evidence) tau(about string, x, y boardOf) (Number, error) {
	out := Number{Name: "tau_b", About: about}
	systems, xs, ys, err := e.common(x, y)
	if err != nil {
		return lacks(out, err)
	}
	n := int64(len(systems))
	out.N = &n
	between := func(xs, ys []float64) (float64, error) {
		c, err := stat.NewConcordance(xs, ys)
		if err != nil {
			return 0, err
		}
		return c.TauB()
	}
	v, err := between(xs, ys)
	if err != nil {
		return lacks(out, err)
	}
	out.Value = published(&v)
	r, err := stat.Resample(func(w []uint8) (float64, error) {
		xs, ys := make([]float64, len(systems)), make([]float64, len(systems))
		for k, i := range systems {
			var err error
			if xs[k], err = x(i, w); err != nil {
				return 0, err
			}
			if ys[k], err = y(i, w); err != nil {
				return 0, err
			}
		}
		return between(xs, ys)
	}, e.weights, nil)
	if err != nil {
		return lacks(out, err)
	}
	i, err := r.Percentile(e.spec.Rules.Level)
	if err != nil && !errors.Is(err, stat.ErrUndefined) {
		return out, err
	}
	i.Note = ""
	if i.Dropped > 0 {
		i.Note = fmt.Sprintf("%d replicates order nothing and are left out", i.Dropped)
	}
	return out.within(i, err), nil
}

// lacks is a number without a value where the error says that there is none.
func lacks(n Number, err error) (Number, error) {
	if !errors.Is(err, stat.ErrUndefined) {
		return n, err
	}
	n.Undefined = reason(err)
	return n, nil
}

// tooOpen is why there is no verdict where more readings are undecided than the rules
// allow; "" = they are not.
func (e *evidence) tooOpen(c *columns) string {
	open, all := c.sum(nil, noY), c.sum(nil, both, onlyX, onlyY, neither, noY)
	if all > 0 && float64(open)/float64(all) > e.spec.Rules.MaxUndecided {
		return fmt.Sprintf("%d of %d readings are undecided, more than max_undecided %g", open, all, e.spec.Rules.MaxUndecided)
	}
	return ""
}

// paths is the whole, and the slice with a plain path to victory where scenarios declare
// paths.
func (e *evidence) paths() []Slice {
	if _, declared := e.s.hard(e.s.keys); !declared {
		return []Slice{nil}
	}
	return []Slice{nil, {{Column: "path_to_victory", Value: ptr("3")}}}
}

func ptr(s string) *string { return &s }
