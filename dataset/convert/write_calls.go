package convert

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// A toolCall is one call, from whatever layout it was kept in.
type toolCall struct {
	id, name  string
	arguments string // as text; JSON unless its source had broken it
	raw       jsontext.Value
	openAI    bool // raw is as OpenAI's chat API has it
}

// toolCalls reads tool_calls_json: calls of OpenAI's shape, or those of other sources,
// which say name or function for the name, and arguments, args or input.
func toolCalls(text *string) ([]toolCall, error) {
	if text == nil {
		return nil, nil
	}
	var out []toolCall
	v := jsontext.Value(*text)
	if !v.IsValid() {
		return nil, errors.New("tool_calls_json is not JSON")
	}
	if v.Kind() == jsontext.KindBeginObject {
		return []toolCall{oneCall(v)}, nil
	}
	if v.Kind() != jsontext.KindBeginArray {
		return nil, errors.New("tool_calls_json is no list of calls")
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v))
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	for dec.PeekKind() != jsontext.KindEndArray {
		e, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		out = append(out, oneCall(e.Clone()))
	}
	return out, nil
}

func oneCall(v jsontext.Value) toolCall {
	c := toolCall{raw: v}
	of := membersOf(v)
	inner := membersOf(of["function"])
	first := func(values ...jsontext.Value) jsontext.Value {
		for _, x := range values {
			if len(x) > 0 && x.Kind() != jsontext.KindNull {
				return x
			}
		}
		return nil
	}
	c.id = unquoted(first(of["id"], of["call_id"], of["tool_call_id"]))
	c.name = unquoted(first(inner["name"], of["name"], of["function_name"], of["function"]))
	arguments := first(inner["arguments"], of["arguments"], of["args"], of["input"])
	c.arguments = string(arguments)
	if arguments.Kind() == jsontext.KindString {
		c.arguments = unquoted(arguments)
	}
	c.openAI = inner["name"].Kind() == jsontext.KindString && unquoted(of["type"]) == "function"
	return c
}

// membersOf are the members of an object, none of anything else.
func membersOf(v jsontext.Value) map[string]jsontext.Value {
	out := map[string]jsontext.Value{}
	if v.Kind() != jsontext.KindBeginObject {
		return out
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v), jsontext.AllowDuplicateNames(true))
	if _, err := dec.ReadToken(); err != nil {
		return out
	}
	for dec.PeekKind() == jsontext.KindString {
		key, err := dec.ReadToken()
		if err != nil {
			return out
		}
		name := key.String()
		value, err := dec.ReadValue()
		if err != nil {
			return out
		}
		out[name] = value.Clone()
	}
	return out
}

// unquoted is a string's text, or a number as it is written; "" of anything else.
func unquoted(v jsontext.Value) string {
	switch v.Kind() {
	case jsontext.KindString:
		b, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			return ""
		}
		return string(b)
	case jsontext.KindNumber:
		return string(v)
	}
	return ""
}

// object is the arguments as an object, if they are one.
func (c *toolCall) object() (jsontext.Value, bool) {
	v := jsontext.Value(c.arguments)
	if c.arguments == "" {
		return jsontext.Value("{}"), true
	}
	return v, v.IsValid() && v.Kind() == jsontext.KindBeginObject
}
