package annotate

import (
	"context"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset/recipe"
)

// glanced is how many records of a file without a header are looked at to know it.
const glanced = 50

// A head is what a file, or a table that was made of one, begins with.
type head struct {
	file    string
	object  bool          // records of JSON or Parquet
	table   *recipe.Table // all of it
	names   []string      // of its columns, as they stand in the file
	columns []string      // in our names where they have another
}

// look reads the header of a file, or its first records.
func look(ctx context.Context, file string) (*head, error) {
	t, err := recipe.Open(ctx, file, glanced)
	if err != nil {
		return nil, err
	}
	h := headOf(t)
	h.object = t.Separator == 0
	if len(h.columns) > 0 {
		return h, nil
	}
	for _, err := range t.Rows { // why there is nothing to see
		return h, err
	}
	return h, nil
}

func headOf(t *recipe.Table) *head {
	h := &head{file: t.Name, table: t, names: t.Columns}
	for _, name := range h.names {
		name = strings.TrimSpace(name)
		if ours, ok := aliases[name]; ok && !slices.Contains(h.names, ours) {
			name = ours
		}
		h.columns = append(h.columns, name)
	}
	return h
}

// whole is the head with the columns of all records.
func (h *head) whole(ctx context.Context) (*head, error) {
	if h.table.Separator != 0 {
		return h, nil
	}
	t, err := recipe.Open(ctx, h.file, 0)
	if err != nil {
		return nil, err
	}
	return headOf(t), nil
}

// aliases are other words for columns of ours in the header of a table.
var aliases = map[string]string{
	"trajectory": "trajectory_id", "constraint": "constraint_id", "kind": "annotator_kind",
	"judge": "annotator", "rater": "annotator", "created_at": "labelled_at",
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
