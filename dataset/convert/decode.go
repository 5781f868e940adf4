package convert

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// into reads an object into a struct; keys that it does not name are passed over.
func (r *record) into(v any) error {
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return err
		}
		return r.fault("is not an object")
	}
	text, err := r.dec.ReadValue() // all of it is JSON, or none of it is read
	if err != nil {
		return err
	}
	at := r.dec.StackPointer()
	var wrong *json.SemanticError
	switch err := inner(text, v); {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		why := fmt.Errorf("is %s; wanted %s", noun(wrong.JSONKind), wanted(wrong.GoType))
		if wrong.Err != nil && wrong.JSONKind == jsontext.KindNumber {
			why = errors.New("is a number that cannot be kept")
		}
		return &fault{dotted(string(at + wrong.JSONPointer)), why}
	default:
		return &fault{dotted(string(at)), err}
	}
}

func wanted(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil:
		return "something else"
	case t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "an object"
	}
	return "a number"
}

// inner decodes a value that a decoder has read before.
func inner(text jsontext.Value, v any) error {
	return json.Unmarshal(text, v, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

// A word is a text, or a number or boolean as it is written.
type word string

func (w *word) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return &json.SemanticError{JSONPointer: dec.StackPointer(), JSONKind: v.Kind(), GoType: reflect.TypeFor[string]()}
	}
	*w = ""
	if s := scalar(v); s != nil {
		*w = word(strings.ToValidUTF8(*s, "\ufffd"))
	}
	return nil
}

// some is a text that is there; "" is none.
func some[S ~string](s S) *string {
	if s == "" {
		return nil
	}
	return ptr(string(s))
}

// A grade is a number, or true and false for 1 and 0; else there is none.
type grade struct {
	value float64
	ok    bool
}

func (g *grade) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	*g = grade{}
	switch v.Kind() {
	case jsontext.KindTrue:
		*g = grade{1, true}
	case jsontext.KindFalse:
		g.ok = true
	case jsontext.KindNumber:
		g.ok = inner(v, &g.value) == nil
	}
	return err
}

// quoted is a JSON string.
func quoted(s string) string {
	b, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\ufffd"))
	return string(b)
}

// keepShort puts a JSON value that is not too long into metadata_json.
func (d *draft) keepShort(r *record, name string, v jsontext.Value) {
	if len(v) == 0 {
		return
	}
	s := compact(v)
	if len(s) > longestKept {
		r.sink.note(r.place.File, r.place.Row, "a long value is not kept: "+excerpt(name))
		return
	}
	d.keep(name, s)
}

// compact is JSON without blanks.
func compact(v jsontext.Value) string {
	v = v.Clone()
	if v.Compact() != nil {
		return "null"
	}
	return strings.ToValidUTF8(string(v), "\ufffd")
}

// keepText puts a text that is there into metadata_json.
func (d *draft) keepText(r *record, name string, s string) {
	if s != "" {
		d.keepShort(r, name, jsontext.Value(quoted(s)))
	}
}

// begins takes the time at which the first message was said; the key is kept if the time
// has no zone.
func (d *draft) begins(r *record, key, s string) {
	if s == "" || d.StartedAt != nil {
		return
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		r.sink.note(r.place.File, r.place.Row, "times without a zone are kept as text in metadata_json")
		d.keepText(r, key, s)
		return
	}
	d.StartedAt = ptr(t.UnixMicro())
}

// measureNames writes what may not stand in a measure's name in other words.
var measureNames = strings.NewReplacer("\n", " ", "@", "-at-", "[", "(", "]", ")", ",", ";")

// grades adds a score, if it is one.
func (d *draft) grades(measure string, g grade) {
	if g.ok {
		d.scores = append(d.scores, score{measure: measureNames.Replace(measure), value: g.value})
	}
}
