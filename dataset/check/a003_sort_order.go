package check

import (
	"reflect"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var sortOrder = &Rule{
	Code: "A003", Name: "sort-order", Severity: Warning,
	Doc: `annotations are not in the order of their keys

Scoring reads files in the order of trajectory_id, constraint_id, annotator, pass,
turn, assistant_turn, exchange, measure (nulls first, text by its bytes). Rows in
another order are sorted first, in memory, which is slow. Only the first row of a file
that is out of order is named.`,
	Fix: `Sort the rows. A dataset that righting wrote is in order.`,
	Start: func(*Data) Visitor {
		o := &order{columns: columnsOf[schema.Annotation](keyColumns...)}
		return Visitor{Annotation: o.see}
	},
}

// keyColumns are the columns that CompareAnnotations compares, in that order.
var keyColumns = []string{"trajectory_id", "constraint_id", "annotator", "pass", "turn", "assistant_turn", "exchange", "measure"}

type order struct {
	columns []column
	before  *schema.Annotation // in this file
	file    string
	told    bool // of this file
}

func (o *order) see(at *Row, a *schema.Annotation) {
	first := at.File != o.file
	if first {
		o.file, o.told = at.File, false
	}
	if !first && !o.told && dataset.CompareAnnotations(o.before, a) > 0 {
		o.told = true
		was, is := reflect.ValueOf(o.before).Elem(), reflect.ValueOf(a).Elem()
		for _, c := range o.columns {
			if x, y := c.value(was), c.value(is); x != y {
				at.Report(c.name, "%s after %s: not sorted, scoring is slow (further rows of this file are not named)", show(y), show(x))
				break
			}
		}
	}
	o.before = a
}
