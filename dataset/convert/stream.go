package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// What a stream may not have.
var (
	errLongText = fmt.Errorf("holds a text longer than %d MiB", maxRecord>>20)
	errDeep     = fmt.Errorf("nested more than %d deep", maxDepth)
	errManyKeys = fmt.Errorf("has an object of more than %d keys", mostKeys)
)

// mostKeys bounds the keys of one object, which are held to find those given twice.
const mostKeys = 500_000

// A pythonJSON passes JSON on as Python writes it: NaN, Infinity and -Infinity outside of
// strings become null. It is what keeps a stream's memory bounded: a string longer than
// maxRecord, a value deeper than maxDepth and an object of more than mostKeys are errors.
type pythonJSON struct {
	r     io.Reader
	nulls int // that it put in

	in      []byte // read, not looked at
	out     []byte // to be passed on
	buf     [32 << 10]byte
	done    error // of r
	depth   int
	commas  [maxDepth + 1]int32 // in the values it is in; below 0: a list
	length  int                 // of the string it is in
	quoted  bool
	escaped bool
}

// reset begins anew, with the same memory.
func (p *pythonJSON) reset(r io.Reader) {
	p.r, p.nulls, p.in, p.out, p.done = r, 0, nil, nil, nil
	p.commas[0] = 0
	p.depth, p.length, p.quoted, p.escaped = 0, 0, false, false
}

func (p *pythonJSON) Read(b []byte) (int, error) {
	for len(p.out) == 0 {
		if p.done != nil && len(p.in) == 0 {
			return 0, p.done
		}
		if p.done == nil {
			kept := copy(p.buf[:], p.in)
			n, err := p.r.Read(p.buf[kept:])
			p.in, p.done = p.buf[:kept+n], err
		}
		if err := p.look(); err != nil {
			p.in, p.done = nil, err
		}
	}
	n := copy(b, p.out)
	p.out = p.out[n:]
	return n, nil
}

// look moves what is in to out, as far as it can be told what it is.
func (p *pythonJSON) look() error {
	p.out = p.out[:0:0]
	from, i := 0, 0
	for i < len(p.in) {
		if p.quoted {
			i = p.text(i)
			if p.length > maxRecord {
				return errLongText
			}
			continue
		}
		switch c := p.in[i]; c {
		case '"':
			p.quoted, p.length = true, 0
		case '{', '[':
			if p.depth++; p.depth > maxDepth {
				return errDeep
			}
			if p.commas[p.depth] = 0; c == '[' {
				p.commas[p.depth] = -1
			}
		case ',':
			if n := p.commas[p.depth]; n >= 0 {
				if p.commas[p.depth]++; n >= mostKeys {
					return errManyKeys
				}
			}
		case '}', ']':
			p.depth = max(0, p.depth-1)
		case 'N', 'I', '-':
			word, whole := pythonWord(p.in[i:])
			switch {
			case word != "":
				p.out = append(append(p.out, p.in[from:i]...), "null"...)
				p.nulls++
				i += len(word)
				from = i
				continue
			case !whole && p.done == nil: // it may go on behind what was read
				p.out = append(p.out, p.in[from:i]...)
				p.in = p.in[i:]
				return nil
			}
		}
		i++
	}
	if from == 0 {
		p.out = p.in[:i:i]
	} else {
		p.out = append(p.out, p.in[from:]...)
	}
	p.in = nil
	return nil
}

