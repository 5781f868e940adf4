package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset/recipe"
)

// block is a fenced block of Markdown.
type block struct{ language, text string }

func blocks(markdown string) (out []block) {
	parts := strings.Split(markdown, "```")
	for i := 1; i < len(parts); i += 2 {
		language, text, _ := strings.Cut(parts[i], "\n")
		out = append(out, block{language, text})
	}
	return out
}

// TestREADME runs the README's commands and compares what it shows with what they
// print.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	var scripts strings.Builder // all of them
	files, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	require.NoError(t, err)
	for _, file := range files {
		script, err := os.ReadFile(file)
		require.NoError(t, err)
		scripts.Write(script)
	}
	var last string
	data := shared(t)
	if data != "" {
		t.Chdir(t.TempDir())
		require.NoError(t, os.Symlink(filepath.Join(data, "sycon_debate"), "SYCON-Bench"))
		require.NoError(t, os.Symlink(filepath.Join(data, "odcv"), "ODCV-Bench"))
	}
	commands := 0
	for _, b := range blocks(string(text)) {
		switch b.language {
		case "sh":
			for line := range strings.Lines(b.text) {
				line = strings.TrimSpace(line)
				commands++
				args, ours := strings.CutPrefix(line, "righting ")
				switch {
				case line == "go run ./cmd/righting demo": // TestScripts/demo
				case line == "go test ./...": // this run
				case !ours:
					t.Errorf("a command that nothing runs: %s", line)
				case data != "":
					last, _ = ok(t, strings.Fields(args)...)
				}
			}
		case "console": // a user's own files: a script runs it
			for line := range strings.Lines(b.text) {
				require.True(t, strings.Contains(scripts.String(), "code 0 "+strings.TrimSpace(line)+"\n"), "no script runs: %s", line)
			}
		case "text":
			if data != "" {
				require.Equal(t, last, b.text)
			}
		case "yaml":
			_, err := recipe.Load("README.md", []byte(b.text))
			require.NoError(t, err)
		default:
			t.Errorf("a block in %q that nothing checks", b.language)
		}
	}
	require.Greater(t, commands, 5)
	if data == "" {
		t.Skip("the README's recipe was checked; its results were not: the real data (../shared/data beside the repository) are not here")
	}
}
