package dataset

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/righting-bench/righting/schema"
)

// pageBytes is the size of a page before it is compressed.
const pageBytes = 1 << 20

// A TableWriter writes one table as one Parquet file: zstd, data pages v2, columns and
// dictionaries by the tags of T, no clock. The same rows, however they are split over
// calls of Write, give the same bytes.
type TableWriter[T any] struct {
	table   string
	w       *parquet.GenericWriter[T]
	pending []T // less than a batch: pages end between batches
	rows    int // in the row group
}

// tableRows is how many rows of a derived table make a row group.
const tableRows = 1 << 17

// NewTableWriter writes rows of T to w. The table's name and meta go into the file's
// key-value metadata, next to the version of the schema. The caller closes w.
func NewTableWriter[T any](w io.Writer, table string, meta map[string]string) *TableWriter[T] {
	return &TableWriter[T]{table: table, w: newParquetWriter[T](w, table, meta)}
}

// Write adds rows. What they point to must not change before Close. The error is w's.
func (t *TableWriter[T]) Write(rows []T) error {
	for len(t.pending)+len(rows) >= rowBatch {
		n := rowBatch - len(t.pending)
		if _, err := t.w.Write(append(t.pending, rows[:n]...)); err != nil {
			return fmt.Errorf("writing table %s: %w", t.table, err)
		}
		t.pending, rows = t.pending[:0], rows[n:]
		if t.rows += rowBatch; t.rows >= tableRows {
			if err := t.Cut(); err != nil {
				return err
			}
		}
	}
	t.pending = append(t.pending, rows...)
	return nil
}

// Cut ends a row group: what was written so far is out of memory.
func (t *TableWriter[T]) Cut() error {
	_, err := t.w.Write(t.pending)
	t.pending, t.rows = t.pending[:0], 0
	if err := cmp.Or(err, t.w.Flush()); err != nil {
		return fmt.Errorf("writing table %s: %w", t.table, err)
	}
	return nil
}

// Close writes what is left and the footer. The error is w's.
func (t *TableWriter[T]) Close() error {
	_, err := t.w.Write(t.pending)
	if err := cmp.Or(err, t.w.Close()); err != nil {
		return fmt.Errorf("writing table %s: %w", t.table, err)
	}
	return nil
}

// newParquetWriter is a writer with the settings of every file of ours.
func newParquetWriter[T any](w io.Writer, table string, meta map[string]string, sorted ...parquet.SortingColumn) *parquet.GenericWriter[T] {
	options := []parquet.WriterOption{
		parquet.CreatedBy("righting", schema.Version, "0"),
		parquet.Compression(codecOf(table)),
		parquet.DataPageVersion(2),
		parquet.PageBufferSize(pageBytes),
		parquet.SortingWriterConfig(parquet.SortingColumns(sorted...)),
	}
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		options = append(options, parquet.KeyValueMetadata(key, meta[key]))
	}
	options = append(options,
		parquet.KeyValueMetadata(schema.MetaSchema, schema.Version),
		parquet.KeyValueMetadata(schema.MetaTable, table))
	columns := parquet.SchemaOf(new(T))
	for _, path := range columns.Columns() {
		if leaf, _ := columns.Lookup(path...); freeText(leaf) {
			options = append(options, parquet.SkipPageBounds(path...), parquet.SkipPageStatistics(path...))
		}
	}
	return parquet.NewGenericWriter[T](w, options...)
}

// codecOf is zstd at the library's default level, but for conversations: their text is
// most of the work of writing them, and a quarter of that buys less than a tenth of size.
func codecOf(table string) compress.Codec {
	if table == schema.Trajectories {
		return &zstd.Codec{Level: zstd.SpeedFastest}
	}
	return &parquet.Zstd
}

// freeText is a column whose least and greatest value nobody looks for.
func freeText(leaf parquet.LeafColumn) bool {
	return leaf.Node.Type().Kind() == parquet.ByteArray && leaf.Node.Encoding() == nil && leaf.Path[0] != "trajectory_id"
}

// Physical is how the rows of T lie in Parquet: its schema, then the columns that
// have a dictionary.
func Physical[T any]() string {
	columns := parquet.SchemaOf(new(T))
	var b strings.Builder
	fmt.Fprintln(&b, columns)
	for _, path := range columns.Columns() {
		if leaf, _ := columns.Lookup(path...); leaf.Node.Encoding() != nil {
			fmt.Fprintf(&b, "%s: %s\n", strings.Join(path, "."), leaf.Node.Encoding())
		}
	}
	return b.String()
}
