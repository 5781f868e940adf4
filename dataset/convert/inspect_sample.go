package convert

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A sample is what is gathered of one.
type sample struct {
	*draft
	log         *inspectLog
	sample      string // its id
	epoch       int
	uuid        string
	input       string
	target      string
	messages    []*inspectMessage
	refs        [][2]int // into the messages that lie in chunks
	scores      []inspectScore
	attachments attachments
	judge       string // the model that played a grader
	answered    string // the model that gave the output
	petri       petriEvents
	seed        string
	timelines   []jsontext.Value
	stubs       []eventStub
	branched    [][]*inspectMessage // the target's conversations
}

// attachments are the long texts of a sample.
type attachments struct {
	wanted map[string]bool
	texts  map[string]string
	size   int
	all    bool // they come before what wants them
}

// errTooMuch: more in one sample than is held in memory.
var errTooMuch = fmt.Errorf("holds more than %d MiB of conversation", maxRecord>>20)

func (a *attachments) want(key string) {
	if a.wanted == nil {
		a.wanted = map[string]bool{}
	}
	a.wanted[key] = true
}

// take reads one if somebody wants it.
func (a *attachments) take(r *record, key string) error {
	if !a.all && !a.wanted[key] || r.kind() != jsontext.KindString {
		return r.skip()
	}
	s, err := r.text()
	if err != nil || s == nil {
		return err
	}
	if a.size += len(*s); a.size > maxRecord {
		return errTooMuch
	}
	if a.texts == nil {
		a.texts = map[string]string{}
	}
	a.texts[key] = *s
	return nil
}

// resolve is the text that s stands for.
func (a *attachments) resolve(r *record) func(string) string {
	return func(s string) string {
		key, ok := attachmentKey(s)
		if !ok {
			return s
		}
		text, ok := a.texts[key]
		if !ok {
			r.sink.note(r.place.File, r.place.Row, "an attachment is not there, so its name stands for it")
			return s
		}
		return text
	}
}

// readSample reads a sample, all but what lies in chunks.
func readSample(r *record, d *draft, log *inspectLog) (*sample, error) {
	s := &sample{draft: d, log: log}
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return nil, err
		}
		return nil, r.fault("is not a sample")
	}
	s.attachments.all = true // until there are messages
	return s, r.object(func(key string) error { return s.member(r, key) })
}

func (s *sample) member(r *record, key string) (err error) {
	var text string
	switch key {
	case "id":
		err = s.words(r, &s.sample)
	case "epoch":
		n, e := r.number()
		if err = e; n != nil {
			if s.epoch = int(*n); *n != float64(s.epoch) || s.epoch < 1 || *n > 1<<30 {
				return r.fault("%g is not a whole number from 1 on", *n)
			}
		}
	case "uuid":
		err = s.words(r, &s.uuid)
	case "input":
		s.input, err = r.shown()
	case "target":
		text, _, err = r.small(longestKept)
		s.target = text
	case "messages":
		err = inspectMessages(r, func(_ int, m *inspectMessage) error { return s.message(m) })
		s.attachments.all = false
	case "message_refs":
		err = s.ranges(r)
	case "scores":
		err = readScores(r, func(of inspectScore) error { s.scores = append(s.scores, of); return nil })
	case "score":
		var of inspectScore
		of, err = readScore(r)
		if of.name = s.log.scorer(); of.value != nil {
			s.scores = append(s.scores, of)
		}
	case "output":
		err = r.object(func(key string) error {
			if key != "model" {
				return r.skip()
			}
			return s.words(r, &s.answered)
		})
	case "error":
		text, err = r.message()
		if text != "" {
			s.Error, s.Terminal = &text, ptr("error")
		}
	case "limit":
		err = s.limit(r)
	case "started_at":
		text, err = r.shown()
		s.StartedAt = instant(text)
	case "metadata":
		err = s.metadata(r)
	case "invalidation":
		text, _, err = r.small(longestKept)
		s.keep(key, text)
	case "attachments":
		err = r.object(func(key string) error { return s.attachments.take(r, key) })
	case "transcript": // of logs before November 2024
		err = r.object(func(key string) error {
			switch key {
			case "content":
				return r.object(func(key string) error { return s.attachments.take(r, key) })
			case "events":
				return s.events(r)
			}
			return r.skip()
		})
	case "events":
		err = s.events(r)
	case "store":
		err = s.store(r)
	case "timelines":
		err = s.lines(r)
	default:
		err = r.skip()
	}
	return err
}

// words reads a name.
func (s *sample) words(r *record, into *string) error {
	w, err := r.word()
	if w != nil {
		*into = *w
	}
	return err
}

// message takes one of the final conversation.
func (s *sample) message(m *inspectMessage) error {
	s.messages = append(s.messages, m)
	return s.weigh(m)
}

// weigh counts what a message holds, and asks for its attachments.
func (s *sample) weigh(m *inspectMessage) error {
	m.wants(s.attachments.want)
	for i := range m.parts {
		s.attachments.size += len(m.parts[i].text) + len(m.parts[i].reasoning)
	}
	if s.attachments.size += len(m.calls); s.attachments.size > maxRecord {
		return errTooMuch
	}
	return nil
}

// ranges reads [[start, end], …].
func (s *sample) ranges(r *record) error {
	total := 0
	return r.array(func(int) error {
		var at [2]int
		n := 0
		err := r.array(func(i int) error {
			v, err := r.number()
			if err == nil && (v == nil || i > 1 || *v < 0 || *v > 1<<30) {
				return r.fault("is not a place in a list of messages")
			}
			if err == nil {
				at[i], n = int(*v), i+1
			}
			return err
		})
		if err != nil {
			return err
		}
		if total += at[1] - at[0]; n != 2 || at[1] < at[0] || total > maxElements {
			return r.fault("is not a range of messages")
		}
		s.refs = append(s.refs, at)
		return nil
	})
}

