package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// One reading a side, or the same number everywhere: both are Paired.
func TestPairedMeansIsPaired(t *testing.T) {
	p, q := []int64{1, 1, 1, 1, 0, 1, 1, 1}, []int64{1, 0, 0, 1, 0, 0, 1, 0} // section 6.2
	floats := func(y []int64, n float64) []float64 {
		out := make([]float64, len(y))
		for c, v := range y {
			out[c] = float64(v) / n
		}
		return out
	}
	want, err := Paired(p, ones(8), q, ones(8), .95)
	require.NoError(t, err)
	got, err := PairedMeans(floats(p, 1), floats(q, 1), 16, .95)
	require.NoError(t, err)
	requireEnds(t, -.036015, .836015, got.Interval, nil, printed)
	require.Equal(t, want.P, got.P)
	require.Equal(t, [2]int64{4, 0}, [2]int64{got.First, got.Second})
	require.InDelta(t, want.Least, got.Least, closed)

	y1, y2, four := []int64{4, 3, 1, 0, 2}, []int64{1, 3, 0, 2, 2}, []int64{4, 4, 4, 4, 4}
	want, err = Paired(y1, four, y2, four, .9)
	require.NoError(t, err)
	got, err = PairedMeans(floats(y1, 4), floats(y2, 4), 40, .9)
	require.NoError(t, err)
	require.InDelta(t, want.Low, got.Low, closed)
	require.InDelta(t, want.High, got.High, closed)
	require.InDelta(t, want.P, got.P, closed)
	require.InDelta(t, want.Value, got.Value, closed)
}

// Unequal repeats: each scenario weighs the same. Scenario a has 3 of 4 against 0 of 1,
// b 0 of 1 against 1 of 4: pooled, 3/5 - 1/5 = .4; by scenario, (.75 - .25)/2 = .25.
func TestPairedMeansWeighScenarios(t *testing.T) {
	pooled, err := Paired([]int64{3, 0}, []int64{4, 1}, []int64{0, 1}, []int64{1, 4}, .95)
	require.NoError(t, err)
	require.InDelta(t, .4, pooled.Value, closed)
	even, err := PairedMeans([]float64{.75, 0}, []float64{0, .25}, 10, .95)
	require.NoError(t, err)
	require.InDelta(t, .25, even.Value, closed)
	// r = 2.5, m' = 2.8, D' = .5/2.8, V' = (.75² + .25² + .4)/2.8 - D'², t(.975, 1) = 12.706205
	at := .5 / 2.8
	half := 12.706205 * math.Sqrt(((.5625+.0625+.4)/2.8-at*at)/2.8)
	requireEnds(t, at-half, at+half, even.Interval, nil, 1e-5)
	_, err = PairedMeans([]float64{1}, []float64{0}, 2, .95)
	require.EqualError(t, err, "undefined: 1 common scenario, a comparison needs 2")
}

// The same n everywhere is Korn and Graubard's; no variation counts a scenario once.
func TestMeanShareIsKornGraubard(t *testing.T) {
	want, err := KornGraubard([]int64{1, 1, 0, 0, 1}, ones(5), .95)
	require.NoError(t, err)
	v, got, err := MeanShare([]float64{1, 1, 0, 0, 1}, 5, .95)
	requireEnds(t, want.Low, want.High, got, err, closed)
	require.InDelta(t, .6, v, closed)
	want, err = KornGraubard([]int64{2, 1, 0}, []int64{3, 3, 3}, .9)
	require.NoError(t, err)
	_, got, err = MeanShare([]float64{2. / 3, 1. / 3, 0}, 9, .9)
	requireEnds(t, want.Low, want.High, got, err, closed)
	want, err = ClopperPearson(0, 4, .9)
	require.NoError(t, err)
	_, got, err = MeanShare(make([]float64, 4), 12, .9)
	requireEnds(t, want.Low, want.High, got, err, closed)
	_, got, err = MeanShare([]float64{1, 1}, 2, .9)
	require.NoError(t, err)
	require.Equal(t, 1., got.High)
	_, _, err = MeanShare([]float64{1}, 1, .9)
	require.ErrorIs(t, err, ErrUndefined)
}

// A mean's difference as replicates: on clusters of one unit its jackknife is the
// paired t test's standard error.
func TestReplicatesDifference(t *testing.T) {
	d := []float64{3, -1, 2, 0, 1, 1, 4, -2}
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	r, err := Resample(func(w []uint8) (float64, error) {
		s, n := 0.0, 0.0
		for c, k := range w {
			s, n = s+float64(k)*d[c], n+float64(k)
		}
		if n == 0 {
			return 0, ErrUndefined
		}
		return s / n, nil
	}, NewWeights(1, 199, names), nil)
	require.NoError(t, err)
	got, err := r.Difference(Options{Level: .95})
	require.NoError(t, err)
	// mean 1, sum of squares about it 28, sd 2, se 2/sqrt 8, t = sqrt 2 at 7 degrees of freedom
	require.InDelta(t, 1, got.Value, closed)
	require.InDelta(t, 2, got.SD, closed)
	theta := math.Atan(math.Sqrt(2. / 7)) // Abramowitz and Stegun 26.7.3: Student at 7 degrees of freedom
	c := math.Cos(theta)
	require.InDelta(t, 1-2/math.Pi*(theta+math.Sin(theta)*(c+2./3*math.Pow(c, 3)+8./15*math.Pow(c, 5))), got.P, closed)
	require.Equal(t, MethodBCa, got.Method)
	require.Less(t, got.Low, 1.)
	require.Greater(t, got.High, 1.)
}
