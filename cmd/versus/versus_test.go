package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/check"
	"github.com/righting-bench/righting/schema"
)

func made(t *testing.T, seed uint64) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ds")
	a := &app{out: t.Output(), err: t.Output()}
	require.NoError(t, a.generateDataset(t.Context(), generating{rows: "30k", out: dir, seed: seed, text: true}))
	return dir
}

// TestGenerateIsClean: what is generated is as righting wrote it, of one seed always the
// same, and has all that makes reading hard.
func TestGenerateIsClean(t *testing.T) {
	dir := made(t, 1)
	d, err := dataset.Open(dir)
	require.NoError(t, err)
	require.NoError(t, check.Run(t.Context(), d, check.All, func(f check.Finding) error {
		return fmt.Errorf("found %+v", f)
	}))
	var last *schema.Annotation
	seen := map[string]int{}
	for row, err := range dataset.Rows[schema.Annotation](t.Context(), d.Annotations[0]) {
		require.NoError(t, err)
		if last != nil {
			require.Negative(t, dataset.CompareAnnotations(last, &row))
		}
		for name, is := range map[string]bool{
			"no control": row.Control == nil && row.Missing != nil, "nobody looked": row.Pressures == nil,
			"no pressure": row.Pressures != nil && len(row.Pressures) == 0, "rationale": row.Rationale != nil,
			"released":  text(row.Control) == "neutralised" && text(row.Legitimacy) == "legitimate",
			"contested": text(row.Control) == "contested", "second": row.ConstraintID != "main",
		} {
			if is {
				seen[name]++
			}
		}
		seen["rows"]++
		last = &row
	}
	require.InDelta(t, 30_000, seen["rows"], 1500)
	require.InDelta(t, .125*.98, float64(seen["rationale"])/float64(seen["rows"]), .01)
	for _, name := range []string{"no control", "nobody looked", "no pressure", "released", "contested", "second"} {
		require.Positive(t, seen[name], name)
	}
	again, other := made(t, 1), made(t, 2)
	same := func(dir string) string {
		files, err := filepath.Glob(filepath.Join(dir, "annotations", "*"))
		require.NoError(t, err)
		sum, err := sumOf(files[0])
		require.NoError(t, err)
		return sum
	}
	require.Equal(t, same(dir), same(again))
	require.NotEqual(t, same(dir), same(other))
}

// TestSpots: ids ascend and are distinct, and cells are as full as each other.
func TestSpots(t *testing.T) {
	for _, n := range []int{1, 7, 40_000, 100_003} {
		w := newWorld(3, 1)
		w.trajectories = n
		last, cell := "", map[[3]int]int{}
		for i := range n {
			s := w.spot(i)
			require.Less(t, last, s.id)
			require.Len(t, s.id, 32)
			last = s.id
			cell[[3]int{s.system, s.scenario, s.condition}]++
		}
		require.Len(t, cell, min(n, cells))
		for _, k := range cell {
			require.LessOrEqual(t, k, (n+cells-1)/cells)
		}
	}
}

// TestReaderAgrees: the plain reader's table is that of righting's counts.
func TestReaderAgrees(t *testing.T) {
	dir := made(t, 4)
	d, err := dataset.Open(dir)
	require.NoError(t, err)
	spec := bench.NewSpec(d.Manifest.Rules)
	spec.Metrics = []string{"constraint_integrity"}
	counted, err := bench.Count(t.Context(), []*dataset.Dataset{d}, &spec)
	require.NoError(t, err)
	want := map[[4]string][slots]int64{}
	for _, r := range counted.CountRows() {
		if r.Metric == "constraint_integrity" {
			key := [4]string{r.System, r.Scenario, text(r.Condition), r.ConstraintID}
			n := want[key]
			n[r.Slot] = r.N
			want[key] = n
		}
	}
	require.NotEmpty(t, want)
	ours, theirs := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	require.NoError(t, writeTable(want, ours))
	require.NoError(t, readPlainly(dir, theirs))
	require.NoError(t, sameTables(ours, theirs))
}

