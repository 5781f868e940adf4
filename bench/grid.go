package bench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/metrics"
)

// A Grid is how many readings there are of each system in every combination of the
// values of some columns. Slices are the combinations that occur; a grid has the others
// too, with 0. Values are those that readings have or the scenarios tables declare.
type Grid struct {
	Columns []string
	Values  [][]GridValue // by column: texts in order, then none by design, then not recorded
	N       []int64       // readings: by system, then by the columns' values, the last fastest
}

// A GridValue is what a column holds.
type GridValue struct {
	Absent Absent
	Text   string // where it is not absent
}

// Absent is whether and why there is no value.
type Absent uint8

// Kinds of absence.
const (
	Present    Absent = iota
	ByDesign          // declared: none (pressures)
	Unrecorded        // nothing is declared
)

// mostCells bounds what a grid lists.
const mostCells = 100_000

// Places are where N[at] belongs: the place of the system in Board.Systems, and of the
// value of each column.
func (g *Grid) Places(at int) (system int, values []int) {
	values = make([]int, len(g.Values))
	for i := len(values) - 1; i >= 0; i-- {
		values[i] = at % len(g.Values[i])
		at /= len(g.Values[i])
	}
	return at, values
}

// grids are the coverage of each slicing that was asked for.
func (b *Board) grids(s *slicer) error {
	labelled := b.labelled()
	for _, columns := range s.cuts {
		g := Grid{Columns: columns, Values: make([][]GridValue, len(columns))}
		size := len(b.Systems)
		for i, c := range columns {
			g.Values[i] = s.domain(c, b.Spec.Settings)
			size *= len(g.Values[i])
			if size > mostCells {
				break
			}
		}
		if size > mostCells {
			b.Notices = append(b.Notices, fmt.Sprintf("the coverage of %s is not listed: more than %d combinations", strings.Join(columns, ","), mostCells))
			continue
		}
		g.N = make([]int64, size)
		for _, k := range s.keys {
			system, _ := slices.BinarySearch(b.Systems, k.System)
			at := []int{system}
			for i, c := range columns {
				var next []int
				for _, v := range s.held(k, c) {
					place, _ := slices.BinarySearchFunc(g.Values[i], v, GridValue.compare)
					for _, a := range at {
						next = append(next, a*len(g.Values[i])+place)
					}
				}
				at = next
			}
			for _, a := range at {
				g.N[a] += labelled[k]
			}
		}
		b.Grids = append(b.Grids, g)
	}
	return nil
}

// held is what a key holds in a column.
func (s *slicer) held(k metrics.Key, column string) []GridValue {
	texts := s.values(k, column)
	if texts == nil {
		return []GridValue{{Absent: ByDesign}}
	}
	out := make([]GridValue, len(texts))
	for i, t := range texts {
		if out[i].Text = text(t); t == nil {
			out[i].Absent = Unrecorded
		}
	}
	return out
}

// domain is every value of a column, in order: of the keys, and of what is declared
// and has no reading.
func (s *slicer) domain(column string, settings []string) []GridValue {
	var out []GridValue
	for _, k := range s.keys {
		out = append(out, s.held(k, column)...)
	}
	switch column {
	case "setting":
		for i := range settings {
			out = append(out, GridValue{Text: settings[i]})
		}
	case "pressures":
		out = append(out, GridValue{Absent: ByDesign}, GridValue{Absent: Unrecorded})
		fallthrough
	default:
		for _, k := range s.designed() {
			switch {
			case column == "condition" && !k.HasCondition:
			case (column == "constraint_id" || column == "protects") && k.Constraint == "":
			default:
				out = append(out, s.held(k, column)...)
			}
		}
	}
	slices.SortFunc(out, GridValue.compare)
	return slices.Compact(out)
}

// designed are the keys that the scenarios tables declare: each scenario with each of
// its constraints, and once without.
func (s *slicer) designed() []metrics.Key {
	var out []metrics.Key
	for at, row := range s.scenarios {
		k := metrics.Key{Scenario: at[0], Condition: at[1], HasCondition: row.Condition != nil}
		out = append(out, k)
		for i := range row.Constraints {
			k.Constraint = row.Constraints[i].ID
			out = append(out, k)
		}
		for id := range s.protected {
			k.Constraint = id
			out = append(out, k)
		}
	}
	return out
}

// compare orders texts bytewise, then none by design, then not recorded.
func (v GridValue) compare(w GridValue) int {
	return cmp.Or(cmp.Compare(v.Absent, w.Absent), cmp.Compare(v.Text, w.Text))
}
