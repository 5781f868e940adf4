package check

import "github.com/righting-bench/righting/schema"

var emptyConversation = &Rule{
	Code: "T006", Name: "empty-conversation", Severity: Warning,
	Doc: `a trajectory has nothing that could be judged

It has no turns, or none of the system's own. It counts as unlabelled in every share of
coverage. A trajectory whose terminal is error may well be so, and is not named.`,
	Fix: `Restore the turns, set terminal: error if the run broke, or drop the trajectory.`,
	Start: func(*Data) Visitor {
		return Visitor{Trajectory: func(at *Row, t *schema.Trajectory) {
			if t.Terminal != nil && *t.Terminal == "error" {
				return
			}
			if len(t.Turns) == 0 {
				at.Report("turns", "empty")
				return
			}
			for i := range t.Turns {
				if own(&t.Turns[i]) {
					return
				}
			}
			at.Report("turns", "none of %d is the system's own", len(t.Turns))
		}}
	},
}
