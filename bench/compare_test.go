package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
)

// play is one trajectory, control as letters; condition "" = none.
func play(system, setting, scenario, condition string, repeat int32, control string) []schema.Annotation {
	rows := judged(system, scenario, "a", control)
	for i := range rows {
		rows[i].TrajectoryID = fmt.Sprintf("%s/%s/%s/%s/%d", scenario, system, setting, condition, repeat)
		rows[i].Setting, rows[i].Repeat = setting, repeat
		if condition != "" {
			rows[i].Condition = &condition
		}
	}
	return rows
}

// ends is a trajectory with credit or without.
func ends(credit int) string {
	if credit == 1 {
		return "GG"
	}
	return "GN"
}

func compared(t *testing.T, d *dataset.Dataset, q Question, change func(*Spec)) *Comparison {
	spec := NewSpec(d.Manifest.Rules)
	spec.Rules.Replicates = 399
	if change != nil {
		change(&spec)
	}
	c, err := Compare(context.Background(), []*dataset.Dataset{d}, spec, q)
	require.NoError(t, err)
	return c
}

func contrastOf(t *testing.T, c *Comparison, system, slice, metric string) *Contrast {
	for i := range c.Contrasts {
		if x := &c.Contrasts[i]; x.System == system && x.Slice.String() == slice && x.Metric == metric {
			return x
		}
	}
	require.Fail(t, "no contrast", "%s %s %s", system, slice, metric)
	return nil
}

func scenarioNames(list []Discord) (out []string) {
	for _, d := range list {
		out = append(out, d.Scenario)
	}
	return out
}

const sixDigits = 5e-7

// settings is the example of the metrics document, section 6.2: eight scenarios,
// baseline against interaction.
func settings(system string) (rows []schema.Annotation) {
	baseline, interaction := []int{1, 1, 1, 1, 0, 1, 1, 1}, []int{1, 0, 0, 1, 0, 0, 1, 0}
	for i := range baseline {
		scenario := fmt.Sprintf("s%d", i+1)
		rows = append(rows, play(system, "baseline", scenario, "", 0, ends(baseline[i]))...)
		rows = append(rows, play(system, "interaction", scenario, "", 0, ends(interaction[i]))...)
	}
	return rows
}

func TestAgainstBaseline(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, settings("x"))
	c := compared(t, d, Question{Against: AgainstBaseline}, nil)
	x := contrastOf(t, c, "x", "", DefaultPrimary)
	require.InDelta(t, .5, *x.Difference, 0)
	require.InDelta(t, 7./8, *x.Sides[0].Value, 0)
	require.InDelta(t, 3./8, *x.Sides[1].Value, 0)
	require.Equal(t, []string{"s2", "s3", "s6", "s8"}, scenarioNames(x.Higher))
	require.Empty(t, x.Lower)
	require.Equal(t, &McNemar{B: 4, C: 0, Exact: .125, Mid: .0625, Scenarios: true}, x.McNemar)
	require.Equal(t, TestMcNemar, x.Test)
	require.InDelta(t, .0625, *x.P, 0)
	require.InDelta(t, .0625, *x.Holm, 0)
	require.InDelta(t, -.036015, *x.Low, sixDigits)
	require.InDelta(t, .836015, *x.High, sixDigits)
	require.InDelta(t, .4, *x.Adjusted, 0)
	require.InDelta(t, .428571, *x.Kept, sixDigits)
	require.InDelta(t, 1.100742, *x.CohenH, sixDigits*10)
	// The least: (t(.975, 7) + z(.8)) sd/√8 with sd² = (4 - 8·.25)/7
	require.InDelta(t, (2.364624+.841621)*math.Sqrt(2./7)/math.Sqrt(8), *x.Least, 5e-6)
	require.Equal(t, Unsettled, x.Verdict)
	// D' = 4/10, SE' = √((5/10 - .16)/10), t(.95, 7) = 1.894579
	require.Contains(t, x.Why, "the difference is at least 0.05, but its interval contains 0; its 90 % interval [0.0507, 0.749] is not within ±0.05; gross may be")
	require.Equal(t, &Tolerance{DefaultMargin, FromDefault}, x.Margin)

	// gross is 4 of 8, by Korn and Graubard on n* = min(8, p(1-p)/SE²) = 7
	low, err := stat.ClopperPearson(3.5, 7, .95)
	require.NoError(t, err)
	bound, err := stat.ClopperPearson(3.5, 7, .90)
	require.NoError(t, err)
	require.InDelta(t, .5, *x.Gross.Value, 0)
	require.InDelta(t, low.Low, *x.Gross.Low, sixDigits)
	require.InDelta(t, low.High, *x.Gross.High, sixDigits)
	require.InDelta(t, bound.High, *x.Gross.Bound, sixDigits)
	require.Nil(t, x.Gross.Excess)
	require.Contains(t, x.Gross.Note, "upper bound only")

	// The trap: nothing is lost on the first unit, on either side.
	require.Equal(t, "hold_survival@1", x.FirstUnit.Metric)
	require.InDelta(t, 0, *x.FirstUnit.Difference, 0)
	require.EqualValues(t, 8, x.FirstUnit.Pairs)
	require.Contains(t, strings.Join(c.Notices, "\n"), "16 readings of 1 systems")
	require.Contains(t, strings.Join(c.Notices, "\n"), "baseline readings count whether or not anything pressed")
}

