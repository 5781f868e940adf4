package check

import (
	"reflect"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var sortOrder = &Rule{
	Code: "A003", Name: "sort-order", Severity: Warning,
	Doc: `annotations are not in the order of their keys, or a trajectory spans two files

Scoring reads files in the order of trajectory_id, constraint_id, annotator, pass,
turn, assistant_turn, exchange, measure (nulls first, text by its bytes), each
trajectory whole. Rows in another order are sorted first, in memory, which is slow.
Only the first row of a file that is out of order is named, and the first
trajectory that began in an earlier file. Sort the rows and cut files only between
trajectories; a dataset that righting wrote is in order.`,
	Start: func(d *dataset.Dataset) Visitor {
		o := &order{columns: columnsOf[schema.Annotation](keyColumns...)}
		if len(d.Annotations) > 1 {
			o.began = map[string]string{}
		}
		return Visitor{Annotation: o.see}
	},
}

// keyColumns are the columns that CompareAnnotations compares, in that order.
var keyColumns = []string{"trajectory_id", "constraint_id", "annotator", "pass", "turn", "assistant_turn", "exchange", "measure"}

type order struct {
	columns []column
	before  *schema.Annotation // in this file
	file    string
	told    struct{ order, spans bool } // of this file
	began   map[string]string           // trajectory to its first file; nil with one file
}

func (o *order) see(at *Row, a *schema.Annotation) {
	first := at.File != o.file
	if first {
		o.file, o.told.order, o.told.spans = at.File, false, false
	}
	if o.began != nil && (first || a.TrajectoryID != o.before.TrajectoryID) {
		switch file, seen := o.began[a.TrajectoryID]; {
		case !seen:
			o.began[a.TrajectoryID] = at.File
		case file != at.File && !o.told.spans:
			o.told.spans = true
			at.Report("trajectory_id", "%s began in %s; a trajectory has to be in one file", quote(a.TrajectoryID), file)
		}
	}
	if !first && !o.told.order && dataset.CompareAnnotations(o.before, a) > 0 {
		o.told.order = true
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
