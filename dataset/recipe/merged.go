package recipe

import "slices"

// finish makes rows of what is held: trajectories of several records, and the records
// that a pivot made. Their units are the records that they were made of, which are
// counted as read already: each one of a pivot's is written, missing or rejected by
// itself where its cell alone is at fault.
func (r *reader[T]) finish() error {
	r.met.has = r.bound.head.names
	if r.group != nil {
		for _, g := range r.group.order {
			if err := r.whole(g); err != nil {
				return err
			}
		}
	}
	if r.long == nil {
		return nil
	}
	if head, _ := r.src.header(); len(r.long.recs) > 0 {
		if err := r.long.columns(head); err != nil {
			return err
		}
	}
	for _, rec := range r.long.recs {
		r.env.rec = rec
		cells := r.long.cellsOf(rec)
		one := r.merged
		if r.plan.wide != nil {
			one = r.parts
		}
		if err := one(cells); err != nil {
			return err
		}
		if err := r.flush(rec); err != nil {
			return err
		}
	}
	return nil
}

// merged makes one row of a record, leaving out cells that cannot be taken.
func (r *reader[T]) merged(cells []int) error {
	for len(cells) > 0 {
		end, f, err := r.row()
		if err != nil {
			return err
		}
		if end == rejected && slices.Contains(cells, f.at) {
			cells = slices.DeleteFunc(cells, func(at int) bool { return at == f.at })
			r.env.rec.put(f.at, cell{})
			r.end(rejected, f, 1)
			continue
		}
		for _, at := range cells {
			if end == written && slices.Contains(r.env.empty, at) {
				r.end(missing, nil, 1)
			} else {
				r.end(end, f, 1)
			}
		}
		return nil
	}
	return nil
}

// parts makes a row of each cell that is unpivoted; the others go into all of these.
func (r *reader[T]) parts(cells []int) error {
	rows := r.report.Rows
	if err := r.cells(); err != nil {
		return err
	}
	for _, at := range cells {
		switch {
		case slices.ContainsFunc(r.bound.wide, func(w wideCell) bool { return w.at == at }):
		case r.report.Rows > rows:
			r.end(written, nil, 1)
		case len(r.wrong) > 0:
			r.end(rejected, r.wrong[0].fault, 1)
		default:
			r.end(missing, nil, 1)
		}
	}
	return nil
}
