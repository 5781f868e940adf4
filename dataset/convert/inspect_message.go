package convert

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// An inspectMessage is a message as Inspect has them, also in Petri's and Scout's files.
type inspectMessage struct {
	role, id string
	parts    []inspectPart
	calls    string // a JSON list; "" = none
	callID   *string
	name     *string
	model    string
	failed   string // what a tool's error says
	given    bool   // it was in the sample's input
	prefill  bool   // put into the mouth of the system
}

// An inspectPart is a part of a content.
type inspectPart struct {
	kind                         string
	text, reasoning, summary     string
	redacted                     bool
	id, name, arguments, outcome string // of a tool that the provider ran
}

// inspectMessages reads a list of them. Null is an empty list.
func inspectMessages(r *record, each func(i int, m *inspectMessage) error) error {
	return r.array(func(i int) error {
		if i >= maxElements {
			return r.fault("is the message number %d; more than %d are not read", i+1, maxElements)
		}
		m, err := readInspectMessage(r)
		if err == nil {
			err = each(i, m)
		}
		return err
	})
}

func readInspectMessage(r *record) (*inspectMessage, error) {
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return nil, err
		}
		return nil, r.fault("is not a message")
	}
	m := &inspectMessage{}
	err := r.object(func(key string) (err error) {
		var s *string
		switch key {
		case "role":
			if s, err = r.text(); err == nil && s != nil {
				if m.role = roles[*s]; m.role == "" {
					return r.fault("unknown role %s", excerpt(*s))
				}
			}
		case "content":
			err = m.content(r)
		case "id":
			if s, err = r.word(); s != nil {
				m.id = *s
			}
		case "tool_calls":
			m.calls, err = r.list()
		case "tool_call_id":
			if r.kind() == jsontext.KindBeginArray { // of a user who answers calls
				return r.skip()
			}
			m.callID, err = r.word()
		case "function":
			m.name, err = r.text()
		case "tool_error":
			if s, err = r.text(); s != nil {
				m.failed = *s
			}
		case "error":
			m.failed, err = r.message()
		case "model":
			if s, err = r.text(); s != nil {
				m.model = *s
			}
		case "source":
			if s, err = r.word(); s != nil {
				m.given = *s == "input"
			}
		case "metadata":
			if r.kind() != jsontext.KindBeginObject {
				return r.skip()
			}
			err = r.object(func(key string) error {
				if key == "prefill" && r.kind() == jsontext.KindTrue {
					m.prefill = true
				}
				return r.skip()
			})
		default:
			err = r.skip()
		}
		return err
	})
	if err == nil && m.role == "" {
		err = r.fault("has no role")
	}
	return m, err
}

// list reads a list as it is written; none and an empty one are "".
func (r *record) list() (string, error) {
	if r.kind() != jsontext.KindBeginArray {
		return "", r.other("a list")
	}
	s, ok, err := r.small(maxRecord)
	if err == nil && !ok {
		err = r.fault("is longer than %d MiB", maxRecord>>20)
	}
	if s == "[]" {
		s = ""
	}
	return s, err
}

// message reads an error: a text, or an object with a message.
func (r *record) message() (out string, err error) {
	if r.kind() != jsontext.KindBeginObject {
		s, err := r.text()
		if s != nil {
			out = *s
		}
		return out, err
	}
	err = r.object(func(key string) error {
		if key != "message" {
			return r.skip()
		}
		s, err := r.text()
		if s != nil {
			out = *s
		}
		return err
	})
	return out, err
}

func (m *inspectMessage) content(r *record) error {
	if r.kind() != jsontext.KindBeginArray {
		s, err := r.text()
		if s != nil {
			m.parts = append(m.parts, inspectPart{kind: "text", text: *s})
		}
		return err
	}
	return r.array(func(int) error {
		if r.kind() == jsontext.KindString {
			s, err := r.text()
			if s != nil {
				m.parts = append(m.parts, inspectPart{kind: "text", text: *s})
			}
			return err
		}
		p, err := readInspectPart(r)
		if err == nil {
			m.parts = append(m.parts, p)
		}
		return err
	})
}

func readInspectPart(r *record) (p inspectPart, err error) {
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return p, err
		}
		return p, r.fault("is neither a text nor a part with a type")
	}
	into := map[string]*string{
		"type": &p.kind, "text": &p.text, "reasoning": &p.reasoning, "summary": &p.summary, "id": &p.id, "name": &p.name, "arguments": &p.arguments, "result": &p.outcome,
	}
	err = r.object(func(key string) error {
		to := into[key]
		switch {
		case key == "redacted" && r.kind() == jsontext.KindTrue:
			p.redacted = true
		case key == "error" && p.outcome == "":
			s, err := r.message()
			p.outcome = s
			return err
		case to != nil && r.kind() == jsontext.KindString:
			s, err := r.text()
			if s != nil {
				*to = *s
			}
			return err
		case key == "result" || key == "arguments": // of another type
			s, _, err := r.small(maxRecord)
			*to = s
			return err
		}
		return r.skip()
	})
	if err == nil && (p.kind == "" || len(p.kind) > 40) {
		err = r.fault("is a part of the unknown type %s", excerpt(p.kind))
	}
	return p, err
}

