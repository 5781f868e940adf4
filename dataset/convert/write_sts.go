package convert

import (
	"cmp"
	"io"
)

var writeSTS = &Writer{
	Name: "sts",
	Doc: `Hugging Face's session traces: a folder with a JSONL file for each trajectory, which the Hub shows

The first line is {"type":"session"} with harness (the agent, else righting), id (the
trajectory_id) and name (the scenario); each other one is {"type":"message"} with role,
content, reasoningContent, toolCalls, toolCallId, and model on the system's own turns. A
developer is a system.`,
	Lost:  "judgements, system, condition, repeat, setting, names of speakers, ids of messages, the marks of prefilled turns, terminal, error, times",
	Ext:   ".jsonl",
	start: func(w io.Writer) writing { return stsWriting{w} },
}

type stsWriting struct{ w io.Writer }

func (s stsWriting) close() error { return nil }

func (s stsWriting) write(i *Item) (string, error) {
	t := i.Trajectory
	var head object
	head.text("type", "session")
	harness := "righting"
	if t.Agent != nil {
		harness = cmp.Or(*t.Agent, harness)
	}
	head.text("harness", harness)
	head.text("id", t.TrajectoryID)
	head.text("name", t.Scenario)
	if _, err := s.w.Write(append(head.done(), '\n')); err != nil {
		return "", err
	}
	for k := range t.Turns {
		u := &t.Turns[k]
		calls, err := toolCalls(u.ToolCallsJSON)
		if err != nil {
			return "", err
		}
		var m, line object
		m.text("role", plainRole(u.Role))
		m.text("content", u.Text)
		m.maybe("reasoningContent", u.Reasoning)
		if len(calls) > 0 {
			m.list("toolCalls", len(calls), func(i int) []byte {
				var c, f object
				c.text("id", calls[i].id)
				f.text("name", calls[i].name)
				f.text("arguments", calls[i].arguments)
				c.raw("function", f.done())
				return c.done()
			})
		}
		m.maybe("toolCallId", u.ToolCallID)
		if u.Role == "assistant" {
			m.maybe("model", t.Model)
		}
		line.text("type", "message")
		line.raw("message", m.done())
		if _, err := s.w.Write(append(line.done(), '\n')); err != nil {
			return "", err
		}
	}
	return "", nil
}

// plainRole is a role in the words of those who know no developer.
func plainRole(role string) string {
	if role == "developer" {
		return "system"
	}
	return role
}
