package check

import (
	"maps"
	"slices"

	"github.com/righting-bench/righting/schema"
)

var undeclaredAnnotator = &Rule{
	Code: "A018", Name: "undeclared-annotator", Severity: Warning,
	Doc: `dataset.yaml declares annotators, but not this one, or of another kind

A misspelt annotator is one more member of the panel, without the model and the silence
that are declared for the right one. Each is named once.`,
	Fix: `Correct the name or kind, or declare the annotator under annotators in dataset.yaml.`,
	Start: func(d *Data) Visitor {
		declared := d.Manifest.Annotators
		if len(declared) == 0 {
			return Visitor{}
		}
		names := slices.Sorted(maps.Keys(declared))
		told := map[[2]string]bool{}
		last := "" // kind, of the row before
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.Same >= sameAnnotator && a.AnnotatorKind == last {
				return
			}
			last = a.AnnotatorKind
			who, known := declared[a.Annotator]
			kind := a.AnnotatorKind
			if !known {
				kind = ""
			}
			if known && (who.Kind == "" || who.Kind == kind) || told[[2]string{a.Annotator, kind}] {
				return
			}
			told[[2]string{a.Annotator, kind}] = true
			if known {
				at.Report("annotator_kind", "%s where dataset.yaml declares %s of kind %s", quote(kind), quote(a.Annotator), quote(who.Kind))
			} else {
				at.Report("annotator", "%s is not declared in dataset.yaml%s", quote(a.Annotator), instead(a.Annotator, names))
			}
		}}
	},
}
