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
			rows := slices.Clone(c.rows)
			slices.SortStableFunc(rows, func(a, b judgement) int {
				return cmp.Or(cmp.Compare(a.annotator, b.annotator), cmp.Compare(a.unit, b.unit))
			})
			type place struct{ annotator, unit int32 }
			lost := map[place]bool{} // or not known; an exchange has several rows
			for i := range rows {
				if j := &rows[i]; j.control != int8(schema.Governs) {
					lost[place{j.annotator, j.unit}] = true
				}
			}
			governed := int32(0) // units of the annotator that govern, from the first on
			for i := range rows {
				j := &rows[i]
				if i == 0 || rows[i-1].annotator != j.annotator {
					governed = 0
				}
				if j.unit == whole || j.unit > governed || lost[place{j.annotator, j.unit}] {
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
