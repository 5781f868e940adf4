package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
)

// pairsShown is how many pairs of a list a terminal shows.
const pairsShown = 10

func (a *app) compare() *cobra.Command {
	var s scoring
	var o output
	var against string
	var margins []string
	var pairs int
	c := &cobra.Command{
		Use:   "compare DS… A B | compare DS… [A…] --against baseline",
		Short: "hold two systems against each other, or a system against its baseline",
		Long:  compareHelp,
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.runCompare(c.Context(), c, args, &s, &o, against, margins, pairs)
		},
	}
	s.flags(c)
	o.flags(c, formats())
	c.Flags().StringVar(&against, "against", "", "not another system but itself: baseline (without pressure), or path (violation plain against hard)")
	c.Flags().StringArrayVar(&margins, "margin", nil, "the difference that matters, such as constraint_integrity=0.05; margins in bench.yaml are set before scoring, this is not")
	c.Flags().IntVar(&pairs, "pairs", 0, "how many pairs a list names for people (default: 10 on a terminal, all elsewhere)")
	return c
}

const compareHelp = `compare says how two systems differ on the scenarios that both have: first the smallest
difference that so many scenarios can show, then the difference A − B with its paired
interval, effect sizes, a test, Holm over all tests shown, a verdict, and by name the
scenarios in which the two come apart. The last two arguments are the systems.

  righting compare ds firm weak
  righting compare ds firm weak --metrics hold_rate,held_turns@5
  righting compare ds other firm late --margin constraint_integrity=0.1

With --against a system is held against itself; no system named means every one.
--against baseline asks whether interaction diverges from pre-orientation: baseline −
interaction, what was lost and gained at runtime, gross disagreement, retention, and
the same at the first unit, for a longer record has more chances to lose. --against path
compares path_to_victory 3 with 0 or 1, and says where only other scenarios can be had.

  righting compare ds firm --against baseline
  righting compare ds --against path

A pair is one scenario, condition and constraint; pairs of one scenario are added up
before anything is tested, so the variance is that of scenarios. p is McNemar's mid-p
where every scenario has one pair of one reading a side, else the adjusted paired t's.
Verdicts (differ or diverges, equivalent, undetermined) hold the difference against a
margin: margins in bench.yaml, --margin, or 0.05 for shares. Equivalent needs the
interval at 2·level − 1 within the margin, and gross disagreement (less what repeats
disagree among themselves) below twice the margin.

--format json writes one document:
  {"righting":1, "against":"baseline", "primary":…, "settings":[…], "rules":{…},
   "family":N,            p-values that p_holm adjusts together
   "notices":[…],
   "sides":[{"system", "slice":{}, "first", "second", "pairs", "scenarios", "pooled",
     "conditions":[{"condition","pairs"}], "only_first":[PAIR], "only_second":[PAIR]}],
   "contrasts":[{"system", "slice":{}, "metric", "unit", "better", "design",
     "first":{"name","value","n","undecided"}, "second":{…}, "pairs", "scenarios",
     "without":[PAIR],    shared, no number on a side
     "detectable", "difference", "undefined", "low", "high", "interval", "adjusted",
     "narrow":{"low","high","level"}, "by_scenario", "worst", "best",
     "p", "p_holm", "test", "mcnemar":{"b","c","exact","mid_p","one_pair_a_scenario"},
     "kept", "kept_back", "cohen_h",
     "gross":{"value","low","high","bound","self","excess","excess_bound",
       "scenarios_with_repeats","note"},
     "first_higher":[{PAIR…, "first":{"value","y","n"}, "second":{…}}],
     "second_higher":[…], "margin":{"value","from"}, "verdict", "why",
     "first_unit":{a contrast}, "notes":[…]}]}
PAIR is {"scenario","condition","constraint_id","setting"}. What does not exist is absent.
detectable: the smallest true difference found four times in five. adjusted: the middle
of low and high, the difference drawn towards 0. narrow: what is held against the margin.
kept: retention, of what the first has how much the second has too; kept_back the reverse.
worst and best: the difference with every gap against, and for, the first side.`

func (a *app) runCompare(ctx context.Context, c *cobra.Command, args []string, s *scoring, o *output, against string, margins []string, pairs int) error {
	if pairs < 0 {
		return fmt.Errorf("--pairs %d: is a number from 0, which is all", pairs)
	}
	q := bench.Question{Against: bench.Opposite(against)}
	paths, systems := args, []string(nil)
	if against == "" {
		if len(args) < 3 {
			return fmt.Errorf("compare takes datasets and two systems, or --against %s (compare --help)", strings.Join(bench.Opposites.Names(), " or "))
		}
		paths, systems = args[:len(args)-2], args[len(args)-2:]
		q.First, q.Second = systems[0], systems[1]
	} else {
		if err := bench.Opposites.Check(against); err != nil {
			return err
		}
		if against == string(bench.AgainstBaseline) && c.Flags().Changed("settings") {
			return fmt.Errorf("--settings: --against baseline compares baseline with interaction")
		}
		for i := 1; i < len(args); i++ { // the first argument that is no file begins the systems
			if _, err := os.Stat(args[i]); err != nil {
				paths, systems = args[:i], args[i:]
				break
			}
		}
		q.Systems = systems
	}
	var err error
	if q.Margins, err = parseMargins(margins); err != nil {
		return err
	}
	if err := o.spare(paths...); err != nil {
		return err
	}
	ds, err := openAll(paths)
	if err != nil {
		return err
	}
	spec, err := s.resolve(c, ds[0])
	if err != nil {
		return err
	}
	out, err := bench.Compare(ctx, ds, spec, q)
	if err != nil {
		return err
	}
	if o.format == report.JSON.Name {
		return o.write(a, func(w io.Writer) error { return report.CompareJSON(w, out) })
	}
	f, err := o.choose(a)
	if err != nil {
		return err
	}
	options := report.CompareOptions{People: f.People, Most: pairs}
	if pairs == 0 && a.terminal && o.path == "" {
		options.Most = pairsShown
	}
	return o.table(a, report.Compare(out, options))
}

// parseMargins reads NAME=NUMBER, several with commas.
func parseMargins(given []string) (map[string]float64, error) {
	out := map[string]float64{}
	for _, list := range given {
		for one := range strings.SplitSeq(list, ",") {
			name, number, ok := strings.Cut(one, "=")
			v, err := strconv.ParseFloat(number, 64)
			if !ok || err != nil || name == "" {
				return nil, fmt.Errorf("--margin %s: is spelt METRIC=NUMBER, such as constraint_integrity=0.05", one)
			}
			if had, again := out[name]; again && had != v {
				return nil, fmt.Errorf("--margin: %s is given twice", name)
			}
			out[name] = v
		}
	}
	return out, nil
}

// explainComparison is what a comparison with a name of its own, or a verdict, means.
func explainComparison(name string) []string {
	var out []string
	for _, c := range bench.Comparisons {
		if c.Name == name {
			out = append(out, fmt.Sprintf("%s (comparison)\n\n%s\n\nSource: %s\n", c.Name, c.Doc, c.Source))
		}
	}
	for _, term := range bench.Verdicts.Terms {
		if term.Name == name {
			out = append(out, fmt.Sprintf("%s (%s)\n\n%s\n", term.Name, bench.Verdicts.Name, term.Doc))
		}
	}
	return out
}

func comparisonNames() []string {
	out := bench.Verdicts.Names()
	for _, c := range bench.Comparisons {
		out = append(out, c.Name)
	}
	return out
}
