package publish

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/schema"
)

// The cells of the notebook: each is at most 15 lines to a first plot, and needs nothing
// of the others.
const (
	polarsCell = `import polars as pl
import matplotlib.pyplot as plt

board = (
    pl.read_parquet("leaderboard/leaderboard.parquet")
    .filter((pl.col("slice") == "") & pl.col("value").is_not_null())
    .with_columns(pl.col("low").fill_null(pl.col("value")), pl.col("high").fill_null(pl.col("value")))
    .sort("value")
)
x, low, high = board["value"], board["low"], board["high"]
plt.errorbar(x, range(len(x)), xerr=[(x - low).clip(0), (high - x).clip(0)], fmt="o", capsize=3)
plt.yticks(range(len(x)), [s.replace("$", r"\$") for s in board["system"]])
plt.xlabel(board["metric"][0] if len(board) else "")
plt.show()`
	pandasCell = `import glob
import pandas as pd
import matplotlib.pyplot as plt

files = sorted(glob.glob("readings/*.parquet"))
readings = pd.concat([pd.read_parquet(f) for f in files])
outcomes = pd.crosstab(readings["system"], readings["outcome"], normalize="index")
outcomes.index = [s.replace("$", r"\$") for s in outcomes.index]
outcomes.plot.barh(stacked=True)
plt.xlabel("share of readings")
plt.show()`
	duckdbCell = `import duckdb
import matplotlib.pyplot as plt

rows = duckdb.sql("""
    SELECT assistant_turn, avg(CAST(control = 'governs' AS INT)) AS governs
    FROM read_parquet('annotations/*.parquet')
    WHERE control IS NOT NULL AND assistant_turn IS NOT NULL GROUP BY 1 ORDER BY 1
""").fetchall()
plt.plot([r[0] for r in rows], [r[1] for r in rows], marker="o")
plt.xlabel("turn of the system")
plt.ylabel("share in which the constraint governs")
plt.show()`
	duckdbMeasureCell = `import duckdb
import matplotlib.pyplot as plt

rows = duckdb.sql("""
    SELECT measure, value, count(*) AS n FROM read_parquet('annotations/*.parquet')
    WHERE value IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
""").fetchall()
for name in sorted({r[0] for r in rows}):
    plt.plot([r[1] for r in rows if r[0] == name], [r[2] for r in rows if r[0] == name], "o-", label=name.replace("$", r"\$"))
plt.ylabel("judgements")
plt.legend()
plt.show()`
)

// notebook is quickstart.ipynb: the board by polars, outcomes by pandas, labels by DuckDB.
func (c *content) notebook() ([]byte, error) {
	var cells []object
	source := func(text string) []string { return strings.SplitAfter(text, "\n") }
	markdown := func(text string) {
		cells = append(cells, object{"cell_type": "markdown", "id": fmt.Sprintf("cell-%d", len(cells)), "metadata": object{}, "source": source(text)})
	}
	code := func(text string) {
		cells = append(cells, object{"cell_type": "code", "id": fmt.Sprintf("cell-%d", len(cells)), "metadata": object{}, "execution_count": nil, "outputs": []any{}, "source": source(text)})
	}
	markdown("# " + words(c.title()) + "\n\nRun it in the folder of the dataset (`hf download " + c.repository() + " --repo-type dataset --local-dir .`).\nNeeds polars, pandas with pyarrow, duckdb and matplotlib.")
	markdown("## The board, by polars")
	code(polarsCell)
	markdown("## How readings ended, by pandas")
	code(pandasCell)
	markdown("## The labels, by DuckDB")
	if c.measuresOnly() {
		code(duckdbMeasureCell)
	} else {
		code(duckdbCell)
	}
	return report.Document(object{
		"cells": cells, "nbformat": 4, "nbformat_minor": 5,
		"metadata": object{"kernelspec": object{"display_name": "Python 3", "language": "python", "name": "python3"}},
	})
}

// measuresOnly is whether control is taken from a measure.
func (c *content) measuresOnly() bool {
	return c.m.Rules.ControlFrom != nil && c.m.Rules.ControlFrom.Measure != "" && len(c.tables(schema.Annotations)) > 0
}
