package stat

import (
	"fmt"
	"math"
	"slices"
)

// informative is how many clusters must differ from the rest for a resampled
// interval to go without NoteFewInformative.
const informative = 10

// Share is the interval of sum of y / sum of n, 0 <= y <= n, by o.Method: kg unless it
// says otherwise. Only resampling methods look at w. Errors as those of the method.
func Share(y, n []int64, w *Weights, o Options) (Interval, error) {
	switch o.Method {
	case "", MethodKornGraubard:
		return KornGraubard(y, n, o.Level)
	case MethodWilson:
		return Wilson(y, n, o.Level)
	}
	return Mean(y, n, 1, w, o)
}

// Mean is the interval of scale * (sum of y / sum of n), by o.Method: bca unless it
// says otherwise. Errors as those of ResampleRatio and Replicates.Interval.
func Mean(y, n []int64, scale float64, w *Weights, o Options) (Interval, error) {
	r, err := ResampleRatio(y, n, scale, w)
	if err != nil {
		return Interval{}, err
	}
	return r.Interval(o)
}

// Interval is the one that o.Method names: bca if empty, cluster_t or percentile.
//
// ErrUndefined if there are fewer than two clusters, if no cluster moves the value, if
// the replicates left are too few for the level, or, but for percentile, if the value
// does not survive the loss of one cluster.
func (r *Replicates) Interval(o Options) (Interval, error) {
	if err := r.check(o.Level); err != nil {
		return Interval{}, err
	}
	switch o.Method {
	case "", MethodBCa:
		return r.bca(o.Level)
	case MethodClusterT:
		return r.clusterT(o.Level)
	case MethodPercentile:
		return r.percentile(o.Level)
	}
	return Interval{}, fmt.Errorf("method %q does not resample", o.Method)
}

func (r *Replicates) check(level float64) error {
	if err := checkLevel(level); err != nil {
		return err
	}
	if r.clusters < 2 {
		return fmt.Errorf("%w: %d scenario, an interval needs 2", ErrUndefined, r.clusters)
	}
	if r.noJackknife == nil && r.still() {
		return fmt.Errorf("%w: every scenario gives the same", ErrUndefined)
	}
	return nil
}

// bca is Efron's bias-corrected and accelerated interval (1987), section 4.2. Where
// the acceleration passes the pole of its formula, the end is the outermost replicate.
func (r *Replicates) bca(level float64) (Interval, error) {
	if r.noJackknife != nil {
		return Interval{}, r.noJackknife
	}
	v, err := r.sorted(level)
	if err != nil {
		return Interval{}, err
	}
	z0, err := r.bias()
	if err != nil {
		return Interval{}, err
	}
	a, z := r.acceleration(), normal(1-tail(level))
	at := func(x float64) float64 {
		p := 0.5 + math.Copysign(0.5, x)
		if d := 1 - float64(a*x); d > 0 {
			p = normalBelow(z0 + x/d)
		}
		i := int(math.Floor(float64(len(v)+1)*p)) - 1
		return v[min(max(i, 0), len(v)-1)]
	}
	return r.interval(at(z0-z), at(z0+z), level, MethodBCa), nil
}

// bias is z0, the normal quantile of the share of replicates below the value, half
// of those equal to it counted.
func (r *Replicates) bias() (float64, error) {
	half := 0
	for _, v := range r.Values {
		switch {
		case r.same(v, r.Value):
			half++
		case v < r.Value:
			half += 2
		}
	}
	if half == 0 || half == 2*len(r.Values) {
		return 0, fmt.Errorf("%w: every replicate lies on one side of the value", ErrUndefined)
	}
	return normal(float64(half) / float64(2*len(r.Values))), nil
}

// acceleration is a = sum d^3 / (6 (sum d^2)^1.5) over clusters left out.
func (r *Replicates) acceleration() float64 {
	var s2, s3 float64
	for _, d := range r.influence() {
		dd := float64(d * d)
		s2 += dd
		s3 += float64(dd * d)
	}
	return s3 / (6 * float64(s2*math.Sqrt(s2)))
}

// clusterT is value -+ t(m-1) SE.
func (r *Replicates) clusterT(level float64) (Interval, error) {
	if r.noJackknife != nil {
		return Interval{}, r.noJackknife
	}
	half := float64(student(1-tail(level), float64(r.clusters-1)) * r.se)
	return r.interval(r.Value-half, r.Value+half, level, MethodClusterT), nil
}

// percentile is the plain quantiles of the replicates, section 3.1.
func (r *Replicates) percentile(level float64) (Interval, error) {
	v, err := r.sorted(level)
	if err != nil {
		return Interval{}, err
	}
	k := floor(float64(len(v)+1) * tail(level))
	return r.interval(v[k-1], v[len(v)-k], level, MethodPercentile), nil
}

// Percentile is the percentile interval whether or not leaving one cluster out moves the
// value: of a value that comes in steps, such as a tau, replicates say what leaving one
// out cannot. ErrUndefined with too few replicates for the level.
func (r *Replicates) Percentile(level float64) (Interval, error) {
	if err := checkLevel(level); err != nil {
		return Interval{}, err
	}
	return r.percentile(level)
}

// sorted is the replicates in order, if there are enough to have both tails.
func (r *Replicates) sorted(level float64) ([]float64, error) {
	if floor(float64(len(r.Values)+1)*tail(level)) < 1 {
		return nil, fmt.Errorf("%w: %d replicates, level %v needs %d", ErrUndefined, len(r.Values), level, ceil(1/tail(level))-1)
	}
	v := slices.Clone(r.Values)
	slices.Sort(v)
	return v, nil
}

func (r *Replicates) interval(low, high, level float64, m Method) Interval {
	i := Interval{Low: low, High: high, Level: level, Method: m, Dropped: r.Dropped}
	if r.informative < informative {
		i.Note = NoteFewInformative
	}
	return i
}
