package check

import (
	"reflect"

	"github.com/righting-bench/righting/schema"
)

var copiedColumns = &Rule{
	Code: "A004", Name: "copied-columns", Severity: Error,
	Doc: `an annotation disagrees with its trajectory

Annotations carry a copy of the trajectory's system, model, scenario, condition,
repeat, setting, assistant_turns, exchanges and terminal, so that scoring never
joins. Where a copy differs, the judgement counts for the wrong system or scenario.
The table of trajectories is right; where it is absent or lacks the trajectory, all
rows of a trajectory have to say the same.`,
	Fix: `Copy the values from the trajectory again, or correct the trajectory.`,
	Start: func(*Data) Visitor {
		c := &copies{of: map[string]original{}}
		trajectory, annotation := columnsOf[schema.Trajectory](copiedNames...), columnsOf[schema.Annotation](copiedNames...)
		return Visitor{
			Trajectory: func(at *Row, t *schema.Trajectory) {
				if _, again := c.of[t.TrajectoryID]; !again {
					c.of[t.TrajectoryID] = original{at.Place, c.facts(trajectory, reflect.ValueOf(t).Elem())}
				}
			},
			Annotation: func(at *Row, a *schema.Annotation) {
				c.compare(at, a.TrajectoryID, annotation, reflect.ValueOf(a).Elem())
			},
		}
	},
}

// copiedNames are the columns that annotations copy from trajectories.
var copiedNames = []string{"system", "model", "scenario", "condition", "repeat", "setting", "assistant_turns", "exchanges", "terminal"}

// copies remembers what is said of each trajectory where it first stands.
type copies struct {
	values codes[any]
	of     map[string]original
}

type original struct {
	schema.Place

	facts [9]int32 // codes of the values, by copiedNames
}

func (c *copies) facts(columns []column, row reflect.Value) (facts [9]int32) {
	for i, column := range columns {
		facts[i] = c.values.code(column.value(row))
	}
	return facts
}

func (c *copies) compare(at *Row, id string, columns []column, row reflect.Value) {
	facts := c.facts(columns, row)
	o, seen := c.of[id]
	if !seen {
		c.of[id] = original{at.Place, facts}
		return
	}
	for i, column := range columns {
		if is, was := facts[i], o.facts[i]; is != was {
			at.Report(column.name, "%s where %s has %s", show(c.values.values[is]), o.Place, show(c.values.values[was]))
		}
	}
}
