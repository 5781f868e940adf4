package stat

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A fate is one unit: when it ended, by a loss, by stopping, or censored, and in
// which cluster.
type fate struct {
	time    float64
	end     byte // 'L', 'I' or 0
	cluster int
}

// live counts fates at their distinct times, or at turns 1..turns.
func live(turns int, fates ...fate) *Life {
	l := &Life{Times: Turns(turns)}
	clusters := 0
	for _, f := range fates {
		if turns == 0 && !slices.Contains(l.Times, f.time) {
			l.Times = append(l.Times, f.time)
		}
		clusters = max(clusters, f.cluster+1)
	}
	slices.Sort(l.Times)
	h := len(l.Times)
	l.AtRisk, l.Lost, l.Stopped = make([]int64, clusters*h), make([]int64, clusters*h), make([]int64, clusters*h)
	for _, f := range fates {
		for u, t := range l.Times {
			at := f.cluster*h + u
			if t <= f.time {
				l.AtRisk[at]++
			}
			if t == f.time && f.end == 'L' {
				l.Lost[at]++
			}
			if t == f.time && f.end == 'I' {
				l.Stopped[at]++
			}
		}
	}
	return l
}

// sixMP are the remission weeks under 6-MP of Freireich et al. 1963, per singletons
// or pairs.
func sixMP(clusters func(i int) int) []fate {
	var out []fate
	for i, t := range []float64{6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35} {
		f := fate{time: math.Abs(t), cluster: clusters(i)}
		if t > 0 {
			f.end = 'L'
		}
		out = append(out, f)
	}
	return out
}

func single(i int) int { return i }

// at is the index of a time.
func (l *Life) at(t float64) int { return slices.Index(l.Times, t) }

func vectorKaplanMeier(t *testing.T) {
	// Gehan 1965; Collett, Modelling Survival Data
	l := live(0, sixMP(single)...)
	s := l.Sum(nil).KaplanMeier()
	for k, want := range []float64{.857143, .806723, .752941, .690196, .627451, .537815, .448179} {
		require.InDelta(t, want, s[l.at([]float64{6, 7, 10, 13, 16, 22, 23}[k])], printed)
	}
}

func vectorGreenwood(t *testing.T) {
	// Gehan 1965; Collett, Modelling Survival Data
	l := live(0, sixMP(single)...)
	s := l.Sum(nil).KaplanMeier()
	for k, want := range []float64{.076360, .086935, .096350, .106815, .114054, .128234, .134591} {
		u := l.at([]float64{6, 7, 10, 13, 16, 22, 23}[k])
		g, err := l.Greenwood(u)
		require.NoError(t, err)
		require.InDelta(t, want, s[u]*math.Sqrt(g*20/21), printed)
	}
}

func vectorLogLog(t *testing.T) {
	// R survival: summary(survfit(..., conf.type = "log-log")), which has no m/(m-1)
	l := live(0, sixMP(single)...)
	for _, c := range []struct{ at, low, high float64 }{{10, .503200, .889362}, {23, .188052, .680143}} {
		u := l.at(c.at)
		g, err := l.Greenwood(u)
		require.NoError(t, err)
		i := logLog(l.Sum(nil).KaplanMeier()[u], g*20/21, .95)
		requireEnds(t, c.low, c.high, i, nil, quantile)
	}
}

func vectorArea(t *testing.T) {
	// section 9, computed there
	r := live(0, sixMP(single)...).Sum(nil)
	for until, want := range map[float64]float64{10: 9.277311, 23: 17.909244, 35: 23.287395} {
		v, err := r.Area(until)
		require.NoError(t, err)
		require.InDelta(t, want, v, printed)
	}
}

func vectorLogRank(t *testing.T) {
	// Freireich et al. 1963, placebo against 6-MP; chi-square 16.79
	var all []fate
	for _, v := range []float64{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23} {
		all = append(all, fate{time: v, end: 'L', cluster: 1})
	}
	for _, f := range sixMP(single) {
		f.cluster = 0
		all = append(all, f)
	}
	l := live(0, all...)
	r, err := NewLogRank(l.Sum([]uint8{1, 0}), l.Sum([]uint8{0, 1}))
	require.NoError(t, err)
	require.Equal(t, 9., r.Observed)
	require.InDelta(t, 19.250501, r.Expected, printed)
	require.InDelta(t, 6.256961, r.Variance, printed)
	require.InDelta(t, 16.792941, r.ChiSquare, printed)
	require.InDelta(t, 4.169e-5, r.P, 5e-9) // R survival: survdiff, p 4.17e-05
}

func vectorClusteredGreenwood(t *testing.T) {
	// identity: sum of d/(n(n-d)); pairs of neighbours; section 5, both without m/(m-1)
	l := live(0, sixMP(single)...)
	g, err := l.Greenwood(l.at(10))
	require.NoError(t, err)
	require.InDelta(t, .016374883, g*20/21, closed)
	require.InDelta(t, 3./(21*18)+1./(17*16)+1./(15*14), g*20/21, 1e-15)
	l = live(0, sixMP(func(i int) int { return i / 2 })...)
	require.Equal(t, 11, l.Clusters())
	g, err = l.Greenwood(l.at(10))
	require.NoError(t, err)
	require.InDelta(t, .020386919, g*10/11, closed)
}

