package check

import "github.com/righting-bench/righting/schema"

var splitTrajectory = &Rule{
	Code: "A021", Name: "split-trajectory", Severity: Error,
	Doc: `a trajectory's annotations lie in two files

Files are scored one by one, on any number of machines, and their counts are added: a
trajectory in two of them would be two readings, so score refuses files that declare
their order and sorts all others in memory. Only the first trajectory of a file that
began in an earlier one is named.`,
	Fix: `Cut files only between trajectories; righting writes them so.`,
	Start: func(d *Data) Visitor {
		if len(d.Annotations) < 2 {
			return Visitor{}
		}
		began := map[string]string{} // trajectory to its first file
		var last, file string
		told := false // of this file
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.File != file {
				file, told = at.File, false
			} else if a.TrajectoryID == last {
				return
			}
			last = a.TrajectoryID
			switch first, seen := began[last]; {
			case !seen:
				began[last] = file
			case first != file && !told:
				told = true
				at.Report("trajectory_id", "%s began in %s; a trajectory has to be in one file (further ones of this file are not named)", quote(last), first)
			}
		}}
	},
}
