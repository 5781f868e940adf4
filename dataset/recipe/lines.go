package recipe

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Limits on what one record may be.
const (
	maxRecord = 64 << 20 // bytes
	maxRaw    = 4 << 10  // bytes of a longer one that are kept for its reject
)

// errLong: a line above maxRecord.
var errLong = fmt.Errorf("longer than %d MiB; is a line end or a closing quote missing?", maxRecord>>20)

// lines reads lines that end in LF or CR LF, in constant memory.
type lines struct {
	file   string
	r      *bufio.Reader
	n      int   // of the line last read, from 1
	start  int64 // offset of its first byte
	offset int64 // of the byte after it
	buf    []byte
}

func newLines(file string, r io.Reader) *lines {
	return &lines{file: file, r: bufio.NewReaderSize(r, 1<<16)}
}

// next is the next line without its end; it holds until the call after. With
// errLong it is the line's first bytes, and the rest of the line has been passed over.
func (l *lines) next() ([]byte, error) {
	l.n++
	l.start, l.buf = l.offset, l.buf[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.offset += int64(len(part))
		switch {
		case long:
		case len(l.buf)+len(part) > maxRecord:
			long, l.buf = true, append(l.buf, part...)[:maxRaw]
		default:
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || err == io.EOF):
			return l.buf, errLong
		case err == io.EOF && len(l.buf) > 0, err == nil:
			return trimEnd(l.buf), nil
		case err == io.EOF:
			return nil, io.EOF
		default:
			return nil, fmt.Errorf("read %s: %w", l.file, err)
		}
	}
}

func trimEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// checkUTF8 is nil for valid UTF-8, else it names the first bad byte, from 1.
func checkUTF8(b []byte) error {
	if utf8.Valid(b) {
		return nil
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("invalid UTF-8 at byte %d; save the file as UTF-8", i+1)
		}
		i += n
	}
	return nil
}
