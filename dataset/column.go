package dataset

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// Columns of the annotations table that Cases reads, besides the labels.
const (
	colTrajectory = iota
	colConstraint
	colAnnotator
	colPass
	colTurn
	colAssistantTurn
	colExchange
	colMeasure
	colSystem
	colModel
	colScenario
	colCondition
	colRepeat
	colSetting
	colAssistantTurns
	colExchanges
	colTerminal
	colOutcome
	colMissing
	colValue
	colValueText
	colLabels // the first of reading.Column
	nColumns  = colLabels + int(reading.NColumns)
)

var plainColumns = [colLabels]string{
	"trajectory_id", "constraint_id", "annotator", "pass", "turn", "assistant_turn", "exchange", "measure", "system",
	"model", "scenario", "condition", "repeat", "setting", "assistant_turns", "exchanges", "terminal", "outcome", "missing", "value", "value_text",
}

// keyColumns is how many of the columns, from the first, annotations are sorted by.
const keyColumns = colMeasure + 1

// columnName is the name of a column in the table.
func columnName(i int) string {
	if i < colLabels {
		return plainColumns[i]
	}
	return reading.Column(i - colLabels).Name()
}

// none is a null.
const none int32 = math.MinInt32

// A kind is what the codes of a column are.
type kind uint8

const (
	ofText  kind = iota // numbers of texts
	ofLabel             // codes of an enum
	ofInt               // the numbers themselves
	ofFlag              // 0 and 1
	ofReal              // 0; the numbers are in real
	ofList              // 0; the codes of an enum are in elem
)

// A column is one column of the annotations table, a batch of rows at a time.
type column struct {
	schema.Column
	kind kind
	enum *schema.Enum
	need bool

	// The batch, by row. A null is none.
	code  []int32
	real  []float64
	start []int32 // of a list: where its elements begin; one more than rows
	elem  []int32
	any   bool // there is a value in the batch
	text  texts
	pages pageReader
}

// newColumns makes room for the columns needed.
func newColumns(need reading.Columns, v *schema.Vocabulary) *[nColumns]column {
	spec := make(map[string]schema.Column)
	for _, c := range schema.ColumnsOf[schema.Annotation]() {
		spec[c.Name] = c
	}
	cols := new([nColumns]column)
	for i := range cols {
		c := &cols[i]
		c.Column = spec[columnName(i)]
		c.enum = v.Of(c.Enum)
		c.need = needed(need, i)
		switch {
		case i == colSetting || i == colTerminal: // keys keep them as text
			c.kind = ofText
		case c.Type == "LIST STRING":
			c.kind = ofList
		case c.enum != nil:
			c.kind = ofLabel
		case c.Type == "INT32":
			c.kind = ofInt
		case c.Type == "BOOLEAN":
			c.kind = ofFlag
		case c.Type == "DOUBLE":
			c.kind = ofReal
		}
		if !c.need {
			continue
		}
		c.code = make([]int32, batchRows)
		if c.kind == ofReal {
			c.real = make([]float64, batchRows)
		}
		if c.kind == ofList {
			c.start = make([]int32, batchRows+1)
		}
	}
	return cols
}

// needed is whether a column is read.
func needed(need reading.Columns, i int) bool {
	switch {
	case i >= colLabels:
		return need.Has(reading.Column(i - colLabels))
	case i == colValue || i == colValueText:
		return len(need.Measures) > 0
	case i == colExchanges:
		return need.Exchange
	}
	return true
}

// readsColumn is needed by name.
func readsColumn(need reading.Columns) func(column string) bool {
	names := make(map[string]bool)
	for i := range nColumns {
		names[columnName(i)] = needed(need, i)
	}
	return func(column string) bool { return names[column] }
}

// texts is what the codes of a text column mean, in one row group.
type texts struct {
	dict  parquet.Dictionary // codes below size; nil if there is none
	size  int32
	more  [][]byte // codes from size on: values that pages spell out
	index map[string]int32
	kept  []*string
}

