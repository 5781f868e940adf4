package dataset

import (
	"slices"
	"strings"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// put is put of values.
func put[V any](all []V, field unsafe.Pointer, stride uintptr, optional bool, index []int32, defs []byte, def byte) {
	switch {
	case !optional:
		for i, x := range index {
			*(*V)(unsafe.Add(field, uintptr(i)*stride)) = all[x]
		}
	case defs == nil:
		for i, x := range index {
			*(**V)(unsafe.Add(field, uintptr(i)*stride)) = &all[x]
		}
	default:
		at := 0
		for i, d := range defs {
			var v *V
			if d == def {
				v = &all[index[at]]
				at++
			}
			*(**V)(unsafe.Add(field, uintptr(i)*stride)) = v
		}
	}
}

// each numbers n values that have no dictionary.
func each(index []int32, n int) []int32 {
	for i := range n {
		index = append(index, int32(i))
	}
	return index
}

// textValues are texts; all of a dictionary or a page are one string in memory.
type textValues struct {
	all []string
	box any
}

func (t *textValues) dictionary(dict parquet.Dictionary) {
	var b strings.Builder
	ends := make([]int, dict.Len())
	for i := range ends {
		_, _ = b.Write(dict.Index(int32(i)).ByteArray())
		ends[i] = b.Len()
	}
	t.cut(b.String(), ends)
}

func (t *textValues) plain(page parquet.Page, index []int32, _ int) ([]int32, int) {
	values := page.Data()
	data, offsets := values.ByteArray()
	if len(offsets) == 0 {
		t.cut("", nil)
		return index, 0
	}
	ends := make([]int, len(offsets)-1)
	for i := range ends {
		ends[i] = int(offsets[i+1] - offsets[0])
	}
	t.cut(string(data[offsets[0]:offsets[len(ends)]]), ends)
	return each(index, len(ends)), len(ends)
}

// cut makes values of a string by where they end.
func (t *textValues) cut(s string, ends []int) {
	t.all = make([]string, len(ends))
	from := 0
	for i, to := range ends {
		t.all[i] = s[from:to]
		from = to
	}
	t.box = t.all
}

func (t *textValues) len() int   { return len(t.all) }
func (t *textValues) slice() any { return t.box }

func (t *textValues) put(field unsafe.Pointer, stride uintptr, optional bool, index []int32, defs []byte, def byte) {
	put(t.all, field, stride, optional, index, defs, def)
}

// plainValues are numbers and flags.
type plainValues[V int32 | int64 | float64 | bool] struct {
	of   func(parquet.Value) V
	page func(encoding.Values, int) []V // n values, if there are as many
	all  []V
	box  any
}

func (p *plainValues[V]) dictionary(dict parquet.Dictionary) {
	p.all = make([]V, dict.Len())
	for i := range p.all {
		p.all[i] = p.of(dict.Index(int32(i)))
	}
	p.box = p.all
}

func (p *plainValues[V]) plain(page parquet.Page, index []int32, n int) ([]int32, int) {
	p.all = slices.Clone(p.page(page.Data(), n))
	p.box = p.all
	return each(index, len(p.all)), len(p.all)
}

func (p *plainValues[V]) len() int   { return len(p.all) }
func (p *plainValues[V]) slice() any { return p.box }

func (p *plainValues[V]) put(field unsafe.Pointer, stride uintptr, optional bool, index []int32, defs []byte, def byte) {
	put(p.all, field, stride, optional, index, defs, def)
}

// flags are the first n bits.
func flags(v encoding.Values, n int) []bool {
	bits := v.Boolean()
	out := make([]bool, min(n, 8*len(bits)))
	for i := range out {
		out[i] = bits[i>>3]>>(i&7)&1 == 1
	}
	return out
}
