package convert

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var inspect = &Format{
	Name: "inspect",
	Doc: `logs of Inspect AI: .eval archives and .json logs, of versions 1 to 3

An archive holds a header and samples, packed by deflate or zstd, each whole or in chunks;
one without a header is of a run that goes on or broke, and its samples are read all the
same, with incomplete in metadata_json. Of a sample that is there twice the last one
counts. A .json log is read as a stream. A record is one sample in one epoch.

turns           messages, which are the final state: what compaction or a handoff took
                away is only in the events. Parts are joined by line ends, an image or
                other medium is [image], and then metadata_json says lossy_media; what
                a tool's error says stands in its turn; a tool that the provider ran is a
                call and a turn behind it
source_id       id, of the message
reasoning       parts of that type; the summary where the text is redacted
prefilled       true for the assistant's messages of the sample's input (source: input)
                and for those with metadata.prefill
trajectory_id   uuid; without one made of the log's eval_id (or run_id, task_id and
                created), the sample's id and its epoch
source id       FILE/ID/EPOCH, for annotate --key log,sample,epoch
system, model   the eval's model, or that of its role target; --system '{model}+{solver}'
agent           the solver, or the steps of the plan joined by +
scenario        task/id, its description the input, its metadata_json the target
repeat          epoch − 1
condition       the task's arguments that are short, as name=value, joined by commas
terminal        error with the sample's error, limit with its limit, else completed
scores          a measure of the scorer's name, or NAME.KEY for each value of several, by
                the annotator scorer:NAME, about the whole. Numbers are values, true and
                false 1 and 0, words and the letters C, I, P and N value_text; NaN and
                null are missing. The annotator is a model where the log says so or the
                name begins with model_graded or has judge or grader in it, else a rule.
                An edit of a score is its author's judgement, a human's, beside the
                scorer's own; the last of each author
metadata_json   the sample's metadata as far as it is short, limit, invalidation,
                log_status if the log is no success, incomplete, invalid
Petri           logs in which Petri 3 keeps timelines, or Petri 1 and 2 their events, give
                the target's conversation and not the auditor's, one trajectory a branch
                (righting explain petri)

A scorer becomes control by --control 'model_graded_fact: C=governs,I=neutralised'.
Templates may name {model}, {solver}, {task}, {log}, {sample}, {epoch}, {run_id},
{eval_id}, {task_args.NAME}, {metadata.NAME}, {file} and {row}.`,
	Lost:      "events, sandbox, store, output and its alternatives, usage, logprobs, media, tool schemas, reductions, the answer that a scorer extracted",
	Looks:     `zip archives with header.json or _journal/start.json, or an object with "eval" and "plan", "samples", "stats" or "results"`,
	knowsFile: knowsInspect,
	cut:       cutInspect,
}

// knowsInspect knows an archive by the names of the members it begins with, a log by the
// keys of the object.
func knowsInspect(head []byte) bool {
	if bytes.HasPrefix(head, []byte(zipMagic)) {
		for _, name := range zipNames(head) {
			if name == "header.json" || strings.HasPrefix(name, "_journal/") || strings.HasPrefix(name, "samples/") {
				return true
			}
		}
		return false
	}
	if text := bytes.TrimLeft(head, " \t\r\n"); len(text) == 0 || text[0] != '{' {
		return false
	}
	g := lookLoosely(head)
	if g.get("eval").kind != jsontext.KindBeginObject {
		return g.has("version", "status") && !g.has("messages") && len(g.keys) <= 3 // it is cut, or broken, before its third key
	}
	return g.has("plan") || g.has("samples") || g.has("stats") || g.has("results") || g.has("version", "status")
}

const zipMagic = "PK\x03\x04"

// zipNames lists the members whose headers are in what an archive begins with.
func zipNames(head []byte) (names []string) {
	for len(names) < 100 {
		i := bytes.Index(head, []byte(zipMagic))
		if i < 0 || len(head) < i+30 {
			break
		}
		head = head[i:]
		n := int(binary.LittleEndian.Uint16(head[26:]))
		if len(head) < 30+n {
			break
		}
		names = append(names, string(head[30:30+n]))
		head = head[4:]
	}
	return names
}

