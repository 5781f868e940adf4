package check

import "github.com/righting-bench/righting/schema"

var unknownScenario = &Rule{
	Code: "S002", Name: "unknown-scenario", Severity: Warning,
	Doc: `the table of scenarios lacks a scenario, or a condition of it

Nothing is known of its design: what pressed is assumed, and what its constraints
protect is unknown. A misspelt name is a cluster of its own besides. A row without a
condition stands for every condition that has no row. Each is named once.`,
	Fix: `Correct the name, or add a row to scenarios.`,
	Start: func(d *Data) Visitor {
		if len(d.Scenarios) == 0 {
			return Visitor{}
		}
		ds := newDesigns(d.Dataset)
		var names []string
		has := map[string]bool{}
		for i := range d.Scenarios {
			names = append(names, d.Scenarios[i].Scenario)
			has[d.Scenarios[i].Scenario] = true
		}
		seen := map[arm]bool{}
		see := func(at *Row, scenario string, condition *string) {
			a := armOf(scenario, condition)
			if seen[a] {
				return
			}
			seen[a] = true
			switch {
			case ds.scenario(a) != nil:
			case has[scenario]:
				at.Report("condition", "scenarios has no row for %s", a)
			default:
				hint := ""
				if near := schema.Nearest(short(scenario), names); near != "" {
					hint = "; did you mean " + quote(near) + "?"
				}
				at.Report("scenario", "scenarios has no row for %s%s", a, hint)
			}
		}
		return Visitor{
			Trajectory: func(at *Row, t *schema.Trajectory) { see(at, t.Scenario, t.Condition) },
			Annotation: func(at *Row, a *schema.Annotation) {
				if !at.Copied {
					see(at, a.Scenario, a.Condition)
				}
			},
		}
	},
}
