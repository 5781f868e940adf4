package convert

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// maxKeys bounds the keys that are held as strings.
const maxKeys = 1_000

// A record reads one JSON value, token by token: strict, keys as they are written,
// numbers as they are written. An error ends the value; a *fault says that it is JSON,
// but not what the format says.
type record struct {
	place  schema.Place
	offset int64
	sink   *sink
	line   []byte // the rest of it
	dec    jsontext.Decoder
	loose  *pythonJSON // before dec, where that reads a stream
	inner  *record     // for what is read while this one is not at its end
	keys   map[string]string

	unquoted []byte
}

// own is another record at the same place, to read something else while r is not at its end.
func (r *record) own() *record {
	if r.inner == nil {
		r.inner = &record{sink: r.sink, keys: r.keys}
	}
	r.inner.place, r.inner.line = r.place, nil
	return r.inner
}

func (r *record) kind() jsontext.Kind { return r.dec.PeekKind() }

// object reads an object; member reads the value of a key. Null is an empty one.
func (r *record) object(member func(key string) error) error {
	if r.kind() != jsontext.KindBeginObject {
		return r.other("an object")
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for r.kind() != jsontext.KindEndObject {
		key, err := r.key()
		if err == nil {
			err = member(key)
		}
		if err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// key reads a member's name; the same name gives the same string.
func (r *record) key() (string, error) {
	v, err := r.dec.ReadValue()
	if err != nil {
		return "", err
	}
	if v.Kind() != jsontext.KindString {
		_, err := r.dec.ReadToken() // says what is wrong
		return "", err
	}
	if s, ok := r.keys[string(v)]; ok {
		return s, nil
	}
	name, err := jsontext.AppendUnquote(nil, v)
	if err != nil && !r.sink.run.ReplaceUTF8 {
		return "", err
	}
	if len(r.keys) < maxKeys {
		r.keys[string(v)] = string(name)
	}
	return string(name), nil
}

// array reads an array; element reads its i-th value. Null is an empty one.
func (r *record) array(element func(i int) error) error {
	if r.kind() != jsontext.KindBeginArray {
		return r.other("a list")
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for i := 0; r.kind() != jsontext.KindEndArray; i++ {
		if err := element(i); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// other reads null, or something that should have been what is wanted.
func (r *record) other(want string) error {
	kind := r.kind()
	if err := r.dec.SkipValue(); err != nil || kind == jsontext.KindNull {
		return err
	}
	return r.fault("is %s; wanted %s", noun(kind), want)
}

func noun(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindString:
		return "a text"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	}
	return "a list"
}

// text reads a string; null is nil.
func (r *record) text() (*string, error) {
	if r.kind() != jsontext.KindString {
		return nil, r.other("a text")
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	body := v[1 : len(v)-1]
	switch {
	case bytes.IndexByte(v, '\\') < 0:
	case r.sink.run.ReplaceUTF8: // it need not be valid
		r.unquoted, _ = jsontext.AppendUnquote(r.unquoted[:0], v)
		body = r.unquoted
	default:
		r.unquoted = appendUnescaped(r.unquoted[:0], body)
		body = r.unquoted
	}
	s := string(body)
	if r.sink.run.ReplaceUTF8 {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return &s, nil
}

// word reads a string, or a number or boolean as it is written; null is nil.
func (r *record) word() (*string, error) {
	switch r.kind() {
	case jsontext.KindNumber, jsontext.KindTrue, jsontext.KindFalse:
		v, err := r.dec.ReadValue()
		s := string(v)
		return &s, err
	}
	return r.text()
}

// number reads a number; null is nil.
func (r *record) number() (*float64, error) {
	if r.kind() != jsontext.KindNumber {
		return nil, r.other("a number")
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil {
		return nil, r.fault("%s is not a JSON number that can be kept", excerpt(string(v)))
	}
	return &f, nil
}

// raw reads any value as it is written.
func (r *record) raw() (string, error) {
	v, err := r.dec.ReadValue()
	return r.utf8(string(v)), err
}

// utf8 is s, mended if that is asked for.
func (r *record) utf8(s string) string {
	if r.sink.run.ReplaceUTF8 {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	return s
}

// skip passes over a value.
func (r *record) skip() error { return r.dec.SkipValue() }

// leave passes over what is left of the value after a fault.
func (r *record) leave() error {
	for r.dec.StackDepth() > 0 {
		var err error
		switch r.kind() {
		case jsontext.KindEndObject, jsontext.KindEndArray:
			_, err = r.dec.ReadToken()
		default:
			err = r.dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// atoi is a whole number from 0 on.
func atoi(s string) (int32, error) {
	n, err := strconv.ParseUint(strings.TrimSuffix(s, ".0"), 10, 31)
	return int32(n), err
}

func itoa(n int32) string { return strconv.Itoa(int(n)) }
