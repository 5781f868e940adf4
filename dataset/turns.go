package dataset

import "github.com/righting-bench/righting/schema"

// TurnRows are the turns of a trajectory as rows of their own, with the system's own
// turns numbered as annotations number them. What the rows point to is shared with t.
func TurnRows(t *schema.Trajectory) []schema.TurnRow {
	rows := make([]schema.TurnRow, len(t.Turns))
	walk(speakers(t), func(i, assistant, exchange int32) {
		u := &t.Turns[i]
		rows[i] = schema.TurnRow{
			TrajectoryID: t.TrajectoryID, System: t.System, Model: t.Model, Scenario: t.Scenario, Condition: t.Condition,
			Repeat: t.Repeat, Setting: t.Setting, Turn: u.Index, Role: u.Role, Text: u.Text, Reasoning: u.Reasoning, Name: u.Name,
			ToolCallsJSON: u.ToolCallsJSON, ToolCallID: u.ToolCallID, SourceID: u.SourceID, Prefilled: u.Prefilled,
		}
		if assistant > 0 {
			rows[i].AssistantTurn = &assistant
			if exchange > 0 {
				rows[i].Exchange = &exchange
			}
		}
	})
	return rows
}
