package recipe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A parquetSource reads the rows of a Parquet file. Their places are row numbers.
type parquetSource struct {
	*objects
	file string
	row  int
	pull func() ([]byte, error, bool)
	stop func()
}

// openParquet begins to read; close ends it.
func openParquet(ctx context.Context, file string, use func(string) use) *parquetSource {
	p := &parquetSource{objects: newObjects(use), file: file}
	p.pull, p.stop = iter.Pull2(dataset.ForeignRows(ctx, file, func(column string) bool { return use(column) == useNot }))
	return p
}

func (p *parquetSource) header() (*header, bool) { return p.head, false }
func (p *parquetSource) notices() []string       { return nil }
func (p *parquetSource) close()                  { p.stop() }

func (p *parquetSource) next(rec *record) error {
	text, err, more := p.pull()
	if !more {
		return io.EOF
	}
	var bad *schema.RowError
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	p.row++
	rec.row, rec.line, rec.offset, rec.raw = p.row, p.row, 0, text
	switch {
	case bad != nil:
		return unreadable(p.file, rec, keyError{bad.Field, bad.Err})
	case len(text) > maxRecord:
		rec.raw = text[:maxRaw]
		return unreadable(p.file, rec, fmt.Errorf("longer than %d MiB", maxRecord>>20))
	}
	if err := checkJSON(text); err != nil {
		return unreadable(p.file, rec, err)
	}
	if _, err := p.text(text, rec); err != nil {
		return unreadable(p.file, rec, syntax(err, 0, "row"))
	}
	return nil
}
