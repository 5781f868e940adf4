package check

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// quoteBytes bounds one value in a finding.
const quoteBytes = 80

// A column is a field of a row struct under its name in the table.
type column struct {
	name string
	at   int
}

// columnsOf finds the columns of T with these names, in the order of the names.
func columnsOf[T any](names ...string) []column {
	at := map[string]int{}
	for i, c := range schema.ColumnsOf[T]() {
		at[c.Name] = i
	}
	var out []column
	for _, name := range names {
		i, ok := at[name]
		if !ok { // names come from this package
			panic("no column " + name)
		}
		out = append(out, column{name, i})
	}
	return out
}

// in is the column's value in a row; the zero Value and false for null.
func (c column) in(row reflect.Value) (reflect.Value, bool) {
	v := row.Field(c.at)
	switch v.Kind() {
	case reflect.Pointer:
		return v.Elem(), !v.IsNil()
	case reflect.Slice:
		return v, !v.IsNil()
	}
	return v, true
}

// value is a string, a number, a bool or a list; nil for null.
func (c column) value(row reflect.Value) any {
	v, ok := c.in(row)
	if !ok {
		return nil
	}
	return v.Interface()
}

// show is a value as findings have it: null, a number, or text in quotes.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return quote(v)
	}
	return fmt.Sprint(v)
}

// quote is s in quotes, cut if it is long.
func quote(s string) string { return strconv.Quote(short(s)) }

// short is s, cut if it is long.
func short(s string) string {
	if len(s) <= quoteBytes {
		return s
	}
	return strings.ToValidUTF8(s[:quoteBytes], "") + "…"
}

// codes numbers values in the order they are first seen.
type codes[T comparable] struct {
	of     map[T]int32
	values []T
}

func (c *codes[T]) code(v T) int32 {
	n, ok := c.of[v]
	if !ok {
		if c.of == nil {
			c.of = map[T]int32{}
		}
		n = int32(len(c.values))
		c.of[v] = n
		c.values = append(c.values, v)
	}
	return n
}