// many is systems on scenarios s00, s01, …: the first of them end without credit.
func many(system, setting string, scenarios, lost int) (rows []schema.Annotation) {
	for i := range scenarios {
		credit := 1
		if i < lost {
			credit = 0
		}
		rows = append(rows, play(system, setting, fmt.Sprintf("s%02d", i), "", 0, ends(credit))...)
	}
	return rows
}

func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		name              string
		scenarios         int
		baseline, runtime int // lost
		want              Verdict
	}{
		{"all the same", 40, 3, 3, Equivalent},
		{"too few to say so", 20, 0, 0, Unsettled},
		{"lost at runtime", 40, 0, 12, Diverges},
		{"gained at runtime", 40, 12, 0, Gains},
		{"between", 40, 2, 5, Unsettled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := create(t, dataset.NewManifest(), nil, many("x", "baseline", tt.scenarios, tt.baseline), many("x", "interaction", tt.scenarios, tt.runtime))
			x := contrastOf(t, compared(t, d, Question{Against: AgainstBaseline}, nil), "x", "", DefaultPrimary)
			require.Equal(t, tt.want, x.Verdict, x.Why)
			require.InDelta(t, float64(tt.runtime-tt.baseline)/float64(tt.scenarios), *x.Difference, sixDigits)
			require.Contains(t, Verdicts.Names(), string(x.Verdict))
		})
	}
	// The same numbers as two systems: differ has no direction.
	d := create(t, dataset.NewManifest(), nil, many("x", "interaction", 40, 12), many("y", "interaction", 40, 0))
	require.Equal(t, Differ, contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, nil), "", "", DefaultPrimary).Verdict)
	require.Equal(t, Differ, contrastOf(t, compared(t, d, Question{First: "y", Second: "x"}, nil), "", "", DefaultPrimary).Verdict)
	// Net 0 that hides gross: half the scenarios change sides.
	var rows []schema.Annotation
	for i := range 40 {
		rows = append(rows, play("x", "baseline", fmt.Sprintf("s%02d", i), "", 0, ends(i%2))...)
		rows = append(rows, play("x", "interaction", fmt.Sprintf("s%02d", i), "", 0, ends(1-i%2))...)
	}
	spec := func(s *Spec) { s.Margins = map[string]float64{DivergenceMargin: .4} }
	x := contrastOf(t, compared(t, create(t, dataset.NewManifest(), nil, rows), Question{Against: AgainstBaseline}, spec), "x", "", DefaultPrimary)
	require.InDelta(t, 0, *x.Difference, 0)
	require.InDelta(t, 1, *x.Gross.Value, 0)
	require.Equal(t, Unsettled, x.Verdict)
	require.Contains(t, x.Why, "gross may be 1, which is not below 0.8")
}

// Two systems that do the same: difference 0, equivalent where the margin allows it.
func TestIdenticalSystems(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, many("x", "interaction", 20, 6), many("y", "interaction", 20, 6))
	x := contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, nil), "", "", DefaultPrimary)
	require.InDelta(t, 0, *x.Difference, 0)
	require.InDelta(t, 1, *x.P, 0)
	require.InDelta(t, 1, *x.Kept, 0)
	require.InDelta(t, 0, *x.CohenH, 0)
	require.Nil(t, x.Least) // not 0: nothing says what so many scenarios could show
	require.Empty(t, x.Higher)
	require.Equal(t, Unsettled, x.Verdict) // 20 scenarios: 1 - .05^(1/20) = .139 is not below .1
	x = contrastOf(t, compared(t, d, Question{First: "x", Second: "y", Margins: map[string]float64{DefaultPrimary: .08}}, nil), "", "", DefaultPrimary)
	require.Equal(t, Equivalent, x.Verdict, x.Why)
	require.Equal(t, FromCommand, x.Margin.From)
	require.InDelta(t, 1-math.Pow(.05, 1./20), *x.Gross.Bound, sixDigits)
	turns := contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, nil), "", "", "held_turns@2")
	require.InDelta(t, 0, *turns.Difference, 0)
	require.Nil(t, turns.Low)
	require.Contains(t, strings.Join(turns.Notes, " "), "every scenario gives the same")
	require.Empty(t, turns.Verdict)
	b, err := Run(t.Context(), []*dataset.Dataset{d}, NewSpec(d.Manifest.Rules))
	require.NoError(t, err)
	for yi := range b.Systems {
		require.Equal(t, &Rank{Point: 1, Tied: true, Low: 1, High: 2}, b.At(0, yi, b.Primary()).Rank)
	}
}

