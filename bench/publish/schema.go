package publish

import (
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// object is JSON whose keys come out in order.
type object = map[string]any

// enum is the vocabulary of a column with the dataset's own terms, nil for free text.
func (c *content) enum(column *schema.Column) *schema.Enum {
	if column.Enum == "" {
		return nil
	}
	v := schema.NewVocabulary(c.m.Vocabulary.Targets, c.m.Vocabulary.Pressures)
	if e := v.Of(column.Enum); e != nil {
		return e
	}
	if i := slices.IndexFunc(schema.Enums, func(e *schema.Enum) bool { return e.Name == column.Enum }); i >= 0 {
		return schema.Enums[i]
	}
	return nil
}

// rowSchema is the JSON Schema of a table's row, as export writes it in JSON Lines.
func (c *content) rowSchema(t schema.Table) ([]byte, error) {
	doc := c.rowObject(t.Columns)
	doc["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	doc["title"] = t.Name
	doc["description"] = t.Doc
	return report.Document(doc)
}

func (c *content) rowObject(columns []schema.Column) object {
	properties, required := object{}, []string{}
	for i := range columns {
		properties[columns[i].Name] = c.columnSchema(&columns[i])
		if !columns[i].Optional {
			required = append(required, columns[i].Name)
		}
	}
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func (c *content) columnSchema(column *schema.Column) object {
	value := object{}
	switch column.Type {
	case "STRING", "LIST STRING":
		value["type"] = "string"
	case "BOOLEAN":
		value["type"] = "boolean"
	case "INT32", "INT64", "TIMESTAMP":
		value["type"] = "integer"
	case "DOUBLE":
		value["type"] = "number"
	case "LIST STRUCT":
		value = c.rowObject(column.Fields)
	}
	if e := c.enum(column); e != nil && column.Type != "INT32" {
		value["enum"] = e.Names()
	}
	if strings.HasPrefix(column.Type, "LIST") {
		value = object{"type": "array", "items": value}
	}
	value["description"] = column.Doc
	return value
}

// dictionary is a table's columns for people, with the values of their vocabularies.
func (c *content) dictionary(t schema.Table) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s", t.Name, plain.Markdown(t.Doc), c.columns(t.Columns))
	done := map[string]bool{}
	var values func(columns []schema.Column)
	values = func(columns []schema.Column) {
		for i := range columns {
			if e := c.enum(&columns[i]); e != nil && !done[e.Name] {
				done[e.Name] = true
				fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| value | meaning |\n| :-- | :-- |\n", plain.Markdown(e.Name), plain.Markdown(e.Doc))
				for _, term := range e.Terms {
					fmt.Fprintf(&b, "| %s | %s |\n", plain.Markdown(term.Name), plain.Markdown(term.Doc))
				}
			}
			values(columns[i].Fields)
		}
	}
	values(t.Columns)
	return []byte(b.String())
}

// columns is a Markdown table of columns; those of a list's elements follow it.
func (c *content) columns(columns []schema.Column) string {
	var b strings.Builder
	b.WriteString("| column | type | null | meaning |\n| :-- | :-- | :-- | :-- |\n")
	var rows func(prefix string, columns []schema.Column)
	rows = func(prefix string, columns []schema.Column) {
		for i := range columns {
			k := &columns[i]
			null := ""
			if k.Optional {
				null = "yes"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", plain.Markdown(prefix+k.Name), k.Type, null, plain.Markdown(k.Doc))
			rows(prefix+k.Name+"[].", k.Fields)
		}
	}
	rows("", columns)
	return b.String()
}
