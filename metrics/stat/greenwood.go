package stat

import (
	"fmt"
	"math"
)

// Greenwood is the clustered variance of log S at time index u, relative: SE(S) is S
// times its root. With one unit per cluster and without its m/(m-1) it is Greenwood's.
// ErrUndefined where S is 0 or ends before u, or with fewer than two clusters.
func (l *Life) Greenwood(u int) (float64, error) {
	r := l.Sum(nil)
	s := r.KaplanMeier()
	if u < 0 || u >= len(s) || s[u] == 0 {
		return 0, fmt.Errorf("%w: nobody is left at turn %d", ErrUndefined, u+1)
	}
	var m, g float64
	for c := range l.Clusters() {
		row := c * len(l.Times)
		if l.AtRisk[row] == 0 {
			continue
		}
		m++
		var e float64
		for j := range u + 1 {
			n, d := float64(r.AtRisk[j]), float64(r.Lost[j])
			e += (float64(l.Lost[row+j]) - float64(float64(l.AtRisk[row+j])*(d/n))) / (n - d)
		}
		g += float64(e * e)
	}
	if m < 2 {
		return 0, fmt.Errorf("%w: %v scenario, an interval needs 2", ErrUndefined, m)
	}
	return float64(m / (m - 1) * g), nil
}

// Interval is the log-log interval of S at time index u: S^exp(-+z sqrt(g)/ln S) with
// Greenwood's g, as R survival's conf.type = "log-log". Where S is 1 or 0 it is
// KornGraubard's of no losses, or of no survivors, among those at risk at first.
// ErrUndefined as Greenwood, but for S = 0.
func (l *Life) Interval(u int, level float64) (Interval, error) {
	if err := checkLevel(level); err != nil {
		return Interval{}, err
	}
	s := l.Sum(nil).KaplanMeier()
	if u < 0 || u >= len(s) {
		return Interval{}, fmt.Errorf("%w: nobody is left at turn %d", ErrUndefined, u+1)
	}
	v := s[u]
	if v == 0 || v == 1 {
		n := make([]int64, l.Clusters())
		for c := range n {
			n[c] = l.AtRisk[c*len(l.Times)]
		}
		i, err := KornGraubard(make([]int64, len(n)), n, level)
		if v == 1 {
			i.Low, i.High = 1-i.High, 1
		}
		return i, err
	}
	g, err := l.Greenwood(u)
	if err != nil {
		return Interval{}, err
	}
	return logLog(v, g, level), nil
}

func logLog(s, g, level float64) Interval {
	e := float64(normal(1-tail(level))*math.Sqrt(g)) / math.Log(s)
	return Interval{Low: math.Pow(s, math.Exp(-e)), High: math.Pow(s, math.Exp(e)), Level: level, Method: MethodLogLog}
}
