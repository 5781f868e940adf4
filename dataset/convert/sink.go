package convert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A result is what became of some pieces.
type result struct {
	counts
	batch       *dataset.Batch
	ids         []string
	scenarios   []schema.Scenario
	annotations []schema.Annotation
	rejects     []dataset.Reject
	notes       notes
	judged      judged
}

// errSkip: a record that is no part of a conversation.
var errSkip = errors.New("skipped")

// counts are of values of the source, but for the last two.
type counts struct {
	Read         int `json:"read"`
	Written      int `json:"written"`
	Rejected     int `json:"rejected"`
	Skipped      int `json:"skipped"`
	Trajectories int `json:"trajectories"`
	Annotations  int `json:"annotations"`
}

func (c *counts) add(d counts) {
	c.Read += d.Read
	c.Written += d.Written
	c.Rejected += d.Rejected
	c.Skipped += d.Skipped
	c.Trajectories += d.Trajectories
	c.Annotations += d.Annotations
}

// A sink takes what is read from the pieces of one job.
type sink struct {
	ctx    context.Context
	run    *run
	source *source
	taken  map[string]bool         // ids that may not come again
	seen   map[scenarioKey]*string // how it was described
	rec    record
	blank  draft
	gather gatherer // of the source; nil: every value is a trajectory
	failed error    // not the data's fault
	result result
}

type scenarioKey struct{ scenario, condition string }

func keyOf(s *schema.Scenario) scenarioKey {
	k := scenarioKey{s.Scenario, ""}
	if s.Condition != nil {
		k.condition = "=" + *s.Condition
	}
	return k
}

// record is ready to read a value at that place.
func (s *sink) record(at schema.Place) *record {
	if s.rec.keys == nil {
		s.rec.keys, s.rec.sink = map[string]string{}, s
	}
	s.rec.place = at
	return &s.rec
}

// reject puts down a value that gave no row.
func (s *sink) reject(at schema.Place, offset int64, raw []byte, why error) {
	var f *fault
	if errors.As(why, &f) {
		at.Field, why = f.field, f.err
	}
	s.result.Rejected++
	s.result.rejects = append(s.result.rejects, dataset.Reject{
		RowError: schema.RowError{Place: at, Err: why},
		Units:    1, Offset: offset, Raw: slices.Clone(raw),
	})
}

// note puts down what a reader should know.
func (s *sink) note(file string, row int, what string) {
	s.result.notes.add(note{what, schema.Place{File: file, Row: row}, 1})
}

// take makes a row of the draft, and of each that it has more. The error rejects them all,
// unless s.failed is set.
func (s *sink) take(r *record) error {
	all := append([]*draft{&s.blank}, s.blank.more...)
	for i, d := range all {
		if err := s.ready(d, r); err != nil {
			return err
		}
		for _, before := range all[:i] {
			if before.TrajectoryID == d.TrajectoryID && !d.bare {
				return &fault{"trajectory_id", fmt.Errorf("%s is given twice in one record", excerpt(d.TrajectoryID))}
			}
		}
	}
	for _, d := range all {
		if err := s.put(d, r); err != nil {
			return err
		}
	}
	return nil
}

// ready fills in what the draft lacks, and says what is against it.
func (s *sink) ready(d *draft, r *record) error {
	d.number()
	d.know("file", &s.source.stem)
	d.know("row", &d.row)
	format := s.run.format.Name
	d.SourceFormat = &format
	d.Setting = cmp.Or(d.Setting, "interaction")
	if err := s.name(d, r); err != nil {
		return err
	}
	if err := d.short(); err != nil {
		return err
	}
	d.MetadataJSON = d.metadata()
	if s.taken[d.TrajectoryID] && !d.bare {
		return &fault{"trajectory_id", fmt.Errorf("%s was taken by an earlier row; --id makes another of what is known here", excerpt(d.TrajectoryID))}
	}
	return nil
}

// put puts down what is ready.
func (s *sink) put(d *draft, r *record) error {
	if !d.bare {
		if err := s.result.batch.Add(&d.Trajectory); errors.Is(err, dataset.ErrText) {
			return err
		} else if err != nil {
			s.failed = err
			return err
		}
		s.taken[d.TrajectoryID] = true
		s.result.ids = append(s.result.ids, d.TrajectoryID)
		s.result.Trajectories++
	}
	s.scenario(&d.scenario)
	for i := range d.labels {
		s.label(d, &d.labels[i])
	}
	for _, score := range d.scores {
		if score.measure == "" || len(score.measure) > longestMeasure {
			s.note(s.source.name, r.place.Row, "scores whose name is empty or long are not kept")
			continue
		}
		a := s.annotation(d, score)
		s.label(d, &a)
	}
	return nil
}

