package stat

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func vectorODCVShare(t *testing.T) {
	d := readODCV(t)
	v := d.violation["gpt-5.5"]
	e, err := NewEffective(v.y, v.n, .95)
	require.NoError(t, err)
	// authors' bootstrap_ci.csv: MR 21.25; the rest section 9
	require.Equal(t, 17./80, e.Value)
	require.Equal(t, 40, e.Clusters)
	require.InDelta(t, .059073, e.SE, printed)
	require.InDelta(t, 46.4386, e.Size, 5e-5)
	i, err := KornGraubard(v.y, v.n, .95)
	requireEnds(t, .106291, .357351, i, err, printed)
	i, err = Wilson(v.y, v.n, .95)
	requireEnds(t, .119280, .349651, i, err, printed)
	i, err = Share(v.y, v.n, NewWeights(1, 1999, d.scenarios), Options{Level: .95, Method: MethodPercentile})
	requireEnds(t, .100000, .333333, i, err, printed)
}

func vectorODCVEnds(t *testing.T) {
	d := readODCV(t)
	opus, grok := d.violation["claude-opus-4.7"], d.violation["grok-4.20"]
	e, err := NewEffective(opus.y, opus.n, .95)
	require.NoError(t, err)
	require.Equal(t, [2]int64{0, 80}, [2]int64{int64(e.Value), e.Units})
	i, err := KornGraubard(opus.y, opus.n, .95)
	requireEnds(t, 0, .088097, i, err, printed)
	e, err = NewEffective(grok.y, grok.n, .95)
	require.NoError(t, err)
	require.Equal(t, 49./78, e.Value)
	require.Equal(t, 39, e.Clusters)
	i, err = KornGraubard(grok.y, grok.n, .95)
	requireEnds(t, .472350, .766723, i, err, printed)
	i, err = Share(grok.y, grok.n, NewWeights(1, 1999, d.scenarios), Options{Level: .95, Method: MethodPercentile})
	requireEnds(t, .482759, .755814, i, err, printed)
}

func vectorSYCONShare(t *testing.T) {
	d := readSYCON(t, "Meta-Llama-3.1-8B-Instruct")
	c := d.integrity()
	e, err := NewEffective(c.y, c.n, .95)
	require.NoError(t, err)
	require.Equal(t, .60, e.Value)
	i, err := KornGraubard(c.y, c.n, .95)
	requireEnds(t, .496664, .697188, i, err, printed)
	r := d.life().Sum(nil)
	held, err := r.Held(5)
	require.NoError(t, err)
	require.InDelta(t, 2.44, held, closed) // authors' ToF
	hazard, err := r.Hazard()
	require.NoError(t, err)
	require.Equal(t, 68./312, hazard)
}

func vectorSYCONOrders(t *testing.T) {
	var integrity, held, ends []float64
	for _, system := range []string{
		"Llama-3.3-70B-Instruct", "Meta-Llama-3.1-8B-Instruct", "Qwen2.5-14B-Instruct", "Qwen2.5-72B-Instruct",
		"Qwen2.5-7B-Instruct", "claude", "deepseek-r1", "deepseek-v3", "gemma-2-9b-it", "gpt-4o", "o3-mini",
	} {
		d := readSYCON(t, system)
		mean := func(c counts) float64 {
			s, err := sum(c.y, c.n)
			require.NoError(t, err)
			return s.value()
		}
		integrity, held, ends = append(integrity, mean(d.integrity())), append(held, mean(d.heldTurns())), append(ends, mean(d.endsHeld()))
	}
	// section 9
	for _, c := range []struct {
		x, y []float64
		tau  float64
	}{{integrity, held, .844072}, {integrity, ends, .917470}, {held, ends, .796296}} {
		k, err := NewConcordance(c.x, c.y)
		require.NoError(t, err)
		tau, err := k.TauB()
		require.NoError(t, err)
		require.InDelta(t, c.tau, tau, printed)
	}
}

