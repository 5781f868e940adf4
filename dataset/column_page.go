package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// next goes on to the next page; io.EOF behind the last.
func (c *column) next() error {
	p := &c.pages
	parquet.Release(p.page)
	p.page = nil
	err := guarded(func() (err error) {
		if p.page, err = p.pages.ReadPage(); err != nil {
			return err
		}
		return c.unpack()
	})
	if err != nil && err != io.EOF && !errors.Is(err, ErrCorrupt) {
		err = fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}

// unpack makes a page's levels and values ready. Only here, and in texts, is code of
// parquet-go called that looks at them.
func (c *column) unpack() error {
	p := &c.pages
	p.defs, p.reps = p.page.DefinitionLevels(), p.page.RepetitionLevels()
	p.at, p.value = 0, 0
	if p.def == 0 {
		p.defs = nil
	}
	values := int(p.page.NumValues())
	p.rows = values
	if p.defs != nil {
		values = bytes.Count(p.defs, []byte{p.def})
	}
	if p.defs != nil && len(p.defs) != p.rows || p.reps != nil && len(p.reps) != p.rows {
		return fmt.Errorf("%w: %d values with %d and %d levels", ErrCorrupt, p.rows, len(p.defs), len(p.reps))
	}
	p.indexes, p.ints, p.reals, p.bits, p.data, p.offsets = nil, nil, nil, nil, nil, nil
	data := p.page.Data()
	have := 0
	switch dict := p.page.Dictionary(); {
	case dict != nil:
		if dict != p.dict {
			if err := c.dictionary(dict); err != nil {
				return err
			}
		}
		p.indexes = data.Int32()
		have = len(p.indexes)
		for _, i := range p.indexes {
			if uint32(i) >= uint32(len(p.table)) {
				return fmt.Errorf("%w: entry %d of a dictionary of %d", ErrCorrupt, i, len(p.table))
			}
		}
	case c.Type == "INT32":
		p.ints = data.Int32()
		have = len(p.ints)
	case c.kind == ofReal:
		p.reals = data.Double()
		have = len(p.reals)
	case c.kind == ofFlag:
		p.bits = data.Boolean()
		have = 8 * len(p.bits)
		if have >= values && have-values < 8 {
			have = values
		}
	default:
		p.data, p.offsets = data.ByteArray()
		have = max(0, len(p.offsets)-1)
	}
	if have < values || have > values && p.indexes != nil {
		return fmt.Errorf("%w: %d values where the levels say %d", ErrCorrupt, have, values)
	}
	return nil
}

// dictionary makes the table of codes of a dictionary's entries.
func (c *column) dictionary(dict parquet.Dictionary) error {
	p := &c.pages
	n := dict.Len()
	p.dict, p.table, p.numbers = dict, p.table[:0], p.numbers[:0]
	spelled := len(c.text.more) > 0 // by pages that stand before the dictionary's first
	if c.kind == ofText && !spelled {
		c.text.dict, c.text.size = dict, int32(n)
	}
	for i := range n {
		code := int32(i)
		switch {
		case c.kind == ofText && spelled:
			code = c.text.add(dict.Index(code).ByteArray())
		case c.kind == ofText:
		case c.kind == ofReal:
			p.numbers = append(p.numbers, dict.Index(code).Double())
		case c.kind == ofFlag:
			code = 0
			if dict.Index(int32(i)).Boolean() {
				code = 1
			}
		case c.kind == ofInt:
			code = dict.Index(code).Int32()
			if code == none {
				return errRange
			}
		case c.Type == "INT32":
			code = p.grade(dict.Index(code).Int32(), c.enum)
		default:
			code = p.label(dict.Index(code).ByteArray(), c.enum)
		}
		p.table = append(p.table, code)
	}
	return nil
}

var errRange = errors.New("has the number -2147483648, which stands for none")

// label is the code of a value, or below 0 and not none the place of it in strange.
func (p *pageReader) label(value []byte, enum *schema.Enum) int32 {
	if code, ok := enum.Code(string(value)); ok {
		return int32(code)
	}
	p.strange = append(p.strange, string(value))
	return int32(-len(p.strange))
}

// grade is the same for labels whose names are the numbers from 0.
func (p *pageReader) grade(v int32, enum *schema.Enum) int32 {
	if v >= 0 && int(v) < enum.Len() {
		return v
	}
	p.strange = append(p.strange, strconv.Itoa(int(v)))
	return int32(-len(p.strange))
}
