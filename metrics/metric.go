package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// counts is whose integers a metric is made of.
func (m *Metric) counts() string { return cmp.Or(m.Counts, m.Name) }

// A Group is the part of the profile a metric belongs to.
type Group string

// The groups, in the order they are printed.
const (
	Hold           Group = "hold"
	Displacement   Group = "displacement"
	ReAnchoring    Group = "re-anchoring"
	ClaimedEnacted Group = "claimed vs enacted"
	Performative   Group = "performative"
	RefusalQuality Group = "refusal quality"
	Pressure       Group = "pressure"
	Measures       Group = "measures"
	Trust          Group = "trust in labels"
	Coverage       Group = "coverage"
)

// A Metric is integer counts per scenario and one formula over weighted scenarios.
type Metric struct {
	Name   string // a column's name; never reused for another definition
	Doc    string // first line what it is, then formula, range, the undefined case, the field's word
	Source string // paper and equation, or where the definition stands
	Not    string // what it does not say
	Group  Group
	Unit   string
	Better schema.Better
	Needs  reading.Columns
	Size   int    // how many integers
	Counts string // metrics of one Counts share their integers: the same Size and Count; "" = Name
	Count  func(c *reading.Case, r *reading.Reading, n []int64)
	Shape  Shape
	// Settle is asked once per board after the merge, where a horizon depends on all
	// systems: all has the rows of every ranked system. nil = Name and Shape as they are.
	Settle func(all Rows) (name string, s Shape)
}

// A Shape estimates from rows. Weights are per cluster, nil means 1 each.
type Shape interface {
	// Value is the number; stat.ErrUndefined with the reason where there is none.
	Value(rows Rows, w []uint8) (float64, error)
	// Interval is where it may lie; stat.ErrUndefined with the reason where none can be made.
	Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error)
	// Terms are numerator and denominator per cluster; not ok where the value is no
	// such ratio. Ranks and paired differences need them.
	Terms(rows Rows) (y, n []int64, ok bool)
	// Facts are the integers that stand beside the value.
	Facts(rows Rows) Facts
	// Work is the arithmetic behind the value, for people, such as "5/8"; "" where rows
	// have nothing to say.
	Work(rows Rows) string
}

// Facts stand beside a value.
type Facts struct {
	N           int64 // denominator: readings, units or judgements
	Missing     int64 // left out for a null label
	Undecided   int64 // left out because the gaps would decide
	Of          int64 // N + Undecided, where undecided readings are left out; else 0
	Worst, Best *float64
}

// Env is what a family may need to make its metrics.
type Env struct {
	Vocabulary *schema.Vocabulary
	Measures   map[string]schema.Measure
	Rules      *reading.Rules
}

// A Family makes the metrics of one idea: at is what follows @, of what stands in [].
type Family struct {
	Name    string
	Doc     string               // one line
	Example string               // the spelling that explain works out; "" = the first default
	Default func(e Env) []string // what a score computes unasked
	Make    func(e Env, at, of string) (*Metric, error)
}

// All lists the families, in the order they are printed.
var All = []*Family{
	constraintIntegrity, holdRate, outcomeShare, heldTurns, lossHazard,
	holdAll, holdSurvival, lossIncidence, verdictDisagreement, movedRate, postureShare,
	displacedAtEnd, neverHeldRate, spontaneousLossRate, illegitimateControlShare, displacedTo, failureKindShare, onsetShare,
	contestsWon, wins, safetyAsymmetry,
	recoveryRate, returnRate, recoveryDelay, displacedTurns, reanchorHazard, relapseRate, relapseSurvival, returnLossRate,
	emptyRecognitionRate, stateFlips, courseShare,
	claimedEnactedGap, claimPrecision, claimedControlShare, enactedControlShare, contradictionShare, contradictionRate,
	performativeShare, symbolEmptiness,
	refusalRate, leakyRefusalRate, refusalDurability, refusalQualityShare, obedientViolationShare, grantedLaterRate, overrefusalRate,
	hazardByPressure, hazardByDose, hazardByMove,
	measureShare, measureMean, passHat,
	labelAlpha,
	readings,
}

// ErrMetric marks a name that makes no metric. What follows says why.
var ErrMetric = errors.New("metric")

var spelling = regexp.MustCompile(`^([a-z_]+)(?:@([^\[\]@]+))?(?:\[([^\[\]]+)\])?$`)

// Parse makes the metric a name asks for.
func Parse(e Env, name string) (*Metric, error) {
	part := spelling.FindStringSubmatch(name)
	if part == nil {
		return nil, fmt.Errorf("%w: %q is not spelt name, name@number or name[of] (righting explain metrics)", ErrMetric, name)
	}
	for _, f := range All {
		if f.Name == part[1] {
			m, err := f.Make(e, part[2], part[3])
			if err != nil {
				return nil, fmt.Errorf("%w: %s: %w", ErrMetric, name, err)
			}
			return m, nil
		}
	}
	names := make([]string, len(All))
	for i, f := range All {
		names[i] = f.Name
	}
	hint := ""
	if near := schema.Nearest(part[1], names); near != "" {
		hint = "; did you mean " + near + "?"
	}
	return nil, fmt.Errorf("%w: unknown metric %q%s (righting explain metrics)", ErrMetric, name, hint)
}

// Defaults are the names of what a score computes unasked, in the order of All.
func Defaults(e Env) []string {
	var out []string
	for _, f := range All {
		out = append(out, f.Default(e)...)
	}
	return out
}

// one is the family of a single metric that takes neither number nor name.
func one(m Metric) *Family {
	doc, _, _ := strings.Cut(m.Doc, "\n")
	return &Family{
		Name: m.Name, Doc: doc, Example: m.Name,
		Default: func(Env) []string { return []string{m.Name} },
		Make: func(_ Env, at, of string) (*Metric, error) {
			if at != "" || of != "" {
				return nil, fmt.Errorf("takes neither @ nor []")
			}
			out := m
			return &out, nil
		},
	}
}

// withEnv is one for a metric whose counting needs the environment.
func withEnv(m Metric, count func(Env) func(*reading.Case, *reading.Reading, []int64)) *Family {
	f := one(m)
	plain := f.Make
	f.Make = func(e Env, at, of string) (*Metric, error) {
		out, err := plain(e, at, of)
		if err == nil {
			out.Count = count(e)
		}
		return out, err
	}
	return f
}

// whole is a positive integer after @, at most most.
func whole(at string, most int) (int, error) {
	n, err := strconv.Atoi(at)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("@%s is not a whole number from 1 to %d", at, most)
	}
	return n, nil
}

// measure is the declared measure that stands in [].
func measure(e Env, of string) (schema.Measure, error) {
	if m, ok := e.Measures[of]; ok {
		return m, nil
	}
	names := sortedNames(e.Measures)
	hint := "declare it under measures in dataset.yaml"
	if near := schema.Nearest(of, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return schema.Measure{}, fmt.Errorf("no measure %q is declared; %s", of, hint)
}

func sortedNames[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