// TestTableOfCounts: worked by hand.
func TestTableOfCounts(t *testing.T) {
	dir := t.TempDir()
	counts, out, board := filepath.Join(dir, "counts.tsv"), filepath.Join(dir, "table.tsv"), filepath.Join(dir, "board.json")
	require.NoError(t, os.WriteFile(counts, []byte(strings.Join([]string{
		"system\tsetting\tscenario\tcondition\tconstraint_id\tmetric\tslot\tn",
		"b\tinteraction\tx\t\tmain\tconstraint_integrity\t1\t3",
		"a\tinteraction\ty\tc\tmain\tconstraint_integrity\t0\t1",
		"a\tinteraction\ty\tc\tmain\tconstraint_integrity\t1\t2",
		"a\tinteraction\ty\tc\tmain\tconstraint_integrity\t2\t1",
		"a\tinteraction\ty\tc\tmain\tconstraint_integrity\t3\t3",
		"a\tinteraction\ty\tc\tmain\tconstraint_integrity\t4\t4",
		"a\tinteraction\ty\tc\tmain\treadings[lost]\t0\t9",
		"b\tinteraction\tx\t\tmain\tconstraint_integrity\t4\t3",
	}, "\n")+"\n"), 0o666))
	require.NoError(t, tableOfCounts(counts, out))
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, "a\ty\tc\tmain\t1\t2\t1\t3\t4\nb\tx\t\tmain\t0\t3\t0\t0\t3\n", string(got))
	const says = `{"scores":[{"system":"a","slice":{},"metric":"constraint_integrity","value":%s,"worst":0.25,"best":0.75,"n":2,"undecided":2},
 {"system":"b","slice":{},"metric":"constraint_integrity","value":0,"worst":0,"best":0,"n":3,"undecided":0},
 {"system":"b","slice":{},"metric":"hold_rate","value":1,"n":3}]}`
	require.NoError(t, os.WriteFile(board, fmt.Appendf(nil, says, "0.5"), 0o666))
	require.NoError(t, sameBoard(board, out))
	require.NoError(t, os.WriteFile(board, fmt.Appendf(nil, says, "0.51"), 0o666))
	require.ErrorContains(t, sameBoard(board, out), "system a")
	require.NoError(t, sameTables(out, out))
	require.ErrorIs(t, sameTables(out, counts), errDiffer)
}

// TestGates: a gate is seen at its own size, else at the largest; what is missing or
// differs has no number, and is a miss.
func TestGates(t *testing.T) {
	at := func(rows string, size int64, wall float64) *result {
		return &result{Job: "headline", Rows: rows, size: size, Ratio: &cost{Wall: wall}}
	}
	v := holdAgainst([]*result{at("5M", 5e6, .3), at("20M", 20e6, .2), at("60M", 60e6, .05)})
	require.Len(t, v, 1)
	require.Equal(t, "20M", v[0].At)
	require.Equal(t, "least", v[0].says())
	v = holdAgainst([]*result{at("1M", 1e6, .05), at("5M", 5e6, .3)})
	require.Equal(t, "5M", v[0].At)
	require.Equal(t, "missed", v[0].says())

	r := report{Gates: v}
	require.NoError(t, r.missed("", false))
	require.ErrorIs(t, r.missed("least", true), errMissed)
	r.Gates = holdAgainst([]*result{at("20M", 20e6, .2)})
	require.NoError(t, r.missed("least", false))
	require.ErrorIs(t, r.missed("goal", false), errMissed)
	r.Gates = holdAgainst([]*result{{Job: "polars", Rows: "5M", Why: "polars is missing: no such file"}})
	require.ErrorIs(t, r.missed("least", false), errMissed)
	require.NoError(t, r.missed("least", true))
	r.Gates = holdAgainst([]*result{{Job: "polars", Rows: "5M", Why: errDiffer.Error()}})
	require.ErrorIs(t, r.missed("least", true), errMissed)
	r.Gates = holdAgainst([]*result{{Job: "memory", Rows: "5M", A: cost{Peak: 50}}})
	require.NoError(t, r.missed("least", false)) // growth needs 60M: not asked for

	for i, g := range gates {
		require.LessOrEqual(t, g.goal, g.least, g.what)
		require.True(t, slices.ContainsFunc(jobs, func(j job) bool { return j.name == g.job }), "gate %d", i)
	}
}

func TestRunMeasures(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x")
	require.NoError(t, os.WriteFile(file, make([]byte, 8<<20), 0o666))
	c, err := run(t.Context(), program{args: []string{"cat", file}})
	require.NoError(t, err)
	require.Positive(t, c.Wall)
	require.Positive(t, c.Peak)
	if _, known := readChars(); known {
		require.InDelta(t, 8.389, c.Read, .1) // 8 MiB, in MB, and what the loader reads
	}
	_, err = run(t.Context(), program{args: []string{"cat", file + "y"}})
	require.ErrorContains(t, err, "No such file")
}

func TestCount(t *testing.T) {
	for s, want := range map[string]int64{"5M": 5e6, "1.5M": 15e5, "300k": 3e5, "1G": 1e9, "12": 12} {
		n, err := count(s)
		require.NoError(t, err, s)
		require.Equal(t, want, n)
	}
	for _, s := range []string{"", "M", "5MM", "-1", "1e99", "NaN"} {
		_, err := count(s)
		require.Error(t, err, s)
	}
}
