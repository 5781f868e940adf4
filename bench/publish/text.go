package publish

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
)

// withheld is what stands where a conversation's text was left out.
const withheld = "[withheld]"

// A see is shown a text of a row: where it stands, and whether it is JSON.
type see func(field string, text *string, json bool)

// may shows a text that may be absent.
func (f see) may(field string, text *string, json bool) {
	if text != nil {
		f(field, text, json)
	}
}

// scenarioTexts shows every free text of a scenario, for changing too: f may write to what
// it is given, which is a copy of what others hold.
func scenarioTexts(s *schema.Scenario, f see) {
	own(&s.Description)
	own(&s.MetadataJSON)
	f.may("description", s.Description, false)
	f.may("metadata_json", s.MetadataJSON, true)
	for i := range s.Constraints {
		own(&s.Constraints[i].Text)
		f.may(fmt.Sprintf("constraints[%d].text", i), s.Constraints[i].Text, false)
	}
	for i := range s.Objectives {
		own(&s.Objectives[i].Text)
		f.may(fmt.Sprintf("objectives[%d].text", i), s.Objectives[i].Text, false)
	}
}

// trajectoryTexts does the same for a trajectory.
func trajectoryTexts(t *schema.Trajectory, f see) {
	own(&t.Error)
	own(&t.MetadataJSON)
	for i := range t.Turns {
		u := &t.Turns[i]
		at := func(column string) string { return fmt.Sprintf("turns[%d].%s", i, column) }
		own(&u.Reasoning)
		own(&u.ToolCallsJSON)
		own(&u.Name)
		f(at("text"), &u.Text, false)
		f.may(at("reasoning"), u.Reasoning, false)
		f.may(at("name"), u.Name, false)
		f.may(at("tool_calls_json"), u.ToolCallsJSON, true)
	}
	f.may("error", t.Error, false)
	f.may("metadata_json", t.MetadataJSON, true)
}

// annotationTexts does the same for a judgement.
func annotationTexts(a *schema.Annotation, f see) {
	own(&a.Evidence)
	own(&a.Rationale)
	f.may("evidence", a.Evidence, false)
	f.may("rationale", a.Rationale, false)
}

// own makes a text its holder's own.
func own(p **string) {
	if *p != nil {
		s := **p
		*p = &s
	}
}

// withhold leaves out of a row what was said: texts say withheld, payloads are gone. What
// scoring reads stays as it is.
func withholdScenario(s *schema.Scenario) {
	s.MetadataJSON = nil
	s.Description = withheldText(s.Description)
}

func withholdTrajectory(t *schema.Trajectory) {
	t.MetadataJSON, t.Error = nil, withheldText(t.Error)
	for i := range t.Turns {
		u := &t.Turns[i]
		if u.Text != "" {
			u.Text = withheld
		}
		u.Reasoning, u.ToolCallsJSON, u.ToolCallID = withheldText(u.Reasoning), nil, nil
	}
}

func withholdAnnotation(a *schema.Annotation) {
	a.Evidence, a.Rationale = withheldText(a.Evidence), withheldText(a.Rationale)
}

func withheldText(s *string) *string {
	if s == nil {
		return nil
	}
	text := withheld
	return &text
}
