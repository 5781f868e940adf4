package bench

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/metrics"
)

// A Match is what a pair has in common. Condition is nil where the scenario has none,
// or where one side names none and so the other's are taken together.
type Match struct {
	Setting    string // "" where the two sides are settings
	Scenario   string
	Condition  *string
	Constraint string
}

// Compare orders matches bytewise, no condition first.
func (m Match) Compare(o Match) int {
	has := func(s *string) int {
		if s == nil {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(m.Scenario, o.Scenario), cmp.Compare(has(m.Condition), has(o.Condition)), cmp.Compare(text(m.Condition), text(o.Condition)),
		cmp.Compare(m.Setting, o.Setting), cmp.Compare(m.Constraint, o.Constraint),
	)
}

// matchOf is the match of a key with all that it says.
func matchOf(k metrics.Key) Match {
	m := Match{Setting: k.Setting, Scenario: k.Scenario, Constraint: k.Constraint}
	if k.HasCondition {
		condition := k.Condition
		m.Condition = &condition
	}
	return m
}

// A Sides says what two sides have to be compared on.
type Sides struct {
	System        string // whose two sides; "" where the sides are systems
	Slice         Slice
	First, Second string
	Shared        []Match            // both have readings there
	Only          [2][]Match         // one has, by side
	Pooled        int64              // shared matches in which one side's conditions are taken together
	keys          [2][][]metrics.Key // by shared match
	keysOf        [2][]metrics.Key   // all
}

// newSides matches the keys of two sides by match.
func newSides(first, second []metrics.Key, match func(metrics.Key) Match) Sides {
	type found struct {
		Match
		keys [2][]metrics.Key
	}
	index := map[string]*found{}
	var all []*found
	for side, keys := range [2][]metrics.Key{first, second} {
		for _, k := range keys {
			m := match(k)
			id := fmt.Sprintf("%q %q %t %q %q", m.Setting, m.Scenario, m.Condition != nil, text(m.Condition), m.Constraint)
			at := index[id]
			if at == nil {
				at = &found{Match: m}
				index[id] = at
				all = append(all, at)
			}
			at.keys[side] = append(at.keys[side], k)
		}
	}
	slices.SortFunc(all, func(x, y *found) int { return x.Match.Compare(y.Match) })
	s := Sides{keysOf: [2][]metrics.Key{first, second}}
	for _, f := range all {
		switch {
		case f.keys[1] == nil:
			s.Only[0] = append(s.Only[0], f.Match)
		case f.keys[0] == nil:
			s.Only[1] = append(s.Only[1], f.Match)
		default:
			s.Shared = append(s.Shared, f.Match)
			for side := range s.keys {
				s.keys[side] = append(s.keys[side], f.keys[side])
			}
		}
	}
	return s
}

// Scenarios counts the scenarios of matches.
func Scenarios(matches []Match) int64 {
	seen := map[string]bool{}
	for _, m := range matches {
		seen[m.Scenario] = true
	}
	return int64(len(seen))
}

// Lacking counts the scenarios that a side has and the other lacks in every condition.
func (s *Sides) Lacking(side int) int64 {
	has := map[string]bool{}
	for _, m := range slices.Concat(s.Shared, s.Only[1-side]) {
		has[m.Scenario] = true
	}
	gone := map[string]bool{}
	for _, m := range s.Only[side] {
		if !has[m.Scenario] {
			gone[m.Scenario] = true
		}
	}
	return int64(len(gone))
}

// Conditions lists the conditions of the shared matches, none first, and how many of
// them each has.
func (s *Sides) Conditions() (names []*string, n []int64) {
	at := map[string]int{}
	for _, m := range s.Shared {
		id := fmt.Sprintf("%t %s", m.Condition != nil, text(m.Condition))
		i, ok := at[id]
		if !ok {
			i = len(names)
			at[id] = i
			names, n = append(names, m.Condition), append(n, 0)
		}
		n[i]++
	}
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return Match{Condition: names[a]}.Compare(Match{Condition: names[b]})
	})
	sorted, counts := make([]*string, len(names)), make([]int64, len(names))
	for to, from := range order {
		sorted[to], counts[to] = names[from], n[from]
	}
	return sorted, counts
}

// bySetting matches the settings of one system: scenario, condition and constraint are
// the same. Where one side names no condition at all in a scenario, the other's are
// taken together: a baseline often has none.
func bySetting(first, second []metrics.Key) (match func(metrics.Key) Match, pooled func(Match) bool) {
	type place struct{ scenario, constraint string }
	var named [2]map[place]bool
	for side, keys := range [2][]metrics.Key{first, second} {
		named[side] = map[place]bool{}
		for _, k := range keys {
			at := place{k.Scenario, k.Constraint}
			named[side][at] = named[side][at] || k.HasCondition
		}
	}
	together := func(at place) bool {
		first, both := named[0][at]
		second, ok := named[1][at]
		return both && ok && first != second
	}
	match = func(k metrics.Key) Match {
		m := matchOf(k)
		m.Setting = ""
		if together(place{k.Scenario, k.Constraint}) {
			m.Condition = nil
		}
		return m
	}
	return match, func(m Match) bool { return together(place{m.Scenario, m.Constraint}) }
}
