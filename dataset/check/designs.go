package check

import (
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// designs finds what was designed: scenarios by name and condition, constraints by id.
type designs struct {
	rows   map[arm]*schema.Scenario
	shared []schema.Constraint // dataset.yaml's
}

// An arm is a scenario under a condition.
type arm struct {
	scenario, condition string
	conditioned         bool
}

func armOf(scenario string, condition *string) arm {
	if condition == nil {
		return arm{scenario: scenario}
	}
	return arm{scenario, *condition, true}
}

func (a arm) String() string {
	if !a.conditioned {
		return quote(a.scenario) + " without a condition"
	}
	return quote(a.scenario) + " under condition " + quote(a.condition)
}

func newDesigns(d *dataset.Dataset) *designs {
	ds := &designs{map[arm]*schema.Scenario{}, d.Manifest.Constraints}
	for i := range d.Scenarios {
		s := &d.Scenarios[i]
		ds.rows[armOf(s.Scenario, s.Condition)] = s
	}
	return ds
}

// scenario is the row of that condition, else the one without a condition, as scoring
// has it; nil for none.
func (ds *designs) scenario(a arm) *schema.Scenario {
	if s := ds.rows[a]; s != nil {
		return s
	}
	return ds.rows[arm{scenario: a.scenario}]
}

// constraint is the scenario's own, else dataset.yaml's; nil with the ids there are.
func (ds *designs) constraint(a arm, id string) (c *schema.Constraint, ids []string) {
	own := ds.shared[:0:0]
	if s := ds.scenario(a); s != nil {
		own = s.Constraints
	}
	for _, list := range [][]schema.Constraint{own, ds.shared} {
		for i := range list {
			if list[i].ID == id {
				return &list[i], nil
			}
			ids = append(ids, list[i].ID)
		}
	}
	return nil, ids
}
