package stat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// krippendorff is the example of Krippendorff 2011 (Computing Krippendorff's
// Alpha-Reliability): four annotators, twelve units, as labels per unit.
func krippendorff() [][]int64 {
	units := make([][]int64, 12)
	for u := range units {
		units[u] = make([]int64, 5)
	}
	for _, annotator := range []string{
		"1 2 3 3 2 1 4 1 2 . . .",
		"1 2 3 3 2 2 4 1 2 5 . 3",
		". 3 3 3 2 3 4 2 2 5 1 .",
		"1 2 3 3 2 4 4 1 2 5 1 .",
	} {
		for u, v := range strings.Fields(annotator) {
			if v != "." {
				units[u][v[0]-'1']++
			}
		}
	}
	return units
}

// requireAlpha compares alpha with an exact fraction, whatever room k leaves.
func requireAlpha(t *testing.T, s Scale, numerator, denominator float64) {
	t.Helper()
	for _, most := range []int{4, 5, 9} {
		k := Coincidence{Levels: 5, Most: most}
		counts := make([]int64, k.Size())
		for _, unit := range krippendorff() {
			require.NoError(t, k.Add(counts, unit))
		}
		a, err := k.Alpha(counts, s, []float64{1, 2, 3, 4, 5})
		require.NoError(t, err)
		require.InDelta(t, numerator/denominator, a, 1e-15)
	}
}

func vectorAlphaNominal(t *testing.T)  { requireAlpha(t, NominalScale, 113, 152) }         // Krippendorff 2011: .743
func vectorAlphaOrdinal(t *testing.T)  { requireAlpha(t, OrdinalScale, 108577, 133160) }   // Krippendorff 2011: .815
func vectorAlphaInterval(t *testing.T) { requireAlpha(t, IntervalScale, 951, 1120) }       // Krippendorff 2011: .849
func vectorAlphaRatio(t *testing.T)    { requireAlpha(t, RatioScale, 18222619, 22852465) } // Krippendorff 2011: .797

// requireAgreement compares the coefficients; gwet in the weighting of a.
func requireAgreement(t *testing.T, a *Agreement, err error, percent, gwet, fleiss, brennan float64) {
	t.Helper()
	require.NoError(t, err)
	if percent != 0 {
		require.InDelta(t, percent, a.Percent(), printed)
	}
	g, err := a.Gwet()
	require.NoError(t, err)
	require.InDelta(t, gwet, g, printed)
	if fleiss != 0 {
		f, err := a.Fleiss()
		require.NoError(t, err)
		require.InDelta(t, fleiss, f, printed)
	}
	if brennan != 0 {
		b, err := a.BrennanPrediger()
		require.NoError(t, err)
		require.InDelta(t, brennan, b, printed)
	}
}

func vectorCompanions(t *testing.T) {
	// R irrCAC: gwet.ac1.raw(cac.raw4raters) .775; the rest section 9
	a, err := Agree(krippendorff(), nil, Unweighted)
	requireAgreement(t, a, err, .818182, .775444, .761169, .772727)
}

func vectorFleiss(t *testing.T) {
	// Fleiss' kappa .210 of this table: https://en.wikipedia.org/wiki/Fleiss%27_kappa
	units := [][]int64{
		{0, 0, 0, 0, 14},
		{0, 2, 6, 4, 2},
		{0, 0, 3, 5, 6},
		{0, 3, 9, 2, 0},
		{2, 2, 8, 1, 1},
		{7, 7, 0, 0, 0},
		{3, 2, 6, 3, 0},
		{2, 5, 3, 2, 2},
		{6, 5, 2, 1, 0},
		{0, 2, 2, 3, 7},
	}
	a, err := Agree(units, nil, Unweighted)
	requireAgreement(t, a, err, 0, .225614, .209931, 0)
	k := Coincidence{Levels: 5, Most: 14}
	counts := make([]int64, k.Size())
	for _, unit := range units {
		require.NoError(t, k.Add(counts, unit))
	}
	alpha, err := k.Alpha(counts, NominalScale, nil)
	require.NoError(t, err)
	require.InDelta(t, .215574, alpha, printed)
}

// crossed is the table of irrCAC's vignette of weighted kappas.
var crossed = [][]int64{{13, 0, 0}, {0, 20, 7}, {0, 4, 56}}

// cells turns a table of two annotators into units.
func cells(table [][]int64) (units [][]int64, times []int64) {
	for i := range table {
		for j, n := range table[i] {
			unit := make([]int64, len(table))
			unit[i]++
			unit[j]++
			units, times = append(units, unit), append(times, n)
		}
	}
	return units, times
}

