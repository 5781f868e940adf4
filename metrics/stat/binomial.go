package stat

import (
	"fmt"
	"math"
)

// ClopperPearson is the exact interval of x of n independent units; both may be
// fractions. ErrUndefined if n is not above 0. Clopper and Pearson 1934.
func ClopperPearson(x, n, level float64) (Interval, error) {
	if err := checkBinomial(x, n, level); err != nil {
		return Interval{}, err
	}
	i := Interval{Low: 0, High: 1, Level: level, Method: MethodClopperPearson}
	if x > 0 {
		i.Low = beta(tail(level), x, n-x+1)
	}
	if x < n {
		i.High = beta(1-tail(level), x+1, n-x)
	}
	return i, nil
}

// WilsonScore is the score interval of x of n independent units; both may be
// fractions. ErrUndefined if n is not above 0. Wilson 1927.
func WilsonScore(x, n, level float64) (Interval, error) {
	if err := checkBinomial(x, n, level); err != nil {
		return Interval{}, err
	}
	z := normal(1 - tail(level))
	p, zz := x/n, float64(z*z)
	scale := 1 + zz/n
	centre := (p + zz/(2*n)) / scale
	half := float64(z / scale * math.Sqrt(float64(p*(1-p))/n+zz/(4*float64(n*n))))
	i := Interval{Low: math.Max(0, centre-half), High: math.Min(1, centre+half), Level: level, Method: MethodWilson}
	if x == 0 {
		i.Low = 0
	}
	if x == n {
		i.High = 1
	}
	return i, nil
}

// Jeffreys is the equal-tailed interval under a Beta(1/2, 1/2) prior of x of n
// independent units, with low 0 at x = 0 and high 1 at x = n. ErrUndefined if n is
// not above 0. Brown, Cai and DasGupta 2001.
func Jeffreys(x, n, level float64) (Interval, error) {
	if err := checkBinomial(x, n, level); err != nil {
		return Interval{}, err
	}
	i := Interval{Low: 0, High: 1, Level: level, Method: MethodJeffreys}
	if x > 0 {
		i.Low = beta(tail(level), x+0.5, n-x+0.5)
	}
	if x < n {
		i.High = beta(1-tail(level), x+0.5, n-x+0.5)
	}
	return i, nil
}

// NoneSeen is the one-sided upper bound of a share when none of n independent units
// showed it: 1 - (1-level)^(1/n), near 3/n at level .95. ErrUndefined if n is not
// above 0. For clustered units n is Effective.Size. Section 4.1.
func NoneSeen(n, level float64) (float64, error) {
	if err := checkBinomial(0, n, level); err != nil {
		return 0, err
	}
	return -math.Expm1(math.Log1p(-level) / n), nil
}

// Newcombe is the difference x1/n1 - x2/n2 of two independent shares with its hybrid
// score interval. ErrUndefined if n1 or n2 is not above 0. Newcombe 1998, method 10.
func Newcombe(x1, n1, x2, n2, level float64) (float64, Interval, error) {
	a, err := WilsonScore(x1, n1, level)
	if err != nil {
		return 0, Interval{}, err
	}
	b, err := WilsonScore(x2, n2, level)
	if err != nil {
		return 0, Interval{}, err
	}
	p, q := x1/n1, x2/n2
	return p - q, Interval{
		Low:    p - q - math.Hypot(p-a.Low, b.High-q),
		High:   p - q + math.Hypot(a.High-p, q-b.Low),
		Level:  level,
		Method: MethodNewcombe,
	}, nil
}

func checkBinomial(x, n, level float64) error {
	switch {
	case n == 0:
		return fmt.Errorf("%w: no units", ErrUndefined)
	case !(n > 0) || !(x >= 0) || x > n || math.IsInf(n, 1):
		return fmt.Errorf("%v of %v is not a share", x, n)
	}
	return checkLevel(level)
}
