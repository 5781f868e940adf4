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
	turn   string // the message's id in the source, where labels name that
	by     string // how its number names a turn, one of Turns; "" = it has none
	number int32
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
	named     int      // of them name a turn by a number
	lost      []spot   // of those that have a trajectory, and no turn in it
	strangers int      // that have no trajectory
	bySource  int      // of them give a source id for its id
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
	said := l.Annotation
	why := j.place(l)
	if why == nil {
		j.labels = append(j.labels, l)
		if l.by != "" {
			j.named++
		}
		return nil
	}
	switch {
	case errors.Is(why, dataset.ErrUnknownTrajectory):
		j.strangers++
		if j.o.Key != BySource && len(j.x.bySource[said.TrajectoryID]) == 1 {
			j.bySource++
		}
	case l.by != "" && (errors.Is(why, dataset.ErrNoTurn) || errors.Is(why, dataset.ErrNotAssistant)):
		j.lost = append(j.lost, spot{l.TrajectoryID, l.number})
	}
	raw := l.from.raw
	if raw == nil {
		var err error
		if raw, err = json.Marshal(said); err != nil {
			return err
		}
	}
	e := dataset.Reject{RowError: schema.RowError{Place: l.from.place(columnOf(why)), Err: why}, Offset: l.from.offset, Raw: raw}
	j.report.unmatched(e)
	return j.report.Reject(j.o.Rejecting, e)
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
