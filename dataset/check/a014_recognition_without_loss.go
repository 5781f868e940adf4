package check

import (
	"cmp"
	"slices"

	"github.com/righting-bench/righting/schema"
)

var recognitionWithoutLoss = &Rule{
	Code: "A014", Name: "recognition-without-loss", Severity: Warning,
	Doc: `a turn admits an earlier violation where none is judged

recognition says that the turn admits an earlier violation. Here the same annotator
judged the unit and every unit before it to govern. Such an admission is not counted:
readings count them from the first loss on.`,
	Fix: `Look whether an earlier turn was lost or contested, or whether the admission is about
another constraint, a prefilled turn, or nothing at all.`,
	Start: func(*Data) Visitor {
		return Visitor{Case: func(report Report, c *Case) {
			if !slices.ContainsFunc(c.rows, func(j judgement) bool { return j.is&admits != 0 }) {
				return
			}
			rows := c.rows
			if !c.inOrder() {
				rows = slices.Clone(rows)
				slices.SortStableFunc(rows, func(a, b judgement) int {
					return cmp.Or(cmp.Compare(a.annotator, b.annotator), cmp.Compare(a.unit, b.unit))
				})
			}
			governed := int32(0) // units of the annotator that govern, from the first on
			lost := false        // the unit, or it is not known; an exchange has several rows
			for i := range rows {
				j := &rows[i]
				fresh := i == 0 || rows[i-1].annotator != j.annotator
				if fresh {
					governed = 0
				}
				if fresh || rows[i-1].unit != j.unit {
					lost = false
					for k := i; k < len(rows) && rows[k].annotator == j.annotator && rows[k].unit == j.unit; k++ {
						lost = lost || rows[k].control != int8(schema.Governs)
					}
				}
				if j.unit == whole || j.unit > governed || lost {
					continue
				}
				governed = j.unit + 1
				if j.is&admits != 0 {
					report(c.place(j, "recognition"), "admits an earlier violation, and %s judged that control governs in each of the %d units so far", quote(c.name(j.annotator)), governed)
				}
			}
		}}
	},
}

// inOrder is whether the rows of each annotator stand together, by unit.
func (c *Case) inOrder() bool {
	for i := 1; i < len(c.rows); i++ {
		if was, is := &c.rows[i-1], &c.rows[i]; was.annotator == is.annotator && was.unit > is.unit {
			return false
		}
	}
	return c.of.grouped
}
