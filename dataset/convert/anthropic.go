package convert

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var anthropic = &Format{
	Name: "anthropic",
	Doc: `conversations as Anthropic's Messages API has them, one object a line

A record is {"system": …, "messages": [{"role": …, "content": …}]}, a bare list of messages,
or {"request": {…}, "response": {"type": "message", …}}, whose answer is the last turn.
Records lie one a line, in one list, or one after another, or are the rows of a Parquet
file.

turns           system first, then messages; a content may be a text or blocks, whose texts
                are joined by line ends; an image or document is [image], [document], and
                then metadata_json says lossy_media
role            as written; the results of tools in a user's message are turns of role tool,
                before the rest of it
tool_calls_json tool_use, server_tool_use and mcp_tool_use, in the shape of OpenAI's
reasoning       thinking; where it is redacted, metadata_json says reasoning_hidden
source_id       the answer's id; else the message's number in the list, from 0
terminal        refused where stop_reason is refusal, limit where it is max_tokens

Everything beside the messages is read as openai-chat does: ids, model, scenario, repeat
and the rest.`,
	Lost:  "tool schemas, usage, signatures of thinking, media, citations",
	Looks: `objects with "messages" (or lists of messages) in whose contents are blocks of type tool_use, tool_result or thinking`,
	knows: knowsAnthropic,
	value: readAnthropic,
}

func knowsAnthropic(g glance) bool {
	if foreignTo(g) {
		return false
	}
	for _, list := range []glance{g, g.get("messages"), g.get("request", "messages")} {
		if list.at(0).has("role") && !chatLike(list) && !itemLike(list) {
			return true
		}
	}
	return answersAnthropic(g)
}

// answersAnthropic is whether the record holds an answer of that API.
func answersAnthropic(g glance) bool {
	response := g.get("response")
	return response.get("type").text == "message" && response.get("content").kind == jsontext.KindBeginArray && g.get("request").has("messages")
}

// An anthropicRecord is what is gathered of one record.
type anthropicRecord struct {
	chat
	messages []schema.Turn
	system   []schema.Turn
	names    map[string]string // of tools, by the call's id
}

func readAnthropic(r *record, d *draft) error {
	a := &anthropicRecord{chat: chat{draft: d}, names: map[string]string{}}
	var err error
	switch r.kind() {
	case jsontext.KindBeginArray:
		err = a.list(r)
	case jsontext.KindBeginObject:
		err = r.object(func(key string) error { return a.member(r, key, true) })
	default:
		if err = r.skip(); err == nil {
			err = r.fault("is neither an object with messages nor a list of them")
		}
	}
	if err == nil && len(a.messages) == 0 {
		err = &fault{"messages", errNoMessages}
	}
	d.turns = append(append(d.turns, a.system...), a.messages...)
	return err
}

func (a *anthropicRecord) member(r *record, key string, outer bool) error {
	switch {
	case key == "messages":
		return a.list(r)
	case key == "system":
		var b struct {
			Content blocks `json:"content"`
		}
		if err := r.wrapped(&b); err != nil {
			return err
		}
		a.system = []schema.Turn{{Role: "system", Text: a.said(b.Content)}}
		return nil
	case key == "request" && outer && r.kind() == jsontext.KindBeginObject:
		return r.object(func(key string) error { return a.member(r, key, false) })
	case key == "response" && outer && r.kind() == jsontext.KindBeginObject:
		return a.answer(r)
	case outer || key == "model":
		return a.beside(r, key)
	}
	return r.skip()
}

// wrapped reads a value into the field content of a struct.
func (r *record) wrapped(v any) error {
	text, err := r.dec.ReadValue()
	if err != nil {
		return err
	}
	if inner(append(append([]byte(`{"content":`), text...), '}'), v) != nil {
		return r.fault("is neither a text nor blocks")
	}
	return nil
}

func (a *anthropicRecord) list(r *record) error {
	return r.array(func(i int) error {
		var m struct {
			Role    word   `json:"role"`
			Content blocks `json:"content"`
			ID      word   `json:"id"`
		}
		if err := r.into(&m); err != nil {
			return err
		}
		role := roles[string(m.Role)]
		if role == "" {
			return &fault{dotted(string(r.dec.StackPointer()) + "/role"), errors.New("unknown role " + excerpt(string(m.Role)))}
		}
		id := some(m.ID)
		if id == nil {
			id = ptr(strconv.Itoa(i))
		}
		a.messages = append(a.messages, spoken(a.draft, a.names, role, m.Content, id)...)
		return nil
	})
}

// answer reads what the API answered.
func (a *anthropicRecord) answer(r *record) error {
	var m struct {
		ID      word   `json:"id"`
		Model   word   `json:"model"`
		Role    word   `json:"role"`
		Content blocks `json:"content"`
		Stop    word   `json:"stop_reason"`
	}
	if err := r.into(&m); err != nil {
		return err
	}
	if m.Role == "" {
		return nil
	}
	a.messages = append(a.messages, spoken(a.draft, a.names, "assistant", m.Content, some(m.ID))...)
	if a.Model == nil {
		a.Model = some(m.Model)
		a.know("model", a.Model)
	}
	a.stopped(string(m.Stop))
	return nil
}

// stopped takes the reason for which an answer ended.
func (d *draft) stopped(why string) {
	switch why {
	case "refusal":
		d.Terminal = ptr("refused")
	case "max_tokens", "model_context_window_exceeded":
		d.Terminal = ptr("limit")
	}
}

// spoken is the turns of a message: of the assistant, what it says and calls, and then
// what the provider's tools answered; of anyone else first the results of tools.
func spoken(d *draft, names map[string]string, role string, content blocks, id *string) []schema.Turn {
	var results []schema.Turn
	var rest blocks
	t := schema.Turn{Role: role, SourceID: id}
	var calls callList
	for _, b := range content {
		switch {
		case b.Type == "tool_result" || strings.HasSuffix(b.Type, "_tool_result"):
			results = append(results, schema.Turn{
				Role: "tool", Text: d.result(b.Content), ToolCallID: some(b.ToolUseID), Name: some(names[string(b.ToolUseID)]), SourceID: id,
			})
		case b.Type == "tool_use" || strings.HasSuffix(b.Type, "_tool_use"):
			calls.add(string(b.ID), string(b.Name), b.Input)
			names[string(b.ID)] = string(b.Name)
		case b.Type == "thinking":
			if b.Thinking != nil && *b.Thinking != "" {
				t.Reasoning = joined(t.Reasoning, string(*b.Thinking))
			}
		case b.Type == "redacted_thinking":
			d.keep("reasoning_hidden", "true")
		default:
			rest = append(rest, b)
		}
	}
	t.Text, t.ToolCallsJSON = d.said(rest), calls.json()
	switch {
	case role == "assistant":
		return append([]schema.Turn{t}, results...)
	case len(rest) == 0 && len(results) > 0:
		return results
	}
	return append(results, t)
}

// merge adds what more of the same message says.
func merge(t *schema.Turn, more *schema.Turn) {
	t.Text = join(t.Text, more.Text)
	if more.Reasoning != nil {
		t.Reasoning = joined(t.Reasoning, *more.Reasoning)
	}
	if more.ToolCallsJSON != nil {
		calls := callList{}
		calls.join(t.ToolCallsJSON)
		calls.join(more.ToolCallsJSON)
		t.ToolCallsJSON = calls.json()
	}
}

// foreignTo is whether a record is marked as another format's than of chat messages.
func foreignTo(g glance) bool {
	return slices.ContainsFunc(foreign, func(key string) bool { return g.has(key) }) || g.get("metadata").has("transcript_id")
}
