package stat

import (
	"fmt"
	"math"
)

// A Corrected is a share or mean that judges gave, corrected by people.
type Corrected struct {
	Value  float64
	SE     float64
	Lambda float64 // how far the judge was used, in [0, 1]; 1 for RoganGladen
	Note   string
}

// PredictionPowered is the mean of human labels y, sharpened by a judge: f is the
// judge on the units people labelled, more the judge on the units they did not. Those
// people labelled must be a random part. Units are independent.
//
// Value is mean(y) + lambda (mean(more) - mean(f)), lambda the weight of least
// variance, cov(y, f)/((1 + n/N) var f) cut to [0, 1], var f over both lists (PPI++,
// Angelopoulos et al. 2023). ErrUndefined with fewer than two units on either side.
func PredictionPowered(y, f, more []float64) (Corrected, error) {
	if len(y) != len(f) {
		return Corrected{}, fmt.Errorf("%d human labels, %d of the judge", len(y), len(f))
	}
	if len(y) < 2 || len(more) < 2 {
		return Corrected{}, fmt.Errorf("%w: %d units with human labels and %d without, needs 2 of each", ErrUndefined, len(y), len(more))
	}
	pooled := make([]float64, 0, len(f)+len(more))
	pooled = append(append(pooled, f...), more...)
	lambda := 0.0
	if v := covariance(pooled, pooled); v > 0 {
		lambda = min(max(covariance(y, f)/((1+float64(len(y))/float64(len(more)))*v), 0), 1)
	}
	return powered(y, f, more, lambda), nil
}

func powered(y, f, more []float64, lambda float64) Corrected {
	rest := make([]float64, len(y))
	for i := range y {
		rest[i] = y[i] - float64(lambda*f[i])
	}
	v := float64(float64(lambda*lambda)*covariance(more, more))/float64(len(more)) + covariance(rest, rest)/float64(len(y))
	return Corrected{
		Value:  mean(y) + float64(lambda*(mean(more)-mean(f))),
		SE:     math.Sqrt(v),
		Lambda: lambda,
	}
}

func mean(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

// covariance divides by n - 1.
func covariance(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var s float64
	for i := range x {
		s += float64((x[i] - mx) * (y[i] - my))
	}
	return s / float64(len(x)-1)
}

// A Rate is a share found in N independent units.
type Rate struct {
	Value float64
	N     int64
}

// RoganGladen is the true share behind what a judge found, given the judge's
// sensitivity and specificity from another sample: (found + spec - 1)/(sens + spec - 1)
// cut to [0, 1], with its delta standard error. Rogan and Gladen 1978.
//
// ErrUndefined if sens + spec is not above 1: such a judge says nothing; or if any
// rate is of no units.
func RoganGladen(found, sens, spec Rate) (Corrected, error) {
	for _, r := range []Rate{found, sens, spec} {
		if !(r.Value >= 0 && r.Value <= 1) || r.N < 0 {
			return Corrected{}, fmt.Errorf("%v of %d units is not a share", r.Value, r.N)
		}
		if r.N == 0 {
			return Corrected{}, fmt.Errorf("%w: no units", ErrUndefined)
		}
	}
	j := sens.Value + spec.Value - 1
	if j <= 0 {
		return Corrected{}, fmt.Errorf("%w: sensitivity %v and specificity %v add up to no more than 1", ErrUndefined, sens.Value, spec.Value)
	}
	v := (found.Value + spec.Value - 1) / j
	c := Corrected{Value: min(max(v, 0), 1), Lambda: 1}
	if c.Value != v {
		c.Note = "cut to the range of a share"
	}
	s := found.variance() + float64(float64(v*v)*sens.variance()) + float64(float64((1-v)*(1-v))*spec.variance())
	c.SE = math.Sqrt(s) / j
	return c, nil
}

func (r Rate) variance() float64 { return float64(r.Value*(1-r.Value)) / float64(r.N) }
