package check

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
)

var turnIndex = &Rule{
	Code: "T002", Name: "turn-index", Severity: Error,
	Doc: `turns are not numbered 0, 1, 2, … in the order they stand in

Labels name turns by index. Where the numbers have gaps, repeat or jump, a turn is lost
or out of order, and a label stands at another turn than was judged. Only the first of
each trajectory is named.`,
	Fix: `Put the turns in order and number them from 0.`,
	Start: func(*Data) Visitor {
		return Visitor{Trajectory: func(at *Row, t *schema.Trajectory) {
			for i := range t.Turns {
				if n := t.Turns[i].Index; int(n) != i {
					at.Report(fmt.Sprintf("turns[%d].index", i), "%d where %d is due", n, i)
					return
				}
			}
		}}
	},
}
