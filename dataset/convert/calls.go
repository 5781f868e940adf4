package convert

import (
	"github.com/go-json-experiment/json/jsontext"
)

// A callList is tool calls in the shape of OpenAI's, whatever shape they come in:
// [{"id": …, "type": "function", "function": {"name": …, "arguments": {…}}}].
type callList struct{ b []byte }

// add adds a call. Empty ids and names are left out.
func (c *callList) add(id, name string, arguments jsontext.Value, more ...member) {
	if len(c.b) == 0 {
		c.b = append(c.b, '[')
	} else {
		c.b[len(c.b)-1] = ','
	}
	c.b = append(c.b, '{')
	if id != "" {
		c.b = append(append(append(c.b, `"id":`...), quoted(id)...), ',')
	}
	c.b = append(c.b, `"type":"function","function":{`...)
	if name != "" {
		c.b = append(append(c.b, `"name":`...), quoted(name)...)
	}
	if arguments = decoded(arguments); len(arguments) > 0 {
		if !arguments.IsValid() {
			arguments = jsontext.Value(quoted(string(arguments)))
		}
		if name != "" {
			c.b = append(c.b, ',')
		}
		c.b = append(append(c.b, `"arguments":`...), arguments...)
	}
	c.b = append(c.b, '}')
	for _, m := range more {
		c.b = append(append(c.b, ',', '"'), m.name...)
		c.b = append(append(c.b, '"', ':'), m.value...)
	}
	c.b = append(c.b, '}', ']')
}

// join adds the calls of another list.
func (c *callList) join(json *string) {
	switch {
	case json == nil:
	case len(c.b) == 0:
		c.b = []byte(*json)
	default:
		c.b = append(append(c.b[:len(c.b)-1], ','), (*json)[1:]...)
	}
}

// json is the list, nil without any.
func (c *callList) json() *string {
	if len(c.b) == 0 {
		return nil
	}
	return ptr(string(c.b))
}

// decoded is arguments as an object or a list, that may be written in a text, or in one
// in a text; else they are as they are.
func decoded(v jsontext.Value) jsontext.Value {
	in := v
	for range 3 {
		switch in.Kind() {
		case jsontext.KindBeginObject, jsontext.KindBeginArray:
			in = in.Clone()
			if in.Compact() != nil {
				return v
			}
			return in
		case jsontext.KindString:
			text, err := jsontext.AppendUnquote(nil, in)
			if in = text; err != nil || !in.IsValid() {
				return v
			}
		default:
			return v
		}
	}
	return v
}
