package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Limits of one record, and of what is kept of a longer one.
const (
	maxRecord = 64 << 20
	maxRaw    = 4 << 10
)

// A scan looks for the end of a JSON value, as far as that needs to know JSON.
type scan struct {
	layout  layout
	depth   int
	quoted  bool
	escaped bool
}

// find goes on with data. The record ends before end, and the next begins at next; last
// tells that it was an array's last. Not ok means that its end is behind data.
func (s *scan) find(data []byte) (end, next int, last, ok bool) {
	if s.layout == lines {
		i := bytes.IndexByte(data, '\n')
		return i, i + 1, false, i >= 0
	}
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case s.escaped:
			s.escaped = false
		case s.quoted:
			for i < len(data) && data[i] != '"' && data[i] != '\\' {
				i++
			}
			if i < len(data) {
				s.quoted, s.escaped = data[i] == '\\', data[i] == '\\'
			}
		case c == '"':
			s.quoted = true
		case c == '{' || c == '[':
			s.depth++
		case s.layout.listed() && s.depth == 0 && (c == ',' || c == ']'):
			return i, i + 1, c == ']', true
		case c == '}' || c == ']':
			s.depth = max(0, s.depth-1)
			if s.layout == values && s.depth == 0 {
				return i + 1, i + 1, false, true
			}
		}
	}
	return 0, 0, false, false
}

// A splitter cuts a stream of JSON values into pieces at their ends, so that what a
// piece holds depends on the stream's bytes alone.
type splitter struct {
	*source
	r      io.Reader
	chunk  int                // bytes of a piece, unless one record is longer
	limit  int                // bytes of a record
	buffer func(n int) []byte // of at least n bytes
	free   func([]byte)

	at     position // of the next piece
	before int64    // bytes before the first one
	inside bool     // the array's bracket was read
	closed bool     // and its other one
	rest   []byte   // read already
	eof    bool
}

// pieces cuts what is left of the stream. An error is always last.
func (s *splitter) pieces(yield func(piece, error) bool) {
	for {
		p, err := s.next()
		if err != nil {
			err = fmt.Errorf("read %s: %w", s.name, s.changed(err))
		}
		if !yield(p, err) || err != nil || p.last {
			return
		}
	}
}

// next is the next piece; the last one may be empty.
func (s *splitter) next() (piece, error) {
	buf := s.buffer(max(s.chunk, len(s.rest)))
	n := copy(buf, s.rest)
	s.rest = nil
	j := &jsonPiece{source: s.source, at: s.at}
	find, whole := scan{layout: s.layout}, 0
	for looked := 0; ; {
		if err := s.fill(buf, &n); err != nil {
			return piece{}, err
		}
		if s.layout.listed() && !s.inside && !s.listless {
			looked = bytes.IndexByte(buf[:n], '[') + 1
			s.inside = looked > 0
			whole, j.skip = looked, looked
		}
		for !s.closed && (s.inside || !s.layout.listed()) {
			_, next, last, ok := find.find(buf[looked:n])
			if !ok {
				looked = n
				break
			}
			looked += next
			whole, s.closed, find = looked, last, scan{layout: s.layout}
			s.at.Row++
		}
		if whole > j.skip || s.eof || s.closed || s.listless {
			break
		}
		if n >= s.limit {
			return s.long(j, buf, n, find)
		}
		more := s.buffer(min(2*len(buf), s.limit))
		copy(more, buf[:n])
		s.free(buf)
		buf = more
	}
	if s.listless {
		for !s.eof {
			more := make([]byte, 1<<16)
			m := 0
			if err := s.fill(more, &m); err != nil {
				return piece{}, err
			}
			n += m
		}
		return s.piece(j, n, buf), nil
	}
	if s.eof && !s.closed && whole < n {
		whole = n
		s.at.Row++
	}
	if s.closed {
		if err := s.end(j, buf, &n, whole); err != nil {
			return piece{}, err
		}
	} else {
		s.rest = bytes.Clone(buf[whole:n])
		n = whole
	}
	if s.layout == inside {
		j.tail = nil
	}
	j.unclosed = s.eof && s.layout.listed() && !s.closed
	j.data = buf[:whole]
	return s.piece(j, n, buf), nil
}

// fill reads until the buffer is full or the stream at its end.
func (s *splitter) fill(buf []byte, n *int) error {
	for !s.eof && *n < len(buf) {
		m, err := s.r.Read(buf[*n:])
		*n += m
		if errors.Is(err, io.EOF) {
			s.eof = true
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// long passes over a record that is longer than the limit.
func (s *splitter) long(j *jsonPiece, buf []byte, n int, find scan) (piece, error) {
	j.long = bytes.Clone(buf[:min(n, maxRaw)])
	s.at.Row++
	size := n
	for {
		n = 0
		if err := s.fill(buf, &n); err != nil {
			return piece{}, err
		}
		_, next, last, ok := find.find(buf[:n])
		if ok || s.eof {
			if !ok {
				next = n
			}
			s.closed, s.rest = last, bytes.Clone(buf[next:n])
			return s.piece(j, size+next, buf), nil
		}
		size += n
	}
}

// end looks for what is behind an array.
func (s *splitter) end(j *jsonPiece, buf []byte, n *int, whole int) error {
	look := func(more []byte) {
		if len(j.tail) == 0 {
			blank := len(more) - len(bytes.TrimLeft(more, " \t\r\n"))
			j.behind, more = j.behind+blank, more[blank:]
		}
		j.tail = append(j.tail, more[:min(len(more), maxRaw-len(j.tail))]...)
	}
	j.behind = whole
	look(buf[whole:*n])
	more := make([]byte, 1<<16)
	for !s.eof {
		m := 0
		if err := s.fill(more, &m); err != nil {
			return err
		}
		*n += m
		look(more[:m])
	}
	return nil
}

// piece hands over j, which stands for size bytes.
func (s *splitter) piece(j *jsonPiece, size int, buf []byte) piece {
	s.at.Offset += int64(size)
	before := s.before
	s.before = 0
	if len(j.data) < len(buf)/4 { // the end of a small file must not hold a large buffer
		j.data = bytes.Clone(j.data)
		s.free(buf)
		buf = nil
	}
	return piece{
		source: s.source, size: int64(size) + before, next: s.at, last: s.eof && len(s.rest) == 0,
		read: j.read, free: func() { s.free(buf) },
	}
}
