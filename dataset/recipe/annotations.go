package recipe

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/righting-bench/righting/schema"
)

// blankAnnotation is a row with the defaults, and the required columns that have one.
func blankAnnotation() (a schema.Annotation, columns []string) {
	return schema.Annotation{Setting: "interaction", ConstraintID: schema.MainConstraint},
		[]string{"repeat", "setting", "pass", "constraint_id"}
}

// labels are the columns of which a judgement needs one, or else a measure's value.
func labels() []string {
	return []string{
		"control", "outcome", "active_target", "principal", "legitimacy", "competing_targets", "claimed_target",
		"response", "leakage", "symbols", "recognition", "pressures", "move", "ask", "failure_kind", "contradicts_turn",
	}
}

// compileAnnotations makes a plan of a section of annotations.
func compileAnnotations(s *section, at []string, v *schema.Vocabulary, out *problems) *plan {
	_, defaults := blankAnnotation()
	p := compile[schema.Annotation](schema.Annotations, s, at, v, defaults, out)
	has := func(name string) bool { return p.by[name] != nil }
	for _, name := range labels() {
		if has(name) {
			p.labels = append(p.labels, p.fields[name])
		}
	}
	label, score := len(p.labels) > 0, has("value") || has("value_text")
	switch {
	case score && !has("measure"):
		out.add(at, "a value needs the name of what it measures; add set: {measure: NAME}")
	case has("measure") && !score && !has("missing"):
		out.add(p.by["measure"].path, "the measure has no value; take value from the source under columns, or as unpivot: {to: value}")
	case !label && !score && !has("missing"):
		out.add(at, "says nothing of a trajectory: take a label such as control from the source under columns, or a value and set its measure")
	case label && has("measure") && p.by["measure"].refs == nil:
		out.add(p.by["measure"].path, "labels live only in rows without a measure; make annotations a list of two sections, one for each")
	}
	return p
}

// Annotations reads the files that the recipe takes from the inputs (folders, or files
// themselves) and passes each row on, in the order of the files' names and of the rows
// in them; repeated judgements that are numbered come at the end of their section.
//
// A row belongs to emit, but what its pointers and lists lead to is shared by rows. What is wrong with a record or a cell is in the report, and reading goes on. An error
// is a recipe that does not fit the files, I/O, ctx.Err(), or what emit returned:
// then the rows that were passed on are not the whole, and nothing of them should stay.
func (r *Recipe) Annotations(ctx context.Context, inputs []string, o Options, emit func(schema.Annotation) error) (Report, error) {
	report := Report{Annotators: map[string]schema.Annotator{}}
	if len(r.annotations) == 0 {
		return report, fmt.Errorf("%s: has no annotations", r.Name)
	}
	blank, _ := blankAnnotation()
	for _, p := range r.annotations {
		x := run[schema.Annotation]{
			plan: p, options: o, report: &report, blank: blank, emit: emit,
			judge: func(a *schema.Annotation) (bool, string, error) {
				said, column, err := r.judge(p, a)
				if said && err == nil {
					column, err = "annotator_kind", report.met(a)
				}
				return said, column, err
			},
		}
		if err := x.all(ctx, inputs); err != nil {
			return report, err
		}
	}
	slices.Sort(report.Files)
	report.Files = slices.Compact(report.Files)
	return report, nil
}

// met notes who judged.
func (r *Report) met(a *schema.Annotation) error {
	old, again := r.Annotators[a.Annotator]
	if again && old.Kind != a.AnnotatorKind {
		return fmt.Errorf("%s, and annotator %s was %s before; give two annotators two names", a.AnnotatorKind, excerpt(a.Annotator), old.Kind)
	}
	if !again {
		r.Annotators[a.Annotator] = schema.Annotator{Kind: a.AnnotatorKind}
	}
	return nil
}

// judge tells whether the row says anything, and what is wrong between its columns.
func (r *Recipe) judge(p *plan, a *schema.Annotation) (said bool, column string, err error) {
	row := reflect.ValueOf(a).Elem()
	for _, f := range p.labels {
		if !row.Field(f.at).IsNil() {
			said = true
			if a.Measure != nil {
				return said, f.Name, fmt.Errorf("a label in a row with the measure %s; labels live in rows without one", excerpt(*a.Measure))
			}
		}
	}
	if a.Outcome != nil && !a.Whole() {
		return said, "outcome", errors.New("a word for the whole trajectory, in a row about one turn")
	}
	if (a.Value != nil || a.ValueText != nil) && a.Measure == nil {
		return said, "measure", errors.New("empty, and there is a value")
	}
	if a.Value != nil {
		if m, ok := r.Dataset.Measures[*a.Measure]; ok {
			if _, err := m.Half(*a.Value); err != nil {
				return said, "value", err
			}
		}
	}
	return said || a.Value != nil || a.ValueText != nil || a.Missing != nil, "", nil
}
