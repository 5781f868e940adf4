package recipe

import (
	"bytes"
	"context"
	"reflect"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A reader makes the rows of one file.
type reader[T any] struct {
	*run[T]
	name  string // of the file
	src   source
	env   env
	bound binding
	long  *pivoting // nil = records are taken as they come
	turns *turner   // nil = the plan has no turns
	group *grouping // nil = a trajectory is one record
	wrong []wrong   // with the record at hand
}

// A wrong is a fault, and how many units it costs.
type wrong struct {
	*fault
	units int
}

// An ending is what became of one unit.
type ending uint8

const (
	written ending = iota
	missing
	rejected
	repeated // says what another has said
)

// start binds the plan to the file, and checks the header of one that has it whole.
func (r *reader[T]) start(ctx context.Context) error {
	head, whole := r.src.header()
	r.bound = binding{plan: r.plan, head: head, caps: r.env.caps, met: &r.met}
	if r.plan.section.Pivot != nil {
		r.long = newPivoting(r.plan, r.name)
		r.long.extend(head)
		r.bound.head = r.long.head
	}
	r.env.head = r.bound.head
	if err := r.env.preset(reflect.ValueOf(&r.blank).Elem()); err != nil {
		return err
	}
	if r.plan.turns != nil {
		var err error
		if r.turns, err = newTurner(r.plan, &r.env, &r.below); err != nil {
			return err
		}
	}
	if err := r.named(head, whole); err != nil || !r.plan.grouped() {
		return err
	}
	var err error
	r.group, err = newGrouping(ctx, r.plan, r.name)
	return err
}

// named checks the header of a file that has it whole.
func (r *reader[T]) named(head *header, whole bool) error {
	if !whole || len(head.names) == 0 {
		return nil
	}
	r.bound.whole = true
	if err := r.bound.extend(r.place(head.line)); err != nil {
		return err
	}
	if r.long != nil {
		return r.long.columns(head)
	}
	here := met{missed: map[string][]string{}, wide: len(r.bound.wide) > 0, has: head.names}
	for name, at := range r.plan.sources {
		if head.at(name) < 0 {
			here.missed[name] = at
		}
	}
	return r.plan.complete(here, r.name)
}

func (r *reader[T]) place(line int) schema.Place { return schema.Place{File: r.name, Row: line} }

// units is how much a record counts before it is looked into.
func (r *reader[T]) units(rec *record) int {
	if r.plan.unit() == "records" {
		return 1
	}
	if len(rec.cells) == 0 { // it could not be read
		if r.bound.whole {
			return max(1, len(r.bound.wide))
		}
		return 1
	}
	n := 0
	for _, w := range r.bound.wide {
		if rec.cell(w.at).kind != absent {
			n++
		}
	}
	return n
}

// record takes one record that could be read.
func (r *reader[T]) record(rec *record) error {
	head, _ := r.src.header()
	if r.long != nil {
		r.long.extend(head)
	}
	if err := r.bound.extend(r.place(rec.line)); err != nil {
		return err
	}
	n := r.units(rec)
	r.report.Read += n
	switch {
	case r.plan.skipped(head, rec):
		r.report.Skipped += n
		return nil
	case r.long != nil:
		skipped, f, err := r.long.add(head, rec)
		switch {
		case err != nil:
			return err
		case skipped:
			r.report.Skipped++
		case f != nil:
			r.end(rejected, f, 1)
		}
		if err := r.bound.extend(r.place(rec.line)); err != nil {
			return err
		}
	case r.group != nil:
		return r.member(head, rec)
	case r.plan.wide != nil:
		if err := r.cells(); err != nil {
			return err
		}
	default:
		end, f, err := r.row()
		if err != nil {
			return err
		}
		r.end(end, f, 1)
	}
	return r.flush(rec)
}

// cells makes a row of each cell that is unpivoted.
func (r *reader[T]) cells() error {
	e := &r.env
	caps := e.caps
	defer func() { e.caps, e.wide = caps, -1 }()
	for _, w := range r.bound.wide {
		if e.rec.cell(w.at).kind == absent {
			continue
		}
		e.wide, e.caps = w.at, w.caps
		end, f, err := r.row()
		if err != nil {
			return err
		}
		r.end(end, f, 1)
	}
	return nil
}

// row makes one row of the record at hand, and passes it on unless it says nothing.
// The turns of a grouped trajectory are made of the records given.
func (r *reader[T]) row(of ...*record) (ending, *fault, error) {
	e, row := &r.env, r.blank
	if f := e.fill(reflect.ValueOf(&row).Elem()); f != nil {
		return rejected, f, nil
	}
	if e.wide >= 0 && e.values[r.plan.by[r.plan.section.Unpivot.To].at] == nil {
		return missing, nil, nil
	}
	if r.turns != nil {
		if f, err := r.spoken(of); f != nil || err != nil {
			return rejected, f, err
		}
		r.assign(&row, r.turns.sorted())
	}
	end, column, err := r.judge(&row, r.place(e.rec.line))
	switch {
	case err != nil:
		return rejected, e.blame(column, err), nil
	case end != written:
		return end, nil, nil
	}
	r.report.Rows++
	if r.plan.section.Pass != nil {
		return written, nil, r.passes.hold(e, row)
	}
	return written, nil, r.emit(row)
}

// end counts what became of n units.
func (r *reader[T]) end(end ending, f *fault, n int) {
	switch end {
	case written:
		r.report.Written += n
	case missing:
		r.report.Missing += n
	case repeated:
		r.report.Skipped += n
	case rejected:
		for i := range r.wrong {
			if w := &r.wrong[i]; w.name == f.name && w.from == f.from && w.err.Error() == f.err.Error() {
				w.units += n
				return
			}
		}
		r.wrong = append(r.wrong, wrong{f, n})
	}
}

// flush passes on what was wrong with a record.
func (r *reader[T]) flush(rec *record) error {
	for _, w := range r.wrong {
		o := &rec.origin
		if w.from != nil {
			o = w.from
		}
		place := schema.Place{File: r.name, Row: o.line, Field: w.name}
		err := r.report.Reject(r.options.Rejecting, dataset.Reject{RowError: schema.RowError{Place: place, Err: w.err}, Units: w.units, Offset: o.offset, Raw: bytes.Clone(o.raw)})
		if err != nil {
			return err
		}
	}
	r.wrong = r.wrong[:0]
	return nil
}
