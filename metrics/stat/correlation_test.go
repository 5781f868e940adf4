package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPearson(t *testing.T) {
	// by hand: dx -1.5 -.5 .5 1.5, dy -1 0 -1 2; sums xx 5, yy 6, xy 4
	r, err := Pearson([]float64{1, 2, 3, 4}, []float64{1, 2, 1, 4})
	require.NoError(t, err)
	require.InDelta(t, 4/math.Sqrt(30), r, 1e-15)
	// ranks of y are 1.5 3 1.5 4: dy -1 .5 -1 1.5; yy 4.5, xy 3
	r, err = Spearman([]float64{1, 2, 3, 4}, []float64{1, 2, 1, 4})
	require.NoError(t, err)
	require.InDelta(t, 3/math.Sqrt(22.5), r, 1e-15)
	r, err = Spearman([]float64{1, 2, 3, 4}, []float64{10, 20, 30, 1e9})
	require.NoError(t, err)
	require.InDelta(t, 1, r, 1e-15)
	for _, y := range [][]float64{{2, 2, 2, 2}, {1}} {
		_, err = Pearson([]float64{1, 2, 3, 4}[:len(y)], y)
		require.ErrorIs(t, err, ErrUndefined)
	}
}

func TestPrincipal(t *testing.T) {
	x, y := []float64{1, 2, 3, 4}, []float64{1, 2, 1, 4}
	share, loadings, err := Principal([][]float64{x, y}) // two columns: (1+|r|)/2
	require.NoError(t, err)
	require.InDelta(t, (1+4/math.Sqrt(30))/2, share, 1e-12)
	require.InDelta(t, math.Sqrt(.5), loadings[0], 1e-12)
	require.InDelta(t, math.Sqrt(.5), loadings[1], 1e-12)
	down := []float64{-1, -2, -1, -4}
	share, loadings, err = Principal([][]float64{x, down})
	require.NoError(t, err)
	require.InDelta(t, (1+4/math.Sqrt(30))/2, share, 1e-12)
	require.Less(t, loadings[0]*loadings[1], 0.)
	// three columns, the third uncorrelated with equal pair correlation r = 0: 1, 1, 1
	share, _, err = Principal([][]float64{{1, 1, -1, -1}, {1, -1, 1, -1}, {1, -1, -1, 1}})
	require.NoError(t, err)
	require.InDelta(t, 1./3, share, 1e-12)
	_, _, err = Principal([][]float64{x})
	require.ErrorIs(t, err, ErrUndefined)
	_, _, err = Principal([][]float64{x, {1, 1, 1, 1}})
	require.ErrorIs(t, err, ErrUndefined)
}
