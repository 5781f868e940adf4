package stat

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
)

// The tests named TestSimulated repeat the simulations behind the metrics document,
// sections 4.4 and 8, on this package's own functions. Every cell has its own seed, so
// its numbers depend neither on the other cells nor on their order.
//
// The document states rates, numbers of clusters, units and correlations, not the
// programs. Each test says what it takes for the rest, and asserts less where that
// matters.

// simulated are the numbers of clusters everywhere, icc the correlation of units of
// one cluster where they have one.
var simulated = []int{10, 20, 40, 100}

const icc = .3

// simulate skips a simulation that nobody asked for.
func simulate(t *testing.T) {
	t.Helper()
	if os.Getenv("CI_SIM") != "1" {
		t.Skip("takes minutes; to run it: CI_SIM=1 go test -count=1 -v -run TestSimulated ./metrics/stat")
	}
}

// eachCell runs a simulation cell by cell, several at a time.
func eachCell(t *testing.T, n int, cell func(t *testing.T, k int)) {
	t.Helper()
	t.Run("cells", func(t *testing.T) {
		for k := range n {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				cell(t, k)
			})
		}
	})
}

// seeded is the random numbers of cell k of one simulation.
func seeded(simulation, k int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(simulation), uint64(k)))
}

// rates are the rates of clusters whose mean is p, the units of one correlated by icc.
// The beta-binomial is what the published widths single out: with units that copy one
// another, or a latent normal, Korn-Graubard's mean width at .02 would be .152 or .137,
// where the document has .155.
func rates(p float64, r *rand.Rand) distuv.Beta {
	k := (1 - icc) / icc
	return distuv.Beta{Alpha: p * k, Beta: (1 - p) * k, Src: r}
}

// binomial is how many of n units have what each has with probability p.
func binomial(r *rand.Rand, n int64, p float64) (y int64) {
	for range n {
		if r.Float64() < p {
			y++
		}
	}
	return y
}

// A tally is what one interval did in one cell. An interval that does not exist misses,
// and is 0 wide.
type tally struct {
	runs, hit      int
	width, squares float64
}

func (a *tally) add(t *testing.T, truth float64, i Interval, err error) {
	a.runs++
	if errors.Is(err, ErrUndefined) {
		return
	}
	require.NoError(t, err)
	if i.Low <= truth && truth <= i.High {
		a.hit++
	}
	a.width += i.High - i.Low
	a.squares += (i.High - i.Low) * (i.High - i.Low)
}

// coverage is in percent, as everything below.
func (a *tally) coverage() float64 { return percent(a.hit, a.runs) }

func (a *tally) mean() float64 { return a.width / float64(a.runs) }

// variance is that of mean, over runs.
func (a *tally) variance() float64 {
	return (a.squares/float64(a.runs) - a.mean()*a.mean()) / float64(a.runs)
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }

// chance is the Monte-Carlo standard error of a percentage.
func chance(percentage float64, runs int) float64 {
	return math.Sqrt(percentage * (100 - percentage) / float64(runs))
}

// reproduces holds a percentage of runs against one published from another number of
// runs and rounded: they agree within three standard errors of their difference.
func reproduces(t *testing.T, what string, got float64, runs int, published float64, of int, rounding float64) {
	t.Helper()
	both := (got*float64(runs) + published*float64(of)) / float64(runs+of)
	require.InDelta(t, published, got, 3*math.Hypot(chance(both, runs), chance(both, of))+rounding/2, what)
}

// median is that of an even number of values.
func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}
