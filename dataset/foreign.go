package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// foreignBatch is how many rows are read at once.
const foreignBatch = 16

// ForeignRows yields the rows of a Parquet file of any schema in file order, each as the
// text of one JSON object, which holds until the next.
//
// Structs are objects, lists of every shape arrays, maps arrays of {key, value}. Whole
// and decimal numbers keep their digits, NaN is null, for that is how pandas writes
// nothing; dates and times are texts as RFC 3339 has them, those without a zone without
// the Z; UUIDs are texts, and so are bytes that are UTF-8. A column for whose path
// (outer.inner, without the names of lists' inner parts) skip is true is left out; skip
// may be nil.
//
// A *schema.RowError, with an object in which only the column at fault is null, says
// that this row has bytes or numbers that JSON cannot hold; reading goes on after it.
// Any other error is last: fs.ErrNotExist, ErrCorrupt, or ctx.Err().
func ForeignRows(ctx context.Context, file string, skip func(column string) bool) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r, err := openForeign(file, skip)
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.close()
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			text, err := r.next()
			if err == io.EOF {
				return
			}
			var bad *schema.RowError
			if !yield(text, err) || err != nil && !errors.As(err, &bad) {
				return
			}
		}
	}
}

// A foreignReader reads one file.
type foreignReader struct {
	file  *parquetFile
	info  os.FileInfo
	shape *shape
	group int // row groups begun
	rows  parquet.Rows
	batch []parquet.Row
	at, n int // in batch
	read  int64
	cols  [][]parquet.Value
	out   foreignText
}

func openForeign(path string, skip func(string) bool) (*foreignReader, error) {
	if skip == nil {
		skip = func(string) bool { return false }
	}
	file, err := openParquet(path, nil)
	if err != nil {
		return nil, err
	}
	r := &foreignReader{file: file, batch: make([]parquet.Row, foreignBatch)}
	err = guarded(func() (err error) {
		leaves := 0
		r.shape = shapeOf(file.Root(), "", skip, &leaves)
		r.cols = make([][]parquet.Value, leaves)
		r.info, err = file.f.Stat()
		return err
	})
	if err != nil {
		_ = file.Close()
		return nil, file.corrupt(err)
	}
	return r, nil
}

// next is the next row's text.
func (r *foreignReader) next() (text []byte, err error) {
	err = guarded(func() error {
		if r.at == r.n {
			if err := r.fill(); err != nil {
				return err
			}
		}
		clear(r.cols)
		for i, row := 0, r.batch[r.at]; i < len(row); {
			j, column := i+1, row[i].Column()
			for j < len(row) && row[j].Column() == column {
				j++
			}
			r.cols[column], i = row[i:j:j], j
		}
		r.at++
		r.read++
		r.out = foreignText{b: r.out.b[:0], cols: r.cols}
		r.out.value(r.shape, r.cols)
		text = r.out.b
		return nil
	})
	switch {
	case err == io.EOF:
		return nil, r.end()
	case err != nil:
		return nil, r.file.corrupt(fmt.Errorf("after row %d: %w", r.read, err))
	case r.out.bad != nil:
		place := schema.Place{File: r.file.path, Row: int(r.read), Field: r.out.badAt}
		return text, &schema.RowError{Place: place, Err: r.out.bad}
	}
	return text, nil
}

// fill reads the next batch; io.EOF comes alone.
func (r *foreignReader) fill() error {
	for {
		if r.rows == nil {
			groups := r.file.RowGroups()
			if r.group == len(groups) {
				return io.EOF
			}
			r.rows = groups[r.group].Rows()
			r.group++
		}
		for i := range r.batch {
			r.batch[i] = r.batch[i][:0]
		}
		n, err := r.rows.ReadRows(r.batch)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		r.at, r.n = 0, n
		if n > 0 {
			return nil
		}
		if err := r.rows.Close(); err != nil {
			return err
		}
		r.rows = nil
	}
}

// end is io.EOF, if the whole file was read as it was opened.
func (r *foreignReader) end() error {
	if r.read != r.file.NumRows() {
		return r.file.corrupt(fmt.Errorf("%d rows where the footer says %d", r.read, r.file.NumRows()))
	}
	if info, err := r.file.f.Stat(); err != nil || info.Size() != r.info.Size() || !info.ModTime().Equal(r.info.ModTime()) {
		return r.file.corrupt(errors.New("changed while it was read"))
	}
	return io.EOF
}

func (r *foreignReader) close() {
	if r.rows != nil {
		_ = guarded(r.rows.Close)
	}
	_ = r.file.Close()
}

// A shape is a column of a foreign schema, as it becomes JSON.
type shape struct {
	name, path         string
	optional, repeated bool
	def, rep           int
	skip               bool
	list               *shape // its elements, of a group that only wraps a list
	fields             []*shape
	leaf               func(*foreignText, parquet.Value) error
	from, to           int // its columns
}

func shapeOf(c *parquet.Column, path string, skip func(string) bool, leaves *int) *shape {
	s := &shape{
		name: c.Name(), path: path, optional: c.Optional(), repeated: c.Repeated(),
		def: c.MaxDefinitionLevel(), rep: c.MaxRepetitionLevel(), from: *leaves,
	}
	s.skip = path != "" && skip(path)
	switch inner := c.Columns(); {
	case c.Leaf():
		s.leaf = leafText(c.Type())
		*leaves++
	case len(inner) == 1 && inner[0].Repeated() && wraps(c):
		s.list = shapeOf(inner[0], path, skip, leaves)
		if e := inner[0].Columns(); len(e) == 1 && inner[0].Name() != "array" && inner[0].Name() != c.Name()+"_tuple" {
			*leaves = s.from
			s.list.fields, s.list.leaf = nil, nil
			s.list.list = shapeOf(e[0], path, skip, leaves)
		}
	default:
		for _, f := range inner {
			at := f.Name()
			if path != "" {
				at = path + "." + at
			}
			s.fields = append(s.fields, shapeOf(f, at, skip, leaves))
		}
	}
	s.to = *leaves
	return s
}

// wraps is whether a group is there only for the list or map in it.
func wraps(c *parquet.Column) bool {
	t := c.Type().String()
	return t == "LIST" || t == "MAP"
}
