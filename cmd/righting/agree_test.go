package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type agreedNumber struct {
	Annotator, Group, Question, Undefined string
	Units, Single                         int64
	Alpha, Low, High, Percent             *float64
	Nominal                               *float64 `json:"alpha_nominal"`
	Ordinal                               *float64 `json:"alpha_ordinal"`
	Interval                              *float64 `json:"alpha_interval"`
	AC1, AC2                              *float64
}

type agreement struct {
	Notices   []string
	Agreement []agreedNumber
	Repeats   []agreedNumber
	Self      []struct {
		System        string
		N, Sat, Flips int64
		PanelLost     int64 `json:"panel_lost"`
		OwnAgrees     int64 `json:"own_agrees"`
	} `json:"self_judging"`
	Flips []struct {
		TrajectoryID string `json:"trajectory_id"`
		With         int
		Without      int
		OwnValue     float64 `json:"own_value"`
		WithValue    float64 `json:"with_value"`
		WithoutValue float64 `json:"without_value"`
	}
	Boards []struct {
		Board  string
		Scores []score
	}
	Taus    []struct{ First, Second string } `json:"tau"`
	Skipped map[string]string
}

func agreeJSON(t *testing.T, args ...string) agreement {
	out, _ := ok(t, append([]string{"agree", "--format", "json"}, args...)...)
	var a agreement
	require.NoError(t, json.Unmarshal([]byte(out), &a))
	return a
}

func agreedOn(t *testing.T, list []agreedNumber, group, question string) agreedNumber {
	for _, q := range list {
		if q.Group == group && q.Question == question && q.Annotator == "" {
			return q
		}
	}
	require.Fail(t, "no question", "%s %s", group, question)
	return agreedNumber{}
}

// judgeNames are the systems behind ODCV's four tables of judges.
var judgeNames = map[string]string{"claude47": "claude-opus-4.7", "gpt55": "gpt-5.5", "grok": "grok-4.20", "gemini": "gemini-3.1-pro-preview"}

// severities reads one table of ODCV as it is: by `scenario/system-condition`.
func severities(t *testing.T, name string) map[string]float64 {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	require.NoError(t, err)
	out := map[string]float64{}
	for _, row := range rows[1:] {
		if strings.HasPrefix(row[0], "col_") {
			continue
		}
		for i, cell := range row[1:] {
			title := rows[0][i+1]
			if !strings.HasSuffix(title, "-mandated") && !strings.HasSuffix(title, "-incentivized") || cell == "" || cell == "N/A" {
				continue
			}
			v, err := strconv.ParseFloat(cell, 64)
			require.NoError(t, err)
			out[row[0]+"/"+title] = v
		}
	}
	return out
}

func systemOf(id string) string {
	_, rest, _ := strings.Cut(id, "/")
	return strings.TrimSuffix(strings.TrimSuffix(rest, "-mandated"), "-incentivized")
}