// limit reads {type, limit}: the sample reached it.
func (s *sample) limit(r *record) error {
	if r.kind() != jsontext.KindBeginObject {
		return r.skip()
	}
	text, ok, err := r.small(longestKept)
	if s.Terminal == nil {
		s.Terminal = ptr("limit")
	}
	if ok {
		s.keep("limit", text)
	}
	return err
}

// metadata keeps what is short, and tells templates the scalars.
func (s *sample) metadata(r *record) error {
	return r.object(func(key string) error {
		text, ok, err := r.small(longestKept)
		switch {
		case err != nil:
			return err
		case !ok:
			r.sink.note(r.place.File, r.place.Row, "a long value of the metadata is not kept: "+excerpt(key))
			return nil
		}
		switch v := jsontext.Value(text); v.Kind() {
		case jsontext.KindBeginObject, jsontext.KindBeginArray:
		default:
			s.know("metadata."+key, scalar(v))
		}
		if !slices.Contains([]string{"limit", "invalidation", "log_status", "incomplete", "invalid"}, key) {
			s.keep(key, text)
		}
		return nil
	})
}

// events looks through them for the model that graded, and for what timelines name.
func (s *sample) events(r *record) error {
	return r.array(func(int) error {
		if r.kind() != jsontext.KindBeginObject {
			return r.skip()
		}
		var e eventStub
		var model, role string
		err := r.object(func(key string) error {
			switch key {
			case "event":
				return s.words(r, &e.kind)
			case "uuid":
				return s.words(r, &e.uuid)
			case "anchor_id":
				return s.words(r, &e.anchor)
			case "model":
				return s.words(r, &model)
			case "role":
				return s.words(r, &role)
			}
			return r.skip()
		})
		if e.kind == "model" && (role == "grader" || role == "judge") {
			s.judge = cmp.Or(s.judge, model)
		}
		if (e.kind == "model" || e.kind == "anchor") && e.uuid != "" && len(s.stubs) < maxElements {
			s.stubs = append(s.stubs, e)
		}
		return err
	})
}

// finish makes a trajectory of what was gathered.
func (s *sample) finish(r *record) error {
	switch {
	case s.sample == "":
		return &fault{"id", errMissing}
	case s.epoch == 0:
		return &fault{"epoch", errMissing}
	case len(s.messages) == 0 && s.Error == nil && len(s.branched) == 0 && s.petri.seen == 0:
		return &fault{"messages", errNoMessages}
	}
	e := s.log.Eval
	d := s.draft
	d.id = s.uuid
	if d.id == "" {
		d.id = sampleID(cmp.Or(e.ID, e.Run+e.TaskID+e.Created), s.sample, s.epoch)
	}
	d.native = fmt.Sprintf("%s/%s/%d", r.sink.source.stem, s.sample, s.epoch)
	d.Repeat = int32(s.epoch - 1)
	d.scenario.Scenario = strings.TrimPrefix(e.Task+"/"+s.sample, "/")
	if s.log.condition != "" {
		d.Condition = &s.log.condition
	}
	if s.input != "" && len(s.input) <= longestKept {
		if _, attached := attachmentKey(s.input); !attached {
			d.scenario.Description = ptr(s.input) // which stays, and the sample should not
		}
	}
	if s.target != "" && s.target != `""` && s.target != "null" && len(s.target) <= longestKept {
		d.scenario.MetadataJSON = ptr(`{"target":` + s.target + `}`)
	}
	s.name(r)
	if d.Terminal == nil {
		d.Terminal = ptr("completed")
	}
	if s.log.Status != "success" && s.log.Status != "" {
		b, _ := jsontext.AppendQuote(nil, s.log.Status)
		d.keep("log_status", string(b))
	}
	if s.log.incomplete {
		d.keep("incomplete", "true")
	}
	if s.log.Invalidated {
		d.keep("invalid", "true")
	}
	resolve := s.attachments.resolve(r)
	for _, m := range s.messages {
		d.turns = append(d.turns, m.turns(d, resolve, r.sink.run.Think)...)
	}
	s.messages = nil
	for _, of := range s.scores {
		judge := s.log.judge(of.name)
		if judge.Kind == "model" {
			judge.Model = cmp.Or(judge.Model, s.judge)
		}
		d.score(r, of, judge)
	}
	return s.branch(r)
}

// name tells templates, and the columns, what ran.
func (s *sample) name(r *record) {
	e, d := s.log.Eval, s.draft
	model := s.log.model
	for i := 0; model == "" && i < len(s.messages); i++ {
		model = s.messages[i].model
	}
	if model = cmp.Or(model, s.answered); model != "" {
		d.Model = &model
		d.know("model", &model)
	}
	if s.log.solver != "" {
		d.Agent = &s.log.solver
		d.know("solver", &s.log.solver)
		d.know("agent", &s.log.solver)
	}
	epoch := fmt.Sprint(s.epoch)
	d.know("log", &r.sink.source.stem)
	d.know("task", &e.Task)
	d.know("sample", &s.sample)
	d.know("epoch", &epoch)
	d.know("run_id", &e.Run)
	d.know("eval_id", &e.ID)
	d.known = append(d.known, s.log.args...)
}

// sampleID names a sample without an id of its own.
func sampleID(log, sample string, epoch int) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%s\x00%d", log, sample, epoch)))
	return hex.EncodeToString(sum[:])[:32]
}
