package convert

import (
	"cmp"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var writeSTS = &Writer{
	Name: "sts",
	Doc: `Hugging Face's session traces: a folder with a JSONL file for each trajectory, which the Hub shows

The first line is {"type":"session"} with harness (the agent, else righting), id (the
trajectory_id) and name (the scenario); each other one is {"type":"message"} with role,
content, reasoningContent, toolCalls, toolCallId, and model on the system's own turns. A
developer is a system.`,
	Lost:  stsUnwritten,
	Ext:   ".jsonl",
	start: func(w io.Writer) writing { return appending{w, appendSTS} },
}

const stsUnwritten = `judgements, everything beside the messages but the id, the model and the agent, which is the
harness. The session's name is the scenario: --scenario '{name}' reads it. A developer's
messages become the system's; names of speakers, marks of prefilled turns and calls that
are not in the shape of OpenAI's are lost. Turns without a source_id get their number.`

// appendSTS is a trajectory as a session: a line for it, and one for each turn.
func appendSTS(b []byte, t *schema.Trajectory) []byte {
	var session object
	session.text("type", "session")
	harness := "righting"
	if t.Agent != nil {
		harness = cmp.Or(*t.Agent, harness)
	}
	session.text("harness", harness)
	session.text("id", t.TrajectoryID)
	session.text("name", t.Scenario)
	b = append(append(b, session.json()...), '\n')
	for i := range t.Turns {
		u := &t.Turns[i]
		var message object
		role := plainRole(u.Role)
		message.text("role", role)
		message.text("content", u.Text)
		message.maybe("reasoningContent", u.Reasoning)
		if calls := stsCalls(u.ToolCallsJSON); calls != "" {
			message.raw("toolCalls", calls)
		}
		message.maybe("toolCallId", u.ToolCallID)
		if role == "assistant" {
			message.maybe("model", t.Model)
		}
		var line object
		line.text("type", "message")
		line.maybe("id", u.SourceID)
		line.raw("message", message.json())
		b = append(append(b, line.json()...), '\n')
	}
	return b
}

// stsCalls are calls with their arguments in a text; "" without any.
func stsCalls(calls *string) string {
	var in []struct {
		ID       word `json:"id"`
		Function struct {
			Name      word           `json:"name"`
			Arguments jsontext.Value `json:"arguments"`
		} `json:"function"`
	}
	if calls == nil || inner(jsontext.Value(*calls), &in) != nil || len(in) == 0 {
		return ""
	}
	var out list
	for _, c := range in {
		var call, function object
		if c.ID != "" {
			call.text("id", string(c.ID))
		}
		if c.Function.Name != "" {
			function.text("name", string(c.Function.Name))
		}
		if v := decoded(c.Function.Arguments); v.Kind() == jsontext.KindString {
			function.raw("arguments", string(v))
		} else if len(v) > 0 {
			function.text("arguments", compact(v))
		}
		call.raw("function", function.json())
		out.add(call.json())
	}
	return out.json()
}

// plainRole is a role in the words of those who know no developer.
func plainRole(role string) string {
	if role == "developer" {
		return "system"
	}
	return role
}
