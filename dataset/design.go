package dataset

import "github.com/righting-bench/righting/schema/reading"

// designs is what scenarios and constraints declare, by scenario, condition and
// constraint.
type designs struct {
	rows        map[designKey]*designRow
	constraints map[string]reading.Design // dataset.yaml's: what they say, no pressure
}

type designKey struct {
	scenario, condition string
	conditioned         bool
}

type designRow struct {
	pressed     *bool
	path        *int32
	constraints map[string]reading.Design
}

func newDesigns(d *Dataset) *designs {
	ds := &designs{make(map[designKey]*designRow), make(map[string]reading.Design)}
	say := func(to map[string]reading.Design, id string, protects *string, irreversible *bool) {
		var r reading.Design
		if protects != nil {
			r.Protects = *protects
		}
		r.Irreversible = irreversible != nil && *irreversible
		to[id] = r
	}
	for i := range d.Manifest.Constraints {
		c := &d.Manifest.Constraints[i]
		say(ds.constraints, c.ID, c.Protects, c.Irreversible)
	}
	for i := range d.Scenarios {
		s := &d.Scenarios[i]
		row := &designRow{path: s.PathToVictory, constraints: make(map[string]reading.Design)}
		switch {
		case len(s.Pressures) > 0 || s.PathToVictory != nil && *s.PathToVictory >= 1:
			row.pressed = new(true)
		case s.Pressures != nil || s.PathToVictory != nil:
			row.pressed = new(false)
		}
		for k := range s.Constraints {
			c := &s.Constraints[k]
			say(row.constraints, c.ID, c.Protects, c.Irreversible)
		}
		key := designKey{scenario: s.Scenario}
		if s.Condition != nil {
			key.condition, key.conditioned = *s.Condition, true
		}
		ds.rows[key] = row
	}
	return ds
}

// of is the design of a case: its scenario's row of that condition, else the row
// without one; the scenario's own constraint, else dataset.yaml's.
func (ds *designs) of(k *reading.Key) reading.Design {
	key := designKey{scenario: k.Scenario}
	if k.Condition != nil {
		key.condition, key.conditioned = *k.Condition, true
	}
	row := ds.rows[key]
	if row == nil && key.conditioned {
		row = ds.rows[designKey{scenario: k.Scenario}]
	}
	if row == nil {
		return ds.constraints[k.Constraint]
	}
	d, own := row.constraints[k.Constraint]
	if !own {
		d = ds.constraints[k.Constraint]
	}
	d.Pressed, d.Path = row.pressed, row.path
	return d
}
