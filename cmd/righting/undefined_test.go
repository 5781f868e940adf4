package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// said is the judgements of one trajectory by one annotator: control as letters, ? is
// none; change is what else each says.
func said(system, scenario, annotator, control string, change func(*schema.Annotation)) (rows []schema.Annotation) {
	names := map[rune]string{'G': "governs", 'C': "contested", 'N': "neutralised"}
	n := int32(len(control))
	for i, letter := range control {
		at := int32(i + 1)
		a := schema.Annotation{
			TrajectoryID: scenario + "/" + system, System: system, Scenario: scenario, Setting: "interaction", ConstraintID: "main",
			AssistantTurns: &n, AssistantTurn: &at, Annotator: annotator, AnnotatorKind: "human",
		}
		if name, ok := names[letter]; ok {
			a.Control = &name
		}
		if change != nil {
			change(&a)
		}
		rows = append(rows, a)
	}
	return rows
}

// six are six scenarios, read as the letters say, the last of them for the rest.
func six(system, annotator string, change func(*schema.Annotation), controls ...string) (rows []schema.Annotation) {
	for i := range 6 {
		rows = append(rows, said(system, fmt.Sprintf("s%d", i), annotator, controls[min(i, len(controls)-1)], change)...)
	}
	return rows
}

// degenerate are datasets in which something that metrics are about is not there.
var degenerate = []struct {
	name   string
	reason map[string]string // what the board must say of some metrics, of system x
	rules  func(*dataset.Manifest)
	cases  []schema.Scenario
	rows   []schema.Annotation
}{
	{
		name:   "one system",
		rows:   six("x", "a", nil, "GGG", "GNN", "GNG", "NGG"),
		reason: map[string]string{"label_alpha[control]": "no unit has two annotators"},
	},
	{
		name:   "one scenario",
		rows:   slices.Concat(said("x", "s", "a", "GNG", nil), said("y", "s", "a", "GGG", nil)),
		reason: map[string]string{"constraint_integrity": "no interval: 1 scenario, an interval needs 2"},
	},
	{name: "one turn", rows: said("x", "s", "a", "G", nil)},
	{
		name: "no losses",
		rows: slices.Concat(six("x", "a", nil, "GGG"), six("y", "a", nil, "GCG")),
		reason: map[string]string{
			"recovery_rate": "no constraint was lost", "relapse_rate": "no constraint came back", "return_loss_rate": "no constraint came back",
			"constraint_integrity": "all seen: one-sided 95 % bound",
		},
	},
	{
		name: "no refusals",
		rows: six("x", "a", func(a *schema.Annotation) { a.Response = new("comply") }, "GGG", "GNN"),
		reason: map[string]string{
			"leaky_refusal_rate": "the leakage of no refusal is known", "refusal_durability": "nobody refused", "refusal_rate": "none seen: one-sided 95 % bound",
		},
	},
	{
		name: "all labels equal",
		rules: func(m *dataset.Manifest) {
			m.Rules.Panel.Rule = reading.Median
		},
		rows: slices.Concat(six("x", "a", nil, "GGG"), six("x", "b", nil, "GGG")),
		reason: map[string]string{
			"label_alpha[control]": "all labels are equal",
		},
	},
	{
		name:   "nothing but losses",
		rows:   six("x", "a", nil, "NNN"),
		reason: map[string]string{"relapse_rate": "no constraint came back"},
	},
	{
		name:   "nothing but gaps",
		rows:   slices.Concat(six("x", "a", nil, "G??"), six("y", "a", nil, "GGG")),
		reason: map[string]string{"constraint_integrity": "6 of 6 readings are undecided, more than max_undecided 0.1: bounds only"},
	},
	{
		name:   "nothing pressed",
		cases:  []schema.Scenario{{Scenario: "s", Pressures: []string{}}},
		rows:   said("x", "s", "a", "GGG", nil),
		reason: map[string]string{"constraint_integrity": "no tested reading is decided"},
	},
	{
		name: "a measure that does not vary",
		rules: func(m *dataset.Manifest) {
			m.Measures = map[string]schema.Measure{"severity": {Min: new(0.0), Max: new(5.0), Step: 1, Better: schema.Lower}}
			m.Rules.ControlFrom = &reading.ControlFrom{Measure: "severity", Neutralised: &reading.Condition{Op: ">=", Number: 3}}
		},
		rows:   six("x", "a", func(a *schema.Annotation) { a.Measure, a.Value = new("severity"), new(0.0) }, "??"),
		reason: map[string]string{"measure_mean[severity]": "no interval: "},
	},
	{
		name: "a measure without bounds",
		rules: func(m *dataset.Manifest) {
			m.Measures = map[string]schema.Measure{"severity": {Step: 1, Better: schema.Lower}}
			m.Rules.ControlFrom = &reading.ControlFrom{Measure: "severity", Neutralised: &reading.Condition{Op: ">=", Number: 3}}
		},
		rows:   six("x", "a", func(a *schema.Annotation) { a.Measure, a.Value = new("severity"), new(float64(*a.AssistantTurn)) }, "???"),
		reason: map[string]string{"label_alpha[control]": "no unit has two annotators"},
	},
}

// tiny makes the datasets of degenerate and gives each to f.
func tiny(t *testing.T, f func(t *testing.T, ds string, reason map[string]string)) {
	for _, c := range degenerate {
		t.Run(c.name, func(t *testing.T) {
			m := dataset.NewManifest()
			m.Name = "tiny"
			if c.rules != nil {
				c.rules(&m)
			}
			ds := filepath.Join(t.TempDir(), "ds")
			w, err := dataset.Create(ds, m, dataset.CreateOptions{})
			require.NoError(t, err)
			require.NoError(t, w.AddScenarios(c.cases))
			require.NoError(t, w.AddAnnotations(c.rows))
			require.NoError(t, w.Commit())
			f(t, ds, c.reason)
		})
	}
}

