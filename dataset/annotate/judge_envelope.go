package annotate

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An envelope is one line of answers: what was asked, who answered, and the answer.
type envelope struct {
	id      string
	model   string // as the answer names it
	answer  jsontext.Value
	refused bool   // the judge refused
	failed  string // why there is no answer; "" = there is one
}

// open reads a line: {custom_id, answer or response: {labels}}, a line of OpenAI's
// batch results (chat completions or responses), or one of Anthropic's. The error is of
// a line that cannot be read at all.
func open(line []byte) (e envelope, err error) {
	top, err := objectOf(line)
	if err != nil {
		return e, err
	}
	id, ok := top["custom_id"]
	if !ok {
		return e, errors.New("no custom_id, which says what was judged")
	}
	if e.id = textOf(id); e.id == "" {
		return e, errors.New("custom_id is empty, or no text")
	}
	e.model = textOf(top["annotator"])
	at := func(v jsontext.Value, path ...string) jsontext.Value {
		for _, name := range path {
			o, err := objectOf(v)
			if err != nil {
				return nil
			}
			v = o[name]
		}
		return v
	}
	inner := top["response"]
	if there(top["answer"]) {
		inner = top["answer"]
	}
	body := at(top["response"], "body")
	switch {
	case there(top["result"]):
		e.anthropic(top["result"], at)
	case there(top["body"]):
		e.openAI(top["body"], at)
	case there(body):
		e.openAI(body, at)
	case there(top["error"]):
		e.failed = "error: " + brief(top["error"])
	case !there(inner):
		e.failed = "no answer"
	default:
		e.say(inner)
	}
	return e, nil
}

type getter func(v jsontext.Value, path ...string) jsontext.Value

// openAI takes the body of a chat completion, or of a response.
func (e *envelope) openAI(body jsontext.Value, at getter) {
	e.by(textOf(at(body, "model")))
	if err := at(body, "error"); there(err) {
		e.failed = "error: " + brief(err)
		return
	}
	first := func(v jsontext.Value) (out jsontext.Value) {
		_ = elements(v, func(x jsontext.Value) error {
			out = x
			return errShape
		})
		return out
	}
	choice := first(at(body, "choices"))
	if there(choice) {
		if r := textOf(at(choice, "message", "refusal")); r != "" {
			e.refused = true
			return
		}
		e.cut(textOf(at(choice, "finish_reason")), "length", "content_filter")
		e.say(at(choice, "message", "content"))
		return
	}
	_ = elements(at(body, "output"), func(item jsontext.Value) error {
		_ = elements(at(item, "content"), func(part jsontext.Value) error {
			switch textOf(at(part, "type")) {
			case "refusal":
				e.refused = true
			case "output_text":
				e.say(at(part, "text"))
			}
			return nil
		})
		return nil
	})
	if e.answer == nil && !e.refused && e.failed == "" {
		e.failed = "no answer"
	}
}

// anthropic takes the result of a message batch.
func (e *envelope) anthropic(result jsontext.Value, at getter) {
	message := at(result, "message")
	e.by(textOf(at(message, "model")))
	if kind := textOf(at(result, "type")); kind != "succeeded" && kind != "" {
		e.failed = kind
		if err := at(result, "error"); there(err) {
			e.failed += ": " + brief(err)
		}
		return
	}
	if textOf(at(message, "stop_reason")) == "refusal" {
		e.refused = true
		return
	}
	e.cut(textOf(at(message, "stop_reason")), "max_tokens")
	_ = elements(at(message, "content"), func(part jsontext.Value) error {
		if textOf(at(part, "type")) == "text" && e.answer == nil {
			e.say(at(part, "text"))
		}
		return nil
	})
	if e.answer == nil && e.failed == "" {
		e.failed = "no answer"
	}
}

// by notes the model, unless the line names the annotator.
func (e *envelope) by(model string) {
	if e.model == "" {
		e.model = model
	}
}

// cut notes that an answer ended early.
func (e *envelope) cut(why string, early ...string) {
	for _, s := range early {
		if why == s {
			e.failed = "cut short: " + why
		}
	}
}

// say takes the answer: an object, or the text of one, also inside a fence of Markdown.
func (e *envelope) say(v jsontext.Value) {
	if e.failed != "" {
		return
	}
	if v.Kind() == jsontext.KindString {
		text := strings.TrimSpace(textOf(v))
		if inside, ok := strings.CutPrefix(text, "```"); ok {
			inside = strings.TrimPrefix(inside, "json")
			if inside, ok = strings.CutSuffix(strings.TrimSpace(inside), "```"); ok {
				text = inside
			}
		}
		v = jsontext.Value(text)
	}
	if _, err := objectOf(v); err != nil {
		e.failed = fmt.Sprintf("the answer %v", err)
		return
	}
	e.answer = v
}

// objectOf reads one JSON object and nothing after it; no name stands twice, and
// nothing is not UTF-8.
func objectOf(v jsontext.Value) (map[string]jsontext.Value, error) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || v[0] != '{' {
		return nil, errors.New("is not a JSON object")
	}
	if !v.IsValid() {
		return nil, errors.New("is not JSON, or cut short, or has a key twice")
	}
	out := map[string]jsontext.Value{}
	err := members(v, func(key string, v jsontext.Value) error {
		out[key] = v
		return nil
	})
	return out, err
}

func there(v jsontext.Value) bool { return len(v) > 0 && v.Kind() != jsontext.KindNull }

// textOf is a string's text, "" of anything else.
func textOf(v jsontext.Value) string {
	if v.Kind() != jsontext.KindString {
		return ""
	}
	b, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(b)
}

func brief(v jsontext.Value) string {
	if r := []rune(string(v)); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return string(v)
}
