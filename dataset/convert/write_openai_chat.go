package convert

import (
	"bytes"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var writeOpenAIChat = &Writer{
	Name: "openai-chat",
	Doc: `conversations as OpenAI's chat API has them, one object a line

trajectory_id, model, agent, scenario, condition, repeat, setting, split   keys beside
                messages, those that say something; what metadata_json holds, too
system          a key, which convert takes with --system '{system}', and which else stands in
                metadata_json
messages        role, content, name, tool_call_id; source_id as id, reasoning as
                reasoning_content; tool_calls as they are, those of other layouts as
                OpenAI has them`,
	Lost:  "judgements, what scenarios are, the marks of prefilled turns, terminal, error, started_at",
	start: func(w io.Writer) writing { return lineWriter{w, chatLine} },
}

// chatKeys are those that a line has for itself, or by which it would be another layout's.
// Those that say less well what the first ones say are data to the reader.
var chatKeys = slices.Concat(chatLost, foreign, []string{
	"trajectory_id", "system", "model", "agent", "scenario", "condition", "repeat", "setting", "split", "messages", "request", "response", "metadata",
})

func chatLine(o *object, i *Item) (string, error) {
	t := i.Trajectory
	o.text("trajectory_id", t.TrajectoryID)
	o.maybe("model", t.Model)
	o.text("system", t.System)
	o.maybe("agent", t.Agent)
	o.text("scenario", t.Scenario)
	o.maybe("condition", t.Condition)
	o.raw("repeat", []byte(itoa(t.Repeat)))
	if t.Setting != "interaction" {
		o.text("setting", t.Setting)
	}
	o.maybe("split", t.Split)
	if t.MetadataJSON != nil {
		if err := eachMember(jsontext.Value(*t.MetadataJSON), func(name string, v jsontext.Value) {
			if !slices.Contains(chatKeys, name) {
				o.raw(name, v)
			}
		}); err != nil {
			return "", err
		}
	}
	var err error
	o.list("messages", len(t.Turns), func(k int) []byte {
		m, e := chatMessage(&t.Turns[k])
		if e != nil {
			err = e
		}
		return m
	})
	return "", err
}

func chatMessage(u *schema.Turn) ([]byte, error) {
	var m object
	m.text("role", u.Role)
	m.text("content", u.Text)
	m.maybe("id", u.SourceID)
	m.maybe("name", u.Name)
	m.maybe("reasoning_content", u.Reasoning)
	m.maybe("tool_call_id", u.ToolCallID)
	calls, err := toolCalls(u.ToolCallsJSON)
	switch {
	case err != nil:
		return nil, err
	case len(calls) == 0:
	case !slices.ContainsFunc(calls, func(c toolCall) bool { return !c.openAI }):
		m.raw("tool_calls", []byte(*u.ToolCallsJSON))
	default:
		m.list("tool_calls", len(calls), func(i int) []byte {
			var c, f object
			c.text("id", calls[i].id)
			c.text("type", "function")
			f.text("name", calls[i].name)
			f.text("arguments", calls[i].arguments)
			c.raw("function", f.done())
			return c.done()
		})
	}
	return m.done(), nil
}

// eachMember gives each the members of an object, in their order.
func eachMember(v jsontext.Value, each func(name string, v jsontext.Value)) error {
	dec := jsontext.NewDecoder(bytes.NewReader(v))
	if _, err := dec.ReadToken(); err != nil || v.Kind() != jsontext.KindBeginObject {
		return err
	}
	for dec.PeekKind() == jsontext.KindString {
		key, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := key.String()
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		each(name, value)
	}
	return nil
}
