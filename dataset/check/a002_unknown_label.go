package check

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var unknownLabel = &Rule{
	Code: "A002", Name: "unknown-label", Severity: Error,
	Doc: `a label is outside its vocabulary

A misspelt label would count as no label, or as another one. Words of other
vocabularies are translated on import only: in the tables the name has to be ours.`,
	Fix: `Correct the label. A target or pressure of your own is named and documented under
vocabulary in dataset.yaml.`,
	Start: func(d *Data) Visitor {
		v := d.Vocabulary()
		return Visitor{
			Scenario:   labels[schema.Scenario](v),
			Trajectory: labels[schema.Trajectory](v),
			Annotation: labels[schema.Annotation](v),
			Skip:       wellLabelled(v),
		}
	},
}

// labels checks every column of T that has a vocabulary.
func labels[T any](v *schema.Vocabulary) func(*Row, *T) {
	columns := labelColumns(schema.ColumnsOf[T](), v)
	return func(at *Row, row *T) {
		for _, c := range columns {
			c.check(at, "", reflect.ValueOf(row).Elem())
		}
	}
}

// wellLabelled is whether all labels that a block may have are in their vocabularies.
func wellLabelled(v *schema.Vocabulary) func(*dataset.Block[schema.Annotation]) bool {
	columns := labelColumns(schema.ColumnsOf[schema.Annotation](), v)
	texts, numbers := make([]seen[string], len(columns)), make([]seen[int32], len(columns))
	return func(b *dataset.Block[schema.Annotation]) bool {
		for i := range columns {
			e := columns[i].enum
			known := func(name string) bool { _, ok := e.Code(name); return ok }
			inside := func(n int32) bool { return n >= 0 && int(n) < e.Len() }
			var good bool
			if columns[i].number {
				good = numbers[i].all(dataset.Among[int32](b, columns[i].name), inside)
			} else {
				good = texts[i].all(dataset.Among[string](b, columns[i].name), known)
			}
			if !good {
				return false
			}
		}
		return true
	}
}

// A labelColumn has a vocabulary, or is a list of structs of which some fields have one.
type labelColumn struct {
	column

	enum   *schema.Enum
	number bool // its names are the numbers from 0
	fields []labelColumn
}

func labelColumns(columns []schema.Column, v *schema.Vocabulary) []labelColumn {
	var out []labelColumn
	for i, c := range columns {
		l := labelColumn{column: column{c.Name, i}, number: c.Type == "INT32", fields: labelColumns(c.Fields, v)}
		if c.Enum != "" {
			l.enum = v.Of(c.Enum)
		}
		if l.enum != nil || l.fields != nil {
			out = append(out, l)
		}
	}
	return out
}

// check looks at the column in a row, or in a struct of the row's list at path.
func (c labelColumn) check(at *Row, path string, row reflect.Value) {
	v, ok := c.in(row)
	if !ok {
		return
	}
	if v.Kind() != reflect.Slice {
		if why := c.wrong(v); why != "" {
			at.Report(path+c.name, "%s", why)
		}
		return
	}
	for i := range v.Len() {
		element := path + c.name + "[" + strconv.Itoa(i) + "]"
		for _, f := range c.fields {
			f.check(at, element+".", v.Index(i))
		}
		if c.fields == nil {
			if why := c.wrong(v.Index(i)); why != "" {
				at.Report(element, "%s", why)
			}
		}
	}
}

// wrong says why the value is none of the vocabulary; "" if it is.
func (c labelColumn) wrong(v reflect.Value) string {
	if v.Kind() == reflect.Int32 {
		if n := v.Int(); n < 0 || n >= int64(c.enum.Len()) {
			return fmt.Sprintf("%d is not one of %s", n, strings.Join(c.enum.Names(), ", "))
		}
		return ""
	}
	if _, ok := c.enum.Code(v.String()); ok {
		return ""
	}
	// A cut name is as unknown as the whole one, unless a name of the dataset is as long.
	err := c.enum.Check(short(v.String()))
	if err == nil {
		return fmt.Sprintf("unknown %s %s", c.enum.Name, quote(v.String()))
	}
	return strings.TrimPrefix(err.Error(), schema.ErrVocabulary.Error()+": ")
}
