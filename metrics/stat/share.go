package stat

import (
	"fmt"
	"math"
	"math/bits"
)

// Effective is what clustered units are worth: how many independent units would
// estimate the share as well. Section 4.1.
type Effective struct {
	Value    float64 // sum of y / sum of n, in [0, 1]
	SE       float64 // linearised over clusters, with m/(m-1)
	Size     float64 // n*, in (1, sum of n]
	Units    int64   // sum of n
	Clusters int     // those with n > 0
}

// NewEffective weighs y of n units, cluster by cluster, 0 <= y <= n.
//
// Size is min(N, p(1-p)/SE^2 (t(N-1)/t(m-1))^2) (Korn and Graubard 1998), never above
// N; without any variation between clusters (none seen, all seen, the same share
// everywhere) it is N^2/sum(n^2), at which a cluster counts once (Kish).
// ErrUndefined without units or with fewer than two clusters that have any.
func NewEffective(y, n []int64, level float64) (Effective, error) {
	if err := checkLevel(level); err != nil {
		return Effective{}, err
	}
	t, err := sum(y, n)
	if err != nil {
		return Effective{}, err
	}
	for c := range y {
		if y[c] < 0 || y[c] > n[c] {
			return Effective{}, fmt.Errorf("cluster %d: %d of %d is not a share", c, y[c], n[c])
		}
	}
	if t.m < 2 {
		return Effective{}, fmt.Errorf("%w: %d scenario, an interval needs 2", ErrUndefined, t.m)
	}
	e := Effective{Value: t.value(), SE: t.linear(y, n), Units: t.n, Clusters: t.m}
	if e.SE == 0 {
		e.Size = kish(n)
		return e, nil
	}
	p := 1 - tail(level)
	q := student(p, float64(t.n-1)) / student(p, float64(t.m-1))
	e.Size = math.Min(float64(t.n), float64(e.Value*(1-e.Value))/float64(e.SE*e.SE)*float64(q*q))
	return e, nil
}

// KornGraubard is the default interval of a share: Clopper-Pearson on the effective
// size. y of n units, cluster by cluster, 0 <= y <= n; errors as NewEffective.
// Section 4.1; R survey::svyciprop(method = "beta").
func KornGraubard(y, n []int64, level float64) (Interval, error) {
	return onEffective(y, n, level, ClopperPearson, MethodKornGraubard)
}

// Wilson is the score interval of a share on the effective size. y of n units,
// cluster by cluster, 0 <= y <= n; errors as NewEffective. Section 4.1.
func Wilson(y, n []int64, level float64) (Interval, error) {
	return onEffective(y, n, level, WilsonScore, MethodWilson)
}

func onEffective(y, n []int64, level float64, f func(x, n, level float64) (Interval, error), as Method) (Interval, error) {
	e, err := NewEffective(y, n, level)
	if err != nil {
		return Interval{}, err
	}
	x := float64(e.Value * e.Size)
	if e.Value == 1 {
		x = e.Size
	}
	i, err := f(x, e.Size, level)
	i.Method = as
	return i, err
}

// totals are the sums over clusters.
type totals struct {
	y, n int64
	m    int // clusters with n > 0
}

func sum(y, n []int64) (totals, error) {
	if len(y) != len(n) {
		return totals{}, fmt.Errorf("%d clusters have y, %d have n", len(y), len(n))
	}
	var t totals
	for c := range n {
		switch {
		case n[c] < 0 || n[c] == 0 && y[c] != 0:
			return t, fmt.Errorf("cluster %d: %d of %d units", c, y[c], n[c])
		case n[c] > 0:
			t.y, t.n, t.m = t.y+y[c], t.n+n[c], t.m+1
		}
	}
	if t.n == 0 {
		return t, fmt.Errorf("%w: no units", ErrUndefined)
	}
	return t, nil
}

func (t totals) value() float64 { return float64(t.y) / float64(t.n) }

// linear is the clustered standard error of y/n: sqrt(m/(m-1) sum e^2)/n with
// e = y - value n, and exactly 0 if the ratio is the same in every cluster.
func (t totals) linear(y, n []int64) float64 {
	p, s, same := t.value(), 0.0, true
	for c := range n {
		if n[c] == 0 {
			continue
		}
		same = same && compareRatios(y[c], n[c], t.y, t.n) == 0
		e := float64(y[c]) - float64(p*float64(n[c]))
		s += float64(e * e)
	}
	if same {
		return 0
	}
	return math.Sqrt(float64(float64(t.m)/float64(t.m-1)*s)) / float64(t.n)
}

// kish is (sum n)^2 / sum n^2.
func kish(n []int64) float64 {
	var s, ss float64
	for _, v := range n {
		s += float64(v)
		ss += float64(float64(v) * float64(v))
	}
	return float64(s*s) / ss
}

// compareRatios orders y1/n1 against y2/n2 exactly; n1 and n2 are above 0.
func compareRatios(y1, n1, y2, n2 int64) int {
	if s1, s2 := sign(y1), sign(y2); s1 != s2 || s1 == 0 {
		return s1 - s2
	}
	h1, l1 := bits.Mul64(magnitude(y1), uint64(n2))
	h2, l2 := bits.Mul64(magnitude(y2), uint64(n1))
	switch {
	case h1 == h2 && l1 == l2:
		return 0
	case h1 > h2 || h1 == h2 && l1 > l2:
		return sign(y1)
	}
	return -sign(y1)
}

func sign(x int64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}
