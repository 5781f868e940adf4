package recipe_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

func packed(t *testing.T, s string) string {
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return string(w.EncodeAll([]byte(s), nil))
}

func TestJSONFiles(t *testing.T) {
	const a, b = `{"case":"a","model":"m","verdict":"governs"}`, "{\"case\": \"}],\\\"b\",\n \"model\": \"m\",\n \"verdict\": \"governs\"}"
	want := []string{"a/m judge pass 0 governs", "}],\"b/m judge pass 0 governs"}
	for name, c := range map[string]struct {
		file, text string
		rows       []string
		rejects    []string
	}{
		"array":            {"x.json", "[" + a + "," + b + "]", want, nil},
		"array, spread":    {"x.json", "\xef\xbb\xbf \n[\n" + a + "\n,\n" + b + "\n]\n", want, nil},
		"one object":       {"x.json", b, want[1:], nil},
		"objects in lines": {"x.json", a + "\n" + b + "\n", want, nil},
		"empty array":      {"x.json", "[ ]\n", nil, nil},
		"zstd":             {"x.json.zst", packed(t, "["+a+","+b+"]"), want, nil},
		"gzip":             {"x.json.gz", zipped(t, "["+a+","+b+"]"), want, nil},
		"one is bad":       {"x.json", "[\n{\"case\": 010},\n" + a + "]", want[:1], []string{"x.json:2: not JSON at byte 11: invalid character '1' after object value (expecting ',' or '}')"}},
		"not objects":      {"x.json", "[1, [2], \"x,y\", null, " + a + ", {}]", want[:1], []string{"x.json:1: not a JSON object; a record is {\"name\": value, …}", "x.json:1: case: empty or listed under missing, and scenario is required"}},
		"twice a key":      {"x.json", "[{\"case\":1,\"case\":2}," + a + "]", want[:1], []string{`x.json:1: duplicate key "case"`}},
		"cut in an object": {"x.json", "[" + a + ",\n{\"case\":", want[:1], []string{"x.json:2: unexpected end of file; the file may be cut"}},
		"cut between":      {"x.json", "[" + a + ",\n", want[:1], []string{"x.json:2: unexpected end of file; the file may be cut"}},
		"no comma":         {"x.json", "[" + a + "\n" + a + "]", want[:1], []string{"x.json:2: not JSON: '{' where a comma or ] belongs"}},
		"two commas":       {"x.json", "[" + a + ",,\n" + a + "]", want[:1], []string{"x.json:1: not JSON: ',' where a value belongs"}},
		"more after it":    {"x.json", "[" + a + "]\n" + a, want[:1], []string{"x.json:2: not JSON: '{' after the array's end"}},
		"deep":             {"x.json", "[" + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "," + a + "]", want[:1], []string{"x.json:1: nested more than 256 deep"}},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{c.file: c.text})
			rows, report, err := read(t, strings.Replace(plain, "*.csv", "x.*", 1))
			require.NoError(t, err)
			require.Equal(t, c.rows, shown(rows))
			got := why(report)
			if name == "not objects" {
				require.Equal(t, 5, report.Rejected)
				got = []string{got[0], got[4]}
			}
			require.Equal(t, c.rejects, got)
		})
	}
}

func TestPackedWrong(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"not zstd":       {"x.csv.zst", "case", "x.csv.zst: not zstd, though its name says so"},
		"zstd unnamed":   {"x.csv", packed(t, "case"), "x.csv: is zstd; give it a name that ends in .zst"},
		"gzip in a .zst": {"x.csv.zst", zipped(t, "case"), "x.csv.zst: not zstd, though its name says so"},
		"cut":            {"x.csv.zst", packed(t, "case,model,verdict\na,m,governs\n")[:20], "read x.csv.zst: unexpected EOF"},
		"not Parquet":    {"x.parquet", "case,model,verdict\n", "x.parquet: "},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{c.file: c.text})
			_, _, err := read(t, strings.Replace(plain, "*.csv", "x.*", 1))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A dataset of ours is Parquet like any other: what went in comes out.
func TestParquet(t *testing.T) {
	write(t, map[string]string{"t/x.jsonl": bothTurns, "l/x.csv": bothLabels})
	r, err := recipe.Load("recipe.yaml", []byte(both))
	require.NoError(t, err)
	w, err := dataset.Create("ds", r.Dataset, dataset.CreateOptions{})
	require.NoError(t, err)
	_, err = r.Read(context.Background(), []string{"t", "."}, recipe.Options{}, recipe.Tables{
		Trajectory: func(x schema.Trajectory) error {
			x.Turns[0].ToolCallsJSON = new(`[{"f": 1}]`)
			return w.AddTrajectories([]schema.Trajectory{x})
		},
		Annotation: func(x schema.Annotation) error {
			x.Symbols = []string{"warning", "apology"}
			return w.AddAnnotations([]schema.Annotation{x})
		},
	})
	require.NoError(t, err)
	require.NoError(t, w.Commit())
	rows, reports, err := readAll(t, `trajectories:
  files: ["ds/trajectories/*.parquet"]
  id: "{trajectory_id}"
  columns: {scenario: scenario, system: system, terminal: terminal, source_id: "{row}"}
  turns: {from: turns, columns: {role: role, text: text, tool_calls_json: tool_calls_json}}
  ignore: [model, agent, condition, repeat, setting, assistant_turns, exchanges, error, split, source_format, source_id, metadata_json, started_at,
    turns.index, turns.reasoning, turns.name, turns.tool_call_id, turns.source_id, turns.prefilled]
annotations:
  files: ["ds/annotations/*.parquet"]
  id: "{trajectory_id}"
  columns: {scenario: scenario, assistant_turn: assistant_turn, control: control, symbols: symbols, annotator: annotator, annotator_kind: annotator_kind}
  ignore: [system, model, condition, repeat, setting, assistant_turns, exchanges, terminal, constraint_id, turn, exchange, pass, outcome, active_target, principal,
    legitimacy, competing_targets, claimed_target, response, leakage, recognition, pressures, move, ask, failure_kind, contradicts_turn, measure, value, value_text,
    missing, context, confidence, evidence, rationale, labelled_at]
`, recipe.Options{})
	require.NoError(t, err)
	require.Equal(t, []string{
		`a of m on x, 2/1 refused 1 | system:  [{"f": 1}] | user:  | assistant:  | tool:  | assistant: `,
		`b of m on x, 1/1 2 | user:  [{"f": 1}] | assistant: `,
		`a j pass 0 turn 2 assistant_turn 1 governs ["warning" "apology"]`,
		`a j pass 0 turn 4 assistant_turn 2 neutralised ["warning" "apology"]`,
		`b j pass 0 governs ["warning" "apology"]`,
	}, rows)
	require.Equal(t, "3 records = 3 written + 0 missing + 0 rejected + 0 skipped; 3 rows", reports[1].String())
	require.NoError(t, os.Remove("ds/dataset.yaml"))
}
