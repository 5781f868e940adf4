package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func vectorFNV(t *testing.T) {
	// FNV-1a 64: http://www.isthe.com/chongo/tech/comp/fnv, test vectors
	require.Equal(t, uint64(0xcbf29ce484222325), fnv1a(""))
	require.Equal(t, uint64(0xaf63dc4c8601ec8c), fnv1a("a"))
	require.Equal(t, uint64(0x61293c9720322d75), fnv1a("scenario-1"))
}

func vectorWeights(t *testing.T) {
	// section 3.1, where a Python and a Go program agreed
	require.Equal(t, []int{1, 2, 2, 2, 1, 1, 1, 2, 0, 0, 2, 2, 2, 0, 1, 0}, draws(1, "a"))
	require.Equal(t, []int{3, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 1, 0, 1, 0}, draws(1, "b"))
}

func vectorWeightsMore(t *testing.T) {
	// section 3.1, where a Python and a Go program agreed
	require.Equal(t, []int{0, 2, 0, 1, 1, 0, 0, 2, 0, 5, 0, 0, 0, 1, 2, 2}, draws(1, "scenario-1"))
	require.Equal(t, []int{2, 1, 4, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0}, draws(42, "a"))
	require.Equal(t, uint64(0x94cb16949a6b2e6d), mix(mix(mix(1+gamma)^fnv1a("a"))+gamma))
}

// draws are the first sixteen weights of one cluster.
func draws(seed uint64, cluster string) []int {
	w := NewWeights(seed, 16, []string{cluster})
	out := make([]int, w.Len())
	for b := range out {
		out[b] = int(w.Row(b)[0])
	}
	return out
}

func TestWeightsKnowClustersByName(t *testing.T) {
	ab, ba := NewWeights(7, 50, []string{"a", "b"}), NewWeights(7, 50, []string{"b", "a"})
	for b := range ab.Len() {
		require.Equal(t, ab.Row(b)[0], ba.Row(b)[1])
		require.Equal(t, ab.Row(b)[1], ba.Row(b)[0])
	}
	require.Equal(t, []string{"b", "a"}, ba.Clusters())
}

func TestPoissonEnds(t *testing.T) {
	require.Equal(t, uint8(0), poisson(below[0]-1))
	require.Equal(t, uint8(1), poisson(below[0]))
	require.Equal(t, uint8(20), poisson(1<<64-1))
}

// A Poisson(1) number has mean 1, variance 1 and is 0 with probability 1/e; five
// standard errors of 200 000 draws.
func TestPoissonMoments(t *testing.T) {
	var n, s, ss, zero float64
	w := NewWeights(1, 2000, clusterNames(100))
	for b := range w.Len() {
		for _, k := range w.Row(b) {
			n++
			s += float64(k)
			ss += float64(k) * float64(k)
			if k == 0 {
				zero++
			}
		}
	}
	require.InDelta(t, 1, s/n, .012)
	require.InDelta(t, 2, ss/n, .05)
	require.InDelta(t, .367879, zero/n, .006)
}
