package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/righting-bench/righting/schema"
)

// An objectScan goes through a log up to the list of its samples.
type objectScan struct {
	depth           int
	quoted, escaped bool
	key             bool   // a string that begins now is a key of the log
	name            []byte // that key
	naming          bool
	samples         bool // the value that follows is that of the samples
}

// find goes on with data, up to behind the bracket of the samples; -1 = it is not there.
// Where the key of the samples begins it is cut off before.
func (s *objectScan) find(data []byte) int {
	for i, c := range data {
		switch {
		case s.escaped:
			s.escaped = false
		case s.quoted:
			switch {
			case c == '\\':
				s.escaped = true
			case c == '"':
				s.quoted = false
				if s.naming {
					s.samples, s.naming = string(s.name) == "samples", false
				}
			}
			if s.naming && len(s.name) < 16 {
				s.name = append(s.name, c)
			}
		case c == '"':
			s.quoted = true
			if s.key {
				s.naming, s.key, s.name = true, false, s.name[:0]
			}
		case c == '{' || c == '[':
			if s.samples && s.depth == 1 && c == '[' {
				return i + 1
			}
			s.samples = false
			s.depth++
			s.key = s.depth == 1 && c == '{'
		case c == '}' || c == ']':
			s.depth--
		case c == ',':
			s.key = s.depth == 1
			s.samples = false
		}
	}
	return -1
}

// readBefore reads a log up to the list of its samples: its header, and the place of the
// first sample, -1 if there is none.
func readBefore(in io.Reader) (log *inspectLog, rest []byte, at int64, err error) {
	var scan objectScan
	var header []byte
	buf := make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		i := scan.find(buf[:n])
		if i >= 0 {
			header = append(header, buf[:i]...)
			at = int64(len(header))
			rest = bytes.Clone(buf[i:n])
			header = append(header, ']', '}')
			log, why := readInspectLog(bytes.NewReader(header))
			return log, rest, at, why
		}
		header = append(header, buf[:n]...)
		switch {
		case len(header) > maxRecord:
			return nil, nil, 0, fmt.Errorf("has more than %d MiB before its samples", maxRecord>>20)
		case errors.Is(err, io.EOF):
			log, why := readInspectLog(bytes.NewReader(header))
			return log, nil, -1, why
		case err != nil:
			return nil, nil, 0, &fs.PathError{Op: "read", Path: "log", Err: err}
		}
	}
}

// cutInspectJSON makes a piece of every sample of a log. Where the file can be opened again,
// a sample is read from there and is never in memory as a whole.
func cutInspectJSON(in io.Reader, s *source, from position) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		first, seekable := in, s.info != nil && !s.packed
		if from.Row > 0 && seekable {
			f, err := os.Open(s.name)
			if err != nil {
				yield(piece{}, err)
				return
			}
			defer f.Close()
			first = f
			if s.bom {
				first = io.NewSectionReader(f, int64(len(bom)), s.info.Size())
			}
		}
		log, rest, at, err := readBefore(first)
		var system *fs.PathError
		switch {
		case errors.As(err, &system):
			yield(piece{}, fmt.Errorf("read %s: %w", s.name, s.changed(system.Err)))
			return
		case err != nil:
			yield(refused(s, err), nil)
			return
		case at < 0:
			yield(closing(s, position{}, log.warn(), "a log without samples"), nil)
			return
		}
		if s.bom {
			at += int64(len(bom))
		}
		c := &sampleCutter{source: s, log: log, in: in, rest: rest, seekable: seekable, at: position{Offset: at}}
		if from.Row > 0 {
			c.at = from
			if seekable {
				c.rest = nil
			}
		}
		for {
			p, err := c.next(from.Row)
			if err != nil {
				err = fmt.Errorf("read %s: %w", s.name, s.changed(err))
			}
			if !yield(p, err) || err != nil || p.last {
				return
			}
		}
	}
}

// A sampleCutter finds the ends of samples in a list.
type sampleCutter struct {
	*source
	log      *inspectLog
	in       io.Reader
	rest     []byte // read already
	seekable bool
	at       position // of the next sample
	buf      []byte
}

// next is the next sample, or what closes the list.
func (c *sampleCutter) next(skip int) (piece, error) {
	find := scan{layout: array}
	begins := c.at.Offset
	var data []byte
	size, long, blank := int64(0), false, true
	for {
		end, next, last, ok := find.find(c.rest)
		part := c.rest
		if ok {
			part = c.rest[:end]
		}
		size += int64(len(part))
		blank = blank && len(bytes.TrimSpace(part)) == 0
		if !c.seekable {
			if long = long || len(data)+len(part) > maxRecord; long {
				data = append(data, part[:min(len(part), max(0, maxRaw-len(data)))]...)
			} else {
				data = append(data, part...)
			}
		}
		if ok {
			c.rest = c.rest[next:]
			c.at.Offset += int64(size) + 1
			if blank {
				if !last {
					return c.piece(begins, size, nil, false, errors.New("nothing between two commas, or behind the last")), nil
				}
				return c.close(), nil
			}
			if last { // and the bracket is found again
				c.rest, c.in = []byte("]"), bytes.NewReader(nil)
				c.at.Offset--
			}
			return c.piece(begins, size, data, long, nil), nil
		}
		if c.buf == nil {
			c.buf = make([]byte, 256<<10)
		}
		n, err := c.in.Read(c.buf)
		c.rest = c.buf[:n]
		if errors.Is(err, io.EOF) && n == 0 {
			if c.at.Offset += size; blank {
				return c.close("the list of samples does not end; the log may be cut"), nil
			}
			c.rest = []byte("]")
			return c.piece(begins, size, data, long, nil), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return piece{}, err
		}
	}
}

func (c *sampleCutter) close(notes ...string) piece {
	if c.at.Row == 0 {
		notes = append(notes, "a log without samples")
	}
	return closing(c.source, c.at, append([]string{c.log.warn()}, notes...)...)
}

// piece is one sample; wrong is why it is none.
func (c *sampleCutter) piece(offset, size int64, data []byte, long bool, wrong error) piece {
	c.at.Row++
	s, log := c.source, c.log
	at := schema.Place{File: s.name, Row: c.at.Row}
	open := func() (io.ReadCloser, error) {
		if data != nil {
			return io.NopCloser(bytes.NewReader(data)), nil
		}
		f, err := os.Open(s.name)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.NewSectionReader(f, offset, size), f}, nil
	}
	if long {
		wrong = fmt.Errorf("longer than %d MiB, in a log that can be read only once; unpack it into a file", maxRecord>>20)
	}
	return piece{source: s, size: size, next: c.at, free: func() {}, read: func(k *sink) error {
		if wrong != nil {
			k.result.Read++
			k.reject(at, offset, data, wrong)
			return nil
		}
		return k.streamed(at, offset, open, func(r *record, d *draft) error {
			sample, err := readSample(r, d, log)
			if err != nil {
				return err
			}
			if err := sample.again(r, open); err != nil {
				return err
			}
			return sample.finish(r)
		})
	}}
}
