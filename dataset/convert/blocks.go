package convert

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A block is a part of a content, in the words of all who have such: what a type does
// not have is empty.
type block struct {
	Type      string         `json:"type"`
	Text      *word          `json:"text"`
	Value     *word          `json:"value"`
	Refusal   *word          `json:"refusal"`
	Thinking  *word          `json:"thinking"`
	Content   jsontext.Value `json:"content"` // of a result, or a text
	ID        word           `json:"id"`
	Name      word           `json:"name"`
	Input     jsontext.Value `json:"input"`
	ToolUseID word           `json:"tool_use_id"`
}

// blocks are a content: null is none, a text is one.
type blocks []block

func (b *blocks) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*b = nil
	switch kind := dec.PeekKind(); kind {
	case jsontext.KindNull:
		return dec.SkipValue()
	case jsontext.KindString:
		var t word
		err := json.UnmarshalDecode(dec, &t)
		*b = blocks{{Type: "text", Text: &t}}
		return err
	case jsontext.KindBeginArray:
	default:
		if err := dec.SkipValue(); err != nil {
			return err
		}
		return &json.SemanticError{JSONPointer: dec.StackPointer(), JSONKind: kind, GoType: reflect.TypeFor[string]()}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != jsontext.KindEndArray {
		var one block
		var err error
		if dec.PeekKind() == jsontext.KindString {
			one = block{Type: "text", Text: new(word)}
			err = json.UnmarshalDecode(dec, one.Text)
		} else {
			err = json.UnmarshalDecode(dec, &one)
		}
		if err != nil {
			return err
		}
		*b = append(*b, one)
	}
	_, err := dec.ReadToken()
	return err
}

// text is what a block says; "" and false if it is something else than text.
func (b *block) text() (string, bool) {
	switch b.Type {
	case "", "text", "input_text", "output_text", "refusal", "summary_text", "reasoning_text", "tool_reference":
	default:
		return "", false
	}
	for _, s := range []*word{b.Text, b.Value, b.Refusal} {
		if s != nil {
			return string(*s), true
		}
	}
	if b.Content.Kind() == jsontext.KindString {
		if s := scalar(b.Content); s != nil {
			return strings.ToValidUTF8(*s, "\ufffd"), true
		}
	}
	return "", b.Type != ""
}

// said is the blocks' texts joined by line ends, what is no text as [image] and the like.
func (d *draft) said(b blocks) string {
	var texts []string
	for i := range b {
		s, ok := b[i].text()
		if !ok {
			d.media = true
			s = "[" + cmp.Or(strings.TrimSuffix(strings.TrimPrefix(b[i].Type, "input_"), "_url"), "unknown") + "]"
		}
		texts = append(texts, s)
	}
	return strings.Join(texts, "\n")
}

// result is a content that is kept as a raw value: a text, blocks, or any JSON.
func (d *draft) result(v jsontext.Value) string {
	if len(v) == 0 {
		return ""
	}
	var b blocks
	if err := inner(v, &b); err == nil {
		return d.said(b)
	}
	return compact(v)
}
