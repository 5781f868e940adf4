package stat

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// differences are the rates of two sides. The document says .02/.02 to .5/.5 and names
// .02/.20; the other two are the natural ones between.
var differences = [][2]float64{{.02, .02}, {.02, .20}, {.20, .20}, {.20, .50}, {.50, .50}}

// Section 4.4, paired differences of one unit a side. There are few kinds of data, so each
// is taken with its probability instead of drawn: these numbers have no error.
//
// Two sides share half of a scenario's difficulty: each follows the scenario's own uniform
// number with probability one half, else one of its own. The published power, 2.5 and 78 %
// for .02 against .20 over 10 and 40 scenarios, is this correlation's: 2.6 and 78.2, where
// none at all has 2.8 and 75.6.
//
// One cell is below the document's lowest coverage, 93.2: .02 against .20 over 20 scenarios
// has 91.7 (92.3 without correlation, 91.1 with twice as much). Among the document's cells
// it cannot have been.
func TestSimulatedPairs(t *testing.T) {
	simulate(t)
	type cell struct{ coverage, found, mid, exact float64 }
	out := make([]cell, len(differences)*len(simulated))
	eachCell(t, len(out), func(t *testing.T, k int) {
		p, m := differences[k/4], simulated[k%4]
		both := p[0]*p[1] + (min(p[0], p[1])-p[0]*p[1])/4
		first, second := p[0]-both, p[1]-both
		var total float64
		for b := range m + 1 {
			y1 := slices.Concat(ones(b), make([]int64, m-b))
			for c := range m - b + 1 {
				y2 := slices.Concat(make([]int64, b), ones(c), make([]int64, m-b-c))
				d, err := Paired(y1, ones(m), y2, ones(m), .95)
				require.NoError(t, err)
				w := 100 * math.Exp(choose(float64(m), float64(b))+choose(float64(m-b), float64(c))) *
					math.Pow(first, float64(b)) * math.Pow(second, float64(c)) * math.Pow(1-first-second, float64(m-b-c))
				total += w
				if d.Low <= p[0]-p[1] && p[0]-p[1] <= d.High {
					out[k].coverage += w
				}
				if d.Low > 0 || d.High < 0 {
					out[k].found += w
				}
				exact, mid := McNemar(int64(b), int64(c))
				require.Equal(t, mid, d.P)
				if mid <= .05 {
					out[k].mid += w
				}
				if exact <= .05 {
					out[k].exact += w
				}
			}
		}
		require.InDelta(t, 100, total, 1e-6)
	})
	var s strings.Builder
	s.WriteString("paired, one unit a side, no error: coverage of the adjusted t / it, mid-p, exact test find a difference; published coverage 93.2-100\n")
	for k, c := range out {
		fmt.Fprintf(&s, "  %.2f against %.2f, %3d scenarios: %.2f / %.2f %.2f %.2f\n", differences[k/4][0], differences[k/4][1], simulated[k%4], c.coverage, c.found, c.mid, c.exact)
	}
	t.Log(s.String())
	for k, c := range out {
		p, m := differences[k/4], simulated[k%4]
		what := fmt.Sprintf("%v, %d scenarios", p, m)
		if p == [2]float64{.02, .20} && m == 20 {
			require.InDelta(t, 91.7, c.coverage, .05, what) // see above
		} else {
			require.GreaterOrEqual(t, c.coverage, 93.2, what)
		}
		if p[0] == p[1] {
			require.LessOrEqual(t, c.found, 5.5, what)
			require.LessOrEqual(t, c.mid, 5.5, what)
			require.LessOrEqual(t, c.exact, 4.4, what)
		}
	}
	reproduces(t, "power over 10 scenarios", out[4].found, math.MaxInt32, 2.5, 3000, .1)
	reproduces(t, "power over 40 scenarios", out[6].found, math.MaxInt32, 78, 3000, 1)
}

// Section 4.4, paired differences of four units a side, correlated within a side's
// scenario as those of shares are. Both sides' rates in a scenario are the same quantile
// with probability one quarter: each follows the scenario's with one half, as above.
func TestSimulatedRepeats(t *testing.T) {
	simulate(t)
	const runs = 3000
	type cell struct {
		tally
		found int
	}
	out := make([]cell, len(differences)*len(simulated))
	eachCell(t, len(out), func(t *testing.T, k int) {
		p, m := differences[k/4], simulated[k%4]
		r := seeded(4, k)
		n := make([]int64, m)
		for c := range n {
			n[c] = 4
		}
		for range runs {
			y := [2][]int64{make([]int64, m), make([]int64, m)}
			for c := range m {
				shared := r.Float64()
				for side := range y {
					u := r.Float64()
					if r.Float64() < .5 {
						u = shared
					}
					y[side][c] = binomial(r, n[c], rates(p[side], r).Quantile(u))
				}
			}
			d, err := Paired(y[0], n, y[1], n, .95)
			out[k].add(t, p[0]-p[1], d.Interval, err)
			if d.Low > 0 || d.High < 0 {
				out[k].found++
			}
		}
	})
	var s strings.Builder
	fmt.Fprintf(&s, "paired, four units a side, %d runs a cell (standard error .4): coverage of the adjusted t / finds a difference; published coverage 94.5-100\n", runs)
	for k := range out {
		fmt.Fprintf(&s, "  %.2f against %.2f, %3d scenarios: %.1f / %.1f\n", differences[k/4][0], differences[k/4][1], simulated[k%4], out[k].coverage(), percent(out[k].found, runs))
	}
	t.Log(s.String())
	for k := range out {
		p := differences[k/4]
		what := fmt.Sprintf("%v, %d scenarios", p, simulated[k%4])
		reproduces(t, what, min(out[k].coverage(), 94.5), runs, 94.5, 3000, .1)
		if p[0] == p[1] {
			require.LessOrEqual(t, percent(out[k].found, runs), 5+3*chance(5, runs), what)
		}
	}
}
