package recipe

import (
	"errors"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/schema"
)

// A binding is what the names of one file's header mean to a plan.
type binding struct {
	plan  *plan
	head  *header
	whole bool     // the header will not grow
	caps  []string // of the file's path
	met   *met     // by all files of the section
	bound int      // names looked at so far
	wide  []wideCell
}

// A wideCell is a column that is unpivoted.
type wideCell struct {
	at   int
	caps []string // of path and of the column's name
}

// met is what of a plan's needs the files have shown so far.
type met struct {
	records bool                // there was one
	wide    bool                // there was a column to unpivot
	missed  map[string][]string // names that were not met, to the key that needs them
	has     []string            // names, of the file last read
}

// maxUnnamed is how many unnamed columns one error tells.
const maxUnnamed = 20

// extend looks at the names that are new. A name that the recipe says nothing about is
// an error, for a typing error in a recipe must not lose a column.
func (b *binding) extend(at schema.Place) error {
	var errs []error
	for ; b.bound < len(b.head.names); b.bound++ {
		name := b.head.names[b.bound]
		delete(b.met.missed, name)
		switch caps := b.plan.cells().unpivoted(name, b.caps); {
		case b.plan.named(name):
		case caps != nil:
			b.wide = append(b.wide, wideCell{b.bound, caps})
			b.met.wide = true
		case len(errs) < maxUnnamed:
			errs = append(errs, fmt.Errorf("%s: column %s is named nowhere in %s%s (take it under columns, or list it under ignore)",
				at, excerpt(b.plan.prefix+name), b.plan.problems.file, meant(b.plan.prefix+name, b.plan.mentions())))
		}
	}
	return errors.Join(errs...)
}

// unpivoted is the groups of path and of a column that is unpivoted, nil for others.
func (p *plan) unpivoted(name string, caps []string) []string {
	if p.wide == nil {
		return nil
	}
	m := p.wide.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	caps = append(make([]string, 0, len(p.captures)), caps...)[:len(p.captures)]
	for i, group := range p.wide.SubexpNames() {
		if group != "" {
			caps[p.captures[group].at] = m[i]
		}
	}
	return caps
}

// named is whether the recipe says something of the source column, apart from unpivot.
func (p *plan) named(name string) bool {
	if p.sources[name] != nil || p.ignored(name) {
		return true
	}
	v := p.section.Pivot
	return v != nil && (name == v.Field || name == v.Value || slices.Contains(v.By, name))
}

// mentions lists the names of source columns in the recipe.
func (p *plan) mentions() []string {
	var out []string
	for _, name := range names(p.sources) {
		out = append(out, p.prefix+name)
	}
	return append(append(out, p.section.Ignore...), p.section.SkipColumns...)
}

// complete is nil if a plan has met all that it needs in a file, or the input.
func (p *plan) complete(m met, where string) error {
	out := p.problems.fresh()
	for _, name := range names(m.missed) {
		out.add(m.missed[name], "%s has no column %s%s", where, excerpt(p.prefix+name), meant(name, m.has))
	}
	if c := p.cells(); c.wide != nil && !m.wide {
		out.add(under(c.at, "unpivot", "columns"), "matches no column of %s", where)
	}
	return out.err()
}
