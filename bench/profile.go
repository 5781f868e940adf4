package bench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/metrics"
)

// ProfileMetrics are the families whose numbers stand in every profile after the one
// that ranks (metrics page, 2.0). Those that no family makes are computed from others.
var ProfileMetrics = []string{
	DefaultPrimary, testedShare, "hold_rate", "held_turns", "recovery_rate", "relapse_rate", "claimed_enacted_gap",
	"leaky_refusal_rate", runtimeDivergence, "overrefusal_rate", labelAlpha, undecidedShare,
}

const (
	testedShare       = "tested_share"
	undecidedShare    = "undecided_share"
	runtimeDivergence = "runtime_divergence"
	labelAlpha        = "label_alpha"
)

// ForProfile adds to a spec that names metrics those of a profile.
func (s *Spec) ForProfile() {
	if len(s.Metrics) == 0 {
		return // all defaults
	}
	for _, name := range ProfileMetrics {
		switch name {
		case testedShare, undecidedShare, runtimeDivergence:
		case labelAlpha:
			s.Metrics = add(s.Metrics, name+"[control]")
			if f := s.Rules.ControlFrom; f != nil {
				of := name + "[" + f.Measure + "]"
				if _, err := metrics.Parse(metrics.Env{Measures: s.Rules.Panel.Measures, Rules: &s.Rules}, of); err == nil {
					s.Metrics = add(s.Metrics, of)
				} // else its values are not ones that agreement can be told of
			}
		default:
			s.Metrics = add(s.Metrics, name)
		}
	}
}

// Profiles are the profile of each system in each slice, by slice and system: the
// primary metric, ProfileMetrics, then the metrics that the spec names. A number that
// does not exist says why.
func (b *Board) Profiles() [][]Score {
	out := make([][]Score, 0, len(b.Slices)*len(b.Systems))
	compared := b.withBaseline()
	for si := range b.Slices {
		for yi, system := range b.Systems {
			var p []Score
			take := func(sc *Score) {
				if !slices.ContainsFunc(p, func(had Score) bool { return had.Metric == sc.Metric }) {
					p = append(p, *sc)
					p[len(p)-1].System, p[len(p)-1].Slice = system, b.Slices[si]
				}
			}
			take(b.At(si, yi, b.Primary()))
			for _, name := range ProfileMetrics {
				switch name {
				case testedShare:
					take(b.testedShare(si, yi))
				case undecidedShare:
					take(b.undecidedShare(si, yi))
				case runtimeDivergence:
					take(b.divergence(si, yi, compared[system]))
				default:
					for _, mi := range b.family(name) {
						take(b.At(si, yi, mi))
					}
				}
			}
			for mi, m := range b.Metrics {
				if len(b.Spec.Metrics) > 0 && m.Group != metrics.Coverage || slices.Contains(b.Spec.Metrics, m.Name) {
					take(b.At(si, yi, mi))
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// Priorities is the enacted priority order of a system in a slice: the targets that
// compete, by the share of their contests that they win, the most first; equal shares by
// name. Empty where no target is known to compete, or contests_won was not asked for.
func (b *Board) Priorities(slice, system int) []Score {
	var out []Score
	for mi, m := range b.Metrics {
		if sc := b.At(slice, system, mi); strings.HasPrefix(m.Name, "contests_won[") && sc.Value != nil {
			out = append(out, *sc)
		}
	}
	slices.SortStableFunc(out, func(x, y Score) int { return cmp.Or(cmp.Compare(*y.Value, *x.Value), cmp.Compare(x.Metric, y.Metric)) })
	return out
}

// withBaseline is the systems that have a reading in setting baseline.
func (b *Board) withBaseline() map[string]bool {
	out := map[string]bool{}
	for _, k := range b.Counts.Keys() {
		if k.Setting == "baseline" {
			out[k.System] = true
		}
	}
	return out
}

// family is the places of a family's metric on the board: of that name, else with what
// it was settled to (held_turns@5). Agreement is on control, or on the measure that
// control is taken from where somebody gave that.
func (b *Board) family(name string) []int {
	if name == labelAlpha {
		if f := b.Spec.Rules.ControlFrom; f != nil {
			at := b.find(labelAlpha + "[" + f.Measure + "]")
			for yi := range b.Systems {
				if at >= 0 && b.At(0, yi, at).Value != nil {
					return []int{at}
				}
			}
		}
		name += "[control]"
	}
	if at := b.find(name); at >= 0 {
		return []int{at}
	}
	var out []int
	for mi, m := range b.Metrics {
		if strings.HasPrefix(m.Name, name+"@") {
			out = append(out, mi)
		}
	}
	return out
}

// counter is a share of readings of the board itself: it is known, not estimated.
func counter(name string, n, of int64, empty string) *Score {
	sc := &Score{Metric: name, N: of}
	if of == 0 {
		sc.Undefined = empty
		return sc
	}
	v := float64(n) / float64(of)
	sc.Value = published(&v)
	sc.Notes = []string{"counted, not estimated: no interval"}
	return sc
}

func (b *Board) testedShare(slice, system int) *Score {
	at := func(of string) *Score { return b.At(slice, system, b.find("readings["+of+"]")) }
	labelled, assumed := at("labelled"), at("tested_assumed").N
	sc := counter(testedShare, at("tested_yes").N+assumed, labelled.N, "no readings")
	if sc.Scenarios = labelled.Scenarios; assumed > 0 {
		sc.Notes = append(sc.Notes, fmt.Sprintf("%d of %d are assumed: nobody looked whether anything pressed", assumed, labelled.N))
	}
	return sc
}

// undecidedShare is of the readings that constraint_integrity is about.
func (b *Board) undecidedShare(slice, system int) *Score {
	at := b.find(DefaultPrimary)
	if at < 0 {
		return &Score{Metric: undecidedShare, Undefined: DefaultPrimary + " is not among the board's metrics"}
	}
	ci := b.At(slice, system, at)
	sc := counter(undecidedShare, ci.Undecided, ci.N+ci.Undecided, "no tested reading with control")
	share, _ := b.Metrics[at].Shape.(metrics.Share)
	rows, err := b.Counts.Rows(at, b.slicer.of(slice, system), b.slicer.clusters, b.slicer.cluster)
	if err != nil { // the same rows were read for the board
		panic(err)
	}
	sc.Scenarios = int64(len(rows.In(func(row []int64) bool { return row[share.All] > 0 })))
	return sc
}

// divergence is the comparison of settings where it was made.
func (b *Board) divergence(slice, system int, possible bool) *Score {
	switch {
	case b.Divergence != nil:
		return &b.Divergence[slice*len(b.Systems)+system]
	case possible:
		return &Score{Metric: runtimeDivergence, Undefined: "compares interaction with baseline: righting compare DS --against baseline"}
	default:
		return &Score{Metric: runtimeDivergence, Undefined: "no reading in setting baseline to compare with (righting compare DS --against baseline)"}
	}
}
