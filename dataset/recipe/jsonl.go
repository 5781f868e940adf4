package recipe

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/righting-bench/righting/schema"
)

// A jsonlSource reads JSON objects, one a line.
type jsonlSource struct {
	*objects
	file    string
	in      *lines
	row     int
	line    []byte // the rest of the current one
	column  int    // bytes of it that were read
	begun   bool   // a record of it was
	noticed []string
}

func openJSONL(file string, in *lines, use func(string) use) *jsonlSource {
	return &jsonlSource{file: file, in: in, objects: newObjects(use)}
}

func (j *jsonlSource) header() (*header, bool) { return j.head, false }
func (j *jsonlSource) notices() []string       { return j.noticed }

func (j *jsonlSource) next(rec *record) error {
	for j.trim() == 0 {
		line, err := j.in.next()
		if err != nil && err != errLong {
			return err
		}
		j.line, j.column, j.begun = line, 0, false
		if err == nil {
			err = checkJSON(line)
		}
		if err != nil {
			return j.reject(rec, err)
		}
		if bytes.Contains(line, []byte("}\r")) {
			return fmt.Errorf("%s: lines end in CR alone; rewrite the file with LF", schema.Place{File: j.file, Row: j.in.n})
		}
	}
	if j.begun && len(j.noticed) == 0 {
		j.noticed = append(j.noticed, fmt.Sprintf("%s: several objects on a line, read as several records (here at byte %d)",
			schema.Place{File: j.file, Row: j.in.n}, j.column+1))
	}
	end, err := j.text(j.line, rec)
	if err != nil {
		return j.reject(rec, syntax(err, j.column, "line"))
	}
	j.take(rec, end)
	return nil
}

// trim passes over blanks, and tells how many bytes of the line are left.
func (j *jsonlSource) trim() int {
	n := len(j.line)
	j.line = bytes.TrimLeft(j.line, " \t\r")
	j.column += n - len(j.line)
	return len(j.line)
}

// take gives rec the next n bytes of the line.
func (j *jsonlSource) take(rec *record, n int) {
	j.row++
	rec.row, rec.line, rec.offset, rec.raw = j.row, j.in.n, j.in.start+int64(j.column), j.line[:n]
	j.line, j.column, j.begun = j.line[n:], j.column+n, true
}

// reject gives up the rest of the line.
func (j *jsonlSource) reject(rec *record, why error) error {
	j.take(rec, len(j.line))
	return unreadable(j.file, rec, why)
}

// unreadable rejects a record that gives no cells; a fatal error stays one.
func unreadable(file string, rec *record, why error) error {
	rec.cells = rec.cells[:0]
	place := schema.Place{File: file, Row: rec.line}
	var ends fatal
	if errors.As(why, &ends) {
		return fmt.Errorf("%s: %w", place, ends.error)
	}
	var key keyError
	if errors.As(why, &key) {
		place.Field, why = key.key, key.error
	}
	return &schema.RowError{Place: place, Err: why}
}