func vectorCohen(t *testing.T) {
	// R irrCAC, vignette: Cohen .796, Scott .796, AC1 .849
	kappa, err := CohenKappa(crossed, Unweighted)
	require.NoError(t, err)
	require.InDelta(t, .796409, kappa, printed)
	units, times := cells(crossed)
	a, err := Agree(units, times, Unweighted)
	requireAgreement(t, a, err, .89, .849331, .796240, 0)
}

func vectorCohenWeighted(t *testing.T) {
	// section 9, computed there; its .940236 is cut, not rounded: by hand 8653/9203 is
	// .9402369, agreement .9725 and chance .53985
	units, times := cells(crossed)
	for w, want := range map[Weighting][2]float64{Linear: {.842902, .900023}, Quadratic: {.892157, 8653. / 9203}} {
		kappa, err := CohenKappa(crossed, w)
		require.NoError(t, err)
		require.InDelta(t, want[0], kappa, printed)
		a, err := Agree(units, times, w)
		requireAgreement(t, a, err, 0, want[1], 0, 0)
	}
	a, err := Agree(units, times, Quadratic)
	require.NoError(t, err)
	ac2, err := a.Gwet()
	require.NoError(t, err)
	require.InDelta(t, .940236, ac2, quantile)
}

func TestAlphaUndefined(t *testing.T) {
	k := Coincidence{Levels: 3, Most: 4}
	counts := make([]int64, k.Size())
	_, err := k.Alpha(counts, NominalScale, nil)
	require.EqualError(t, err, "undefined: no unit has two annotators")
	require.NoError(t, k.Add(counts, []int64{0, 1, 0}))
	_, err = k.Alpha(counts, NominalScale, nil)
	require.ErrorIs(t, err, ErrUndefined)
	require.NoError(t, k.Add(counts, []int64{0, 3, 0}))
	for _, s := range []Scale{NominalScale, OrdinalScale, IntervalScale, RatioScale} {
		_, err = k.Alpha(counts, s, nil)
		require.ErrorIs(t, err, ErrUndefined)
		require.EqualError(t, err, "undefined: all labels are equal")
	}
	require.Error(t, k.Add(counts, []int64{1, 3, 1}))
	require.Error(t, k.Add(counts, []int64{1, 1}))
	_, err = k.Alpha(counts[1:], NominalScale, nil)
	require.Error(t, err)
	_, err = k.Alpha(counts, RatioScale, []float64{-1, 0, 1})
	require.Error(t, err)
}

// Perfect agreement is 1 on any scale; a label twice drawn counts as two units.
func TestAlphaLaws(t *testing.T) {
	k := Coincidence{Levels: 4, Most: 3}
	once, twice := make([]int64, k.Size()), make([]int64, k.Size())
	for _, unit := range [][]int64{{2, 0, 0, 0}, {0, 0, 3, 0}, {0, 0, 0, 2}} {
		require.NoError(t, k.Add(once, unit))
	}
	for _, s := range []Scale{NominalScale, OrdinalScale, IntervalScale, RatioScale} {
		a, err := k.Alpha(once, s, nil)
		require.NoError(t, err)
		require.Equal(t, 1., a)
	}
	require.NoError(t, k.Add(once, []int64{1, 0, 0, 1}))
	for i := range once {
		twice[i] = 2 * once[i]
	}
	a, err := k.Alpha(once, NominalScale, nil)
	require.NoError(t, err)
	b, err := k.Alpha(twice, NominalScale, nil)
	require.NoError(t, err)
	require.InDelta(t, (1-a)/8*17/2, 1-b, 1e-15) // n-1 is 8, then 17 of twice n
	require.Less(t, a, 1.)
}

func TestAgreementUndefined(t *testing.T) {
	_, err := Agree([][]int64{{1, 0}, {0, 1}}, nil, Unweighted)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = Agree([][]int64{{1, 0}, {1}}, nil, Unweighted)
	require.Error(t, err)
	_, err = Agree([][]int64{{1, 0}}, []int64{1, 1}, Unweighted)
	require.Error(t, err)

	a, err := Agree([][]int64{{2, 0}, {3, 0}}, nil, Unweighted)
	require.NoError(t, err)
	_, err = a.Fleiss()
	require.ErrorIs(t, err, ErrUndefined)
	ac1, err := a.Gwet()
	require.NoError(t, err)
	require.Equal(t, 1., ac1)

	_, err = CohenKappa([][]int64{{5, 0}, {0, 0}}, Linear)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = CohenKappa([][]int64{{0, 0}, {0, 0}}, Linear)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = CohenKappa([][]int64{{5}, {0, 0}}, Linear)
	require.Error(t, err)
}
