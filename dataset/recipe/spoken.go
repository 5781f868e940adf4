package recipe

// spoken makes the turns of the trajectory at hand.
func (r *reader[T]) spoken(of []*record) (*fault, error) {
	e, t := &r.env, r.turns
	t.begin()
	switch {
	case t.from != "":
		return t.list(e.rec.cell(e.head.at(t.from)), r.place(e.rec.line))
	case r.group != nil:
		return t.records(of), nil
	}
	return t.cells(e.rec, r.bound.wide), nil
}

// member takes a record that is one of several to a trajectory.
func (r *reader[T]) member(head *header, rec *record) error {
	key, f := r.group.key(head, rec)
	if f != nil {
		r.group.unread(r.name, rec)
		r.end(rejected, f, 1)
		return r.flush(rec)
	}
	if ended := r.group.add(key, rec); ended != nil {
		return r.whole(ended)
	}
	return nil
}

// whole makes a trajectory of its records.
func (r *reader[T]) whole(g *group) error {
	first := g.recs[0]
	f := r.group.disagrees(r.plan, r.bound.head, r.name, g.recs)
	if g.bad != nil {
		f = &fault{at: -1, err: g.bad}
	}
	end := rejected
	if f == nil {
		var err error
		r.env.rec = first
		if end, f, err = r.row(g.recs...); err != nil {
			return err
		}
	}
	r.end(end, f, len(g.recs))
	return r.flush(first)
}