// requireBCA checks value, z0, a and the intervals printed in section 9, of the ratio,
// of the same as any function, and of more; no cluster-t where ends are 0.
func requireBCA(t *testing.T, clusters []string, c counts, value, z0, a float64, bca, clusterT, percentile [2]float64, more ...*Replicates) {
	t.Helper()
	w := NewWeights(1, 1999, clusters)
	fast, err := ResampleRatio(c.y, c.n, 1, w)
	require.NoError(t, err)
	slow, err := Resample(ratioOf(c.y, c.n), w, nil)
	require.NoError(t, err)
	for _, r := range append(more, fast, slow) {
		require.InDelta(t, value, r.Value, closed)
		bias, err := r.bias()
		require.NoError(t, err)
		require.InDelta(t, z0, bias, printed)
		require.InDelta(t, a, r.acceleration(), printed)
		i, err := r.Interval(Options{Level: .95})
		requireEnds(t, bca[0], bca[1], i, err, printed)
		require.Equal(t, MethodBCa, i.Method)
		i, err = r.Interval(Options{Level: .95, Method: MethodPercentile})
		requireEnds(t, percentile[0], percentile[1], i, err, printed)
		if clusterT != [2]float64{} {
			i, err = r.Interval(Options{Level: .95, Method: MethodClusterT})
			requireEnds(t, clusterT[0], clusterT[1], i, err, printed)
		}
	}
}

func ratioOf(y, n []int64) func(w []uint8) (float64, error) {
	return func(w []uint8) (float64, error) {
		sn := dot(w, n)
		if sn == 0 {
			return 0, ErrUndefined
		}
		return float64(dot(w, y)) / float64(sn), nil
	}
}

// restrictedMean is held turns as they are defined, by way of S.
func (d syconDebate) restrictedMean(t *testing.T) *Replicates {
	t.Helper()
	l := d.life()
	r, err := Resample(func(w []uint8) (float64, error) { return l.Sum(w).Held(5) }, NewWeights(1, 1999, d.questions), nil)
	require.NoError(t, err)
	return r
}

func vectorBCA(t *testing.T) {
	d := readSYCON(t, "gpt-4o")
	requireBCA(t, d.questions, d.heldTurns(), 4.67, -.056457, -.057070,
		[2]float64{4.339623, 4.857143}, [2]float64{4.428948, 4.911052}, [2]float64{4.390805, 4.888889}, d.restrictedMean(t))
}

func vectorBCALlama(t *testing.T) {
	d := readSYCON(t, "Meta-Llama-3.1-8B-Instruct")
	requireBCA(t, d.questions, d.heldTurns(), 2.44, .024454, .010510,
		[2]float64{2.091837, 2.827957}, [2]float64{}, [2]float64{2.078431, 2.798165}, d.restrictedMean(t))
}

func vectorBCASeverity(t *testing.T) {
	d := readODCV(t)
	requireBCA(t, d.scenarios, d.severity["gpt-5.5"], .7125, .080968, .039840,
		[2]float64{.386364, 1.204545}, [2]float64{}, [2]float64{.328571, 1.119565})
}

func TestMeanScales(t *testing.T) {
	y, n := []int64{5, 3, 9, 2, 4, 0, 1, 7}, []int64{2, 2, 3, 1, 2, 1, 1, 2}
	w := NewWeights(3, 999, clusterNames(8))
	for _, m := range []Method{MethodBCa, MethodClusterT, MethodPercentile} {
		one, err := Mean(y, n, 1, w, Options{Level: .9, Method: m})
		require.NoError(t, err)
		half, err := Mean(y, n, .5, w, Options{Level: .9, Method: m})
		require.NoError(t, err)
		require.Equal(t, one.Low/2, half.Low)
		require.Equal(t, one.High/2, half.High)
		require.Less(t, one.Low, 31./14)
		require.Greater(t, one.High, 31./14)
	}
}

// Clusters without units neither move a ratio nor count as evidence.
func TestMeanEmptyClusters(t *testing.T) {
	w := NewWeights(3, 999, clusterNames(6))
	r, err := ResampleRatio([]int64{1, 0, 4, 2, 0, 5}, []int64{1, 0, 2, 3, 0, 2}, 1, w)
	require.NoError(t, err)
	in, err := Resample(ratioOf([]int64{1, 0, 4, 2, 0, 5}, []int64{1, 0, 2, 3, 0, 2}), w, []int{0, 2, 3, 5})
	require.NoError(t, err)
	require.Equal(t, in.Values, r.Values)
	require.Equal(t, in.without, r.without)
	require.Equal(t, in.Dropped, r.Dropped)
	require.Positive(t, r.Dropped, "e^-4 of 999 replicates draw nothing")
	i, err := r.Interval(Options{Level: .95})
	require.NoError(t, err)
	require.Equal(t, r.Dropped, i.Dropped)
}

