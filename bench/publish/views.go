package publish

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// views is views.sql: a DuckDB view for each table, beside the folder and on the hub, and
// the labels beside what was said.
func (c *content) views() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s: views for DuckDB. In this folder: duckdb -init views.sql\n", plain.Terminal(c.title()))
	for _, t := range c.configs() {
		fmt.Fprintf(&b, "CREATE OR REPLACE VIEW %s AS SELECT * FROM read_parquet(%s);\n", t, quoteSQL(t+"/*.parquet"))
	}
	if len(c.tables(schema.Turns)) > 0 {
		b.WriteString(`
-- each judgement of a turn beside what was said there
CREATE OR REPLACE VIEW judged_turns AS
SELECT t.*, a.constraint_id, a.annotator, a.pass, a.control, a.active_target, a.response, a.leakage, a.measure, a.value
FROM turns t JOIN annotations a ON a.trajectory_id = t.trajectory_id AND a.turn = t.turn;
`)
	}
	if answer(c.m, "repository") != "" {
		b.WriteString("\n-- the same from the hub, without a download:\n")
		for _, t := range c.configs() {
			fmt.Fprintf(&b, "-- CREATE OR REPLACE VIEW %s AS SELECT * FROM read_parquet(%s);\n", t, quoteSQL("hf://datasets/"+c.repository()+"/"+t+"/*.parquet"))
		}
	}
	return []byte(b.String())
}

// quoteSQL is a literal of SQL.
func quoteSQL(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
