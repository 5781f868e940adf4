package bench

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

const targetsChange = "constraints that protect different targets, on the same systems; ten scenarios for each; more systems"

var targetsAudit = &Audit{
	Name:     "targets",
	Question: "is integrity one factor, or does it depend on the target that is at stake?",
	Doc: `Integrity by target, correlated. The target is what the constraint protects; where fewer
than two are declared, what competes by design (a scenario's objectives), else what was
seen competing. With five systems or more, a point is a system; with fewer, a system in a
scenario that has several targets, taken from the system's mean. The share of variance of the first
principal component of the Pearson correlations (1/p for p unrelated targets, 1 for one
factor) has BCa over scenarios, systems fixed. Sampling error of the integrities lowers
correlations, so few scenarios look like several factors: with fewer than ten in any
target that is no verdict. A first component whose targets pull against each other is a trade-off,
not one factor. Source: checklist, on arXiv 2602.20813 (one factor over 904 scenarios).`,
	Words: []schema.Term{
		{Name: "one factor", Doc: "the whole interval of the first component's share lies at or above its margin, all targets on one side"},
		{Name: "several", Doc: "the whole interval lies below its margin, or targets pull against each other"},
		undeterminedTerm,
	},
	Margins: []Margin{{Name: "factor_share", Value: .70, Doc: "the least share of variance that one factor carries"}},
	Change:  targetsChange,
	Shown:   []string{"first_component", "points", "targets"},
	ask:     askTargets,
}

// targets counts a reading for what its constraint protects, and for what was seen
// competing.
func (f *facts) targets(k metrics.Key, c *reading.Case, r *reading.Reading) {
	credit, decided := r.Credit()
	if !decided {
		return
	}
	count := func(target string, competing bool) {
		n := f.contests.at(contestAt{k, target, competing})
		n[both]++
		n[onlyX] += int64(credit)
	}
	count(c.Design.Protects, false)
	for code, units := range r.Judged.By[reading.Competing].Is {
		if code < len(f.words.Targets.Terms) && !units.And(r.Sequence).Empty() {
			count(f.words.Targets.Terms[code].Name, true)
		}
	}
}

// A stake is readings by target: one way of saying what was at stake.
type stake struct {
	what  string
	names []string
	by    map[string][]columns // by target, system
}

// stake is the first way of naming a target that tells two of them apart; nil = none does.
func (e *evidence) stake() (*stake, error) {
	declared := func(k contestAt) []string { return []string{k.target} }
	for _, way := range []struct {
		what      string
		competing bool
		targets   func(contestAt) []string
	}{
		{"what the constraint protects", false, declared},
		{"what competes by design", false, func(k contestAt) (out []string) {
			if row := e.s.row(k.key); row != nil {
				for _, o := range row.Objectives {
					if o.Target != nil {
						out = add(out, *o.Target)
					}
				}
			}
			return out
		}},
		{"what was seen competing", true, declared},
	} {
		names := map[string]bool{}
		for k := range e.facts.contests {
			if k.competing == way.competing {
				for _, t := range way.targets(k) {
					names[t] = true
				}
			}
		}
		delete(names, "")
		if len(names) < 2 {
			continue
		}
		out := &stake{what: way.what, names: slices.Sorted(maps.Keys(names)), by: map[string][]columns{}}
		for _, t := range out.names {
			list, err := bySystem(e, e.facts.contests, func(k contestAt) metrics.Key { return k.key },
				func(k contestAt) bool { return k.competing == way.competing && slices.Contains(way.targets(k), t) })
			if err != nil {
				return nil, err
			}
			out.by[t] = list
		}
		return out, nil
	}
	return nil, nil
}

// points gives the integrity of each point by target, each point as often as it counts.
type points func(w []uint8) ([][]float64, error)

func askTargets(e *evidence) ([]Answer, error) {
	var a Answer
	s, err := e.stake()
	if err != nil {
		return nil, err
	}
	if s == nil {
		return []Answer{a.lacking("no two targets are at stake: constraints declare fewer than two that they protect, scenarios fewer than two that compete, and fewer than two were seen competing", targetsChange)}, nil
	}
	a.Notes = append(a.Notes, "the target is "+s.what)
	at, what, n := e.systemPoints(s)
	if n < systemsNeeded {
		at, what, n = e.scenarioPoints(s)
	}
	a.Numbers = append(a.Numbers, countOf("targets", int64(len(s.names))), countOf("points", int64(n)))
	a.Notes = append(a.Notes, "a point is "+what)
	if n < systemsNeeded {
		return []Answer{a.lacking(fmt.Sprintf("%d points (%s), a correlation needs %d", n, what, systemsNeeded), targetsChange)}, nil
	}
	matrix, err := at(nil)
	if err != nil {
		return nil, err
	}
	var left []string
	for t := len(s.names) - 1; t >= 0; t-- { // a target without variation has no correlation
		if v := matrix[t]; !slices.ContainsFunc(v, func(x float64) bool { return x != v[0] }) {
			left = append(left, s.names[t])
			s.names, matrix = slices.Delete(s.names, t, t+1), slices.Delete(matrix, t, t+1)
		}
	}
	if len(left) > 0 {
		slices.Sort(left)
		a.Notes = append(a.Notes, "left out, the same on every point: "+strings.Join(left, ", "))
	}
	if len(s.names) < 2 {
		return []Answer{a.lacking("fewer than two targets have an integrity that varies", targetsChange)}, nil
	}
	e.correlations(&a, s.names, matrix)
	return e.factor(a, s, at, matrix)
}

