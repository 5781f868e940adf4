package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/parquet-go/parquet-go/format"
)

// levels compares a page's levels with the nulls and rows that its header declares,
// which no checksum covers.
func (g *guard) levels(h *format.DataPageHeaderV2, l *leaf, at int64) error {
	rep, def := int(h.RepetitionLevelsByteLength), int(h.DefinitionLevelsByteLength)
	if len(g.buf) < rep+def {
		g.buf = make([]byte, rep+def)
	}
	b := g.buf[:rep+def]
	if _, err := g.f.ReadAt(b, at); err != nil {
		return err
	}
	if l.rep > 0 && h.NumValues > 0 {
		rows, err := countLevels(b[:rep], int(h.NumValues), l.rep, 0)
		if err != nil {
			return err
		}
		if rows != int(h.NumRows) {
			return fmt.Errorf("%d rows, the header says %d", rows, h.NumRows)
		}
	}
	if l.def > 0 {
		values, err := countLevels(b[rep:], int(h.NumValues), l.def, l.def)
		if err != nil {
			return err
		}
		if nulls := int(h.NumValues) - values; nulls != int(h.NumNulls) {
			return fmt.Errorf("%d nulls, the header says %d", nulls, h.NumNulls)
		}
	}
	return nil
}

// countLevels counts the ones that equal want among n levels of at most most, runs
// and packed groups of eight as Parquet's RLE has them.
func countLevels(b []byte, n, most, want int) (equal int, err error) {
	width := bits.Len(uint(most))
	for n > 0 {
		head, k := binary.Uvarint(b)
		if k <= 0 {
			return 0, errors.New("levels end early")
		}
		b = b[k:]
		if head&1 == 0 {
			if len(b) == 0 {
				return 0, errors.New("levels end early")
			}
			run := int(min(head>>1, uint64(n)))
			switch v := int(b[0]); {
			case v > most:
				return 0, fmt.Errorf("a level of %d, the schema has %d", v, most)
			case v == want:
				equal += run
			}
			n -= run
			b = b[1:]
			continue
		}
		for groups := head >> 1; groups > 0 && n > 0; groups-- {
			if len(b) < width {
				return 0, errors.New("levels end early")
			}
			var word [8]byte
			copy(word[:], b[:width])
			b = b[width:]
			packed := binary.LittleEndian.Uint64(word[:])
			for range min(n, 8) {
				v := int(packed & (1<<width - 1))
				if v > most {
					return 0, fmt.Errorf("a level of %d, the schema has %d", v, most)
				}
				if v == want {
					equal++
				}
				packed >>= width
			}
			n -= min(n, 8)
		}
	}
	return equal, nil
}
