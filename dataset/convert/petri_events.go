package convert

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits of replaying: of messages that are looked at, one by one.
const mostSteps = 10_000_000

var errTooManySteps = fmt.Errorf("more than %d steps to replay", mostSteps)

// petriEvents replays what an auditor did to the target's conversation. Messages are JSON
// values that are never changed, but replaced.
type petriEvents struct {
	seen  int // events of the target's view
	now   []any
	done  [][]any
	steps int
	size  int // of the text of edits
}

// An edit is what one event does.
type petriEdit struct {
	Operation string  `json:"operation"`
	Message   any     `json:"message"`
	Count     int     `json:"count"`
	ToID      *string `json:"to_id"`
	New       []any   `json:"new_messages"`
	Patch     []struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		From  string `json:"from"`
		Value any    `json:"value"`
	} `json:"patch"`
}

// read reads an event, and replays it if it is one of the target's view.
func (p *petriEvents) read(r *record) error {
	if r.kind() != jsontext.KindBeginObject {
		return r.skip()
	}
	target := false
	text := ""
	view := func() error {
		s, err := r.shown()
		target = target || s == "target"
		return err
	}
	err := r.object(func(key string) (err error) {
		switch {
		case key == "view" && r.kind() == jsontext.KindBeginArray:
			err = r.array(func(int) error { return view() })
		case key == "view":
			err = view()
		case key == "edit" && r.kind() == jsontext.KindBeginObject:
			var ok bool
			if text, ok, err = r.small(maxRecord); err == nil && !ok {
				err = errTooMuch
			}
		default:
			err = r.skip()
		}
		return err
	})
	if err != nil || !target || text == "" {
		return err
	}
	p.seen++
	if p.size += len(text); p.size > maxRecord {
		return errTooMuch
	}
	var edit petriEdit
	if err := json.Unmarshal([]byte(text), &edit, jsontext.AllowInvalidUTF8(true), json.WithUnmarshalers(rawNumbers)); err != nil {
		var bad *json.SemanticError
		if errors.As(err, &bad) {
			return r.fault("is not what an edit has there: %s", dotted(string(bad.JSONPointer)))
		}
		return err
	}
	if err := p.apply(&edit); err != nil {
		return &fault{"events", fmt.Errorf("edit %d of the target: %w", p.seen, err)}
	}
	return nil
}

// rawNumbers keeps numbers as they are written.
var rawNumbers = json.UnmarshalFromFunc(func(dec *jsontext.Decoder, v *any) error {
	if dec.PeekKind() != jsontext.KindNumber {
		return errors.ErrUnsupported
	}
	number, err := dec.ReadValue()
	*v = jsontext.Value(slices.Clone(number))
	return err
})

// apply makes the next state, and puts down a branch where it is not only longer.
func (p *petriEvents) apply(e *petriEdit) error {
	next := p.now
	switch e.Operation {
	case "add":
		next = append(slices.Clip(next), e.Message)
	case "reset":
		next = e.New
	case "rollback":
		next = p.rollback(e)
	case "json_patch":
		var root any = next
		for i := range e.Patch {
			o := &e.Patch[i]
			var err error
			if p.steps += len(p.now); p.steps > mostSteps {
				return errTooManySteps
			}
			if root, err = patched(root, o.Op, o.Path, o.From, o.Value); err != nil {
				return fmt.Errorf("%s %s: %w", excerpt(o.Op), excerpt(o.Path), err)
			}
		}
		list, ok := root.([]any)
		if !ok {
			return errors.New("what is left is no list of messages")
		}
		next = list
	default:
		return fmt.Errorf("the operation %s is not known", excerpt(e.Operation))
	}
	if p.steps += len(p.now) + len(next); p.steps > mostSteps || len(next) > maxElements {
		return errTooManySteps
	}
	n := 0
	for n < len(p.now) && n < len(next) && reflect.DeepEqual(p.now[n], next[n]) {
		n++
	}
	if n < len(p.now) {
		p.done = append(p.done, p.now)
	}
	p.now = next
	return nil
}

// rollback keeps everything up to the message with that id, or drops the last ones. An id
// that is not there drops nothing.
func (p *petriEvents) rollback(e *petriEdit) []any {
	if e.ToID == nil {
		return p.now[:max(0, len(p.now)-max(0, e.Count)):max(0, len(p.now)-max(0, e.Count))]
	}
	for i := range p.now {
		if m, ok := p.now[i].(map[string]any); ok && m["id"] == *e.ToID {
			return p.now[: i+1 : i+1]
		}
	}
	return p.now
}