func vectorHeld(t *testing.T) {
	// by hand
	l := live(5, fate{2, 'L', 0}, fate{4, 'L', 1}, fate{3, 0, 2}, fate{5, 0, 3}, fate{5, 0, 4})
	r := l.Sum(nil)
	require.InDeltaSlice(t, []float64{1, .8, .8, 1.6 / 3, 1.6 / 3}, r.KaplanMeier(), closed)
	v, err := r.Held(5)
	require.NoError(t, err)
	require.InDelta(t, 11./3, v, closed)
	v, err = r.Hazard()
	require.NoError(t, err)
	require.InDelta(t, 2./19, v, closed)
}

func vectorAalenJohansen(t *testing.T) {
	// by hand
	l := live(5, fate{1, 'L', 0}, fate{2, 'I', 1}, fate{2, 'L', 2}, fate{3, 0, 3}, fate{4, 'L', 4}, fate{5, 0, 5})
	r := l.Sum(nil)
	c := r.AalenJohansen()
	require.InDelta(t, 7./12, c.Lost[3], closed)
	require.InDelta(t, 1./6, c.Stopped[3], closed)
	require.InDelta(t, 1./4, c.Neither[3], closed)
	for u, s := range r.KaplanMeier() {
		require.InDelta(t, 1, c.Lost[u]+c.Stopped[u]+c.Neither[u], 1e-15)
		require.GreaterOrEqual(t, 1-s, c.Lost[u]-1e-15)
	}
}

func vectorTurnbull(t *testing.T) {
	// section 9, EM to 1e-15; the last two times are not told apart
	p, err := Turnbull([]Span{{0, 0}, {1, 2}, {1, 1}, {3, 4}, {2, 4}, {0, 2}}, 5)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{.217833, .391083, .100639, .290444}, []float64{p[0], p[1], p[2], p[3] + p[4]}, printed)
}

// The toy of the metrics document, held_turns at 3: S is 4/8, 1/3, 1/3.
func TestHeldToy(t *testing.T) {
	l := live(3, fate{3, 0, 0}, fate{3, 0, 0}, fate{1, 'L', 1}, fate{2, 'L', 1}, fate{2, 'L', 1},
		fate{1, 'L', 2}, fate{1, 'L', 3}, fate{1, 'L', 3})
	r := &Risks{Times: Turns(3), AtRisk: []int64{8, 3, 2}, Lost: []int64{4, 1, 0}}
	v, err := r.Held(3)
	require.NoError(t, err)
	require.InDelta(t, 7./6, v, closed)
	h, err := r.Hazard()
	require.NoError(t, err)
	require.InDelta(t, 5./13, h, closed)
	_, err = r.Held(4)
	require.ErrorIs(t, err, ErrUndefined)
	require.EqualError(t, err, "undefined: nobody is under test at turn 4")
	require.Equal(t, []int64{8, 4, 2}, l.Sum(nil).AtRisk)
}

func TestSurvivalEnds(t *testing.T) {
	held := live(2, fate{2, 0, 0}, fate{2, 0, 1}, fate{2, 0, 2})
	i, err := held.Interval(1, .95)
	require.NoError(t, err)
	kg, err := KornGraubard(make([]int64, 3), ones(3), .95)
	require.NoError(t, err)
	require.Equal(t, [2]float64{1 - kg.High, 1}, [2]float64{i.Low, i.High})
	gone := live(3, fate{1, 'L', 0}, fate{2, 'L', 1}, fate{2, 'L', 2})
	require.Equal(t, 0., gone.Sum(nil).KaplanMeier()[2], "all lost stays lost")
	i, err = gone.Interval(2, .95)
	requireEnds(t, 0, kg.High, i, err, 1e-15)
	_, err = gone.Greenwood(2)
	require.ErrorIs(t, err, ErrUndefined)

	short := live(3, fate{1, 'L', 0}, fate{1, 0, 1})
	require.Len(t, short.Sum(nil).KaplanMeier(), 1)
	_, err = short.Interval(1, .95)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = short.Sum(nil).Area(3)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = (&Risks{}).Hazard()
	require.ErrorIs(t, err, ErrUndefined)
	_, err = NewLogRank(held.Sum(nil), held.Sum(nil))
	require.ErrorIs(t, err, ErrUndefined)
	require.Zero(t, (&Life{}).Clusters())
}

func TestTurnbullUndefined(t *testing.T) {
	_, err := Turnbull(nil, 3)
	require.ErrorIs(t, err, ErrUndefined)
	_, err = Turnbull([]Span{{1, 3}}, 3)
	require.Error(t, err)
}