// lookLoosely looks at a value that Python may have written.
func lookLoosely(head []byte) glance {
	text, _ := io.ReadAll(&pythonJSON{r: bytes.NewReader(head)}) // as far as it goes
	g, _, _ := look(text)
	return g
}

func cutInspect(in io.Reader, s *source, from position) iter.Seq2[piece, error] {
	if s.archive {
		return cutEval(s, from)
	}
	return cutInspectJSON(in, s, from)
}

// refused is a file that cannot be read at all, as one record.
func refused(s *source, why error) piece {
	return piece{source: s, last: true, next: position{Row: 1}, free: func() {}, read: func(k *sink) error {
		k.result.Read++
		k.reject(schema.Place{File: s.name}, 0, nil, why)
		return nil
	}}
}

// closing is the piece behind the last, with what is to be said of the whole.
func closing(s *source, next position, notes ...string) piece {
	return piece{source: s, last: true, next: next, free: func() {}, read: func(k *sink) error {
		for _, what := range notes {
			if what != "" {
				k.note(s.name, 0, what)
			}
		}
		return nil
	}}
}

// cutEval makes a piece of every sample of an archive.
func cutEval(s *source, from position) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		a, err := openEval(s)
		var system *os.PathError
		switch {
		case errors.As(err, &system):
			yield(piece{}, err)
			return
		case err != nil:
			yield(refused(s, err), nil)
			return
		}
		notes := []string{a.log.warn()}
		if a.log.incomplete {
			notes = append(notes, "has no header: the run goes on or was broken off; its finished samples are read")
		}
		if a.again > 0 {
			notes = append(notes, fmt.Sprintf("%d samples were run again; the last of each counts", a.again))
		}
		if len(a.samples) == 0 {
			notes = append(notes, "a log without samples")
		}
		for i := from.Row; i < len(a.samples); i++ {
			m := a.samples[i]
			p := piece{source: s, size: m.weight(), next: position{Row: i + 1}, free: func() {}}
			p.read = func(k *sink) error {
				at := schema.Place{File: s.name + "!" + m.whole.name}
				return k.streamed(at, m.whole.offset, m.whole.open, func(r *record, d *draft) error { return m.read(r, d, a.log) })
			}
			if !yield(p, nil) {
				return
			}
		}
		yield(closing(s, position{Row: len(a.samples)}, notes...), nil)
	}
}

// An evalFile is an archive of Inspect.
type evalFile struct {
	log     *inspectLog
	samples []*evalSample
	again   int
}

// An evalSample is where a sample lies: whole, or its shell and its chunks.
type evalSample struct {
	whole                 zipped
	metadata              *zipped
	messages, attachments []zipped
}

const truncatedEval = "is no whole zip archive: it is cut, or still written; `inspect log recover` makes a whole one of what is there"

