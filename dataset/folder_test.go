package dataset

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// TestWriteFolder: a folder appears whole or not at all, and replaces only its like.
func TestWriteFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	ours := func(names []string) bool { return slices.Contains(names, "mark") }
	write := func(text string, err error) func(string) error {
		return func(path string) error {
			require.NoError(t, os.Mkdir(filepath.Join(path, "sub"), 0o777))
			require.NoError(t, os.WriteFile(filepath.Join(path, "mark"), []byte(text), 0o666))
			return err
		}
	}
	content := func() string {
		data, err := os.ReadFile(filepath.Join(dir, "mark"))
		require.NoError(t, err)
		return string(data)
	}
	broken := errors.New("broken")
	require.ErrorIs(t, WriteFolder(dir, false, ours, write("half", broken)), broken)
	require.NoDirExists(t, dir)
	require.NoError(t, WriteFolder(dir, false, ours, write("first", nil)))
	require.ErrorIs(t, WriteFolder(dir, false, ours, write("second", nil)), fs.ErrExist)
	require.ErrorIs(t, WriteFolder(dir, true, ours, write("half", broken)), broken)
	require.Equal(t, "first", content())
	require.NoError(t, WriteFolder(dir, true, ours, write("second", nil)))
	require.Equal(t, "second", content())
	require.ErrorContains(t, WriteFolder(dir, true, func([]string) bool { return false }, write("third", nil)), "something else")
	require.Panics(t, func() { _ = WriteFolder(dir, true, ours, func(string) error { panic("ours") }) })
	require.Equal(t, "second", content())
	left, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing is left behind")
}

// TestWriteTable: rows come back as they were written, with their metadata; no rows, no
// file.
func TestWriteTable(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	rows := []schema.ScoreRow{{System: "a", Metric: "m", Notes: []string{}}, {System: "b", Metric: "m", Notes: []string{"n"}}}
	pieces := func(yield func([]schema.ScoreRow, error) bool) {
		_ = yield(rows[:1], nil) && yield(nil, nil) && yield(rows[1:], nil)
	}
	names, err := WriteTable(ctx, dir, schema.Scores, "dev", map[string]string{schema.MetaCanary: "c"}, pieces)
	require.NoError(t, err)
	require.Equal(t, []string{"scores/dev-00000-of-00001.parquet"}, names)
	file := filepath.Join(dir, names[0])
	var got []schema.ScoreRow
	for row, err := range Rows[schema.ScoreRow](ctx, file) {
		require.NoError(t, err)
		got = append(got, row)
	}
	require.Equal(t, rows, got)
	canary, there, err := MetadataOf(file, schema.MetaCanary)
	require.NoError(t, err)
	require.True(t, there)
	require.Equal(t, "c", canary)
	_, there, err = MetadataOf(file, "other")
	require.NoError(t, err)
	require.False(t, there)
	_, _, err = MetadataOf(filepath.Join(dir, "none"), "other")
	require.ErrorIs(t, err, fs.ErrNotExist)

	names, err = WriteTable(ctx, dir, schema.Turns, "dev", nil, func(func([]schema.TurnRow, error) bool) {})
	require.NoError(t, err)
	require.Empty(t, names)
	require.NoDirExists(t, filepath.Join(dir, schema.Turns))
	_, err = WriteTable(ctx, dir, schema.Turns, "../x", nil, func(func([]schema.TurnRow, error) bool) {})
	require.ErrorContains(t, err, "split")
	broken := errors.New("broken")
	_, err = WriteTable(ctx, dir, schema.Turns, "dev", nil, func(yield func([]schema.TurnRow, error) bool) { yield(nil, broken) })
	require.ErrorIs(t, err, broken)
}