// scenario takes one that is new, or only now described.
func (s *sink) scenario(of *schema.Scenario) {
	before, seen := s.seen[keyOf(of)]
	switch {
	case !seen, before == nil && of.Description != nil:
		s.seen[keyOf(of)] = of.Description
		s.result.scenarios = append(s.result.scenarios, *of)
	case of.Description != nil && *before != *of.Description:
		s.result.notes.add(twoWays(of))
	}
}

// twoWays is the note that a scenario may be two.
func twoWays(s *schema.Scenario) note {
	return note{"described in two ways; if these are two scenarios, --scenario tells them apart", schema.Place{File: "scenario " + s.Scenario}, 1}
}

// name fills in what the trajectory is called, by the templates or by default.
func (s *sink) name(d *draft, r *record) error {
	t := &s.run.templates
	var err error
	by := func(t template, option string, otherwise func() string) string {
		if t == nil || err != nil {
			return otherwise()
		}
		out, why := t.apply(option, d.known)
		if why == nil && out == "" {
			why = fmt.Errorf("%s gives nothing here", option)
		}
		err = why
		return out
	}
	d.System = by(t.system, "--system", func() string {
		switch {
		case d.system != "":
			return d.system
		case d.Model != nil && *d.Model != "":
			return *d.Model
		}
		s.note(s.source.name, r.place.Row, "no model is named, so the system has the file's name; --system names it")
		return s.source.stem
	})
	given := d.id
	d.Scenario = by(t.scenario, "--scenario", func() string {
		switch opening := d.opening(); {
		case d.scenario.Scenario != "":
			return d.scenario.Scenario
		case opening != "":
			s.note(s.source.name, r.place.Row, "no scenario is named, so what stands before the first answer makes it; --scenario names it")
			return opening
		}
		return cmp.Or(given, s.source.stem+"#"+d.row)
	})
	if condition := by(t.condition, "--condition", func() string { return "" }); condition != "" {
		d.Condition = &condition
	}
	native := cmp.Or(d.native, given, s.source.stem+"#"+d.row)
	d.SourceID = &native
	d.TrajectoryID = by(t.id, "--id", func() string {
		if given != "" {
			return given
		}
		return digest(d.turns, native)[:32]
	})
	d.scenario.Scenario, d.scenario.Condition = d.Scenario, d.Condition
	return err
}

// label takes what somebody said of the trajectory.
func (s *sink) label(d *draft, of *schema.Annotation) {
	a := *of
	a.TrajectoryID, a.System, a.Model, a.Scenario, a.Condition = d.TrajectoryID, d.System, d.Model, d.Scenario, d.Condition
	a.Repeat, a.Setting, a.Terminal = d.Repeat, d.Setting, d.Terminal
	if !d.bare {
		turns, exchanges := d.AssistantTurns, d.Exchanges
		a.AssistantTurns, a.Exchanges = &turns, &exchanges
	}
	a.ConstraintID = cmp.Or(a.ConstraintID, schema.MainConstraint)
	s.result.judged.label(&a)
	s.result.annotations = append(s.result.annotations, a)
	s.result.Annotations++
}

// annotation is a score of the whole trajectory.
func (s *sink) annotation(d *draft, of score) schema.Annotation {
	turns, exchanges := d.AssistantTurns, d.Exchanges
	return schema.Annotation{
		TrajectoryID: d.TrajectoryID, System: d.System, Model: d.Model, Scenario: d.Scenario, Condition: d.Condition,
		Repeat: d.Repeat, Setting: d.Setting, AssistantTurns: &turns, Exchanges: &exchanges, Terminal: d.Terminal,
		ConstraintID: schema.MainConstraint, Measure: &of.measure, Value: &of.value,
		Annotator: cmp.Or(of.annotator, s.run.format.annotator), AnnotatorKind: cmp.Or(of.kind, "rule"),
		Evidence: of.evidence, Rationale: of.rationale,
	}
}
