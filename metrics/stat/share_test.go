package stat

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

func vectorClusters(t *testing.T) {
	// by hand: e = 0 -1 0 2... of y - .5 n, sum of squares 6; 14^2/52
	y, n := []int64{2, 0, 1, 4}, []int64{4, 4, 2, 4}
	e, err := NewEffective(y, n, .95)
	require.NoError(t, err)
	require.InDelta(t, .5, e.Value, closed)
	require.InDelta(t, .233285, e.SE, printed)
	require.InDelta(t, .202031, e.SE*math.Sqrt(3./4), printed)
	require.InDelta(t, 3.769231, kish(n), printed)
}

// The toy integrity of section 4.1: clusters a(2,2) b(1,3) c(1,2) d(1,1).
func TestShareToy(t *testing.T) {
	y, n := []int64{2, 1, 1, 1}, []int64{2, 3, 2, 1}
	e, err := NewEffective(y, n, .95)
	require.NoError(t, err)
	require.Equal(t, .625, e.Value)
	require.InDelta(t, .178609, e.SE, printed)
	require.InDelta(t, 4.056099, e.Size, printed)
	require.InDelta(t, 1.53125, math.Pow(e.SE*8, 2)*3/4, closed)
	i, err := KornGraubard(y, n, .95)
	requireEnds(t, .125089, .970655, i, err, printed)
	i, err = Wilson(y, n, .95)
	requireEnds(t, .221125, .907272, i, err, printed)
	w := NewWeights(1, 1999, []string{"a", "b", "c", "d"})
	i, err = Share(y, n, w, Options{Level: .95, Method: MethodClusterT})
	requireEnds(t, .0566, 1.1934, i, err, 5e-5)
	require.Equal(t, NoteFewInformative, i.Note)
}

// The zero-failure example of section 4.1: 0 of 80 over 40 scenarios.
func TestShareNone(t *testing.T) {
	y, n := make([]int64, 40), make([]int64, 40)
	for c := range n {
		n[c] = 2
	}
	e, err := NewEffective(y, n, .95)
	require.NoError(t, err)
	require.Equal(t, 40., e.Size)
	i, err := KornGraubard(y, n, .95)
	requireEnds(t, 0, .0881, i, err, 5e-5)
	bound, err := NoneSeen(e.Size, .95)
	require.NoError(t, err)
	require.InDelta(t, .0722, bound, 5e-5)
	naive, err := ClopperPearson(0, 80, .95)
	requireEnds(t, 0, .0451, naive, err, 5e-5)
	copy(y, n)
	all, err := KornGraubard(y, n, .95)
	requireEnds(t, 1-i.High, 1, all, err, 1e-12)
}

// One share everywhere is no variation, whatever 1/3 does in binary: Kish's size.
func TestShareSameEverywhere(t *testing.T) {
	e, err := NewEffective([]int64{1, 2, 1, 3}, []int64{3, 6, 3, 9}, .95)
	require.NoError(t, err)
	require.Zero(t, e.SE)
	require.InDelta(t, 441./135, e.Size, closed)
}

// Clusters more alike than chance would make them are worth their units, not more.
func TestShareCap(t *testing.T) {
	e, err := NewEffective([]int64{2, 2, 2, 3}, []int64{4, 4, 4, 4}, .95)
	require.NoError(t, err)
	require.Equal(t, 16., e.Size)
}

// An empty cluster is no cluster.
func TestShareEmptyClusters(t *testing.T) {
	a, err := KornGraubard([]int64{2, 0, 1, 0, 3}, []int64{2, 0, 4, 0, 4}, .9)
	require.NoError(t, err)
	b, err := KornGraubard([]int64{2, 1, 3}, []int64{2, 4, 4}, .9)
	require.NoError(t, err)
	require.Equal(t, b, a)
}

func TestShareUndefined(t *testing.T) {
	for _, f := range []func(y, n []int64, level float64) (Interval, error){KornGraubard, Wilson} {
		_, err := f(nil, nil, .95)
		require.ErrorIs(t, err, ErrUndefined)
		require.EqualError(t, err, "undefined: no units")
		_, err = f([]int64{1, 0}, []int64{3, 0}, .95)
		require.ErrorIs(t, err, ErrUndefined)
		require.EqualError(t, err, "undefined: 1 scenario, an interval needs 2")
		for _, bad := range [][2][]int64{
			{{1}, {1, 1}},
			{{1, 3}, {1, 2}},
			{{1, -1}, {1, 2}},
			{{0, 0}, {-1, 2}},
			{{1, 1}, {0, 2}},
		} {
			_, err = f(bad[0], bad[1], .95)
			require.Error(t, err)
			require.NotErrorIs(t, err, ErrUndefined)
		}
	}
}

func TestCompareRatios(t *testing.T) {
	v := []int64{-1 << 63, -7, -1, 0, 1, 2, 3, 1<<62 - 1, 1<<63 - 1}
	for _, y1 := range v {
		for _, y2 := range v {
			for _, n1 := range v[4:] {
				for _, n2 := range v[4:] {
					want := big.NewRat(y1, n1).Cmp(big.NewRat(y2, n2))
					require.Equal(t, want, sign(int64(compareRatios(y1, n1, y2, n2))), "%d/%d %d/%d", y1, n1, y2, n2)
				}
			}
		}
	}
}