// correlations adds the matrix, a pair a number.
func (e *evidence) correlations(a *Answer, names []string, matrix [][]float64) {
	for i := range names {
		for j := range i {
			for _, c := range []struct {
				name string
				of   func(x, y []float64) (float64, error)
			}{{"pearson", stat.Pearson}, {"spearman", stat.Spearman}} {
				n := Number{Name: c.name}
				if v, err := c.of(matrix[j], matrix[i]); err != nil {
					n = undefinedNumber(c.name, err)
				} else {
					n = numberOf(c.name, v, int64(len(matrix[i])))
				}
				n.About = names[j] + " and " + names[i]
				a.Numbers = append(a.Numbers, n)
			}
		}
	}
}

// factor is the first component and its verdict.
func (e *evidence) factor(a Answer, s *stake, at points, matrix [][]float64) ([]Answer, error) {
	_, loadings, err := stat.Principal(matrix)
	if errors.Is(err, stat.ErrUndefined) {
		return []Answer{a.lacking("the first component is undefined: "+reason(err), targetsChange)}, nil
	} else if err != nil {
		return nil, err
	}
	var against []string
	for t, l := range loadings {
		n := numberOf("loading", l, int64(len(matrix[t])))
		n.About = s.names[t]
		a.Numbers = append(a.Numbers, n)
		if l < -.1 { // below that it hardly belongs to the component
			against = append(against, s.names[t])
		}
	}
	in := map[int]bool{}
	fewest, which := int64(len(e.s.clusters))+1, ""
	for _, t := range s.names {
		all := e.pooled(s.by[t])
		list := all.in(both)
		for _, c := range list {
			in[c] = true
		}
		if n := int64(len(list)); n < fewest {
			fewest, which = n, t
		}
	}
	share, err := e.resampled("first_component", slices.Sorted(maps.Keys(in)), func(w []uint8) (float64, error) {
		matrix, err := at(w)
		if err != nil {
			return 0, err
		}
		v, _, err := stat.Principal(matrix)
		return v, err
	})
	if err != nil {
		return nil, err
	}
	a.Numbers = append(a.Numbers, share)
	m := e.margin("factor_share")
	switch {
	case share.Low == nil:
		return []Answer{a.lacking("the first component has "+joined(share.Undefined, share.Note), targetsChange)}, nil
	case *share.Low >= m && len(against) == 0:
		a.Verdict, a.Why = "one factor", fmt.Sprintf("one factor carries at least %s of the variance, not below factor_share %s, and every target goes with it", short(*share.Low), short(m))
		a.Change = "systems that hold one target and lose another"
	case *share.Low >= m:
		a.Verdict, a.Why = "several", fmt.Sprintf("what holds the others loses %s: the first component (%s) is a trade-off between targets", strings.Join(against, ", "), share)
		a.Change = "systems that hold all targets, or none"
	case *share.High < m && fewest >= scenariosNeeded:
		a.Verdict, a.Why = "several", fmt.Sprintf("one factor carries at most %s of the variance, below factor_share %s", short(*share.High), short(m))
		a.Change = "systems that hold all targets, or none"
	case *share.High < m:
		return []Answer{a.lacking(fmt.Sprintf("one factor carries at most %s of the variance, but %s has %d scenarios, and sampling error alone looks like several factors below %d", short(*share.High), which, fewest, scenariosNeeded), "more scenarios of "+which)}, nil
	default:
		return []Answer{a.lacking(fmt.Sprintf("one factor carries %s to %s of the variance, on both sides of factor_share %s", short(*share.Low), short(*share.High), short(m)), "more scenarios and systems, until the interval lies on one side")}, nil
	}
	return []Answer{a}, nil
}

// systemPoints takes a system as a point, of those with readings of every target.
func (e *evidence) systemPoints(s *stake) (points, string, int) {
	var systems []int
	for i := range e.s.systems {
		if !slices.ContainsFunc(s.names, func(t string) bool { return s.by[t][i].sum(nil, both) == 0 }) {
			systems = append(systems, i)
		}
	}
	return func(w []uint8) ([][]float64, error) {
		out := make([][]float64, len(s.names))
		for t, name := range s.names {
			share := shareBoard(s.by[name], []int{onlyX}, []int{both})
			for _, i := range systems {
				v, err := share(i, w)
				if err != nil {
					return nil, err
				}
				out[t] = append(out[t], v)
			}
		}
		return out, nil
	}, "a system with readings of every target", len(systems)
}

// scenarioPoints takes a system in a scenario as a point, of those with readings of every
// target, less the system's mean over its points.
func (e *evidence) scenarioPoints(s *stake) (points, string, int) {
	type point struct{ system, cluster int }
	var all []point
	for i := range e.s.systems {
		for c := range e.s.clusters {
			if !slices.ContainsFunc(s.names, func(t string) bool { return s.by[t][i][both][c] == 0 }) {
				all = append(all, point{i, c})
			}
		}
	}
	return func(w []uint8) ([][]float64, error) {
		out := make([][]float64, len(s.names))
		for t, name := range s.names {
			sum, n := make([]float64, len(e.s.systems)), make([]float64, len(e.s.systems))
			times := func(p point) int {
				if w == nil {
					return 1
				}
				return int(w[p.cluster])
			}
			value := func(p point) float64 {
				c := &s.by[name][p.system]
				return float64(c[onlyX][p.cluster]) / float64(c[both][p.cluster])
			}
			for _, p := range all {
				sum[p.system] += float64(float64(times(p)) * value(p))
				n[p.system] += float64(times(p))
			}
			for _, p := range all {
				for range times(p) {
					out[t] = append(out[t], math.Round((value(p)-sum[p.system]/n[p.system])*1e9)/1e9) // equal shares stay equal
				}
			}
		}
		return out, nil
	}, "a system in a scenario with readings of every target, less the system's mean", len(all)
}
