package bench

import (
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
)

// A Contrast is one metric on two sides of the same scenarios, the first minus the
// second. Numbers have six significant digits; what does not exist is nil.
type Contrast struct {
	System string // whose two sides; "" where the sides are systems
	Slice  Slice
	Metric string
	Unit   string
	Better schema.Better
	Design Design
	Sides  [2]SideValue

	Pairs, Scenarios int64   // used
	Without          []Match // shared, but without a number on one side or both

	Least       *float64 // the smallest true difference found four times in five
	Difference  *float64
	Low, High   *float64
	Interval    stat.Method
	Adjusted    *float64 // the middle of a paired t interval: Difference drawn towards 0
	Narrow      *Range   // the interval at level 2·level − 1, held against the margin
	ByScenario  *float64 // with each scenario weighing the same, where the sides have unequal units
	Worst, Best *float64 // with every gap against the first side and for the second, and the reverse

	P, Holm *float64
	Test    Test
	McNemar *McNemar // of pairs of one unit a side, 0 or 1

	Kept, KeptBack *float64 // retention: of what the first side has, how much the second has too; and the reverse
	CohenH         *float64
	Gross          *Gross    // of shares of readings
	Higher, Lower  []Discord // pairs in which the first side's value is the higher, the lower

	Margin    *Tolerance // nil = none is given
	Verdict   Verdict    // "" = none, as Why says
	Why       string
	FirstUnit *Contrast // the same at the first unit under test; of settings only
	Undefined string    // why there is no difference
	Notes     []string
}

// A Design says what a difference rests on.
type Design string

// The designs.
const (
	PairedDesign Design = "paired"
	// BetweenDesign compares different scenarios: whatever else differs between them is
	// in the difference, so it is not tested and has no verdict.
	BetweenDesign Design = "confounded"
)

// A Test names how P was made.
type Test string

// The tests.
const (
	TestMcNemar   Test = "mcnemar_mid_p" // one pair a scenario, each side 0 or 1
	TestPairedT   Test = "paired_t"      // adjusted, over scenarios
	TestJackknife Test = "jackknife_t"   // of what is no ratio of sums
)

// A SideValue is one side of a contrast on the pairs used.
type SideValue struct {
	Name      string
	Value     *float64
	N         int64 // readings, units or records
	Undecided int64 // of the shared ones, left out because the gaps would decide
}

// A Range is two ends and the coverage that they are for.
type Range struct{ Low, High, Level float64 }

// McNemar is the test of b against c discordant pairs. Where a scenario has several
// pairs they are not independent: then it is shown, and P is the paired t's.
type McNemar struct {
	B, C       int64
	Exact, Mid float64
	Scenarios  bool // every scenario has one pair
}

// A Discord is a pair whose sides differ.
type Discord struct {
	Match
	Values [2]float64
	Y, N   [2]int64
	Ratio  bool // the values are Y of N; else Y is not defined
}

// publish rounds every number that leaves the house.
func (c *Contrast) publish() {
	for _, v := range []**float64{
		&c.Sides[0].Value, &c.Sides[1].Value, &c.Least, &c.Difference, &c.Low, &c.High, &c.Adjusted, &c.ByScenario,
		&c.Worst, &c.Best, &c.P, &c.Kept, &c.KeptBack, &c.CohenH,
	} {
		*v = published(*v)
	}
	round := func(v *float64) { *v = *published(v) }
	if c.Narrow != nil {
		round(&c.Narrow.Low)
		round(&c.Narrow.High)
		round(&c.Narrow.Level)
	}
	if c.McNemar != nil {
		round(&c.McNemar.Exact)
		round(&c.McNemar.Mid)
	}
	for _, list := range [][]Discord{c.Higher, c.Lower} {
		for i := range list {
			round(&list[i].Values[0])
			round(&list[i].Values[1])
		}
	}
	if g := c.Gross; g != nil {
		for _, v := range []**float64{&g.Value, &g.Low, &g.High, &g.Bound, &g.Self, &g.Excess, &g.ExcessBound} {
			*v = published(*v)
		}
	}
}
