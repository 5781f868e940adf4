package convert

import (
	"bytes"
	"fmt"
	"slices"
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

// A sight is what is seen of the values that a file begins with.
type sight struct {
	head  []byte
	first glance
	over  bool     // the first one goes over several lines
	lines []glance // the first values of the first lines, those that are whole
}

func see(head []byte) *sight {
	s := &sight{head: head}
	head, _ = finite(head)
	first, size, _ := look(head)
	s.first, s.over = first, bytes.ContainsRune(bytes.TrimSpace(head[:size]), '\n')
	if s.over {
		return s // its lines are no values of their own
	}
	for range headRows {
		line, more, ended := bytes.Cut(head, []byte("\n"))
		if g, _, whole := look(line); whole {
			s.lines = append(s.lines, g)
		}
		if head = more; !ended {
			break
		}
	}
	return s
}

// layoutOf is how the values of a format lie in a file that is seen so; false if none of
// them is seen there.
func (f *Format) layoutOf(s *sight) (layout, bool) {
	first := s.first
	switch {
	case f.knows == nil:
		return "", f.knowsFile != nil && f.knowsFile(s.head)
	case f.holds != nil && f.holds(first):
		return inside, true
	case first.kind == jsontext.KindBeginArray && !f.knows(first) && (len(first.list) == 0 || f.knows(first.at(0))):
		return array, len(first.list) > 0
	case slices.ContainsFunc(s.lines, f.knows):
		return lines, true
	case s.over && f.knows(first):
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
	return s.sniff()
}

// known is whether the format is known in a source that is seen so.
func (f *Format) known(s *source, seen *sight) bool {
	if s.columns != nil {
		return f.knowsColumns != nil && f.knowsColumns(s.columns)
	}
	_, ok := f.layoutOf(seen)
	return ok
}

func (s *source) sniff() (*Format, error) {
	name, head := s.name, s.head
	var found []*Format
	var names, looked []string
	seen := see(head)
	for _, f := range All {
		if f.known(s, seen) {
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
	if prefers(seen.first) || prefers(seen.first.at(0)) {
		return nil, fmt.Errorf("%s: holds preferences (chosen, rejected), which are no conversations that were had; a recipe can read either side of them", name)
	}
	return nil, fmt.Errorf("%s: no format is known in it; looked for %s. --from FORMAT says what it is (righting explain FORMAT: what it is known by), --recipe reads tables", name, strings.Join(looked, ", "))
}

// prefers is whether a value holds two answers, of which one is better.
func prefers(g glance) bool {
	return g.has("chosen", "rejected") || g.has("chosen_messages", "rejected_messages")
}
