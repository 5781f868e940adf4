package check

import "github.com/righting-bench/righting/schema"

var splitTrajectory = &Rule{
	Code: "A021", Name: "split-trajectory", Severity: Error,
	Doc: `a trajectory's annotations lie in two files, or in two row groups of one

Files and row groups are scored one by one, on any number of machines, and their counts
are added: a trajectory in two of them would be two readings, so score refuses files that
declare their order and sorts all others in memory. Only the first such trajectory of a
file is named.`,
	Fix: `Cut files and row groups only between trajectories; righting writes them so.`,
	Start: func(d *Data) Visitor {
		apart := d.Grouped() || len(d.Annotations) < 2 // no trajectory is in two files
		began := map[string]string{}                   // trajectory to its first file
		told := false                                  // of this file
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.Place.Row == 1 {
				told = false
			}
			if at.Same >= sameTrajectory {
				if at.Begins && !told {
					told = true
					at.Report("trajectory_id", "%s goes on in another row group; a trajectory has to be in one (further ones of this file are not named)", quote(a.TrajectoryID))
				}
				return
			}
			if apart {
				return
			}
			switch first, seen := began[a.TrajectoryID]; {
			case !seen:
				began[a.TrajectoryID] = at.File
			case first != at.File && !told:
				told = true
				at.Report("trajectory_id", "%s began in %s; a trajectory has to be in one file (further ones of this file are not named)", quote(a.TrajectoryID), first)
			}
		}}
	},
}