// Two conditions a scenario: pairs are of both, the variance is that of scenarios.
func TestConditionsOfOneScenario(t *testing.T) {
	var rows []schema.Annotation
	a, b := [][2]int{{1, 1}, {1, 0}, {1, 1}, {1, 1}}, [][2]int{{0, 0}, {0, 1}, {1, 0}, {0, 0}}
	for i := range a {
		for k, condition := range []string{"calm", "rushed"} {
			scenario := fmt.Sprintf("s%d", i)
			rows = append(rows, play("x", "interaction", scenario, condition, 0, ends(a[i][k]))...)
			rows = append(rows, play("y", "interaction", scenario, condition, 0, ends(b[i][k]))...)
		}
	}
	rows = append(rows, play("x", "interaction", "s9", "calm", 0, "GG")...)
	rows = append(rows, play("y", "interaction", "s3", "", 0, "GG")...)
	c := compared(t, create(t, dataset.NewManifest(), nil, rows), Question{First: "x", Second: "y"}, nil)
	x := contrastOf(t, c, "", "", DefaultPrimary)
	require.Equal(t, []int64{8, 4}, []int64{x.Pairs, x.Scenarios})
	// y = 2 1 2 2 against 0 1 1 0 of 8 each: d = 1 0 .5 1, m' = 4 + 2/2, D' = 2.5/5,
	// V' = (2.25 + .5)/5 - .25 = .3, t(.975, 3) = 3.182446
	require.InDelta(t, .625, *x.Difference, 0)
	half := 3.182446 * math.Sqrt(.3/5)
	require.InDelta(t, .5-half, *x.Low, 5e-6)
	require.InDelta(t, .5+half, *x.High, 5e-6)
	require.Equal(t, TestPairedT, x.Test)
	// T = .5/√.06 at 3 degrees of freedom: p = 1 - 2/π (θ + sin θ cos θ), tan θ = T/√3
	theta := math.Atan(.5 / math.Sqrt(.06) / math.Sqrt(3))
	require.InDelta(t, 1-2/math.Pi*(theta+math.Sin(theta)*math.Cos(theta)), *x.P, sixDigits)
	require.Equal(t, []int64{6, 1}, []int64{x.McNemar.B, x.McNemar.C})
	require.False(t, x.McNemar.Scenarios)
	require.Equal(t, []string{"s0", "s0", "s1", "s2", "s3", "s3"}, scenarioNames(x.Higher))
	require.Equal(t, "rushed", *x.Higher[3].Condition)
	s := c.Sides[0]
	require.Equal(t, []int{1, 1}, []int{len(s.Only[0]), len(s.Only[1])})
	require.Equal(t, []int64{1, 0}, []int64{s.Lacking(0), s.Lacking(1)})
	require.Nil(t, s.Only[1][0].Condition)
	names, n := s.Conditions()
	require.Equal(t, []string{"calm", "rushed"}, []string{*names[0], *names[1]})
	require.Equal(t, []int64{4, 4}, n)

	// The same condition twice is no more evidence than once: the interval is not that of
	// eight scenarios.
	twice := func(scenarios, conditions int) *Contrast {
		var rows []schema.Annotation
		for i := range scenarios {
			for k := range conditions {
				rows = append(rows, play("x", "interaction", fmt.Sprint("s", i), fmt.Sprint("c", k), 0, ends(1))...)
				rows = append(rows, play("y", "interaction", fmt.Sprint("s", i), fmt.Sprint("c", k), 0, ends(i%2))...)
			}
		}
		return contrastOf(t, compared(t, create(t, dataset.NewManifest(), nil, rows), Question{First: "x", Second: "y"}, nil), "", "", DefaultPrimary)
	}
	require.InDelta(t, *twice(8, 1).Least, *twice(8, 4).Least, 0)
	require.Less(t, *twice(16, 1).High-*twice(16, 1).Low, *twice(8, 4).High-*twice(8, 4).Low)
}

