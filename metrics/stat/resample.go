package stat

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Replicates are a number, what it becomes when clusters are drawn again, and what
// it becomes when one of them is left out. Its methods make intervals of it.
type Replicates struct {
	Value   float64
	Values  []float64 // of the replicates that have a value, in order of replicate
	Dropped int       // replicates without one

	clusters    int
	informative int       // clusters unlike the most common kind
	without     []float64 // Value with one cluster left out, cluster by cluster
	noJackknife error     // why without is incomplete
	se          float64
}

// Resample computes value on every cluster once, on each replicate of w, and with
// each cluster of in left out; in nil means all of w's.
//
// value gets one weight per cluster of w and must not keep or change them. Clusters
// that hold no unit of it belong left out of in: they would count as evidence. A
// replicate for which value is ErrUndefined is dropped; any other error is returned,
// as is any error of value on all clusters.
func Resample(value func(w []uint8) (float64, error), w *Weights, in []int) (*Replicates, error) {
	row := make([]uint8, len(w.clusters))
	for c := range row {
		row[c] = 1
	}
	if in == nil {
		in = make([]int, len(row))
		for c := range in {
			in[c] = c
		}
	}
	v, err := value(row)
	if err != nil {
		return nil, err
	}
	r := &Replicates{Value: v, clusters: len(in), without: make([]float64, 0, len(in))}
	for _, c := range in {
		row[c] = 0
		v, err := value(row)
		row[c] = 1
		if errors.Is(err, ErrUndefined) {
			r.noJackknife = fmt.Errorf("%w (without scenario %s)", err, w.clusters[c])
			break
		}
		if err != nil {
			return nil, err
		}
		r.without = append(r.without, v)
	}
	r.se = r.jackknifeSE()
	r.informative = r.unlikeMost()
	if len(in) < 2 { // no interval can be made of them: Interval says so
		return r, nil
	}
	r.Values = make([]float64, 0, w.b)
	for b := range w.b {
		v, err := value(w.Row(b))
		if errors.Is(err, ErrUndefined) {
			r.Dropped++
			continue
		}
		if err != nil {
			return nil, err
		}
		r.Values = append(r.Values, v)
	}
	return r, nil
}

// ResampleRatio is Resample for scale * (sum of y / sum of n), y and n cluster by
// cluster of w, y of either sign, clusters with n = 0 left out. It is quick, and its
// standard error is the linearised one of section 4.1.
//
// ErrUndefined without units.
func ResampleRatio(y, n []int64, scale float64, w *Weights) (*Replicates, error) {
	if len(n) != len(w.clusters) {
		return nil, fmt.Errorf("%d clusters have n, %d have weights", len(n), len(w.clusters))
	}
	t, err := sum(y, n)
	if err != nil {
		return nil, err
	}
	r := &Replicates{Value: scale * t.value(), clusters: t.m, without: make([]float64, 0, t.m)}
	for c := range n {
		switch {
		case n[c] == 0:
		case n[c] == t.n:
			r.noJackknife = fmt.Errorf("%w: one scenario has all units", ErrUndefined)
		default:
			r.without = append(r.without, scale*(float64(t.y-y[c])/float64(t.n-n[c])))
		}
	}
	if t.m > 1 {
		r.se = math.Abs(scale) * t.linear(y, n)
	}
	r.informative = unlikeMost(y, n)
	r.Values = make([]float64, 0, w.b)
	for b := range w.b {
		sy, sn := dot(w.Row(b), y), dot(w.Row(b), n)
		if sn == 0 {
			r.Dropped++
			continue
		}
		r.Values = append(r.Values, scale*(float64(sy)/float64(sn)))
	}
	return r, nil
}

func dot(w []uint8, x []int64) int64 {
	var s int64
	for c, k := range w[:len(x)] {
		s += int64(k) * x[c]
	}
	return s
}

// jackknifeSE is sqrt((m-1)/m sum d^2), 0 if the jackknife is incomplete.
func (r *Replicates) jackknifeSE() float64 {
	if r.noJackknife != nil {
		return 0
	}
	var s float64
	for _, d := range r.influence() {
		s += float64(d * d)
	}
	m := float64(r.clusters)
	return math.Sqrt(float64((m - 1) / m * s))
}

// influence is mean(without) - without, cluster by cluster, exactly 0 everywhere if
// no cluster moves the value.
func (r *Replicates) influence() []float64 {
	d := make([]float64, len(r.without))
	if r.still() {
		return d
	}
	var mean float64
	for _, v := range r.without {
		mean += v
	}
	mean /= float64(len(d))
	for c, v := range r.without {
		d[c] = mean - v
	}
	return d
}

func (r *Replicates) still() bool {
	for _, v := range r.without {
		if !r.same(v, r.without[0]) {
			return false
		}
	}
	return true
}

// same is equality of values: within 1e-12 of max(1, |Value|).
func (r *Replicates) same(a, b float64) bool {
	return math.Abs(a-b) <= 1e-12*math.Max(1, math.Abs(r.Value))
}

// unlikeMost counts the clusters that move the value otherwise than the most common
// kind of cluster does.
func (r *Replicates) unlikeMost() int {
	v := slices.Clone(r.without)
	slices.Sort(v)
	return len(v) - longestRun(len(v), func(i int) bool { return r.same(v[i-1], v[i]) })
}

// unlikeMost counts the clusters with n > 0 whose ratio y/n is not the most common.
func unlikeMost(y, n []int64) int {
	v := make([]int, 0, len(n))
	for c := range n {
		if n[c] > 0 {
			v = append(v, c)
		}
	}
	slices.SortFunc(v, func(a, b int) int { return compareRatios(y[a], n[a], y[b], n[b]) })
	return len(v) - longestRun(len(v), func(i int) bool {
		return compareRatios(y[v[i-1]], n[v[i-1]], y[v[i]], n[v[i]]) == 0
	})
}

// longestRun is the length of the longest run in 0..n-1 in which each element
// continues the one before.
func longestRun(n int, continues func(i int) bool) int {
	longest, run := 0, 0
	for i := range n {
		if i == 0 || !continues(i) {
			run = 0
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