func TestResampleUndefined(t *testing.T) {
	w := NewWeights(1, 1999, clusterNames(4))
	undefined := func(want string, y, n []int64, o Options) {
		t.Helper()
		_, err := Mean(y, n, 1, w, o)
		require.ErrorIs(t, err, ErrUndefined)
		require.ErrorContains(t, err, want)
	}
	undefined("no units", make([]int64, 4), make([]int64, 4), Options{Level: .95})
	undefined("1 scenario", []int64{1, 0, 0, 0}, []int64{1, 0, 0, 0}, Options{Level: .95})
	for _, m := range []Method{MethodBCa, MethodClusterT, MethodPercentile} {
		undefined("every scenario gives the same", []int64{1, 2, 1, 3}, []int64{3, 6, 3, 9}, Options{Level: .95, Method: m})
	}
	undefined("replicates", []int64{1, 2, 1, 0}, []int64{3, 6, 1, 9}, Options{Level: .9999, Method: MethodPercentile})

	_, err := Mean([]int64{1, 2, 1, 0}, []int64{3, 6, 1, 9}, 1, w, Options{Level: .95, Method: MethodWilson})
	require.EqualError(t, err, `method "wilson" does not resample`)
	_, err = Mean([]int64{1}, []int64{3}, 1, w, Options{Level: .95})
	require.Error(t, err)
	_, err = Mean([]int64{1, 2, 1, 0}, []int64{3, 6, 1, 9}, 1, w, Options{})
	require.Error(t, err)
}

func TestResampleErrors(t *testing.T) {
	w := NewWeights(1, 99, clusterNames(4))
	broken := errors.New("broken")
	_, err := Resample(func([]uint8) (float64, error) { return 0, broken }, w, nil)
	require.ErrorIs(t, err, broken)

	// a value that needs cluster 2 has no jackknife, but percentiles
	needs := func(c []uint8) (float64, error) {
		if c[2] == 0 {
			return 0, ErrUndefined
		}
		return float64(c[0]) / float64(c[2]), nil
	}
	r, err := Resample(needs, w, nil)
	require.NoError(t, err)
	require.Positive(t, r.Dropped)
	_, err = r.Interval(Options{Level: .9})
	require.ErrorIs(t, err, ErrUndefined)
	require.ErrorContains(t, err, "without scenario scenario-2")
	_, err = r.Interval(Options{Level: .9, Method: MethodPercentile})
	require.NoError(t, err)
}

// The acceleration stays below 1/6, so only far tails reach the pole of BCa's formula,
// where the literal one would put the high end below the low end.
func TestBCAPastThePole(t *testing.T) {
	r := &Replicates{Value: 0, clusters: 40, without: make([]float64, 40)}
	r.without[7] = -1
	require.InDelta(t, 1./6, r.acceleration(), .01)
	for k := range 29999 {
		r.Values = append(r.Values, normal(.95*float64(k+1)/30000))
	}
	r.Value = normal(.949)
	i, err := r.Interval(Options{Level: .9999})
	require.NoError(t, err)
	require.Greater(t, i.Low, 0.)
	require.Equal(t, r.Values[29998], i.High)
	require.Equal(t, NoteFewInformative, i.Note)
}

// A value that no replicate exceeds has no bias correction.
func TestBCAOneSided(t *testing.T) {
	r := &Replicates{Value: 9, clusters: 3, without: []float64{1, 2, 3}, Values: make([]float64, 99)}
	_, err := r.Interval(Options{Level: .9})
	require.ErrorIs(t, err, ErrUndefined)
	require.ErrorContains(t, err, "one side")
}

func TestInformative(t *testing.T) {
	// nine shares of 1/2 whatever their size, and two others
	y, n := []int64{1, 2, 1, 3, 1, 2, 1, 3, 1, 0, 2}, []int64{2, 4, 2, 6, 2, 4, 2, 6, 2, 2, 2}
	require.Equal(t, 2, unlikeMost(y, n))
	r, err := Resample(ratioOf([]int64{0, 0, 0, 1, 2}, []int64{1, 1, 1, 1, 1}), NewWeights(1, 99, clusterNames(5)), nil)
	require.NoError(t, err)
	require.Equal(t, 2, r.informative)
}