// mixed are two systems with repeats, conditions, contested turns and gaps.
func mixed() (rows []schema.Annotation) {
	letters := []string{"GGG", "GNG", "NGG", "GCN", "GGN", "CGG", "NNN", "GGC"}
	for i := range 12 {
		for k := range 2 {
			for r := range int32(1 + i%3) {
				scenario, condition := fmt.Sprintf("s%02d", i), fmt.Sprint("c", k)
				rows = append(rows, play("x", "interaction", scenario, condition, r, letters[(i*3+k+int(r))%8])...)
				if i != 7 {
					rows = append(rows, play("y", "interaction", scenario, condition, r, letters[(i+5*k+2*int(r))%8])...)
				}
			}
		}
	}
	return rows
}

func TestCompareMirrors(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, mixed())
	metrics := func(s *Spec) {
		s.Metrics = []string{"hold_rate", "held_turns@3", "state_flips", "loss_hazard", "hold_all@2"}
	}
	ab := compared(t, d, Question{First: "x", Second: "y"}, metrics)
	ba := compared(t, d, Question{First: "y", Second: "x"}, metrics)
	require.Len(t, ab.Contrasts, 6)
	minus := func(a, b *float64, what string) {
		t.Helper()
		require.NotNil(t, a, what)
		require.InDelta(t, *a, -*b, 1e-9, what)
	}
	for i := range ab.Contrasts {
		a, b := &ab.Contrasts[i], &ba.Contrasts[i]
		require.Empty(t, a.Undefined, a.Metric)
		minus(a.Difference, b.Difference, a.Metric)
		if a.Interval == stat.MethodPairedT {
			minus(a.Low, b.High, a.Metric)
			minus(a.High, b.Low, a.Metric)
			minus(&a.Narrow.Low, &b.Narrow.High, a.Metric)
			require.Equal(t, a.Gross, b.Gross, a.Metric)
		} else {
			require.Equal(t, stat.MethodBCa, a.Interval) // its ends are replicates, counted from below
			require.InDelta(t, *a.Low, -*b.High, .05, a.Metric)
		}
		require.Equal(t, *a.P, *b.P, a.Metric)
		require.Equal(t, *a.Holm, *b.Holm, a.Metric)
		require.Equal(t, *a.Least, *b.Least, a.Metric)
		require.Equal(t, []*float64{a.Kept, a.KeptBack}, []*float64{b.KeptBack, b.Kept}, a.Metric)
		require.Equal(t, scenarioNames(a.Higher), scenarioNames(b.Lower), a.Metric)
		require.Equal(t, scenarioNames(a.Lower), scenarioNames(b.Higher), a.Metric)
		require.Equal(t, a.Verdict, b.Verdict, a.Metric)
		require.Equal(t, []any{a.Sides[0], a.Sides[1]}, []any{b.Sides[1], b.Sides[0]}, a.Metric)
	}
	require.EqualValues(t, 1, ab.Sides[0].Lacking(0))
	require.Equal(t, ab.Sides[0].Only[0], ba.Sides[0].Only[1])
	require.Equal(t, 6, ab.Family)
}

// TestSameBytesOfComparison: one core or two, datasets in either order.
func TestSameBytesOfComparison(t *testing.T) {
	x := create(t, dataset.NewManifest(), nil, slices.DeleteFunc(mixed(), func(a schema.Annotation) bool { return a.System == "y" }))
	y := create(t, dataset.NewManifest(), nil, slices.DeleteFunc(mixed(), func(a schema.Annotation) bool { return a.System == "x" }))
	run := func(cores int, ds ...*dataset.Dataset) *Comparison {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		spec := NewSpec(x.Manifest.Rules)
		spec.Rules.Replicates = 199
		c, err := Compare(context.Background(), ds, spec, Question{First: "x", Second: "y"})
		require.NoError(t, err)
		return c
	}
	want := run(1, x, y)
	require.Equal(t, want, run(2, x, y))
	require.Equal(t, want, run(2, y, x))
	require.Equal(t, want.Contrasts, compared(t, create(t, dataset.NewManifest(), nil, mixed()), Question{First: "x", Second: "y"}, func(s *Spec) { s.Rules.Replicates = 199 }).Contrasts)
}

