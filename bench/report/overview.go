package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// A Summary is what Overview prints of a dataset. Its numbers are counted elsewhere.
type Summary struct {
	Name, Version, License string
	Digest                 string // of the rules
	Record                 string // annotator of record
	Notices                []string

	Tables      []TableSize // stored tables, in their order
	Cells       []Cell      // trajectories; those of labels-only data that were judged
	Annotators  []AnnotatorSummary
	Tested      [3]int64 // readings, by the codes of schema.Testeds
	Constraints []ConstraintSummary
	Measures    map[string]schema.Measure
}

// A TableSize is how much of a table there is.
type TableSize struct {
	Name  string
	Rows  int64
	Files int64
}

// A Cell is n trajectories of one system, condition and setting. Cells of the same
// key add up; those that are not there are empty.
type Cell struct {
	System    string
	Condition string // "" = none
	Setting   string
	N         int64
}

// An AnnotatorSummary is what one annotator did.
type AnnotatorSummary struct {
	Name    string
	Kind    string
	Model   string   // "" = not declared
	Silence string   // "" = not declared
	Passes  int64    // distinct passes
	Judged  int64    // units with control, pass 0
	Units   int64    // units it could have judged: those of its cases
	Columns []string // label columns and measures it gave
}

// A ConstraintSummary is a constraint and its readings.
type ConstraintSummary struct {
	schema.Constraint
	Readings int64
}

// Overview is what `show` says of a dataset: its tables, the grid of systems,
// conditions and settings with an explicit 0 where there is nothing, annotators, how
// many readings were tested, constraints, measures. What a dataset has none of is left
// out; notices stand above the first table.
func Overview(d *Summary) []*Table {
	tables := &Table{Name: "tables", Columns: []Column{
		{Name: "table", Doc: "a table of the dataset"},
		{Name: "rows", Kind: Int, Doc: "rows in it"},
		{Name: "files", Kind: Int, Doc: "files it is in"},
	}}
	title := cmp.Or(d.Name, "a dataset without a name")
	for _, part := range []struct{ name, value string }{{"", d.Version}, {"licence ", d.License}, {"annotator of record ", d.Record}, {"rules ", short(d.Digest)}} {
		if part.value != "" {
			title += ", " + part.name + part.value
		}
	}
	tables.Caption = append([]string{title}, d.Notices...)
	for _, t := range d.Tables {
		tables.Rows = append(tables.Rows, []any{t.Name, t.Rows, t.Files})
	}
	out := []*Table{tables}
	for _, t := range []*Table{grid(d.Cells), annotators(d.Annotators), testedTable(d.Tested), constraints(d.Constraints), measures(d.Measures)} {
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// grid has a row a system and setting, a column a condition.
func grid(cells []Cell) *Table {
	t := &Table{Name: "grid", Columns: []Column{
		{Name: "system", Doc: "what is ranked"},
		{Name: "setting", Doc: "interaction or baseline"},
		{Name: "n", Kind: Int, Doc: "trajectories"},
	}}
	type key struct{ system, condition, setting string }
	n := make(map[key]int64)
	var systems, conditions, settings []string
	for _, c := range cells {
		n[key{c.System, c.Condition, c.Setting}] += c.N
		systems, conditions, settings = append(systems, c.System), append(conditions, c.Condition), append(settings, c.Setting)
	}
	for _, list := range []*[]string{&systems, &conditions, &settings} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if len(conditions) == 1 && conditions[0] == "" {
		conditions = nil
	}
	for _, c := range conditions {
		t.Columns = append(t.Columns, Column{Name: "condition=" + c, Title: cmp.Or(c, "no condition"), Kind: Int, Doc: "trajectories of this condition"})
	}
	for _, sys := range systems {
		for _, set := range settings {
			row := []any{sys, set, int64(0)}
			total := n[key{sys, "", set}]
			if conditions != nil {
				total = 0
			}
			for _, c := range conditions {
				row = append(row, n[key{sys, c, set}])
				total += n[key{sys, c, set}]
			}
			row[2] = total
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func annotators(list []AnnotatorSummary) *Table {
	t := &Table{Name: "annotators", Columns: []Column{
		{Name: "annotator", Doc: "who judged"},
		{Name: "kind", Doc: "human, model, rule or self"},
		{Name: "model", Doc: "the model behind it, as declared"},
		{Name: "silence", Doc: "what its silence about a unit means, as declared"},
		{Name: "passes", Kind: Int, Doc: "how often it judged"},
		{Name: "judged", Kind: Int, Doc: "units whose control it gave, first pass"},
		{Name: "units", Kind: Int, Doc: "units of the cases it took part in"},
		{Name: "coverage", Kind: Float, Doc: "judged / units"},
		{Name: "labels", Doc: "label columns and measures it gave"},
	}}
	for _, a := range list {
		var coverage any
		if a.Units > 0 {
			coverage = float64(a.Judged) / float64(a.Units)
		}
		t.Rows = append(t.Rows, []any{
			a.Name, orNone(a.Kind), orNone(a.Model), orNone(a.Silence), a.Passes, a.Judged, a.Units, coverage, orNone(strings.Join(a.Columns, "; ")),
		})
	}
	return t
}

func testedTable(n [3]int64) *Table {
	t := &Table{Name: "tested", Columns: []Column{
		{Name: "tested", Doc: schema.Testeds.Doc},
		{Name: "readings", Kind: Int, Doc: "trajectories times constraints"},
		{Name: "meaning", Doc: "what that says"},
	}}
	for i, term := range schema.Testeds.Terms {
		t.Rows = append(t.Rows, []any{term.Name, n[i], term.Doc})
	}
	return t
}

func constraints(list []ConstraintSummary) *Table {
	t := &Table{Name: "constraints", Columns: []Column{
		{Name: "constraint", Doc: "its name"},
		{Name: "readings", Kind: Int, Doc: "trajectories judged on it"},
		{Name: "protects", Doc: "the target that ought to win"},
		{Name: "authority", Doc: "whose it is"},
		{Name: "rank", Kind: Int, Doc: "1 = highest"},
		{Name: "irreversible", Kind: Bool, Doc: "a loss cannot be taken back"},
		{Name: "text", Doc: "in words"},
	}}
	for i := range list {
		c := &list[i]
		t.Rows = append(t.Rows, []any{
			c.ID, c.Readings, optional(c.Protects), optional(c.Authority), integer(c.Rank), optional(c.Irreversible), optional(c.Text),
		})
	}
	return t
}

// optional is what p points to, or nothing.
func optional[T string | bool](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func integer(p *int32) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}

func measures(list map[string]schema.Measure) *Table {
	t := &Table{Name: "measures", Columns: []Column{
		{Name: "measure", Doc: "name of a score"},
		{Name: "min", Kind: Float, Doc: "least value; absent = unbounded"},
		{Name: "max", Kind: Float, Doc: "greatest value; absent = unbounded"},
		{Name: "step", Kind: Float, Doc: "what one judge can give"},
		{Name: "better", Doc: "higher or lower"},
	}}
	names := make([]string, 0, len(list))
	for name := range list {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m := list[name]
		t.Rows = append(t.Rows, []any{name, number(m.Min), number(m.Max), m.Step, orNone(string(m.Better))})
	}
	return t
}
