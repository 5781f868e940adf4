package check

import (
	"errors"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var unknownTrajectory = &Rule{
	Code: "A007", Name: "unknown-trajectory", Severity: Error,
	Doc: `an annotation is about a trajectory that the table does not have

It is scored all the same, though nobody can read what it judges, and the trajectory
that was meant counts as unlabelled. Each id is named once.`,
	Fix: `Correct the id, add the trajectory, or delete the annotations.`,
	Start: func(d *Data) Visitor {
		if len(d.Trajectories) == 0 {
			return Visitor{}
		}
		x := d.Index()
		told := map[string]bool{}
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.Same >= sameTrajectory || x.Has(a.TrajectoryID) || told[a.TrajectoryID] {
				return
			}
			told[a.TrajectoryID] = true
			// Fill knows the nearest id.
			if err := x.Fill(&schema.Annotation{TrajectoryID: a.TrajectoryID}); errors.Is(err, dataset.ErrUnknownTrajectory) {
				at.Report("trajectory_id", "%v", err)
			}
		}}
	},
}
