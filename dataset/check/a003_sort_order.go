package check

import (
	"cmp"
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
	told    bool               // of this file
}

func (o *order) see(at *Row, a *schema.Annotation) {
	first := at.Row == 1
	if first {
		o.told = false
	}
	if !first && !o.told && o.falls(at, a) {
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

// falls is whether the row's key is less than that of the row before it.
func (o *order) falls(at *Row, a *schema.Annotation) bool {
	if at.Same < samePass || a.Measure != nil || o.before.Measure != nil {
		return dataset.CompareAnnotations(o.before, a) > 0
	}
	return cmp.Or(
		nullableOf(o.before.Turn).compare(nullableOf(a.Turn)),
		nullableOf(o.before.AssistantTurn).compare(nullableOf(a.AssistantTurn)),
		nullableOf(o.before.Exchange).compare(nullableOf(a.Exchange)),
	) > 0
}
