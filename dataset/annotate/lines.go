package annotate

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/righting-bench/righting/dataset/recipe"
)

// maxLine bounds the bytes of one answer.
const maxLine = 64 << 20

// A lineReader reads lines in bounded memory.
type lineReader struct {
	r      *recipe.Text
	offset int64
	buf    []byte
}

var errLong = fmt.Errorf("longer than %d MiB", maxLine>>20)

// next is the next line, which holds until the call after; with errLong its first
// bytes.
func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.offset += int64(len(part))
		if long = long || len(l.buf)+len(part) > maxLine; !long {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case errors.Is(err, io.EOF) && len(l.buf) == 0 && !long:
			return nil, io.EOF
		case long:
			return l.buf[:min(len(l.buf), 4<<10)], errLong
		default:
			return bytes.TrimRight(l.buf, "\r\n"), nil
		}
	}
}
