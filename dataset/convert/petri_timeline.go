package convert

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An eventStub is what timelines need to know of an event.
type eventStub struct{ kind, uuid, anchor string }

// A timeline is how Petri 3 keeps the branches of one party: each span holds only what it
// adds to the one that it came from.
type timeline struct {
	Name string       `json:"name"`
	Root timelineSpan `json:"root"`
}

type timelineSpan struct {
	Type     string         `json:"type"`  // event, or span
	Event    string         `json:"event"` // its uuid
	Name     string         `json:"name"`
	Content  []timelineSpan `json:"content"`
	Branches []timelineSpan `json:"branches"`
	From     string         `json:"branched_from"` // an anchor; "" = from the beginning
}

// lines keeps the target's timeline.
func (s *sample) lines(r *record) error {
	return r.array(func(int) error {
		text, ok, err := r.small(maxRecord / 4)
		if err != nil {
			return err
		}
		if g, _, _ := look([]byte(text[:min(len(text), headBytes)])); !strings.EqualFold(g.get("name").text, "target") {
			return nil
		}
		if !ok {
			return errTooMuch
		}
		s.timelines = append(s.timelines, jsontext.Value(text))
		return nil
	})
}

// store looks for the events that Petri 1 and 2 kept there.
func (s *sample) store(r *record) error {
	return r.object(func(key string) error {
		name, ok := strings.CutPrefix(key, "AuditStore:")
		switch {
		case !ok:
		case name == "events" || strings.HasSuffix(name, ":events"):
			return r.array(func(int) error { return s.petri.read(r) })
		case name == "seed_instructions" || strings.HasSuffix(name, ":seed_instructions"):
			var err error
			s.seed, err = r.shown()
			return err
		}
		return r.skip()
	})
}

// splice lists the branches of a span that is reached with those events before it.
func (t *timelineSpan) splice(before []string, anchors map[string]string, stubs map[string]eventStub, steps *int, each func([]string)) error {
	own := t.events(false)
	if !anyModel(own, stubs) {
		own = t.events(true)
	}
	whole := append(before[:len(before):len(before)], own...)
	if *steps += len(whole); *steps > mostSteps {
		return &fault{"timelines", errTooManySteps}
	}
	each(whole)
	for i := range t.Branches {
		b := &t.Branches[i]
		var prefix []string
		if b.From != "" {
			cut := -1
			for j, uuid := range own {
				if anchors[uuid] == b.From {
					cut = j
					break
				}
			}
			if cut < 0 {
				return &fault{"timelines", fmt.Errorf("branch %s comes from the anchor %s, which is not in what it branches from", excerpt(b.Name), excerpt(b.From))}
			}
			prefix = whole[:len(before)+cut+1]
		}
		if err := b.splice(prefix, anchors, stubs, steps, each); err != nil {
			return err
		}
	}
	return nil
}

// events are those of a span itself, and of the spans in it if inner.
func (t *timelineSpan) events(inner bool) (out []string) {
	for i := range t.Content {
		switch c := &t.Content[i]; {
		case c.Type == "event":
			out = append(out, c.Event)
		case inner:
			out = append(out, c.events(true)...)
		}
	}
	return out
}

func anyModel(uuids []string, stubs map[string]eventStub) bool {
	for _, uuid := range uuids {
		if stubs[uuid].kind == "model" {
			return true
		}
	}
	return false
}

// A modelEvent is a call of a model: what it saw and what it said.
type modelEvent struct {
	messages []*inspectMessage
	refs     [][2]int // into the pool of messages, behind messages
	answer   *inspectMessage
}