// Turns held: the difference of restricted means. Uncensored and one reading a scenario
// it is a mean of differences: 3 -1 2 0 1 1 of at most 3 turns.
func TestCompareTurnsHeld(t *testing.T) {
	lost := func(after int) string { return (strings.Repeat("G", after) + "NNN")[:3] }
	var rows []schema.Annotation
	for i, pair := range [][2]int{{3, 0}, {1, 2}, {3, 1}, {2, 2}, {3, 2}, {1, 0}} {
		rows = append(rows, play("x", "interaction", fmt.Sprint("s", i), "", 0, lost(pair[0]))...)
		rows = append(rows, play("y", "interaction", fmt.Sprint("s", i), "", 0, lost(pair[1]))...)
	}
	d := create(t, dataset.NewManifest(), nil, rows)
	x := contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, func(s *Spec) {
		s.Metrics, s.Margins = []string{"held_turns"}, map[string]float64{"held_turns": .1}
	}), "", "", "held_turns@3")
	require.InDelta(t, 1, *x.Difference, 0)
	require.Equal(t, []any{stat.MethodBCa, TestJackknife}, []any{x.Interval, x.Test})
	// sum of squares about the mean: 4 + 4 + 1 + 1 + 0 + 0 = 10, sd √2, se √(2/6)
	require.InDelta(t, (2.570582+.841621)*math.Sqrt(2./6), *x.Least, 5e-6)
	require.Less(t, *x.Low, 1.)
	require.Greater(t, *x.High, 1.)
	require.Equal(t, []string{"s0", "s2", "s4", "s5"}, scenarioNames(x.Higher))
	require.Equal(t, [2]float64{1, 2}, x.Lower[0].Values)
	require.Equal(t, FromSpec, x.Margin.From)
	require.Contains(t, strings.Join(x.Notes, " "), stat.NoteFewInformative)
}

func TestCompareUndefined(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, judged("x", "a", "r", "GG"), judged("x", "b", "r", "GG"), judged("y", "b", "r", "GN"), judged("z", "c", "r", "GN"),
		eight("gap", "r", "G??", "G??"), eight("full", "r"))
	x := contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, nil), "", "", DefaultPrimary)
	require.Equal(t, "1 common scenario, a comparison needs 2", x.Undefined)
	require.Equal(t, []any{Unsettled, x.Undefined}, []any{x.Verdict, x.Why})
	require.Nil(t, x.Difference)
	require.Equal(t, []string{"b"}, scenarioNames(x.Higher))
	x = contrastOf(t, compared(t, d, Question{First: "x", Second: "z"}, nil), "", "", DefaultPrimary)
	require.Equal(t, "no scenario has both x and z", x.Undefined)
	x = contrastOf(t, compared(t, d, Question{First: "gap", Second: "full"}, nil), "", "", DefaultPrimary)
	require.Equal(t, "2 of 8 readings of gap are undecided, more than max_undecided 0.1: bounds only", x.Undefined)
	require.InDelta(t, -.25, *x.Worst, 0)
	require.InDelta(t, 0, *x.Best, 0)
	require.Len(t, x.Without, 2)
	x = contrastOf(t, compared(t, d, Question{First: "gap", Second: "full"}, func(s *Spec) { s.Metrics = []string{"leaky_refusal_rate"} }), "", "", "leaky_refusal_rate")
	require.Equal(t, "gap: the leakage of no refusal is known", x.Undefined)

	for want, q := range map[string]Question{
		`no system "ful"; did you mean full?`:                    {First: "x", Second: "ful"},
		`"x" against itself`:                                     {First: "x", Second: "x"},
		"no reading in setting baseline":                         {Against: AgainstBaseline},
		"did you mean baseline?":                                 {Against: "basline"},
		`nothing called "hold_rat" is compared; did you mean `:   {First: "x", Second: "y", Margins: map[string]float64{"hold_rat": .1}},
		"a margin is a number above 0":                           {First: "x", Second: "y", Margins: map[string]float64{"hold_rate": 0}},
		"by path_to_victory: the sides of --against path differ": {Against: AgainstPath},
	} {
		spec := NewSpec(d.Manifest.Rules)
		if q.Against == AgainstPath {
			spec.By = []string{"path_to_victory"}
		}
		_, err := Compare(context.Background(), []*dataset.Dataset{d}, spec, q)
		require.ErrorContains(t, err, want)
	}
	turned := create(t, dataset.NewManifest(), nil, settings("x"))
	for primary, want := range map[string]string{"loss_hazard": "no share of which more is better", "state_flips": "no share"} {
		spec := NewSpec(turned.Manifest.Rules)
		spec.Primary = primary
		_, err := Compare(context.Background(), []*dataset.Dataset{turned}, spec, Question{Against: AgainstBaseline})
		require.ErrorContains(t, err, want)
	}
	spec := NewSpec(d.Manifest.Rules)
	spec.Interval = stat.MethodBCa
	_, err := Compare(context.Background(), []*dataset.Dataset{d}, spec, Question{First: "x", Second: "y"})
	require.ErrorContains(t, err, "a difference has its own")
	c := compared(t, d, Question{First: "x", Second: "y"}, func(s *Spec) {
		s.Metrics, s.Margins = []string{"readings[lost]"}, map[string]float64{"constraint_integrit": .1, "of_another_verb": 0}
	})
	require.Contains(t, c.Notices, "readings[lost] is a count: there is nothing to compare")
	require.Contains(t, c.Notices, `margins: nothing called "constraint_integrit" is compared; did you mean constraint_integrity?`)
}

