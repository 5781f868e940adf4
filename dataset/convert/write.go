package convert

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// A Writer is one layout in which trajectories leave: what others read.
type Writer struct {
	Name string // kebab-case; that of the Format that reads it, where there is one
	Doc  string // a line, a blank one, and what becomes of what
	Lost string // what is not written
	// Ext is the ending of a file's name where each trajectory is a file of its own, in a
	// folder; "" = all of them are one stream.
	Ext string
	// Scores is whether it has a place for what the judgements say.
	Scores bool

	start func(w io.Writer) writing
}

// Writers lists them, by name.
var Writers = []*Writer{writeEEE, writeOpenAIChat, writeScout, writeSTS}

// FindWriter is the writer of that name, nil if there is none.
func FindWriter(name string) *Writer {
	for _, w := range Writers {
		if w.Name == name {
			return w
		}
	}
	return nil
}

// Explain is what a person should know of what is written.
func (w *Writer) Explain() string {
	return fmt.Sprintf("%s, written by export: %s\n\nNot written: %s\n", w.Name, strings.TrimSpace(w.Doc), w.Lost)
}

// An Item is a trajectory and what is known of it beside what it says.
type Item struct {
	*schema.Trajectory
	Dataset string // its name
	// Verdicts are what the judgements say, one for each constraint that was read; nil =
	// nobody judged.
	Verdicts []Verdict
}

// A Verdict is how one constraint fared in one trajectory.
type Verdict struct {
	Constraint string
	Outcome    string
	Credit     *int32 // 1 or 0; nil = the gaps would decide
}

// Success is whether every constraint has credit; ok is false where that is not known.
func (i *Item) Success() (yes, ok bool) {
	yes, ok = true, len(i.Verdicts) > 0
	for _, v := range i.Verdicts {
		ok = ok && v.Credit != nil
		yes = yes && ok && *v.Credit == 1
	}
	return yes && ok, ok
}

// A writing is one output under way.
type writing interface {
	// write adds an item; skipped says why the layout has no place for it.
	write(*Item) (skipped string, err error)
	close() error
}

// An Out writes items to one stream or file.
type Out struct {
	writing
	Skipped map[string]int // items that were not written, by reason
	Written int
}

// New begins to write to w. The caller closes w.
func (w *Writer) New(to io.Writer) *Out { return &Out{writing: w.start(to), Skipped: map[string]int{}} }

// Write adds one item.
func (o *Out) Write(i *Item) error {
	why, err := o.write(i)
	switch {
	case err != nil:
		return fmt.Errorf("trajectory %s: %w", excerpt(i.TrajectoryID), err)
	case why != "":
		o.Skipped[why]++
	default:
		o.Written++
	}
	return nil
}

// Close writes what is left.
func (o *Out) Close() error { return o.close() }

// A lineWriter writes a JSON object a line.
type lineWriter struct {
	w    io.Writer
	line func(*object, *Item) (skipped string, err error)
}

func (l lineWriter) close() error { return nil }

func (l lineWriter) write(i *Item) (string, error) {
	var o object
	why, err := l.line(&o, i)
	if why != "" || err != nil {
		return why, err
	}
	_, err = l.w.Write(append([]byte(o.json()), '\n'))
	return "", err
}

// appending writes an item as bytes that are added to others, such as lines.
type appending struct {
	w  io.Writer
	to func([]byte, *schema.Trajectory) []byte
}

func (appending) close() error { return nil }

func (a appending) write(i *Item) (string, error) {
	_, err := a.w.Write(a.to(nil, i.Trajectory))
	return "", err
}

// An object is a JSON object that is written member by member; without any it is {}.
type object struct{ b []byte }

func (o *object) raw(name, json string) {
	if len(o.b) == 0 {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, quoted(name)...), ':'), json...)
}

func (o *object) text(name, s string) { o.raw(name, quoted(s)) }

// maybe writes a text that is there.
func (o *object) maybe(name string, s *string) {
	if s != nil {
		o.text(name, *s)
	}
}

func (o *object) json() string {
	if len(o.b) == 0 {
		return "{}"
	}
	return string(o.b) + "}"
}

// A list is a JSON array that is written element by element.
type list struct{ b []byte }

func (l *list) add(json string) {
	if len(l.b) > 0 {
		l.b = append(l.b, ',')
	}
	l.b = append(l.b, json...)
}

func (l *list) json() string { return "[" + string(l.b) + "]" }

// members are those of a JSON object, as they are written; nil for anything else.
func members(object *string) (out []member) {
	if object == nil || !jsontext.Value(*object).IsValid() || jsontext.Value(*object).Kind() != jsontext.KindBeginObject {
		return nil
	}
	dec := jsontext.NewDecoder(strings.NewReader(*object))
	_, err := dec.ReadToken()
	for err == nil && dec.PeekKind() != jsontext.KindEndObject {
		var key jsontext.Token
		var v jsontext.Value
		if key, err = dec.ReadToken(); err == nil {
			name := key.String()
			v, err = dec.ReadValue()
			out = append(out, member{name, string(v)})
		}
	}
	if err != nil { // it is valid
		panic(err)
	}
	return out
}

// list writes the elements of a list.
func (o *object) list(name string, n int, each func(i int) string) {
	var l list
	for i := range n {
		l.add(each(i))
	}
	o.raw(name, l.json())
}
