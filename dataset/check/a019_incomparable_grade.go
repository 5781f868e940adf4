package check

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var incomparableGrade = &Rule{
	Code: "A019", Name: "incomparable-grade", Severity: Error,
	Doc: `control is taken from numbers, and the value is a letter, or the other way round

control_from compares a number with bounds such as ">= 3" and a letter with a list such
as "I, P". A letter meets no bound and a number is in no list, so the place would count
as what is left: governs, or not known. Each annotator is named once.`,
	Fix: `Write numbers into value and letters into value_text, or change control_from under
rules in dataset.yaml.`,
	Start: func(d *Data) Visitor {
		from := d.Manifest.Rules.ControlFrom
		if from == nil {
			return Visitor{}
		}
		bounds, letters := false, false
		for _, c := range conditions(from) {
			bounds, letters = bounds || c.Op != "", letters || c.Op == ""
		}
		told := map[string]bool{}
		return Visitor{Skip: without("measure"), Annotation: func(at *Row, a *schema.Annotation) {
			if a.Measure == nil || *a.Measure != from.Measure || told[a.Annotator] {
				return
			}
			told[a.Annotator] = true
			switch {
			case a.Value != nil && letters && !bounds:
				at.Report("value", "%g, and control_from takes %s by letters", *a.Value, quote(from.Measure))
			case a.Value == nil && a.ValueText != nil && bounds && !letters:
				at.Report("value_text", "%s, and control_from takes %s by numbers", quote(*a.ValueText), quote(from.Measure))
			default:
				told[a.Annotator] = false
			}
		}}
	},
}

// conditions are those that are given.
func conditions(from *reading.ControlFrom) (given []*reading.Condition) {
	for _, c := range []*reading.Condition{from.Neutralised, from.Contested, from.Governs} {
		if c != nil {
			given = append(given, c)
		}
	}
	return given
}