func (t *texts) reset() { *t = texts{more: t.more[:0], kept: t.kept[:0]} }

// bytes is the value of a code. It is the dictionary's own: not to be kept or changed.
func (t *texts) bytes(code int32) []byte {
	if code < t.size {
		return t.dict.Index(code).ByteArray()
	}
	return t.more[code-t.size]
}

// keep is the value of a code for as long as the caller likes, cloned once; nil for none.
func (t *texts) keep(code int32) *string {
	if code == none {
		return nil
	}
	for len(t.kept) <= int(code) {
		t.kept = append(t.kept, nil)
	}
	if t.kept[code] == nil {
		t.kept[code] = new(string(t.bytes(code)))
	}
	return t.kept[code]
}

// add is the code of a value, a new one if it has none yet.
func (t *texts) add(value []byte) int32 {
	if n := len(t.more); n > 0 && bytes.Equal(t.more[n-1], value) {
		return t.size + int32(n) - 1
	}
	if t.index == nil {
		t.index = make(map[string]int32)
		for i := range t.size {
			t.index[string(t.dict.Index(i).ByteArray())] = i
		}
	}
	code, ok := t.index[string(value)]
	if !ok {
		code = t.size + int32(len(t.more))
		t.more = append(t.more, bytes.Clone(value))
		t.index[string(value)] = code
	}
	return code
}

// compare compares the values of two codes by their bytes.
func (t *texts) compare(a, b int32) int {
	if a == b {
		return 0
	}
	if a == none || b == none {
		return presence(a != none, b != none)
	}
	return bytes.Compare(t.bytes(a), t.bytes(b))
}

// leafOf finds a needed column in a file; nil if it is optional and absent. problem
// says what was wanted and found.
func (c *column) leafOf(root *parquet.Column) (leaf *parquet.Column, problem string) {
	found := root.Column(c.Name)
	if found == nil {
		if c.Optional {
			return nil, ""
		}
		return nil, fmt.Sprintf("%s: wanted %s, found none", c.Name, c.Type)
	}
	leaf = found
	want, list := map[string]string{
		"STRING": "STRING", "INT32": "INT(32,true)", "DOUBLE": "DOUBLE", "BOOLEAN": "BOOLEAN", "LIST STRING": "STRING",
	}[c.Type], c.kind == ofList
	if list {
		for range 2 {
			if len(leaf.Columns()) != 1 {
				return nil, fmt.Sprintf("%s: wanted %s, found %s", c.Name, c.Type, spell(found))
			}
			leaf = leaf.Columns()[0]
		}
	}
	if !leaf.Leaf() || leaf.MaxRepetitionLevel() > 1 || (leaf.MaxRepetitionLevel() == 1) != list || !alike(want, leaf.Type().String()) {
		return nil, fmt.Sprintf("%s: wanted %s, found %s", c.Name, c.Type, spell(found))
	}
	return leaf, ""
}

// spell is a column's type for people.
func spell(c *parquet.Column) string {
	name := c.Type().String()
	for _, sub := range c.Columns() {
		name += " " + spell(sub)
	}
	if c.Repeated() {
		name = "repeated " + name
	}
	return name
}

// columnsOf finds the needed columns in a file. The error lists all that do not fit.
func columnsOf(p *parquetFile, cols *[nColumns]column) (leaves [nColumns]*parquet.Column, err error) {
	var problems []string
	for i := range cols {
		c := &cols[i]
		if !c.need {
			continue
		}
		var problem string
		if err := guarded(func() error { leaves[i], problem = c.leafOf(p.Root()); return nil }); err != nil {
			return leaves, p.corrupt(err)
		}
		if problem != "" {
			problems = append(problems, problem)
		}
	}
	if len(problems) == 0 {
		return leaves, nil
	}
	slices.Sort(problems)
	return leaves, p.corrupt(fmt.Errorf("no annotations: %s; the file has %s", strings.Join(problems, "; "), columnNames(p.Root())))
}
