package recipe

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/righting-bench/righting/dataset"
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

// planAnnotations makes a plan of a section of annotations.
func planAnnotations(s *section, at []string, v *schema.Vocabulary, out *problems) *plan {
	p := newPlan[schema.Annotation](schema.Annotations, s, at, v, out)
	_, p.defaults = blankAnnotation()
	p.lent = []string{"system", "scenario"}
	p.compile()
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
// With an Index in the options, each row takes over what its trajectory says and is
// placed in it, and a row that does not match is rejected. Without one, the recipe has to
// say of which system and scenario a row is.
//
// A row belongs to emit, but what its pointers and lists lead to is shared by rows. What
// is wrong with a record or a cell is in the report, and reading goes on. An error is a
// recipe that does not fit the files, I/O, ctx.Err(), or what emit returned: then the
// rows that were passed on are not the whole, and nothing of them should stay.
func (r *Recipe) Annotations(ctx context.Context, inputs []string, o Options, emit func(schema.Annotation) error) (Report, error) {
	report, files, err := r.begin(schema.Annotations, r.annotations, inputs)
	if err != nil {
		return report, err
	}
	if err := r.told(o); err != nil {
		return report, err
	}
	for i, p := range r.annotations {
		x := r.judging(p, o, &report, emit)
		if err := x.ready().files(ctx, files[i]); err != nil {
			return report, err
		}
	}
	report.ended()
	return report, nil
}

// judging is a run of a section of annotations.
func (r *Recipe) judging(p *plan, o Options, report *Report, emit func(schema.Annotation) error) run[schema.Annotation] {
	blank, _ := blankAnnotation()
	return run[schema.Annotation]{
		plan: p, options: o, report: report, blank: blank, emit: emit,
		judge: func(a *schema.Annotation, _ schema.Place) (ending, string, error) {
			said, column, err := r.judge(p, a)
			switch {
			case err != nil:
				return rejected, column, err
			case !said:
				return missing, "", nil
			}
			if o.Index != nil {
				if err := o.Index.Fill(a); err != nil {
					var why *dataset.Unmatched
					if errors.As(err, &why) {
						column = why.Column
					}
					return rejected, column, err
				}
			}
			return written, "annotator_kind", report.met(a)
		},
	}
}

// told checks that rows say whose they are, where no trajectory does.
func (r *Recipe) told(o Options) error {
	if o.Index != nil {
		return nil
	}
	for _, p := range r.annotations {
		out := *p
		out.problems = p.problems.fresh()
		for _, name := range p.lent {
			if p.by[name] == nil {
				out.unfilled(name)
			}
		}
		if err := out.problems.err(); err != nil {
			return err
		}
	}
	return nil
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
