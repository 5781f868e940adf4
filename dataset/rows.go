package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"
)

// ErrCorrupt: not Parquet, cut short, damaged, or not a table of ours.
var ErrCorrupt = errors.New("corrupt")

// rowBatch is how many rows are read at once: a trajectory may be megabytes.
const rowBatch = 64

// Rows yields the rows of one Parquet file in file order, T being a row struct of
// package schema.
//
// Optional columns that the file lacks are null, or a null list; columns of no T are
// left out. A row belongs to the caller. An error is always last: fs.ErrNotExist,
// ErrCorrupt (also for a required column that is missing, of another type or null),
// or ctx.Err().
func Rows[T any](ctx context.Context, file string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		r, err := openRows[T](file)
		if err != nil {
			yield(none, err)
			return
		}
		defer r.close()
		rows := make([]T, rowBatch)
		for {
			if err := ctx.Err(); err != nil {
				yield(none, err)
				return
			}
			clear(rows) // lists would be read over the caller's
			n, err := r.next(rows)
			for i := range n {
				if !yield(rows[i], nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(none, err)
				return
			}
		}
	}
}

// A rowReader reads one file.
type rowReader[T any] struct {
	file *parquetFile
	info os.FileInfo
	rows *parquet.GenericReader[T]
	read int64
	lack []field // of list elements: what the file does not have
}

// columnsIn is whether a column belongs to rows of T.
func columnsIn[T any]() func(column string) bool {
	names := make(map[string]bool)
	for _, c := range parquet.SchemaOf(new(T)).Columns() {
		names[c[0]] = true
	}
	return func(column string) bool { return names[column] }
}

func openRows[T any](path string) (*rowReader[T], error) {
	file, err := openParquet(path, columnsIn[T]())
	if err != nil {
		return nil, err
	}
	r := &rowReader[T]{file: file}
	err = guarded(func() (err error) {
		if r.lack, err = fits[T](file.Root()); err != nil {
			return err
		}
		r.rows = parquet.NewGenericReader[T](file.File)
		r.info, err = file.f.Stat()
		return err
	})
	if err != nil {
		_ = file.Close()
		return nil, file.corrupt(err)
	}
	return r, nil
}

// next fills rows from the front; io.EOF comes alone, after as many rows as the
// footer declares.
func (r *rowReader[T]) next(rows []T) (n int, err error) {
	err = guarded(func() (err error) {
		n, err = r.rows.Read(rows)
		return err
	})
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, r.file.corrupt(fmt.Errorf("after row %d: %w", r.read, err))
	}
	r.read += int64(n)
	if n > 0 {
		if len(r.lack) > 0 {
			for i := range rows[:n] {
				blank(&rows[i], r.lack)
			}
		}
		return n, nil
	}
	if r.read != r.file.NumRows() {
		return 0, r.file.corrupt(fmt.Errorf("%d rows where the footer says %d", r.read, r.file.NumRows()))
	}
	if info, err := r.file.f.Stat(); err != nil || info.Size() != r.info.Size() || !info.ModTime().Equal(r.info.ModTime()) {
		return 0, r.file.corrupt(errors.New("changed while it was read"))
	}
	return 0, io.EOF
}

func (r *rowReader[T]) close() {
	_ = guarded(r.rows.Close)
	_ = r.file.Close()
}

// NumRows is how many rows a Parquet file declares: only its footer is read. Errors as
// those of Rows.
func NumRows(file string) (int64, error) {
	f, size, err := openRegular(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n := int64(0)
	err = guarded(func() error {
		meta, _, err := readMeta(f, size)
		if err == nil {
			n = meta.NumRows
		}
		return err
	})
	if err != nil {
		return 0, (&parquetFile{path: file}).corrupt(err)
	}
	return n, nil
}