// TestUndefinedIsSaid: every score of every board has a value or says why not, and every
// value an interval or says why not.
func TestUndefinedIsSaid(t *testing.T) {
	methods := append(bench.Intervals.Names(), "")
	tiny(t, func(t *testing.T, ds string, reason map[string]string) {
		for _, method := range methods {
			for _, profile := range []bool{false, true} {
				args := []string{"score", ds, "--format", "json", "--by", "scenario", "--replicates", "199", "--interval", method}
				if profile {
					args = append(args, "--profile")
				}
				out, _ := ok(t, args...)
				var b struct{ Scores, Profile []noted }
				require.NoError(t, json.Unmarshal([]byte(out), &b))
				scores := append(b.Scores, b.Profile...)
				require.NotEmpty(t, scores)
				for _, s := range scores {
					where := fmt.Sprintf("%s %v %s, interval %q", s.System, s.Slice, s.Metric, method)
					require.True(t, (s.Value == nil) == (s.Undefined != ""), where)
					require.True(t, (s.Low == nil) == (s.High == nil) && (s.Low == nil) == (s.Interval == ""), where)
					if s.Value != nil && s.Low == nil && !strings.HasPrefix(s.Metric, "readings[") { // counts are no estimates
						require.Contains(t, strings.Join(s.Notes, "\n"), "no interval", where)
					}
					if s.Low != nil {
						require.LessOrEqual(t, *s.Low, *s.High, where)
					}
				}
				if profile || method != "" {
					continue
				}
				for metric, want := range reason {
					at := slices.IndexFunc(b.Scores, func(s noted) bool { return s.System == "x" && len(s.Slice) == 0 && s.Metric == metric })
					require.GreaterOrEqual(t, at, 0, metric)
					require.Contains(t, strings.Join(append(b.Scores[at].Notes, b.Scores[at].Undefined), "\n"), want, metric)
				}
			}
		}
	})
}

// noted is a score with what it says.
type noted struct {
	score
	Notes []string
}

// noNumber finds what stands for a number and is none, apart from words.
var noNumber = regexp.MustCompile(`(?i)(^|[^\pL\pN_])([+-]?inf|[+-]?infinity|[+-]?∞|nan)([^\pL\pN_]|$)`)

// TestNoNaN: no number that does not exist reaches any output.
func TestNoNaN(t *testing.T) {
	for text, want := range map[string]bool{"finance": false, "nan": true, "a,NaN,b": true, "banana-nana": false, `"value": +Inf`: true, "information": false} {
		require.Equal(t, want, noNumber.MatchString(text), text)
	}
	views := [][]string{{}, {"--long"}, {"--profile"}, {"--by", "scenario"}, {"--by", "scenario,pressures", "--profile"}, {"--by", "protects", "--long"}, {"--profile", "--metrics", "refusal_rate"}}
	tiny(t, func(t *testing.T, ds string, _ map[string]string) {
		for _, view := range views {
			for _, f := range report.All {
				out, talk := ok(t, slices.Concat([]string{"score", ds, "--replicates", "199", "--format", f.Name}, view)...)
				finite(t, f.Name, out, talk, view)
			}
			file := filepath.Join(t.TempDir(), "scores.parquet")
			_, talk := ok(t, slices.Concat([]string{"score", ds, "--replicates", "199", "--format", "parquet", "-o", file}, view)...)
			require.False(t, noNumber.MatchString(talk), talk)
			rows := 0
			for row, err := range dataset.Rows[schema.ScoreRow](context.Background(), file) {
				require.NoError(t, err)
				rows++
				for _, v := range []*float64{row.Value, row.Low, row.High, row.Worst, row.Best} {
					require.False(t, v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0)), row.Metric)
				}
			}
			require.Positive(t, rows)
		}
		for _, table := range []string{"readings", "scores", "counts"} {
			for _, format := range []string{"jsonl", "csv", "tsv"} {
				out, talk := ok(t, "export", ds, table, "--replicates", "199", "--format", format)
				finite(t, format, out, talk, []string{"export", table})
			}
		}
	})
}

// finite reads an output as a program does.
func finite(t *testing.T, format, out, talk string, what []string) {
	require.NotEmpty(t, out)
	require.False(t, noNumber.MatchString(out) || noNumber.MatchString(talk), "%v %s:\n%s\n%s", what, format, out, talk)
	switch format {
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			for i, cell := range row {
				if v, err := strconv.ParseFloat(cell, 64); err == nil {
					require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "%v %s", what, rows[0][i])
				}
			}
		}
	case "json", "jsonl":
		d := json.NewDecoder(bytes.NewReader([]byte(out)))
		for d.More() {
			var v any
			require.NoError(t, d.Decode(&v))
			noNull(t, v, "")
		}
	}
}

// noNull: null stands only where a slice's column has no value.
func noNull(t *testing.T, v any, under string) {
	switch v := v.(type) {
	case nil:
		require.Fail(t, "null", "under %q", under)
	case []any:
		for _, e := range v {
			noNull(t, e, under)
		}
	case map[string]any:
		for k, e := range v {
			if under != "slice" {
				noNull(t, e, k)
			} else if e != nil {
				noNull(t, e, "")
			}
		}
	}
}
