package report

import (
	"fmt"
	"math"

	"github.com/righting-bench/righting/schema/plain"
)

// A Table is what any verb prints.
type Table struct {
	Name    string   // what the rows are, a machine's name: "scores"
	Caption []string // lines above, for people: conditions, notices
	Columns []Column
	Rows    [][]any  // one cell for each column: string, int64, float64, bool, Raw; nil = absent
	Notes   []string // lines below, for people
}

// A Column says what stands in one place of every row.
type Column struct {
	Name    string // machine name, unique in the table
	Title   string // people's heading; "" = Name
	Kind    Kind
	Doc     string // what it means, one sentence
	Digits  int    // decimals that people see of a Float; 0 = 3
	Wide    bool   // for programs: people see it only if Options.Wide
	Uncut   bool   // a string that Text leaves whole, however narrow the terminal
	Drawing bool   // a picture of other columns, such as a Whisker: Text and Markdown only
	Drawn   bool   // people see it in the next Drawing, as far as the format can show one
}

// A Kind is the type of every cell in a column that is not absent.
type Kind uint8

// The kinds of a column and the Go type of their cells.
const (
	String Kind = iota // string
	Int                // int64
	Float              // float64, finite
	Bool               // bool
	Nested             // Raw: a list or a struct
)

// Raw is a cell that is JSON already: a list, or a float with all its digits.
type Raw string

// String is the name of the kind, lower case.
func (k Kind) String() string {
	switch k {
	case String:
		return "string"
	case Int:
		return "int"
	case Float:
		return "float"
	case Bool:
		return "bool"
	case Nested:
		return "nested"
	default:
		return fmt.Sprintf("kind %d", uint8(k))
	}
}

// Check says what keeps the table from being written: a column without a name or
// with another's, a row with too few or too many cells, a cell not of its column's
// kind, a float that is not finite. Rows count from 1.
func (t *Table) Check() error {
	seen := make(map[string]bool, len(t.Columns))
	for i, c := range t.Columns {
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("table %s: column %d: name %q is empty or taken", t.Name, i+1, c.Name)
		}
		if c.Kind > Nested {
			return fmt.Errorf("table %s: column %q: unknown %s", t.Name, c.Name, c.Kind)
		}
		seen[c.Name] = true
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %s: row %d: %d cells for %d columns", t.Name, i+1, len(row), len(t.Columns))
		}
		for j, cell := range row {
			if c := t.Columns[j]; !c.Kind.holds(cell) {
				return fmt.Errorf("table %s: row %d: column %q: %T %s in a %s column",
					t.Name, i+1, c.Name, cell, plain.Excerpt(fmt.Sprint(cell), 40), c.Kind)
			}
		}
	}
	return nil
}

// holds says that a cell may stand in a column of kind k.
func (k Kind) holds(cell any) bool {
	switch v := cell.(type) {
	case nil:
		return true
	case string:
		return k == String
	case int64:
		return k == Int
	case float64:
		return k == Float && !math.IsNaN(v) && !math.IsInf(v, 0)
	case bool:
		return k == Bool
	case Raw:
		return k == Nested || k == Float
	default:
		return false
	}
}

// heading is what people call the column.
func (c Column) heading() string {
	if c.Title != "" {
		return c.Title
	}
	return c.Name
}

// people are the places of the columns that people see, drawings in place of what they
// draw if the format can show one.
func (t *Table) people(o Options, drawings bool) []int {
	var at []int
	for i, c := range t.Columns {
		if (o.Wide || !c.Wide) && (drawings && !c.Drawn || !drawings && !c.Drawing) {
			at = append(at, i)
		}
	}
	return at
}

// programs are the places of the columns that programs read.
func (t *Table) programs() []int {
	var at []int
	for i, c := range t.Columns {
		if !c.Drawing {
			at = append(at, i)
		}
	}
	return at
}

// numeric columns are set to the right.
func (c Column) numeric() bool { return c.Kind == Int || c.Kind == Float }
