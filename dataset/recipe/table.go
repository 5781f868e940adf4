package recipe

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/righting-bench/righting/schema"
)

// A Table is records of texts under named columns: what a file holds, or what a caller
// makes of one before a recipe reads it.
type Table struct {
	Name    string   // of the file, as it can be opened and as places name it
	Columns []string // each name once
	Notices []string // what a person should know of the file
	// Separator is what stands between the cells of a CSV, 0 in any other file.
	Separator byte
	// Rows are the records in order, anew each time. With a *schema.RowError the row has
	// only its origin, and reading may go on; any other error is the last.
	Rows iter.Seq2[Row, error]
}

// A Row is one record of a table; its bytes hold until the next one.
type Row struct {
	Line   int    // on which it starts; of Parquet its number
	Offset int64  // of its first byte, after decompression
	Raw    []byte // as it stands; its beginning where it is too long
	// Cells are the texts by position of the table's columns; "" and those that are not
	// there say nothing. A list or an object of JSON is its text.
	Cells []string
}

// Open reads what a file holds: CSV, TSV and the Unicode text of spreadsheets, JSONL and
// JSON, each also with .gz or .zst, and Parquet; text with another ending is known by its
// first character. The names of a file without a header are
// those of its first records, or where most is 0 of all of them.
//
// Columns at the end that have no name, and empty cells behind the last, are let go. The
// rows of a file that changed meanwhile end with an error.
func Open(ctx context.Context, name string, most int) (*Table, error) {
	t := &Table{Name: name}
	n := 0
	var err error
	t.Columns, err = t.read(ctx, true, func(*record, error) bool {
		n++
		return n != most
	})
	if err != nil {
		return nil, err
	}
	t.Rows = func(yield func(Row, error) bool) {
		_, err := t.read(ctx, false, func(rec *record, err error) bool {
			row := Row{Line: rec.line, Offset: rec.offset, Raw: rec.raw}
			if err == nil {
				row.Cells = make([]string, len(rec.cells))
				for i, c := range rec.cells {
					row.Cells[i] = c.text
				}
			}
			return yield(row, err)
		})
		if err != nil {
			yield(Row{}, err)
		}
	}
	return t, nil
}

// read gives each the records until it has seen enough, and tells the names that were
// met. Who wants only those gets no record of a file with a header.
func (t *Table) read(ctx context.Context, only bool, each func(*record, error) bool) (names []string, err error) {
	f, err := open(ctx, t.Name, way{use: func(string) use { return useWhole }, spare: true})
	if err != nil {
		return nil, err
	}
	head, whole := f.header()
	defer func() {
		names, t.Notices = head.names, f.notices()
		err = errors.Join(err, f.close())
	}()
	if c, ok := f.source.(*csvSource); ok {
		t.Separator = c.sep
	}
	if whole && only {
		return nil, nil
	}
	for rec := new(record); ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := f.next(rec)
		switch {
		case err == io.EOF:
			return nil, nil
		case err != nil && !errors.As(err, new(*schema.RowError)):
			return nil, err
		}
		if !each(rec, err) {
			return nil, nil
		}
	}
}

// A Text is the UTF-8 of a file of text, whatever it was compressed by or written in.
type Text struct {
	*bufio.Reader
	Notices []string // what a person should know of the file
	f       *file
}

// OpenText opens a file of text. Compression is known by the name and has to be so; a
// byte order mark is passed over, and UTF-16 read as what it is.
func OpenText(name string) (*Text, error) {
	f, err := openFile(name)
	if err != nil {
		return nil, err
	}
	r, _, err := f.text(name)
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return &Text{r, f.more, f}, nil
}

// Close tells whether the file is still the one that was opened.
func (t *Text) Close() error { return t.f.close() }

// Judge makes judgements of a table as Annotations does of files; those of the recipe's
// sections read it that take its name.
func (r *Recipe) Judge(ctx context.Context, t *Table, o Options, emit func(schema.Annotation) error) (Report, error) {
	report, files, err := r.begin(schema.Annotations, r.annotations, []string{t.Name})
	if err != nil {
		return report, err
	}
	if err := r.told(o); err != nil {
		return report, err
	}
	for i, p := range r.annotations {
		x := r.judging(p, o, &report, emit).ready()
		for _, in := range files[i] {
			report.Files = append(report.Files, in.name)
			caps, err := p.groups(in)
			if err != nil {
				return report, err
			}
			src := newTableSource(t)
			err = x.source(ctx, in.name, src, caps)
			src.stop()
			if err != nil {
				return report, err
			}
		}
		if err := x.end(); err != nil {
			return report, err
		}
	}
	report.ended()
	return report, nil
}

// A tableSource reads a table.
type tableSource struct {
	*Table
	head *header
	row  int
	pull func() (Row, error, bool)
	stop func()
}

func newTableSource(t *Table) *tableSource {
	s := &tableSource{Table: t, head: newHeader()}
	for _, c := range t.Columns {
		s.head.add(c)
	}
	s.pull, s.stop = iter.Pull2(t.Rows)
	return s
}

func (s *tableSource) header() (*header, bool) { return s.head, true }
func (s *tableSource) notices() []string       { return s.Notices }

func (s *tableSource) next(rec *record) error {
	row, err, more := s.pull()
	if !more {
		return io.EOF
	}
	if err != nil && !errors.As(err, new(*schema.RowError)) {
		return err
	}
	s.row++
	rec.row, rec.line, rec.offset, rec.raw, rec.cells = s.row, row.Line, row.Offset, row.Raw, rec.cells[:0]
	for i := range s.Columns {
		c := cell{kind: text}
		if i < len(row.Cells) {
			c.text = row.Cells[i]
		}
		rec.cells = append(rec.cells, c)
	}
	return err
}
