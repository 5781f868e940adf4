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
	Start: func(d *Data) Visitor {
		c := &copies{of: map[string]original{}, grouped: d.Grouped()}
		trajectory, annotation := columnsOf[schema.Trajectory](copiedNames...), columnsOf[schema.Annotation](copiedNames...)
		return Visitor{
			Trajectory: func(at *Row, t *schema.Trajectory) {
				if _, again := c.of[t.TrajectoryID]; !again {
					c.of[t.TrajectoryID] = original{c.spot(at), c.facts(trajectory, reflect.ValueOf(t).Elem())}
				}
			},
			Annotation: func(at *Row, a *schema.Annotation) {
				if !at.Copied || !c.agreed {
					c.compare(at, a, annotation)
				}
			},
		}
	},
}

// copiedNames are the columns that annotations copy from trajectories.
var copiedNames = []string{"system", "model", "scenario", "condition", "repeat", "setting", "assistant_turns", "exchanges", "terminal"}

// sameCopies is whether two rows say the same in all of copiedNames.
func sameCopies(a, b *schema.Annotation) bool {
	return a.System == b.System && a.Scenario == b.Scenario && a.Setting == b.Setting && a.Repeat == b.Repeat &&
		equal(a.Model, b.Model) && equal(a.Condition, b.Condition) && equal(a.Terminal, b.Terminal) &&
		equal(a.AssistantTurns, b.AssistantTurns) && equal(a.Exchanges, b.Exchanges)
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// copies remembers what is said of each trajectory where it first stands; where rows are
// grouped, of the one they are about and of those of the table of trajectories.
type copies struct {
	grouped bool
	files   codes[string]
	values  codes[any]
	of      map[string]original
	now     original           // of the trajectory of the row
	row     schema.Annotation  // room for first
	first   *schema.Annotation // is the original, and its facts are not looked up yet
	agreed  bool               // the row before, with its original
}

type original struct {
	spot

	facts [9]int32 // codes of the values, by copiedNames
}

func (c *copies) spot(at *Row) spot { return spot{c.files.code(at.File), int32(at.Row)} }

func (c *copies) facts(columns []column, row reflect.Value) (facts [9]int32) {
	for i, column := range columns {
		facts[i] = c.values.code(column.value(row))
	}
	return facts
}

func (c *copies) compare(at *Row, a *schema.Annotation, columns []column) {
	if at.Same < sameTrajectory {
		o, known := c.of[a.TrajectoryID]
		if c.first = nil; !known && c.grouped {
			c.row = *a
			c.first, c.now, c.agreed = &c.row, original{spot: c.spot(at)}, true
			return
		}
		if !known {
			o = original{c.spot(at), c.facts(columns, reflect.ValueOf(a).Elem())}
			c.of[a.TrajectoryID] = o
		}
		c.now = o
	}
	if c.first != nil {
		c.now.facts = c.facts(columns, reflect.ValueOf(c.first).Elem())
		c.first = nil
	}
	facts := c.facts(columns, reflect.ValueOf(a).Elem())
	c.agreed = facts == c.now.facts
	if c.agreed {
		return
	}
	place := schema.Place{File: c.files.values[c.now.file], Row: int(c.now.row)}
	for i, column := range columns {
		if is, was := facts[i], c.now.facts[i]; is != was {
			at.Report(column.name, "%s where %s has %s", show(c.values.values[is]), place, show(c.values.values[was]))
		}
	}
}
