package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// A strip is one column of a file on its way into a field of rows in memory. Fields are
// reached by their offset: one store a value, where reflect takes twenty.
type strip struct {
	name     string
	leaf     *parquet.Column
	offset   uintptr // of the field in a row
	stride   uintptr // from row to row
	optional bool    // the field is a pointer
	list     bool    // the field is a slice
	values   values

	pages parquet.Pages // nil: not open
	page  parquet.Page
	dict  parquet.Dictionary

	loaded int  // how often values changed
	def    byte // the level of a value
	empty  byte // the level of a list without elements

	// The page: levels, then by value, nulls left out, its place in values.
	defs, reps []byte // nil where the schema has no such levels
	levels     int    // or values where there are none
	at, value  int    // the next of each
	index      []int32
	own        []int32 // room for index where the page has none
}

// values are the values of a dictionary, or of a page without one. They are never
// overwritten, so fields may point to them.
type values interface {
	dictionary(parquet.Dictionary)
	plain(page parquet.Page, index []int32, n int) ([]int32, int)
	len() int
	slice() any
	// put stores values in a field of rows from the first on: of those whose level is def
	// where there are levels, of all where there are none. The others are made null.
	put(field unsafe.Pointer, stride uintptr, optional bool, index []int32, defs []byte, def byte)
}

// newStrip is a column for a field of rows of that type; nil for a list of structs.
func newStrip(row reflect.Type, f reflect.StructField, leaf *parquet.Column) (*strip, error) {
	s := &strip{
		name: leaf.Path()[0], leaf: leaf, offset: f.Offset, stride: row.Size(),
		optional: f.Type.Kind() == reflect.Pointer, list: f.Type.Kind() == reflect.Slice,
		def: byte(leaf.MaxDefinitionLevel()),
	}
	t := f.Type
	if s.optional || s.list {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[string]():
		s.values = new(textValues)
	case s.list:
		return nil, nil
	case t == reflect.TypeFor[int32]():
		s.values = &plainValues[int32]{of: parquet.Value.Int32, page: func(v encoding.Values, _ int) []int32 { return v.Int32() }}
	case t == reflect.TypeFor[int64]():
		s.values = &plainValues[int64]{of: parquet.Value.Int64, page: func(v encoding.Values, _ int) []int64 { return v.Int64() }}
	case t == reflect.TypeFor[float64]():
		s.values = &plainValues[float64]{of: parquet.Value.Double, page: func(v encoding.Values, _ int) []float64 { return v.Double() }}
	case t == reflect.TypeFor[bool]():
		s.values = &plainValues[bool]{of: parquet.Value.Boolean, page: flags}
	default:
		panic("dataset: no column for " + row.String() + "." + f.Name)
	}
	if (leaf.MaxRepetitionLevel() == 1) != s.list || leaf.MaxRepetitionLevel() > 1 {
		return nil, fmt.Errorf("wanted %s, found %s", f.Type, leaf.Type())
	}
	if s.list {
		s.empty = s.def - 1
		if leaf.Optional() {
			s.empty--
		}
	}
	return s, nil
}

func (s *strip) open(chunk parquet.ColumnChunk) {
	s.close()
	s.pages, s.dict = chunk.Pages(), nil
	s.levels, s.at, s.value = 0, 0, 0
}

func (s *strip) close() {
	if s.pages != nil {
		parquet.Release(s.page)
		_ = s.pages.Close()
		s.pages, s.page = nil, nil
		s.defs, s.reps, s.index = nil, nil, nil
	}
}

// next goes on to the next page; io.EOF behind the last.
func (s *strip) next() error {
	parquet.Release(s.page)
	s.page = nil
	return guarded(func() (err error) {
		if s.page, err = s.pages.ReadPage(); err != nil {
			return err
		}
		return s.unpack()
	})
}

