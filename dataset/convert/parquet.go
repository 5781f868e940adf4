package convert

import (
	"bytes"
	"context"
	"errors"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// peekRows puts a Parquet file's first rows in the place of its first bytes, each as an
// object on a line: they are read as JSON is, and known as it is.
func (s *source) peekRows() error {
	s.head, s.parquet = nil, true
	n := 0
	for row, err := range dataset.ForeignRows(context.Background(), s.name, nil) {
		var bad *schema.RowError
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		s.head = append(append(s.head, row...), '\n')
		if n++; n == headRows || len(s.head) >= headBytes {
			break
		}
	}
	return nil
}

// rows cuts a Parquet file into pieces of rows, from a row on. Where they are in the file
// is not told: their offset is 0.
func (s *source) rows(r *run, from position) func(func(piece, error) bool) {
	return func(yield func(piece, error) bool) {
		j := &jsonPiece{source: s, at: from}
		at := 0
		hand := func(last bool) bool {
			done := j
			p := piece{source: s, size: int64(len(j.data)), next: position{Row: at}, last: last, read: done.read, free: func() {}}
			j = &jsonPiece{source: s, at: p.next}
			return yield(p, nil)
		}
		for row, err := range dataset.ForeignRows(context.Background(), s.name, nil) {
			var bad *schema.RowError
			if err != nil && !errors.As(err, &bad) {
				yield(piece{}, s.changed(err))
				return
			}
			if at++; at <= from.Row {
				continue
			}
			switch {
			case bad != nil:
				j.reject(at, row, &fault{bad.Field, bad.Err})
			case len(row) > r.limit:
				j.reject(at, row[:maxRaw], errLong)
			default:
				j.data = append(append(j.data, row...), '\n')
			}
			if len(j.data) >= r.chunk && !hand(false) {
				return
			}
		}
		hand(true)
	}
}

// A lost row is one that is no JSON.
type lost struct {
	row int
	raw []byte
	why error
}

// reject keeps a row's place with an empty line.
func (j *jsonPiece) reject(row int, raw []byte, why error) {
	j.data = append(j.data, '\n')
	j.lost = append(j.lost, lost{row, bytes.Clone(raw[:min(len(raw), maxRaw)]), why})
}
