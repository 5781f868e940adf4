package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/righting-bench/righting"

// layers says what each package may import of ours, and of others. A package that is
// not here may not exist.
var layers = map[string]struct{ ours, others []string }{
	"schema":         {},
	"schema/reading": {ours: []string{"schema"}},
	"schema/plain":   {},
	"dataset": {
		ours:   []string{"schema", "schema/reading", "schema/plain"},
		others: []string{"github.com/parquet-go/parquet-go", "go.yaml.in/yaml/v3", "golang.org/x/sync", "github.com/bmatcuk/doublestar/v4", "github.com/klauspost/compress"},
	},
	"dataset/recipe": {
		ours:   []string{"schema", "schema/reading", "schema/plain", "dataset"},
		others: []string{"go.yaml.in/yaml/v3", "github.com/bmatcuk/doublestar/v4", "github.com/go-json-experiment/json", "github.com/klauspost/compress"},
	},
	"dataset/convert": {
		ours:   []string{"schema", "schema/plain", "dataset"},
		others: []string{"github.com/go-json-experiment/json", "github.com/klauspost/compress"},
	},
	"dataset/annotate": {
		ours:   []string{"schema", "schema/reading", "schema/plain", "dataset", "dataset/recipe"},
		others: []string{"github.com/go-json-experiment/json", "github.com/klauspost/compress"},
	},
	"dataset/check": {ours: []string{"schema", "schema/reading", "schema/plain", "dataset"}, others: []string{"github.com/rogpeppe/go-internal"}},
	"metrics":       {ours: []string{"schema", "schema/reading", "metrics/stat"}},
	"metrics/stat":  {others: []string{"gonum.org/v1/gonum"}},
	"bench": {
		ours:   []string{"schema", "schema/reading", "dataset", "metrics", "metrics/stat"},
		others: []string{"golang.org/x/sync"},
	},
	"bench/report":  {ours: []string{"schema", "schema/reading", "schema/plain", "dataset", "metrics", "metrics/stat", "bench"}},
	"bench/publish": {ours: []string{"schema", "schema/reading", "schema/plain", "dataset", "dataset/check", "metrics", "metrics/stat", "bench", "bench/report"}},
	"cmd/righting": {
		ours:   []string{"schema", "schema/reading", "schema/plain", "dataset", "dataset/recipe", "dataset/convert", "dataset/annotate", "dataset/check", "metrics", "metrics/stat", "bench", "bench/report", "bench/publish"},
		others: []string{"github.com/spf13/cobra", "golang.org/x/term", "github.com/rogpeppe/go-internal"},
	},
	"cmd/versus": {
		ours:   []string{"schema", "schema/reading", "dataset", "dataset/check", "bench"},
		others: []string{"github.com/spf13/cobra", "github.com/parquet-go/parquet-go"}, // a peer reads by itself
	},
}

// TestLayers holds the arrows of the design: who may import whom, where Parquet is
// known, and where goroutines start, text is printed, the process ends.
func TestLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(name))
		require.NoError(t, err)
		pkg := filepath.ToSlash(rel)
		layer, known := layers[pkg]
		require.True(t, known, "package %s stands in no layer", pkg)
		seen[pkg] = true
		test := strings.HasSuffix(name, "_test.go")
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			first, _, _ := strings.Cut(imported, "/")
			switch {
			case !strings.Contains(first, "."): // the standard library
			case imported == module || strings.HasPrefix(imported, module+"/"):
				ours := strings.TrimPrefix(imported, module+"/")
				if test && ours == pkg { // an external test package
					continue
				}
				require.Contains(t, layer.ours, ours, "%s imports %s", name, ours)
			case test && (strings.HasPrefix(imported, "github.com/stretchr/testify/") || strings.HasPrefix(imported, "github.com/rogpeppe/go-internal/") || imported == "go.yaml.in/yaml/v3"):
			default:
				require.True(t, slices.ContainsFunc(layer.others, func(m string) bool {
					return imported == m || strings.HasPrefix(imported, m+"/")
				}), "%s imports %s", name, imported)
			}
		}
		if test {
			return nil
		}
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, banned := range []struct {
			text   string
			except []string
		}{
			{"\n\tgo func(", []string{"dataset", "bench"}},
			{"errgroup.", []string{"dataset", "bench"}},
			{"os.Exit(", []string{"cmd/righting", "cmd/versus"}},
			{"fmt.Print", []string{"cmd/righting", "cmd/versus"}},
			{"os.Getenv(", []string{"cmd/righting"}},
			{"os.Stdout", []string{"cmd/righting", "cmd/versus"}},
			{"os.Stderr", []string{"cmd/righting", "cmd/versus"}},
			{"\nfunc init()", nil},
		} {
			if !slices.Contains(banned.except, pkg) {
				require.NotContains(t, string(source), banned.text, name)
			}
		}
		if pkg != "cmd/righting" {
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(pkg), "doc.go"))
			require.NoError(t, err, "%s has no doc.go", pkg)
		}
		return nil
	})
	require.NoError(t, err)
	for pkg := range layers {
		require.True(t, seen[pkg], "layer %s has no package", pkg)
		require.Equal(t, path.Clean(pkg), pkg)
	}
}
