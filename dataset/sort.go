package dataset

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// The orders that the files of a dataset declare.
var (
	annotationOrder = []parquet.SortingColumn{
		parquet.Ascending("trajectory_id"),
		parquet.Ascending("constraint_id"),
		parquet.Ascending("annotator"),
		parquet.Ascending("pass"),
		parquet.NullsFirst(parquet.Ascending("turn")),
		parquet.NullsFirst(parquet.Ascending("assistant_turn")),
		parquet.NullsFirst(parquet.Ascending("exchange")),
		parquet.NullsFirst(parquet.Ascending("measure")),
	}
	scenarioOrder = []parquet.SortingColumn{
		parquet.Ascending("scenario"),
		parquet.NullsFirst(parquet.Ascending("condition")),
	}
)

// CompareAnnotations compares the keys of two rows: trajectory_id, constraint_id,
// annotator, pass, turn, assistant_turn, exchange, measure; nulls first, text by its
// bytes. It is 0 for two rows of which a dataset may hold only one.
func CompareAnnotations(a, b *schema.Annotation) int {
	if c := cmp.Or(
		strings.Compare(a.TrajectoryID, b.TrajectoryID),
		strings.Compare(a.ConstraintID, b.ConstraintID),
		strings.Compare(a.Annotator, b.Annotator),
		cmp.Compare(a.Pass, b.Pass),
	); c != 0 {
		return c
	}
	return cmp.Or(
		compareNull(a.Turn, b.Turn),
		compareNull(a.AssistantTurn, b.AssistantTurn),
		compareNull(a.Exchange, b.Exchange),
		compareNull(a.Measure, b.Measure),
	)
}

// SortAnnotations sorts rows in place by their keys, then by everything else, so that
// the order does not depend on the order they came in.
func SortAnnotations(rows []schema.Annotation) { sortRows(rows, CompareAnnotations) }

// sortScenarios does the same for scenarios: their key is scenario and condition.
func sortScenarios(rows []schema.Scenario) {
	sortRows(rows, func(a, b *schema.Scenario) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), compareNull(a.Condition, b.Condition))
	})
}

func compareNull[T cmp.Ordered](a, b *T) int {
	switch {
	case a == nil || b == nil:
		return presence(a != nil, b != nil)
	default:
		return cmp.Compare(*a, *b)
	}
}

// presence puts what is absent first.
func presence(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// sortRows sorts by key, then by all columns. Rows are large, so their positions are
// sorted, and each row moves once.
func sortRows[T any](rows []T, key func(a, b *T) int) {
	order := func(a, b *T) int {
		if c := key(a, b); c != 0 {
			return c
		}
		return compareValues(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
	}
	from := make([]int, len(rows)) // the row that belongs here
	for i := range from {
		from[i] = i
	}
	slices.SortFunc(from, func(a, b int) int { return order(&rows[a], &rows[b]) })
	for start := range from {
		if from[start] == start {
			continue
		}
		first, at := rows[start], start
		for from[at] != start {
			next := from[at]
			rows[at], from[at] = rows[next], at
			at = next
		}
		rows[at], from[at] = first, at
	}
}

// compareValues is a total order of what rows are made of: null before a value, a
// shorter list before a longer one that begins with it.
func compareValues(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compareValues(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
		return 0
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return presence(!a.IsNil(), !b.IsNil())
		}
		return compareValues(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.IsNil() != b.IsNil() {
			return presence(!a.IsNil(), !b.IsNil())
		}
		for i := range min(a.Len(), b.Len()) {
			if c := compareValues(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.Len(), b.Len())
	case reflect.String:
		return strings.Compare(a.String(), b.String())
	case reflect.Bool:
		return presence(a.Bool(), b.Bool())
	case reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	default:
		return cmp.Compare(a.Int(), b.Int())
	}
}
