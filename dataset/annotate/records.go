package annotate

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

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

// locate finds the records with these numbers as a recipe counts them: a record is a
// line that is not empty, and those after it while a quoted cell is open.
func (h *head) locate(rows map[int]*origin) error {
	r, done, err := text(h.file)
	if err != nil {
		return err
	}
	defer done()
	lines := &lineReader{r: r}
	open, number, row := false, 0, -1 // the header is row 0
	var from *origin
	for {
		offset := lines.offset
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errLong) {
			return err
		}
		number++
		switch {
		case open && from != nil:
			from.raw = append(append(from.raw, '\n'), line...)
		case open || len(line) == 0:
		default:
			row++
			from = nil
			if _, ok := rows[row]; ok {
				from = &origin{file: h.file, row: number, offset: offset, raw: bytes.Clone(line)}
				rows[row] = from
			}
		}
		if len(line) > 0 || open {
			open = quoteOpen(line, byte(h.separator), open)
		}
	}
}

// quoteOpen is whether a quoted cell is open at the end of a line.
func quoteOpen(line []byte, sep byte, open bool) bool {
	for i := 0; ; {
		if !open && i < len(line) && line[i] == '"' {
			open = true
			i++
		}
		if open {
			for {
				k := bytes.IndexByte(line[i:], '"')
				if k < 0 {
					return true
				}
				if i += k + 1; i == len(line) || line[i] != '"' {
					break
				}
				i++
			}
			open = false
			if i == len(line) || line[i] != sep {
				return false
			}
			i++
			continue
		}
		k := bytes.IndexByte(line[i:], sep)
		if k < 0 || bytes.IndexByte(line[i:i+k], '"') >= 0 {
			return false
		}
		i += k + 1
	}
}

// separatorOf is what the header holds most of, as a recipe finds it out.
func separatorOf(file string, line []byte) rune {
	usual := byte(',')
	if strings.HasSuffix(path.Ext(strings.TrimSuffix(strings.ToLower(file), ".gz")), ".tsv") {
		usual = '\t'
	}
	best, most := usual, 0
	for _, sep := range []byte{usual, ',', ';', '\t'} {
		n, quoted := 0, false
		for _, b := range line {
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
	return rune(best)
}
