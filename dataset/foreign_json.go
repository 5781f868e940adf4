package dataset

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// foreignText writes one row as JSON.
type foreignText struct {
	b     []byte
	cols  [][]parquet.Value
	bad   error // the first value that JSON cannot hold
	badAt string
}

// value writes what a column holds within the values given, one list of them a leaf.
func (w *foreignText) value(s *shape, cols [][]parquet.Value) {
	switch first := cols[s.from]; {
	case len(first) == 0:
		panic(fmt.Sprintf("column %s has no value", s.path))
	case s.repeated && first[0].DefinitionLevel() < s.def:
		w.b = append(w.b, "[]"...)
	case s.optional && first[0].DefinitionLevel() < s.def:
		w.b = append(w.b, "null"...)
	case s.repeated:
		w.elements(s, cols)
	default:
		w.one(s, cols)
	}
}

// elements writes a repeated column: each element begins where its level is repeated.
func (w *foreignText) elements(s *shape, cols [][]parquet.Value) {
	rest := slices.Clone(cols[s.from:s.to])
	part := make([][]parquet.Value, len(cols))
	w.b = append(w.b, '[')
	for n := 0; len(rest[0]) > 0; n++ {
		if n > 0 {
			w.b = append(w.b, ',')
		}
		for i, col := range rest {
			if len(col) == 0 {
				panic(fmt.Sprintf("column %s: its parts differ in length", s.path))
			}
			end := 1
			for end < len(col) && col[end].RepetitionLevel() > s.rep {
				end++
			}
			part[s.from+i], rest[i] = col[:end], col[end:]
		}
		w.one(s, part)
	}
	for _, col := range rest {
		if len(col) > 0 {
			panic(fmt.Sprintf("column %s: its parts differ in length", s.path))
		}
	}
	w.b = append(w.b, ']')
}

// one writes what is there.
func (w *foreignText) one(s *shape, cols [][]parquet.Value) {
	switch {
	case s.leaf != nil:
		if err := s.leaf(w, cols[s.from][0]); err != nil {
			if w.bad == nil {
				w.bad, w.badAt = err, s.path
			}
			w.b = append(w.b, "null"...)
		}
	case s.list != nil:
		w.value(s.list, cols)
	default:
		w.b = append(w.b, '{')
		begun := false
		for _, f := range s.fields {
			if f.skip || f.from == f.to {
				continue
			}
			if begun {
				w.b = append(w.b, ',')
			}
			begun = true
			w.quote(f.name)
			w.b = append(w.b, ':')
			w.value(f, cols)
		}
		w.b = append(w.b, '}')
	}
}

// quote writes a JSON string; s is valid UTF-8.
func (w *foreignText) quote(s string) {
	w.b = append(w.b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			w.b = append(w.b, '\\', c)
		case c < 0x20:
			w.b = fmt.Appendf(w.b, `\u%04x`, c)
		default:
			w.b = append(w.b, c)
		}
	}
	w.b = append(w.b, '"')
}

func (w *foreignText) text(b []byte) error {
	if !utf8.Valid(b) {
		return errors.New("bytes that are not UTF-8; leave the column out under ignore")
	}
	w.quote(string(b))
	return nil
}

// leafText is how values of a type are written.
func leafText(t parquet.Type) func(*foreignText, parquet.Value) error {
	var logical format.LogicalTypeValue
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	switch l := logical.(type) {
	case *format.DecimalType:
		return func(w *foreignText, v parquet.Value) error { return w.decimal(v, int(l.Scale)) }
	case *format.DateType:
		return func(w *foreignText, v parquet.Value) error {
			w.quote(time.Unix(int64(v.Int32())*24*60*60, 0).UTC().Format(time.DateOnly))
			return nil
		}
	case *format.TimestampType:
		layout := "2006-01-02T15:04:05.999999999"
		if l.IsAdjustedToUTC {
			layout += "Z"
		}
		unit := l.Unit.Value.Duration()
		return func(w *foreignText, v parquet.Value) error {
			each := int64(time.Second / unit)
			n, rest := v.Int64()/each, v.Int64()%each
			w.quote(time.Unix(n, rest*int64(unit)).UTC().Format(layout))
			return nil
		}
	case *format.IntType:
		if !l.IsSigned {
			return func(w *foreignText, v parquet.Value) error {
				n := v.Uint64()
				if v.Kind() == parquet.Int32 {
					n = uint64(v.Uint32())
				}
				w.b = strconv.AppendUint(w.b, n, 10)
				return nil
			}
		}
	case *format.UUIDType:
		return func(w *foreignText, v parquet.Value) error {
			b := v.ByteArray()
			if len(b) != 16 {
				return fmt.Errorf("a UUID of %d bytes", len(b))
			}
			w.quote(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
			return nil
		}
	case *format.Float16Type, *format.BsonType, *format.GeometryType, *format.GeographyType:
		return func(*foreignText, parquet.Value) error {
			return fmt.Errorf("type %s is not read; leave the column out under ignore", t)
		}
	}
	return (*foreignText).plain
}

// plain writes a value as its physical type has it.
func (w *foreignText) plain(v parquet.Value) error {
	switch v.Kind() {
	case parquet.Boolean:
		w.b = strconv.AppendBool(w.b, v.Boolean())
	case parquet.Int32:
		w.b = strconv.AppendInt(w.b, int64(v.Int32()), 10)
	case parquet.Int64:
		w.b = strconv.AppendInt(w.b, v.Int64(), 10)
	case parquet.Int96: // nanoseconds of a Julian day
		n := v.Int96()
		nanos := int64(n[1])<<32 | int64(n[0])
		w.quote(time.Unix((int64(int32(n[2]))-2_440_588)*24*60*60, nanos).UTC().Format("2006-01-02T15:04:05.999999999Z"))
	case parquet.Float:
		return w.float(float64(v.Float()), 32)
	case parquet.Double:
		return w.float(v.Double(), 64)
	default:
		return w.text(v.ByteArray())
	}
	return nil
}

func (w *foreignText) float(f float64, bits int) error {
	switch {
	case math.IsNaN(f):
		w.b = append(w.b, "null"...)
	case math.IsInf(f, 0):
		return errors.New("an infinite number")
	default:
		w.b = strconv.AppendFloat(w.b, f, 'g', -1, bits)
	}
	return nil
}

// decimal writes an unscaled number with its point.
func (w *foreignText) decimal(v parquet.Value, scale int) error {
	n := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		n.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		n.SetInt64(v.Int64())
	default:
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 { // two's complement
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	if scale < 0 || scale > 100 || n.BitLen() > 1024 {
		return errors.New("a decimal number of more than 100 places")
	}
	digits := new(big.Int).Abs(n).String()
	if scale > 0 {
		digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if n.Sign() < 0 {
		w.b = append(w.b, '-')
	}
	w.b = append(w.b, digits...)
	return nil
}
