package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits on one JSON record.
const (
	maxDepth    = 256
	maxElements = 100_000
)

// What several formats find missing.
var (
	errMissing    = errors.New("is missing")
	errNoMessages = errors.New("no messages")
)

// A fault is what is wrong with a part of a value.
type fault struct {
	field string
	err   error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// fault is one of the value that was read last.
func (r *record) fault(format string, args ...any) error {
	return &fault{dotted(string(r.dec.StackPointer())), fmt.Errorf(format, args...)}
}

// dotted writes a JSON pointer as messages[3].role.
func dotted(pointer string) string {
	var b strings.Builder
	for _, name := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		if n, err := strconv.Atoi(name); err == nil {
			fmt.Fprintf(&b, "[%d]", n)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
	}
	return b.String()
}

// syntax says what is wrong in our words where we have better ones.
func (r *record) syntax(err error) error {
	var e *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("unexpected end of line; the file may be cut")
	case !errors.As(err, &e):
		return err
	case errors.Is(e.Err, jsontext.ErrDuplicateName):
		return fmt.Errorf("duplicate key %s", excerpt(e.JSONPointer.LastToken()))
	}
	if r.line == nil { // a stream, of which nothing is there to look at
		if strings.Contains(e.Err.Error(), "surrogate") {
			return fmt.Errorf("invalid UTF-8 at byte %d: half of a surrogate pair", e.ByteOffset+1)
		}
		return fmt.Errorf("not JSON at byte %d: %w", e.ByteOffset+1, e.Err)
	}
	at := min(int(e.ByteOffset), len(r.line))
	if bytes.HasPrefix(r.line[at:], []byte(`\u`)) {
		return fmt.Errorf("invalid UTF-8 at byte %d: half of a surrogate pair", at+1)
	}
	return fmt.Errorf("not JSON at byte %d: %w", at+1, e.Err)
}

// checkUTF8 is nil for valid UTF-8, else it names the first bad byte, from 1.
func checkUTF8(b []byte) error {
	if utf8.Valid(b) {
		return nil
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("invalid UTF-8 at byte %d", i+1)
		}
		i += n
	}
}

// checkSize bounds depth and elements before anything is read.
func checkSize(line []byte) error {
	depth, elements := 0, 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			i += 1 + quotedLength(line[i+1:])
		case '{', '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("nested more than %d deep", maxDepth)
			}
		case '}', ']':
			depth--
		case ',':
			if elements++; elements > maxElements {
				return fmt.Errorf("more than %d elements in one record", maxElements)
			}
		}
	}
	return nil
}

// quotedLength is the length of what stands before the closing quote of a string; what comes
// after the opening one is given. Without a closing quote it is all.
func quotedLength(b []byte) int {
	for i := 0; ; i++ {
		next := bytes.IndexByte(b[i:], '"')
		if next < 0 {
			return len(b)
		}
		i += next
		escapes := i
		for escapes > 0 && b[escapes-1] == '\\' {
			escapes--
		}
		if (i-escapes)%2 == 0 {
			return i
		}
	}
}

// excerpt quotes a value for a message, cut to 80 bytes.
func excerpt(s string) string {
	const most = 80
	if len(s) <= most {
		return strconv.Quote(s)
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strconv.Quote(s[:n]) + "…"
}
