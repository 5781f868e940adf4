package stat

import (
	"fmt"
	"math"
	"slices"
)

// A Direction says which way is better.
type Direction uint8

// Directions.
const (
	Higher Direction = iota
	Lower
)

// commonNeeded is how many common clusters ranks need.
const commonNeeded = 5

// A Rank is where a system may stand, from 1, the best.
type Rank struct {
	Point     int // 1 + systems strictly better; systems with the same value share it
	Tied      bool
	Low, High int // the rank set: holds the true rank, for all systems at once
}

// Best reports whether the set holds rank 1.
func (r Rank) Best() bool { return r.Low == 1 }

// A Step of the step-down: the pairs still undecided, the critical value their
// largest studentised difference was held against, and how many passed it.
type Step struct {
	Critical        float64
	Active, Decided int
}

// A Ranking orders systems on the clusters they all have.
type Ranking struct {
	Ranks   []Rank // by system
	Common  []int  // the clusters all systems have
	Union   int    // clusters any system has
	Steps   []Step // the last one decides nothing, or all that was left
	Dropped int    // replicates in which no common cluster was drawn
	beats   []bool // system by system
}

// Beats reports whether system i is better than system j beyond chance, all pairs
// taken together.
func (r *Ranking) Beats(i, j int) bool { return r.beats[i*len(r.Ranks)+j] }

// Ranks are simultaneous rank sets of systems with y[i] of n[i] units per cluster of
// w, on the clusters in which every system has units.
//
// Studentised max-T with step-down on shared replicates: pair (i, j) is decided when
// |D'|/SE' of Paired is above the level quantile of the largest |difference of the
// replicate - difference|/SE' over the undecided pairs, until nothing new falls
// (Mogstad, Romano, Shaikh and Wilhelm 2023, section 8). A rank set counts who is
// decidedly better and decidedly worse. Ties are decided on integers.
//
// ErrUndefined with fewer than 5 common clusters or too few replicates for the level.
func Ranks(y, n [][]int64, better Direction, w *Weights, level float64) (*Ranking, error) {
	if err := checkLevel(level); err != nil {
		return nil, err
	}
	r, err := common(y, n, len(w.clusters))
	if err != nil {
		return nil, err
	}
	s, err := newSystems(y, n, r.Common)
	if err != nil {
		return nil, err
	}
	if better == Lower {
		for i := range s {
			for c := range s[i].y {
				s[i].y[c] = -s[i].y[c]
			}
			s[i].t.y = -s[i].t.y
		}
	}
	values, dropped := replicate(s, r.Common, w)
	r.Dropped = dropped
	left := w.b - dropped
	rank := ceil(level*float64(left+1)) - 1
	if rank >= left {
		return nil, fmt.Errorf("%w: %d replicates, level %v needs %d", ErrUndefined, left, level, ceil(level/(1-level)))
	}
	r.stepDown(contests(s), values, left, rank)
	r.count(s)
	return r, nil
}

// common finds the clusters in which every system has units.
func common(y, n [][]int64, clusters int) (*Ranking, error) {
	if len(y) != len(n) {
		return nil, fmt.Errorf("%d systems have y, %d have n", len(y), len(n))
	}
	for i := range n {
		if len(n[i]) != clusters || len(y[i]) != clusters {
			return nil, fmt.Errorf("system %d has %d clusters, the weights have %d", i, len(n[i]), clusters)
		}
	}
	r := &Ranking{Ranks: make([]Rank, len(n)), beats: make([]bool, len(n)*len(n))}
	for c := range clusters {
		have := 0
		for i := range n {
			if n[i][c] > 0 {
				have++
			}
		}
		if have > 0 {
			r.Union++
		}
		if have > 0 && have == len(n) {
			r.Common = append(r.Common, c)
		}
	}
	if len(r.Common) < commonNeeded {
		return nil, fmt.Errorf("%w: %d scenarios common to all systems, a ranking needs %d", ErrUndefined, len(r.Common), commonNeeded)
	}
	return r, nil
}

// system is one system on the common clusters, higher better.
type system struct {
	y, n []int64
	t    totals
}

func newSystems(y, n [][]int64, in []int) ([]system, error) {
	out := make([]system, len(n))
	for i := range out {
		s := system{y: make([]int64, len(in)), n: make([]int64, len(in))}
		for k, c := range in {
			s.y[k], s.n[k] = y[i][c], n[i][c]
		}
		var err error
		if s.t, err = sum(s.y, s.n); err != nil {
			return nil, fmt.Errorf("system %d: %w", i, err)
		}
		out[i] = s
	}
	return out, nil
}

// replicate is each system's value in each replicate that draws a common cluster.
func replicate(s []system, in []int, w *Weights) (values [][]float64, dropped int) {
	values = make([][]float64, len(s))
	for i := range values {
		values[i] = make([]float64, 0, w.b)
	}
	row := make([]uint8, len(in))
	for b := range w.b {
		drawn, any := w.Row(b), uint8(0)
		for k, c := range in {
			row[k] = drawn[c]
			any |= row[k]
		}
		if any == 0 {
			dropped++
			continue
		}
		for i := range s {
			values[i] = append(values[i], float64(dot(row, s[i].y))/float64(dot(row, s[i].n)))
		}
	}
	return values, dropped
}

// contest is one pair of systems, i < j.
type contest struct {
	i, j  int
	value float64 // i minus j
	se    float64 // SE'
	t     float64 // D'/SE'
}

func contests(s []system) []contest {
	var out []contest
	for i := range s {
		for j := i + 1; j < len(s); j++ {
			p := &pairing{y1: s[i].y, n1: s[i].n, y2: s[j].y, n2: s[j].n, first: s[i].t, second: s[j].t, m: s[i].t.m}
			a := p.adjust()
			out = append(out, contest{i: i, j: j, value: s[i].t.value() - s[j].t.value(), se: a.se, t: a.value / a.se})
		}
	}
	return out
}

// stepDown decides pairs until nothing new falls.
func (r *Ranking) stepDown(active []contest, values [][]float64, left, rank int) {
	largest := make([]float64, left)
	for len(active) > 0 {
		clear(largest)
		for _, c := range active {
			a, b := values[c.i], values[c.j]
			for k := range largest {
				largest[k] = max(largest[k], math.Abs(a[k]-b[k]-c.value)/c.se)
			}
		}
		slices.Sort(largest)
		step := Step{Critical: largest[rank], Active: len(active)}
		var open []contest
		for _, c := range active {
			switch {
			case c.t > step.Critical:
				r.beats[c.i*len(r.Ranks)+c.j] = true
			case c.t < -step.Critical:
				r.beats[c.j*len(r.Ranks)+c.i] = true
			default:
				open = append(open, c)
			}
		}
		step.Decided = len(active) - len(open)
		r.Steps = append(r.Steps, step)
		if step.Decided == 0 {
			return
		}
		active = open
	}
}

// count fills the ranks.
func (r *Ranking) count(s []system) {
	for i := range s {
		k := Rank{Point: 1, Low: 1, High: len(s)}
		for j := range s {
			if j == i {
				continue
			}
			switch o := compareRatios(s[j].t.y, s[j].t.n, s[i].t.y, s[i].t.n); {
			case o > 0:
				k.Point++
			case o == 0:
				k.Tied = true
			}
			if r.Beats(j, i) {
				k.Low++
			}
			if r.Beats(i, j) {
				k.High--
			}
		}
		r.Ranks[i] = k
	}
}
