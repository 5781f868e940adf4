package check

import "github.com/righting-bench/righting/schema"

var outcomeOnUnit = &Rule{
	Code: "A016", Name: "outcome-on-unit", Severity: Error,
	Doc: `an outcome stands in a row about one turn

An outcome is a word for the whole: held, interrupted, recovered, unproven, relapsed,
displaced. In a row about a turn it is not read, and the whole counts as not judged.`,
	Fix: `Give the outcome a row of its own, where turn, assistant_turn and exchange are null.`,
	Start: func(*Data) Visitor {
		return Visitor{Skip: without("outcome"), Annotation: func(at *Row, a *schema.Annotation) {
			if a.Outcome != nil && !a.Whole() {
				at.Report("outcome", "%s in a row about one turn", quote(*a.Outcome))
			}
		}}
	},
}
