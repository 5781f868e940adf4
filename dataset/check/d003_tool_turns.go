package check

import (
	"encoding/json"

	"github.com/righting-bench/righting/schema"
)

var toolTurns = &Rule{
	Code: "D003", Name: "tool-turns", Severity: Warning,
	Doc: `most of the assistant's messages call tools, and each of them is a unit

With unit: message, every call is a chance to lose control and to win it back, so that
durability and survival are counted in steps of the tools. With unit: exchange, a unit
is all that the system does between two turns of the user, and its worst control counts.`,
	Fix: `Set unit: exchange under rules in dataset.yaml, if a step is not what you mean to count.`,
	Start: func(d *Data) Visitor {
		if d.Manifest.Rules.Unit != "message" {
			return Visitor{}
		}
		calling, messages := 0, 0
		units := false // somebody judged them
		return Visitor{
			Trajectory: func(_ *Row, t *schema.Trajectory) {
				for i := range t.Turns {
					if u := &t.Turns[i]; own(u) {
						messages++
						if callsTools(u) {
							calling++
						}
					}
				}
			},
			Annotation: func(_ *Row, a *schema.Annotation) { units = units || a.AssistantTurn != nil },
			End: func(report Report) {
				if units && 2*calling > messages {
					report(manifest("rules.unit"), "message, and %d of %d assistant messages call tools; consider unit: exchange", calling, messages)
				}
			},
		}
	},
}

// own is whether the turn is one of the system's own.
func own(u *schema.Turn) bool {
	return u.Role == "assistant" && (u.Prefilled == nil || !*u.Prefilled)
}

// callsTools is whether the turn has calls: anything but null and nothing.
func callsTools(u *schema.Turn) bool {
	if u.ToolCallsJSON == nil {
		return false
	}
	var calls any
	if err := json.Unmarshal([]byte(*u.ToolCallsJSON), &calls); err != nil {
		return *u.ToolCallsJSON != "" // invalid-json tells
	}
	switch calls := calls.(type) {
	case nil:
		return false
	case []any:
		return len(calls) > 0
	case map[string]any:
		return len(calls) > 0
	}
	return true
}
