package check

import (
	"maps"
	"slices"

	"github.com/righting-bench/righting/schema"
)

var valueOffStep = &Rule{
	Code: "A006", Name: "value-off-step", Severity: Error,
	Doc: `a value is none that its measure can have

Measures are counted in whole steps, so that sums are exact: a value has to be a
number, from min to max, and a multiple of step, as dataset.yaml declares them under
measures. A measure that is not declared cannot be counted at all and is named once;
a value without a measure belongs to nothing.`,
	Fix: `Correct the value or the declaration.`,
	Start: func(d *Data) Visitor {
		declared := d.Manifest.Measures
		told := map[string]bool{}
		return Visitor{Skip: without("measure", "value", "value_text"), Annotation: func(at *Row, a *schema.Annotation) {
			switch {
			case a.Measure == nil && a.Value != nil:
				at.Report("value", "%g in a row without a measure", *a.Value)
			case a.Measure == nil && a.ValueText != nil:
				at.Report("value_text", "%s in a row without a measure", quote(*a.ValueText))
			case a.Measure == nil || a.Value == nil: // a letter needs no step
			default:
				m, ok := declared[*a.Measure]
				if !ok {
					if !told[*a.Measure] {
						told[*a.Measure] = true
						at.Report("measure", "%s is not declared%s", quote(*a.Measure), declare(*a.Measure, declared))
					}
					return
				}
				if _, err := m.Half(*a.Value); err != nil {
					at.Report("value", "%v (measure %s)", err, quote(*a.Measure))
				}
			}
		}}
	},
}

// declare is the way out for a measure that is not declared.
func declare(name string, declared map[string]schema.Measure) string {
	hint := "; name it and its step under measures in dataset.yaml"
	if near := schema.Nearest(name, slices.Sorted(maps.Keys(declared))); near != "" {
		hint = "; did you mean " + near + "? Else" + hint[1:]
	}
	return hint
}
