package convert

import (
	"bytes"
	"fmt"
	"io"

	"github.com/righting-bench/righting/schema"
)

// A gatherer makes conversations of a file's values.
type gatherer interface {
	// value takes one in, as a part of a conversation; errSkip says that it is none. After
	// any other error it is as it was before.
	value(r *record) error
	// end hands over the conversations.
	end(s *sink, take func(*gathered))
}

// A gathered conversation.
type gathered struct {
	draft
	parts  int          // values that are in no conversation before
	place  schema.Place // of the first
	offset int64
}

// part counts a value in.
func (g *gathered) part(r *record) {
	if g.parts++; g.parts == 1 {
		g.place, g.offset = r.place, r.offset
	}
}

// most of a conversation from standard input is held in memory.
const mostPiped = 256 << 20

// conversation is a source that is gathered, in one piece.
func (s *source) conversation(r *run, in io.Reader) func(func(piece, error) bool) {
	return func(yield func(piece, error) bool) {
		p := piece{source: s, last: true, free: func() {}}
		read := func(sink *sink, in io.Reader) error {
			from := position{}
			if s.bom {
				from.Offset = int64(len(bom))
			}
			sink.gather = r.format.gather(s)
			defer func() { sink.gather = nil }()
			for p, err := range r.split(in, s, from, func(n int) []byte { return make([]byte, n) }, func([]byte) {}).pieces {
				if err != nil {
					return err
				}
				if err := p.read(sink); err != nil {
					return err
				}
			}
			sink.gather.end(sink, sink.conversation)
			return sink.failed
		}
		if s.info != nil {
			p.size = s.info.Size()
			p.read = func(sink *sink) error {
				return s.open(position{}, func(in io.Reader) error { return read(sink, in) })
			}
		} else {
			text, err := io.ReadAll(io.LimitReader(in, mostPiped+1))
			if err == nil && len(text) > mostPiped {
				err = fmt.Errorf("%s: more than %d MiB of a conversation; give it as a file", s.name, mostPiped>>20)
			}
			if err != nil {
				yield(p, err)
				return
			}
			p.size = int64(len(text))
			p.read = func(sink *sink) error { return read(sink, bytes.NewReader(text)) }
		}
		p.next = position{Offset: p.size, Row: 1}
		yield(p, nil)
	}
}

// conversation makes a row of what was gathered; its values are rejected if that cannot
// be, and skipped if it has no turns.
func (s *sink) conversation(g *gathered) {
	if s.failed != nil {
		return
	}
	if len(g.turns) == 0 {
		s.result.Written -= g.parts
		s.result.Skipped += g.parts
		return
	}
	s.blank = g.draft
	why := s.take(s.record(g.place))
	if why == nil || s.failed != nil {
		return
	}
	s.result.Written -= g.parts
	s.result.Rejected += g.parts - 1 // and one by reject
	s.reject(g.place, g.offset, nil, why)
	s.result.rejects[len(s.result.rejects)-1].Units = g.parts
}
