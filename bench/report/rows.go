package report

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// Rows is a table of the rows of one of schema's tables: a column a field, as
// documented there. Lists are Nested; floats keep all their digits, and one that is no
// number is absent.
func Rows[T any](name string, rows []T) *Table {
	t := &Table{Name: name}
	for _, c := range schema.ColumnsOf[T]() {
		column := Column{Name: c.Name, Doc: c.Doc}
		switch c.Type {
		case "INT32", "INT64", "TIMESTAMP":
			column.Kind = Int
		case "DOUBLE":
			column.Kind = Float
		case "BOOLEAN":
			column.Kind = Bool
		case "LIST STRING", "LIST STRUCT":
			column.Kind = Nested
		}
		t.Columns = append(t.Columns, column)
	}
	t.Rows = make([][]any, len(rows))
	for i := range rows {
		v := reflect.ValueOf(&rows[i]).Elem()
		cells := make([]any, v.NumField())
		for f := range cells {
			cells[f] = cell(v.Field(f))
		}
		t.Rows[i] = cells
	}
	return t
}

// cell is a field's value, nil where it is absent.
func cell(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return cell(v.Elem())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float64:
		if f := v.Float(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return Raw(strconv.FormatFloat(f, 'g', -1, 64))
		}
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = nested(v.Index(i))
		}
		return Raw("[" + strings.Join(parts, ",") + "]")
	}
	return nil
}

// nested is an element of a list as JSON: a string, or a struct by its columns' names
// without those that are absent.
func nested(v reflect.Value) string {
	if v.Kind() != reflect.Struct {
		return exact(cell(v), plain.JSON)
	}
	var parts []string
	for i := range v.NumField() {
		if c := cell(v.Field(i)); c != nil {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("parquet"), ",")
			parts = append(parts, plain.JSON(name)+":"+exact(c, plain.JSON))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}
