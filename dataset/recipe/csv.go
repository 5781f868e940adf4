package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/righting-bench/righting/schema"
)

// A csvSource reads comma, semicolon or tab separated text with a header line, as
// RFC 4180 has it; empty lines are passed over.
type csvSource struct {
	file    string
	in      *lines
	sep     byte
	spare   bool // columns without a name and cells are let go, at the end
	head    *header
	row     int
	buf     []byte
	spans   []span
	noticed []string
}

// A span is one field inside the record's bytes.
type span struct {
	from, to int
	doubled  bool // holds doubled quotes
}

// openCSV reads the header. sep 0 is found out from it, the usual one being what
// the file's name promises.
func openCSV(file string, in *lines, sep, usual byte, spare bool) (*csvSource, error) {
	c := &csvSource{file: file, in: in, sep: sep, spare: spare, head: newHeader()}
	line, err := c.line()
	c.head.line = in.n
	if err == io.EOF {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if of, ok := bytes.CutPrefix(line, []byte("sep=")); ok && spare && isSeparator(string(of)) { // as spreadsheets say it
		c.sep, sep = of[0], of[0]
		line, err = c.line()
		c.head.line = in.n
		if err != nil {
			return nil, fmt.Errorf("%s: in the header: %w", schema.Place{File: file, Row: in.n}, err)
		}
	}
	if sep == 0 {
		c.sep = sniff(line, usual)
		if c.sep != usual {
			c.noticed = append(c.noticed, fmt.Sprintf("%s: cells are separated by %q", file, c.sep))
		}
	}
	place := schema.Place{File: file, Row: in.n}
	var ends fatal
	if err := c.split(line); errors.As(err, &ends) {
		return nil, ends.error
	} else if err != nil {
		return nil, fmt.Errorf("%s: in the header: %w", place, err)
	}
	if err := checkUTF8(c.buf); err != nil {
		return nil, fmt.Errorf("%s: in the header: %w", place, err)
	}
	if bytes.ContainsAny(c.buf, "\r\x00") {
		return nil, fmt.Errorf("%s: the header holds a CR or NUL byte; is this text, and do its lines end in LF or CR LF?", place)
	}
	c.cut(0)
	for i, name := range c.fields() {
		switch at := c.head.at(name); {
		case name == "":
			return nil, fmt.Errorf("%s: column %d of the header has no name; give it one", place, i+1)
		case at >= 0:
			return nil, fmt.Errorf("%s: columns %d and %d of the header are both named %s; rename one", place, at+1, i+1, excerpt(name))
		}
		c.head.add(name)
	}
	return c, nil
}

func (c *csvSource) header() (*header, bool) { return c.head, true }
func (c *csvSource) notices() []string       { return c.noticed }

// line is the next line that is not empty.
func (c *csvSource) line() ([]byte, error) {
	for {
		line, err := c.in.next()
		if err != nil || len(line) > 0 {
			return line, err
		}
	}
}

func (c *csvSource) next(rec *record) error {
	line, err := c.line()
	if err != nil && err != errLong {
		return err
	}
	c.row++
	rec.row, rec.line, rec.offset, rec.cells = c.row, c.in.n, c.in.start, rec.cells[:0]
	if err == nil {
		err = c.split(line)
		line = c.buf
	}
	rec.raw = line
	var ends fatal
	if errors.As(err, &ends) {
		return ends.error
	}
	if err == nil {
		err = checkUTF8(c.buf)
	}
	c.cut(len(c.head.names))
	if want := len(c.head.names); err == nil && len(c.spans) != want {
		err = fmt.Errorf("%d cells where the header has %d; quote a cell that holds the separator %q", len(c.spans), want, c.sep)
	}
	if err != nil {
		return &schema.RowError{Place: schema.Place{File: c.file, Row: rec.line}, Err: err}
	}
	for _, s := range c.fields() {
		rec.cells = append(rec.cells, cell{kind: text, text: s})
	}
	return nil
}

// cut lets go of empty cells behind those that are wanted, where they may be.
func (c *csvSource) cut(want int) {
	if !c.spare {
		return
	}
	for n := len(c.spans); n > want && c.spans[n-1].from == c.spans[n-1].to; n-- {
		c.spans = c.spans[:n-1]
	}
}

// A fatal error leaves nothing of the file to go on with.
type fatal struct{ error }

// split finds the fields of the record that begins with line, in buf and spans,
// reading further lines while a quote is open.
func (c *csvSource) split(line []byte) error {
	c.buf, c.spans = append(c.buf[:0], line...), c.spans[:0]
	for i := 0; ; i++ {
		if i < len(c.buf) && c.buf[i] == '"' {
			s, err := c.quoted(i + 1)
			if err != nil {
				return err
			}
			c.spans, i = append(c.spans, s), s.to+1
		} else {
			end := len(c.buf)
			if k := bytes.IndexByte(c.buf[i:], c.sep); k >= 0 {
				end = i + k
			}
			if bytes.IndexByte(c.buf[i:end], '"') >= 0 {
				return fmt.Errorf("cell %d has a quote inside; quote the whole cell and double the quotes in it", len(c.spans)+1)
			}
			c.spans, i = append(c.spans, span{from: i, to: end}), end
		}
		if i >= len(c.buf) {
			return nil
		}
		if c.buf[i] != c.sep {
			return fmt.Errorf("cell %d goes on after its closing quote; double the quotes inside it", len(c.spans))
		}
	}
}

// quoted is the field whose opening quote stands before from.
func (c *csvSource) quoted(from int) (span, error) {
	s, opened := span{from: from}, c.in.n
	for at := from; ; {
		k := bytes.IndexByte(c.buf[at:], '"')
		if k < 0 {
			at = len(c.buf)
			more, err := c.in.next()
			if err == io.EOF || err == errLong || err == nil && len(c.buf)+len(more) >= maxRecord {
				return s, fatal{fmt.Errorf("%s: a quote opens here and never closes; close it, or double it inside a quoted cell", schema.Place{File: c.file, Row: opened})}
			}
			if err != nil {
				return s, fatal{err}
			}
			c.buf = append(append(c.buf, '\n'), more...)
			continue
		}
		at += k + 1
		if at == len(c.buf) || c.buf[at] != '"' {
			s.to = at - 1
			return s, nil
		}
		s.doubled = true
		at++
	}
}

// fields yields the texts of the record that was split, by position.
func (c *csvSource) fields() func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		all := string(c.buf)
		for i, s := range c.spans {
			f := all[s.from:s.to]
			if s.doubled {
				f = strings.ReplaceAll(f, `""`, `"`)
			}
			if !yield(i, f) {
				return
			}
		}
	}
}

// sniff is the separator that the header holds most of; in doubt the usual one.
func sniff(head []byte, usual byte) byte {
	best, most := usual, 0
	for _, sep := range []byte{usual, ',', ';', '\t'} {
		n, quoted := 0, false
		for _, b := range head {
			switch {
			case b == '"':
				quoted = !quoted
			case b == sep && !quoted:
				n++
			}
		}
		if n > most {
			best, most = sep, n
		}
	}
	return best
}

// isSeparator is whether s can separate cells.
func isSeparator(s string) bool {
	return len(s) == 1 && s[0] < utf8.RuneSelf && s[0] != '"' && s[0] != '\n' && s[0] != '\r'
}
