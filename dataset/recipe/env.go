package recipe

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// An env is what fills are evaluated against: one record, and one of its cells where
// it is unpivoted.
type env struct {
	plan   *plan
	head   *header
	rec    *record
	caps   []string // by capture: those of path, then those of unpivot; "" = did not take part
	wide   int      // position of the unpivoted cell, -1 = none
	values []texts  // by fill
	pool   pool
	empty  []int  // positions of cells that gave nothing
	hole   string // the part of the template at hand that gave nothing
}

// A fault says why a record, or a cell of it, gives no row.
type fault struct {
	name string // source column, or column of ours
	at   int    // position of the cell at fault, -1 = none
	from *origin
	err  error
}

// preset puts the constants into the blank row.
func (e *env) preset(row reflect.Value) error {
	e.plan.entries(row)
	for i, x := range e.plan.fills {
		if x.refs != nil {
			continue
		}
		e.values[i] = x.texts
		if err := x.field.set(row, x.texts, e.pool); err != nil {
			return err
		}
	}
	return nil
}

// fill makes the row. It stops at the first fault.
func (e *env) fill(row reflect.Value) *fault {
	e.empty = e.empty[:0]
	e.plan.entries(row)
	for i, x := range e.plan.fills {
		if x.refs == nil {
			continue // a constant, which the blank row has
		}
		e.hole = ""
		v, err := x.value(e)
		e.values[i] = v
		switch {
		case err != nil:
		case v == nil && e.plan.required(x.field) && e.hole != "":
			err = fmt.Errorf("{%s} is empty, and %s is made of it", e.hole, x.field.Name)
		case v == nil && e.plan.required(x.field):
			err = fmt.Errorf("empty or listed under missing, and %s is required", x.field.Name)
		case v == nil:
			if at := e.cellOf(x); at >= 0 {
				e.empty = append(e.empty, at)
			}
		default:
			err = x.field.set(row, v, e.pool)
		}
		if err != nil {
			return e.fault(x, err)
		}
	}
	return nil
}

// blame is a fault in a column of ours that the recipe may not fill.
func (e *env) blame(column string, err error) *fault {
	x := e.plan.by[column]
	if x == nil || column == "trajectory_id" { // made of several
		return &fault{name: column, at: -1, err: err}
	}
	return e.fault(x, err)
}

func (e *env) fault(x *fill, err error) *fault {
	name, at := x.blame(e)
	return &fault{name: name, at: at, from: e.rec.cell(at).from, err: err}
}

// cellOf is the position of the only cell that x is made of, -1 if there is no such.
func (e *env) cellOf(x *fill) int {
	if len(x.refs) != 1 {
		return -1
	}
	switch r := x.refs[0]; r.to {
	case toSource:
		return e.head.at(r.name)
	case toWide:
		return e.wide
	}
	return -1
}

// read is the texts that x's template leads to; nil = there is nothing.
func (x *fill) read(e *env) ([]string, error) {
	of, err := x.join(e)
	switch {
	case x.Split == "" || len(of) != 1:
		return of, err
	case of[0] == "":
		return []string{}, nil
	}
	return strings.Split(of[0], x.Split), nil
}

// join is what the parts of the template give together.
func (x *fill) join(e *env) ([]string, error) {
	if len(x.refs) == 1 && len(x.from) <= 1 {
		return e.get(x.refs[0])
	}
	var b strings.Builder
	i := 0
	for _, p := range x.from {
		if !p.name {
			b.WriteString(p.text)
			continue
		}
		of, err := e.get(x.refs[i])
		i++
		switch {
		case err != nil:
			return nil, err
		case len(of) > 1:
			return nil, fmt.Errorf("%s is a list, which a template cannot hold", p.text)
		case len(of) == 0 || of[0] == "":
			e.hole = p.text
			return nil, nil
		}
		b.WriteString(of[0])
	}
	return []string{b.String()}, nil
}

// get is the texts that a name leads to; nil = there is nothing.
func (e *env) get(r ref) ([]string, error) {
	switch r.to {
	case toRow:
		return []string{strconv.Itoa(e.rec.row)}, nil
	case toFill:
		return e.values[r.at], nil
	case toCapture:
		if e.caps[r.at] == "" {
			return nil, nil
		}
		return []string{e.caps[r.at]}, nil
	case toWide:
		return e.rec.cell(e.wide).texts()
	}
	return e.rec.cell(e.head.at(r.name)).texts()
}

// texts is what a cell holds; nil = nothing.
func (c cell) texts() ([]string, error) {
	switch c.kind {
	case text:
		return []string{c.text}, nil
	case list:
		return c.list, nil
	case nested:
		return nil, errors.New("an array of more than texts and numbers, which this column cannot hold; ignore it")
	}
	return nil, nil
}

// added is a whole number moved by x.Add.
func (x *fill) added(s string) (texts, error) {
	n, err := whole(s)
	if err != nil {
		return nil, fmt.Errorf("%s is not a whole number, to which add could be applied", excerpt(s))
	}
	return texts{strconv.Itoa(int(n) + int(x.Add))}, nil
}
