package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func vectorMcNemar(t *testing.T) {
	// Fagerland, Lydersen and Laake 2013, airway hyper-responsiveness: 1 against 7
	exact, mid := McNemar(1, 7)
	require.InDelta(t, .0703125, exact, closed)
	require.InDelta(t, .0390625, mid, closed)
	x2, p, err := McNemarChiSquare(1, 7)
	require.NoError(t, err)
	require.InDelta(t, 4.5, x2, closed)
	require.InDelta(t, .033895, p, printed)
}

func vectorMcNemarExact(t *testing.T) {
	// closed form: binomial tails at 1/2
	for _, c := range []struct {
		b, c       int64
		exact, mid float64
	}{{10, 2, .038574, .022461}, {0, 5, .0625, .03125}, {3, 3, 1, .84375}} {
		exact, mid := McNemar(c.b, c.c)
		require.InDelta(t, c.exact, exact, printed)
		require.InDelta(t, c.mid, mid, printed)
	}
}

func vectorApproval(t *testing.T) {
	// Agresti, Categorical Data Analysis, approval of the prime minister: 150 and 86 of 1600
	i, err := discordant(150, 86, 1600, 0, .95)
	requireEnds(t, .021284, .058716, i, err, printed)
	require.InDelta(t, .04, (i.Low+i.High)/2, closed)
	require.InDelta(t, .009549, (i.High-i.Low)/2/normal(.975), printed)
	x2, _, err := McNemarChiSquare(150, 86)
	require.NoError(t, err)
	require.InDelta(t, 17.355932, x2, printed)
}

func vectorAgrestiMin(t *testing.T) {
	// closed form: (b-c)/(n+2) -+ z sqrt(b+c+1 - (b-c)^2/(n+2))/(n+2)
	i, err := AgrestiMin(150, 86, 1600, .95)
	requireEnds(t, .021217, .058683, i, err, printed)
	i, err = AgrestiMin(0, 5, 20, .95)
	requireEnds(t, -.423747, -.030798, i, err, printed)
	i, err = AgrestiMin(0, 0, 20, .95)
	requireEnds(t, -.089089, .089089, i, err, printed)
}

func ones(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// The example of section 6.2: eight scenarios, baseline against interaction.
func TestPairedExample(t *testing.T) {
	p, q, n := []int64{1, 1, 1, 1, 0, 1, 1, 1}, []int64{1, 0, 0, 1, 0, 0, 1, 0}, ones(8)
	d, err := Paired(p, n, q, n, .95)
	requireEnds(t, -.036015, .836015, d.Interval, err, printed)
	require.Equal(t, [2]int64{4, 0}, [2]int64{d.First, d.Second})
	require.Equal(t, .5, d.Value)
	require.Equal(t, .4, d.Adjusted)
	require.InDelta(t, .0625, d.P, closed)
	exact, _ := McNemar(4, 0)
	require.InDelta(t, .125, exact, closed)
	half := student(.975, 7) * d.SD / math.Sqrt(8)
	require.InDelta(t, .053128, d.Value-half, printed)
	require.InDelta(t, .946872, d.Value+half, printed)
	kept, err := Retention(p, n, q, n)
	require.NoError(t, err)
	require.InDelta(t, .428571, kept, printed)
	require.InDelta(t, 1.100742, CohenH(7./8, 3./8), printed)
}

// One unit a side is Agresti and Min's half in each cell, with t for z.
func TestPairedIsAgrestiMin(t *testing.T) {
	p, q := []int64{1, 1, 1, 0, 0, 1, 1, 0, 1}, []int64{0, 0, 1, 1, 0, 1, 0, 0, 1}
	d, err := Paired(p, ones(9), q, ones(9), .95)
	require.NoError(t, err)
	i, err := AgrestiMin(3, 1, 9, .95)
	require.NoError(t, err)
	require.InDelta(t, (i.Low+i.High)/2, d.Adjusted, closed)
	require.InDelta(t, (i.High-i.Low)/2/normal(.975), d.SE, closed)
}

// Section 4.3: sd .5 and 40 scenarios detect .226.
func TestPairedLeast(t *testing.T) {
	y, zero := make([]int64, 40), make([]int64, 40)
	for c := range y {
		y[c] = int64(c % 2)
	}
	d, err := Paired(y, ones(40), zero, ones(40), .95)
	require.NoError(t, err)
	require.InDelta(t, .5*math.Sqrt(40./39), d.SD, closed)
	require.InDelta(t, .226, d.Least*.5/d.SD, 5e-4)
}

func TestPairedLaws(t *testing.T) {
	y1, n1 := []int64{2, 1, 0, 3, 1, 9}, []int64{2, 3, 4, 3, 1, 9}
	y2, n2 := []int64{1, 1, 1, 0, 1, 0}, []int64{4, 2, 1, 2, 1, 0}
	a, err := Paired(y1, n1, y2, n2, .9)
	require.NoError(t, err)
	b, err := Paired(y2, n2, y1, n1, .9)
	require.NoError(t, err)
	require.Equal(t, 5, a.Clusters)
	require.Equal(t, [2]float64{a.Low, a.High}, [2]float64{-b.High, -b.Low})
	require.Equal(t, [2]int64{a.First, a.Second}, [2]int64{b.Second, b.First})
	require.InDelta(t, a.P, b.P, closed)
	// a p of 1 - level sits where the interval touches 0
	edge := 1 - a.P
	c, err := Paired(y1, n1, y2, n2, edge)
	require.NoError(t, err)
	require.InDelta(t, 0, c.Low*c.High, quantile)

	same, err := Paired(y1, n1, y1, n1, .95)
	require.NoError(t, err)
	require.Zero(t, same.Value)
	require.Less(t, same.Low, 0.)
	require.Greater(t, same.High, 0.)
	require.InDelta(t, 1, same.P, closed)
}

func TestPairedUndefined(t *testing.T) {
	_, err := Paired([]int64{1, 0}, []int64{1, 1}, []int64{1, 0}, []int64{1, 0}, .95)
	require.ErrorIs(t, err, ErrUndefined)
	require.EqualError(t, err, "undefined: 1 common scenario, a comparison needs 2")
	_, err = Paired([]int64{1}, []int64{1, 1}, []int64{1, 0}, []int64{1, 0}, .95)
	require.Error(t, err)
	_, _, err = McNemarChiSquare(0, 0)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = AgrestiMin(0, 0, 0, .95)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = Retention([]int64{0, 0}, ones(2), ones(2), ones(2))
	require.ErrorIs(t, err, ErrUndefined)
}
