package recipe

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// kind is what a cell holds.
type kind uint8

const (
	absent kind = iota // the record has no such cell
	null               // JSON null
	text               // a text, number or boolean, as written
	list               // a JSON array of those; text is the raw JSON
	nested             // any other JSON array, or an object that is taken whole, as raw JSON
)

// A cell is one value of a source record, as written.
type cell struct {
	kind kind
	text string
	bare bool // a JSON number or boolean, which stands without quotes
	list []string
	from *origin // of a pivoted cell; nil = its record's own
}

// An origin is where a record stood in its file.
type origin struct {
	line   int    // on which it starts
	offset int64  // of its first byte, after decompression
	raw    []byte // the record, at most maxRaw of it where it is too long
}

// A record is one source record: the cells of all names in the file's header.
type record struct {
	origin
	row   int    // 1-based among the file's data rows
	cells []cell // by position in the header; may be shorter
}

// cell is the one at that position of the header.
func (r *record) cell(at int) cell {
	if at < 0 || at >= len(r.cells) {
		return cell{}
	}
	return r.cells[at]
}

// put sets the cell at that position.
func (r *record) put(at int, c cell) {
	if n := at + 1 - len(r.cells); n > 0 {
		r.cells = append(r.cells, make([]cell, n)...)
	}
	r.cells[at] = c
}

// keep is a copy that outlives the next record; own bytes, shared texts.
func (o origin) keep() *origin {
	o.raw = slices.Clone(o.raw)
	return &o
}

// A header is the names of a file's cells. It is whole before the first record of a
// CSV and grows with the keys that a JSONL shows.
type header struct {
	line  int // on which it stands, 0 = nowhere
	names []string
	index map[string]int
}

func newHeader() *header { return &header{index: map[string]int{}} }

// at is the position of the name, -1 if the file has none such.
func (h *header) at(name string) int {
	if i, ok := h.index[name]; ok {
		return i
	}
	return -1
}

// add is the position of the name, which is new if it was not there.
func (h *header) add(name string) int {
	i, ok := h.index[name]
	if !ok {
		i = len(h.names)
		h.names = append(h.names, name)
		h.index[name] = i
	}
	return i
}

// A source yields the records of one file.
type source interface {
	// header is the names met so far; whole tells that there will be no others.
	header() (h *header, whole bool)
	// next fills rec, which holds until the call after. A *schema.RowError says that
	// this record cannot be read, with rec's origin set; io.EOF ends the file; any other
	// error ends the reading.
	next(rec *record) error
	// notices is what a person should know of the file.
	notices() []string
}

// excerpt quotes a value for a message, cut to 80 bytes.
func excerpt(s string) string {
	const most = 80
	if len(s) <= most {
		return strconv.Quote(s)
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strconv.Quote(s[:n]) + "…"
}