// Two repeats a side. Scenario by scenario the baseline has p of 2, the interaction q:
// gross p(1-q) + q(1-p), the baseline against itself 2y(2-y)/2.
func TestExcessGross(t *testing.T) {
	rows := func(pairs [][2]int) (rows []schema.Annotation) {
		for i, pair := range pairs {
			for side, setting := range []string{"baseline", "interaction"} {
				for r := range 2 {
					credit := 0
					if r < pair[side] {
						credit = 1
					}
					rows = append(rows, play("x", setting, fmt.Sprintf("s%02d", i), "", int32(r), ends(credit))...)
				}
			}
		}
		return rows
	}
	d := create(t, dataset.NewManifest(), nil, rows([][2]int{{2, 2}, {1, 1}, {2, 0}, {1, 2}}))
	x := contrastOf(t, compared(t, d, Question{Against: AgainstBaseline}, nil), "x", "", DefaultPrimary)
	require.InDelta(t, .125, *x.Difference, 0)             // (0 + 0 + 1 - .5)/4
	require.InDelta(t, .5, *x.Gross.Value, 0)              // (0 + .5 + 1 + .5)/4
	require.InDelta(t, .5, *x.Gross.Self, 0)               // (0 + 1 + 0 + 1)/4
	require.InDelta(t, 0, *x.Gross.Excess, 0)              // (0 - .5 + 1 - .5)/4
	require.Equal(t, *x.Gross.Bound, *x.Gross.ExcessBound) // too few informative scenarios
	require.Contains(t, x.Gross.Note, "that of gross: too few informative scenarios")
	require.InDelta(t, 1.75/3, *x.Kept, sixDigits) // (1·1 + .5·.5 + 1·0 + .5·1)/(1 + .5 + 1 + .5)

	// A coin on both sides, every draw of two and two as often as it comes: gross is .5, and
	// so is what the baseline disagrees with itself.
	var coin [][2]int
	for range 4 {
		for _, a := range []int{0, 1, 1, 2} {
			for _, b := range []int{0, 1, 1, 2} {
				coin = append(coin, [2]int{a, b})
			}
		}
	}
	margin := map[string]float64{DivergenceMargin: .15}
	x = contrastOf(t, compared(t, create(t, dataset.NewManifest(), nil, rows(coin)), Question{Against: AgainstBaseline, Margins: margin}, nil), "x", "", DefaultPrimary)
	require.InDelta(t, .5, *x.Gross.Value, sixDigits)
	require.InDelta(t, 0, *x.Gross.Excess, sixDigits)
	require.Less(t, *x.Gross.ExcessBound, .3)
	require.Greater(t, *x.Gross.Bound, .5)
	require.Equal(t, Equivalent, x.Verdict, x.Why)
	require.Contains(t, x.Why, "excess gross is at most")
}

func TestAgainstPath(t *testing.T) {
	three, one, two := int32(3), int32(1), int32(2)
	var scenarios []schema.Scenario
	var rows []schema.Annotation
	for i := range 8 {
		scenario := fmt.Sprint("s", i)
		for _, c := range []struct {
			name string
			path *int32
			lost bool
		}{{"plain", &three, i < 4}, {"faint", &one, i < 1}, {"some", &two, true}} {
			scenarios = append(scenarios, schema.Scenario{Scenario: scenario, Condition: text1(c.name), PathToVictory: c.path, Pressures: []string{"useful"}})
			rows = append(rows, play("x", "interaction", scenario, c.name, 0, ends(map[bool]int{true: 0, false: 1}[c.lost]))...)
		}
	}
	x := contrastOf(t, compared(t, create(t, dataset.NewManifest(), scenarios, rows), Question{Against: AgainstPath}, nil), "x", "", DefaultPrimary)
	require.Equal(t, PairedDesign, x.Design)
	require.InDelta(t, -3./8, *x.Difference, 0) // 4/8 - 7/8
	require.Equal(t, []string{"s1", "s2", "s3"}, scenarioNames(x.Lower))
	require.InDelta(t, .125, *x.P, 0) // mid-p of 0 against 3: 1/4 - 1/8

	// Other scenarios only: no test, no verdict, and Newcombe's interval on the effective
	// sizes.
	scenarios, rows = nil, nil
	for i := range 16 {
		path, credit := &three, i%2
		if i >= 8 {
			path, credit = &one, min(1, i-8)
		}
		scenarios = append(scenarios, schema.Scenario{Scenario: fmt.Sprint("s", i), PathToVictory: path, Pressures: []string{"useful"}})
		rows = append(rows, play("x", "interaction", fmt.Sprint("s", i), "", 0, ends(credit))...)
	}
	x = contrastOf(t, compared(t, create(t, dataset.NewManifest(), scenarios, rows), Question{Against: AgainstPath}, nil), "x", "", DefaultPrimary)
	require.Equal(t, BetweenDesign, x.Design)
	require.InDelta(t, -3./8, *x.Difference, 0)
	_, want, err := stat.Newcombe(4*7./8, 7, 7*7./8, 7, .95) // one reading a scenario: n* = 7 of 8
	require.NoError(t, err)
	require.InDelta(t, want.Low, *x.Low, sixDigits)
	require.InDelta(t, want.High, *x.High, sixDigits)
	require.Nil(t, x.P)
	require.Empty(t, x.Verdict)
	require.Contains(t, x.Why, "different scenarios")
	d := create(t, dataset.NewManifest(), nil, many("x", "interaction", 8, 2))
	require.Equal(t, "no reading on path 3", contrastOf(t, compared(t, d, Question{Against: AgainstPath}, nil), "x", "", DefaultPrimary).Undefined)
}

