package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// ErrNotFound: the dataset has no trajectory of that id.
var ErrNotFound = errors.New("no such trajectory")

// A Look is one trajectory: what was said, and what was judged of it.
type Look struct {
	Trajectory *schema.Trajectory // nil in labels-only data
	Scenario   *schema.Scenario   // nil = not known
	Rules      *reading.Rules     // with what the cases were filled with
	Record     string
	Cases      []*reading.Case // one a constraint, in their order
	Readings   []*reading.Reading
}

// everything is the spec's rules with every label column and measure asked for.
func everything(d *dataset.Dataset, spec *Spec) {
	var columns []reading.Column
	for c := range reading.NColumns {
		columns = append(columns, c)
	}
	need := spec.Rules.Needs().Or(reading.Need(columns...))
	for _, name := range slices.Sorted(maps.Keys(d.Manifest.Measures)) {
		need = need.Or(reading.Columns{Measures: []string{name}})
	}
	spec.Rules.Panel.Names = need
}

// LookAt finds one trajectory. The error wraps ErrNotFound, with the nearest id.
func LookAt(ctx context.Context, d *dataset.Dataset, spec Spec, id string) (*Look, error) {
	if err := spec.Check(); err != nil {
		return nil, err
	}
	everything(d, &spec)
	out := &Look{Rules: &spec.Rules}
	var ids []string
	type found struct {
		cases []*reading.Case
		ids   []string
	}
	err := dataset.Cases(ctx, d, spec.Rules.Panel.Names, func() *found { return new(found) },
		func(f *found, c *reading.Case) error {
			if c.TrajectoryID == id {
				f.cases = append(f.cases, c.Clone())
			} else if n := len(f.ids); n == 0 || f.ids[n-1] != c.TrajectoryID {
				f.ids = append(f.ids, c.TrajectoryID)
			}
			return nil
		},
		func(f *found) error {
			out.Cases = append(out.Cases, f.cases...)
			ids = append(ids, f.ids...)
			return nil
		})
	if err != nil {
		return nil, err
	}
	if out.Trajectory, ids, err = transcript(ctx, d, id, ids); err != nil {
		return nil, err
	}
	if out.Trajectory == nil && len(out.Cases) == 0 {
		hint := ""
		if near := schema.Nearest(id, ids); near != "" {
			hint = fmt.Sprintf("; did you mean %s?", near)
		} else if len(ids) > 0 {
			hint = fmt.Sprintf("; one is called %s", ids[0])
		}
		return nil, fmt.Errorf("%s: %w %q%s", d.Path, ErrNotFound, id, hint)
	}
	for _, c := range out.Cases {
		j := new(reading.Judged)
		if err := spec.Rules.Panel.Judge(c, j); err != nil {
			return nil, err
		}
		r := reading.Read(c, j, &spec.Rules)
		out.Readings = append(out.Readings, &r)
		out.Record = record(c, &spec.Rules)
	}
	out.Scenario = out.scenario(d)
	return out, nil
}

// transcript is the trajectory's row; ids gains those of the table where it is not
// found.
func transcript(ctx context.Context, d *dataset.Dataset, id string, ids []string) (*schema.Trajectory, []string, error) {
	for _, file := range d.Trajectories {
		n := 0
		for row, err := range dataset.Rows[struct {
			TrajectoryID string `parquet:"trajectory_id"`
		}](ctx, file) {
			if err != nil {
				return nil, nil, err
			}
			if row.TrajectoryID != id {
				ids = append(ids, row.TrajectoryID)
				n++
				continue
			}
			for full, err := range dataset.Rows[schema.Trajectory](ctx, file) {
				if err != nil {
					return nil, nil, err
				}
				if n--; n < 0 {
					return &full, ids, nil
				}
			}
		}
	}
	return nil, ids, nil
}

func (l *Look) scenario(d *dataset.Dataset) *schema.Scenario {
	var name, condition string
	if l.Trajectory != nil {
		name, condition = l.Trajectory.Scenario, text(l.Trajectory.Condition)
	} else {
		name, condition = l.Cases[0].Scenario, text(l.Cases[0].Condition)
	}
	var loose *schema.Scenario
	for i := range d.Scenarios {
		s := &d.Scenarios[i]
		switch {
		case s.Scenario != name:
		case text(s.Condition) == condition:
			return s
		case s.Condition == nil:
			loose = s
		}
	}
	return loose
}
