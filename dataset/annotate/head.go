package annotate

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Limits on what is looked at.
const (
	maxHead = 1 << 20  // bytes of the first line
	maxLine = 64 << 20 // of one answer
)

// A head is what a file begins with.
type head struct {
	file    string
	object  bool     // lines of JSON
	parquet bool     // a Parquet file
	keys    []string // of the first object
	columns []string // of a table, in our names where they have another
	names   []string // as they stand in the file

	separator rune
}

// look reads the first line of a file of text, which may be compressed by gzip.
func look(file string) (*head, error) {
	h := &head{file: file}
	r, done, err := text(file)
	if err != nil {
		return nil, err
	}
	defer done()
	if magic, _ := r.Peek(4); string(magic) == "PAR1" {
		h.parquet = true
		h.columns, err = foreignColumns(file)
		h.names = h.columns
		return h, err
	}
	line, err := firstLine(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if line = bytes.TrimSpace(line); len(line) > 0 && line[0] == '{' {
		h.object = true
		h.keys = keysOf(line)
		return h, nil
	}
	cells := csv.NewReader(bytes.NewReader(line))
	h.separator = separatorOf(file, line)
	cells.Comma, cells.LazyQuotes = h.separator, true
	if h.names, err = cells.Read(); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: in the header: %w", file, err)
	}
	for _, name := range h.names {
		if ours, ok := aliases[name]; ok && !slices.Contains(h.names, ours) {
			name = ours
		}
		h.columns = append(h.columns, name)
	}
	return h, nil
}

// foreignColumns lists the columns of a Parquet file.
func foreignColumns(file string) (columns []string, err error) {
	skip := func(column string) bool {
		if !strings.Contains(column, ".") {
			columns = append(columns, column)
		}
		return true
	}
	for _, err := range dataset.ForeignRows(context.Background(), file, skip) {
		var row *schema.RowError
		if err != nil && !errors.As(err, &row) {
			return nil, err
		}
		break
	}
	return columns, nil
}

// aliases are other words for columns of ours in the header of a table.
var aliases = map[string]string{
	"trajectory": "trajectory_id", "constraint": "constraint_id", "kind": "annotator_kind",
	"judge": "annotator", "rater": "annotator",
}

// has is whether all columns are there.
func (h *head) has(columns ...string) bool {
	for _, c := range columns {
		if !slices.Contains(h.columns, c) {
			return false
		}
	}
	return true
}

// theirs is the file's name for a column.
func (h *head) theirs(column string) string {
	return h.names[slices.Index(h.columns, column)]
}

// keysOf lists the keys of the object that a line begins with; as many as can be read.
func keysOf(line []byte) (keys []string) {
	dec := jsontext.NewDecoder(bytes.NewReader(line))
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	for dec.PeekKind() == jsontext.KindString {
		key, err := dec.ReadToken()
		if err != nil {
			return keys
		}
		keys = append(keys, key.String())
		if dec.SkipValue() != nil {
			return keys
		}
	}
	return keys
}

// text opens a file, and what gzip made of it.
func text(file string) (_ *bufio.Reader, done func(), _ error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s: not a regular file; name files of labels, or give a recipe for a folder", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = f.Close() }
	r := bufio.NewReaderSize(f, 1<<16)
	if first, _ := r.Peek(2); string(first) == "\x1f\x8b" {
		z, err := gzip.NewReader(r)
		if err != nil {
			done()
			return nil, nil, fmt.Errorf("read %s: %w", file, err)
		}
		r = bufio.NewReaderSize(z, 1<<16)
	}
	if first, _ := r.Peek(3); string(first) == "\xef\xbb\xbf" {
		_, _ = r.Discard(3)
	}
	return r, done, nil
}

// firstLine is the first line that is not empty, its first bytes where it is long.
func firstLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) >= maxHead, err == nil && len(bytes.TrimSpace(line)) > 0, errors.Is(err, io.EOF):
			return line, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
