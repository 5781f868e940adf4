package convert

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden compares all rows of small inputs with what they were made of before.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		in      string
		options Options
	}{
		{"openai_chat.jsonl", Options{Think: true}},
		{"chat.parquet", Options{}},
		{"tau2.json", Options{MaxErrorRate: .6}},
		{"agentdojo.json", Options{}},
		{"anthropic.jsonl", Options{Format: anthropic}},
		{"atif.json", Options{}},
		{"claude_code.jsonl", Options{}},
		{"claude_web.json", Options{}},
		{"codex.jsonl", Options{}},
		{"every_eval_ever.jsonl", Options{}},
		{"helm/scenario_state.json", Options{}},
		{"lm_eval/samples_math_x_2026-01-21T03-44-18.4.jsonl", Options{MaxErrorRate: .7}},
		{"promptfoo.json", Options{}},
		{"promptfoo_rows.jsonl", Options{}},
		{"responses.jsonl", Options{Format: openAIResponses}},
		{"responses_items.jsonl", Options{}},
		{"sharegpt.json", Options{Think: true}},
		{"sts.jsonl", Options{}},
		{"tau_bench.json", Options{System: "{file}+x", Scenario: "air/{task_id}"}},
		{"inspect.json", Options{System: "{model}+{solver}"}},
		{"petri.json", Options{}},
		{"scout.parquet", Options{}},
	} {
		t.Run(c.in, func(t *testing.T) { golden(t, c.in, "testdata/"+c.in, c.options) })
	}
}

// golden converts a file and compares what became of it with the golden file of that name.
func golden(t *testing.T, name, in string, o Options) {
	t.Helper()
	goldenIn(t, ".", name, in, o)
}

// goldenIn is golden for a test that runs in another folder than the package's.
func goldenIn(t *testing.T, pkg, name, in string, o Options) {
	t.Helper()
	o.Output = filepath.Join(t.TempDir(), "ds")
	report, err := Run(t.Context(), []string{in}, o)
	require.NoError(t, err)
	d, err := dataset.Open(o.Output)
	require.NoError(t, err)
	var b bytes.Buffer
	fmt.Fprintln(&b, report)
	for _, n := range report.Notices {
		fmt.Fprintln(&b, n)
	}
	for _, e := range report.Rejects {
		fmt.Fprintln(&b, "rejected:", e.Error())
	}
	dump(&b, schema.Trajectories, rowsOf[schema.Trajectory](t, d.Trajectories))
	dump(&b, schema.Scenarios, d.Scenarios)
	dump(&b, schema.Annotations, rowsOf[schema.Annotation](t, d.Annotations))
	manifest, err := os.ReadFile(filepath.Join(o.Output, "dataset.yaml"))
	require.NoError(t, err)
	for line := range strings.Lines(string(manifest)) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			b.WriteString(line)
		}
	}
	file := filepath.Join(pkg, "testdata", strings.TrimSuffix(name, filepath.Ext(name))+".golden")
	if *update {
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// dump writes rows, a column a line, without nulls.
func dump[T any](b *bytes.Buffer, table string, rows []T) {
	for i, row := range rows {
		fmt.Fprintf(b, "\n%s %d\n", table, i)
		v := reflect.ValueOf(row)
		for j := range v.NumField() {
			f := v.Field(j)
			if (f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice) && f.IsNil() {
				continue
			}
			name, _, _ := strings.Cut(v.Type().Field(j).Tag.Get("parquet"), ",")
			if turns, ok := f.Interface().([]schema.Turn); ok {
				for _, turn := range turns {
					fmt.Fprintf(b, "  %d %s %s", turn.Index, turn.Role, encoded(turn.Text))
					for _, more := range []struct {
						name string
						s    *string
					}{{"reasoning", turn.Reasoning}, {"name", turn.Name}, {"calls", turn.ToolCallsJSON}, {"answers", turn.ToolCallID}, {"id", turn.SourceID}} {
						if more.s != nil {
							fmt.Fprintf(b, " %s=%s", more.name, *more.s)
						}
					}
					if turn.Prefilled != nil {
						fmt.Fprintf(b, " prefilled=%t", *turn.Prefilled)
					}
					fmt.Fprintln(b)
				}
				continue
			}
			fmt.Fprintf(b, "  %s: %s\n", name, encoded(f.Interface()))
		}
	}
	fmt.Fprintln(b)
}

func encoded(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