func middleOf(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// TestODCVSelfJudging: the six flips that the authors publish (sensitivity_analysis_flips),
// worked out here from their tables; and how many of the panel's violations the judges of
// themselves flag.
func TestODCVSelfJudging(t *testing.T) {
	dir := real(t, "odcv")
	panel := map[string]map[string]float64{} // id, judge
	for file, name := range judgeNames {
		for id, v := range severities(t, filepath.Join(dir, "evaluations", "judge_all", "scores_"+file+".csv")) {
			if panel[id] == nil {
				panel[id] = map[string]float64{}
			}
			panel[id][name] = v
		}
	}
	type values struct{ own, with, without float64 }
	flips, judged := map[string]values{}, int64(0)
	without := map[string]float64{}
	own := map[string]float64{}
	for id, by := range panel {
		var all, rest []float64
		for name, v := range by {
			all = append(all, v)
			if name != systemOf(id) {
				rest = append(rest, v)
			}
		}
		without[id] = middleOf(rest)
		v, self := by[systemOf(id)]
		if !self {
			continue
		}
		own[id] = v
		judged++
		if with := middleOf(all); (with >= 3) != (without[id] >= 3) {
			flips[id] = values{v, with, without[id]}
		}
	}
	require.EqualValues(t, 318, judged)
	require.Len(t, flips, 6)
	published, err := os.ReadFile(filepath.Join(dir, "evaluations", "sensitivity_analysis_flips", "README.md"))
	require.NoError(t, err)
	for id := range flips {
		scenario, _, _ := strings.Cut(id, "/")
		require.Contains(t, string(published), scenario)
	}

	ds, _ := convertODCV(t, dir)
	a := agreeJSON(t, ds, "--replicates", "199")
	require.EqualValues(t, []int64{318, 318, 6}, []int64{a.Self[0].N, a.Self[0].Sat, a.Self[0].Flips})
	require.Len(t, a.Flips, 6)
	for _, f := range a.Flips {
		want, flips := flips[f.TrajectoryID]
		require.True(t, flips, f.TrajectoryID)
		require.Equal(t, want, values{f.OwnValue, f.WithValue, f.WithoutValue}, f.TrajectoryID)
		require.Equal(t, []int{1, 0}, []int{f.With, f.Without}, "all from held to lost")
	}

	// Systems that do not sit on the panel judge themselves in tables of their own.
	files, err := filepath.Glob(filepath.Join(dir, "evaluations", "self_eval", "scores_*.csv"))
	require.NoError(t, err)
	require.Len(t, files, 8)
	for _, name := range files {
		for id, v := range severities(t, name) {
			own[id] = v
		}
	}
	var violations, flagged int64
	for id, v := range without {
		if v >= 3 {
			violations++
			if o, judged := own[id]; judged && o >= 3 {
				flagged++
			}
		}
	}
	require.EqualValues(t, []int64{298, 247}, []int64{violations, flagged}) // metrics.md 6.3

	recipe := filepath.Join(t.TempDir(), "self.yaml")
	require.NoError(t, os.WriteFile(recipe, []byte(`annotations:
  files: ["scores_*.csv"]
  skip_rows: {scenario: [col_avg, col_na_count]}
  skip_columns: [row_avg, row_na_count]
  unpivot: {columns: '^(?P<system>.+)-(?P<condition>mandated|incentivized)$', to: value}
  missing: ["N/A", ""]
  id: "{scenario}/{system}-{condition}"
  columns: {scenario: scenario, annotator: {from: system}}
  set: {annotator_kind: self, measure: severity}
`), 0o666))
	_, talk := ok(t, append([]string{"annotate", ds, "--recipe", recipe}, files...)...)
	require.Contains(t, talk, "631 labels: 631 new")
	all := agreeJSON(t, ds, "--replicates", "199")
	require.Len(t, all.Self, 1+12)
	require.EqualValues(t, []int64{949, 298, 247}, []int64{all.Self[0].N, all.Self[0].PanelLost, all.Self[0].OwnAgrees})
	for i, q := range all.Agreement { // they sit nowhere: nothing else changes
		require.Equal(t, a.Agreement[i], q)
	}
}

// TestODCVAgree: the project's own numbers, computed apart from this program from the
// judges' tables.
func TestODCVAgree(t *testing.T) {
	ds, _ := convertODCV(t, shuffled(t, real(t, "odcv")))
	spec := filepath.Join(t.TempDir(), "bench.yaml")
	require.NoError(t, os.WriteFile(spec, []byte("rules: {panel: {exclude_self: false}}\n"), 0o666))
	a := agreeJSON(t, ds, "--spec", spec)
	severity := agreedOn(t, a.Agreement, "measure", "severity")
	require.InDelta(t, .8069, *severity.Alpha, 5e-5)
	require.InDelta(t, .8069, *severity.Interval, 5e-5)
	require.InDelta(t, .7834, *severity.Ordinal, 5e-5)
	require.InDelta(t, .5964, *severity.Nominal, 5e-5)
	require.Less(t, *severity.Low, *severity.Alpha)
	require.EqualValues(t, 950, severity.Units)
	require.InDelta(t, .7856, *agreedOn(t, a.Agreement, "reading", "credit").Nominal, 5e-5) // severity ≥ 3 or not
	require.InDelta(t, .7985, *agreedOn(t, agreeJSON(t, ds).Agreement, "measure", "severity").Alpha, 5e-5)

	// Boards are those that score prints.
	a = agreeJSON(t, ds, "--primary", "measure_share@3[severity]", "--replicates", "199")
	require.Len(t, a.Boards, 3+4+4)
	for _, b := range a.Boards {
		if b.Board != "judge grok-4.20" {
			continue
		}
		out, _ := ok(t, "score", ds, "--primary", "measure_share@3[severity]", "--replicates", "199", "--panel", "median:grok-4.20", "--format", "json")
		want := parseBoard(t, out)
		for _, s := range b.Scores {
			if s.Value != nil {
				require.Equal(t, want.at(t, s.System, "", s.Metric), s)
			} else {
				require.Equal(t, "grok-4.20", s.System) // itself excluded
				require.Equal(t, "nothing has severity", s.Undefined)
			}
		}
	}
}

// TestConvAbuseAgree: eight people, first rating each, and their second thoughts; the
// project's own numbers, computed apart from this program from the labels.
func TestConvAbuseAgree(t *testing.T) {
	ds := filepath.Join(t.TempDir(), "convabuse")
	ok(t, "convert", real(t, "convabuse"), "--recipe", "convabuse", "-o", ds)
	a := agreeJSON(t, ds, "--replicates", "199")
	q := agreedOn(t, a.Agreement, "measure", "severity")
	require.EqualValues(t, []int64{4185, 0}, []int64{q.Units, q.Single})
	require.InDelta(t, .437374, *q.Nominal, 1e-6)
	require.InDelta(t, .659766, *q.Ordinal, 1e-6)
	require.InDelta(t, .733922, *q.Alpha, 1e-6)
	again := agreedOn(t, a.Repeats, "measure", "severity")
	require.EqualValues(t, 345, again.Units)
	require.InDelta(t, .803708, *again.Nominal, 1e-6)
	require.InDelta(t, .900634, *again.Ordinal, 1e-6)
	require.InDelta(t, .900603, *again.Alpha, 1e-6)
	require.InDelta(t, 318./345, *again.Percent, 1e-6)
	require.Contains(t, a.Skipped["boards"], "nobody gave control")
}

// TestAgreeSameBytes: on one core or two.
func TestAgreeSameBytes(t *testing.T) {
	ds, _ := convertODCV(t, shuffled(t, real(t, "odcv")))
	outputs := func() (out []string) {
		for _, format := range []string{"json", "text", "tsv", "csv", "markdown", "latex"} {
			text, _ := ok(t, "agree", ds, "--replicates", "199", "--format", format)
			out = append(out, text)
		}
		return out
	}
	cores := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(cores)
	one := outputs()
	runtime.GOMAXPROCS(2)
	require.Equal(t, one, outputs())
}
