package check

import (
	"reflect"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var labelsOnMeasureRow = &Rule{
	Code: "A005", Name: "labels-on-measure-row", Severity: Error,
	Doc: `a row that holds a measure's value also holds labels

Labels live only in the row whose measure is null. A place has one such row and one
more for each measure, so labels that stand in several could contradict each other.`,
	Fix: `Move them into the row of the same place without a measure.`,
	Start: func(*Data) Visitor {
		names := []string{"outcome"}
		for c := range reading.NColumns {
			names = append(names, c.Name())
		}
		columns := columnsOf[schema.Annotation](names...)
		return Visitor{Skip: without("measure"), Annotation: func(at *Row, a *schema.Annotation) {
			if a.Measure == nil {
				return
			}
			row := reflect.ValueOf(a).Elem()
			for _, c := range columns {
				if _, set := c.in(row); set {
					at.Report(c.name, "a label in a row of measure %s", quote(*a.Measure))
				}
			}
		}}
	},
}
