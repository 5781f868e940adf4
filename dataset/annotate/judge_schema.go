package annotate

import (
	"bytes"
	"encoding/json"

	"github.com/righting-bench/righting/schema"
)

// AnswerSchema is the strict JSON Schema of an answer: an object with these columns of
// the annotations table and nothing else, for one turn, or {"turns": [{"assistant_turn":
// 1, …}, …]} for several. Each column may be null where it has no answer.
//
// It is the subset of JSON Schema that OpenAI's and Anthropic's structured outputs take.
func AnswerSchema(fields []string, vocab *schema.Vocabulary, several bool) (json.RawMessage, error) {
	one := ordered{}
	if several {
		one = append(one, member{turnKey, ordered{{"type", "integer"}, {"description", "the number of the assistant turn that is judged"}}})
	}
	for _, name := range fields {
		if err := askable(name); err != nil {
			return nil, err
		}
		c, _ := annotation(name)
		one = append(one, member{name, property(c, vocab.Of(c.Enum))})
	}
	doc := object(one)
	if several {
		doc = object(ordered{{turnsKey, ordered{{"type", "array"}, {"items", doc}}}})
	}
	return json.Marshal(doc)
}

// property is what a column may hold.
func property(c schema.Column, enum *schema.Enum) ordered {
	kind := map[string]string{"STRING": "string", "BOOLEAN": "boolean", "INT32": "integer", "DOUBLE": "number", "LIST STRING": "array"}[c.Type]
	p := ordered{{"type", []string{kind, "null"}}}
	switch {
	case c.Type == "LIST STRING":
		p = append(p, member{"items", ordered{{"type", "string"}, {"enum", enum.Names()}}})
	case enum != nil:
		var values []any
		for _, name := range enum.Names() {
			if c.Type == "INT32" {
				values = append(values, json.Number(name))
			} else {
				values = append(values, name)
			}
		}
		p = append(p, member{"enum", append(values, nil)})
	}
	return append(p, member{"description", c.Doc})
}

// object is a closed object of which every property is required.
func object(properties ordered) ordered {
	required := make([]string, len(properties))
	for i, p := range properties {
		required[i] = p.name
	}
	return ordered{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
}

// ordered is a JSON object whose members keep their order, in which a judge answers.
type ordered []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order, and no character otherwise than it is where
// JSON does not ask for it.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(m.name); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1)
		b.WriteByte(':')
		if err := enc.Encode(m.value); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