// unpack makes a page's levels and values ready: from here on no code of parquet-go
// looks at them.
func (s *strip) unpack() error {
	s.defs, s.reps = s.page.DefinitionLevels(), s.page.RepetitionLevels()
	s.levels, s.at, s.value = int(s.page.NumValues()), 0, 0
	if s.def == 0 {
		s.defs = nil
	}
	have, want := 0, s.levels
	if s.defs != nil {
		want = bytes.Count(s.defs, []byte{s.def})
	}
	if s.defs != nil && len(s.defs) != s.levels || s.reps != nil && len(s.reps) != s.levels || s.reps == nil && s.list {
		return fmt.Errorf("%w: %d values with %d and %d levels", ErrCorrupt, s.levels, len(s.defs), len(s.reps))
	}
	if dict := s.page.Dictionary(); dict != nil {
		if dict != s.dict {
			s.values.dictionary(dict)
			s.dict = dict
			s.loaded++
		}
		data := s.page.Data()
		s.index = data.Int32()
		have = len(s.index)
		last := uint32(0)
		for _, i := range s.index {
			last = max(last, uint32(i))
		}
		if n := s.values.len(); have > 0 && last >= uint32(n) {
			return fmt.Errorf("%w: entry %d of a dictionary of %d", ErrCorrupt, int32(last), n)
		}
	} else {
		s.dict = nil
		s.loaded++
		s.own, have = s.values.plain(s.page, s.own[:0], want)
		s.index = s.own
	}
	if have != want {
		return fmt.Errorf("%w: %d values where the levels say %d", ErrCorrupt, have, want)
	}
	return nil
}

// fill stores the next n rows' values.
func (s *strip) fill(rows unsafe.Pointer, n int, c *blockCells) error {
	field := unsafe.Add(rows, s.offset)
	c.among = c.among[:0]
	if s.list {
		return s.fillLists(field, n, c)
	}
	was, told := c.set, -1
	c.set = was && n < blockRows // behind the last row
	for at := 0; at < n; {
		if s.at == s.levels {
			if err := s.next(); err != nil {
				return noEOF(err)
			}
			continue
		}
		m := min(n-at, s.levels-s.at)
		count, defs := m, []byte(nil)
		if s.defs != nil {
			defs = s.defs[s.at : s.at+m]
			if count = bytes.Count(defs, []byte{s.def}); count == m {
				defs = nil
			}
		}
		if count < m && !s.optional {
			return errNull
		}
		if count > 0 || was { // else all are null already
			s.values.put(unsafe.Add(field, uintptr(at)*s.stride), s.stride, s.optional, s.index[s.value:s.value+count], defs, s.def)
		}
		if count > 0 {
			c.set = true
			if told != s.loaded {
				told = s.loaded
				c.among = append(c.among, s.values.slice())
			}
		}
		s.at, s.value, at = s.at+m, s.value+count, at+m
	}
	return nil
}

// fillLists is fill for lists of text.
func (s *strip) fillLists(field unsafe.Pointer, n int, c *blockCells) error {
	if c.list == nil {
		c.list = make([]string, 0, blockRows) // an empty list is no null
	}
	c.list = c.list[:0]
	told := -1
	row, start := -1, 0 // the list that is open, and where it begins
	open := false       // it may go on
	for {
		all := s.values.(*textValues).all
		for s.at < s.levels {
			if s.reps[s.at] == 0 {
				if row+1 == n {
					return nil
				}
				row++
				start = len(c.list)
			} else if !open {
				return fmt.Errorf("%w: a list goes on where none is", ErrCorrupt)
			}
			d := s.def
			if s.defs != nil {
				d = s.defs[s.at]
			}
			cell := (*[]string)(unsafe.Add(field, uintptr(row)*s.stride))
			open = d == s.def
			switch {
			case open:
				c.list = append(c.list, all[s.index[s.value]])
				s.value++
				*cell = c.list[start:len(c.list):len(c.list)]
				if told != s.loaded {
					told = s.loaded
					c.among = append(c.among, s.values.slice())
				}
			case d == s.empty:
				*cell = c.list[start:start:start]
			case d < s.empty:
				*cell = nil
			default:
				return errors.New("has a null in its list")
			}
			s.at++
		}
		if err := s.next(); err == io.EOF && row+1 == n {
			return nil
		} else if err != nil {
			return noEOF(err)
		}
	}
}
