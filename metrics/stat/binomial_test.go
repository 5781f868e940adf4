package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mathext"
)

// newcombe are the four cases of Newcombe 1998, table I: x, n.
var newcombe = [4][2]float64{{81, 263}, {15, 148}, {0, 20}, {1, 29}}

func requireNewcombe(t *testing.T, f func(x, n, level float64) (Interval, error), want [4][2]float64) {
	t.Helper()
	for k, c := range newcombe {
		i, err := f(c[0], c[1], .95)
		requireEnds(t, want[k][0], want[k][1], i, err, quantile)
	}
}

func vectorWilson(t *testing.T) {
	// Newcombe 1998, table I, method 3: .2553 .3662, .0624 .1605, .0000 .1611, .0061 .1718
	requireNewcombe(t, WilsonScore, [4][2]float64{{.255289, .366210}, {.062386, .160487}, {0, .161125}, {.006113, .171755}})
}

func vectorClopperPearson(t *testing.T) {
	// Newcombe 1998, table I, method 5: .2527 .3676, .0578 .1617, .0000 .1684, .0009 .1776
	requireNewcombe(t, ClopperPearson, [4][2]float64{{.252737, .367622}, {.057844, .161650}, {0, .168433}, {.000873, .177644}})
}

func vectorJeffreys(t *testing.T) {
	// section 9, computed there; its .365648 is .3656474992 to 40 digits (mpmath)
	requireNewcombe(t, Jeffreys, [4][2]float64{{.254522, .365648}, {.060449, .157643}, {0, .116639}, {.003746, .150078}})
}

func vectorNoneSeen(t *testing.T) {
	// closed form: z^2/(n+z^2), 1-.025^(1/n), 1-.05^(1/n)
	i, err := WilsonScore(0, 40, .95)
	requireEnds(t, 0, .087622, i, err, printed)
	i, err = ClopperPearson(0, 40, .95)
	requireEnds(t, 0, .088097, i, err, printed)
	v, err := NoneSeen(40, .95)
	require.NoError(t, err)
	require.InDelta(t, .072158, v, printed)
	v, err = NoneSeen(300, .95)
	require.NoError(t, err)
	require.InDelta(t, .009936, v, printed)
}

func vectorStudent(t *testing.T) {
	// any table of Student's t
	for v, want := range map[float64]float64{1: 12.706205, 3: 3.182446, 9: 2.262157, 19: 2.093024, 39: 2.022691, 99: 1.984217} {
		require.InDelta(t, want, student(.975, v), quantile)
	}
}

func vectorBeta(t *testing.T) {
	// closed form: P(Binomial(6, .3) >= 2) = 1 - .7^6 - 6 .3 .7^5
	require.InDelta(t, .3, beta(.579825, 2, 5), quantile)
}

func vectorNewcombe(t *testing.T) {
	// Newcombe 1998, table II (a), method 10: .0524 .3339
	d, i, err := Newcombe(56, 70, 48, 80, .95)
	requireEnds(t, .052431, .333873, i, err, printed)
	require.InDelta(t, .2, d, closed)
}

func TestBinomialEnds(t *testing.T) {
	for _, f := range []func(x, n, level float64) (Interval, error){ClopperPearson, WilsonScore, Jeffreys} {
		_, err := f(0, 0, .95)
		require.ErrorIs(t, err, ErrUndefined)
		_, err = f(3, 2, .95)
		require.Error(t, err)
		require.NotErrorIs(t, err, ErrUndefined)
		_, err = f(1, 2, 1)
		require.Error(t, err)
		none, err := f(0, 7.5, .9)
		require.NoError(t, err)
		all, err := f(7.5, 7.5, .9)
		require.NoError(t, err)
		require.Equal(t, [2]float64{0, 1}, [2]float64{none.Low, all.High})
		require.InDelta(t, none.High, 1-all.Low, 1e-12)
	}
}

// The quantiles are gonum's; bisect its distributions over the range that intervals
// reach. RegIncBeta itself: mpmath, 30 digits.
func TestQuantilesInvert(t *testing.T) {
	require.InDelta(t, .83777975286985986, betaBelow(.05, 1.3, 44.2), 1e-12)
	require.InDelta(t, .17086984910282017, betaBelow(.99, 55, .3), 1e-12)
	require.InDelta(t, .82616089361687757, betaBelow(.002, 4.2, 3000), 1e-12)
	for _, p := range []float64{.0005, .025, .05, .2, .8, .95, .975, .9995} {
		require.InDelta(t, p, normalBelow(normal(p)), 1e-13)
		for _, v := range []float64{1, 2, 3, 10, 99, 1e3, 1e5} {
			require.InDelta(t, 2*min(p, 1-p), studentBeyond(student(p, v), v), 1e-10, "p %v v %v", p, v)
		}
		for _, a := range []float64{.01, .3, 1, 4.2, 55, 3e3} {
			for _, b := range []float64{.01, .3, 1, 4.2, 55, 3e3} {
				low, high := 0., 1.
				for range 60 {
					if x := (low + high) / 2; betaBelow(x, a, b) < p {
						low = x
					} else {
						high = x
					}
				}
				require.InDelta(t, low, beta(p, a, b), 1e-10, "p %v a %v b %v", p, a, b)
			}
		}
	}
}

func betaBelow(x, a, b float64) float64 { return mathext.RegIncBeta(a, b, x) }
