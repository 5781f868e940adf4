package report

import (
	"strings"

	"github.com/righting-bench/righting/bench"
)

// Coverage is, for each slicing of a board, how many readings each system has in every
// combination of values, 0 where there are none. Across stand the values of the last
// column, or the systems where they are fewer.
func Coverage(b *bench.Board) []*Table {
	var out []*Table
	for i := range b.Grids {
		out = append(out, coverage(b, &b.Grids[i]))
	}
	return out
}

func coverage(b *bench.Board, g *bench.Grid) *Table {
	t := &Table{Name: "coverage", Caption: []string{"readings by " + strings.Join(g.Columns, " and ") + "; 0 = an empty cell"}}
	last := len(g.Columns) - 1
	across := len(g.Values[last]) <= len(b.Systems)
	down := g.Columns
	if across {
		t.Columns, down = append(t.Columns, Column{Name: "system", Doc: "what is ranked"}), g.Columns[:last]
	}
	for _, c := range down {
		t.Columns = append(t.Columns, Column{Name: c, Doc: "its value"})
	}
	if across {
		for _, v := range g.Values[last] {
			name := g.Columns[last] + "=" + v.Text
			if v.Absent != bench.Present {
				name = g.Columns[last] + " " + held(g.Columns[last], v)
			}
			t.Columns = append(t.Columns, Column{Name: name, Title: held(g.Columns[last], v), Kind: Int, Doc: "readings"})
		}
	} else {
		for _, s := range b.Systems {
			t.Columns = append(t.Columns, Column{Name: "system=" + s, Title: s, Kind: Int, Doc: "readings"})
		}
	}
	count, step, stride := len(b.Systems), len(g.N)/len(b.Systems), 1 // across, and from row to row
	if across {
		count, step, stride = len(g.Values[last]), 1, len(g.Values[last])
	}
	for row := range len(g.N) / count {
		system, values := g.Places(row * stride)
		var cells []any
		if across {
			cells = append(cells, b.Systems[system])
		}
		for i := range down {
			cells = append(cells, held(down[i], g.Values[i][values[i]]))
		}
		for k := range count {
			cells = append(cells, g.N[row*stride+k*step])
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// held is what people call a value of a column.
func held(column string, v bench.GridValue) string {
	switch {
	case v.Absent == bench.Present:
		return v.Text
	case v.Absent == bench.ByDesign:
		return "none by design"
	case column == "condition":
		return "no condition"
	case column == "pressures":
		return "none recorded"
	default:
		return "not recorded"
	}
}

// A jsonCell is a cell of a grid; a value is null where nothing is recorded, absent
// where there is none by design.
type jsonCell struct {
	System string             `json:"system"`
	Slice  map[string]*string `json:"slice"`
	None   []string           `json:"none_by_design,omitempty"` // columns
	N      int64              `json:"n"`
}

func jsonCells(b *bench.Board) []jsonCell {
	var out []jsonCell
	for i := range b.Grids {
		g := &b.Grids[i]
		for at, n := range g.N {
			system, values := g.Places(at)
			c := jsonCell{System: b.Systems[system], Slice: map[string]*string{}, N: n}
			for k, column := range g.Columns {
				switch v := &g.Values[k][values[k]]; v.Absent {
				case bench.Present:
					c.Slice[column] = &v.Text
				case bench.ByDesign:
					c.None = append(c.None, column)
				default:
					c.Slice[column] = nil
				}
			}
			out = append(out, c)
		}
	}
	return out
}
