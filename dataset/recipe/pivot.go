package recipe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// A pivoting makes one record of the records of a file that agree in some columns: a
// cell named by each one's field, and the cells that they share. It holds them all.
type pivoting struct {
	*pivot
	plan   *plan
	file   string
	head   *header // of the records made
	to     []int   // position in the file's header to that in head, -1 = field or value
	groups map[string]int
	recs   []*record
}

func newPivoting(p *plan, file string) *pivoting {
	return &pivoting{pivot: p.section.Pivot, plan: p, file: file, head: newHeader(), groups: map[string]int{}}
}

// extend takes over the names of the file's header that are new.
func (v *pivoting) extend(h *header) {
	for i := len(v.to); i < len(h.names); i++ {
		at := -1
		if name := h.names[i]; name != v.Field && name != v.Value {
			at = v.head.add(name)
		}
		v.to = append(v.to, at)
	}
}

// columns checks that a header has what is pivoted.
func (v *pivoting) columns(h *header) error {
	out := v.plan.problems.fresh()
	need := func(key, name string) {
		if h.at(name) < 0 {
			out.add(under(v.plan.at, "pivot", key), "%s has no column %s%s", v.file, excerpt(name), meant(name, h.names))
		}
	}
	need("field", v.Field)
	need("value", v.Value)
	for _, name := range v.By {
		need("by", name)
	}
	return out.err()
}

// add takes one record in. skipped: its field is ignored; a fault: it cannot be taken;
// an error: nothing can.
func (v *pivoting) add(h *header, rec *record) (skipped bool, _ *fault, _ error) {
	v.extend(h)
	bad := func(name, format string, args ...any) (bool, *fault, error) {
		return false, &fault{name: name, at: -1, from: &rec.origin, err: fmt.Errorf(format, args...)}, nil
	}
	field := rec.cell(h.at(v.Field))
	switch {
	case field.kind != text || field.text == "":
		return bad(v.Field, "empty, and it says what %s is", v.Value)
	case v.plan.ignored(field.text):
		return true, nil, nil
	case h.at(field.text) >= 0:
		return false, nil, fmt.Errorf("%s: %s is both a column of the file and a value under %s; rename one",
			schema.Place{File: v.file, Row: rec.line, Field: v.Field}, excerpt(field.text), excerpt(v.Field))
	}
	var key strings.Builder
	for _, name := range v.By {
		c := rec.cell(h.at(name))
		key.WriteString(strconv.Itoa(int(c.kind)) + strconv.Quote(c.text))
		for _, s := range c.list {
			key.WriteString("," + strconv.Quote(s))
		}
	}
	into, at := v.group(key.String(), rec), v.head.add(field.text)
	if c := into.cell(at); c.kind != absent {
		return bad(v.Field, "%s is given already, at %s; if it was judged again, tell the passes apart under pivot.by",
			excerpt(field.text), schema.Place{File: v.file, Row: c.from.line})
	}
	for i := range rec.cells {
		c, old := rec.cells[i], into.cell(v.to[i])
		switch name := h.names[i]; {
		case v.to[i] < 0 || c.kind == absent || v.plan.sources[name] == nil:
		case old.kind == absent:
			into.put(v.to[i], c)
		case old.kind != c.kind || old.text != c.text || !slices.Equal(old.list, c.list):
			return bad(name, "%s, and %s at %s; add it to pivot.by, or ignore it",
				excerpt(c.text), excerpt(old.text), schema.Place{File: v.file, Row: into.line})
		}
	}
	c := rec.cell(h.at(v.Value))
	if c.kind == absent {
		c.kind = null
	}
	c.from = rec.keep()
	into.put(at, c)
	return false, nil, nil
}

// group is the record that this one belongs to, which may be new.
func (v *pivoting) group(key string, rec *record) *record {
	i, ok := v.groups[key]
	if !ok {
		i = len(v.recs)
		v.groups[key] = i
		v.recs = append(v.recs, &record{origin: *rec.keep(), row: rec.row})
	}
	return v.recs[i]
}

// cellsOf is the positions of the cells that records were made into.
func (v *pivoting) cellsOf(rec *record) []int {
	var out []int
	for at, c := range rec.cells {
		if c.kind != absent && c.from != nil {
			out = append(out, at)
		}
	}
	return out
}
