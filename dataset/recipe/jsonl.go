package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// Limits on one JSON record, and on the keys of a file.
const (
	maxDepth    = 256
	maxElements = 100_000
	maxKeys     = 4_096
)

// A jsonSource reads JSON objects, one a line. Keys are case-sensitive, twice the same
// key is an error, numbers stay as written. The keys of an inner object are joined by
// dots; what is ignored is passed over unread.
type jsonSource struct {
	file    string
	in      *lines
	ignored func(name string) bool
	head    *header
	row     int
	line    []byte // the rest of the current one
	column  int    // bytes of it that were read
	begun   bool   // a record of it was
	met     []named
	dec     jsontext.Decoder
	noticed []string
}

type named struct {
	name string
	cell cell
}

func openJSONL(file string, in *lines, ignored func(string) bool) *jsonSource {
	return &jsonSource{file: file, in: in, ignored: ignored, head: newHeader()}
}

func (j *jsonSource) header() (*header, bool) { return j.head, false }
func (j *jsonSource) notices() []string       { return j.noticed }

func (j *jsonSource) next(rec *record) error {
	for j.trim() == 0 {
		line, err := j.in.next()
		if err != nil && err != errLong {
			return err
		}
		j.line, j.column, j.begun = line, 0, false
		if err == nil {
			err = checkLine(line)
		}
		if err != nil {
			return j.reject(rec, "", err)
		}
		if bytes.Contains(line, []byte("}\r")) {
			return fmt.Errorf("%s: lines end in CR alone; rewrite the file with LF", schema.Place{File: j.file, Row: j.in.n})
		}
	}
	if j.begun && len(j.noticed) == 0 {
		j.noticed = append(j.noticed, fmt.Sprintf("%s: several objects on a line, read as several records (here at byte %d)",
			schema.Place{File: j.file, Row: j.in.n}, j.column+1))
	}
	j.dec.Reset(bytes.NewBuffer(j.line))
	j.met = j.met[:0]
	if k := j.dec.PeekKind(); k != jsontext.KindBeginObject && k != jsontext.KindInvalid {
		return j.reject(rec, "", errors.New(`not a JSON object; a record is {"name": value, …}`))
	}
	if err := j.object(""); err != nil {
		return j.reject(rec, "", j.syntax(err))
	}
	rec.cells = rec.cells[:0]
	for _, m := range j.met {
		at := j.head.add(m.name)
		if rec.cell(at).kind != absent {
			return j.reject(rec, m.name, errors.New("two keys lead here, one with a dot in it and one inside an object; rename one"))
		}
		rec.put(at, m.cell)
	}
	j.take(rec, int(j.dec.InputOffset()))
	if len(j.head.names) > maxKeys {
		return fmt.Errorf("%s: more than %d different keys so far; list the object that holds them under ignore", schema.Place{File: j.file, Row: rec.line}, maxKeys)
	}
	return nil
}

// trim passes over blanks, and tells how many bytes of the line are left.
func (j *jsonSource) trim() int {
	n := len(j.line)
	j.line = bytes.TrimLeft(j.line, " \t\r")
	j.column += n - len(j.line)
	return len(j.line)
}

// take gives rec the next n bytes of the line.
func (j *jsonSource) take(rec *record, n int) {
	j.row++
	rec.row, rec.line, rec.offset, rec.raw = j.row, j.in.n, j.in.start+int64(j.column), j.line[:n]
	j.line, j.column, j.begun = j.line[n:], j.column+n, true
}

// reject gives up the rest of the line.
func (j *jsonSource) reject(rec *record, field string, why error) error {
	j.take(rec, len(j.line))
	rec.cells = rec.cells[:0]
	return &schema.RowError{Place: schema.Place{File: j.file, Row: rec.line, Field: field}, Err: why}
}

// object reads one object whose keys begin with prefix.
func (j *jsonSource) object(prefix string) error {
	if _, err := j.dec.ReadToken(); err != nil {
		return err
	}
	for j.dec.PeekKind() != jsontext.KindEndObject {
		key, err := j.dec.ReadToken()
		if err != nil {
			return err
		}
		name := prefix + key.String()
		switch {
		case j.ignored(name):
			err = j.dec.SkipValue()
		case j.dec.PeekKind() == jsontext.KindBeginObject:
			err = j.object(name + ".")
		default:
			var v jsontext.Value
			if v, err = j.dec.ReadValue(); err == nil {
				j.met = append(j.met, named{name, value(v)})
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := j.dec.ReadToken()
	return err
}

// value is the cell of anything but an object.
func value(v jsontext.Value) cell {
	switch v.Kind() {
	case jsontext.KindNull:
		return cell{kind: null}
	case jsontext.KindBeginArray:
		return array(v)
	}
	return cell{kind: text, text: scalar(v)}
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
	c := cell{kind: list, list: []string{}}
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
			return cell{kind: nested, text: string(v)}
		}
		c.list = append(c.list, scalar(e))
	}
}

// checkLine bounds depth and elements before anything is decoded.
func checkLine(line []byte) error {
	if err := checkUTF8(line); err != nil {
		return err
	}
	depth, elements, quoted := 0, 0, false
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
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

// syntax says what is wrong in our words where we have better ones.
func (j *jsonSource) syntax(err error) error {
	var e *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return errors.New("unexpected end of line; the file may be cut")
	case !errors.As(err, &e):
		return err
	case e.Err == jsontext.ErrDuplicateName:
		return fmt.Errorf("duplicate key %s", excerpt(e.JSONPointer.LastToken()))
	}
	return fmt.Errorf("not JSON at byte %d: %w", j.column+int(e.ByteOffset)+1, e.Err)
}
