package dataset

import (
	"unsafe"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// columns are the values of trajectories, column by column in the schema's order: what
// trajectorySchema.Deconstruct makes of them, without asking what each field is.
type columns [][]parquet.Value

// add appends a trajectory. The values point to its texts.
func (c columns) add(t *schema.Trajectory) {
	at := columnCursor{columns: c}
	at.text(t.TrajectoryID)
	at.text(t.System)
	at.maybe(t.Model)
	at.maybe(t.Agent)
	at.text(t.Scenario)
	at.maybe(t.Condition)
	at.number(t.Repeat)
	at.text(t.Setting)
	at.number(t.AssistantTurns)
	at.number(t.Exchanges)

	turns := t.Turns
	at.each(turns, 1, func(u *schema.Turn) parquet.Value { return parquet.Int32Value(u.Index) })
	at.each(turns, 1, func(u *schema.Turn) parquet.Value { return textValue(u.Role) })
	at.each(turns, 1, func(u *schema.Turn) parquet.Value { return textValue(u.Text) })
	at.each(turns, 2, func(u *schema.Turn) parquet.Value { return maybeText(u.Reasoning) })
	at.each(turns, 2, func(u *schema.Turn) parquet.Value { return maybeText(u.Name) })
	at.each(turns, 2, func(u *schema.Turn) parquet.Value { return maybeText(u.ToolCallsJSON) })
	at.each(turns, 2, func(u *schema.Turn) parquet.Value { return maybeText(u.ToolCallID) })
	at.each(turns, 2, func(u *schema.Turn) parquet.Value { return maybeText(u.SourceID) })
	at.each(turns, 2, func(u *schema.Turn) parquet.Value {
		if u.Prefilled == nil {
			return parquet.NullValue()
		}
		return parquet.BooleanValue(*u.Prefilled)
	})

	at.maybe(t.Terminal)
	at.maybe(t.Error)
	at.maybe(t.Split)
	at.maybe(t.SourceFormat)
	at.maybe(t.SourceID)
	at.maybe(t.MetadataJSON)
	started := parquet.NullValue()
	if t.StartedAt != nil {
		started = parquet.Int64Value(*t.StartedAt)
	}
	at.put(started, 1)
}

// reset forgets the values, and lets go of the texts.
func (c columns) reset() {
	for i := range c {
		clear(c[i])
		c[i] = c[i][:0]
	}
}

// A columnCursor appends to one column after the other.
type columnCursor struct {
	columns
	n int // the next column's number
}

// put appends a value; most is the level of one that is not null.
func (c *columnCursor) put(v parquet.Value, most int) {
	c.columns[c.n] = append(c.columns[c.n], v.Level(0, levelOf(v, most), c.n))
	c.n++
}

func (c *columnCursor) text(s string) { c.put(textValue(s), 0) }

func (c *columnCursor) maybe(s *string) { c.put(maybeText(s), 1) }

func (c *columnCursor) number(n int32) { c.put(parquet.Int32Value(n), 0) }

// each appends a value of every turn; without turns the column is null.
func (c *columnCursor) each(turns []schema.Turn, most int, value func(*schema.Turn) parquet.Value) {
	column := c.columns[c.n]
	for i := range turns {
		v := value(&turns[i])
		column = append(column, v.Level(min(i, 1), levelOf(v, most), c.n))
	}
	if len(turns) == 0 {
		column = append(column, parquet.NullValue().Level(0, 0, c.n))
	}
	c.columns[c.n] = column
	c.n++
}

// levelOf is the definition level of a value.
func levelOf(v parquet.Value, most int) int {
	if v.IsNull() {
		return most - 1
	}
	return most
}

func maybeText(s *string) parquet.Value {
	if s == nil {
		return parquet.NullValue()
	}
	return textValue(*s)
}

// textValue is a value that points to the text, which parquet only reads.
func textValue(s string) parquet.Value {
	return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(s), len(s)))
}