// wants names the attachments that stand in the message.
func (m *inspectMessage) wants(want func(key string)) {
	each := func(s string) {
		if key, ok := attachmentKey(s); ok {
			want(key)
		}
	}
	for i := range m.parts {
		p := &m.parts[i]
		each(p.text)
		each(p.reasoning)
		each(p.summary)
		each(p.arguments)
		each(p.outcome)
	}
	each(m.failed)
	if m.calls != "" {
		_, _ = retold(m.calls, func(s string) string { each(s); return s })
	}
}

// attachmentKey is the key of an attachment that a text stands for.
func attachmentKey(s string) (string, bool) {
	for _, scheme := range []string{"attachment://", "tc://"} {
		if key, ok := strings.CutPrefix(s, scheme); ok && len(key) <= 64 {
			return key, true
		}
	}
	return "", false
}

// turns makes turns of the message: one, or more where the provider ran tools in it.
func (m *inspectMessage) turns(d *draft, resolve func(string) string, thought bool) []schema.Turn {
	t := schema.Turn{Role: m.role, Name: m.name, ToolCallID: m.callID}
	if m.id != "" {
		t.SourceID = &m.id
	}
	if m.role == "assistant" && (m.given || m.prefill) {
		t.Prefilled = ptr(true)
	}
	var texts []string
	var calls []string
	var more []schema.Turn
	for i := range m.parts {
		p := &m.parts[i]
		switch p.kind {
		case "text":
			texts = append(texts, resolve(p.text))
		case "reasoning":
			thought := p.reasoning
			if p.redacted {
				thought = p.summary
			}
			if thought = resolve(thought); thought != "" {
				t.Reasoning = joined(t.Reasoning, thought)
			}
		case "tool_use":
			id := p.id
			calls = append(calls, toolUse(id, p.name, resolve(p.arguments)))
			answer := schema.Turn{Role: "tool", Text: resolve(p.outcome), Name: ptr(p.name)}
			if id != "" {
				answer.ToolCallID = &id
			}
			more = append(more, answer)
		default:
			d.media = true
			texts = append(texts, "["+p.kind+"]")
		}
	}
	t.Text = strings.Join(texts, "\n")
	if m.failed != "" {
		if failed := resolve(m.failed); !strings.Contains(t.Text, failed) {
			t.Text = join(t.Text, failed)
		}
	}
	if m.calls != "" {
		text, err := retold(m.calls, resolve)
		if err != nil { // the decoder has read it before
			text = m.calls
		}
		if len(calls) > 0 {
			text = text[:len(text)-1] + "," + strings.Join(calls, ",") + "]"
		}
		t.ToolCallsJSON = &text
	} else if len(calls) > 0 {
		t.ToolCallsJSON = ptr("[" + strings.Join(calls, ",") + "]")
	}
	if thought {
		think(&t)
	}
	return append([]schema.Turn{t}, more...)
}

// toolUse is a call that the provider ran, in the shape of the others.
func toolUse(id, name, arguments string) string {
	quote := func(s string) string {
		b, _ := jsontext.AppendQuote(nil, s)
		return string(b)
	}
	if v := jsontext.Value(arguments); v.Kind() != jsontext.KindBeginObject || !v.IsValid() {
		arguments = quote(arguments)
	}
	return `{"id":` + quote(id) + `,"function":` + quote(name) + `,"arguments":` + arguments + `,"type":"function"}`
}

// retold is a JSON value with other texts in it.
func retold(value string, by func(string) string) (string, error) {
	if !strings.Contains(value, "attachment:") && !strings.Contains(value, "tc:") {
		return value, nil
	}
	dec := jsontext.NewDecoder(strings.NewReader(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var b bytes.Buffer
	enc := jsontext.NewEncoder(&b, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		t, err := dec.ReadToken()
		if err != nil {
			return "", err
		}
		if t.Kind() == jsontext.KindString {
			t = jsontext.String(by(t.String()))
		}
		if err := enc.WriteToken(t); err != nil {
			return "", err
		}
		if dec.StackDepth() == 0 {
			return string(bytes.TrimSpace(b.Bytes())), nil
		}
	}
}
