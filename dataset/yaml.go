package dataset

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// Bounds of a YAML file, and how many of its problems are told.
const (
	yamlBytes    = 1 << 20
	yamlDepth    = 32
	yamlProblems = 20
)

// A YAMLError is one problem at one place of a YAML file: Row is the line, Field the
// path of keys, such as rules.panel.of[2].
type YAMLError struct {
	schema.Place
	Column int // 1-based; 0 = not known
	Err    error
}

// Error is `file:line:column: key: why`.
func (e *YAMLError) Error() string {
	p := e.Place
	if p.Row > 0 && e.Column > 0 {
		p.File, p.Row = fmt.Sprintf("%s:%d", p.File, p.Row), e.Column
	}
	return fmt.Sprintf("%s: %v", p, e.Err)
}

// Unwrap gives errors.Is the kind.
func (e *YAMLError) Unwrap() error { return e.Err }

// A NodeDecoder reads itself off a YAML node, such as a name or a mapping. Problems
// inside the node are what decode returns; it takes any node at or below n and a
// pointer, and has to be given another type for n itself.
type NodeDecoder interface {
	UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error
}

// DecodeYAML reads one YAML document into what into points to: structs by their yaml
// tags (an embedded struct without one lends its fields), maps, slices, pointers,
// texts, numbers, booleans, encoding.TextUnmarshaler, NodeDecoder, and any, which
// becomes string, []any, map[string]any or nil.
//
// Scalars are taken as they are written: 1.10, 010, NO and 2024-01-01 are those
// characters in a string. A key whose value is empty, ~ or null makes it zero, but a
// struct keeps its fields. What the document does not mention stays as it is, at every
// depth; lists are replaced. Maps and what pointers point to are copied first, so
// nothing that into shares with others changes.
//
// Unknown and repeated keys, anchors, aliases, tags, merge keys, a second document,
// more than 1 MiB, more than 32 levels, and values of the wrong type are refused. The
// error joins a YAMLError for each of the first problems, in the order of the file, and
// leaves into half filled. file is only its name in errors.
func DecodeYAML(file string, data []byte, into any) error {
	d := &yamlDecoder{file: file}
	if err := d.bounds(data); err != nil {
		return err
	}
	doc, err := d.parse(data)
	if err != nil || doc == nil {
		return err
	}
	root := doc.Content[0]
	return d.tell(errors.Join(d.vet(root, "", 0), d.decode(root, into)))
}

// bounds refuses what is not worth parsing.
func (d *yamlDecoder) bounds(data []byte) error {
	if len(data) > yamlBytes {
		return d.at(0, 0, "", fmt.Errorf("is %d bytes long; at most %d are read", len(data), yamlBytes))
	}
	if !utf8.Valid(data) {
		i := 0
		for r, n := rune(0), 0; r != utf8.RuneError || n != 1; i += n {
			r, n = utf8.DecodeRune(data[i:])
		}
		return d.at(1+bytes.Count(data[:i], []byte("\n")), 0, "", errors.New("is not UTF-8"))
	}
	return nil
}

// parse is the file's only document, nil if it has none. The parser may panic.
func (d *yamlDecoder) parse(data []byte) (doc *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = d.at(0, 0, "", fmt.Errorf("is not YAML: %v", p))
		}
	}()
	in, first, second := yaml.NewDecoder(bytes.NewReader(data)), new(yaml.Node), new(yaml.Node)
	switch err := in.Decode(first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, d.syntax(err)
	}
	switch err := in.Decode(second); {
	case errors.Is(err, io.EOF):
		return first, nil
	case err != nil:
		return nil, d.syntax(err)
	}
	return nil, d.at(second.Line, second.Column, "", errors.New("a second document; only one is read"))
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntax puts the parser's own words in our form.
func (d *yamlDecoder) syntax(err error) error {
	why, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if m := yamlLine.FindStringSubmatch(why); m != nil {
		why = why[len(m[0]):]
		line, _ = strconv.Atoi(m[1])
	}
	return d.at(line, 0, "", errors.New("is not YAML: "+plain.Excerpt(why, 200)))
}

// vet finds what no document of ours may hold, whatever it is decoded into.
func (d *yamlDecoder) vet(n *yaml.Node, path string, depth int) error {
	var errs []error
	refuse := func(n *yaml.Node, path, format string, args ...any) {
		errs = append(errs, d.at(n.Line, n.Column, path, fmt.Errorf(format, args...)))
	}
	switch {
	case depth > yamlDepth:
		refuse(n, path, "is nested deeper than %d levels", yamlDepth)
		return errors.Join(errs...)
	case n.Kind == yaml.AliasNode:
		refuse(n, path, "aliases (*%s) are not read; write the value out", plain.Excerpt(n.Value, 40))
	case n.Anchor != "":
		refuse(n, path, "anchors (&%s) are not read; write the value out", plain.Excerpt(n.Anchor, 40))
	}
	if n.Style&yaml.TaggedStyle != 0 {
		refuse(n, path, "tags (%s) are not read", plain.Excerpt(n.Tag, 40))
	}
	if n.Kind == yaml.SequenceNode {
		for i, c := range n.Content {
			errs = append(errs, d.vet(c, fmt.Sprintf("%s[%d]", path, i), depth+1))
		}
	}
	if n.Kind == yaml.MappingNode {
		lines := map[string]int{}
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			line, again := lines[key.Value]
			switch {
			case key.Kind == yaml.AliasNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0:
				errs = append(errs, d.vet(key, path, depth+1))
			case key.Kind != yaml.ScalarNode:
				refuse(key, path, "a key must be text")
			case key.Tag == "!!merge":
				refuse(key, path, "merge keys (<<) are not read; write the values out")
			case again:
				refuse(key, path, "key %s again; it is already in line %d", quoteYAML(key.Value), line)
			}
			lines[key.Value] = key.Line
			errs = append(errs, d.vet(n.Content[i+1], join(path, key.Value), depth+1))
		}
	}
	return errors.Join(errs...)
}

// tell is the first problems in the order of the file, each once.
func (d *yamlDecoder) tell(err error) error {
	var all []*YAMLError
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) {
		case nil:
		case *YAMLError:
			all = append(all, e)
		case interface{ Unwrap() []error }:
			for _, e := range e.Unwrap() {
				walk(e)
			}
		}
	}
	walk(err)
	slices.SortStableFunc(all, func(a, b *YAMLError) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	all = slices.CompactFunc(all, func(a, b *YAMLError) bool { return a.Error() == b.Error() })
	var errs []error
	for i, e := range all {
		if i == yamlProblems {
			errs = append(errs, d.at(0, 0, "", fmt.Errorf("%d more problems", len(all)-i)))
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

func (d *yamlDecoder) at(line, column int, path string, err error) error {
	return &YAMLError{schema.Place{File: d.file, Row: line, Field: path}, column, err}
}

// join is the path of a key below another path.
func join(path, key string) string {
	key = plain.Excerpt(key, 40)
	if path == "" {
		return key
	}
	return path + "." + key
}

// quoteYAML is s in quotes, in a few words.
func quoteYAML(s string) string { return strconv.Quote(plain.Excerpt(s, 60)) }