// finish gives the branches, in the order in which they ended.
func (p *petriEvents) finish(r *record) ([][]*inspectMessage, error) {
	all := p.done
	if len(p.now) > 0 {
		all = append(all[:len(all):len(all)], p.now)
	}
	read := map[uintptr]*inspectMessage{} // a message stands in many branches
	own := r.own()
	var out [][]*inspectMessage
	for _, branch := range all {
		var messages []*inspectMessage
		for i, v := range branch {
			if p.steps++; p.steps > mostSteps {
				return nil, &fault{"events", errTooManySteps}
			}
			object, ok := v.(map[string]any)
			if !ok {
				return nil, &fault{"events", fmt.Errorf("message %d of the target is no object", i)}
			}
			at := reflect.ValueOf(object).Pointer()
			m := read[at]
			if m == nil {
				text, err := json.Marshal(object, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
				if err != nil {
					return nil, &fault{"events", err}
				}
				own.dec.Reset(strings.NewReader(string(text)))
				if m, err = readInspectMessage(own); err != nil {
					return nil, &fault{"events", fmt.Errorf("message %d of the target: %w", i, err)}
				}
				read[at] = m
			}
			messages = append(messages, m)
		}
		out = append(out, messages)
	}
	return out, nil
}

// patched is a value after one operation of RFC 6902. What it is made of is not changed.
func patched(root any, op, path, from string, value any) (any, error) {
	at, err := pointer(path)
	if err != nil {
		return nil, err
	}
	switch op {
	case "add", "replace", "remove":
		return changed(root, at, op, value)
	case "test":
		v, err := found(root, at)
		if err == nil && !reflect.DeepEqual(v, value) {
			err = errors.New("is another value")
		}
		return root, err
	case "copy", "move":
		source, err := pointer(from)
		if err != nil {
			return nil, err
		}
		if value, err = found(root, source); err != nil {
			return nil, err
		}
		if op == "move" {
			if root, err = changed(root, source, "remove", nil); err != nil {
				return nil, err
			}
		}
		return changed(root, at, "add", value)
	}
	return nil, errors.New("is no operation")
}

// pointer is the parts of a JSON pointer.
func pointer(s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	if s[0] != '/' {
		return nil, errors.New("is no path")
	}
	parts := strings.Split(s[1:], "/")
	if len(parts) > maxDepth {
		return nil, errDeep
	}
	for i := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(parts[i])
	}
	return parts, nil
}

var errNowhere = errors.New("there is no such place")

func found(v any, at []string) (any, error) {
	for _, part := range at {
		switch t := v.(type) {
		case map[string]any:
			child, ok := t[part]
			if !ok {
				return nil, errNowhere
			}
			v = child
		case []any:
			i, err := atoi(part)
			if err != nil || int(i) >= len(t) {
				return nil, errNowhere
			}
			v = t[i]
		default:
			return nil, errNowhere
		}
	}
	return v, nil
}

// changed is v with another value at a place.
func changed(v any, at []string, op string, value any) (any, error) {
	if len(at) == 0 {
		if op == "remove" {
			return nil, errors.New("the whole cannot be removed")
		}
		return value, nil
	}
	part := at[0]
	switch t := v.(type) {
	case map[string]any:
		child, there := t[part]
		out := maps.Clone(t)
		switch {
		case len(at) == 1 && op == "add":
			out[part] = value
			return out, nil
		case !there:
			return nil, errNowhere
		case len(at) == 1 && op == "remove":
			delete(out, part)
			return out, nil
		}
		var err error
		out[part], err = changed(child, at[1:], op, value)
		return out, err
	case []any:
		i := len(t)
		if part != "-" {
			n, err := atoi(part)
			if err != nil || int(n) > len(t) {
				return nil, errNowhere
			}
			i = int(n)
		}
		switch {
		case len(at) == 1 && op == "add":
			return slices.Insert(slices.Clone(t), i, value), nil
		case i == len(t):
			return nil, errNowhere
		case len(at) == 1 && op == "remove":
			return slices.Delete(slices.Clone(t), i, i+1), nil
		}
		out := slices.Clone(t)
		var err error
		out[i], err = changed(t[i], at[1:], op, value)
		return out, err
	}
	return nil, errNowhere
}
