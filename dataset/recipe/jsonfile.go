package recipe

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A jsonSource reads the objects of a JSON file: the elements of one array, or one
// object after the other. Only one of them is in memory.
type jsonSource struct {
	*objects
	file   string
	r      *bufio.Reader
	line   int   // of the byte that comes next, from 1
	offset int64 // of it
	row    int
	state  jsonState
	buf    []byte
	long   bool // the value in buf is longer than what is kept of it
}

type jsonState uint8

const (
	atStart jsonState = iota
	inArray
	inStream // values without an array around them
	atEnd
)

func openJSON(file string, r *bufio.Reader, use func(string) use) *jsonSource {
	return &jsonSource{objects: newObjects(use), file: file, r: r, line: 1}
}

func (j *jsonSource) header() (*header, bool) { return j.head, false }
func (j *jsonSource) notices() []string       { return nil }

func (j *jsonSource) next(rec *record) error {
	c, err := j.begin()
	if err != nil {
		return j.broken(rec, err)
	}
	j.row++
	j.buf, j.long = j.buf[:0], false
	rec.row, rec.line, rec.offset, rec.cells = j.row, j.line, j.offset, rec.cells[:0]
	err = j.value(c)
	rec.raw = j.buf
	switch {
	case err == io.EOF:
		j.state = atEnd
		return unreadable(j.file, rec, syntax(err, 0, "file"))
	case err != nil:
		return err
	case j.long:
		return unreadable(j.file, rec, errLong)
	}
	if err := checkJSON(j.buf); err != nil {
		return unreadable(j.file, rec, err)
	}
	end, err := j.text(j.buf, rec)
	if err == nil && end < len(j.buf) {
		err = errNoObject
	}
	if err != nil {
		return unreadable(j.file, rec, syntax(err, 0, "file"))
	}
	return nil
}

// A brokenError says that the file cannot be followed from here.
type brokenError struct{ error }

// broken rejects the rest of the file, unless it ended as it should.
func (j *jsonSource) broken(rec *record, err error) error {
	var b brokenError
	if !errors.As(err, &b) {
		return err
	}
	j.row++
	j.state = atEnd
	rec.row, rec.line, rec.offset, rec.raw = j.row, j.line, j.offset, nil
	return unreadable(j.file, rec, b.error)
}

// begin passes over what stands before the next value, and is its first byte, which is
// not yet read; io.EOF is the file's proper end.
func (j *jsonSource) begin() (byte, error) {
	if j.state == atEnd {
		return 0, io.EOF
	}
	c, err := j.peek()
	switch {
	case j.state == atStart && err == nil && c == '[':
		j.state = inArray
		j.skip()
		if c, err = j.peek(); err == nil && c == ']' {
			return 0, j.close()
		}
	case j.state == atStart:
		j.state = inStream
	case j.state == inArray && err == nil && c == ',':
		j.skip()
		c, err = j.peek()
	case j.state == inArray && err == nil && c == ']':
		return 0, j.close()
	case j.state == inArray && err == nil:
		return 0, brokenError{fmt.Errorf("not JSON: %q where a comma or ] belongs", c)}
	}
	switch {
	case err == io.EOF && j.state == inArray:
		return 0, brokenError{errors.New("unexpected end of file; the file may be cut")}
	case err == nil && j.state == inArray && (c == ',' || c == ']' || c == '}'):
		return 0, brokenError{fmt.Errorf("not JSON: %q where a value belongs", c)}
	}
	return c, err
}

// close reads to the end after the array; io.EOF if there is nothing more.
func (j *jsonSource) close() error {
	j.skip()
	j.state = atEnd
	c, err := j.peek()
	if err == nil {
		return brokenError{fmt.Errorf("not JSON: %q after the array's end", c)}
	}
	return err
}

// peek is the next byte that is not blank.
func (j *jsonSource) peek() (byte, error) {
	for {
		b, err := j.r.Peek(1)
		if err != nil {
			if err != io.EOF {
				err = fmt.Errorf("read %s: %w", j.file, err)
			}
			return 0, err
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			j.skip()
		default:
			return b[0], nil
		}
	}
}

// skip reads the byte that was peeked at.
func (j *jsonSource) skip() {
	if b, err := j.r.ReadByte(); err == nil {
		j.count(b)
	}
}

func (j *jsonSource) count(b byte) {
	j.offset++
	if b == '\n' {
		j.line++
	}
}

// value reads the value that begins with c into buf, to the bracket that closes it, or
// to the next comma, bracket or blank if there is none. io.EOF: the file ends in it.
func (j *jsonSource) value(c byte) error {
	depth, quoted, escaped := 0, false, false
	bracketed := c == '{' || c == '['
	for {
		b, err := j.r.ReadByte()
		if err != nil {
			if err == io.EOF && !bracketed && !quoted {
				return nil
			}
			if err != io.EOF {
				err = fmt.Errorf("read %s: %w", j.file, err)
			}
			return err
		}
		if end := !bracketed && !quoted && (b == ',' || b == ']' || b == '}' || b == '{' || b == '[' || b <= ' '); end && len(j.buf) > 0 {
			return j.r.UnreadByte()
		}
		j.count(b)
		j.keep(b)
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			if depth--; depth <= 0 && bracketed {
				return nil
			}
		}
	}
}

func (j *jsonSource) keep(b byte) {
	switch {
	case j.long:
	case len(j.buf) >= maxRecord:
		j.buf, j.long = j.buf[:maxRaw], true
	default:
		j.buf = append(j.buf, b)
	}
}
