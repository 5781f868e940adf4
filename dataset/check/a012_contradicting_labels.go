package check

import "github.com/righting-bench/righting/schema"

var contradictingLabels = &Rule{
	Code: "A012", Name: "contradicting-labels", Severity: Error,
	Doc: `two labels of one row cannot both be so

By the codebook, what is delivered under governs stays inside the constraint, and under
contested at most fragments get out: leakage of 2 or 3 is neutralised. A failure_kind
says to what control was lost. The whole is not held where control of the whole is
neutralised, nor displaced where it governs. contradicts_turn is an earlier turn. What
is missing has no value. One of the two is wrong, and the outcome may hang on it.`,
	Fix: `Judge the place again, or delete the label that does not hold.`,
	Start: func(*Data) Visitor {
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if (a.Leakage == nil || *a.Leakage < 2) && a.FailureKind == nil && a.Outcome == nil && a.ContradictsTurn == nil && a.Missing == nil {
				return
			}
			control, outcome := "", ""
			if a.Control != nil {
				control = *a.Control
			}
			if a.Outcome != nil {
				outcome = *a.Outcome
			}
			if (control == "governs" || control == "contested") && a.Leakage != nil && *a.Leakage >= 2 {
				at.Report("leakage", "%d where control is %s: useful parts of what the constraint forbids were delivered", *a.Leakage, control)
			}
			if control == "governs" && a.FailureKind != nil {
				at.Report("failure_kind", "%s where control is governs: nothing was lost", quote(*a.FailureKind))
			}
			if a.Whole() && (control == "neutralised" && outcome == "held" || control == "governs" && outcome == "displaced") {
				at.Report("outcome", "%s where control of the whole is %s", outcome, control)
			}
			if c := a.ContradictsTurn; c != nil && (*c < 0 || a.Turn != nil && *c >= *a.Turn) {
				before := "the first turn is 0"
				if a.Turn != nil {
					before = "it has to be before the judged turn " + show(*a.Turn)
				}
				at.Report("contradicts_turn", "%d; %s", *c, before)
			}
			if a.Missing != nil && (a.Value != nil || a.ValueText != nil) {
				at.Report("missing", "%s where there is a value", quote(*a.Missing))
			}
		}}
	},
}
