package recipe

import "strings"

// shape checks what changes the records' shape: pivot, pass and what is left out.
func (p *plan) shape() {
	s := p.section
	for _, name := range names(s.SkipRows) {
		if v := s.Pivot; v != nil && (name == v.Field || name == v.Value) {
			continue // the pivot looks for them
		}
		p.needs(name, under(p.at, "skip_rows", name))
	}
	if v := s.Pivot; v != nil && (v.Field == "" || v.Value == "" || len(v.By) == 0) {
		p.problems.add(under(p.at, "pivot"), "needs by, field and value: pivot: {by: [trajectory, turn], field: label, value: answer}")
	}
	if s.Pass != nil && p.fields["pass"] != nil {
		p.passes(s.Pass, under(p.at, "pass"))
	}
	p.apart()
}

// needs notes that the source must have a column.
func (p *plan) needs(name string, at []string) {
	if p.sources[name] == nil {
		p.sources[name] = at
	}
}

// apart checks that what is taken is not left out, and taken once.
func (p *plan) apart() {
	for _, name := range names(p.sources) {
		if p.ignored(name) {
			p.problems.add(p.sources[name], "%s is also under ignore or skip_columns; take it out of one", excerpt(p.prefix+name))
		}
		for _, of := range names(p.whole) {
			if strings.HasPrefix(name, of+".") {
				p.problems.add(p.sources[name], "%s lies in %s, which is taken whole; take one of the two", excerpt(p.prefix+name), excerpt(p.prefix+of))
			}
		}
	}
}

// passes plans how repeated judgements are numbered.
func (p *plan) passes(v *pass, at []string) {
	if p.by["pass"] != nil {
		p.problems.add(at, "pass is filled already, by %s", dotted(p.by["pass"].path))
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
		p.link(refs)
	}
}

// link finds the columns of ours that refs lead to, after they were sorted.
func (p *plan) link(refs []ref) {
	for i, r := range refs {
		if r.to == toFill {
			refs[i].at = p.by[r.name].at
		}
	}
}
