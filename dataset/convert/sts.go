package convert

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var sts = &Format{
	Name: "sts",
	Doc: `session traces as Hugging Face shows them: a file of lines, each a message

The first line is {"type": "session", "harness": …, "id": …}, and every other
{"type": "message", "message": {"role": …, "content": …}}. A record is a line; a further line
of type session begins another conversation.

turns           messages; contents as anthropic reads them
reasoning       reasoningContent
tool_calls_json toolCalls, in the shape of OpenAI's; tool_call_id is toolCallId
source_id       the line's id; else the message's number, from 0
trajectory_id   the session's id; agent is its harness
model           the messages' model, the last one there is
started_at      the first timestamp, which is in milliseconds
metadata_json   the session's name

Templates may name {harness}, {id}, {name}, {model}, {file} and {row}.`,
	Lost:    "times of messages, other lines",
	Looks:   `a line with the "type" session and a "harness"`,
	knows:   func(g glance) bool { return g.get("type").text == "session" && g.has("harness") },
	gathers: func(glance) bool { return true },
	gather:  func(*source) gatherer { return &stsFile{} },
}

type stsFile struct {
	sessions []*gathered
	names    map[string]string
	messages int // of the last one
}

type stsMessage struct {
	Role      word           `json:"role"`
	Content   blocks         `json:"content"`
	Reasoning *word          `json:"reasoningContent"`
	CallID    word           `json:"toolCallId"`
	Time      jsontext.Value `json:"timestamp"`
	Model     word           `json:"model"`
	Calls     []struct {
		ID       word `json:"id"`
		Function struct {
			Name      word           `json:"name"`
			Arguments jsontext.Value `json:"arguments"`
		} `json:"function"`
	} `json:"toolCalls"`
}

func (f *stsFile) value(r *record) error {
	var line struct {
		Type    word        `json:"type"`
		Harness word        `json:"harness"`
		ID      word        `json:"id"`
		Name    word        `json:"name"`
		Message *stsMessage `json:"message"`
	}
	if err := r.into(&line); err != nil {
		return err
	}
	switch {
	case line.Type == "session":
		g := &gathered{}
		g.reset(r.place.Row, 1)
		g.part(r)
		g.id, g.Agent = string(line.ID), some(line.Harness)
		g.know("harness", some(line.Harness))
		g.know("id", some(line.ID))
		g.know("name", some(line.Name))
		g.keepText(r, "name", string(line.Name))
		f.sessions, f.names, f.messages = append(f.sessions, g), map[string]string{}, 0
		return nil
	case line.Type != "message":
		r.sink.note(r.place.File, r.place.Row, "lines of a type that is not read: "+excerpt(string(line.Type)))
		return errSkip
	case line.Message == nil:
		return &fault{"message", errMissing}
	case len(f.sessions) == 0:
		return errors.New("stands before any line of type session")
	}
	g, m := f.sessions[len(f.sessions)-1], line.Message
	role := roles[string(m.Role)]
	if role == "" {
		return &fault{"message.role", errors.New("unknown role " + excerpt(string(m.Role)))}
	}
	id := some(line.ID)
	if id == nil {
		id = ptr(strconv.Itoa(f.messages))
	}
	f.messages++
	turns := spoken(&g.draft, f.names, role, m.Content, id)
	own := schema.Turn{}
	if m.Reasoning != nil && *m.Reasoning != "" {
		own.Reasoning = some(*m.Reasoning)
	}
	var calls callList
	for _, c := range m.Calls {
		calls.add(string(c.ID), string(c.Function.Name), c.Function.Arguments)
		f.names[string(c.ID)] = string(c.Function.Name)
	}
	own.ToolCallsJSON = calls.json()
	merge(&turns[0], &own)
	if role == "tool" && m.CallID != "" {
		turns[0].ToolCallID, turns[0].Name = some(m.CallID), some(f.names[string(m.CallID)])
	}
	g.turns = append(g.turns, turns...)
	if role == "assistant" && m.Model != "" {
		g.Model = some(m.Model)
	}
	var ms int64
	if g.StartedAt == nil && m.Time.Kind() == jsontext.KindNumber && inner(m.Time, &ms) == nil {
		g.StartedAt = ptr(ms * 1000)
	}
	g.part(r)
	return nil
}

func (f *stsFile) end(_ *sink, take func(*gathered)) {
	for _, g := range f.sessions {
		g.know("model", g.Model)
		take(g)
	}
}
