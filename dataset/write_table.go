package dataset

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// WriteTable writes the rows of one split of a table into a folder of the table's name
// below dir, which is there: shards of the sizes and the layout that a dataset has, cut
// only between pieces. Stored tables declare their order, so it has to be theirs. meta
// goes into each file's metadata.
//
// It gives the names of the files below dir, with slashes; none without rows. The error
// is the rows', ctx.Err(), or the system's; then half a table may be there.
func WriteTable[T any](ctx context.Context, dir, table, split string, meta map[string]string, pieces iter.Seq2[[]T, error]) ([]string, error) {
	if !splitName.MatchString(split) {
		return nil, fmt.Errorf("split %q: a split's name is made of a-z, 0-9 and _", split)
	}
	text, order := layoutOf[T]()
	s := newShards(dir, split, table, meta, text, order...)
	defer s.abort()
	for piece, err := range pieces {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && len(piece) > 0 {
			err = s.piece(piece)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.close(); err != nil {
		return nil, err
	}
	names := make([]string, s.files)
	for i := range names {
		names[i] = table + "/" + filepath.Base(s.named(i))
	}
	return names, nil
}

// layoutOf is how many bytes of text a row of T has, and the order of its table.
func layoutOf[T any]() (text func(*T) int, order []parquet.SortingColumn) {
	var f any
	switch any((*T)(nil)).(type) {
	case *schema.Scenario:
		f, order = scenarioText, scenarioOrder
	case *schema.Trajectory:
		f = trajectoryText
	case *schema.Annotation:
		f, order = annotationText, annotationOrder
	case *schema.TurnRow:
		f = func(t *schema.TurnRow) int { return len(t.Text) + textBytes(t.Reasoning, t.ToolCallsJSON) }
	default:
		return func(*T) int { return 0 }, nil
	}
	return f.(func(*T) int), order
}

// MetadataOf is what a file's key-value metadata say under a key. Errors as those of
// Rows.
func MetadataOf(file, key string) (value string, there bool, err error) {
	f, err := openParquet(file, noColumn)
	if err != nil {
		return "", false, err
	}
	value, there = f.Lookup(key)
	return value, there, f.Close()
}
