package stat

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Pearson is the linear correlation of two lists of values of the same things, in
// [-1, 1]. ErrUndefined with fewer than two things, or if either list is all one value.
// Pearson 1895.
func Pearson(x, y []float64) (float64, error) {
	if len(x) != len(y) {
		return 0, fmt.Errorf("%d values against %d", len(x), len(y))
	}
	if len(x) < 2 {
		return 0, fmt.Errorf("%w: %d things have no correlation", ErrUndefined, len(x))
	}
	if constant(x) || constant(y) {
		return 0, fmt.Errorf("%w: all values are the same", ErrUndefined)
	}
	var mx, my float64
	for i := range x {
		mx += x[i]
		my += y[i]
	}
	mx /= float64(len(x))
	my /= float64(len(y))
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx += float64(dx * dx)
		yy += float64(dy * dy)
		xy += float64(dx * dy)
	}
	if xx == 0 || yy == 0 { // values so close that their mean eats the difference
		return 0, fmt.Errorf("%w: all values are the same", ErrUndefined)
	}
	return min(1, max(-1, xy/math.Sqrt(xx)/math.Sqrt(yy))), nil
}

func constant(x []float64) bool {
	return !slices.ContainsFunc(x, func(v float64) bool { return v != x[0] })
}

// Spearman is Pearson of the ranks, ties at the mean of theirs. Errors as Pearson.
// Spearman 1904.
func Spearman(x, y []float64) (float64, error) { return Pearson(midranks(x), midranks(y)) }

// midranks are ranks from 1, those of equal values at their mean.
func midranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return a - b
	})
	out := make([]float64, len(x))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return out
}

// Principal is the first principal component of columns[k], values of the same things:
// the share of the variance of the standardised columns that it carries, in [1/p, 1],
// and the columns' loadings, the largest positive. ErrUndefined with fewer than two
// columns, and as Pearson.
func Principal(columns [][]float64) (share float64, loadings []float64, err error) {
	p := len(columns)
	if p < 2 {
		return 0, nil, fmt.Errorf("%w: %d column has no component in common", ErrUndefined, p)
	}
	r := mat.NewSymDense(p, nil)
	for i := range p {
		r.SetSym(i, i, 1)
		for j := range i {
			c, err := Pearson(columns[i], columns[j])
			if err != nil {
				return 0, nil, err
			}
			r.SetSym(i, j, c)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(r, true) {
		return 0, nil, fmt.Errorf("%w: the correlations have no eigenvalues", ErrUndefined)
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	loadings = make([]float64, p)
	largest := 0
	for i := range loadings {
		loadings[i] = vectors.At(i, p-1) // eigenvalues are in rising order
		if math.Abs(loadings[i]) > math.Abs(loadings[largest]) {
			largest = i
		}
	}
	if loadings[largest] < 0 {
		for i := range loadings {
			loadings[i] = -loadings[i]
		}
	}
	return min(1, max(1/float64(p), eigen.Values(nil)[p-1]/float64(p))), loadings, nil
}
