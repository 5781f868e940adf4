package dataset

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// A field is a column of a list's elements: which field of the row the list is, and
// which field of the element.
type field struct{ list, element int }

// fits says whether the file can be read as rows of T: every required column is there,
// and what is there has our type and shape. It returns the optional columns of list
// elements that the file lacks, which parquet-go fills with zeros instead of nulls.
func fits[T any](file *parquet.Column) (lack []field, err error) {
	want := parquet.SchemaOf(new(T))
	for _, path := range want.Columns() {
		leaf, _ := want.Lookup(path...)
		found, entry, missing := descend(file, path)
		name := strings.Join(path, ".")
		switch {
		case found == nil && missing == 0 && optionalField(want, path[0]):
		case found == nil && missing == len(path)-1 && leaf.Node.Optional():
			lack = append(lack, fieldAt(reflect.TypeFor[T](), path))
		case found == nil && missing == 0:
			return nil, fmt.Errorf("column %s is missing: wanted %s, found %s", path[0], leaf.Node.Type(), columnNames(file))
		case found == nil || !found.Leaf():
			return nil, fmt.Errorf("column %s is stored otherwise: wanted %s as %s, found %s", path[0], leaf.Node.Type(), name, file.Column(path[0]))
		case !alike(leaf.Node.Type().String(), found.Type().String()):
			return nil, fmt.Errorf("column %s: wanted %s, found %s", name, leaf.Node.Type(), found.Type())
		case leaf.Node.Required() && found.MaxDefinitionLevel() > entry:
			n, err := nulls(found, entry)
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", name, err)
			}
			if n > 0 {
				return nil, fmt.Errorf("column %s is null %d times: wanted a value everywhere", name, n)
			}
		}
	}
	return lack, nil
}

// fieldAt is the field at a path such as constraints.list.element.rank.
func fieldAt(row reflect.Type, path []string) field {
	list := fieldNamed(row, path[0])
	return field{list, fieldNamed(row.Field(list).Type.Elem(), path[len(path)-1])}
}

func fieldNamed(t reflect.Type, column string) int {
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("parquet"), ","); name == column {
			return i
		}
	}
	panic("dataset: " + t.String() + " has no column " + column)
}

// blank makes the fields null in every element of their lists.
func blank(row any, lack []field) {
	v := reflect.ValueOf(row).Elem()
	for _, f := range lack {
		for i := range v.Field(f.list).Len() {
			v.Field(f.list).Index(i).Field(f.element).SetZero()
		}
	}
}

// descend is the file's column at the path, and the definition level from which a
// value of it exists or is null; nil and how deep it came if there is none.
func descend(c *parquet.Column, path []string) (found *parquet.Column, entry, missing int) {
	level := 0
	for i, name := range path {
		if c = c.Column(name); c == nil {
			return nil, 0, i
		}
		if !c.Required() {
			level++
		}
		if c.Repeated() {
			entry = level
		}
	}
	return c, entry, 0
}

func optionalField(s *parquet.Schema, name string) bool {
	for _, f := range s.Fields() {
		if f.Name() == name {
			return f.Optional()
		}
	}
	return false
}

// alike says that values of the one type are read as the other without a change.
func alike(want, found string) bool {
	switch want {
	case "STRING":
		return slices.Contains([]string{"STRING", "ENUM", "JSON", "BYTE_ARRAY"}, found)
	case "INT(32,true)":
		return slices.Contains([]string{"INT(32,true)", "INT(16,true)", "INT(8,true)", "INT32"}, found)
	case "INT(64,true)":
		return found == want || found == "INT64"
	}
	return found == want
}

// nulls counts where the column has an entry and no value.
func nulls(c *parquet.Column, entry int) (n int, err error) {
	pages := c.Pages()
	defer func() { _ = pages.Close() }()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		for _, d := range page.DefinitionLevels() {
			if int(d) >= entry && int(d) < c.MaxDefinitionLevel() {
				n++
			}
		}
		parquet.Release(page)
	}
}

func columnNames(c *parquet.Column) string {
	var names []string
	for _, f := range c.Columns() {
		names = append(names, f.Name())
	}
	return strings.Join(names, ", ")
}
