package stat

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Section 4.4, means and ratios: two units a cluster. The document names a severity from 0
// to 5, held_turns at 5 and the hazard of a loss, not how they are distributed. Here a
// severity is above 0 with probability .3, then 1 to 5, each as likely, and a turn is lost
// with probability .2; both probabilities vary between clusters as those of shares do.
//
// With other distributions BCa covers 91 to 96 % at 10 clusters (hazards of .1 to .4, with
// and without correlation), or less where most clusters say 0 (a severity above 0 one time
// in ten: 79), so a cell agrees that is within chance of the published range.
func TestSimulatedMeans(t *testing.T) {
	simulate(t)
	const runs, b, severe, hazard, horizon = 3000, 999, .3, .2, 5
	// what is true: S(u) = E (1-h)^u, the product of (b+j)/(a+b+j) over j < u for a Beta(a, b)
	s, held, atRisk := 1., 0., 0.
	h := rates(hazard, nil)
	for j := range horizon {
		atRisk += s
		s *= (h.Beta + float64(j)) / (h.Alpha + h.Beta + float64(j))
		held += s
	}
	kinds := []struct {
		name  string
		truth float64
	}{{"severity", severe * 3}, {"held_turns", held}, {"hazard", (1 - s) / atRisk}}
	methods := []Method{"", MethodClusterT, MethodPercentile}
	out := make([][3]tally, 12)
	share := make([]tally, len(simulated)) // of the hazard, which package metrics gives as a share
	eachCell(t, len(out), func(t *testing.T, k int) {
		kind, m := kinds[k/4], simulated[k%4]
		r, names := seeded(2, k), clusterNames(m)
		for range runs {
			w := NewWeights(r.Uint64(), b, names)
			interval := func(Options) (Interval, error) { panic("no kind") }
			switch kind.name {
			case "severity":
				y, n := severities(r, m, func() float64 { return rates(severe, r).Rand() })
				interval = func(o Options) (Interval, error) { return Mean(y, n, 1, w, o) }
			case "held_turns":
				l := drifting(r, m, hazard, horizon)
				again, err := Resample(func(w []uint8) (float64, error) { return l.Sum(w).Held(horizon) }, w, nil)
				require.NoError(t, err)
				interval = again.Interval
			case "hazard":
				l := drifting(r, m, hazard, horizon)
				y, n := make([]int64, m), make([]int64, m)
				for i := range l.AtRisk {
					y[i/horizon], n[i/horizon] = y[i/horizon]+l.Lost[i], n[i/horizon]+l.AtRisk[i]
				}
				interval = func(o Options) (Interval, error) { return Mean(y, n, 1, w, o) }
				i, err := Share(y, n, w, Options{Level: .95})
				share[k%4].add(t, kind.truth, i, err)
			}
			for j, method := range methods {
				i, err := interval(Options{Level: .95, Method: method})
				out[k][j].add(t, kind.truth, i, err)
			}
		}
	})

	var log strings.Builder
	fmt.Fprintf(&log, "means and ratios, %d runs a cell (standard error .4), B = %d: coverage by BCa (default) / cluster-t / percentile\n", runs, b)
	fmt.Fprintf(&log, "  published, over all cells: 94.3-95.7 / 92.1-95.1 / 91.0-95.2\n")
	for k := range out {
		fmt.Fprintf(&log, "  %-10s %.4f, %3d clusters: %.1f / %.1f / %.1f\n", kinds[k/4].name, kinds[k/4].truth, simulated[k%4],
			out[k][0].coverage(), out[k][1].coverage(), out[k][2].coverage())
	}
	log.WriteString("  hazard as a share, Korn-Graubard, not published:")
	for k := range share {
		fmt.Fprintf(&log, " %.1f", share[k].coverage())
	}
	t.Log(log.String())
	for k := range out {
		c := out[k][0].coverage()
		reproduces(t, fmt.Sprintf("BCa of %s, %d clusters", kinds[k/4].name, simulated[k%4]), c, runs, min(max(c, 94.3), 95.7), runs, .1)
	}
}

// Section 4.4, rare severity, whose mean is .09: above 0 with probability .03, then 1 to 5,
// each as likely. Units are independent: with the correlation of the other simulations BCa
// covers about 40 % at 10 clusters, where the document has 45. What no sample shows, no interval
// made of samples covers.
func TestSimulatedRareSeverity(t *testing.T) {
	simulate(t)
	const runs, b, severe = 3000, 999, .03
	methods := []struct {
		method Method
		want   [4]float64
	}{{"", [4]float64{45, 69, 83, 95}}, {MethodClusterT, [4]float64{45, 63, 80, 91}}}
	out := make([][2]tally, len(simulated))
	eachCell(t, len(out), func(t *testing.T, k int) {
		m := simulated[k]
		r, names := seeded(3, k), clusterNames(m)
		for range runs {
			y, n := severities(r, m, func() float64 { return severe })
			w := NewWeights(r.Uint64(), b, names)
			for j, of := range methods {
				i, err := Mean(y, n, 1, w, Options{Level: .95, Method: of.method})
				out[k][j].add(t, severe*3, i, err)
				if err == nil && m == 10 {
					require.Equal(t, NoteFewInformative, i.Note)
				}
			}
		}
	})
	var log strings.Builder
	fmt.Fprintf(&log, "rare severity, mean .09, %d runs a cell, B = %d, published in brackets: coverage by BCa (default) / cluster-t\n", runs, b)
	for k, m := range simulated {
		fmt.Fprintf(&log, "  %3d clusters: %.1f / %.1f [%v / %v]\n", m, out[k][0].coverage(), out[k][1].coverage(), methods[0].want[k], methods[1].want[k])
	}
	t.Log(log.String())
	for k, m := range simulated {
		for j, of := range methods {
			reproduces(t, fmt.Sprintf("%q of rare severity, %d clusters", of.method, m), out[k][j].coverage(), runs, of.want[k], runs, 1)
		}
	}
}

// severities are two of each of m clusters, above 0 with the cluster's probability.
func severities(r *rand.Rand, m int, above func() float64) (y, n []int64) {
	y, n = make([]int64, m), make([]int64, m)
	for c := range n {
		p := above()
		for range 2 {
			n[c]++
			if r.Float64() < p {
				y[c] += 1 + r.Int64N(5)
			}
		}
	}
	return y, n
}

// drifting is two records of each of m clusters, until lost or for h turns.
func drifting(r *rand.Rand, m int, hazard float64, h int) *Life {
	var f []fate
	for c := range m {
		p := rates(hazard, r).Rand()
		for range 2 {
			a := fate{cluster: c}
			for a.end == 0 && a.time < float64(h) {
				a.time++
				if r.Float64() < p {
					a.end = 'L'
				}
			}
			f = append(f, a)
		}
	}
	return live(h, f...)
}
