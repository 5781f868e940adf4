package convert

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

func rowsOf[T any](t *testing.T, files []string) (out []T) {
	t.Helper()
	for _, file := range files {
		for row, err := range dataset.Rows[T](t.Context(), file) {
			require.NoError(t, err)
			out = append(out, row)
		}
	}
	return out
}

// put writes a file into the current folder.
func put(t *testing.T, name, text string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	return name
}

// converted is the trajectories of a dataset.
func converted(t *testing.T, dir string) []schema.Trajectory {
	t.Helper()
	d, err := dataset.Open(dir)
	require.NoError(t, err)
	return rowsOf[schema.Trajectory](t, d.Trajectories)
}

// texts is who said what, as `user:hi|assistant:ho`.
func texts(t schema.Trajectory) string {
	var out []string
	for _, turn := range t.Turns {
		out = append(out, turn.Role+":"+turn.Text)
	}
	return strings.Join(out, "|")
}

// hashes is every file below dir with its SHA-256.
func hashes(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		sum := sha256.Sum256(b)
		out[strings.TrimPrefix(path, dir)] = hex.EncodeToString(sum[:])
		return err
	}))
	return out
}

// left is what stands in the current folder, hidden names too.
func left(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func repeat(s string, n int) string { return string(bytes.Repeat([]byte(s), n)) }
