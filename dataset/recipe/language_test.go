package recipe_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset/recipe"
)

// What the decoder says that it knows is what Language describes.
func TestLanguage(t *testing.T) {
	below := map[string][]string{}
	for _, k := range recipe.Language() {
		require.NotEmpty(t, k.Doc, k.Name)
		require.NotContains(t, k.Doc, "\n", k.Name)
		place := ""
		if k.Of != nil {
			place = k.Of[0] + "."
			for _, table := range k.Of {
				require.Contains(t, []string{"trajectories", "scenarios", "annotations"}, table)
			}
		}
		at := strings.LastIndexByte(k.Name, '.')
		if at < 0 {
			below[place[:max(0, len(place)-1)]] = append(below[place[:max(0, len(place)-1)]], k.Name)
		} else {
			below[place+k.Name[:at]] = append(below[place+k.Name[:at]], k.Name[at+1:])
		}
	}
	section := append(append(below["trajectories"], below["scenarios"]...), below["annotations"]...)
	for at, keys := range below {
		doc := "qqqqqqqqqq: 1\n"
		if at != "" {
			for _, name := range strings.Split(reversed(at), ".") {
				doc = name + ":\n  " + strings.ReplaceAll(strings.TrimSuffix(doc, "\n"), "\n", "\n  ") + "\n"
			}
		}
		_, err := recipe.Load("x.yaml", []byte(doc))
		require.Error(t, err, doc)
		_, known, _ := strings.Cut(err.Error(), "; known here: ")
		known, _, _ = strings.Cut(known, "\n")
		if !strings.Contains(at, ".") && at != "" { // a section's keys are spread over the tables
			keys = section
		}
		require.ElementsMatch(t, keys, strings.Split(known, ", "), at)
	}
}

// reversed is the parts of a path from the last.
func reversed(path string) string {
	parts := strings.Split(strings.ReplaceAll(path, "COLUMN", "scenario"), ".")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ".")
}
