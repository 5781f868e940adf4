package report

import (
	"reflect"

	"github.com/righting-bench/righting/schema"
)

// Rows is a table of the rows of one of schema's flat tables: a column a field, as
// documented there. A list is its values joined by "; ".
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
		return v.Float()
	case reflect.Slice:
		if v.Len() == 0 {
			return nil
		}
		out := ""
		for i := range v.Len() {
			if i > 0 {
				out += "; "
			}
			out += v.Index(i).String()
		}
		return out
	}
	return nil
}
