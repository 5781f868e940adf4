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
)

// layoutOf is how the values of a format lie in a file that begins with head; false if
// none of them is seen there.
func (f *Format) layoutOf(head []byte) (layout, bool) {
	if f.knows == nil {
		return "", f.knowsFile != nil && f.knowsFile(head)
	}
	first, size, _ := look(head)
	if list := first.kind == jsontext.KindBeginArray && !f.knows(first); list && (len(first.list) == 0 || f.knows(first.at(0))) {
		return array, len(first.list) > 0
	}
	overLines := bytes.ContainsRune(bytes.TrimSpace(head[:size]), '\n') // so that no line of it is a record
	rest := head
	for range headRows {
		if overLines {
			break
		}
		line, more, ended := bytes.Cut(rest, []byte("\n"))
		if g, _, whole := look(line); whole && f.knows(g) {
			return lines, true
		}
		if rest = more; !ended {
			break
		}
	}
	if f.knows(first) && overLines {
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

// known is whether the format is known in a source.
func (f *Format) known(s *source) bool {
	if s.columns != nil {
		return f.knowsColumns != nil && f.knowsColumns(s.columns)
	}
	_, ok := f.layoutOf(s.head)
	return ok
}

func (s *source) sniff() (*Format, error) {
	name, head := s.name, s.head
	var found []*Format
	var names, looks []string
	for _, f := range All {
		if f.known(s) {
			found = append(found, f)
			names = append(names, "--from "+f.Name)
		}
		looks = append(looks, fmt.Sprintf("%s (%s)", f.Name, f.Looks))
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("%s: looks like several formats; say which: %s", name, strings.Join(names, ", "))
	case len(bytes.TrimSpace(head)) == 0:
		return nil, fmt.Errorf("%s: %w", name, ErrNoRows)
	}
	return nil, fmt.Errorf("%s: no format is known in it; looked for %s. --from FORMAT says what it is, --recipe reads tables", name, strings.Join(looks, ", "))
}
