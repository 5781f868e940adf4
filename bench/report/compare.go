package report

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/schema"
)

// CompareOptions are what depends on who reads a comparison.
type CompareOptions struct {
	People bool // text, Markdown, LaTeX: a tiny p is "<0.0001", lists are lines below
	Most   int  // pairs named in a list, and of the primary on the whole only; 0 = all of all
}

// Compare is a comparison: one row per system, slice and metric, the smallest difference
// that would be found before the difference itself. For programs the lists of pairs are
// columns of JSON.
func Compare(c *bench.Comparison, o CompareOptions) *Table {
	t := &Table{Name: "comparison", Caption: compareCaption(c, o), Notes: compareNotes(c, o)}
	first, second, minus, higher, lower := "A", "B", "A − B", "A > B", "B > A"
	switch c.Against {
	case bench.AgainstBaseline:
		first, second, minus, higher, lower = "baseline", "interaction", "net", "lost", "gained"
	case bench.AgainstPath:
		first, second, minus, higher, lower = "path 3", "path 0–1", "difference", "3 > 0–1", "0–1 > 3"
	}
	sliced := len(c.Spec.By) > 0
	of := c.Against != bench.AgainstSystem
	add := func(show bool, columns ...Column) {
		for i := range columns {
			columns[i].Wide = columns[i].Wide || !show
		}
		t.Columns = append(t.Columns, columns...)
	}
	if of {
		add(true, Column{Name: "system", Doc: "whose two sides"})
	}
	if sliced {
		add(true, Column{Name: "slice", Doc: "column=value; empty = the whole"})
	}
	add(!of || severalMetrics(c), Column{Name: "metric", Doc: "what is compared"})
	add(true,
		Column{Name: "detectable", Title: "least", Kind: Float, Doc: "the smallest true difference that would be found four times in five"},
		Column{Name: "first", Title: first, Kind: Float, Doc: "the first side's value on the pairs used"},
		Column{Name: "second", Title: second, Kind: Float, Doc: "the second side's"},
		Column{Name: "difference", Title: minus, Kind: Float, Doc: "first − second"},
		Column{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		Column{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		Column{Name: "verdict", Doc: "held against the margin"},
		Column{Name: "p", Kind: Float, Digits: 4, Doc: "two-sided, of no difference"},
		Column{Name: "p_holm", Title: "Holm", Kind: Float, Digits: 4, Doc: "adjusted over all p-values of the comparison"},
		Column{Name: "first_higher", Title: higher, Kind: Int, Doc: "pairs in which the first side's value is the higher"},
		Column{Name: "second_higher", Title: lower, Kind: Int, Doc: "pairs in which the second side's is"},
	)
	add(of, Column{Name: "gross", Kind: Float, Doc: "share of pairs whose sides disagree"})
	add(false,
		Column{Name: "gross_bound", Kind: Float, Doc: "its upper one-sided bound"},
		Column{Name: "excess_gross", Kind: Float, Doc: "gross less what a side disagrees with itself"},
		Column{Name: "excess_gross_bound", Kind: Float, Doc: "its upper one-sided bound"},
		Column{Name: "kept", Kind: Float, Doc: "retention: of what the first side has, how much the second has too"},
		Column{Name: "kept_back", Kind: Float, Doc: "of what the second side has, how much the first has too"},
		Column{Name: "cohen_h", Kind: Float, Doc: "Cohen's h"},
		Column{Name: "margin", Kind: Float, Doc: "differences below it do not matter"},
	)
	if c.Against == bench.AgainstBaseline {
		add(true, Column{Name: "first_unit", Title: "net at u = 1", Kind: Float, Doc: "the net difference at the first unit under test"},
			Column{Name: "first_unit_low", Title: "low", Kind: Float, Doc: "lower end of its interval"},
			Column{Name: "first_unit_high", Title: "high", Kind: Float, Doc: "upper end of its interval"})
	}
	add(c.Against == bench.AgainstPath, Column{Name: "design", Doc: "paired by scenario; confounded: between different scenarios"})
	add(false,
		Column{Name: "first_side", Doc: "its name"},
		Column{Name: "second_side", Doc: "its name"},
		Column{Name: "pairs", Kind: Int, Doc: "used"},
		Column{Name: "scenarios", Kind: Int, Doc: "used"},
		Column{Name: "interval", Doc: "how it was made"},
		Column{Name: "test", Doc: "how p was made"},
		Column{Name: "mcnemar_exact", Kind: Float, Doc: "p of pairs of one unit a side, taken as independent"},
		Column{Name: "mcnemar_mid_p", Kind: Float, Doc: "its mid-p"},
		Column{Name: "by_scenario", Kind: Float, Doc: "the difference with each scenario weighing the same, where units are unequal"},
		Column{Name: "worst", Kind: Float, Doc: "the difference with every gap against the first side"},
		Column{Name: "best", Kind: Float, Doc: "the difference with every gap for it"},
		Column{Name: "margin_from", Doc: "spec: set before scoring; command line; default"},
		Column{Name: "why", Doc: "of the verdict"},
		Column{Name: "undefined", Doc: "why there is no difference"},
		Column{Name: "first_higher_pairs", Kind: Nested, Doc: "by name, with both sides' numbers"},
		Column{Name: "second_higher_pairs", Kind: Nested, Doc: "by name, with both sides' numbers"},
	)
	for _, x := range shownContrasts(c) {
		var row []any
		if of {
			row = append(row, x.System)
		}
		if sliced {
			row = append(row, orNone(x.Slice.String()))
		}
		g := x.Gross
		if g == nil {
			g = new(bench.Gross)
		}
		var margin *float64
		var from any
		if x.Margin != nil {
			margin, from = &x.Margin.Value, x.Margin.From
		}
		var exact, mid *float64
		if x.McNemar != nil {
			exact, mid = &x.McNemar.Exact, &x.McNemar.Mid
		}
		u := x.FirstUnit
		if u == nil {
			u = new(bench.Contrast)
		}
		row = append(row, x.Metric, number(x.Least), number(x.Sides[0].Value), number(x.Sides[1].Value), number(x.Difference), number(x.Low), number(x.High),
			orNone(string(x.Verdict)), o.chance(x.P), o.chance(x.Holm), discordant(x, x.Higher), discordant(x, x.Lower),
			number(g.Value), number(g.Bound), number(g.Excess), number(g.ExcessBound), number(x.Kept), number(x.KeptBack), number(x.CohenH), number(margin))
		if c.Against == bench.AgainstBaseline {
			row = append(row, number(u.Difference), number(u.Low), number(u.High))
		}
		row = append(row, string(x.Design), x.Sides[0].Name, x.Sides[1].Name, x.Pairs, x.Scenarios, orNone(string(x.Interval)), orNone(string(x.Test)), number(exact), number(mid),
			number(x.ByScenario), number(x.Worst), number(x.Best), from, orNone(x.Why), orNone(x.Undefined), rawPairs(x.Higher), rawPairs(x.Lower))
		t.Rows = append(t.Rows, row)
	}
	if o.People {
		t.narrow()
	}
	return t
}

// narrow leaves out what is for programs.
func (t *Table) narrow() {
	var columns []Column
	rows := make([][]any, len(t.Rows))
	for i, c := range t.Columns {
		if c.Wide {
			continue
		}
		columns = append(columns, c)
		for k := range rows {
			rows[k] = append(rows[k], t.Rows[k][i])
		}
	}
	t.Columns, t.Rows = columns, rows
}

// calledSides is what people call the two sides.
func calledSides(c *bench.Comparison, x *bench.Contrast) [2]string {
	if c.Against == bench.AgainstSystem {
		return [2]string{"A", "B"}
	}
	return [2]string{x.Sides[0].Name, x.Sides[1].Name}
}

// shownContrasts are all but those that nobody asked for and no pair has a number for.
func shownContrasts(c *bench.Comparison) (out []*bench.Contrast) {
	for i := range c.Contrasts {
		if x := &c.Contrasts[i]; c.Spec.Metrics != nil || x.Pairs > 0 || x.Metric == c.Spec.Primary {
			out = append(out, x)
		}
	}
	return out
}

func severalMetrics(c *bench.Comparison) bool {
	for i := range c.Contrasts {
		if c.Contrasts[i].Metric != c.Contrasts[0].Metric {
			return true
		}
	}
	return false
}

// chance is a p-value; people need no more than that it is tiny.
func (o CompareOptions) chance(p *float64) any {
	if p != nil && o.People && *p < .0001 {
		return Raw("<0.0001")
	}
	return number(p)
}

// discordant counts pairs, absent where nothing could be compared.
func discordant(x *bench.Contrast, list []bench.Discord) any {
	if x.Difference == nil || x.Design != bench.PairedDesign {
		return nil
	}
	return int64(len(list))
}

// compareCaption is the conditions under which a comparison holds.
func compareCaption(c *bench.Comparison, o CompareOptions) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	over := "scenarios"
	if cluster := c.Spec.Rules.Cluster; cluster != "scenario" {
		over = "clusters by " + cluster
	}
	switch c.Against {
	case bench.AgainstSystem:
		say("A = %s, B = %s; every difference is A − B, paired by scenario and condition, its variance over %s", c.Sides[0].First, c.Sides[0].Second, over)
	case bench.AgainstBaseline:
		say("%s: net = baseline − interaction, paired by scenario and condition; variance over %s, each weighing the same", c.Spec.Primary, over)
	case bench.AgainstPath:
		say("%s: path_to_victory 3 − path_to_victory 0 or 1; variance over %s, each weighing the same", c.Spec.Primary, over)
	}
	var least, tested []string
	for _, x := range shownContrasts(c) {
		what := contrastName(c, x)
		if x.Least != nil {
			least = append(least, what+" "+three(*x.Least))
		}
		if x.P != nil {
			tested = append(tested, what)
		}
	}
	if len(least) > 0 {
		say("a true difference smaller than this would be missed more often than one time in five: %s", join(least))
	}
	record := c.Record
	if record == "" {
		record = "none (nobody gave control)"
	}
	say("settings %s, k = %d, annotator of record %s, rules %s", strings.Join(c.Spec.Settings, " and "), c.Spec.Rules.Durable, record, short(c.Digest))
	var sides saying
	for i := range c.Sides {
		s := &c.Sides[i]
		for _, line := range sidesLines(c, s, o) {
			sides.say(prefix(s), "%s", line)
		}
	}
	out = append(out, sides.lines(len(c.Sides))...)
	out = append(out, c.Notices...)
	if c.Family > 1 {
		say("Holm over the %d p-values here: %s", c.Family, strings.Join(tested, ", "))
	}
	return out
}

// some is a list, cut where people read it on a screen.
func (o CompareOptions) some(list []string, between string) string {
	if o.Most > 0 && len(list) > o.Most {
		return strings.Join(list[:o.Most], between) + fmt.Sprintf(" and %d more", len(list)-o.Most)
	}
	return strings.Join(list, between)
}

// sidesLines says which pairs there are, and which only one side has.
func sidesLines(c *bench.Comparison, s *bench.Sides, o CompareOptions) []string {
	if c.Against == bench.AgainstPath && len(s.Shared) == 0 {
		return []string{fmt.Sprintf("no scenario has both; %s with %s, %d with %s",
			count(int(bench.Scenarios(s.Only[0])), "scenario"), s.First, bench.Scenarios(s.Only[1]), s.Second)}
	}
	line := fmt.Sprintf("%s in %s", count(len(s.Shared), "shared pair"), count(int(bench.Scenarios(s.Shared)), "scenario"))
	names, n := s.Conditions()
	var conditions []string
	for i, name := range names {
		if name != nil {
			conditions = append(conditions, fmt.Sprintf("%s %d", *name, n[i]))
		}
	}
	if len(conditions) > 0 {
		line += "; shared conditions: " + o.some(conditions, ", ")
	}
	if s.Pooled > 0 {
		line += fmt.Sprintf("; in %d of them one side names no condition, and the other's are taken together", s.Pooled)
	}
	out := []string{line}
	for side, who := range [2]string{s.First, s.Second} {
		if len(s.Only[side]) == 0 {
			continue
		}
		var names []string
		for _, m := range s.Only[side] {
			names = append(names, matchName(m))
		}
		lack := ""
		if n := s.Lacking(side); n > 0 && s.Slice == nil {
			lack = fmt.Sprintf(" (%s lacks %s altogether)", [2]string{s.Second, s.First}[side], count(int(n), "scenario"))
		}
		out = append(out, fmt.Sprintf("only %s has %s%s, left out: %s", who, count(len(names), "pair"), lack, o.some(names, ", ")))
	}
	return out
}

// prefix says whose the sides are.
func prefix(s *bench.Sides) string {
	who := s.System
	switch {
	case s.Slice == nil:
	case who == "":
		who = s.Slice.String()
	default:
		who += " (" + s.Slice.String() + ")"
	}
	return who
}

// saying is what is said of things by name; what is said of several is said once.
type saying struct{ who, what []string }

func (s *saying) say(who, format string, args ...any) {
	s.who, s.what = append(s.who, who), append(s.what, fmt.Sprintf(format, args...))
}

// lines are `who: what`, in order of what was said first; of all of several things, it is
// `all: what`.
func (s *saying) lines(things int) []string {
	var out []string
	done := map[string]bool{}
	for i, what := range s.what {
		if done[what] {
			continue
		}
		done[what] = true
		var who []string
		for k := i; k < len(s.what); k++ {
			if s.what[k] == what {
				who = append(who, s.who[k])
			}
		}
		switch line := strings.Join(who, ", "); {
		case line == "":
			out = append(out, what)
		case len(who) == things && things > 2:
			out = append(out, "all: "+what)
		default:
			out = append(out, line+": "+what)
		}
	}
	return out
}

// matchName is `scenario (condition)`, with what else tells pairs apart.
func matchName(m bench.Match) string {
	var more []string
	if m.Condition != nil {
		more = append(more, *m.Condition)
	}
	if m.Constraint != schema.MainConstraint {
		more = append(more, "constraint "+m.Constraint)
	}
	if len(more) == 0 {
		return m.Scenario
	}
	return m.Scenario + " (" + strings.Join(more, ", ") + ")"
}

// compareNotes are the verdicts' reasons, sizes, and for people the pairs that differ.
func compareNotes(c *bench.Comparison, o CompareOptions) []string {
	var say saying
	shown := shownContrasts(c)
	for _, x := range shown {
		who := contrastName(c, x)
		switch {
		case x.Undefined != "":
			say.say(who, "%s", x.Undefined)
		case x.Verdict != "":
			say.say(who, "%s (margin %g, %s): %s%s", x.Verdict, x.Margin.Value, marginFrom[x.Margin.From], x.Why, doubt(c, x))
		default:
			say.say(who, "no verdict: %s", x.Why)
		}
		if n := len(x.Without); n > 0 && x.Pairs > 0 {
			var names []string
			for _, m := range x.Without {
				names = append(names, matchName(m))
			}
			say.say(who, "%s without a number on a side (undecided, untested, or nothing there to count) left out: %s", count(n, "shared pair"), o.some(names, ", "))
		}
		if x.Difference != nil {
			effects(c, x, &say)
		}
		for _, n := range x.Notes {
			say.say(who, "%s", n)
		}
	}
	out := say.lines(len(shown))
	if o.People {
		out = append(out, pairLines(c, o)...)
	}
	return out
}

// doubt says that a verdict stands on its interval alone: the tests, taken together, do
// not carry it.
func doubt(c *bench.Comparison, x *bench.Contrast) string {
	if x.Holm == nil || *x.Holm <= 1-c.Spec.Rules.Level || x.Verdict == bench.Equivalent || x.Verdict == bench.Unsettled {
		return ""
	}
	return fmt.Sprintf("; but p is %s, %s after Holm", chanceOf(*x.P), chanceOf(*x.Holm))
}

// effects are the sizes of a difference, and how its p was made.
func effects(c *bench.Comparison, x *bench.Contrast, say *saying) {
	who := contrastName(c, x)
	var parts []string
	size := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if x.CohenH != nil {
		size("Cohen's h %s", three(*x.CohenH))
	}
	names := calledSides(c, x)
	if x.Kept != nil {
		size("of what %s has, %s keeps %s", names[0], names[1], three(*x.Kept))
	}
	if x.KeptBack != nil && c.Against == bench.AgainstSystem {
		size("of what %s has, %s keeps %s", names[1], names[0], three(*x.KeptBack))
	}
	if g := x.Gross; g != nil {
		size("the sides disagree in %s of the pairs [%s, %s]", three(*g.Value), three(*g.Low), three(*g.High))
		if g.Excess != nil {
			line := three(*g.Excess) + " more than repeats of one side do"
			if g.ExcessBound != nil {
				line += ", at most " + three(*g.ExcessBound)
			}
			size("%s", line)
		}
	}
	if len(parts) > 0 {
		say.say(who, "%s", join(parts))
	}
	if m := x.McNemar; m != nil && m.Scenarios {
		say.say(who, "p is McNemar's mid-p; exact %s", chanceOf(m.Exact))
	} else if m != nil {
		say.say(who, "p is the paired t's, for scenarios have several pairs; McNemar on pairs as if independent: mid-p %s, exact %s", chanceOf(m.Mid), chanceOf(m.Exact))
	}
	if x.ByScenario != nil {
		say.say(who, "the sides have unequal numbers of units; with every scenario weighing the same the difference is %s", three(*x.ByScenario))
	}
	if g := x.Gross; g != nil && g.Note != "" && c.Against == bench.AgainstBaseline {
		say.say(who, "%s", g.Note)
	}
	if x.FirstUnit != nil {
		say.say(who, "%s", firstUnitLine(x.FirstUnit))
	}
}

// three is a number in a sentence.
func three(v float64) string { return Column{}.friendly(v, "", nil) }

// chanceOf is a p-value in a sentence.
func chanceOf(p float64) string {
	if p < .0001 {
		return "<0.0001"
	}
	return Column{Digits: 4}.friendly(p, "", nil)
}

var marginFrom = map[string]string{
	bench.FromSpec: "set in the spec before scoring", bench.FromCommand: "from the command line: nothing shows that it was set before scoring", bench.FromDefault: "the default",
}

func contrastName(c *bench.Comparison, x *bench.Contrast) string {
	who := x.System
	switch {
	case who == "":
		who = x.Metric
	case severalMetrics(c):
		who += " " + x.Metric
	}
	if x.Slice != nil {
		who += " (" + x.Slice.String() + ")"
	}
	return who
}

// firstUnitLine says how much of a divergence is there on the first unit already.
func firstUnitLine(u *bench.Contrast) string {
	switch {
	case u.Undefined != "":
		return "not compared at the first unit under test: " + u.Undefined
	case u.Low == nil:
		return fmt.Sprintf("at the first unit under test net is %s; longer records have more chances to lose", three(*u.Difference))
	}
	return fmt.Sprintf("at the first unit under test net is %s [%s, %s], %d lost and %d gained; longer records have more chances to lose",
		three(*u.Difference), three(*u.Low), three(*u.High), len(u.Higher), len(u.Lower))
}

// pairLines are the pairs that differ, a line each.
func pairLines(c *bench.Comparison, o CompareOptions) []string {
	var out []string
	left, most := 0, o.Most
	if most > 0 && len(c.Sides) > 2 {
		most = min(most, 3)
	}
	for _, x := range shownContrasts(c) {
		if x.Difference == nil {
			continue
		}
		if o.Most > 0 && (x.Metric != c.Spec.Primary || x.Slice != nil) {
			left += len(x.Higher) + len(x.Lower)
			continue
		}
		names := calledSides(c, x)
		heads := [2]string{"higher for " + names[0], "higher for " + names[1]}
		if c.Against == bench.AgainstBaseline {
			heads = [2]string{"lost at runtime", "gained at runtime"}
		}
		for side, list := range [2][]bench.Discord{x.Higher, x.Lower} {
			if len(list) == 0 {
				continue
			}
			out = append(out, fmt.Sprintf("%s, %s in %d of %s (%s : %s):", contrastName(c, x), heads[side], len(list), count(int(x.Pairs), "pair"), names[0], names[1]))
			for n, d := range list {
				if most > 0 && n == most {
					out = append(out, fmt.Sprintf("  and %d more", len(list)-n))
					break
				}
				out = append(out, fmt.Sprintf("  %s  %s : %s", matchName(d.Match), sideOf(x, &d, 0), sideOf(x, &d, 1)))
			}
		}
	}
	if left > 0 {
		out = append(out, fmt.Sprintf("pairs that differ in other metrics or slices: %d (-o FILE, or --format json, names them)", left))
	}
	return out
}

// sideOf is a side's number in a pair: "1/1" of a share, else the value and what it is
// made of.
func sideOf(x *bench.Contrast, d *bench.Discord, side int) string {
	if d.Ratio && x.Unit == "share" {
		return fmt.Sprintf("%d/%d", d.Y[side], d.N[side])
	}
	if d.N[side] == 1 {
		return Number(d.Values[side])
	}
	return fmt.Sprintf("%s (n %d)", Number(d.Values[side]), d.N[side])
}
