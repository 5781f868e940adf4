package stat

import (
	"fmt"
	"math"
)

// PairedMeans is Paired where every cluster weighs the same, however many units it has:
// first and second are each cluster's mean, units those of both sides together.
//
// With d = first - second per cluster and r = units/(2m) it is the adjusted difference
// of section 4.3, and the same as Paired where all clusters have the same n. P is
// McNemar's mid-p where every cluster has one unit a side, 0 or 1. ErrUndefined with
// fewer than two clusters.
func PairedMeans(first, second []float64, units int64, level float64) (Difference, error) {
	if err := checkLevel(level); err != nil {
		return Difference{}, err
	}
	if len(first) != len(second) || units < 2*int64(len(first)) {
		return Difference{}, fmt.Errorf("sides of %d and %d clusters, %d units", len(first), len(second), units)
	}
	if len(first) < 2 {
		return Difference{}, fmt.Errorf("%w: %d common scenario, a comparison needs 2", ErrUndefined, len(first))
	}
	m := float64(len(first))
	d := Difference{Clusters: len(first)}
	binary := units == 2*int64(len(first))
	var sum, squares, p, q float64
	for c := range first {
		x := first[c] - second[c]
		switch {
		case x > alike:
			d.First++
		case x < -alike:
			d.Second++
		}
		binary = binary && (first[c] == 0 || first[c] == 1) && (second[c] == 0 || second[c] == 1)
		p, q, sum, squares = p+first[c], q+second[c], sum+x, squares+float64(x*x)
	}
	r := float64(units) / (2 * m)
	more, t := m+2/r, student(1-tail(level), m-1)
	d.Value, d.Adjusted = p/m-q/m, sum/more
	d.SE = math.Sqrt(((squares+1/r)/more - float64(d.Adjusted*d.Adjusted)) / more)
	d.SD = math.Sqrt(math.Max(0, squares-float64(sum*sum)/m) / (m - 1))
	d.Least = (t + normal(.8)) * d.SD / math.Sqrt(m)
	half := float64(t * d.SE)
	d.Interval = Interval{Low: d.Adjusted - half, High: d.Adjusted + half, Level: level, Method: MethodPairedT}
	if binary {
		_, d.P = McNemar(d.First, d.Second)
	} else {
		d.P = studentBeyond(d.Adjusted/d.SE, m-1)
	}
	return d, nil
}

// alike is how near two means of the same shares may come apart by rounding.
const alike = 1e-12

// MeanShare is the mean of the clusters' shares, each cluster weighing the same, with
// the interval of Korn and Graubard: KornGraubard where all clusters have the same n.
// units are those behind the shares, which cap the effective size. ErrUndefined with
// fewer than two clusters. Section 4.1.
func MeanShare(p []float64, units int64, level float64) (float64, Interval, error) {
	if err := checkLevel(level); err != nil {
		return 0, Interval{}, err
	}
	if len(p) < 2 {
		return 0, Interval{}, fmt.Errorf("%w: %d scenario, an interval needs 2", ErrUndefined, len(p))
	}
	if units < int64(len(p)) {
		return 0, Interval{}, fmt.Errorf("%d clusters, %d units", len(p), units)
	}
	m, mean := float64(len(p)), 0.0
	for c, v := range p {
		if !(v >= 0 && v <= 1) {
			return 0, Interval{}, fmt.Errorf("cluster %d: %v is not a share", c, v)
		}
		mean += v
	}
	mean /= m
	var squares float64
	same := true
	for _, v := range p {
		same = same && math.Abs(v-mean) <= alike
		squares += float64((v - mean) * (v - mean))
	}
	size := m
	if !same {
		at := 1 - tail(level)
		q := student(at, float64(units-1)) / student(at, m-1)
		size = math.Min(float64(units), float64(mean*(1-mean))/(squares/float64(m*(m-1)))*float64(q*q))
	} else {
		mean = p[0]
	}
	x := float64(mean * size)
	if mean == 1 {
		x = size
	}
	i, err := ClopperPearson(x, size, level)
	i.Method = MethodKornGraubard
	return mean, i, err
}

// Difference makes a paired difference of the replicates of one: the interval that o
// names, P of Student's t on the jackknife's standard error, and the least true
// difference that would be found. Adjusted is Value; First and Second are not counted.
// Errors as Interval.
func (r *Replicates) Difference(o Options) (Difference, error) {
	i, err := r.Interval(o)
	if err != nil {
		return Difference{}, err
	}
	if r.noJackknife != nil {
		return Difference{}, r.noJackknife
	}
	m := float64(r.clusters)
	return Difference{
		Interval: i, Value: r.Value, Adjusted: r.Value, SE: r.se, SD: r.se * math.Sqrt(m), Clusters: r.clusters,
		P: studentBeyond(r.Value/r.se, m-1), Least: (student(1-tail(o.Level), m-1) + normal(.8)) * r.se,
	}, nil
}
