package annotate

import (
	"context"
	"errors"
	"iter"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// errUnsorted: the files of a split are not in the order of their keys.
var errUnsorted = errors.New("not in the order of keys")

// groups yields the rows of a split that are there, one trajectory's at a time; they
// belong to the caller.
func (m *merge) groups(ctx context.Context, split string) iter.Seq2[[]schema.Annotation, error] {
	return func(yield func([]schema.Annotation, error) bool) {
		var group []schema.Annotation
		add := func(a schema.Annotation) bool {
			if n := len(group); n > 0 && group[n-1].TrajectoryID != a.TrajectoryID {
				if !yield(group, nil) {
					return false
				}
				group = nil
			}
			group = append(group, a)
			return true
		}
		if rows, ok := m.loaded[split]; ok {
			for _, a := range rows {
				if !add(a) {
					return
				}
			}
		} else {
			var last schema.Annotation
			for a, err := range rowsOf(ctx, m.old[split]) {
				if err == nil && last.TrajectoryID != "" && dataset.CompareAnnotations(&last, &a) > 0 {
					err = errUnsorted
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if last = a; !add(a) {
					return
				}
			}
		}
		if len(group) > 0 {
			yield(group, nil)
		}
	}
}

// rowsOf yields the rows of files, one after the other.
func rowsOf(ctx context.Context, files []string) iter.Seq2[schema.Annotation, error] {
	return func(yield func(schema.Annotation, error) bool) {
		for _, file := range files {
			for a, err := range dataset.Rows[schema.Annotation](ctx, file) {
				if !yield(a, err) || err != nil {
					return
				}
			}
		}
	}
}

// load takes a split whose files are not in order into memory, and sorts it.
func (m *merge) load(ctx context.Context, split string) error {
	var rows []schema.Annotation
	for a, err := range rowsOf(ctx, m.old[split]) {
		if err != nil {
			return err
		}
		rows = append(rows, a)
	}
	dataset.SortAnnotations(rows)
	m.loaded[split] = rows
	return nil
}
