package recipe

import (
	"fmt"
	"reflect"
	"slices"
)

// A fill is what goes into one column of ours.
type fill struct {
	field *field
	path  []string // of its key in the recipe
	own   bool     // asked for by name; a capture that has the column's name is not
	texts texts    // constant, if there are no refs
	column
	from template
	refs []ref // of the names in from, in order
	at   int   // among the plan's fills
}

// A ref is where a name in a template leads.
type ref struct {
	to   target
	name string
	at   int // among the captures, or the fills
}

// target is a kind of ref.
type target uint8

const (
	toRow     target = iota // the number of the data row
	toFill                  // another column of ours
	toCapture               // a named group of path or unpivot
	toSource                // a cell of the source
	toWide                  // the cell that is unpivoted
)

// resolve reads x's template and finds out where its names lead. A name is the number
// of the row, another column of ours, a capture, or else a column of the source; alone
// and without braces it is a capture or a column of the source.
func (p *plan) resolve(x *fill) {
	if x.From.all != nil && !x.field.json() {
		p.problems.add(x.path, "a list of sources makes a JSON object, and %s is no column of JSON; name one source", x.field.Name)
		return
	}
	for _, name := range x.From.all {
		x.refs = append(x.refs, p.ref(name, x, true, x.path))
		p.whole[name] = true
	}
	if x.From.one == "" {
		return
	}
	var err error
	if x.from, err = parseTemplate(x.From.one); err != nil {
		p.problems.add(x.path, "%v", err)
		return
	}
	alone := len(x.from) == 1 && x.From.one == x.from[0].text
	for _, part := range x.from {
		if part.name {
			x.refs = append(x.refs, p.ref(part.text, x, alone, x.path))
		}
	}
	if x.refs == nil {
		p.problems.add(x.path, "%s names no source; constants stand under set", excerpt(x.From.one))
	}
	if x.field.json() && len(x.refs) == 1 && len(x.from) == 1 {
		p.whole[x.refs[0].name] = true
	}
}

func (p *plan) ref(name string, self *fill, alone bool, path []string) ref {
	if y := p.by[name]; y != nil && y != self && y.own && !alone {
		return ref{to: toFill, name: name}
	}
	if name == "row" && !alone {
		return ref{to: toRow, name: name}
	}
	if c, ok := p.captures[name]; ok {
		p.used[name] = true
		return ref{to: toCapture, name: name, at: c.at}
	}
	if p.sources[name] == nil {
		p.sources[name] = path
	}
	return ref{to: toSource, name: name}
}

// sort puts each fill after those that it names.
func (p *plan) sort() {
	state := map[*fill]int{} // 1 = being placed, 2 = placed
	var place func(x *fill)
	place = func(x *fill) {
		switch state[x] {
		case 1:
			p.problems.add(x.path, "made of itself, through its template; name columns of the source instead")
			return
		case 2:
			return
		}
		state[x] = 1
		for i, r := range x.refs {
			if r.to == toFill {
				place(p.by[r.name])
				x.refs[i].at = p.by[r.name].at
			}
		}
		state[x], x.at = 2, len(p.fills)
		p.fills = append(p.fills, x)
	}
	for _, name := range names(p.by) {
		place(p.by[name])
	}
}

// constants checks every value of ours that the recipe spells out.
func (p *plan) constants(x *fill) {
	row, pool := reflect.New(p.row).Elem(), pool{}
	p.entries(row)
	try := func(path []string, t texts) {
		if t == nil {
			return
		}
		if err := x.field.set(row, t, pool); err != nil {
			p.problems.add(path, "%w", err)
		}
	}
	try(x.path, x.texts)
	where := x.path
	if where[len(where)-1] == "to" {
		where = where[:len(where)-1]
	}
	for _, key := range names(x.Map) {
		try(under(where, "map", key), x.Map[key])
	}
	if x.Add != 0 && x.Map != nil {
		p.problems.add(under(where, "add"), "has no use beside map; map to the final numbers")
	}
	if x.Split != "" && !x.field.texts() {
		p.problems.add(under(where, "split"), "%s holds one value, not a list", x.field.Name)
	}
	if x.Add != 0 && x.field.Type != "INT32" {
		p.problems.add(under(where, "add"), "%s is not a column of whole numbers", x.field.Name)
	}
}

// blame is the name and position of the source cell that a person should look at when
// x is wrong; else the column of ours, and -1.
func (x *fill) blame(e *env) (name string, at int) {
	for _, r := range x.refs {
		switch r.to {
		case toSource:
			return r.name, e.head.at(r.name)
		case toWide:
			return e.head.names[e.wide], e.wide
		case toFill:
			if name, at := e.plan.fills[r.at].blame(e); at >= 0 {
				return name, at
			}
		}
	}
	return x.field.Name, -1
}

// value is what x gives for the record at hand; nil where nothing is to be filled in.
func (x *fill) value(e *env) (texts, error) {
	if x.field.json() && x.Map == nil {
		return x.json(e)
	}
	of, err := x.read(e)
	if err != nil || of == nil {
		return nil, err
	}
	if len(of) == 1 && x.missing(e, of[0]) {
		return nil, nil
	}
	if x.Map == nil {
		if x.Add != 0 && len(of) == 1 {
			return x.added(of[0])
		}
		if free := x.field.enum == nil && x.field.Type == "STRING"; free && len(of) == 1 && of[0] == "" {
			return nil, nil
		}
		return of, nil
	}
	out, nothing := make(texts, 0, len(of)), 0
	for _, s := range of {
		t, ok := x.Map[s]
		if !ok {
			return nil, fmt.Errorf("%s is not in the map of %s; add it there, or list it under missing", excerpt(s), x.field.Name)
		}
		if t == nil {
			nothing++
		}
		out = append(out, t...)
	}
	if nothing > 0 && nothing == len(of) {
		return nil, nil
	}
	return out, nil
}

// missing is whether a text means that there is nothing.
func (x *fill) missing(e *env, s string) bool {
	return slices.Contains(e.plan.missing, s) || slices.Contains(x.Missing, s)
}
