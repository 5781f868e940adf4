package dataset

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
	"github.com/righting-bench/righting/schema/reading"
)

// NewManifest is what holds for a dataset that says nothing: this schema, the default
// rules.
func NewManifest() Manifest {
	return Manifest{Righting: schemaMajor(), Rules: reading.DefaultRules()}
}

// schemaMajor is schema.Version as the manifest has it.
func schemaMajor() int {
	n, err := strconv.Atoi(schema.Version)
	if err != nil {
		panic(err)
	}
	return n
}

// readManifest reads a dataset.yaml. Its rules know what the file declares of
// annotators and measures.
func readManifest(path string) (Manifest, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Manifest{}, err
	}
	if !info.Mode().IsRegular() {
		return Manifest{}, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, yamlBytes+1))
	if err != nil {
		return Manifest{}, err
	}
	return parseManifest(path, data)
}

// parseManifest decodes and checks a manifest. The error joins a YAMLError for each
// problem.
func parseManifest(file string, data []byte) (Manifest, error) {
	m := NewManifest()
	m.Righting = 0
	if err := DecodeYAML(file, data, &m); err != nil {
		return Manifest{}, err
	}
	m.Rules.Panel.Annotators, m.Rules.Panel.Measures = m.Annotators, m.Measures
	d := &yamlDecoder{file: file}
	doc, err := d.parse(data)
	if err != nil {
		return Manifest{}, err
	}
	c := manifestCheck{d: d, doc: doc}
	c.check(&m)
	if err := d.tell(errors.Join(c.errs...)); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// A manifestCheck finds what a well-formed manifest may not say.
type manifestCheck struct {
	d    *yamlDecoder
	doc  *yaml.Node // nil: an empty file
	errs []error
}

// bad puts an error at the deepest node on the way to the last of keys, and names the
// first n keys.
func (c *manifestCheck) bad(err error, n int, keys ...string) {
	if err == nil {
		return
	}
	line, column, path := 0, 0, ""
	if c.doc != nil {
		at := c.doc.Content[0]
		line, column = at.Line, at.Column
		for _, key := range keys {
			if at = child(at, key); at == nil {
				break
			}
			line, column = at.Line, at.Column
		}
	}
	for _, key := range keys[:n] {
		if _, err := strconv.Atoi(key); err == nil {
			path += "[" + key + "]"
		} else {
			path = join(path, key)
		}
	}
	c.errs = append(c.errs, c.d.at(line, column, path, err))
}

// child is the value of a key, or the entry of a list by its number; nil if there is
// none.
func child(n *yaml.Node, key string) *yaml.Node {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(key); err == nil && i < len(n.Content) {
			return n.Content[i]
		}
	}
	return nil
}

func (c *manifestCheck) check(m *Manifest) {
	switch want := schemaMajor(); m.Righting {
	case want:
	case 0:
		c.bad(fmt.Errorf("is missing; add `righting: %d`, the version of the schema", want), 1, "righting")
	default:
		c.bad(fmt.Errorf("%w: %d is not %d, the one that this program reads", schema.ErrVersion, m.Righting, want), 1, "righting")
	}
	c.terms("targets", m.Vocabulary.Targets, schema.Targets)
	c.terms("pressures", m.Vocabulary.Pressures, schema.Pressures)
	vocabulary := schema.NewVocabulary(m.Vocabulary.Targets, m.Vocabulary.Pressures)
	ids := map[string]bool{}
	for i, k := range m.Constraints {
		at := strconv.Itoa(i)
		switch {
		case k.ID == "":
			c.bad(errors.New("has no id"), 1, "constraints", at)
		case ids[k.ID]:
			c.bad(fmt.Errorf("id %s is there twice", quoteYAML(k.ID)), 1, "constraints", at, "id")
		}
		ids[k.ID] = true
		c.enum(vocabulary.Targets, k.Protects, "constraints", at, "protects")
		c.enum(schema.Authorities, k.Authority, "constraints", at, "authority")
		if k.Rank != nil && *k.Rank < 1 {
			c.bad(fmt.Errorf("rank: %d; 1 is the highest", *k.Rank), 1, "constraints", at, "rank")
		}
	}
	for _, name := range sortedKeys(m.Measures) {
		if strings.ContainsAny(name, "[]@,\n") || name == "" {
			c.bad(fmt.Errorf("a measure's name stands in the names of metrics, so it is without [ ] @ and comma"), 2, "measures", name)
		}
		err := m.Measures[name].Check()
		c.bad(err, 2, "measures", name, firstKey(err))
	}
	for _, name := range sortedKeys(m.Annotators) {
		a := m.Annotators[name]
		c.enum(schema.AnnotatorKinds, &a.Kind, "annotators", name, "kind")
		c.enum(schema.Silences, &a.Silence, "annotators", name, "silence")
	}
	err := m.Rules.Check()
	c.bad(err, 1, append([]string{"rules"}, strings.Split(firstKey(err), ".")...)...)
	c.controlFrom(m)
}

// controlFrom asks that a measure with a bound is declared: without its step it cannot
// be counted.
func (c *manifestCheck) controlFrom(m *Manifest) {
	f := m.Rules.ControlFrom
	if f == nil || f.Measure == "" {
		return
	}
	if _, ok := m.Measures[f.Measure]; ok {
		return
	}
	for _, k := range []*reading.Condition{f.Neutralised, f.Contested, f.Governs} {
		if k != nil && k.Op != "" {
			c.bad(fmt.Errorf("measure %s is not declared under measures, with its step", quoteYAML(f.Measure)), 2, "rules", "control_from", "measure")
			return
		}
	}
}

// enum checks a value that may be absent or empty.
func (c *manifestCheck) enum(e *schema.Enum, value *string, keys ...string) {
	if value != nil && *value != "" {
		c.bad(e.Check(*value), len(keys), keys...)
	}
}

// terms checks a dataset's own names: plain words with a meaning, not another word of
// the core.
func (c *manifestCheck) terms(key string, own map[string]string, core *schema.Enum) {
	for _, name := range sortedKeys(own) {
		canonical, known := core.Canonical(name)
		var err error
		switch {
		case name == "" || len(name) > 64 || plain.Terminal(name) != name || strings.ContainsAny(name, " ,=|"):
			err = errors.New("a name is one word of at most 64 bytes, without comma, = and |")
		case known && canonical != name:
			err = fmt.Errorf("its name here is %s", canonical)
		case own[name] == "":
			err = errors.New("has no meaning; say in a few words what it is")
		}
		c.bad(err, 3, "vocabulary", key, name)
	}
}

// firstKey is the key that an error of ours begins with.
func firstKey(err error) string {
	if err == nil {
		return ""
	}
	key, _, _ := strings.Cut(err.Error(), ":")
	return key
}
