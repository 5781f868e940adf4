package recipe

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/righting-bench/righting/schema"
)

// maxPattern bounds a regular expression in a recipe.
const maxPattern = 4 << 10

// A plan is a section that was found to be sound: how one source record becomes rows
// of one table.
type plan struct {
	table    string
	row      reflect.Type
	defaults []string // required columns that have a value of their own
	fields   map[string]*field
	problems *problems
	section  *section
	at       []string // path of the section in the recipe

	separator byte // 0 = find out
	take      []string
	leave     []string // excluded from take
	path      *regexp.Regexp
	wide      *regexp.Regexp
	captures  map[string]capture
	used      map[string]bool // captures that something names

	by      map[string]*fill
	fills   []*fill             // each after those that it names
	sources map[string][]string // columns the source must have, to the key that names them
	missing []string
	labels  []*field // filled columns of which a row needs one
	order   []ref    // what numbers passes; empty = as they stand
	within  []ref    // what repeated judgements agree in
}

// A capture is a named group of path or unpivot.
type capture struct {
	at   int
	path []string
}

// compile reads a section as a plan for rows of type T, and adds what is wrong with it
// to the problems.
func compile[T any](table string, s *section, at []string, v *schema.Vocabulary, defaults []string, out *problems) *plan {
	p := &plan{
		table: table, row: reflect.TypeFor[T](), defaults: defaults, fields: fieldsOf[T](v),
		problems: out, section: s, at: at, missing: s.Missing,
		captures: map[string]capture{}, used: map[string]bool{},
		by: map[string]*fill{}, sources: map[string][]string{},
	}
	p.globs(s.Files, under(at, "files"))
	if s.Separator != "" && !isSeparator(s.Separator) {
		out.add(under(at, "separator"), "%s is not one character that can stand between cells", excerpt(s.Separator))
	} else if s.Separator != "" {
		p.separator = s.Separator[0]
	}
	if s.Path != "" {
		p.path = p.pattern(s.Path, under(at, "path"))
	}
	if s.Unpivot != nil {
		p.wide = p.pattern(s.Unpivot.Columns, under(at, "unpivot", "columns"))
	}
	p.collect(s, at)
	for _, name := range names(p.by) {
		p.resolve(p.by[name])
		p.constants(p.by[name])
	}
	p.sort()
	p.shape()
	p.leftovers()
	return p
}

func (p *plan) globs(globs, at []string) {
	for _, g := range globs {
		glob, exclude := strings.CutPrefix(g, "!")
		if !doublestar.ValidatePattern(glob) || glob == "" || strings.HasPrefix(glob, "/") || slices.Contains(strings.Split(glob, "/"), "..") {
			p.problems.add(at, "%s is not a pattern below the input folder, such as results/*/scores.csv", excerpt(g))
			continue
		}
		if exclude {
			p.leave = append(p.leave, glob)
		} else {
			p.take = append(p.take, glob)
		}
	}
	if len(p.take) == 0 {
		p.problems.add(at, "names no files; write files: [\"*.csv\"], relative to the input folder")
	}
}

// pattern compiles a regular expression and notes its named groups.
func (p *plan) pattern(s string, at []string) *regexp.Regexp {
	if s == "" || len(s) > maxPattern {
		p.problems.add(at, "a regular expression of 1 to %d bytes is needed", maxPattern)
		return nil
	}
	re, err := regexp.Compile(s)
	if err != nil {
		p.problems.add(at, "%v", err)
		return nil
	}
	for _, name := range re.SubexpNames() {
		if name == "" {
			continue
		}
		if c, again := p.captures[name]; again {
			p.problems.add(at, "the group %s stands in %s too; rename one", name, dotted(c.path))
			continue
		}
		p.captures[name] = capture{at: len(p.captures), path: at}
	}
	return re
}

// shape checks what changes the records' shape: pivot, pass and what is left out.
func (p *plan) shape() {
	s := p.section
	for _, name := range names(s.SkipRows) {
		if v := s.Pivot; v != nil && (name == v.Field || name == v.Value) {
			continue // the pivot looks for them
		}
		if p.sources[name] == nil {
			p.sources[name] = under(p.at, "skip_rows", name)
		}
	}
	if v := s.Pivot; v != nil {
		at := under(p.at, "pivot")
		if v.Field == "" || v.Value == "" || len(v.By) == 0 {
			p.problems.add(at, "needs by, field and value: pivot: {by: [trajectory, turn], field: label, value: answer}")
		}
	}
	if v := s.Pass; v != nil {
		at := under(p.at, "pass")
		if p.fields["pass"] == nil || p.by["pass"] != nil {
			p.problems.add(at, "pass is filled already, or no column of %s", p.table)
		}
		if v.OrderBy != "" {
			p.order = []ref{p.ref(v.OrderBy, nil, false, under(at, "order_by"))}
		}
		within := v.Within
		if len(within) == 0 {
			within = []string{"trajectory_id", "annotator"}
		}
		for _, name := range within {
			p.within = append(p.within, p.ref(name, nil, false, under(at, "within")))
		}
		for _, name := range []string{"constraint_id", "turn", "assistant_turn", "exchange", "measure"} {
			if p.by[name] != nil {
				p.within = append(p.within, ref{to: toFill, name: name})
			}
		}
		for _, refs := range [][]ref{p.order, p.within} {
			for i, r := range refs {
				if r.to == toFill {
					refs[i].at = p.by[r.name].at
				}
			}
		}
	}
	for _, list := range [][]string{s.Ignore, s.SkipColumns} {
		for _, name := range list {
			if at := p.sources[name]; at != nil {
				p.problems.add(at, "%s is also under ignore or skip_columns; take it out of one", excerpt(name))
			}
		}
	}
}

// leftovers checks that no group is left over and no column of ours is left out.
func (p *plan) leftovers() {
	for _, name := range names(p.captures) {
		if x := p.by[name]; (x == nil || x.own) && !p.used[name] {
			p.problems.add(p.captures[name].path, "the group %s is used nowhere and fills no column%s", name, meant(name, names(p.fields)))
		}
	}
	for _, name := range names(p.fields) {
		if f := p.fields[name]; p.by[name] == nil && p.required(f) {
			p.problems.add(p.at, "%s is required and nothing fills it; take it from the source under columns, set it under set, or name a group (?P<%s>…) in path", name, name)
		}
	}
}

// required is whether a row cannot be without the column.
func (p *plan) required(f *field) bool {
	return !f.Optional && !slices.Contains(p.defaults, f.Name)
}

// ignored is whether the recipe says that it does not take a source column over.
func (p *plan) ignored(name string) bool {
	return slices.Contains(p.section.Ignore, name) || slices.Contains(p.section.SkipColumns, name)
}

// skipped is whether the recipe says that a record is no data.
func (p *plan) skipped(h *header, rec *record) bool {
	for name, values := range p.section.SkipRows {
		if c := rec.cell(h.at(name)); c.kind == text && slices.Contains(values, c.text) {
			return true
		}
	}
	return false
}
