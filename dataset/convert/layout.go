package convert

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A layout is how JSON values lie in a file.
type layout string

const (
	lines  layout = "lines"  // one a line, or several
	array  layout = "array"  // the elements of one array
	values layout = "values" // one after another, over several lines
	inside layout = "inside" // the elements of a list inside one object
)

// listed is whether the values are a list's elements.
func (l layout) listed() bool { return l == array || l == inside }

// layoutOf is how the values of a format lie in a file that begins with head; false if
// none of them is seen there.
func (f *Format) layoutOf(head []byte) (layout, bool) {
	if f.knows == nil {
		return "", f.knowsFile(head)
	}
	head, _ = finite(head)
	first, size, _ := look(head)
	if f.holds != nil && f.holds(first) {
		return inside, true
	}
	if list := first.kind == jsontext.KindBeginArray && !f.knows(first); list && (len(first.list) == 0 || f.knows(first.at(0))) {
		return array, len(first.list) > 0
	}
	over := bytes.ContainsRune(bytes.TrimSpace(head[:size]), '\n') // several lines
	rest := head
	for range headRows {
		if over {
			break // its lines are no values of their own
		}
		line, more, ended := bytes.Cut(rest, []byte("\n"))
		if g, _, whole := look(line); whole && f.knows(g) {
			return lines, true
		}
		if rest = more; !ended {
			break
		}
	}
	if f.knows(first) && over {
		return values, true
	}
	return lines, f.knows(first)
}

// Sniff is the format of a file by its content, which may be compressed. It is an error
// if no format is known in it, or more than one.
func Sniff(path string) (*Format, error) {
	s, err := examine(path, nil)
	if err != nil {
		return nil, err
	}
	return sniff(s.name, s.head)
}

func sniff(name string, head []byte) (*Format, error) {
	var found []*Format
	var names, looked []string
	for _, f := range All {
		if _, ok := f.layoutOf(head); ok {
			found = append(found, f)
			names = append(names, "--from "+f.Name)
		}
		looked = append(looked, f.Name)
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("%s: looks like several formats; say which: %s", name, strings.Join(names, ", "))
	case len(bytes.TrimSpace(head)) == 0:
		return nil, fmt.Errorf("%s: %w", name, ErrNoRows)
	}
	if first, _, _ := look(head); prefers(first) || prefers(first.at(0)) {
		return nil, fmt.Errorf("%s: holds preferences (chosen, rejected), which are no conversations that were had; a recipe can read either side of them", name)
	}
	return nil, fmt.Errorf("%s: no format is known in it; looked for %s. --from FORMAT says what it is (righting explain FORMAT: what it is known by), --recipe reads tables", name, strings.Join(looked, ", "))
}

// prefers is whether a value holds two answers, of which one is better.
func prefers(g glance) bool {
	return g.has("chosen", "rejected") || g.has("chosen_messages", "rejected_messages")
}
