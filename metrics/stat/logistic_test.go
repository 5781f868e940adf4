package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLogisticTable(t *testing.T) {
	// A 2x2 table and next to no ridge: the closed form, log odds 1/3 and odds ratio 6.
	groups := []Group{{At: []int{0}, N: 40, Y: 10}, {At: []int{0, 1}, N: 30, Y: 20}}
	l, err := FitLogistic(groups, 2, 1e-9)
	require.NoError(t, err)
	require.InDelta(t, math.Log(1./3), l.Coefficients[0], 1e-7)
	require.InDelta(t, math.Log(6), l.Coefficients[1], 1e-7)
	require.InDelta(t, .25, l.P(&groups[0]), 1e-8)
	require.InDelta(t, -10*math.Log(.25)-30*math.Log(.75), l.Loss(&groups[0]), 1e-6)
}

// TestLogisticRidge checks the equations that hold at the maximum: the gradient is 0.
func TestLogisticRidge(t *testing.T) {
	groups := []Group{
		{At: []int{0, 1, 3}, X: []float64{1, 1, -.7}, N: 9, Y: 9},
		{At: []int{0, 2, 3}, X: []float64{1, 1, 2.5}, N: 5, Y: 0},
		{At: []int{0, 3}, X: []float64{1, .1}, N: 7, Y: 3},
		{At: []int{0, 1}, N: 4, Y: 4}, // perfectly separated without ridge
	}
	const ridge = 1
	l, err := FitLogistic(groups, 4, ridge)
	require.NoError(t, err)
	var gradient [4]float64
	for c, b := range l.Coefficients {
		gradient[c] = -ridge * b
	}
	for _, g := range groups {
		z := 0.
		for i, c := range g.At {
			z += g.x(i) * l.Coefficients[c]
		}
		for i, c := range g.At {
			gradient[c] += g.x(i) * (float64(g.Y) - float64(g.N)/(1+math.Exp(-z)))
		}
	}
	for _, d := range gradient {
		require.InDelta(t, 0, d, 1e-6)
	}
	none, err := FitLogistic([]Group{{At: []int{0}, N: 100}}, 1, 1)
	require.NoError(t, err) // nothing was so: still one finite answer
	require.InDelta(t, 0, 100/(1+math.Exp(-none.Coefficients[0]))+none.Coefficients[0], 1e-9)
	require.Positive(t, none.P(&Group{At: []int{0}}))

	_, err = FitLogistic(nil, 1, 1)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = FitLogistic(groups, 3, 1)
	require.ErrorContains(t, err, "column 3 of 3")
	_, err = FitLogistic(groups, 4, 0)
	require.ErrorContains(t, err, "ridge 0")
}
