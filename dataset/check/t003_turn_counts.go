package check

import (
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var turnCounts = &Rule{
	Code: "T003", Name: "turn-counts", Severity: Error,
	Doc: `assistant_turns or exchanges is not what the turns say

The numbers are the length of what is scored: one too many is a gap that nobody can
judge, one too few cuts the end off. assistant_turns counts the turns of role assistant
that are not prefilled; exchanges counts the user's turns, those in a row as one, that
the system answered.`,
	Fix: `Count again, here and in the annotations that copy the numbers.`,
	Start: func(*Data) Visitor {
		return Visitor{Trajectory: func(at *Row, t *schema.Trajectory) {
			is := schema.Trajectory{Turns: slices.Clone(t.Turns)}
			dataset.Count(&is)
			if t.AssistantTurns != is.AssistantTurns {
				at.Report("assistant_turns", "%d where the turns hold %d", t.AssistantTurns, is.AssistantTurns)
			}
			if t.Exchanges != is.Exchanges {
				at.Report("exchanges", "%d where the turns hold %d", t.Exchanges, is.Exchanges)
			}
		}}
	},
}
