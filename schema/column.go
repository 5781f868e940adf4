package schema

import (
	"reflect"
	"strings"
)

// A Column is one documented column of a table.
type Column struct {
	Name     string
	Type     string // STRING, BOOLEAN, INT32, INT64, DOUBLE, TIMESTAMP, LIST STRING, LIST STRUCT
	Optional bool
	Enum     string // name of the vocabulary its values come from, "" = free
	Doc      string
	Fields   []Column // of a LIST STRUCT's element
}

// A Table is a documented table.
type Table struct {
	Name, Doc string
	Columns   []Column
}

// Tables lists every table, the three stored ones first.
func Tables() []Table {
	return []Table{
		{Scenarios, "what was designed, one row per scenario and condition", ColumnsOf[Scenario]()},
		{Trajectories, "one row per conversation, with its text", ColumnsOf[Trajectory]()},
		{Annotations, "one row per judgement; scoring reads this table", ColumnsOf[Annotation]()},
		{Readings, "derived: one row per trajectory and constraint", ColumnsOf[ReadingRow]()},
		{Counts, "derived: the integers every metric is made of", ColumnsOf[CountRow]()},
		{Scores, "derived: one row per system, slice and metric", ColumnsOf[ScoreRow]()},
		{Turns, "derived: one row per turn, with its text", ColumnsOf[TurnRow]()},
	}
}

// ColumnsOf reads the columns off a row struct's tags, in order.
func ColumnsOf[T any]() []Column { return columnsOf(reflect.TypeFor[T]()) }

func columnsOf(t reflect.Type) []Column {
	out := make([]Column, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		c := Column{Name: name, Enum: f.Tag.Get("enum"), Doc: f.Tag.Get("doc"), Optional: strings.Contains(","+rest+",", ",optional,")}
		ft := f.Type
		if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		switch ft.Kind() {
		case reflect.String:
			c.Type = "STRING"
		case reflect.Bool:
			c.Type = "BOOLEAN"
		case reflect.Int32:
			c.Type = "INT32"
		case reflect.Int64:
			c.Type = "INT64"
			if strings.Contains(rest, "timestamp") {
				c.Type = "TIMESTAMP"
			}
		case reflect.Float64:
			c.Type = "DOUBLE"
		case reflect.Slice:
			c.Type = "LIST STRING"
			if ft.Elem().Kind() == reflect.Struct {
				c.Type, c.Fields = "LIST STRUCT", columnsOf(ft.Elem())
			}
		}
		out = append(out, c)
	}
	return out
}
