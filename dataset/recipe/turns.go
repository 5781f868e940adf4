package recipe

import (
	"maps"

	"github.com/righting-bench/righting/schema"
)

// compileTurns plans how turns are made: rows like others, of the elements of a list in
// a record, of some of its cells, or of the records of one trajectory.
func (p *plan) compileTurns(s *turns) {
	at := under(p.at, "turns")
	own := &section{Columns: s.Columns, Set: s.Set, Ignore: p.section.Ignore, Missing: p.section.Missing}
	order, orderAt := s.Order, under(at, "order")
	ways := 0
	t := newPlan[schema.Turn]("turns", own, at, p.vocabulary, p.problems)
	t.defaults, t.counted = []string{"text"}, []string{"index"}
	t.captures, t.used = maps.Clone(p.captures), p.used
	if s.From != "" {
		ways++
		t.prefix = s.From + "."
		p.needs(s.From, under(at, "from"))
		p.whole[s.From] = true
	} else {
		t.sources, t.whole = p.sources, p.whole
	}
	if len(s.Group) > 0 {
		ways++
		for _, name := range s.Group {
			p.needs(name, under(at, "group"))
		}
	}
	if u := s.Unpivot; u != nil {
		ways++
		own.Unpivot = &u.unpivot
		t.wide = t.pattern(u.Columns, under(at, "unpivot", "columns"))
		if u.Order != "" && s.Order != "" {
			p.problems.add(orderAt, "turns.unpivot.order is given too; keep one of the two")
		}
		if u.Order != "" {
			order, orderAt = u.Order, under(at, "unpivot", "order")
		}
	}
	if ways != 1 {
		p.problems.add(at, "how do the turns lie? write one of from: a list in each record; unpivot: {columns: …, to: text}; group: [the columns that name a trajectory]")
	}
	t.fill()
	if order != "" {
		t.order = []ref{t.ref(order, nil, false, orderAt)}
		t.link(t.order)
	}
	if s.From != "" {
		t.apart()
	}
	t.leftovers()
	p.turns = t
}

// cells is the plan whose rows are made of the cells that are unpivoted.
func (p *plan) cells() *plan {
	if p.turns != nil {
		return p.turns
	}
	return p
}

// grouped is whether a trajectory is made of several records.
func (p *plan) grouped() bool { return p.turns != nil && len(p.section.Turns.Group) > 0 }

// takes is whether rows of ours, and not only turns, are made of the source column.
func (p *plan) takes(name string) bool {
	for _, x := range p.fills {
		for _, r := range x.refs {
			if r.to == toSource && r.name == name {
				return true
			}
		}
	}
	return false
}
