package recipe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// collect builds the plan's fills from the recipe's keys, by column, each column once.
func (p *plan) collect(s *section) {
	path := p.at
	if s.ID != "" {
		p.take("trajectory_id", &fill{path: under(path, "id"), own: true, column: column{From: sources{one: s.ID}}})
	}
	for _, name := range names(s.Set) {
		at := under(path, "set", name)
		switch c := s.Set[name]; {
		case c.structs != nil:
			p.structs(name, c.structs, at)
		case c.texts == nil:
			p.problems.add(at, "has no value; leave the column out where nothing is known")
		default:
			p.take(name, &fill{path: at, own: true, texts: c.texts})
		}
	}
	for _, name := range names(s.Columns) {
		c := s.Columns[name]
		x := &fill{path: under(path, "columns", name), own: true, column: c}
		if c.From.one == "" && len(c.From.all) == 0 {
			p.problems.add(x.path, "names no source; write `%s: name`, or `%s: {from: name}`", name, name)
			continue
		}
		p.take(name, x)
	}
	if u := s.Unpivot; u != nil {
		p.take(u.To, &fill{path: under(path, "unpivot", "to"), own: true, column: column{treatment: u.treatment}, refs: []ref{{to: toWide}}})
	}
	for _, name := range names(p.captures) {
		if c := p.captures[name]; c.of == p && p.fields[name] != nil && p.by[name] == nil {
			p.take(name, &fill{path: c.path, refs: []ref{{to: toCapture, name: name, at: c.at}}})
		}
	}
}

// take makes x the fill of a column of ours.
func (p *plan) take(name string, x *fill) {
	f := p.fields[name]
	switch {
	case slices.Contains(p.counted, name):
		p.problems.add(x.path, "%s is counted from the turns as they stand; take it out", name)
		return
	case f != nil && f.Fields != nil:
		p.problems.add(x.path, "%s is a list of mappings, each with an id; write %s: [{id: main, text: …}] under set, or %s.main.text under columns", name, name, name)
		return
	case f == nil:
		if f = p.entry(name, x.path); f == nil {
			return
		}
	}
	if before := p.by[name]; before != nil {
		p.problems.add(x.path, "%s is filled already, by %s; keep one of the two", name, dotted(before.path))
		return
	}
	x.field = f
	p.by[name] = x
}

// structs takes a list of mappings, each of them an entry of a list of structs.
func (p *plan) structs(list string, of []map[string]texts, path []string) {
	if f := p.fields[list]; f == nil || f.Fields == nil {
		p.take(list, &fill{path: path, own: true})
		if p.by[list] != nil { // not a list of structs
			p.problems.add(path, "%s is not a list of mappings", list)
		}
		return
	}
	for i, entry := range of {
		at := under(path, fmt.Sprintf("[%d]", i))
		id := entry["id"]
		switch {
		case len(id) != 1 || id[0] == "":
			p.problems.add(at, "has no id; give it one, such as main")
			continue
		case slices.Contains(p.lists[p.fields[list].at], id[0]):
			p.problems.add(under(at, "id"), "the id %s is there already", excerpt(id[0]))
			continue
		}
		for _, key := range names(entry) {
			switch {
			case entry[key] == nil:
				p.problems.add(under(at, key), "has no value; leave it out where nothing is known")
			case key != "id":
				p.take(list+"."+id[0]+"."+key, &fill{path: under(at, key), own: true, texts: entry[key]})
			}
		}
		p.listed(list, id[0], under(at, "id"))
	}
}

// entry is the field of a name such as constraints.main.text: the text of the entry
// with the id main, which is made if there is none. nil: there is no such column.
func (p *plan) entry(name string, path []string) *field {
	list, rest, _ := strings.Cut(name, ".")
	l := p.fields[list]
	i := strings.LastIndexByte(rest, '.')
	if l == nil || l.Fields == nil || slices.Contains(p.counted, list) || i < 1 {
		p.problems.add(path, "%s has no column %s%s (righting explain schema)", p.table, excerpt(name), meant(name, names(p.fields)))
		return nil
	}
	id, column := rest[:i], rest[i+1:]
	var columns []string
	for k, c := range l.Fields {
		if columns = append(columns, c.Name); c.Name == column {
			f := &field{Column: c, at: k, list: l.at, elem: p.listed(list, id, path), enum: p.vocabulary.Of(c.Enum)}
			p.fields[name] = f
			return f
		}
	}
	p.problems.add(path, "%s of %s have no column %s%s; they have %s", list, p.table, excerpt(column), meant(column, columns), strings.Join(columns, ", "))
	return nil
}

// listed is the position of the entry with that id, which is made if there is none.
func (p *plan) listed(list, id string, path []string) int {
	l := p.fields[list]
	if at := slices.Index(p.lists[l.at], id); at >= 0 {
		return at
	}
	at := len(p.lists[l.at])
	p.lists[l.at] = append(p.lists[l.at], id)
	name := list + "." + id + ".id"
	p.fields[name] = &field{Column: l.Fields[0], at: 0, list: l.at, elem: at}
	p.by[name] = &fill{field: p.fields[name], path: path, texts: texts{id}}
	return at
}

// entries gives a row lists of structs of its own, with what was in them.
func (p *plan) entries(row reflect.Value) {
	for at, ids := range p.lists {
		list := row.Field(at)
		own := reflect.MakeSlice(list.Type(), len(ids), len(ids))
		reflect.Copy(own, list)
		list.Set(own)
	}
}
