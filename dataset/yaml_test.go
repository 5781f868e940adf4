package dataset_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// source is text or a mapping, as recipes have it.
type source struct {
	From string            `yaml:"from"`
	Map  map[string]string `yaml:"map"`
}

func (s *source) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	type plain source
	switch n.Kind {
	case yaml.ScalarNode:
		s.From = n.Value
		return nil
	case yaml.MappingNode:
		return decode(n, (*plain)(s))
	}
	return errors.New("wants a column or a mapping")
}

type base struct {
	Name string `yaml:"name"`
}

type doc struct {
	base
	Text    string             `yaml:"text"`
	Maybe   *string            `yaml:"maybe"`
	Whole   int                `yaml:"whole"`
	Small   int32              `yaml:"small"`
	Seed    uint64             `yaml:"seed"`
	Share   float64            `yaml:"share"`
	Flag    bool               `yaml:"flag"`
	List    []string           `yaml:"list"`
	Columns map[string]source  `yaml:"columns"`
	Any     any                `yaml:"any"`
	At      *reading.Condition `yaml:"at"`
	Deep    *doc               `yaml:"deep"`
	Node    yaml.Node          `yaml:"node"`
}

func TestDecodeYAML(t *testing.T) {
	var got doc
	require.NoError(t, dataset.DecodeYAML("a.yaml", []byte(`
name: 1.10
text: 2024-01-01
maybe: NO
whole: -12
small: 2147483647
seed: 18446744073709551615
share: 1e-3
flag: true
list: [010, 0x1F, 1_000, "null", 'it''s', yes, .5]
columns: {system: model, "on": {from: x, map: {1: y, no: n}}}
any: {a: [1.0, ~], b: {c: off}}
at: ">= 3"
deep:
  text: |
    two
    lines
`), &got))
	maybe := "NO"
	require.Equal(t, doc{
		base: base{"1.10"}, Text: "2024-01-01", Maybe: &maybe, Whole: -12, Small: 2147483647, Seed: 18446744073709551615, Share: 1e-3, Flag: true,
		List:    []string{"010", "0x1F", "1_000", "null", "it's", "yes", ".5"},
		Columns: map[string]source{"system": {From: "model"}, "on": {From: "x", Map: map[string]string{"1": "y", "no": "n"}}},
		Any:     map[string]any{"a": []any{"1.0", nil}, "b": map[string]any{"c": "off"}},
		At:      &reading.Condition{Op: ">=", Number: 3},
		Deep:    &doc{Text: "two\nlines\n"},
	}, got)
}

func TestDecodeYAMLKeeps(t *testing.T) {
	text, other := "old", "theirs"
	shared := &doc{Text: "deep", Whole: 7}
	columns := map[string]source{"a": {From: "x", Map: map[string]string{"k": "v"}}, "b": {From: "y"}}
	got := doc{base: base{"n"}, Text: text, Maybe: &other, Whole: 3, Share: .5, List: []string{"1", "2"}, Columns: columns, Deep: shared, At: &reading.Condition{}}
	require.NoError(t, dataset.DecodeYAML("a.yaml", []byte("text: new\nwhole:\nlist: [3]\ncolumns: {a: {from: z}}\ndeep: {text: mine}\nat: ~\n"), &got))
	require.Equal(t, doc{
		base: base{"n"}, Text: "new", Maybe: &other, Share: .5, List: []string{"3"},
		Columns: map[string]source{"a": {From: "z", Map: map[string]string{"k": "v"}}, "b": {From: "y"}},
		Deep:    &doc{Text: "mine", Whole: 7},
	}, got)
	require.Equal(t, &doc{Text: "deep", Whole: 7}, shared, "what others point to stays")
	require.Equal(t, "x", columns["a"].From)

	rules := reading.DefaultRules()
	require.NoError(t, dataset.DecodeYAML("a.yaml", []byte("# nothing but a comment\n"), &rules))
	require.NoError(t, dataset.DecodeYAML("a.yaml", nil, &rules))
	require.NoError(t, dataset.DecodeYAML("a.yaml", []byte("panel:\n  # rule: median\n"), &rules), "an emptied section changes nothing")
	require.Equal(t, reading.DefaultRules(), rules)
}

