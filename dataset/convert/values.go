package convert

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// A jsonPiece is JSON values on their own in memory.
type jsonPiece struct {
	source   *source
	at       position // of data
	data     []byte
	skip     int    // bytes of data before the first record
	lost     []lost // rows that are no JSON; their lines are empty
	long     []byte // instead of data: the beginning of a record that is too long
	tail     []byte // the beginning of what is behind an array
	behind   int    // where it is, from the beginning of data
	unclosed bool   // an array that does not end
}

// errLong: a record above maxRecord.
var errLong = fmt.Errorf("longer than %d MiB; is a line end or a closing quote missing?", maxRecord>>20)

// read gives the sink every value.
func (j *jsonPiece) read(s *sink) error {
	row := j.at.Row
	if j.long != nil {
		s.result.Read++
		s.reject(schema.Place{File: j.source.name, Row: row + 1}, j.at.Offset, j.long, errLong)
	}
	lost := j.lost
	for at := j.skip; at < len(j.data); {
		find := scan{layout: j.source.layout}
		end, next, last, ok := find.find(j.data[at:])
		if !ok {
			end, next = len(j.data)-at, len(j.data)-at
		}
		row++
		r := s.record(schema.Place{File: j.source.name, Row: row})
		r.line = j.data[at : at+end]
		offset := j.at.Offset + int64(at)
		if j.source.parquet {
			offset = 0
		}
		at += next
		if err := s.ctx.Err(); err != nil {
			return err
		}
		switch blank := len(bytes.TrimSpace(r.line)) == 0; {
		case !blank:
			if err := j.values(s, r, offset); err != nil {
				return err
			}
		case len(lost) > 0 && lost[0].row == row:
			s.result.Read++
			s.reject(r.place, 0, lost[0].raw, lost[0].why)
			lost = lost[1:]
		case j.source.layout.listed() && !(last && row == 1) && ok:
			s.result.Read++
			s.reject(r.place, offset, nil, errors.New("nothing between two commas, or behind the last"))
		}
	}
	switch {
	case j.unclosed:
		s.note(j.source.name, row, "the list does not end; the file may be cut")
	case len(j.tail) > 0:
		s.result.Read++
		s.reject(schema.Place{File: j.source.name, Row: row + 1}, j.at.Offset+int64(j.behind), j.tail, errors.New("behind the end of the list"))
	}
	return nil
}

// values reads what is on a line: one value, as a rule.
func (j *jsonPiece) values(s *sink, r *record, offset int64) error {
	for n := 1; ; n++ {
		rest := bytes.TrimLeft(r.line, " \t\r\n")
		gap := r.line[:len(r.line)-len(rest)]
		if len(rest) == 0 {
			return nil
		}
		if n > 1 {
			if bytes.ContainsRune(gap, '\r') {
				return fmt.Errorf("%s: lines end in CR alone; rewrite the file with LF", r.place)
			}
			s.note(j.source.name, r.place.Row, "several values on one line, each read as a record")
		}
		offset += int64(len(gap))
		r.line, r.offset = rest, offset
		size, why := s.value(r, n)
		s.result.Read++
		switch {
		case why == nil:
			s.result.Written++
		case errors.Is(why, errSkip):
			s.result.Skipped++
		case s.failed != nil:
			return s.failed
		default:
			s.reject(r.place, offset, rest[:size], why)
		}
		r.line, offset = rest[size:], offset+int64(size)
	}
}

// value reads the first value of the record's line into a row, and tells how long it
// is; what cannot be read is the whole line. n is its number there.
func (s *sink) value(r *record, n int) (size int, why error) {
	if !s.run.ReplaceUTF8 {
		if err := checkUTF8(r.line); err != nil {
			return len(r.line), err
		}
	}
	if err := checkSize(r.line); err != nil {
		return len(r.line), err
	}
	r.dec.Reset(bytes.NewBuffer(r.line))
	err := s.draft(r, n)
	var bad *jsontext.SyntacticError
	if errors.As(err, &bad) {
		if line, words := finite(r.line); len(words) > 0 {
			r.line = line
			size, why = s.value(r, n)
			n, size := before(words, size)
			s.result.notes.add(note{"NaN or Infinity instead of a number, read as null", r.place, n})
			return size, why
		}
	}
	if bad != nil && s.run.ReplaceUTF8 {
		r.dec.Reset(bytes.NewBuffer(r.line), jsontext.AllowInvalidUTF8(true))
		if again := s.draft(r, n); !errors.As(again, &bad) {
			s.note(r.place.File, r.place.Row, "invalid UTF-8 was replaced")
			err = again
		}
	}
	var f *fault
	if !errors.As(err, &f) && !errors.Is(err, errSkip) {
		if err != nil {
			return len(r.line), r.syntax(err)
		}
		if s.gather != nil {
			return int(r.dec.InputOffset()), nil
		}
		return int(r.dec.InputOffset()), s.take(r)
	}
	if broken := r.leave(); broken != nil {
		return len(r.line), r.syntax(broken)
	}
	return int(r.dec.InputOffset()), err
}

// draft reads the value into the sink's draft.
func (s *sink) draft(r *record, n int) error {
	if s.gather != nil {
		return s.gather.value(r)
	}
	s.blank.reset(r.place.Row, n)
	return s.run.format.value(r, &s.blank)
}
