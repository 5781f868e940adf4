package convert

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// ErrNotWritten: a format is only read.
var ErrNotWritten = errors.New("is only read")

// Writes is whether trajectories can be written in the format.
func (f *Format) Writes() bool { return f.write != nil }

// Write writes a trajectory to the end of a file of the format, or of nothing. What is read
// from there is the same but for what Explain names.
//
// The errors are ErrNotWritten and those of w.
func (f *Format) Write(w io.Writer, t *schema.Trajectory) error {
	if f.write == nil {
		return fmt.Errorf("%s %w", f.Name, ErrNotWritten)
	}
	_, err := w.Write(f.write(nil, t))
	return err
}

// An object is a JSON object that is written member by member; without any it is {}.
type object struct{ b []byte }

func (o *object) raw(name, json string) {
	if len(o.b) == 0 {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, quoted(name)...), ':'), json...)
}

func (o *object) text(name, s string) { o.raw(name, quoted(s)) }

// maybe writes a text that is there.
func (o *object) maybe(name string, s *string) {
	if s != nil {
		o.text(name, *s)
	}
}

func (o *object) json() string {
	if len(o.b) == 0 {
		return "{}"
	}
	return string(o.b) + "}"
}

// A list is a JSON array that is written element by element.
type list struct{ b []byte }

func (l *list) add(json string) {
	if len(l.b) > 0 {
		l.b = append(l.b, ',')
	}
	l.b = append(l.b, json...)
}

func (l *list) json() string { return "[" + string(l.b) + "]" }

// members are those of a JSON object, as they are written; nil for anything else.
func members(object *string) (out []member) {
	if object == nil || !jsontext.Value(*object).IsValid() || jsontext.Value(*object).Kind() != jsontext.KindBeginObject {
		return nil
	}
	dec := jsontext.NewDecoder(strings.NewReader(*object))
	_, err := dec.ReadToken()
	for err == nil && dec.PeekKind() != jsontext.KindEndObject {
		var key jsontext.Token
		var v jsontext.Value
		if key, err = dec.ReadToken(); err == nil {
			name := key.String()
			v, err = dec.ReadValue()
			out = append(out, member{name, string(v)})
		}
	}
	if err != nil { // it is valid
		panic(err)
	}
	return out
}
