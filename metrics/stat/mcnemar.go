package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// McNemar is the two-sided exact p and the mid-p of b against c discordant pairs
// where both are equally likely; 1 and 1 if there are none. Mid-p is the better
// default: exact is needlessly conservative (Fagerland et al. 2013).
func McNemar(b, c int64) (exact, mid float64) {
	n, k := float64(b+c), float64(min(b, c))
	if n == 0 {
		return 1, 1
	}
	at := math.Exp(choose(n, k) - float64(n*math.Ln2))
	if b == c {
		return 1, 1 - at/2
	}
	exact = 2 * mathext.RegIncBeta(n-k, k+1, .5)
	return exact, exact - at
}

// McNemarChiSquare is (b-c)^2/(b+c) without continuity correction and its p.
// ErrUndefined without discordant pairs. McNemar 1947.
func McNemarChiSquare(b, c int64) (x2, p float64, err error) {
	if b+c == 0 {
		return 0, 0, fmt.Errorf("%w: no discordant pairs", ErrUndefined)
	}
	d := float64(b - c)
	x2 = float64(d*d) / float64(b+c)
	return x2, chiBeyond(x2), nil
}

// AgrestiMin is the interval of (b-c)/n for b and c discordant of n pairs, half a
// pair added to each cell of their table. It never has zero width. ErrUndefined
// without pairs. Agresti and Min 2005.
func AgrestiMin(b, c, n int64, level float64) (Interval, error) {
	return discordant(b, c, n, .5, level)
}

// discordant is the normal interval of the difference with add in each cell.
func discordant(b, c, n int64, add, level float64) (Interval, error) {
	if err := checkLevel(level); err != nil {
		return Interval{}, err
	}
	switch {
	case n == 0:
		return Interval{}, fmt.Errorf("%w: no pairs", ErrUndefined)
	case b < 0 || c < 0 || b+c > n:
		return Interval{}, fmt.Errorf("%d and %d discordant of %d pairs", b, c, n)
	}
	all, d := float64(n)+4*add, float64(b-c)
	half := float64(normal(1-tail(level)) * math.Sqrt(float64(b+c)+2*add-float64(d*d)/all) / all)
	return Interval{Low: d/all - half, High: d/all + half, Level: level, Method: MethodAgrestiMin}, nil
}

// choose is the logarithm of n over k.
func choose(n, k float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return a - b - c
}
