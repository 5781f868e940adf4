package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// roles are the words for who speaks, and ours.
var roles = map[string]string{
	"system": "system", "developer": "developer", "user": "user", "assistant": "assistant", "tool": "tool",
	"human": "user", "gpt": "assistant", "model": "assistant", "agent": "assistant", "bot": "assistant",
	"function": "tool", "observation": "tool", "ipython": "tool",
}

// messageLost are keys of messages that are known and not kept.
var messageLost = []string{"annotations", "audio", "weight", "logprobs", "usage", "cost", "timestamp", "reasoning_details", "provider_specific_fields"}

// messages reads a list of messages as OpenAI's chat API has them into turns. Null is
// an empty list.
func messages(r *record, d *draft) error {
	return r.array(func(int) error {
		if r.kind() != jsontext.KindBeginObject {
			if err := r.skip(); err != nil {
				return err
			}
			return r.fault("is not a message")
		}
		t, err := message(r, d)
		if err != nil {
			return err
		}
		d.turns = append(d.turns, t)
		return nil
	})
}

// message reads one.
func message(r *record, d *draft) (t schema.Turn, err error) {
	var refusal, call *string
	err = r.object(func(key string) (err error) {
		var s *string
		switch key {
		case "role":
			if s, err = r.text(); err == nil && s != nil {
				if t.Role = roles[*s]; t.Role == "" {
					return r.fault("unknown role %s", excerpt(*s))
				}
			}
		case "content":
			t.Text, err = content(r, d, &t)
		case "name":
			t.Name, err = r.text()
		case "tool_calls":
			t.ToolCallsJSON, err = calls(r)
		case "function_call":
			call, err = calls(r)
		case "tool_call_id":
			t.ToolCallID, err = r.word()
		case "refusal":
			refusal, err = r.text()
		case "reasoning_content", "reasoning":
			if r.kind() == jsontext.KindString {
				t.Reasoning, err = r.text()
				break
			}
			err = r.skip()
		case "id":
			t.SourceID, err = r.word()
		case "prefilled":
			if r.kind() == jsontext.KindTrue {
				t.Prefilled = ptr(true)
			}
			err = r.skip()
		default:
			if !slices.Contains(messageLost, key) {
				r.sink.note(r.place.File, r.place.Row, "messages have a key that is not read: "+excerpt(key))
			}
			err = r.skip()
		}
		return err
	})
	if err != nil {
		return t, err
	}
	if t.Role == "" {
		return t, r.fault("has no role")
	}
	if call != nil && t.ToolCallsJSON == nil {
		s := `[{"type":"function","function":` + *call + `}]`
		t.ToolCallsJSON = &s
	}
	if refusal != nil && *refusal != "" && *refusal != t.Text {
		t.Text = join(t.Text, *refusal)
	}
	if r.sink.run.Think {
		think(&t)
	}
	return t, nil
}

// think makes <think>…</think> before an answer its reasoning.
func think(t *schema.Turn) {
	if t.Role != "assistant" || t.Reasoning != nil {
		return
	}
	if thought, rest, ok := strings.Cut(strings.TrimLeft(t.Text, " \n"), "</think>"); ok && strings.HasPrefix(thought, "<think>") {
		thought = strings.TrimSpace(strings.TrimPrefix(thought, "<think>"))
		t.Reasoning, t.Text = &thought, strings.TrimLeft(rest, " \n")
	}
}

// calls reads calls as they are written; null and none are nil.
func calls(r *record) (*string, error) {
	switch kind := r.kind(); kind {
	case jsontext.KindBeginArray, jsontext.KindBeginObject:
	default:
		return nil, r.other("a list of calls")
	}
	s, err := r.raw()
	if err != nil || strings.Trim(s, "[] \t\r\n") == "" {
		return nil, err
	}
	return &s, nil
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// content reads a text, or a list of parts: their texts joined by line ends, what is no
// text as [image] and the like.
func content(r *record, d *draft, t *schema.Turn) (string, error) {
	if r.kind() != jsontext.KindBeginArray {
		s, err := r.text()
		if s == nil {
			return "", err
		}
		return *s, err
	}
	var texts []string
	err := r.array(func(int) error {
		if r.kind() == jsontext.KindString {
			s, err := r.text()
			if s != nil {
				texts = append(texts, *s)
			}
			return err
		}
		p, err := contentPart(r)
		if err != nil {
			return err
		}
		switch p.kind {
		case "text", "input_text", "output_text", "refusal", "":
			texts = append(texts, p.text)
		case "reasoning":
			t.Reasoning = joined(t.Reasoning, p.text)
		case "tool_call":
			s := `{"type":"function","function":` + p.text + `}`
			if t.ToolCallsJSON != nil {
				s = strings.TrimSuffix(*t.ToolCallsJSON, "]") + "," + s + "]"
			} else {
				s = "[" + s + "]"
			}
			if !jsontext.Value(s).IsValid() {
				return r.fault("holds a tool call that is not JSON")
			}
			t.ToolCallsJSON = &s
		case "tool_use", "tool_result", "thinking":
			return r.fault("has the type %s of Anthropic's messages; --from anthropic reads them", p.kind)
		default:
			d.media = true
			texts = append(texts, "["+strings.TrimSuffix(strings.TrimPrefix(p.kind, "input_"), "_url")+"]")
		}
		return nil
	})
	return strings.Join(texts, "\n"), err
}

func joined(before *string, more string) *string {
	if before != nil {
		more = join(*before, more)
	}
	return &more
}

// A typedPart is a part of a content: {"type":"text","text":"…"}, or "value" for text.
type typedPart struct{ kind, text string }

func contentPart(r *record) (p typedPart, err error) {
	if r.kind() != jsontext.KindBeginObject {
		return p, errors.Join(r.skip(), r.fault("is neither a text nor a part with a type"))
	}
	seen := false
	err = r.object(func(key string) error {
		var s *string
		var err error
		switch key {
		case "type":
			if s, err = r.text(); s != nil {
				p.kind = *s
			}
		case "text", "value", "refusal":
			if r.kind() != jsontext.KindString {
				return r.skip()
			}
			if s, err = r.text(); s != nil && !seen {
				p.text, seen = *s, true
			}
		default:
			err = r.skip()
		}
		return err
	})
	if err == nil && p.kind == "" && !seen {
		err = r.fault("is neither a text nor a part with a type")
	}
	if err == nil && len(p.kind) > 40 {
		err = fmt.Errorf("%w", r.fault("has the unknown type %s", excerpt(p.kind)))
	}
	return p, err
}

// chatLike is whether a glance shows a list of such messages, and none that only
// Anthropic's API has.
func chatLike(g glance) bool {
	if !g.at(0).has("role") || itemLike(g) {
		return false
	}
	for _, m := range g.list {
		for _, part := range m.get("content").list {
			switch part.get("type").text {
			case "tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use", "mcp_tool_use":
				return false
			}
		}
	}
	return true
}
