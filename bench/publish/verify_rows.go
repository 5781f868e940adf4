package publish

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// rowsShown is how many differing rows of a file are named.
const rowsShown = 20

// sameTable compares a table that was made again with the folder's: bytes, and where they
// differ row by row, since another version may lay the same rows out in other bytes.
func (v *verifying) sameTable(ctx context.Context, made File, temp string) error {
	got, there := v.files[made.Path]
	if !there {
		v.file(made.Path, "is missing: the data make it")
		return nil
	}
	if got.SHA256 == made.SHA256 {
		return nil
	}
	if got.Schema != made.Schema {
		v.file(made.Path, "its schema is not that of table %s", made.Table)
		return nil
	}
	a := filepath.Join(v.dir, filepath.FromSlash(made.Path))
	b := filepath.Join(temp, filepath.FromSlash(made.Path))
	switch made.Table {
	case schema.Turns:
		return sameRows(ctx, v, made.Path, a, b, func(r *schema.TurnRow) string { return fmt.Sprintf("%s, turn %d", r.TrajectoryID, r.Turn) })
	case schema.Readings:
		return sameRows(ctx, v, made.Path, a, b, func(r *schema.ReadingRow) string { return r.TrajectoryID + ", " + r.ConstraintID })
	default:
		return sameRows(ctx, v, made.Path, a, b, func(r *schema.ScoreRow) string {
			return strings.TrimSuffix(r.System+", "+r.Metric+", "+r.Slice, ", ")
		})
	}
}

// sameRows names the rows in which two files differ.
func sameRows[T any](ctx context.Context, v *verifying, name, theirs, ours string, key func(*T) string) error {
	next, stop := iter.Pull2(dataset.Rows[T](ctx, ours))
	defer stop()
	row, differing := 0, 0
	for got, err := range dataset.Rows[T](ctx, theirs) {
		if err != nil {
			return v.broken(ctx, err)
		}
		row++
		want, err, more := next()
		if err != nil {
			return err
		}
		at := schema.Place{File: name, Row: row}
		if !more {
			v.say(at, "%s: the data make no such row", excerpt(key(&got)))
			return nil
		}
		if differing++; key(&got) != key(&want) {
			v.say(at, "is of %s where the data make %s", excerpt(key(&got)), excerpt(key(&want)))
			return nil
		} else if columns := changedColumns(&got, &want); len(columns) == 0 {
			differing--
			continue
		} else if differing <= rowsShown {
			for _, c := range columns {
				at.Field = c.name
				v.say(at, "%s: is %s where the data make %s", excerpt(key(&got)), c.old, c.new)
			}
		}
	}
	if want, err, more := next(); err != nil {
		return err
	} else if more {
		v.say(schema.Place{File: name, Row: row + 1}, "is missing: the data make a row of %s", excerpt(key(&want)))
	}
	if differing > rowsShown {
		v.file(name, "%d more rows differ", differing-rowsShown)
	}
	return nil
}

func excerpt(s string) string { return plain.Terminal(plain.Excerpt(s, 120)) }

// A changed is a column in which two rows differ, and both values for people.
type changed struct{ name, old, new string }

// changedColumns compares two rows.
func changedColumns[T any](a, b *T) (out []changed) {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("parquet"), ",")
			out = append(out, changed{name, shown(x.Field(i)), shown(y.Field(i))})
		}
	}
	return out
}

// shown is a cell for people, cut.
func shown(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "null"
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		return fmt.Sprintf("%q", plain.Excerpt(v.String(), 60))
	case reflect.Slice:
		if v.IsNil() {
			return "null"
		}
		if v.Type().Elem().Kind() == reflect.Struct {
			return fmt.Sprintf("a list of %d", v.Len())
		}
		return plain.Excerpt(fmt.Sprintf("%q", v.Interface()), 80)
	}
	return fmt.Sprint(v.Interface())
}
