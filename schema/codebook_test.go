package schema

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// annotators' enums: what a person or a judge gives, and so what needs an example.
var given = []*Enum{
	Controls, Outcomes, Targets, Principals, Legitimacies, Responses, Leakages, Symbols, Pressures, Moves, FailureKinds, Missings,
}

func TestEveryTermHasAnExample(t *testing.T) {
	require.Len(t, examples, len(given))
	seen := map[string]string{}
	for _, e := range given {
		require.Len(t, examples[e.Name], e.Len(), "%s: no more and no fewer than its terms", e.Name)
		for _, term := range e.Terms {
			x := examples[e.Name][term.Name]
			name := e.Name + " " + term.Name
			require.NotEmpty(t, x, name)
			require.Empty(t, seen[x], "%s and %s are the same", name, seen[x])
			seen[x] = name
			lines := strings.Split(x, "\n")
			require.LessOrEqual(t, len(lines), 3, name)
			require.True(t, strings.HasPrefix(lines[len(lines)-1], "Why: "), name)
			require.NotContains(t, x, "aligned", name)
			for _, line := range lines {
				speaker, words, ok := strings.Cut(line, ": ")
				require.True(t, ok && words != "" && !strings.Contains(speaker, " "), "%s: who says %q?", name, line)
				require.LessOrEqual(t, utf8.RuneCountInString(line), 120, name)
				require.Equal(t, strings.TrimSpace(line), line, name)
			}
		}
	}
}

func TestCodebook(t *testing.T) {
	book := Codebook()
	require.Equal(t, book, Codebook())
	labels := false
	for _, c := range ColumnsOf[Annotation]() {
		labels = labels || c.Name == "control"
		require.Equal(t, labels, strings.Contains(book, "\n## "+c.Name+"\n"), "labels have a section, keys have none: %s", c.Name)
	}
	for _, e := range given {
		for _, term := range e.Terms {
			require.Contains(t, book, "\n- `"+term.Name+"`: "+term.Doc+".", e.Name)
			for line := range strings.SplitSeq(examples[e.Name][term.Name], "\n") {
				require.Contains(t, book, "\n  - "+line+"\n", e.Name)
			}
		}
	}
	require.Equal(t, 1, strings.Count(book, "- `conversational_momentum`"), "a vocabulary is listed once")
	require.NotContains(t, book, "aligned")
	require.NotContains(t, book, "..")
	require.NotContains(t, book, "\t")
	require.NotContains(t, book, "\n\n\n")
	require.True(t, strings.HasSuffix(book, "\n") && !strings.HasSuffix(book, "\n\n"))
}
