package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench/publish"
)

// reader is what another reader makes of a folder. The test is skipped where RIGHTING_PYTHON
// names no Python, or one without the reader's package.
func reader(t *testing.T, job, folder string, into any) {
	readerOf(t, "RIGHTING_PYTHON", job, folder, into)
}

// readerOf is reader with the Python that a variable names.
func readerOf(t *testing.T, variable, job, folder string, into any) {
	python := os.Getenv(variable)
	if python == "" {
		t.Skip(variable + " names no Python that has the readers")
	}
	script, err := filepath.Abs(filepath.Join("testdata", "readers.py"))
	require.NoError(t, err)
	var talk strings.Builder
	cmd := exec.Command(python, script, job, folder)
	cmd.Stderr = &talk
	out, err := cmd.Output()
	require.NoError(t, err, "%s %s\n%s", job, out, talk.String())
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	last := []byte(lines[len(lines)-1])
	var missing struct{ Missing string }
	if json.Unmarshal(last, &missing) == nil && missing.Missing != "" {
		t.Skipf("%s has no %s", python, missing.Missing)
	}
	require.NoError(t, json.Unmarshal(last, into))
}

// TestReaders: packed folders are read as they are by everybody who will read them.
func TestReaders(t *testing.T) {
	folders := map[string]string{"demo": packOf(t, demoDataset(t))}
	if shared(t) != "" {
		for name, ds := range published(t) {
			folders[name] = packOf(t, ds, "--redact")
		}
	}
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			var m publish.Manifest
			data, err := os.ReadFile(filepath.Join(folder, "MANIFEST.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &m))
			rows := map[string]int64{}
			for _, f := range m.Files {
				if f.Split != "" {
					rows[f.Table] += *f.Rows
				}
			}
			t.Run("Croissant", func(t *testing.T) {
				var got struct {
					Errors  []string
					Records map[string]int64
					Turns   int64
				}
				reader(t, "croissant", folder, &got)
				require.Empty(t, got.Errors)
				require.Equal(t, rows["turns"], got.Turns, "nested turns")
				require.Equal(t, int64(3), got.Records["enum_control"])
				for table, n := range rows {
					require.Equal(t, n, got.Records[table], table)
				}
			})
			t.Run("Hugging Face", func(t *testing.T) {
				var got map[string]int64
				reader(t, "hub", folder, &got)
				require.Equal(t, rows, got)
			})
			t.Run("Hugging Face, datasets 3", func(t *testing.T) {
				var got map[string]int64
				readerOf(t, "RIGHTING_PYTHON_DATASETS3", "hub", folder, &got)
				require.Equal(t, rows, got)
			})
			t.Run("notebook", func(t *testing.T) {
				var got struct{ Cells int }
				reader(t, "notebook", folder, &got)
				require.Equal(t, 3, got.Cells)
			})
			t.Run("engines agree", func(t *testing.T) {
				var polars, pandas, duckdb map[string][]any
				reader(t, "duckdb", folder, &duckdb)
				reader(t, "polars", folder, &polars)
				reader(t, "pandas", folder, &pandas)
				require.Equal(t, polars, pandas)
				require.Equal(t, polars, duckdb)
				for table, n := range rows {
					require.EqualValues(t, n, polars[table][0], table)
				}
			})
		})
	}
}
