package check

import "github.com/righting-bench/righting/schema"

var duplicateScenario = &Rule{
	Code: "S001", Name: "duplicate-scenario", Severity: Error,
	Doc: `two rows describe one scenario under one condition

The later row is taken, and what the earlier one says of pressures and constraints is
lost.`,
	Fix: `Keep one row, or give the second another condition.`,
	Start: func(*Data) Visitor {
		first := map[arm]int{}
		return Visitor{Scenario: func(at *Row, s *schema.Scenario) {
			a := armOf(s.Scenario, s.Condition)
			if row, again := first[a]; again {
				at.Report("scenario", "%s is already at row %d", a, row)
				return
			}
			first[a] = at.Place.Row
		}}
	},
}
