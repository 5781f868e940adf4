package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// problems collects what is wrong with a recipe.
type problems struct {
	file string
	root *yaml.Node
	all  []*dataset.YAMLError
}

// fresh is a collection for the same recipe, with nothing in it.
func (p *problems) fresh() *problems { return &problems{file: p.file, root: p.root} }

// at is a problem with the key at the end of path.
func (p *problems) at(path []string, format string, args ...any) *dataset.YAMLError {
	line, column := locate(p.root, path...)
	return &dataset.YAMLError{
		Place:  schema.Place{File: p.file, Row: line, Field: dotted(path)},
		Column: column,
		Err:    fmt.Errorf(format, args...),
	}
}

func (p *problems) add(path []string, format string, args ...any) {
	p.all = append(p.all, p.at(path, format, args...))
}

// check adds an error, if it is one, as a problem of the key at the end of path.
func (p *problems) check(err error, path ...string) {
	if err != nil {
		p.add(path, "%w", err)
	}
}

// err is all of them in the order of the file; nil if there are none.
func (p *problems) err() error {
	slices.SortStableFunc(p.all, func(a, b *dataset.YAMLError) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	out := make([]error, len(p.all))
	for i, e := range p.all {
		out[i] = e
	}
	return errors.Join(out...)
}

// meant is `; did you mean x?`, or nothing.
func meant(word string, candidates []string) string {
	if near := schema.Nearest(word[:min(len(word), 100)], candidates); near != "" {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	return ""
}

// under extends a path; the caller's stays as it is.
func under(path []string, more ...string) []string {
	return append(slices.Clip(path), more...)
}

// quoted lists names for a message.
func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = excerpt(n)
	}
	return strings.Join(out, ", ")
}

// locate is the line and column of the key, or element, at the end of that path
// through the document; of the last one found where the path ends early.
func locate(n *yaml.Node, path ...string) (line, column int) {
	for _, name := range path {
		if n == nil {
			return line, column
		}
		var at, next *yaml.Node
		for i, c := range n.Content {
			switch {
			case n.Kind == yaml.SequenceNode && name == fmt.Sprintf("[%d]", i):
				at, next = c, c
			case n.Kind == yaml.MappingNode && i%2 == 0 && name == c.Value:
				at, next = c, n.Content[i+1]
			}
		}
		if at != nil {
			line, column = at.Line, at.Column
		}
		n = next
	}
	return line, column
}

// dotted joins a path for a message: annotations[0].columns.system.
func dotted(path []string) string {
	return strings.ReplaceAll(strings.Join(path, "."), ".[", "[")
}