// text goes on in a string from i, and tells where it or what was read ends.
func (p *pythonJSON) text(i int) int {
	at := i
	for i < len(p.in) {
		if p.escaped {
			p.escaped = false
			i++
			continue
		}
		n := bytes.IndexAny(p.in[i:], `"\`)
		if n < 0 {
			i = len(p.in)
			break
		}
		i += n + 1
		if p.in[i-1] == '"' {
			p.quoted = false
			break
		}
		p.escaped = true
	}
	p.length += i - at
	return i
}

// pythonWord is the word that data begins with; whole tells that more data would not make
// it one.
func pythonWord(data []byte) (word string, whole bool) {
	whole = true
	for _, w := range []string{"NaN", "Infinity", "-Infinity"} {
		switch n := min(len(w), len(data)); {
		case string(data[:n]) != w[:n]:
		case n == len(w):
			return w, true
		default:
			whole = false
		}
	}
	return "", whole
}

// streamed reads one value of a stream into rows, or rejects it; no more of it is in memory
// at once than what read keeps. It is opened again where it has to be read again.
func (s *sink) streamed(at schema.Place, offset int64, open func() (io.ReadCloser, error), read func(*record, *draft) error) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	r := s.record(at)
	s.result.Read++
	begins, err := s.stream(r, open, false, read)
	var bad *jsontext.SyntacticError
	if errors.As(err, &bad) && s.run.ReplaceUTF8 {
		if _, again := s.stream(r, open, true, read); !errors.As(again, &bad) {
			s.note(at.File, at.Row, "invalid UTF-8 was replaced")
			err = again
		}
	}
	if err == nil {
		err = s.take(r)
	}
	var system *fs.PathError
	switch {
	case err == nil:
		s.result.Written++
	case s.failed != nil:
		return s.failed
	case errors.As(err, &system):
		return err
	default:
		s.reject(at, offset, begins, r.streamFault(err))
	}
	return nil
}

// stream reads the value that open gives, to its end, and tells how it begins.
func (s *sink) stream(r *record, open func() (io.ReadCloser, error), lenient bool, read func(*record, *draft) error) (begins []byte, err error) {
	s.blank.reset(r.place.Row, 1)
	begins, err = r.whole(open, lenient, func() error { return read(r, &s.blank) })
	return begins, err
}

// whole reads a value with read, and asks that nothing is behind it.
func (r *record) whole(open func() (io.ReadCloser, error), lenient bool, read func() error) (begins []byte, err error) {
	in, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	first := &beginning{r: in}
	if r.loose == nil {
		r.loose = &pythonJSON{}
	}
	loose := r.loose
	loose.reset(first)
	r.line = nil
	r.dec.Reset(loose, jsontext.AllowInvalidUTF8(lenient))
	err = read()
	var f *fault
	if errors.As(err, &f) {
		return first.kept, err
	}
	if err == nil {
		if _, behind := r.dec.ReadToken(); !errors.Is(behind, io.EOF) {
			err = behind
			if err == nil {
				err = errors.New("something is behind its end")
			}
		}
	}
	if loose.nulls > 0 {
		r.sink.note(r.place.File, r.place.Row, "NaN or Infinity, read as missing")
	}
	return first.kept, err
}

// streamFault says what is wrong with a stream in our words.
func (r *record) streamFault(err error) error {
	for _, ours := range []error{errLongText, errDeep, errManyKeys, errBomb, errDamaged} {
		if errors.Is(err, ours) {
			return ours
		}
	}
	var f *fault
	if errors.As(err, &f) {
		return err
	}
	return r.syntax(err)
}

// A beginning keeps what a stream begins with.
type beginning struct {
	r    io.Reader
	kept []byte
}

func (b *beginning) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.kept = append(b.kept, p[:min(n, maxRaw-len(b.kept))]...)
	return n, err
}

// small reads any value as it is written, but for spaces; one longer than limit bytes is
// passed over and false.
func (r *record) small(limit int) (string, bool, error) {
	if k := r.kind(); k != jsontext.KindBeginObject && k != jsontext.KindBeginArray {
		v, err := r.dec.ReadValue()
		return r.utf8(string(v)), len(v) <= limit, err
	}
	var b bytes.Buffer
	enc := jsontext.NewEncoder(&b, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	depth := r.dec.StackDepth()
	for {
		t, err := r.dec.ReadToken()
		if err != nil {
			return "", false, err
		}
		if b.Len() <= limit {
			if err := enc.WriteToken(t); err != nil {
				return "", false, err
			}
		}
		if r.dec.StackDepth() == depth {
			break
		}
	}
	out := bytes.TrimSpace(b.Bytes())
	return r.utf8(string(out)), len(out) <= limit, nil
}