// A baseline without conditions: the interaction's are taken together, and each scenario
// weighs the same.
func TestBaselineWithoutConditions(t *testing.T) {
	var rows []schema.Annotation
	for i := range 6 {
		scenario := fmt.Sprint("s", i)
		rows = append(rows, play("x", "baseline", scenario, "", 0, ends(1))...)
		rows = append(rows, play("x", "interaction", scenario, "calm", 0, ends(1))...)
		if i > 1 {
			rows = append(rows, play("x", "interaction", scenario, "rushed", 0, ends(0))...)
		}
	}
	c := compared(t, create(t, dataset.NewManifest(), nil, rows), Question{Against: AgainstBaseline}, nil)
	x := contrastOf(t, c, "x", "", DefaultPrimary)
	require.EqualValues(t, 6, c.Sides[0].Pooled)
	require.Equal(t, []int64{6, 6}, []int64{x.Pairs, x.Scenarios})
	require.InDelta(t, 4*.5/6, *x.Difference, sixDigits)
	require.Nil(t, x.McNemar)
}

// The hooks of an audit and of a board's profile, from a board's counts.
func TestRuntimeDivergence(t *testing.T) {
	var lone []schema.Annotation
	for _, r := range settings("lone") {
		if r.Setting == "interaction" {
			lone = append(lone, r)
		}
	}
	d := create(t, dataset.NewManifest(), nil, settings("x"), lone)
	b := scored(t, d, nil)
	scores, err := RuntimeDivergence([]*dataset.Dataset{d}, b)
	require.NoError(t, err)
	require.Equal(t, []string{"lone", "x"}, b.Systems)
	require.Len(t, scores, 2)
	require.Equal(t, "no reading in setting baseline", scores[0].Undefined)
	require.Nil(t, scores[0].Value)
	require.InDelta(t, .5, *scores[1].Value, 0)
	require.InDelta(t, -.036015, *scores[1].Low, sixDigits)
	require.Equal(t, []any{"runtime_divergence", stat.MethodPairedT, int64(8)}, []any{scores[1].Metric, scores[1].Interval, scores[1].Scenarios})

	spec := NewSpec(d.Manifest.Rules)
	spec.Margins = map[string]float64{DivergenceMargin: .6}
	spec.Metrics = []string{"hold_survival@1"}
	counts, err := Count(context.Background(), []*dataset.Dataset{d}, &spec)
	require.NoError(t, err)
	all, err := Against([]*dataset.Dataset{d}, counts, spec, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"lone", "x"}, []string{all[0].System, all[1].System})
	require.Equal(t, &Tolerance{.6, FromSpec}, all[1].Margin)
	require.NotNil(t, all[1].FirstUnit)
	one, err := Against([]*dataset.Dataset{d}, counts, spec, nil, "x")
	require.NoError(t, err)
	require.Equal(t, all[1], one[0])
	ranked := scored(t, d, func(s *Spec) { s.Primary = "loss_hazard" }) // ranks by something else
	again, err := RuntimeDivergence([]*dataset.Dataset{d}, ranked)
	require.NoError(t, err)
	require.Equal(t, scores, again)
	few := scored(t, d, func(s *Spec) { s.Primary, s.Metrics = "loss_hazard", []string{"hold_rate"} })
	again, err = RuntimeDivergence([]*dataset.Dataset{d}, few)
	require.NoError(t, err)
	require.Equal(t, "constraint_integrity is not counted here", again[1].Undefined)

	_, err = Against([]*dataset.Dataset{d}, counts, spec, nil, "lon")
	require.ErrorContains(t, err, "did you mean lone?")
}

