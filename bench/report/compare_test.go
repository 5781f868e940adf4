package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/metrics/stat"
)

// hostileName acts on a terminal, a table, a page and a spreadsheet.
const hostileName = "=ev\x1b[31mil|<b>\n\u202e"

func aComparison(against bench.Opposite, contrasts int) *bench.Comparison {
	f := func(v float64) *float64 { return &v }
	condition := hostileName
	m := bench.Match{Setting: "interaction", Scenario: hostileName, Condition: &condition, Constraint: "main"}
	c := &bench.Comparison{Against: against, Family: contrasts, Notices: []string{hostileName}}
	c.Spec.Primary, c.Spec.Settings = "constraint_integrity", []string{"interaction"}
	c.Spec.Rules.Level, c.Spec.Rules.Cluster = .95, "scenario"
	for i := range contrasts {
		x := bench.Contrast{
			Metric: "constraint_integrity", Unit: "share", Design: bench.PairedDesign, Sides: [2]bench.SideValue{{Name: hostileName, Value: f(1), N: 2}, {Name: "b", Value: f(0), N: 2}},
			Pairs: 2, Scenarios: 2, Least: f(.5), Difference: f(1), Low: f(.25), High: f(1.5), Interval: stat.MethodPairedT, Narrow: &bench.Range{Low: .3, High: 1.4, Level: .9},
			P: f(1e-9), Holm: f(.2), Test: bench.TestMcNemar, McNemar: &bench.McNemar{B: 12, Exact: 1e-7, Mid: 1e-9, Scenarios: true},
			Kept: f(0), KeptBack: f(.5), CohenH: f(3.14159), Gross: &bench.Gross{Value: f(1), Low: f(.2), High: f(1), Bound: f(1)},
			Margin: &bench.Tolerance{Value: .05, From: bench.FromSpec}, Verdict: bench.Differ, Why: "because",
			FirstUnit: &bench.Contrast{Undefined: "no unit has a label"},
		}
		if against != bench.AgainstSystem {
			x.System = "s" + string(rune('0'+i))
		}
		for range 12 {
			x.Higher = append(x.Higher, bench.Discord{Match: m, Values: [2]float64{1, 0}, Y: [2]int64{1, 0}, N: [2]int64{1, 1}, Ratio: true})
		}
		c.Contrasts = append(c.Contrasts, x)
		c.Sides = append(c.Sides, bench.Sides{System: x.System, First: hostileName, Second: "b", Shared: []bench.Match{m, m}, Only: [2][]bench.Match{{m}, nil}})
	}
	return c
}

func TestCompareTable(t *testing.T) {
	for _, against := range []bench.Opposite{bench.AgainstSystem, bench.AgainstBaseline, bench.AgainstPath} {
		c := aComparison(against, 1)
		for _, f := range All {
			var b bytes.Buffer
			table := Compare(c, CompareOptions{People: f.People})
			require.NoError(t, table.Write(&b, f, Options{Visible: true}))
			for _, bad := range []string{"\x1b", "\u202e", "NaN"} {
				require.NotContains(t, b.String(), bad, f.Name)
			}
			for _, column := range table.Columns {
				require.NotEmpty(t, column.Doc, column.Name)
			}
		}
		var b bytes.Buffer
		require.NoError(t, CompareJSON(&b, c))
		require.NotContains(t, b.String(), "\x1b")
		require.NotContains(t, b.String(), "\u202e")
		var doc struct {
			Contrasts []struct {
				First struct{ Name string }
			}
		}
		require.NoError(t, json.Unmarshal(b.Bytes(), &doc))
		require.Equal(t, hostileName, doc.Contrasts[0].First.Name)
	}
}

func TestCompareLists(t *testing.T) {
	c := aComparison(bench.AgainstSystem, 1)
	lines := strings.Join(Compare(c, CompareOptions{People: true, Most: 10}).Notes, "\n")
	require.Equal(t, 10, strings.Count(lines, "1/1 : 0/1"))
	require.Contains(t, lines, "and 2 more")
	lines = strings.Join(Compare(c, CompareOptions{People: true}).Notes, "\n")
	require.Equal(t, 12, strings.Count(lines, "1/1 : 0/1"))
	require.NotContains(t, lines, "more\n")
	require.Contains(t, lines, "; but p is <0.0001, 0.2000 after Holm") // a verdict that the family does not carry
	programs := Compare(c, CompareOptions{})
	require.NotContains(t, strings.Join(programs.Notes, "\n"), "1/1 : 0/1")
	var b bytes.Buffer
	require.NoError(t, programs.Write(&b, JSONL, Options{}))
	require.Equal(t, 12, strings.Count(b.String(), `"first":{"value":1,"y":1,"n":1}`))
}

// What is said of several systems is said once, of all of them as such.
func TestCompareSaysOnce(t *testing.T) {
	table := Compare(aComparison(bench.AgainstBaseline, 3), CompareOptions{People: true, Most: 10})
	all := strings.Join(append(table.Caption, table.Notes...), "\n")
	require.Equal(t, 1, strings.Count(all, "p is McNemar's mid-p"))
	require.Contains(t, all, "all: p is McNemar's mid-p; exact <0.0001")
	require.Contains(t, all, "all: 2 shared pairs in 1 scenario")
	require.Equal(t, 9, strings.Count(all, "1/1 : 0/1")) // three a system where there are many
	table = Compare(aComparison(bench.AgainstBaseline, 2), CompareOptions{People: true})
	require.Contains(t, strings.Join(table.Notes, "\n"), "s0, s1: p is McNemar's mid-p")
}
