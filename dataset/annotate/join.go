package annotate

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A label is a judgement as a source gives it.
type label struct {
	schema.Annotation
	from   origin
	record int    // the number of its record, where from has yet to be found by it
	turn   string // the message's id in the source, where labels name that
	by     string // how a number names its turn, one of Turns; "" = none does
	named  int32  // that number
}

// where says where the label stood.
func (l *label) where() string {
	if l.record > 0 {
		return fmt.Sprintf("%s: record %d", l.from.file, l.record)
	}
	return l.from.place("").String()
}

// A spot is a number in a trajectory.
type spot struct {
	trajectory string
	number     int32
}

// An origin is where a label stood.
type origin struct {
	file   string
	row    int
	offset int64
	raw    []byte // nil: what was read off it stands in
}

func (o *origin) place(column string) schema.Place {
	return schema.Place{File: o.file, Row: o.row, Field: column}
}

// A join takes labels in and puts them where they belong.
type join struct {
	o           *Options
	d           *dataset.Dataset
	x           *index
	report      *Report
	before      map[string]schema.Annotator // that dataset.yaml declares
	constraints []string                    // that are declared; nil = any is fine

	labels    []*label // that match
	fit       []spot   // what they name, where it is a turn by its number
	lost      []spot   // the same of those that have a trajectory, and no such turn in it
	strangers int      // that have no trajectory
	bySource  int      // of them give a source id for its id
	rewritten int      // of them look like what a spreadsheet made of an id
	held      []held   // of them, those that are not yet told
}

func newJoin(d *dataset.Dataset, x *index, o *Options, r *Report) *join {
	j := &join{o: o, d: d, x: x, report: r}
	for _, c := range d.Manifest.Constraints {
		j.constraints = append(j.constraints, c.ID)
	}
	for i := range d.Scenarios {
		for _, c := range d.Scenarios[i].Constraints {
			if !slices.Contains(j.constraints, c.ID) {
				j.constraints = append(j.constraints, c.ID)
			}
		}
	}
	return j
}

// take joins one label, or counts it as unmatched and passes it on as a reject.
func (j *join) take(l *label) error {
	j.report.Labels++
	j.hashed(l)
	said := l.Annotation
	l.number()
	why := j.spreadsheet(said.TrajectoryID, j.place(l))
	j.note(l, said.TrajectoryID, why)
	if why == nil {
		j.labels = append(j.labels, l)
		return nil
	}
	if l.record > 0 {
		j.held = append(j.held, held{l.record, why})
		return nil
	}
	raw := l.from.raw
	if raw == nil {
		var err error
		if raw, err = json.Marshal(said); err != nil {
			return err
		}
	}
	return j.refuse(dataset.Reject{RowError: schema.RowError{Place: l.from.place(columnOf(why)), Err: why}, Offset: l.from.offset, Raw: raw})
}

// note remembers what could be proposed for labels that do not match; id is as it was
// given.
func (j *join) note(l *label, id string, why error) {
	switch at := (spot{l.TrajectoryID, l.named}); {
	case why == nil && l.by != "":
		j.fit = append(j.fit, at)
	case errors.Is(why, dataset.ErrUnknownTrajectory):
		j.strangers++
		if j.o.Key != BySource && len(j.x.bySource[id]) == 1 {
			j.bySource++
		}
	case l.by != "" && (errors.Is(why, dataset.ErrNoTurn) || errors.Is(why, dataset.ErrNotAssistant)):
		j.lost = append(j.lost, at)
	}
}

// refuse counts a label that matches nothing and passes it on.
func (j *join) refuse(e dataset.Reject) error {
	j.report.unmatched(e)
	return j.reject(e)
}

// place finds the label's trajectory and turn, and fills in what its row copies.
func (j *join) place(l *label) error {
	a := &l.Annotation
	if err := j.x.resolve(a, j.o.Key); err != nil {
		return err
	}
	if j.constraints != nil && !slices.Contains(j.constraints, a.ConstraintID) {
		hint := ""
		if near := schema.Nearest(a.ConstraintID, j.constraints); near != "" {
			hint = fmt.Sprintf("; did you mean %s?", near)
		}
		return unmatched(ErrConstraint, "constraint_id", "the dataset declares no constraint %q%s", a.ConstraintID, hint)
	}
	if err := j.turn(l); err != nil {
		return err
	}
	if a.Context == nil && j.o.Context != "" {
		a.Context = &j.o.Context
	}
	return j.x.Fill(a)
}