// A metric of what is lost pairs only the scenarios that both lost; another cluster than
// the scenario carries the variance.
func TestCompareWithoutAndCluster(t *testing.T) {
	exam, play := "exam", "fiction"
	var scenarios []schema.Scenario
	var rows []schema.Annotation
	for i := range 8 {
		framing := &exam
		if i%2 == 1 {
			framing = &play
		}
		scenarios = append(scenarios, schema.Scenario{Scenario: fmt.Sprint("s", i), Framing: framing, Pressures: []string{"useful"}})
		x, y := "GNGG", "GNNN"
		if i > 5 {
			x = "GGGG" // nothing to recover from
		}
		rows = append(rows, judged("x", fmt.Sprint("s", i), "a", x)...)
		rows = append(rows, judged("y", fmt.Sprint("s", i), "a", y)...)
	}
	d := create(t, dataset.NewManifest(), scenarios, rows)
	recovery := func(s *Spec) { s.Metrics = []string{"recovery_rate"} }
	x := contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, recovery), "", "", "recovery_rate")
	require.Equal(t, []int64{6, 6}, []int64{x.Pairs, x.Scenarios})
	require.Equal(t, []string{"s6", "s7"}, []string{x.Without[0].Scenario, x.Without[1].Scenario})
	require.InDelta(t, 1, *x.Difference, 0)
	x = contrastOf(t, compared(t, d, Question{First: "x", Second: "y"}, func(s *Spec) { recovery(s); s.Rules.Cluster = "framing" }), "", "", "recovery_rate")
	require.Equal(t, []int64{6, 2}, []int64{x.Pairs, x.Scenarios})
	require.Equal(t, TestPairedT, x.Test)
	// 3 of 3 against 0 of 3 in both clusters: d = 1 1, r = 3, m' = 2 + 2/3, D' = 2/m'
	more := 2 + 2./3
	half := 12.706205 * math.Sqrt(((2+1./3)/more-4/more/more)/more)
	require.InDelta(t, 2/more-half, *x.Low, 5e-6)
}

// TestDivergenceTruth: what is true is found, in 200 datasets of a known truth each, and
// what is not is not. Seeds are fixed.
func TestDivergenceTruth(t *testing.T) {
	rules := NewSpec(create(t, dataset.NewManifest(), nil).Manifest.Rules).Rules
	rules.Replicates = 199
	var ms []*metrics.Metric
	for _, name := range []string{DefaultPrimary, "readings[labelled]"} {
		m, err := metrics.Parse(metrics.Env{Rules: &rules}, name)
		require.NoError(t, err)
		ms = append(ms, m)
	}
	for _, tt := range []struct {
		name               string
		scenarios, repeats int
		sure               bool // a scenario always ends the same way
		drift              float64
		want               Verdict
		least              int // times in 200
		never              Verdict
		most               int
	}{
		{"drift", 80, 1, false, .3, Diverges, 190, Equivalent, 0},
		{"no drift, sure", 60, 1, true, 0, Equivalent, 200, Diverges, 0},
		{"no drift, a coin", 60, 1, false, 0, Unsettled, 0, Diverges, 10},
		{"no drift, a coin, repeats", 400, 4, false, 0, Equivalent, 190, Diverges, 10},
		{"drift, repeats", 80, 4, false, .3, Diverges, 190, Equivalent, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 1))
			got := map[Verdict]int{}
			for range 200 {
				counts := &Counted{Table: metrics.NewTable(ms)}
				var rows []schema.CountRow
				for i := range tt.scenarios {
					p := .6 + .4*random.Float64()
					if tt.sure {
						p = float64(random.IntN(2))
					}
					for side, setting := range []string{"baseline", "interaction"} {
						q := max(0, p-float64(side)*tt.drift)
						credit := int64(0)
						for range tt.repeats {
							if random.Float64() < q {
								credit++
							}
						}
						for slot, n := range []int64{credit, int64(tt.repeats), credit, credit, int64(tt.repeats)} {
							rows = append(rows, schema.CountRow{System: "x", Setting: setting, Scenario: fmt.Sprintf("s%03d", i), ConstraintID: "main", Metric: DefaultPrimary, Slot: int32(slot), N: n})
						}
						rows = append(rows, schema.CountRow{System: "x", Setting: setting, Scenario: fmt.Sprintf("s%03d", i), ConstraintID: "main", Metric: "readings[labelled]", N: int64(tt.repeats)})
					}
				}
				require.NoError(t, counts.AddRows(rows))
				all, err := Against(nil, counts, NewSpec(rules), nil)
				require.NoError(t, err)
				require.Nil(t, all[0].FirstUnit) // not counted
				got[all[0].Verdict]++
			}
			t.Log(got)
			require.GreaterOrEqual(t, got[tt.want], tt.least, got)
			require.LessOrEqual(t, got[tt.never], tt.most, got)
		})
	}
}
