package dataset

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strconv"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// unsortedNotice says that the slow path was taken.
const unsortedNotice = "annotations are not declared sorted: read whole and sorted in memory; write them anew with righting to read them on all cores in little memory"

// An origin is where a row stood before it was sorted.
type origin struct {
	file string
	row  int
}

// unsortedCases reads all annotations into memory, sorts them and folds their cases.
func unsortedCases(ctx context.Context, d *Dataset, f *filler, fold func(*reading.Case) error) error {
	if !slices.Contains(d.Notices, unsortedNotice) {
		d.Notices = append(d.Notices, unsortedNotice)
	}
	var rows []*schema.Annotation
	from := make(map[*schema.Annotation]origin)
	for _, file := range d.Annotations {
		n := 0
		for row, err := range Rows[schema.Annotation](ctx, file) {
			if err != nil {
				return err
			}
			n++
			row.Evidence, row.Rationale = nil, nil
			rows = append(rows, &row)
			from[&row] = origin{file, n}
		}
	}
	slices.SortStableFunc(rows, CompareAnnotations)
	f.fold = fold
	f.reset()
	for batch := range slices.Chunk(rows, batchRows) {
		f.place = func(i int, field string) schema.Place {
			o := from[batch[i]]
			return schema.Place{File: o.file, Row: o.row, Field: field}
		}
		if err := cmp.Or(ctx.Err(), f.load(batch)); err != nil {
			return err
		}
		if err := f.add(len(batch)); err != nil {
			return err
		}
	}
	return f.finish()
}

// load makes a batch of rows in memory.
func (f *filler) load(rows []*schema.Annotation) error {
	fields := make(map[string]int)
	for i, c := range schema.ColumnsOf[schema.Annotation]() {
		fields[c.Name] = i
	}
	for col := range f.cols {
		c := &f.cols[col]
		if !c.need {
			continue
		}
		c.any, c.elem = false, c.elem[:0]
		for i, row := range rows {
			v := reflect.ValueOf(row).Elem().Field(fields[c.Name])
			c.code[i] = none
			if c.kind == ofList {
				c.start[i] = int32(len(c.elem))
			}
			if k := v.Kind(); (k == reflect.Pointer || k == reflect.Slice) && v.IsNil() {
				continue
			}
			if err := c.set(i, reflect.Indirect(v)); err != nil {
				return f.at(i, col, err)
			}
			c.any = true
		}
		if c.kind == ofList {
			c.start[len(rows)] = int32(len(c.elem))
		}
	}
	return nil
}

// set puts a value that is not null into row i of the batch.
func (c *column) set(i int, v reflect.Value) error {
	label := func(name string) (int32, error) {
		code, ok := c.enum.Code(name)
		if !ok {
			return 0, c.enum.Check(name)
		}
		return int32(code), nil
	}
	var err error
	switch c.kind {
	case ofText:
		c.code[i] = c.text.add([]byte(v.String()))
	case ofReal:
		c.code[i], c.real[i] = 0, v.Float()
	case ofFlag:
		c.code[i] = 0
		if v.Bool() {
			c.code[i] = 1
		}
	case ofInt:
		if c.code[i] = int32(v.Int()); c.code[i] == none {
			err = errRange
		}
	case ofList:
		c.code[i] = 0
		for k := range v.Len() {
			code, bad := label(v.Index(k).String())
			c.elem = append(c.elem, code)
			err = cmp.Or(err, bad)
		}
	default:
		name := v.String()
		if v.Kind() == reflect.Int32 {
			name = strconv.Itoa(int(v.Int()))
		}
		c.code[i], err = label(name)
	}
	return err
}
