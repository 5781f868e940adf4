package annotate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A trajectory is what is read of one: no text.
type trajectory struct {
	TrajectoryID   string  `parquet:"trajectory_id"`
	System         string  `parquet:"system,dict"`
	Model          *string `parquet:"model,optional,dict"`
	Scenario       string  `parquet:"scenario,dict"`
	Condition      *string `parquet:"condition,optional,dict"`
	Repeat         int32   `parquet:"repeat"`
	Setting        string  `parquet:"setting,dict"`
	AssistantTurns int32   `parquet:"assistant_turns"`
	Exchanges      int32   `parquet:"exchanges"`
	Turns          []turn  `parquet:"turns,list"`
	Terminal       *string `parquet:"terminal,optional,dict"`
	SourceID       *string `parquet:"source_id,optional"`
}

type turn struct {
	Role      string  `parquet:"role,dict"`
	SourceID  *string `parquet:"source_id,optional"`
	Prefilled *bool   `parquet:"prefilled,optional"`
}

// An index finds trajectories and turns by all the names that labels have for them.
type index struct {
	dataset.Index
	key      string
	bySource map[string][]string // ids
	byRun    map[run][]found
	byText   map[digest][]string // by what is said; nil = not yet read
	splits   map[string]string   // of each id; nil = there is only one
	split    string              // that one
}

// A run is how a trajectory is named without an id.
type run struct {
	system, scenario string
	repeat           int32
}

type found struct{ id, condition, setting string }

// newIndex reads the trajectories of d.
func newIndex(ctx context.Context, d *dataset.Dataset, o *Options) (*index, error) {
	x := &index{key: o.Key, bySource: map[string][]string{}, byRun: map[run][]found{}}
	x.SourceIDs = o.Turn == SourceID
	if len(d.Trajectories) == 0 {
		return nil, fmt.Errorf("%s: has no trajectories to which labels could be joined; a dataset of labels alone is made anew by convert --recipe", d.Path)
	}
	for _, file := range d.Trajectories {
		if split := dataset.SplitOf(file); x.split == "" {
			x.split = split
		} else if split != x.split {
			x.splits = map[string]string{}
		}
	}
	for _, file := range d.Trajectories {
		split := dataset.SplitOf(file)
		for row, err := range dataset.Rows[trajectory](ctx, file) {
			if err != nil {
				return nil, err
			}
			if err := x.add(&row, split); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return x, nil
}

func (x *index) add(row *trajectory, split string) error {
	t := schema.Trajectory{
		TrajectoryID: row.TrajectoryID, System: row.System, Model: row.Model, Scenario: row.Scenario, Condition: row.Condition,
		Repeat: row.Repeat, Setting: row.Setting, AssistantTurns: row.AssistantTurns, Exchanges: row.Exchanges, Terminal: row.Terminal,
	}
	for _, u := range row.Turns {
		t.Turns = append(t.Turns, schema.Turn{Role: u.Role, SourceID: u.SourceID, Prefilled: u.Prefilled})
	}
	if err := x.Add(&t); err != nil {
		return err
	}
	id := strings.Clone(row.TrajectoryID)
	if row.SourceID != nil {
		source := strings.Clone(*row.SourceID)
		x.bySource[source] = append(x.bySource[source], id)
	}
	f := found{id: id, setting: strings.Clone(row.Setting)}
	if row.Condition != nil {
		f.condition = strings.Clone(*row.Condition)
	}
	k := run{strings.Clone(row.System), strings.Clone(row.Scenario), row.Repeat}
	x.byRun[k] = append(x.byRun[k], f)
	if x.splits != nil {
		x.splits[id] = split
	}
	return nil
}

// splitOf is the split in which a trajectory lies.
func (x *index) splitOf(id string) string {
	if x.splits != nil {
		return x.splits[id]
	}
	return x.split
}

// turns is how many turns of its own the trajectory has, 0 if there is none such.
func (x *index) turns(id string) int {
	a := schema.Annotation{TrajectoryID: id}
	if !x.Has(id) || x.Fill(&a) != nil {
		return 0
	}
	return int(*a.AssistantTurns)
}

// resolve makes a's trajectory_id one of the dataset's.
func (x *index) resolve(a *schema.Annotation, key string) error {
	switch key {
	case BySource:
		ids := x.bySource[a.TrajectoryID]
		if len(ids) == 0 {
			ids = x.bySource[logName(a.TrajectoryID)]
		}
		switch {
		case len(ids) == 1:
			a.TrajectoryID = ids[0]
			return nil
		case len(ids) > 1:
			return unmatched(ErrAmbiguous, "trajectory_id", "%d trajectories have the source id %q, %q among them", len(ids), a.TrajectoryID, ids[0])
		case len(x.bySource) == 0:
			return unmatched(dataset.ErrUnknownTrajectory, "trajectory_id", "the trajectories have no source ids")
		}
		return unmatched(dataset.ErrUnknownTrajectory, "trajectory_id", "no trajectory has the source id %q", a.TrajectoryID)
	case ByRun:
		return x.run(a)
	}
	return nil
}

// logName is a source id whose log is a path, or has its ending, with the log's name alone.
func logName(source string) string {
	for _, ending := range []string{".eval/", ".json/"} {
		if log, rest, ok := strings.Cut(source, ending); ok {
			return log[strings.LastIndexByte(log, '/')+1:] + "/" + rest
		}
	}
	return source
}

// run finds the trajectory by system, scenario and repeat.
func (x *index) run(a *schema.Annotation) error {
	all := x.byRun[run{a.System, a.Scenario, a.Repeat}]
	fits := make([]string, 0, 1)
	for _, f := range all {
		if a.Condition != nil && *a.Condition != f.condition || a.Setting == "baseline" && f.setting != a.Setting {
			continue
		}
		fits = append(fits, f.id)
	}
	switch {
	case len(fits) == 1:
		a.TrajectoryID = fits[0]
		return nil
	case len(fits) > 1:
		return unmatched(ErrAmbiguous, "scenario", "%d trajectories of system %q and scenario %q have the repeat %d; a column condition or setting tells them apart, trajectory_id always does", len(fits), a.System, a.Scenario, a.Repeat)
	case len(all) > 0:
		return unmatched(dataset.ErrUnknownTrajectory, "condition", "no trajectory of system %q, scenario %q and repeat %d has this condition and setting", a.System, a.Scenario, a.Repeat)
	}
	return unmatched(dataset.ErrUnknownTrajectory, "scenario", "no trajectory of system %q and scenario %q has the repeat %d", a.System, a.Scenario, a.Repeat)
}

// An oddity is why a label does not match, as dataset.Unmatched is.
type oddity struct {
	kind   error
	column string
	why    string
}

func (e *oddity) Error() string { return e.why }
func (e *oddity) Unwrap() error { return e.kind }

func unmatched(kind error, column, format string, args ...any) error {
	return &oddity{kind, column, fmt.Sprintf(format, args...)}
}

// columnOf is the column that a person should look at.
func columnOf(err error) string {
	var own *oddity
	var of *dataset.Unmatched
	switch {
	case errors.As(err, &own):
		return own.column
	case errors.As(err, &of):
		return of.Column
	}
	return ""
}

// sourceOf is the id that a trajectory of ours has in its source.
func (x *index) sourceOf(id string) string {
	for source, all := range x.bySource {
		if len(all) == 1 && all[0] == id {
			return source
		}
	}
	return id
}
