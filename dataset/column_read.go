package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// batchRows is how many rows are decoded at once: 32 KiB a column.
const batchRows = 8192

// A pageReader is where a column stands in the pages of a row group. Flat columns have
// one level a row, lists one an element, or one for null or empty.
type pageReader struct {
	pages parquet.Pages // nil: the column is absent
	page  parquet.Page
	dict  parquet.Dictionary
	def   byte // the level of a value
	list  byte // the level of a list that is empty

	// The page: levels, then its values without the nulls.
	defs, reps []byte  // nil where the schema has no such levels
	rows       int     // levels, or rows where there are none
	at, value  int     // the next of each
	elements   []int32 // of a list: the page's elements
	indexes    []int32
	ints       []int32
	reals      []float64
	bits       []byte
	data       []byte
	offsets    []uint32

	table   []int32   // by dictionary entry: its code
	numbers []float64 // by dictionary entry, of reals
	strange []string  // values outside the vocabulary, met or in the dictionary
}

// open begins a row group; nil is an absent column.
func (c *column) open(chunk parquet.ColumnChunk, leaf *parquet.Column) {
	c.close()
	c.text.reset()
	if leaf == nil {
		for i := range c.code {
			c.code[i] = none
		}
		clear(c.start)
		c.any, c.elem = false, c.elem[:0]
		return
	}
	c.pages = pageReader{
		pages: chunk.Pages(), def: byte(leaf.MaxDefinitionLevel()),
		table: c.pages.table[:0], numbers: c.pages.numbers[:0], elements: c.pages.elements[:0],
	}
	if c.kind == ofList && !leaf.Optional() {
		c.pages.list = c.pages.def - 1
	} else if c.kind == ofList {
		c.pages.list = c.pages.def - 2
	}
}

// close lets go of the row group. What texts were kept stay valid.
func (c *column) close() {
	if p := &c.pages; p.pages != nil {
		parquet.Release(p.page)
		_ = p.pages.Close()
		p.pages, p.page = nil, nil
	}
}

// fill decodes the next n rows. The error is about row, counted from 0 within the
// batch; −1 is no row.
func (c *column) fill(n int) (row int, err error) {
	if c.pages.pages == nil {
		return 0, nil
	}
	c.any = false
	if c.kind == ofList {
		return c.fillList(n)
	}
	for at := 0; at < n; {
		p := &c.pages
		if p.at == p.rows {
			if err := c.next(); err != nil {
				return at, noEOF(err)
			}
			continue
		}
		m := min(n-at, p.rows-p.at)
		values := m
		if p.defs != nil {
			values = bytes.Count(p.defs[p.at:p.at+m], []byte{p.def})
		}
		out := c.code[at : at+m]
		if c.kind == ofReal {
			p.decodeReals(c.real[at:], out[:values])
		} else if err := c.decode(out[:values]); err != nil {
			return -1, err
		}
		c.any = c.any || values > 0
		if values < m {
			defs := p.defs[p.at : p.at+m]
			spread(out, defs, p.def, values)
			if c.kind == ofReal {
				spread(c.real[at:at+m], defs, p.def, values)
			}
			if !c.Optional {
				return at + slices.Index(out, none), errNull
			}
		}
		if len(p.strange) > 0 {
			for i, code := range out {
				if code < 0 && code != none {
					return at + i, c.enum.Check(p.strange[-1-code])
				}
			}
		}
		p.at += m
		p.value += values
		at += m
	}
	return 0, nil
}

var errNull = errors.New("is null; every row needs a value")

// spread moves values, dense at the front, to where the levels say that there is one.
func spread[T int32 | float64](out []T, defs []byte, def byte, values int) {
	if values == 0 {
		for i := range out {
			out[i] = T(none)
		}
		return
	}
	for i := len(out) - 1; i >= 0; i-- {
		if defs[i] == def {
			values--
			out[i] = out[values]
		} else {
			out[i] = T(none)
		}
	}
}

// fillList decodes the next n lists.
func (c *column) fillList(n int) (row int, err error) {
	c.elem = c.elem[:0]
	rows := 0
	for {
		p := &c.pages
		at, value := p.at, p.value
		for ; at < p.rows; at++ {
			if p.reps == nil || p.reps[at] == 0 {
				c.start[rows] = int32(len(c.elem))
				if rows == n {
					p.at, p.value = at, value
					return 0, nil
				}
				rows++
			} else if rows == 0 {
				return 0, fmt.Errorf("%w: a list goes on before it begins", ErrCorrupt)
			}
			d := p.def
			if p.defs != nil {
				d = p.defs[at]
			}
			switch {
			case d == p.def:
				code := p.elements[value]
				if code < 0 {
					return rows - 1, c.enum.Check(p.strange[-1-code])
				}
				c.elem = append(c.elem, code)
				value++
				c.code[rows-1] = 0
				c.any = true
			case d == p.list:
				c.code[rows-1] = 0
				c.any = true
			case d < p.list:
				c.code[rows-1] = none
			default:
				return rows - 1, errors.New("has a null in its list")
			}
		}
		p.at, p.value = at, value
		if err := c.next(); err == io.EOF && rows == n {
			c.start[rows] = int32(len(c.elem))
			return 0, nil
		} else if err != nil {
			return max(rows-1, 0), noEOF(err)
		}
		values := p.rows
		if p.defs != nil {
			values = bytes.Count(p.defs, []byte{p.def})
		}
		if cap(p.elements) < values {
			p.elements = make([]int32, values)
		}
		p.elements = p.elements[:values]
		if err := c.decode(p.elements); err != nil {
			return -1, err
		}
	}
}

func noEOF(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: fewer values than rows", ErrCorrupt)
	}
	return err
}

// decode decodes the next values of the page, of which there are enough.
func (c *column) decode(out []int32) error {
	p := &c.pages
	switch {
	case p.indexes != nil && c.kind == ofText && c.text.dict != nil:
		copy(out, p.indexes[p.value:])
	case p.indexes != nil:
		table := p.table
		for i, x := range p.indexes[p.value:][:len(out)] {
			out[i] = table[x]
		}
	case c.kind == ofFlag:
		for i := range out {
			at := p.value + i
			out[i] = int32(p.bits[at>>3] >> (at & 7) & 1)
		}
	case c.kind == ofInt:
		copy(out, p.ints[p.value:])
		if slices.Contains(out, none) {
			return errRange
		}
	case c.Type == "INT32":
		for i, v := range p.ints[p.value:][:len(out)] {
			out[i] = p.grade(v, c.enum)
		}
	default:
		for i := range out {
			v := p.data[p.offsets[p.value+i]:p.offsets[p.value+i+1]]
			if c.kind == ofText {
				out[i] = c.text.add(v)
			} else {
				out[i] = p.label(v, c.enum)
			}
		}
	}
	return nil
}

// decodeReals is decode for reals: 0 in code says that there is one.
func (p *pageReader) decodeReals(out []float64, code []int32) {
	clear(code)
	if p.indexes == nil {
		copy(out[:len(code)], p.reals[p.value:])
		return
	}
	for i, x := range p.indexes[p.value:][:len(code)] {
		out[i] = p.numbers[x]
	}
}
