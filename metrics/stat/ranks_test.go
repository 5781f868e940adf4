package stat

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func vectorODCVRanks(t *testing.T) {
	d := readODCV(t)
	y, n := make([][]int64, len(d.systems)), make([][]int64, len(d.systems))
	at := map[string]int{}
	for i, s := range d.systems {
		y[i], n[i] = d.violation[s].y, d.violation[s].n
		at[s] = i
	}
	r, err := Ranks(y, n, Lower, NewWeights(1, 1999, d.scenarios), .95)
	require.NoError(t, err)
	require.Len(t, r.Common, 37)
	require.Equal(t, 40, r.Union)
	require.Zero(t, r.Dropped)
	// section 9
	want := []Step{{3.225201, 66, 22}, {3.152644, 44, 1}, {3.152275, 43, 0}}
	require.Len(t, r.Steps, len(want))
	for k, s := range want {
		require.InDelta(t, s.Critical, r.Steps[k].Critical, printed)
		require.Equal(t, [2]int{s.Active, s.Decided}, [2]int{r.Steps[k].Active, r.Steps[k].Decided})
	}
	for s, set := range map[string][2]int{
		"claude-opus-4.7":  {1, 1},
		"llama-4-maverick": {2, 8},
		"gpt-5.5":          {2, 10},
		"glm-5.1":          {2, 11},
		"grok-4.20":        {10, 12},
	} {
		k := r.Ranks[at[s]]
		require.Equal(t, set, [2]int{k.Low, k.High}, s)
		require.Equal(t, s == "claude-opus-4.7", k.Best(), s)
	}
}

func TestRanksTies(t *testing.T) {
	// 1/3 and 2/6 are one value, whatever they are in binary
	y := [][]int64{{1, 0, 0, 1, 0, 0}, {2, 0, 0, 2, 0, 0}, {3, 3, 3, 3, 3, 3}}
	n := [][]int64{{1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}, {3, 3, 3, 3, 3, 3}}
	w := NewWeights(1, 1999, clusterNames(6))
	r, err := Ranks(y, n, Higher, w, .95)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2, 1}, []int{r.Ranks[0].Point, r.Ranks[1].Point, r.Ranks[2].Point})
	require.Equal(t, []bool{true, true, false}, []bool{r.Ranks[0].Tied, r.Ranks[1].Tied, r.Ranks[2].Tied})
	r, err = Ranks(y, n, Lower, w, .95)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 3}, []int{r.Ranks[0].Point, r.Ranks[1].Point, r.Ranks[2].Point})
}

func TestRanksCommonOnly(t *testing.T) {
	y := [][]int64{{1, 0, 0, 1, 0, 1, 9, 0}, {1, 1, 0, 1, 0, 0, 0, 0}}
	n := [][]int64{{1, 1, 1, 1, 1, 1, 9, 0}, {1, 1, 1, 1, 1, 1, 0, 0}}
	r, err := Ranks(y, n, Higher, NewWeights(1, 1999, clusterNames(8)), .95)
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2, 3, 4, 5}, r.Common)
	require.Equal(t, 7, r.Union)
	require.Positive(t, r.Dropped)
	require.True(t, r.Ranks[0].Tied)
}

// The set holds the point rank where a system is alone, and Beats is antisymmetric.
func TestRanksLaws(t *testing.T) {
	y, n, w := board(12, 40, 1999)
	r, err := Ranks(y, n, Higher, w, .95)
	require.NoError(t, err)
	down, err := Ranks(y, n, Lower, w, .95)
	require.NoError(t, err)
	decided := 0
	for i, k := range r.Ranks {
		require.LessOrEqual(t, k.Low, k.Point)
		require.GreaterOrEqual(t, k.High, k.Point)
		require.Equal(t, [2]int{13 - k.High, 13 - k.Low}, [2]int{down.Ranks[i].Low, down.Ranks[i].High})
		for j := range r.Ranks {
			require.False(t, r.Beats(i, j) && r.Beats(j, i))
			require.Equal(t, r.Beats(i, j), down.Beats(j, i))
			if r.Beats(i, j) {
				decided++
			}
		}
	}
	total := 0
	for _, s := range r.Steps {
		total += s.Decided
	}
	require.Equal(t, total, decided)
	require.Positive(t, decided)
	require.Equal(t, r.Steps, down.Steps)
}

func TestRanksUndefined(t *testing.T) {
	w := NewWeights(1, 1999, clusterNames(4))
	_, err := Ranks([][]int64{{1, 0, 1, 0}}, [][]int64{{1, 1, 1, 1}}, Higher, w, .95)
	require.ErrorIs(t, err, ErrUndefined)
	require.EqualError(t, err, "undefined: 4 scenarios common to all systems, a ranking needs 5")
	_, err = Ranks(nil, nil, Higher, w, .95)
	require.ErrorIs(t, err, ErrUndefined)
	y, n, w := board(3, 10, 10)
	_, err = Ranks(y, n, Higher, w, .95)
	require.ErrorIs(t, err, ErrUndefined)
	require.ErrorContains(t, err, "10 replicates, level 0.95 needs 19")
	_, err = Ranks(y, n[:2], Higher, w, .95)
	require.Error(t, err)
	_, err = Ranks(y, n, Higher, NewWeights(1, 99, clusterNames(9)), .95)
	require.Error(t, err)
}

// A single system is first and only.
func TestRanksAlone(t *testing.T) {
	y, n, w := board(1, 10, 99)
	r, err := Ranks(y, n, Higher, w, .95)
	require.NoError(t, err)
	require.Equal(t, []Rank{{Point: 1, Low: 1, High: 1}}, r.Ranks)
	require.Empty(t, r.Steps)
}

// board makes systems of rising strength on scenarios of two units.
func board(systems, scenarios, b int) (y, n [][]int64, w *Weights) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range systems {
		a, k := make([]int64, scenarios), make([]int64, scenarios)
		for c := range a {
			k[c] = 2
			for range 2 {
				if random.Float64() < float64(i+1)/float64(systems+1) {
					a[c]++
				}
			}
		}
		y, n = append(y, a), append(n, k)
	}
	return y, n, NewWeights(1, b, clusterNames(scenarios))
}

func BenchmarkRanks(b *testing.B) {
	y, n, w := board(40, 500, 1999)
	for b.Loop() {
		if _, err := Ranks(y, n, Higher, w, .95); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewWeights(b *testing.B) {
	names := clusterNames(500)
	for b.Loop() {
		NewWeights(1, 1999, names)
	}
}
