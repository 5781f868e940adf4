package check

import "github.com/righting-bench/righting/schema"

var duplicateTrajectory = &Rule{
	Code: "T001", Name: "duplicate-trajectory", Severity: Error,
	Doc: `two rows share a trajectory_id

Annotations and splits go by id: labels of the one are taken for labels of the other,
and a duplicate leaks one row into both sides of a split.`,
	Fix: `Keep one row, or give the second a new id.`,
	Start: func(*Data) Visitor {
		first := map[string]spot{}
		var files codes[string]
		return Visitor{Trajectory: func(at *Row, t *schema.Trajectory) {
			if s, again := first[t.TrajectoryID]; again {
				at.Report("trajectory_id", "%s is already at %s", quote(t.TrajectoryID), schema.Place{File: files.values[s.file], Row: int(s.row)})
				return
			}
			first[t.TrajectoryID] = spot{files.code(at.File), int32(at.Place.Row)}
		}}
	},
}
