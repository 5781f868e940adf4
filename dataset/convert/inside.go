package convert

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// prepare looks at a source of the format before its values are read.
func (f *Format) prepare(s *source) error {
	seen := see(s.head)
	s.layout, _ = f.layoutOf(seen)
	if f.knows == nil {
		return nil
	}
	s.whole = f.gather != nil && f.gathers(seen.first)
	if s.parquet && (s.whole || s.layout != lines) {
		return fmt.Errorf("%s: %s is not read from Parquet", s.name, f.Name)
	}
	var rest map[string]jsontext.Value
	if s.layout == inside {
		read := func(in io.Reader) (err error) {
			s.list, rest, err = surroundings(in, f.list)
			s.listless = s.list < 0
			if s.listless {
				s.list = 0
			}
			if s.bom {
				s.list += int64(len(bom))
			}
			return err
		}
		var err error
		switch {
		case s.info != nil:
			err = s.open(position{}, read)
		case len(s.head) < headBytes-len(bom):
			err = read(bytes.NewReader(s.head))
		default:
			err = fmt.Errorf("is read twice, so it must be a file: %s has a list inside an object", f.Name)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if f.beside == nil {
		return nil
	}
	var err error
	if s.beside, err = f.beside(s, rest); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

// skipping passes over what a stream begins with.
type skipping struct {
	r    io.Reader
	left int64
}

func (s *skipping) Read(b []byte) (int, error) {
	if s.left > 0 {
		n, err := io.CopyN(io.Discard, s.r, s.left)
		if s.left -= n; err != nil {
			return 0, err
		}
	}
	return s.r.Read(b)
}

// surroundings finds a list inside an object by the keys that lead to it, and what the
// objects on the way hold besides, by its last key. Where there is no such list, it is
// below 0. What is no JSON ends it; those who read the values tell.
func surroundings(in io.Reader, keys []string) (list int64, rest map[string]jsontext.Value, err error) {
	w := &walker{r: bufio.NewReaderSize(in, 1<<16), keys: keys, list: -1, rest: map[string]jsontext.Value{}}
	if err = w.object(0); err == io.EOF || errors.Is(err, errNotJSON) {
		err = nil
	}
	return w.list, w.rest, err
}

var errNotJSON = errors.New("not JSON")

// A walker reads JSON byte by byte, as far as that needs to know it.
type walker struct {
	r    *bufio.Reader
	at   int64
	keys []string
	list int64
	rest map[string]jsontext.Value
	held int
}

func (w *walker) next() (byte, error) {
	c, err := w.r.ReadByte()
	if err == nil {
		w.at++
	}
	return c, err
}

// peek is the next byte that is no blank.
func (w *walker) peek() (byte, error) {
	for {
		b, err := w.r.Peek(1)
		if err != nil {
			return 0, err
		}
		if c := b[0]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, nil
		}
		if _, err := w.next(); err != nil {
			return 0, err
		}
	}
}

// expect reads one of these bytes.
func (w *walker) expect(any ...byte) (byte, error) {
	c, err := w.peek()
	if err != nil {
		return 0, err
	}
	if !slices.Contains(any, c) {
		return 0, errNotJSON
	}
	return w.next()
}

// object reads one that lies that many keys deep.
func (w *walker) object(depth int) error {
	if _, err := w.expect('{'); err != nil {
		return err
	}
	for {
		c, err := w.expect('"', ',', '}')
		if err != nil || c == '}' {
			return err
		}
		if c == ',' {
			continue
		}
		quoted := []byte{c}
		if err := w.text(&quoted); err != nil {
			return err
		}
		key, err := jsontext.AppendUnquote(nil, quoted)
		if err != nil {
			return errNotJSON
		}
		if _, err := w.expect(':'); err != nil {
			return err
		}
		if err := w.member(string(key), depth); err != nil {
			return err
		}
	}
}

func (w *walker) member(key string, depth int) error {
	c, err := w.peek()
	if err != nil {
		return err
	}
	there := depth < len(w.keys) && w.keys[depth] == key
	switch last := depth == len(w.keys)-1; {
	case there && last && c == '[' && w.list < 0:
		w.list = w.at
		return w.value(nil)
	case there && !last && c == '{':
		return w.object(depth + 1)
	}
	var text []byte
	if err := w.value(&text); err != nil {
		return err
	}
	text, _ = finite(text)
	if w.rest[key] == nil && jsontext.Value(text).IsValid() {
		w.rest[key] = text
	}
	return nil
}

// value reads one, and keeps it if it is wanted.
func (w *walker) value(into *[]byte) error {
	depth := 0
	for {
		c, err := w.peek()
		if err != nil {
			return err
		}
		if depth == 0 && (c == ',' || c == '}' || c == ']') {
			return nil
		}
		if c, err = w.take(into); err != nil {
			return err
		}
		switch c {
		case '"':
			if err := w.text(into); err != nil {
				return err
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
}

// text reads the rest of a string.
func (w *walker) text(into *[]byte) error {
	for {
		c, err := w.take(into)
		if err == nil && c == '\\' {
			_, err = w.take(into)
		}
		if err != nil || c == '"' {
			return err
		}
	}
}

func (w *walker) take(into *[]byte) (byte, error) {
	c, err := w.next()
	if into == nil || err != nil {
		return c, err
	}
	if w.held++; w.held > maxRecord {
		return c, fmt.Errorf("more than %d MiB beside the list of %s", maxRecord>>20, w.keys[len(w.keys)-1])
	}
	*into = append(*into, c)
	return c, nil
}
