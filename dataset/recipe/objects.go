package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits on one JSON record, and on the keys of a file.
const (
	maxDepth    = 256
	maxElements = 100_000
	maxKeys     = 4_096
)

// use is what becomes of a JSON value, by its name.
type use uint8

const (
	useCells use = iota // scalars and lists are cells, the keys of objects are joined by dots
	useWhole            // an object or array is one cell, as raw JSON
	useNot              // it is passed over unread
)

// objects reads JSON objects as records. Keys are case-sensitive, twice the same key is
// an error, numbers stay as written.
type objects struct {
	head *header
	use  func(name string) use
	met  []named
	dec  jsontext.Decoder
}

type named struct {
	name string
	cell cell
}

func newObjects(use func(string) use) *objects { return &objects{head: newHeader(), use: use} }

// A keyError is about one key of an object.
type keyError struct {
	key string
	error
}

var errNoObject = errors.New(`not a JSON object; a record is {"name": value, …}`)

// text reads the object that text begins with, and tells where it ends.
func (o *objects) text(text []byte, rec *record) (end int, err error) {
	o.dec.Reset(bytes.NewBuffer(text))
	err = o.next(&o.dec, rec)
	return int(o.dec.InputOffset()), err
}

// next reads the object that comes next. A fatal error ends the reading of the file.
func (o *objects) next(dec *jsontext.Decoder, rec *record) error {
	o.met, rec.cells = o.met[:0], rec.cells[:0]
	if k := dec.PeekKind(); k != jsontext.KindBeginObject && k != jsontext.KindInvalid {
		return errNoObject
	}
	if err := o.object(dec, ""); err != nil {
		return err
	}
	for _, m := range o.met {
		at := o.head.add(m.name)
		if rec.cell(at).kind != absent {
			return keyError{m.name, errors.New("two keys lead here, one with a dot in it and one inside an object; rename one")}
		}
		rec.put(at, m.cell)
	}
	if len(o.head.names) > maxKeys {
		return fatal{fmt.Errorf("more than %d different keys so far; list the object that holds them under ignore", maxKeys)}
	}
	return nil
}

// object reads one object whose keys begin with prefix.
func (o *objects) object(dec *jsontext.Decoder, prefix string) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != jsontext.KindEndObject {
		key, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := prefix + key.String()
		switch use, kind := o.use(name), dec.PeekKind(); {
		case use == useNot:
			err = dec.SkipValue()
		case use == useCells && kind == jsontext.KindBeginObject:
			err = o.object(dec, name+".")
		default:
			var v jsontext.Value
			if v, err = dec.ReadValue(); err == nil {
				o.met = append(o.met, named{name, value(v, use)})
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// value is the cell of a value.
func value(v jsontext.Value, use use) cell {
	switch k := v.Kind(); {
	case k == jsontext.KindNull:
		return cell{kind: null}
	case k == jsontext.KindBeginObject, k == jsontext.KindBeginArray && use == useWhole:
		return cell{kind: nested, text: string(v)}
	case k == jsontext.KindBeginArray:
		return array(v)
	case k == jsontext.KindString:
		return cell{kind: text, text: scalar(v)}
	}
	return cell{kind: text, text: string(v), bare: true}
}

// scalar is a string's text; of a number or boolean, what is written.
func scalar(v jsontext.Value) string {
	if v.Kind() != jsontext.KindString {
		return string(v)
	}
	s, err := jsontext.AppendUnquote(nil, v)
	if err != nil { // the decoder has read it before
		panic(err)
	}
	return string(s)
}

// array is a list of scalars, or else nested.
func array(v jsontext.Value) cell {
	c := cell{kind: list, text: string(v), list: []string{}}
	dec := jsontext.NewDecoder(bytes.NewBuffer(v))
	if _, err := dec.ReadToken(); err != nil { // the decoder has read it before
		panic(err)
	}
	for {
		if dec.PeekKind() == jsontext.KindEndArray {
			return c
		}
		e, err := dec.ReadValue()
		if err != nil || e.Kind() == jsontext.KindBeginArray || e.Kind() == jsontext.KindBeginObject || e.Kind() == jsontext.KindNull {
			return cell{kind: nested, text: c.text}
		}
		c.list = append(c.list, scalar(e))
	}
}

// checkJSON bounds depth and elements of a text before anything of it is decoded.
func checkJSON(text []byte) error {
	if err := checkUTF8(text); err != nil {
		return err
	}
	depth, elements, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("nested more than %d deep", maxDepth)
			}
		case b == '}' || b == ']':
			depth--
		case b == ',':
			if elements++; elements > maxElements {
				return fmt.Errorf("more than %d elements in one record", maxElements)
			}
		}
	}
	return nil
}

// syntax says what is wrong in our words where we have better ones; the text that was
// decoded begins after so many bytes of what a person looks at, and ends with the end of
// a line or a file.
func syntax(err error, before int, ends string) error {
	var e *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return fmt.Errorf("unexpected end of %s; the file may be cut", ends)
	case !errors.As(err, &e):
		return err
	case e.Err == jsontext.ErrDuplicateName:
		return fmt.Errorf("duplicate key %s", excerpt(e.JSONPointer.LastToken()))
	}
	return fmt.Errorf("not JSON at byte %d: %w", before+int(e.ByteOffset)+1, e.Err)
}
