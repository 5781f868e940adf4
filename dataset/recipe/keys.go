package recipe

import (
	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/dataset"
)

// A document is a recipe as it is written. The doc tags here and below are the language's
// description (Language), the of tags the tables that a key is for, all where there is
// none.
type document struct {
	Dataset      dataset.Manifest `yaml:"dataset" doc:"what goes into dataset.yaml, over the defaults"`
	Trajectories sections         `yaml:"trajectories" doc:"how files become transcripts; a list for files of several layouts"`
	Scenarios    sections         `yaml:"scenarios" doc:"how files, or the trajectories, become scenarios; may be a list"`
	Annotations  sections         `yaml:"annotations" doc:"how files become judgements; may be a list"`

	root *yaml.Node // nil = nothing is written
}

// UnmarshalYAMLNode keeps the node, from which places are told.
func (d *document) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	type plain document
	d.root = n
	return decode(n, (*plain)(d))
}

// A section says how files of one layout become rows of one table.
type section struct {
	Files       []string            `yaml:"files" doc:"globs below the input folder; ! excludes"`
	From        string              `yaml:"from" of:"scenarios" doc:"trajectories, instead of files: a row for each scenario and condition that they name"`
	Path        string              `yaml:"path" doc:"regexp on a file's path below the folder; its named groups are sources"`
	Separator   string              `yaml:"separator" doc:"between cells; found out from the header where it is not given"`
	ID          string              `yaml:"id" of:"trajectories annotations" doc:"template of trajectory_id: \"{scenario}/{system}\"; without it, a transcript's is a digest of its content"`
	Columns     map[string]column   `yaml:"columns" doc:"ours: theirs; a name, a template, or a mapping; constraints.ID.text is a constraint's text"`
	Set         map[string]constant `yaml:"set" doc:"ours: constant; constraints and objectives are lists of mappings, each with an id"`
	Turns       *turns              `yaml:"turns" of:"trajectories" doc:"where the conversation is: from, unpivot or group says how it lies"`
	Unpivot     *unpivot            `yaml:"unpivot" of:"scenarios annotations" doc:"wide tables: a row of each cell under some columns"`
	Pivot       *pivot              `yaml:"pivot" of:"scenarios annotations" doc:"long tables: one record of all that agree in some columns"`
	Pass        *pass               `yaml:"pass" of:"annotations" doc:"numbers repeated judgements of the same place from 0"`
	SkipRows    map[string][]string `yaml:"skip_rows" doc:"theirs: texts; a record with one of them there is no data, such as a sum"`
	SkipColumns []string            `yaml:"skip_columns" doc:"columns that are no data: sums, averages"`
	Ignore      []string            `yaml:"ignore" doc:"columns and objects that are not taken over; messages.x below turns from messages"`
	Missing     []string            `yaml:"missing" doc:"texts that mean: nothing here"`
}

// A column takes one column of ours from the source.
type column struct {
	From sources `yaml:"from" doc:"a name or template; for columns of JSON also a list of names, which makes an object"`
	treatment
}

// A treatment is what is done to a text before it is ours.
type treatment struct {
	Split   string           `yaml:"split" doc:"separates the elements of a list"`
	Missing []string         `yaml:"missing" doc:"further texts that mean: nothing here"`
	Map     map[string]texts `yaml:"map" doc:"their text, or element, to ours; ~ is nothing, any other text is rejected"`
	Add     int32            `yaml:"add" doc:"to a whole number: 1 makes turns from 0 turns from 1"`
}

// UnmarshalYAMLNode reads what stands for `from`, or a mapping.
func (c *column) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	if n.Kind != yaml.MappingNode {
		return decode(n, &c.From)
	}
	type plain column
	return decode(n, (*plain)(c))
}

// Sources is one name or template, or a list of names, which is not nil then.
type sources struct {
	one string
	all []string
}

// UnmarshalYAMLNode reads a scalar, or a list.
func (s *sources) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	if n.Kind == yaml.SequenceNode {
		return decode(n, &s.all)
	}
	return decode(n, &s.one)
}

// A turns section says what in a record, or in several, are the turns of a trajectory.
type turns struct {
	From    string              `yaml:"from" doc:"a list of objects in each record; an object is a turn, and its keys the sources"`
	Unpivot *turnCells          `yaml:"unpivot" doc:"wide tables: a turn of each cell under some columns that is not empty"`
	Group   []string            `yaml:"group" doc:"long tables: a turn of each record; those that agree in these columns are one trajectory"`
	Order   string              `yaml:"order" doc:"source of what the turns stand in the order of, numbers before texts; else as they come"`
	Columns map[string]column   `yaml:"columns" doc:"a turn's: theirs, as above; role is needed"`
	Set     map[string]constant `yaml:"set" doc:"a turn's: constant"`
}

// Turn cells are an unpivot whose rows are turns.
type turnCells struct {
	unpivot
	Order string `yaml:"order" doc:"a group of columns, in whose order the turns stand; else as the columns do"`
}

// An unpivot makes one row of each cell under the columns that match.
type unpivot struct {
	Columns string `yaml:"columns" doc:"regexp on the names of theirs; named groups are sources"`
	To      string `yaml:"to" doc:"the column of ours that takes the cell"`
	treatment
}

// A pivot makes one record of all that agree in By: the text under Field becomes the
// name of a source column, the text under Value its cell.
type pivot struct {
	By    []string `yaml:"by" doc:"columns in which they agree"`
	Field string   `yaml:"field" doc:"the column whose texts become columns"`
	Value string   `yaml:"value" doc:"the column whose texts become their cells"`
}

// A pass numbers, from 0 and in the order of OrderBy, the rows about the same place
// that agree in Within.
type pass struct {
	OrderBy string   `yaml:"order_by" doc:"source of the order, numbers before texts; else as they stand"`
	Within  []string `yaml:"within" doc:"what they agree in besides the place; trajectory_id and annotator where it is not given"`
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

// A constant is texts, or a list of mappings.
type constant struct {
	texts
	structs []map[string]texts
}

// UnmarshalYAMLNode tells the two apart by the first element.
func (c *constant) UnmarshalYAMLNode(n *yaml.Node, decode func(*yaml.Node, any) error) error {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode {
		return decode(n, &c.structs)
	}
	return decode(n, &c.texts)
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
