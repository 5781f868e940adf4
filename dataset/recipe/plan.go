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
// of one table, or the turns of a trajectory.
type plan struct {
	table      string
	row        reflect.Type
	vocabulary *schema.Vocabulary
	defaults   []string // required columns that have a value of their own
	lent       []string // required columns that others fill where the recipe does not
	counted    []string // columns that no recipe fills
	fields     map[string]*field
	lists      map[int][]string // ids of the entries of a list of structs, by field
	problems   *problems
	section    *section
	at         []string // path of the section in the recipe

	separator byte // 0 = find out
	taken     []string
	leave     []string // excluded from take
	path      *regexp.Regexp
	wide      *regexp.Regexp
	captures  map[string]capture
	used      map[string]bool // captures that something names

	by      map[string]*fill
	fills   []*fill             // each after those that it names
	sources map[string][]string // columns the source must have, to the key that names them
	whole   map[string]bool     // of these, those whose JSON is taken as it is
	prefix  string              // of the names of sources: what the records are elements of
	missing []string
	labels  []*field // filled columns of which a row needs one
	order   []ref    // what numbers passes, or orders turns; empty = as they stand
	within  []ref    // what repeated judgements agree in
	turns   *plan    // of a trajectory's turns
}

// A capture is a named group of path or unpivot.
type capture struct {
	at   int
	of   *plan // whose columns it may fill
	path []string
}

// newPlan is a plan for rows of type T in which nothing is planned yet.
func newPlan[T any](table string, s *section, at []string, v *schema.Vocabulary, out *problems) *plan {
	return &plan{
		table: table, row: reflect.TypeFor[T](), vocabulary: v, fields: fieldsOf(schema.ColumnsOf[T](), v),
		problems: out, section: s, at: at, missing: s.Missing, lists: map[int][]string{},
		captures: map[string]capture{}, used: map[string]bool{},
		by: map[string]*fill{}, sources: map[string][]string{}, whole: map[string]bool{},
	}
}

// compile plans what the section says, and adds what is wrong with it to the problems.
func (p *plan) compile() {
	s, at := p.section, p.at
	s.misplaced(p.table, at, p.problems)
	if s.From == "" {
		p.globs(s.Files, under(at, "files"))
	}
	if s.Separator != "" && !isSeparator(s.Separator) {
		p.problems.add(under(at, "separator"), "%s is not one character that can stand between cells", excerpt(s.Separator))
	} else if s.Separator != "" {
		p.separator = s.Separator[0]
	}
	if s.Path != "" {
		p.path = p.pattern(s.Path, under(at, "path"))
	}
	if s.Unpivot != nil {
		p.wide = p.pattern(s.Unpivot.Columns, under(at, "unpivot", "columns"))
	}
	p.fill()
	if s.Turns != nil {
		p.compileTurns(s.Turns)
	}
	p.shape()
	p.leftovers()
}

// fill plans what fills the columns.
func (p *plan) fill() {
	p.collect(p.section)
	for _, name := range names(p.by) {
		p.resolve(p.by[name])
		p.constants(p.by[name])
	}
	p.sort()
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
			p.taken = append(p.taken, glob)
		}
	}
	if len(p.taken) == 0 {
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
		p.captures[name] = capture{at: len(p.captures), of: p, path: at}
	}
	return re
}

// leftovers checks that no group is left over and no column of ours is left out.
func (p *plan) leftovers() {
	for _, name := range names(p.captures) {
		c := p.captures[name]
		if x := p.by[name]; c.of == p && (x == nil || x.own) && !p.used[name] {
			p.problems.add(c.path, "the group %s is used nowhere and fills no column%s", name, meant(name, names(p.fields)))
		}
	}
	for _, name := range names(p.fields) {
		if f := p.fields[name]; p.by[name] == nil && p.required(f) && !slices.Contains(p.lent, name) {
			p.unfilled(name)
		}
	}
}

// unfilled adds that nothing fills a required column.
func (p *plan) unfilled(name string) {
	p.problems.add(p.at, "%s is required and nothing fills it; take it from the source under columns, set it under set, or name a group (?P<%s>…) in path", name, name)
}

// required is whether a row needs the column.
func (p *plan) required(f *field) bool {
	return !f.Optional && !slices.Contains(p.defaults, f.Name) && !slices.Contains(p.counted, f.Name)
}

// ignored is whether the recipe says that it does not take a source column over.
func (p *plan) ignored(name string) bool {
	return slices.Contains(p.section.Ignore, p.prefix+name) || slices.Contains(p.section.SkipColumns, p.prefix+name)
}

// way is how files are read for the plan.
func (p *plan) way() way { return way{use: p.use, separator: p.separator} }

// use is what becomes of the JSON value of that name.
func (p *plan) use(name string) use {
	switch {
	case p.ignored(name):
		return useNot
	case p.whole[name]:
		return useWhole
	}
	return useCells
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
