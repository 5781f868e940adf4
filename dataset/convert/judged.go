package convert

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// judged is who judged in what, as far as the labels themselves say: what dataset.yaml
// should declare. The first to say something of an annotator is right.
type judged struct {
	Annotators map[string]schema.Annotator `json:"annotators,omitempty"`
	Measures   map[string]measured         `json:"measures,omitempty"`
}

// measured is what is known of a measure by its values.
type measured struct {
	Numbers bool            `json:"numbers,omitempty"` // it has some
	Places  int             `json:"places,omitempty"`  // decimals that they need; mostPlaces+1 = more than can be counted
	As      *schema.Measure `json:"as,omitempty"`      // what the format knows of it
}

const mostPlaces = 9

// Bounds of what is declared: bytes of a measure's name, and measures.
const (
	longestMeasure = 200
	mostMeasures   = 10_000
)

// label adds what one label shows.
func (j *judged) label(a *schema.Annotation) {
	if _, ok := j.Annotators[a.Annotator]; !ok {
		j.annotator(a.Annotator, schema.Annotator{Kind: a.AnnotatorKind})
	}
	if a.Measure == nil {
		return
	}
	m := j.Measures[*a.Measure]
	if a.Value != nil {
		m.Numbers, m.Places = true, max(m.Places, places(*a.Value))
	}
	j.measure(*a.Measure, m)
}

func (j *judged) annotator(name string, a schema.Annotator) {
	if j.Annotators == nil {
		j.Annotators = map[string]schema.Annotator{}
	}
	if before, ok := j.Annotators[name]; ok {
		if before.Model == "" && before.Kind == a.Kind {
			before.Model = a.Model
		}
		a = before
	}
	j.Annotators[name] = a
}

func (j *judged) measure(name string, m measured) {
	if j.Measures == nil {
		j.Measures = map[string]measured{}
	}
	before, ok := j.Measures[name]
	if !ok && len(j.Measures) >= mostMeasures {
		return
	}
	if ok {
		m.Numbers, m.Places = m.Numbers || before.Numbers, max(m.Places, before.Places)
		if before.As != nil {
			m.As = before.As
		}
	}
	j.Measures[name] = m
}

// add adds what came later.
func (j *judged) add(k *judged) {
	for name, a := range k.Annotators {
		j.annotator(name, a)
	}
	for name, m := range k.Measures {
		j.measure(name, m)
	}
}

// places is how many decimals a number has.
func places(v float64) int {
	for n := range mostPlaces + 1 {
		scaled := v * math.Pow10(n)
		if math.Abs(scaled-math.Round(scaled)) <= 1e-9*max(1, math.Abs(scaled)) {
			return n
		}
	}
	return mostPlaces + 1
}

// declare adds what the labels showed to the manifest, where it does not say so yet.
func (r *run) declare(m *dataset.Manifest) {
	j := &r.mark.Judged
	if len(j.Annotators) > 0 {
		annotators := maps.Clone(j.Annotators)
		maps.Copy(annotators, m.Annotators)
		m.Annotators = annotators
	}
	measures := map[string]schema.Measure{}
	for _, name := range slices.Sorted(maps.Keys(j.Measures)) {
		of := j.Measures[name]
		switch {
		case of.As != nil:
			measures[name] = *of.As
		case of.Places > mostPlaces:
			if _, ok := m.Measures[name]; !ok {
				r.report.Notices = append(r.report.Notices, fmt.Sprintf("measure %s has numbers of more than %d decimals, so it is not declared; give it a step under measures in dataset.yaml if it is to be counted", excerpt(name), mostPlaces))
			}
		case of.Numbers:
			measures[name] = schema.Measure{Step: math.Pow10(-of.Places)}
		}
	}
	if len(measures) > 0 {
		maps.Copy(measures, m.Measures)
		m.Measures = measures
	}
	if r.Manifest.Rules.ControlFrom != nil { // also where the manifest is that of the dataset that is added to
		m.Rules.ControlFrom = r.Manifest.Rules.ControlFrom
	}
	r.control(m)
}

// control says so if no score has the measure that control is taken from.
func (r *run) control(m *dataset.Manifest) {
	from := m.Rules.ControlFrom
	if from == nil || r.mark.Annotations == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(r.mark.Judged.Measures))
	names = append(names, slices.Sorted(maps.Keys(r.format.measures))...)
	if slices.Contains(names, from.Measure) {
		return
	}
	out := fmt.Sprintf("control is taken from the measure %s, which no score here has", excerpt(from.Measure))
	switch near := schema.Nearest(from.Measure, names); {
	case near != "":
		out += fmt.Sprintf("; did you mean %s?", near)
	case len(names) > 0:
		out += "; there is " + strings.Join(names[:min(len(names), 20)], ", ")
	}
	r.report.Notices = append(r.report.Notices, out)
}

// nameable is a name that a measure may have.
func nameable(name string) string {
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune("[]@,\n", c) {
			return '_'
		}
		return c
	}, name)
	if name == "" {
		return "_"
	}
	return name
}
