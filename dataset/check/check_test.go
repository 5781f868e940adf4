package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

func TestEveryRuleIsDescribed(t *testing.T) {
	code, name := regexp.MustCompile(`^[A-Z]\d{3}$`), regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	names := map[string]bool{}
	for i, r := range All {
		require.Regexp(t, code, r.Code)
		require.Regexp(t, name, r.Name)
		require.False(t, names[r.Name], r.Name)
		names[r.Name] = true
		if i > 0 {
			require.Less(t, All[i-1].Code, r.Code)
		}
		first, rest, _ := strings.Cut(r.Doc, "\n\n")
		require.NotContains(t, first, "\n", "%s: one line, an empty line, the rest", r.Code)
		require.NotEmpty(t, rest, r.Code)
		require.NotEmpty(t, r.Fix, r.Code)
		for line := range strings.Lines(first + "\n" + rest + "\n" + r.Fix) {
			require.LessOrEqual(t, len([]rune(line)), 91, line)
		}
		file := fmt.Sprintf("%s_%s.go", strings.ToLower(r.Code), strings.ReplaceAll(r.Name, "-", "_"))
		require.FileExists(t, file)
	}
}

// everything is the bad sides of all archives, one dataset each.
func everything(t testing.TB) (dirs []string) {
	for _, r := range All {
		a, err := txtar.ParseFile(filepath.Join("testdata", r.Code+".txtar"))
		require.NoError(t, err)
		dirs = append(dirs, side(t, a, "bad"))
	}
	return dirs
}

// What a rule finds does not depend on the rules that run with it, nor on the time.
func TestRulesAreIndependent(t *testing.T) {
	for _, dir := range everything(t) {
		together := findings(t, dir, All)
		require.Equal(t, together, findings(t, dir, All))
		var apart []string
		var silent []*Rule // those that find nothing, as one
		for _, r := range All {
			if strings.Contains(strings.Join(together, ""), "("+r.Code+")\n") {
				apart = append(apart, findings(t, dir, []*Rule{r})...)
			} else {
				silent = append(silent, r)
			}
		}
		require.Empty(t, findings(t, dir, silent))
		slices.Sort(together)
		slices.Sort(apart)
		require.Equal(t, together, apart)
	}
}

// A place that only the end tells comes by place, after the rows; tables that nobody
// asks for are not read.
func TestRunOrder(t *testing.T) {
	a := txtar.Parse([]byte(`
-- scenarios.jsonl --
{"scenario":"1"}
-- trajectories.jsonl --
{"trajectory_id":"a"}
-- a.jsonl --
{"trajectory_id":"a"}
{"trajectory_id":"b"}
`))
	dir := side(t, a, "")
	var places []schema.Place
	visitor := Visitor{
		Scenario:   func(at *Row, s *schema.Scenario) { at.Report("scenario", "row %q", s.Scenario) },
		Trajectory: func(at *Row, tr *schema.Trajectory) { at.Report("", "row %q", tr.TrajectoryID) },
		Annotation: func(at *Row, an *schema.Annotation) {
			places = append(places, at.Place)
			at.Report("", "row %q", an.TrajectoryID)
		},
		End: func(report Report) {
			for _, p := range slices.Backward(places) {
				report(p, "end")
			}
			report(schema.Place{File: "dataset.yaml", Field: "license"}, "end")
			report(schema.Place{File: schema.Scenarios, Row: 1}, "end")
		},
	}
	rule := &Rule{Code: "X001", Start: func(*Data) Visitor { return visitor }}
	require.Equal(t, []string{
		"scenarios:1: scenario: row \"1\" (X001)\n",
		"trajectories.jsonl:1: row \"a\" (X001)\n",
		"a.jsonl:1: row \"a\" (X001)\n",
		"a.jsonl:2: row \"b\" (X001)\n",
		"dataset.yaml: license: end (X001)\n",
		"scenarios:1: end (X001)\n",
		"a.jsonl:1: end (X001)\n",
		"a.jsonl:2: end (X001)\n",
	}, findings(t, dir, []*Rule{rule}))

	visitor = Visitor{Annotation: func(at *Row, _ *schema.Annotation) { at.Report("", "seen") }}
	d := read(t, dir)
	require.NoError(t, os.Remove(d.Trajectories[0]))
	require.Len(t, findings(t, dir, []*Rule{rule}), 2)
	d.Trajectories = append(d.Trajectories, "gone.parquet")
	require.ErrorIs(t, Run(t.Context(), d, All, func(Finding) error { return nil }), os.ErrNotExist)
}

