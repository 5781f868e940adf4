package recipe

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A utf16Reader is the UTF-8 of UTF-16, the "Unicode text" of spreadsheets, whose byte
// order mark has been read. A lone surrogate or a last odd byte is an error with its
// offset in the file.
type utf16Reader struct {
	r      *bufio.Reader
	order  binary.ByteOrder
	offset int64 // of the unit that comes next
	held   []byte
	buf    [utf8.UTFMax]byte
}

func (u *utf16Reader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(u.held) == 0 {
			r, err := u.rune()
			if err != nil {
				if n > 0 && err == io.EOF {
					return n, nil
				}
				return n, err
			}
			u.held = utf8.AppendRune(u.buf[:0], r)
		}
		k := copy(p[n:], u.held)
		u.held, n = u.held[k:], n+k
	}
	return n, nil
}

// rune is the next one.
func (u *utf16Reader) rune() (rune, error) {
	a, err := u.unit()
	if err != nil || !utf16.IsSurrogate(a) {
		return a, err
	}
	at := u.offset - 2
	b, err := u.unit()
	if err != nil && err != io.EOF {
		return 0, err
	}
	if r := utf16.DecodeRune(a, b); r != utf8.RuneError {
		return r, nil
	}
	return 0, fmt.Errorf("invalid UTF-16 at byte %d; save the file as UTF-8", at+1)
}

func (u *utf16Reader) unit() (rune, error) {
	var b [2]byte
	switch n, err := io.ReadFull(u.r, b[:]); {
	case n == 1:
		return 0, fmt.Errorf("invalid UTF-16 at byte %d; the file may be cut", u.offset+1)
	case err != nil:
		return 0, err
	}
	u.offset += 2
	return rune(u.order.Uint16(b[:])), nil
}
