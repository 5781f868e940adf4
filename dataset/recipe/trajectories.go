package recipe

import (
	"context"
	"fmt"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// planTrajectories makes a plan of a section of trajectories.
func planTrajectories(s *section, at []string, v *schema.Vocabulary, out *problems) *plan {
	p := newPlan[schema.Trajectory](schema.Trajectories, s, at, v, out)
	p.defaults = []string{"repeat", "setting"}
	p.lent = []string{"trajectory_id"}
	p.counted = []string{"turns", "assistant_turns", "exchanges"}
	p.compile()
	if s.Turns == nil {
		out.add(at, "says nothing of the turns; write turns: {from: messages, columns: {role: role, text: content}}")
	}
	return p
}

// Trajectories reads transcripts, as Annotations reads judgements. Turns are numbered
// from 0 in their order; assistant_turns and exchanges are counted. Where no id is
// given, trajectory_id is dataset.ContentID; a second transcript of the same id is
// rejected. source_format is the recipe's name unless the recipe says otherwise.
//
// What emit has taken is added to the options' Index, if there is one.
func (r *Recipe) Trajectories(ctx context.Context, inputs []string, o Options, emit func(schema.Trajectory) error) (Report, error) {
	report, files, err := r.begin(schema.Trajectories, r.trajectories, inputs)
	if err != nil {
		return report, err
	}
	ids := map[string]schema.Place{}
	for i, p := range r.trajectories {
		x := run[schema.Trajectory]{
			plan: p, options: o, report: &report, blank: schema.Trajectory{Setting: "interaction", SourceFormat: new(r.format())},
			assign: func(t *schema.Trajectory, turns []schema.Turn) {
				t.Turns = turns
				dataset.Count(t)
			},
			judge: func(t *schema.Trajectory, at schema.Place) (ending, string, error) {
				end, column, err := unique(p, ids, t, at)
				if end == written && o.Index != nil && o.Index.Has(t.TrajectoryID) {
					return rejected, "trajectory_id", fmt.Errorf("%s is in the dataset already", excerpt(t.TrajectoryID))
				}
				return end, column, err
			},
			emit: func(t schema.Trajectory) error {
				if err := emit(t); err != nil || o.Index == nil {
					return err
				}
				return o.Index.Add(&t)
			},
		}
		if err := x.ready().files(ctx, files[i]); err != nil {
			return report, err
		}
	}
	report.ended()
	return report, nil
}

// unique gives a trajectory its id if it has none, and tells whether it is the first
// that has it. One without turns, of which nothing else is said, is none.
func unique(p *plan, ids map[string]schema.Place, t *schema.Trajectory, at schema.Place) (ending, string, error) {
	if len(t.Turns) == 0 && t.Terminal == nil && t.Error == nil {
		return missing, "", nil
	}
	if t.TrajectoryID == "" {
		t.TrajectoryID = dataset.ContentID(t)
	}
	if first, again := ids[t.TrajectoryID]; again {
		why := ""
		switch {
		case p.by["trajectory_id"] == nil:
			why = "; it has the same content, so give each an id, or a source_id"
		case p.grouped():
			why = "; if its rows are in several files, put them into one"
		}
		return rejected, "trajectory_id", fmt.Errorf("%s already at %s%s", excerpt(t.TrajectoryID), first, why)
	}
	ids[t.TrajectoryID] = at
	return written, "", nil
}

// format is the recipe's name without folder and ending.
func (r *Recipe) format() string {
	name := r.Name[strings.LastIndexAny(r.Name, `/\`)+1:]
	return strings.TrimSuffix(name, suffix)
}