// again reads, in a sample with a timeline of the target, the conversations of its branches.
func (s *sample) again(r *record, open func() (io.ReadCloser, error)) error {
	if len(s.timelines) == 0 {
		return nil
	}
	stubs, anchors := map[string]eventStub{}, map[string]string{}
	for _, e := range s.stubs {
		stubs[e.uuid] = e
		if e.anchor != "" {
			anchors[e.uuid] = e.anchor
		}
	}
	var last []string // the last call of each branch
	wanted := map[string]*modelEvent{}
	steps := 0
	for _, text := range s.timelines {
		var t timeline
		if err := json.Unmarshal(text, &t, jsontext.AllowInvalidUTF8(true)); err != nil {
			return &fault{"timelines", fmt.Errorf("cannot be read: %w", err)}
		}
		err := t.Root.splice(nil, anchors, stubs, &steps, func(uuids []string) {
			for i := len(uuids) - 1; i >= 0; i-- {
				if stubs[uuids[i]].kind == "model" {
					last = append(last, uuids[i])
					wanted[uuids[i]] = nil
					return
				}
			}
		})
		if err != nil {
			return err
		}
	}
	pool := map[int]*inspectMessage{}
	own := r.own()
	passes := []func(key string) error{
		func(key string) error {
			if key != "events" {
				return own.skip()
			}
			return own.array(func(int) error { return s.call(own, wanted, pool) })
		},
		func(key string) error {
			switch {
			case key == "events_data":
				return own.object(func(key string) error {
					if key != "messages" {
						return own.skip()
					}
					return s.pool(own, pool)
				})
			case key == "message_pool":
				return s.pool(own, pool)
			}
			return own.skip()
		},
		func(key string) error {
			if key != "attachments" {
				return own.skip()
			}
			return own.object(func(key string) error { return s.attachments.take(own, key) })
		},
	}
	for _, pass := range passes {
		if _, err := own.whole(open, r.sink.run.ReplaceUTF8, func() error { return own.object(pass) }); err != nil {
			return err
		}
	}
	for _, uuid := range last {
		e := wanted[uuid]
		if e == nil {
			continue
		}
		messages := e.messages
		for _, ref := range e.refs {
			for i := ref[0]; i < ref[1]; i++ {
				if pool[i] == nil {
					return &fault{"events", fmt.Errorf("the call %s saw message %d of the pool, which is not there", excerpt(uuid), i)}
				}
				messages = append(messages, pool[i])
			}
		}
		if e.answer != nil {
			messages = append(messages, e.answer)
		}
		s.branched = append(s.branched, messages)
	}
	return nil
}

// call reads a call of a model, if it is wanted.
func (s *sample) call(r *record, wanted map[string]*modelEvent, pool map[int]*inspectMessage) error {
	if r.kind() != jsontext.KindBeginObject {
		return r.skip()
	}
	uuid := ""
	e := &modelEvent{}
	unwanted := func() bool {
		_, ok := wanted[uuid]
		return uuid != "" && !ok
	}
	err := r.object(func(key string) error {
		switch {
		case key == "uuid":
			return s.words(r, &uuid)
		case unwanted():
			return r.skip()
		case key == "input" && r.kind() == jsontext.KindBeginArray:
			return inspectMessages(r, func(_ int, m *inspectMessage) error {
				e.messages = append(e.messages, m)
				return nil
			})
		case key == "input_refs":
			refs := s.refs
			s.refs = nil
			err := s.ranges(r)
			e.refs, s.refs = s.refs, refs
			return err
		case key == "output":
			return r.object(func(key string) error {
				if key != "choices" {
					return r.skip()
				}
				return r.array(func(i int) error {
					if i > 0 {
						return r.skip()
					}
					return r.object(func(key string) (err error) {
						if key != "message" {
							return r.skip()
						}
						e.answer, err = readInspectMessage(r)
						return err
					})
				})
			})
		}
		return r.skip()
	})
	if err != nil || uuid == "" || unwanted() {
		return err
	}
	wanted[uuid] = e
	for _, ref := range e.refs {
		for i := ref[0]; i < ref[1]; i++ {
			pool[i] = nil
		}
	}
	for _, m := range e.messages {
		if err := s.weigh(m); err != nil {
			return err
		}
	}
	if e.answer != nil {
		return s.weigh(e.answer)
	}
	return nil
}

// pool reads the messages that calls share, as far as they are wanted.
func (s *sample) pool(r *record, pool map[int]*inspectMessage) error {
	return r.array(func(i int) error {
		if _, ok := pool[i]; !ok {
			return r.skip()
		}
		m, err := readInspectMessage(r)
		if err != nil {
			return err
		}
		pool[i] = m
		return s.weigh(m)
	})
}

// branch makes the trajectories of a sample that Petri ran.
func (s *sample) branch(r *record) error {
	branches := s.branched
	if s.petri.seen > 0 {
		var err error
		if branches, err = s.petri.finish(r); err != nil {
			return err
		}
	}
	if len(branches) == 0 {
		return nil
	}
	if s.seed != "" {
		s.scenario.Description = ptr(s.seed)
	}
	s.turns = s.turns[:0]
	return s.branches(r, branches, s.attachments.resolve(r))
}
