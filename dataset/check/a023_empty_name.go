package check

import (
	"reflect"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var emptyName = &Rule{
	Code: "A023", Name: "empty-name", Severity: Error,
	Doc: `a name is empty

Everything without a name is taken for one thing: all such systems are ranked as one,
all such scenarios are one cluster. Only the first row of each file is named. An empty
condition, model or measure is a name as well: what is not known is null.`,
	Fix: `Fill the name in, or make it null where the column may be null.`,
	Start: func(*Data) Visitor {
		return Visitor{
			Scenario:   named[schema.Scenario]("scenario", "condition"),
			Trajectory: named[schema.Trajectory]("trajectory_id", "system", "model", "scenario", "condition"),
			Annotation: named[schema.Annotation](annotationNames...),
			Skip:       allNamed(annotationNames),
		}
	},
}

var annotationNames = []string{"trajectory_id", "system", "model", "scenario", "condition", "constraint_id", "annotator", "measure"}

// allNamed is whether no text that a block may have in the columns is empty.
func allNamed(columns []string) func(*dataset.Block[schema.Annotation]) bool {
	texts := make([]seen[string], len(columns))
	return func(b *dataset.Block[schema.Annotation]) bool {
		for i, column := range columns {
			if !texts[i].all(dataset.Among[string](b, column), func(name string) bool { return name != "" }) {
				return false
			}
		}
		return true
	}
}

// named reports the first empty text of each column and file.
func named[T any](names ...string) func(*Row, *T) {
	columns := columnsOf[T](names...)
	type place struct{ file, column string }
	told := map[place]bool{}
	return func(at *Row, row *T) {
		for _, c := range columns {
			v, ok := c.in(reflect.ValueOf(row).Elem())
			if p := (place{at.File, c.name}); ok && v.Len() == 0 && !told[p] {
				told[p] = true
				at.Report(c.name, "empty (further ones of this file are not named)")
			}
		}
	}
}
