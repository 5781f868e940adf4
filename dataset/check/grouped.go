package check

import (
	"cmp"
	"errors"
	"slices"

	"github.com/righting-bench/righting/schema"
)

// errScattered: annotations that were taken to be grouped are not.
var errScattered = errors.New("annotations are not grouped")

// inCommon is Row.Same of a row; before is nil at the first of a file.
func inCommon(before, a *schema.Annotation) int {
	switch {
	case before == nil || before.TrajectoryID != a.TrajectoryID:
		return 0
	case before.ConstraintID != a.ConstraintID:
		return sameTrajectory
	case before.Annotator != a.Annotator:
		return sameConstraint
	case before.Pass != a.Pass:
		return sameAnnotator
	}
	return samePass
}

// A grouping holds annotations to be grouped: keys ascend in a file, and a file's
// trajectories lie between those of other files.
type grouping struct {
	any  bool // nothing has to be so
	done []span
	in   span   // of the file
	open bool   // the file has rows
	next string // the first trajectory of a file done that follows; "" is none
}

// A span is from a file's first trajectory to its last.
type span struct{ first, last string }

// file begins a file.
func (g *grouping) file() {
	if g.open {
		g.done = append(g.done, g.in)
		slices.SortFunc(g.done, func(a, b span) int { return cmp.Compare(a.first, b.first) })
	}
	g.open, g.next = false, ""
}

// follow is nil if a may stand after before, with which it has less than its pass in
// common.
func (g *grouping) follow(same int, before, a *schema.Annotation) error {
	good := g.any
	switch {
	case good:
	case !g.open:
		good = g.begin(a.TrajectoryID)
	case same == 0:
		good = before.TrajectoryID < a.TrajectoryID && (g.next == "" || a.TrajectoryID < g.next)
		g.in.last = a.TrajectoryID
	case same == sameTrajectory:
		good = before.ConstraintID < a.ConstraintID
	case same == sameConstraint:
		good = before.Annotator < a.Annotator
	default:
		good = before.Pass < a.Pass
	}
	if !good {
		return errScattered
	}
	return nil
}

// begin finds the place of a file among those done by its first trajectory.
func (g *grouping) begin(id string) bool {
	g.open, g.in = true, span{id, id}
	for _, s := range g.done {
		if id < s.first {
			g.next = s.first
			return true
		}
		if id <= s.last {
			return false
		}
	}
	return true
}
