package recipe

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/dataset"
)

// A document is a recipe as it is written.
type document struct {
	Dataset      dataset.Manifest `yaml:"dataset"`
	Scenarios    *later           `yaml:"scenarios"`
	Trajectories *later           `yaml:"trajectories"`
	Annotations  sections         `yaml:"annotations"`

	root *yaml.Node // nil = nothing is written
}

// UnmarshalYAMLNode keeps the node, from which places are told.
func (d *document) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	type plain document
	d.root = n
	return decode(n, (*plain)(d))
}

// later is a part of the language that this version does not read.
type later struct{}

// UnmarshalYAMLNode takes anything.
func (*later) UnmarshalYAMLNode(*yaml.Node, func(*yaml.Node, any) error) error { return nil }

// A section says how files of one layout become rows of one table.
type section struct {
	Files       []string            `yaml:"files"`        // globs below the input folder; ! excludes
	Separator   string              `yaml:"separator"`    // between cells; found out where it is not given
	Path        string              `yaml:"path"`         // regexp on the file's path; named groups are sources
	ID          string              `yaml:"id"`           // template of trajectory_id
	Columns     map[string]column   `yaml:"columns"`      // ours, taken from the source
	Set         map[string]texts    `yaml:"set"`          // ours, constant
	Unpivot     *unpivot            `yaml:"unpivot"`      // wide: one row per cell of some columns
	Pivot       *pivot              `yaml:"pivot"`        // long: several records to one
	Pass        *pass               `yaml:"pass"`         // numbers repeated judgements
	SkipRows    map[string][]string `yaml:"skip_rows"`    // records with such a cell are no data
	SkipColumns []string            `yaml:"skip_columns"` // columns that are no data: sums, averages
	Ignore      []string            `yaml:"ignore"`       // columns and objects that are not taken over
	Missing     []string            `yaml:"missing"`      // texts that mean: no judgement
}

// A column takes one column of ours from the source: a name, a template, or either
// under `from` with what is to be done to the text.
type column struct {
	From string `yaml:"from"`
	treatment
}

// A treatment is what is done to a text before it is ours.
type treatment struct {
	Split   string           `yaml:"split"`   // separates the elements of a list
	Missing []string         `yaml:"missing"` // further texts that mean: no judgement
	Map     map[string]texts `yaml:"map"`     // text, or element, to ours; any other is rejected
	Add     int32            `yaml:"add"`     // to a whole number: 1 makes 0-based turns 1-based
}

// UnmarshalYAMLNode reads a name, or a mapping.
func (c *column) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	if n.Kind == yaml.ScalarNode {
		return decode(n, &c.From)
	}
	type plain column
	return decode(n, (*plain)(c))
}

// An unpivot makes one row of each cell under the columns that match.
type unpivot struct {
	Columns string `yaml:"columns"` // regexp on the source column's name; named groups are sources
	To      string `yaml:"to"`      // the column of ours that takes the cell
	treatment
}

// A pivot makes one record of all that agree in By: the text under Field becomes the
// name of a source column, the text under Value its cell.
type pivot struct {
	By    []string `yaml:"by"`
	Field string   `yaml:"field"`
	Value string   `yaml:"value"`
}

// A pass numbers, from 0 and in the order of OrderBy, the rows about the same place
// that agree in Within.
type pass struct {
	OrderBy string   `yaml:"order_by"` // numbers before texts; "" = as they stand
	Within  []string `yaml:"within"`   // trajectory and annotator where it is not given
}

// texts is one text or a list; nil means that nothing is filled in.
type texts []string

// UnmarshalYAMLNode reads a scalar as it is written, or a list of them.
func (t *texts) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	if n.Kind == yaml.SequenceNode {
		return decode(n, (*[]string)(t))
	}
	*t = make(texts, 1)
	return decode(n, &(*t)[0])
}

// sections is one section or a list of them.
type sections []*section

// UnmarshalYAMLNode reads a mapping, or a list of mappings.
func (s *sections) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	if n.Kind == yaml.SequenceNode {
		return decode(n, (*[]*section)(s))
	}
	*s = sections{new(section)}
	return decode(n, (*s)[0])
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
