package check

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// What only a whole case tells does not depend on the order of its rows, nor on the files
// that they lie in.
func TestCasesInAnyOrder(t *testing.T) {
	for _, rule := range []*Rule{recognitionWithoutLoss, outcomeDisagrees, undeclaredSilence, refusedPanel} {
		a, err := txtar.ParseFile(filepath.Join("testdata", rule.Code+".txtar"))
		require.NoError(t, err)
		whys := func(a *txtar.Archive) (out []string) {
			for _, line := range findings(t, side(t, a, "bad"), []*Rule{rule}) {
				out = append(out, line[strings.Index(line, ": "):])
			}
			slices.Sort(out)
			return out
		}
		want := whys(a)
		require.NotEmpty(t, want)
		for i, f := range a.Files {
			if f.Name == "bad.jsonl" {
				lines := strings.SplitAfter(strings.TrimSpace(string(f.Data))+"\n", "\n")
				slices.Reverse(lines)
				half := len(lines) / 2
				a.Files[i].Data = []byte(strings.Join(lines[:half], ""))
				a.Files = append(a.Files, txtar.File{Name: "bad2.jsonl", Data: []byte(strings.Join(lines[half:], ""))})
			}
		}
		require.Equal(t, want, whys(a), rule.Code)
	}
}

// Without a table of trajectories the annotation's own numbers say where the end is.
func TestNoSuchTurnOfLabelsOnly(t *testing.T) {
	a := txtar.Parse([]byte(`
-- a.jsonl --
{"trajectory_id":"a","turn":-1,"assistant_turn":0,"assistant_turns":2}
{"trajectory_id":"b","assistant_turn":3,"exchange":2,"assistant_turns":2,"exchanges":1}
{"trajectory_id":"c","assistant_turn":1000001}
{"trajectory_id":"d","assistant_turn":9}
`))
	require.Equal(t, []string{
		"a.jsonl:1: turn: turn -1; the first is 0 (A009)\n",
		"a.jsonl:1: assistant_turn: assistant_turn 0; the first is 1 (A009)\n",
		"a.jsonl:2: assistant_turn: assistant_turn 3 where assistant_turns is 2 (A009)\n",
		"a.jsonl:2: exchange: exchange 2 where exchanges is 1 (A009)\n",
		"a.jsonl:3: assistant_turn: assistant_turn 1000001; a trajectory has at most 1000000 (A009)\n",
	}, findings(t, side(t, a, ""), []*Rule{noSuchTurn}))
}

// Where the rules read exchanges, a row needs one, of the messages of an exchange the
// worst control counts, and exchanges are what is counted.
func TestUnitExchange(t *testing.T) {
	a := txtar.Parse([]byte(`
-- dataset.yaml --
righting: 1
rules: {unit: exchange}
-- a.jsonl --
{"trajectory_id":"a","exchanges":4,"outcome":"interrupted"}
{"trajectory_id":"a","assistant_turn":1,"exchange":1,"exchanges":4,"control":"governs"}
{"trajectory_id":"a","assistant_turn":2,"exchange":1,"exchanges":4,"control":"neutralised"}
{"trajectory_id":"a","assistant_turn":3,"exchange":2,"exchanges":4,"control":"governs","recognition":true}
{"trajectory_id":"a","assistant_turn":4,"exchange":3,"exchanges":4,"control":"governs"}
{"trajectory_id":"b","exchanges":3,"outcome":"recovered"}
{"trajectory_id":"b","assistant_turn":1,"exchange":1,"exchanges":3,"control":"neutralised"}
{"trajectory_id":"b","assistant_turn":2,"exchange":2,"exchanges":3,"control":"governs"}
{"trajectory_id":"b","assistant_turn":3,"exchange":2,"exchanges":3,"control":"governs"}
{"trajectory_id":"b","assistant_turn":4,"exchange":3,"exchanges":3,"control":"governs"}
{"trajectory_id":"c","exchange":1,"exchanges":1,"control":"governs"}
{"trajectory_id":"c","turn":5,"exchange":1,"exchanges":1,"control":"governs"}
{"trajectory_id":"d","assistant_turn":7,"control":"neutralised"}
`))
	require.Equal(t, []string{
		"a.jsonl:12: the same place as a.jsonl:11 (A001)\n",
		"a.jsonl:13: exchange: null where assistant_turn is 7, so it is not known which unit \"j\" judged (A010)\n",
		"dataset.yaml: annotators: \"j\" judged 7 of 8 units (87%) in the trajectories where it judged control; add the line `\"j\": {silence: unknown}`, or what else its silence means (A017)\n",
		"a.jsonl:1: outcome: interrupted, and the units as \"j\" labels them are recovered or unproven or relapsed (durable: 2) (A015)\n",
	}, findings(t, side(t, a, ""), All))
}
