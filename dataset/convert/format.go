package convert

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// A Format is one layout of transcripts.
type Format struct {
	Name  string // kebab-case
	Doc   string // a line, a blank one, and what becomes of what
	Lost  string // what is not kept
	Looks string // what its files are known by

	// A format made of JSON values knows one by a glance, and reads it into a draft.
	knows func(glance) bool
	value func(*record, *draft) error

	// Its values may also be the elements of a list inside one object, known by a glance at
	// that: the keys that lead there. Beside makes what its values need of a source out of
	// what else the object holds, if there is one.
	holds  func(glance) bool
	list   []string
	beside func(*source, map[string]jsontext.Value) (any, error)

	// A format of conversations of many values gathers those of a file that it is so for;
	// value may then be nil.
	gathers func(glance) bool
	gather  func(*source) gatherer

	// Any other format knows a file by its first bytes, or by its columns if it is Parquet,
	// and cuts it into pieces itself, of which value may read the JSON.
	knowsFile    func(head []byte) bool
	knowsColumns func([]string) bool
	cut          func(io.Reader, *source, position) iter.Seq2[piece, error]

	measures  map[string]schema.Measure // that its scores have
	annotator string                    // that gives them: a rule
}

// Explain is what a person should know of the format.
func (f *Format) Explain() string {
	out := fmt.Sprintf("%s: %s\n\nKnown by: %s\nNot kept: %s\n", f.Name, strings.TrimSpace(f.Doc), f.Looks, f.Lost)
	return out
}

// Find is the format of that name. The error names the nearest one.
func Find(name string) (*Format, error) {
	var names []string
	for _, f := range All {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	out := fmt.Sprintf("unknown format %s", excerpt(name))
	if near := schema.Nearest(name[:min(len(name), 100)], names); near != "" {
		out += fmt.Sprintf("; did you mean %s?", near)
	}
	return nil, fmt.Errorf("%s (righting explain formats)", out)
}

// A position is where in a source reading goes on.
type position struct {
	Offset int64 `json:"offset"` // bytes, after decompression
	Row    int   `json:"row"`    // records before
}

// A piece is a part of a source that can be read without the rest.
type piece struct {
	source *source
	size   int64    // bytes of input
	next   position // behind it
	last   bool     // nothing is behind it
	read   func(*sink) error
	free   func() // lets go of its memory
}
