package check

import (
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// without skips blocks in which all these columns are null.
func without(columns ...string) func(*dataset.Block[schema.Annotation]) bool {
	return func(b *dataset.Block[schema.Annotation]) bool {
		for _, column := range columns {
			if !b.Null(column) {
				return false
			}
		}
		return true
	}
}

// seen remembers of the values of a dictionary whether all are good: blocks share it.
type seen[V any] struct {
	values *V
	n      int
	good   bool
}

// all is whether all values of all dictionaries are good.
func (s *seen[V]) all(dictionaries [][]V, good func(V) bool) bool {
	for _, values := range dictionaries {
		if len(values) == 0 {
			continue
		}
		if first := &values[0]; first != s.values || len(values) != s.n {
			s.values, s.n, s.good = first, len(values), true
			for _, v := range values {
				s.good = s.good && good(v)
			}
		}
		if !s.good {
			return false
		}
	}
	return true
}
