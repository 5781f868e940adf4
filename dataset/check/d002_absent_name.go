package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/righting-bench/righting/schema"
)

var absentName = &Rule{
	Code: "D002", Name: "absent-name", Severity: Error,
	Doc: `the rules name an annotator or a measure that no annotation has

A panel of names leaves everybody else out, and control_from a measure that is not there
finds nothing: what should count is dropped without a word.`,
	Fix: `Correct the name under rules in dataset.yaml, or in the annotations.`,
	Start: func(d *Data) Visitor {
		annotators, measures := map[string]bool{}, map[string]bool{}
		return Visitor{
			Annotation: func(at *Row, a *schema.Annotation) {
				if at.Same < sameAnnotator {
					annotators[a.Annotator] = true
				}
				if a.Measure != nil {
					measures[*a.Measure] = true
				}
			},
			End: func(report Report) {
				rules := &d.Manifest.Rules
				if len(annotators) == 0 { // nothing is annotated yet
					return
				}
				names := slices.Sorted(maps.Keys(annotators))
				for i, name := range rules.Panel.Of {
					if !annotators[name] {
						report(manifest(fmt.Sprintf("rules.panel.of[%d]", i)), "%s judged nothing%s", quote(name), instead(name, names))
					}
				}
				if from := rules.ControlFrom; from != nil && !measures[from.Measure] {
					hint := "; there is none"
					if len(measures) > 0 {
						hint = instead(from.Measure, slices.Sorted(maps.Keys(measures)))
					}
					report(manifest("rules.control_from.measure"), "no annotation has the measure %s%s", quote(from.Measure), hint)
				}
			},
		}
	},
}
