package check

import (
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var splitTrajectory = &Rule{
	Code: "A021", Name: "split-trajectory", Severity: Error,
	Doc: `a trajectory's annotations lie in two files, or in two row groups of one

Files and row groups are scored one by one, on any number of machines, and their counts
are added: a trajectory in two of them would be two readings, so score refuses files that
declare their order and sorts all others in memory. Only the first such trajectory of a
file is named.`,
	Fix: `Cut files and row groups only between trajectories; righting writes them so.`,
	Start: func(d *Data) Visitor {
		ends := map[string]map[int]bool{} // of row groups, by file
		for _, name := range d.Annotations {
			groups, err := dataset.Groups(name)
			if err != nil {
				continue // reading the file says why
			}
			end, at := 0, map[int]bool{}
			for _, g := range groups {
				end += int(g.Rows)
				at[end] = true
			}
			ends[relative(d.Dataset, name)] = at
		}
		began := map[string]string{} // trajectory to its first file
		var last, file string
		told := false // of this file
		return Visitor{Annotation: func(at *Row, a *schema.Annotation) {
			if at.File != file {
				file, told = at.File, false
			} else if a.TrajectoryID == last {
				if !told && ends[file][at.Row-1] {
					told = true
					at.Report("trajectory_id", "%s goes on in another row group; a trajectory has to be in one (further ones of this file are not named)", quote(last))
				}
				return
			}
			last = a.TrajectoryID
			if len(d.Annotations) < 2 {
				return
			}
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