func TestDecodeYAMLErrors(t *testing.T) {
	for in, want := range map[string]string{
		"txet: x":                            `a.yaml:1:1: unknown key "txet"; did you mean text?`,
		"base: x":                            `a.yaml:1:1: unknown key "base"; known here: name, text, maybe, whole, small, seed, share, flag, list, columns, any, at, deep, node`,
		"deep:\n  deep: {wohle: 1}":          `a.yaml:2:10: deep.deep: unknown key "wohle"; did you mean whole?`,
		"columns: {a: {form: x}}":            `a.yaml:1:15: columns.a: unknown key "form"; did you mean from?`,
		"columns: {a: {map: [x]}}":           `a.yaml:1:20: columns.a.map: wants a mapping, found a list`,
		"columns: {a: [x]}":                  `a.yaml:1:14: columns.a: wants a column or a mapping`,
		"columns: {a: {map: {b: {c: d}}}}":   `a.yaml:1:24: columns.a.map.b: wants text, found a mapping`,
		"whole: 1.0":                         `a.yaml:1:8: whole: wants a whole number, found "1.0"`,
		"whole: 010":                         `a.yaml:1:8: whole: wants a whole number, found "010"`,
		"whole: [1]":                         `a.yaml:1:8: whole: wants a whole number, found a list`,
		"small: 2147483648":                  `a.yaml:1:8: small: wants a whole number, found "2147483648"`,
		"seed: -1":                           `a.yaml:1:7: seed: wants a whole number, 0 or more, found "-1"`,
		"share: .inf":                        `a.yaml:1:8: share: wants a number, found ".inf"`,
		"share: 1e999":                       `a.yaml:1:8: share: wants a number, found "1e999"`,
		"share: 0x10":                        `a.yaml:1:8: share: wants a number, found "0x10"`,
		"flag: yes":                          `a.yaml:1:7: flag: wants true or false, found "yes"`,
		"list: x":                            `a.yaml:1:7: list: wants a list, found "x"`,
		"list: [a, [b]]":                     `a.yaml:1:11: list[1]: wants text, found a list`,
		"deep: 5":                            `a.yaml:1:7: deep: wants a mapping, found "5"`,
		"at: '= 3'":                          `a.yaml:1:5: at: "= 3" is neither a bound such as ">= 3" nor letter grades such as "I, P"`,
		"at: [x]":                            `a.yaml:1:5: at: wants text, found a list`,
		"- a":                                `a.yaml:1:1: wants a mapping, found a list`,
		"text: a\nlist: []\ntext: b":         `a.yaml:3:1: key "text" again; it is already in line 1`,
		"any: {a: {b: 1, b: 2}}":             `a.yaml:1:17: any.a: key "b" again; it is already in line 1`,
		"any: &x [1]":                        `a.yaml:1:6: any: anchors (&x) are not read; write the value out`,
		"any: !!str 1":                       `a.yaml:1:6: any: tags (!!str) are not read`,
		"any: !go/type {a: 1}":               `a.yaml:1:6: any: tags (!go/type) are not read`,
		"any: {<<: {a: 1}}":                  `a.yaml:1:7: any: merge keys (<<) are not read; write the values out`,
		"any: {[a]: 1}":                      `a.yaml:1:7: any: a key must be text`,
		"text: a\n---\ntext: b":              `a.yaml:2:1: a second document; only one is read`,
		"text: a\nb\nlist: []":               "a.yaml:2: is not YAML: could not find expected ':'",
		"text: [":                            "a.yaml:1: is not YAML: did not find expected node content",
		"text: a\nlist: [\xff]":              "a.yaml:2: is not UTF-8",
		"a: \x00":                            "a.yaml: is not YAML: control characters are not allowed",
		strings.Repeat("#", 1<<20+1):         "a.yaml: is 1048577 bytes long; at most 1048576 are read",
		"any: " + strings.Repeat("[", 20000): "a.yaml: is not YAML: exceeded max depth of 10000",
		"whole: a\ntxet: b\ndeep: {flag: 1}\ntext: *x": "a.yaml: is not YAML: unknown anchor 'x' referenced",
		"deep: {flag: 1}\nany: &a a\ntext: *a\ntxet: b": `a.yaml:1:14: deep.flag: wants true or false, found "1"
a.yaml:2:6: any: anchors (&a) are not read; write the value out
a.yaml:3:7: text: aliases (*a) are not read; write the value out
a.yaml:4:1: unknown key "txet"; did you mean text?`,
	} {
		err := dataset.DecodeYAML("a.yaml", []byte(in), new(doc))
		assert.EqualError(t, err, want, "%.200q", in)
		require.ErrorAs(t, err, new(*dataset.YAMLError))
	}
	err := dataset.DecodeYAML("a.yaml", []byte("list: ["+strings.Repeat("[],", 30)+"]"), new(doc))
	require.ErrorContains(t, err, "list[19]: wants text, found a list\na.yaml: 10 more problems")
	err = dataset.DecodeYAML("a.yaml", []byte("any: "+strings.Repeat("[", 40)+strings.Repeat("]", 40)), new(doc))
	require.ErrorContains(t, err, "is nested deeper than 32 levels")
	err = dataset.DecodeYAML("a.yaml", []byte("x\x1b]: &\u202e a\n"+strings.Repeat("k", 500)+": a\n"), new(doc))
	require.NotContains(t, err.Error(), "\x1b")
	require.NotContains(t, err.Error(), "\u202e")
}

func FuzzDecodeYAML(f *testing.F) {
	for _, s := range []string{"text: a", "deep: {deep: {list: [a, 1]}}", "columns: {a: {map: {1: b}}}", "any: [&a {b: *a}]", "a: !!binary ==", "? [a]\n: b", "<<: {text: b}", "--- a\n...\n--- b", "at: '>= 3'", "text: |\n  a\n #b", "node: {a: [b]}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got doc
		if err := dataset.DecodeYAML("a.yaml", data, &got); err != nil {
			require.ErrorAs(t, err, new(*dataset.YAMLError))
			for line := range strings.SplitSeq(err.Error(), "\n") {
				require.Contains(t, line, "a.yaml:")
			}
		}
		m := dataset.NewManifest()
		_ = dataset.DecodeYAML("a.yaml", data, &m)
	})
}

func ExampleDecodeYAML() {
	rules := reading.DefaultRules()
	err := dataset.DecodeYAML("bench.yaml", []byte("durable: 3\npanel: {rule: median, off: [judge-1]}"), &rules)
	fmt.Println(err)
	err = dataset.DecodeYAML("bench.yaml", []byte("durable: 3"), &rules)
	fmt.Println(rules.Durable, rules.Replicates, err)
	var m struct {
		Measures map[string]schema.Measure `yaml:"measures"`
	}
	err = dataset.DecodeYAML("dataset.yaml", []byte("measures: {severity: {min: 0, max: 5, step: 1, better: lower}}"), &m)
	fmt.Println(m.Measures["severity"].Better, err)
	// Output:
	// bench.yaml:2:23: panel: unknown key "off"; did you mean of?
	// 3 1999 <nil>
	// lower <nil>
}
