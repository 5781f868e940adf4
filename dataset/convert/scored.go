package convert

import (
	"maps"
	"math"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Bounds of what is declared: bytes of a measure's name, and measures.
const (
	longestMeasure = 200
	mostMeasures   = 10_000
)

// finest is the most decimal places that a measure's step is made of.
const finest = 9

// scored is who gave what scores, for what the format does not declare itself.
type scored struct {
	Places     map[string]int    `json:"places,omitempty"` // decimal ones, of a measure
	Annotators map[string]string `json:"annotators,omitempty"`
}

func (s *scored) add(a *schema.Annotation) {
	s.merge(scored{map[string]int{*a.Measure: places(*a.Value)}, map[string]string{a.Annotator: a.AnnotatorKind}})
}

func (s *scored) merge(more scored) {
	if s.Places == nil {
		s.Places, s.Annotators = map[string]int{}, map[string]string{}
	}
	for name, n := range more.Places {
		if _, there := s.Places[name]; !there && len(s.Places) >= mostMeasures {
			continue
		}
		s.Places[name] = max(n, s.Places[name])
	}
	maps.Copy(s.Annotators, more.Annotators)
}

// places is how many decimal places a score has.
func places(v float64) int {
	for n := range finest {
		if _, err := (schema.Measure{Step: math.Pow10(-n)}).Half(v); err == nil {
			return n
		}
	}
	return finest
}

// declare adds what a manifest lacks of it.
func (s *scored) declare(m *dataset.Manifest) {
	measures, annotators := map[string]schema.Measure{}, map[string]schema.Annotator{}
	for name, n := range s.Places {
		measures[name] = schema.Measure{Step: math.Pow10(-n)}
	}
	for name, kind := range s.Annotators {
		annotators[name] = schema.Annotator{Kind: kind}
	}
	maps.Copy(measures, m.Measures)
	maps.Copy(annotators, m.Annotators)
	if len(measures) > 0 {
		m.Measures = measures
	}
	if len(annotators) > 0 {
		m.Annotators = annotators
	}
}