func TestRunEnds(t *testing.T) {
	full := errors.New("no space")
	for _, dir := range everything(t) {
		n := 0
		err := Run(t.Context(), read(t, dir), All, func(Finding) error { n++; return full })
		require.ErrorIs(t, err, full)
		require.Equal(t, 1, n)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, Run(ctx, read(t, dir), All, func(Finding) error { return nil }), context.Canceled)
	}
}

func TestFindingOfHostileText(t *testing.T) {
	long := strings.Repeat("é", 500) + "\x1b[2J"
	a := &txtar.Archive{Files: []txtar.File{{Name: "a.jsonl", Data: fmt.Appendf(nil,
		"{\"trajectory_id\":\"a\",\"active_target\":%q}\n{\"trajectory_id\":\"a\",\"active_target\":\"\\u001b]0;x\\u0007\",\"assistant_turn\":1}\n", strings.TrimSuffix(long, "\x1b[2J"))}}}
	lines := findings(t, side(t, a, ""), All)
	require.Len(t, lines, 2)
	require.Less(t, len(lines[0]), 500)
	require.Contains(t, lines[0], "é…\"")
	require.Contains(t, lines[0], "vocabulary.targets", "the way out is not what is cut")
	require.Contains(t, lines[1], `unknown target "\x1b]0;x\a"`)

	f := new(run).finding(sortOrder, schema.Place{File: "a\n\x1b.parquet", Row: 1}, "%s", long+long)
	require.Equal(t, `a\n\x1b.parquet:1: `, f.String()[:len(`a\n\x1b.parquet:1: `)])
	require.LessOrEqual(t, len(f.Why), whyBytes)
}

// Files that are no part of the folder keep the name they were given.
func TestFindingNamesFilesAsGiven(t *testing.T) {
	file := filepath.Join(everything(t)[0], schema.Annotations, "bad.parquet")
	d, err := dataset.Open(file)
	require.NoError(t, err)
	var places, paths []string
	see := func(f Finding) error {
		places, paths = append(places, f.Place.String()), append(paths, f.Path)
		return nil
	}
	file = filepath.ToSlash(file)
	require.NoError(t, Run(t.Context(), d, []*Rule{duplicateKey}, see))
	require.Equal(t, []string{file + ":2", file + ":4"}, places)
	require.Equal(t, []string{file, file}, paths)

	places, paths = nil, nil
	require.NoError(t, Run(t.Context(), read(t, filepath.Dir(filepath.Dir(file))), []*Rule{duplicateKey}, see))
	require.Equal(t, []string{"annotations/bad.parquet:2", "annotations/bad.parquet:4", "annotations/bad2.parquet:3"}, places)
	require.Equal(t, file, paths[0])
}

func TestFind(t *testing.T) {
	for s, want := range map[string]*Rule{"A001": duplicateKey, "a002": unknownLabel, "sort-order": sortOrder, "Sort-Order": sortOrder} {
		r, err := Find(s)
		require.NoError(t, err)
		require.Same(t, want, r)
	}
	_, err := Find("A999")
	require.EqualError(t, err, `unknown rule "A999"; (righting explain rules)`)
}

func TestExplain(t *testing.T) {
	for _, r := range All {
		text, ok := Explain(r.Name)
		require.True(t, ok)
		require.True(t, strings.HasPrefix(text, r.Code+" "+r.Name+" ("+r.Severity.String()+"): "))
		require.Contains(t, text, "-- want --\n")
	}
	_, ok := Explain("A999")
	require.False(t, ok)
}

func ExampleFind() {
	_, err := Find("sort-odrer")
	fmt.Println(err)
	// Output: unknown rule "sort-odrer"; did you mean sort-order? (righting explain rules)
}
