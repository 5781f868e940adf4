package check

import (
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

var unknownConstraint = &Rule{
	Code: "A011", Name: "unknown-constraint", Severity: Error,
	Doc: `an annotation is about a constraint that nobody declares

Its judgements make a case of their own, apart from those of the constraint that was
meant, and what the constraint protects is not known. Each is named once. Where
neither dataset.yaml nor the scenario declares any, nothing is said.`,
	Fix: `Correct constraint_id, or declare it under constraints in dataset.yaml or in the
scenario's row.`,
	Start: func(d *Data) Visitor {
		ds := newDesigns(d.Dataset)
		type subject struct {
			arm

			id string
		}
		known := map[subject]bool{}
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.Copied && at.Same >= sameConstraint {
				return
			}
			s := subject{armOf(a.Scenario, a.Condition), a.ConstraintID}
			if known[s] {
				return
			}
			known[s] = true
			if c, ids := ds.constraint(s.arm, s.id); c == nil && len(ids) > 0 {
				at.Report("constraint_id", "%s is declared neither in dataset.yaml nor by scenario %s%s", quote(s.id), quote(a.Scenario), instead(s.id, ids))
			}
		}}
	},
}

// instead is what may have been meant, or the first few of what there is.
func instead(word string, names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	if near := schema.Nearest(short(word), names); near != "" {
		return "; did you mean " + quote(near) + "?"
	}
	var few []string
	for _, name := range names[:min(len(names), 5)] {
		few = append(few, quote(name))
	}
	if len(names) > len(few) {
		few = append(few, "…")
	}
	return "; there is " + strings.Join(few, ", ")
}
