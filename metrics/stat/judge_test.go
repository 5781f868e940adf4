package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func vectorHolm(t *testing.T) {
	// R: p.adjust(p, "holm")
	require.InDeltaSlice(t, []float64{.03, .06, .06, .02}, Holm([]float64{.01, .04, .03, .005}), closed)
	require.InDeltaSlice(t, []float64{.0004, .03, .06, .2}, Holm([]float64{.0001, .01, .03, .2}), closed)
}

func vectorTauB(t *testing.T) {
	// SciPy, doc of stats.kendalltau: -0.4714045207910316
	c, err := NewConcordance([]float64{12, 2, 1, 12, 2}, []float64{1, 4, 7, 1, 0})
	require.NoError(t, err)
	require.Equal(t, Concordance{Concordant: 2, Discordant: 6, TiedX: 2, TiedY: 1, N: 5}, c)
	tau, err := c.TauB()
	require.NoError(t, err)
	require.InDelta(t, -0.4714045207910316, tau, closed)
}

func vectorTauExact(t *testing.T) {
	// enumeration of the 120 orders
	c, err := NewConcordance([]float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5})
	require.NoError(t, err)
	tau, err := c.TauB()
	require.NoError(t, err)
	require.InDelta(t, .6, tau, closed)
	p, err := c.P()
	require.NoError(t, err)
	require.InDelta(t, 28./120, p, closed)
}

func vectorPassHat(t *testing.T) {
	// by hand: means over four scenarios of C(c,k)/C(4,k)
	for k, want := range []float64{.5625, 2.5 / 6, .3125, .25} {
		var s float64
		for _, c := range []int64{4, 3, 2, 0} {
			p, err := PassHat(c, 4, int64(k+1))
			require.NoError(t, err)
			s += p
		}
		require.InDelta(t, want, s/4, closed)
	}
}

func vectorPredictionPowered(t *testing.T) {
	// by the formula of section 7
	y, f, more := []float64{1, 0, 1, 1}, []float64{1, 0, 0, 1}, []float64{1, 0, 0, 1, 0, 0, 1, 0}
	c, err := PredictionPowered(y, f, more)
	require.NoError(t, err)
	require.InDelta(t, .419048, c.Lambda, printed)
	require.InDelta(t, .697619, c.Value, printed)
	require.InDelta(t, .219299, c.SE, printed)
	require.InDelta(t, .625, powered(y, f, more, 1).Value, closed)
}

func vectorRoganGladen(t *testing.T) {
	// closed form: .55/.75; delta method
	c, err := RoganGladen(Rate{.7, 500}, Rate{.9, 100}, Rate{.85, 100})
	require.NoError(t, err)
	require.InDelta(t, .55/.75, c.Value, closed)
	require.InDelta(t, .042051, c.SE, printed)
	require.Empty(t, c.Note)
}

func TestHolmEnds(t *testing.T) {
	require.Empty(t, Holm(nil))
	require.Equal(t, []float64{1, 1}, Holm([]float64{.8, .6}))
}

// A reversed list reverses tau and keeps p; both directions of every order of six
// add up.
func TestConcordanceLaws(t *testing.T) {
	x, y := []float64{3, 1, 2, 6, 5, 4, 9}, []float64{1, 2, 4, 9, 3, 6, 5}
	back := make([]float64, len(y))
	for i, v := range y {
		back[i] = -v
	}
	a, err := NewConcordance(x, y)
	require.NoError(t, err)
	b, err := NewConcordance(x, back)
	require.NoError(t, err)
	ta, err := a.TauB()
	require.NoError(t, err)
	tb, err := b.TauB()
	require.NoError(t, err)
	require.Equal(t, ta, -tb)
	pa, err := a.P()
	require.NoError(t, err)
	pb, err := b.P()
	require.NoError(t, err)
	require.Equal(t, pa, pb)

	even, err := NewConcordance([]float64{1, 2, 3, 4}, []float64{2, 4, 1, 3})
	require.NoError(t, err)
	p, err := even.P()
	require.NoError(t, err)
	require.Equal(t, 1., p, "3 of 6 pairs discordant is the middle")
}

func TestConcordanceUndefined(t *testing.T) {
	_, err := NewConcordance([]float64{1}, nil)
	require.Error(t, err)
	c, err := NewConcordance([]float64{1, 1, 1}, []float64{1, 2, 3})
	require.NoError(t, err)
	_, err = c.TauB()
	require.ErrorIs(t, err, ErrUndefined)
	_, err = c.P()
	require.ErrorIs(t, err, ErrUndefined)
	_, err = Concordance{}.TauB()
	require.ErrorIs(t, err, ErrUndefined)
	_, err = Concordance{N: 1}.P()
	require.ErrorIs(t, err, ErrUndefined)
}

func TestPassHatUndefined(t *testing.T) {
	_, err := PassHat(2, 3, 4)
	require.ErrorIs(t, err, ErrUndefined)
	require.EqualError(t, err, "undefined: 3 repeats, needs 4")
	_, err = PassHat(4, 3, 2)
	require.Error(t, err)
	_, err = PassHat(1, 3, 0)
	require.Error(t, err)
}

func TestCorrectedUndefined(t *testing.T) {
	two := []float64{0, 1}
	_, err := PredictionPowered(two, two, []float64{1})
	require.ErrorIs(t, err, ErrUndefined)
	_, err = PredictionPowered(two, []float64{1}, two)
	require.Error(t, err)
	c, err := PredictionPowered(two, []float64{1, 1}, []float64{1, 1, 1})
	require.NoError(t, err)
	require.Zero(t, c.Lambda, "a judge that never varies says nothing")
	require.Equal(t, .5, c.Value)

	_, err = RoganGladen(Rate{.5, 10}, Rate{.4, 10}, Rate{.6, 10})
	require.ErrorIs(t, err, ErrUndefined)
	_, err = RoganGladen(Rate{.5, 10}, Rate{.4, 0}, Rate{.6, 10})
	require.ErrorIs(t, err, ErrUndefined)
	_, err = RoganGladen(Rate{1.5, 10}, Rate{.9, 10}, Rate{.9, 10})
	require.Error(t, err)
	low, err := RoganGladen(Rate{.05, 100}, Rate{.9, 100}, Rate{.85, 100})
	require.NoError(t, err)
	require.Zero(t, low.Value)
	require.NotEmpty(t, low.Note)
}
