package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDuckDBAddsUpCounts: another engine reads counts as they are and adds them up to
// the board. CI installs DuckDB's Python package and names that Python; elsewhere the
// test is skipped.
func TestDuckDBAddsUpCounts(t *testing.T) {
	python := os.Getenv("RIGHTING_PYTHON")
	if python == "" {
		t.Skip("RIGHTING_PYTHON names no Python that has duckdb")
	}
	dir := t.TempDir()
	t.Chdir(dir) // demo goes to its folder; the test must come back from there
	ok(t, "demo", filepath.Join(dir, "demo"))
	counts := filepath.Join(dir, "demo", "counts.parquet")
	script := `
import duckdb, json, sys
rows = duckdb.sql(f"""
 select system, sum(n) filter (slot = 0) as y, sum(n) filter (slot = 1) as n
 from '{sys.argv[1]}' where metric = 'constraint_integrity' and setting = 'interaction' group by system""").fetchall()
print(json.dumps({s: y / n for s, y, n in rows}))`
	out, err := exec.Command(python, "-c", script, counts).CombinedOutput()
	require.NoError(t, err, "%s", out)
	var theirs map[string]float64
	require.NoError(t, json.Unmarshal([]byte(strings.TrimSpace(string(out))), &theirs))
	board, _ := ok(t, "score", filepath.Join(dir, "demo", "demo"), "--format", "json")
	ours := 0
	for _, s := range parseBoard(t, board).Scores {
		if s.Metric == "constraint_integrity" {
			ours++
			require.InDelta(t, theirs[s.System], *s.Value, 1e-6, s.System)
		}
	}
	require.Equal(t, len(theirs), ours)
	require.Equal(t, 4, ours)
}
