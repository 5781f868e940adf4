package bench

import (
	"cmp"
	"context"
	"errors"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A Survey is what a dataset holds.
type Survey struct {
	Digest      string
	Record      string           // annotator of record; "" where no panel is named
	Rows, Files map[string]int64 // by table
	Cells       map[Cell]int64   // trajectories; those judged in labels-only data
	Annotators  map[string]*AnnotatorSurvey
	Tested      [3]int64         // readings, by the codes of schema.Testeds
	Constraints map[string]int64 // readings
	NoPanel     error            // why nothing could be read; nil = it was
}

// A Cell is what trajectories are counted by.
type Cell struct{ System, Condition, Setting string }

// An AnnotatorSurvey is what one annotator did.
type AnnotatorSurvey struct {
	Passes  map[int]bool
	Judged  int64           // units with control, pass 0
	Units   int64           // units of its cases, pass 0
	Columns map[string]bool // label columns and measures it gave
}

func newSurvey() *Survey {
	return &Survey{
		Rows: map[string]int64{}, Files: map[string]int64{}, Cells: map[Cell]int64{},
		Annotators: map[string]*AnnotatorSurvey{}, Constraints: map[string]int64{},
	}
}

// SurveyOf reads a dataset once and says what is in it.
func SurveyOf(ctx context.Context, d *dataset.Dataset, spec Spec) (*Survey, error) {
	if err := spec.Check(); err != nil {
		return nil, err
	}
	everything(d, &spec)
	all := newSurvey()
	all.Digest = spec.Rules.Digest()
	labelsOnly := len(d.Trajectories) == 0
	var who Who
	type part struct {
		*Survey
		who    Who
		judged reading.Judged
		last   string
	}
	err := dataset.Cases(ctx, d, spec.Rules.Panel.Names, func() *part { return &part{Survey: newSurvey()} },
		func(p *part, c *reading.Case) error {
			if labelsOnly && p.last != c.TrajectoryID {
				p.Cells[Cell{c.System, text(c.Condition), c.Setting}]++
			}
			p.last = c.TrajectoryID
			for i := range c.By {
				p.add(&c.By[i], c.T, spec.Rules.Panel.Names)
				if gives, _ := controls(&c.By[i], &spec.Rules); gives && spec.Rules.Panel.Sits(&c.By[i], &c.Key) {
					p.who.Controls = add(p.who.Controls, c.By[i].Annotator)
				}
			}
			if err := spec.Rules.Panel.Judge(c, &p.judged); errors.Is(err, reading.ErrPanel) {
				p.NoPanel = err
				return nil
			} else if err != nil {
				return err
			}
			r := reading.Read(c, &p.judged, &spec.Rules)
			if !r.None {
				p.Tested[r.Tested]++
				p.Constraints[c.Constraint]++
			}
			return nil
		},
		func(p *part) error {
			all.merge(p.Survey)
			who.add(p.who)
			return nil
		})
	if err != nil {
		return nil, err
	}
	for cell, err := range cells(ctx, d) {
		if err != nil {
			return nil, err
		}
		all.Cells[cell]++
		all.Rows[schema.Trajectories]++
	}
	for _, file := range d.Annotations {
		n, err := dataset.NumRows(file)
		if err != nil {
			return nil, err
		}
		all.Rows[schema.Annotations] += n
	}
	all.Rows[schema.Scenarios] = int64(len(d.Scenarios))
	all.Files[schema.Scenarios] = int64(len(d.ScenarioFiles))
	all.Files[schema.Trajectories], all.Files[schema.Annotations] = int64(len(d.Trajectories)), int64(len(d.Annotations))
	if all.NoPanel = cmp.Or(all.NoPanel, who.check(&spec.Rules.Panel)); all.NoPanel == nil {
		all.Record = spec.Rules.Panel.Record(who.Controls)
	}
	return all, nil
}

// add counts one annotator's judgement of a case.
func (s *Survey) add(j *reading.Judged, t int, names reading.Columns) {
	a := s.Annotators[j.Annotator]
	if a == nil {
		a = &AnnotatorSurvey{Passes: map[int]bool{}, Columns: map[string]bool{}}
		s.Annotators[j.Annotator] = a
	}
	a.Passes[j.Pass] = true
	for c := range reading.NColumns {
		if !j.By[c].Judged.Empty() {
			a.Columns[c.Name()] = true
		}
	}
	if j.HasWhole {
		a.Columns[reading.Control.Name()] = true
	}
	if j.WholeOutcome != 0 {
		a.Columns["outcome"] = true
	}
	for i := range j.Measures {
		if j.Measures[i].HasWhole || !j.Measures[i].At.Empty() {
			a.Columns[names.Measures[i]] = true
		}
	}
	if j.Pass == 0 {
		a.Judged += int64(j.By[reading.Control].Judged.Len())
		a.Units += int64(t)
	}
}

func (s *Survey) merge(o *Survey) {
	for k, n := range o.Cells {
		s.Cells[k] += n
	}
	for k, n := range o.Constraints {
		s.Constraints[k] += n
	}
	for k, n := range o.Tested {
		s.Tested[k] += n
	}
	if s.NoPanel == nil {
		s.NoPanel = o.NoPanel
	}
	for name, theirs := range o.Annotators {
		ours := s.Annotators[name]
		if ours == nil {
			s.Annotators[name] = theirs
			continue
		}
		ours.Judged += theirs.Judged
		ours.Units += theirs.Units
		for p := range theirs.Passes {
			ours.Passes[p] = true
		}
		for c := range theirs.Columns {
			ours.Columns[c] = true
		}
	}
}

// cells yields the cell of every trajectory, without reading what was said.
func cells(ctx context.Context, d *dataset.Dataset) func(func(Cell, error) bool) {
	return func(yield func(Cell, error) bool) {
		for _, file := range d.Trajectories {
			for row, err := range dataset.Rows[struct {
				System    string  `parquet:"system"`
				Condition *string `parquet:"condition,optional"`
				Setting   string  `parquet:"setting"`
			}](ctx, file) {
				if !yield(Cell{row.System, text(row.Condition), row.Setting}, err) || err != nil {
					return
				}
			}
		}
	}
}
