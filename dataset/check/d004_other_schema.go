package check

import (
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var otherSchema = &Rule{
	Code: "D004", Name: "other-schema", Severity: Warning,
	Doc: `files of one table do not have the same schema

Righting reads a column that is not there as null, but Hugging Face datasets, polars and
Spark take the schema of the first file for all and refuse the others, or drop columns.`,
	Fix: `Write the table anew in one go; righting gives all its files one schema.`,
	Start: func(d *Data) Visitor {
		return Visitor{End: func(report Report) {
			for _, table := range [][]string{d.Trajectories, d.Annotations} {
				if len(table) < 2 {
					continue
				}
				var first string
				for i, name := range table {
					s, err := dataset.SchemaOf(name)
					switch {
					case err != nil: // reading the file says why
					case i == 0:
						first = s
					case s != first:
						report(schema.Place{File: relative(d.Dataset, name)}, "its schema is not that of %s", relative(d.Dataset, table[0]))
					}
				}
			}
		}}
	},
}