func openEval(s *source) (*evalFile, error) {
	if s.info == nil || s.packed {
		return nil, errors.New("an archive of Inspect cannot be read from a stream; name the file, unpacked")
	}
	f, err := os.Open(s.name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	members, err := zipMembers(f, s.info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s (%w)", truncatedEval, err)
	}
	a := &evalFile{}
	var header, start *zipped
	place := map[string]int{} // of samples, by name
	chunks := map[string]*evalSample{}
	for i := range members {
		m := &members[i]
		switch {
		case m.name == "header.json":
			header = m
		case m.name == "_journal/start.json":
			start = m
		case !strings.HasPrefix(m.name, "samples/") || !strings.HasSuffix(m.name, ".json"):
		default:
			a.add(m, place, chunks)
		}
	}
	if header == nil {
		header = start
	}
	if header == nil {
		return nil, errors.New("holds neither header.json nor _journal/start.json, so it is no log of Inspect")
	}
	in, err := header.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if a.log, err = readInspectLog(in); err != nil {
		return nil, fmt.Errorf("%s: %w", header.name, err)
	}
	a.log.incomplete = header == start
	return a, nil
}

// add puts a member where it belongs.
func (a *evalFile) add(m *zipped, place map[string]int, chunks map[string]*evalSample) {
	dir, file := "", strings.TrimPrefix(m.name, "samples/")
	for _, part := range []string{"sample.json", "metadata.json", "messages/", "attachments/", "events/", "calls/", "skeleton.json", "events_data/"} {
		if i := strings.LastIndex(file, "/"+part); i >= 0 && !strings.Contains(file[i+1+len(part):], "/") {
			dir, file = file[:i], file[i+1:]
			break
		}
	}
	if dir == "" {
		if i, ok := place[m.name]; ok {
			a.samples[i] = &evalSample{whole: *m}
			a.again++
			return
		}
		place[m.name] = len(a.samples)
		a.samples = append(a.samples, &evalSample{whole: *m})
		return
	}
	c := chunks[dir]
	if c == nil {
		c = &evalSample{}
		chunks[dir] = c
	}
	switch part, _, _ := strings.Cut(file, "/"); part {
	case "sample.json":
		if c.whole.name == "" {
			a.samples = append(a.samples, c)
		}
		c.whole = *m
	case "metadata.json":
		c.metadata = m
	case "messages":
		c.messages = chunk(c.messages, *m)
	case "attachments":
		c.attachments = chunk(c.attachments, *m)
	}
}

// chunk adds one in the order of its number; one that is there again takes its place.
func chunk(all []zipped, m zipped) []zipped {
	i, there := slices.BinarySearchFunc(all, m, func(a, b zipped) int { return chunkStart(a.name) - chunkStart(b.name) })
	if there {
		all[i] = m
		return all
	}
	return slices.Insert(all, i, m)
}

// chunkStart is the number that a chunk's name ends in.
func chunkStart(name string) int {
	n, err := atoi(strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".json"))
	if err != nil {
		return -1
	}
	return int(n)
}

// weight is about how much there is to read.
func (e *evalSample) weight() int64 {
	n := e.whole.weight()
	for _, list := range [][]zipped{e.messages, e.attachments} {
		for i := range list {
			n += list[i].weight()
		}
	}
	return n
}

// read reads the sample, and its chunks where it has any.
func (e *evalSample) read(r *record, d *draft, log *inspectLog) error {
	s, err := readSample(r, d, log)
	if err != nil {
		return err
	}
	if len(e.messages) > 0 || e.metadata != nil {
		if err := e.chunks(r, s); err != nil {
			return err
		}
	}
	if err := s.again(r, e.whole.open); err != nil {
		return err
	}
	return s.finish(r)
}

// chunks reads what is not in the shell.
func (e *evalSample) chunks(r *record, s *sample) error {
	// the shell is read to its end, which the caller checks: that is done on another record
	own := r.own()
	if e.metadata != nil {
		if _, err := own.whole(e.metadata.open, r.sink.run.ReplaceUTF8, func() error { return s.metadata(own) }); err != nil {
			return err
		}
	}
	at := map[int]*inspectMessage{}
	last := 0
	for i := range e.messages {
		start := max(0, chunkStart(e.messages[i].name))
		_, err := own.whole(e.messages[i].open, r.sink.run.ReplaceUTF8, func() error {
			return inspectMessages(own, func(i int, m *inspectMessage) error {
				at[start+i] = m
				last = max(last, start+i+1)
				return nil
			})
		})
		if err != nil {
			return err
		}
	}
	refs := s.refs
	if refs == nil {
		refs = [][2]int{{0, last}}
	}
	for _, ref := range refs {
		for i := ref[0]; i < ref[1]; i++ {
			m, ok := at[i]
			if !ok {
				return &fault{"message_refs", fmt.Errorf("names message %d, which no chunk holds", i)}
			}
			if err := s.message(m); err != nil {
				return err
			}
		}
	}
	for i := range e.attachments {
		start := max(0, chunkStart(e.attachments[i].name))
		_, err := own.whole(e.attachments[i].open, r.sink.run.ReplaceUTF8, func() error {
			return own.array(func(i int) error { return s.attachments.take(own, fmt.Sprint(start+i)) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}
