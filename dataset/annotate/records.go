package annotate

import (
	"bytes"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A held reject waits until it is known where in its file its record stands, of which
// so far only the number is.
type held struct {
	row int // among the data rows, from 1
	why error
}

// release finds the records of the rejects that are held, which are in the order of the
// file or of a pivot's groups, and passes them on as they came.
func (j *join) release(h *head, all []held) error {
	if len(all) == 0 {
		return nil
	}
	wanted := map[int]*origin{}
	for _, e := range all {
		wanted[e.row] = nil
	}
	if err := h.locate(wanted); err != nil {
		return err
	}
	for _, e := range all {
		from := wanted[e.row]
		if from == nil { // the file changed since
			from = &origin{file: h.file}
		}
		reject := dataset.Reject{
			RowError: schema.RowError{Place: from.place(columnOf(e.why)), Err: e.why}, Offset: from.offset, Raw: from.raw,
		}
		if err := j.refuse(reject); err != nil {
			return err
		}
	}
	return nil
}

// locate finds the records with these numbers.
func (h *head) locate(rows map[int]*origin) error {
	n := 0
	for row, err := range h.table.Rows {
		if err != nil && row.Line == 0 {
			return err
		}
		n++
		if _, ok := rows[n]; ok {
			rows[n] = &origin{file: h.file, row: row.Line, offset: row.Offset, raw: bytes.Clone(row.Raw)}
		}
	}
	return nil
}
