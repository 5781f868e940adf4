package check

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// messy is a dataset in which much is wrong, of one seed always the same. Where rows are
// to be grouped its annotations are in order, if not free of other faults.
func messy(t testing.TB, seed uint64, grouped bool) (dir string) {
	rng := rand.New(rand.NewPCG(seed, 7))
	often := func(n int) bool { return rng.IntN(n) == 0 }
	word := func(e *schema.Enum, n int) *string {
		if often(3) {
			return nil
		}
		w := e.Terms[rng.IntN(e.Len())].Name
		if often(n) {
			w = w[1:]
		}
		return &w
	}
	dir = t.TempDir()
	manifest := "righting: 1\nannotators:\n  a0: {kind: model}\n  a1: {kind: human, silence: skip}\nconstraints:\n  - id: main\n"
	manifest += []string{"", "rules: {unit: exchange}\n", "rules: {panel: {rule: median}}\n", "rules: {control_from: {measure: grade, neutralised: \"I, P\"}}\n"}[rng.IntN(4)]
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dataset.yaml"), []byte(manifest), 0o644))
	var trajectories []schema.Trajectory
	var rows []schema.Annotation
	for i := range 60 {
		turns := int32(1 + rng.IntN(12))
		tr := schema.Trajectory{
			TrajectoryID: fmt.Sprintf("t%03d", i), System: fmt.Sprint("s", rng.IntN(3)), Scenario: fmt.Sprint("c", rng.IntN(4)), Setting: "interaction",
		}
		for range turns {
			tr.Turns = append(tr.Turns, schema.Turn{Role: "user"}, schema.Turn{Role: "assistant"})
		}
		dataset.Count(&tr)
		if !often(9) {
			trajectories = append(trajectories, tr)
		}
		for c := range 1 + rng.IntN(2) {
			for who := range 1 + rng.IntN(3) {
				for pass := range 1 + rng.IntN(2) {
					for u := range turns + 1 {
						a := schema.Annotation{
							TrajectoryID: tr.TrajectoryID, System: tr.System, Scenario: tr.Scenario, Setting: tr.Setting,
							AssistantTurns: new(tr.AssistantTurns), Exchanges: new(tr.Exchanges),
							ConstraintID: []string{"main", "other"}[c], Annotator: fmt.Sprint("a", who), AnnotatorKind: "model", Pass: int32(pass),
							Control: word(schema.Controls, 90), Legitimacy: word(schema.Legitimacies, 90), FailureKind: word(schema.FailureKinds, 90),
							ActiveTarget: word(schema.Targets, 90), Response: word(schema.Responses, 90),
						}
						switch {
						case u == 0:
							a.Outcome = word(schema.Outcomes, 40)
						case often(20):
							a.Turn = new(2 * u)
						case often(20):
							a.Exchange = new(u)
						default:
							a.Turn, a.AssistantTurn, a.Exchange = new(2*u-1), new(u+int32(rng.IntN(100)/99)), new(u)
						}
						if often(2) {
							a.Leakage, a.Recognition = new(int32(rng.IntN(4)+rng.IntN(60)/59)), new(often(2))
							a.Pressures = []string{}
						}
						if often(20) {
							a.System += "x"
						}
						if often(200) {
							a.Scenario = ""
						}
						rows = append(rows, a)
						if often(30) {
							rows = append(rows, a)
						}
						for _, m := range []string{"grade", "idle"} {
							if often(4) {
								b := a
								b.Measure = &m
								if often(2) {
									b.Value = new(float64(rng.IntN(3)) / 2)
								} else {
									b.ValueText = new([]string{"I", "p", "C"}[rng.IntN(3)])
								}
								rows = append(rows, b)
							}
						}
					}
				}
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b schema.Annotation) int { return dataset.CompareAnnotations(&a, &b) })
	at := func(row int) int { // where a file or row group may end
		for ; grouped && row < len(rows) && rows[row].TrajectoryID == rows[row-1].TrajectoryID; row++ {
		}
		return row
	}
	for i := range rows {
		if k := rng.IntN(i + 1); often(len(rows)/3) && (!grouped || inCommon(&rows[i], &rows[k]) == samePass) {
			rows[i], rows[k] = rows[k], rows[i]
		}
	}
	if grouped {
		slices.SortStableFunc(rows, func(a, b schema.Annotation) int {
			return strings.Compare(fmt.Sprint(a.TrajectoryID, a.ConstraintID, a.Annotator, a.Pass), fmt.Sprint(b.TrajectoryID, b.ConstraintID, b.Annotator, b.Pass))
		})
	}
	third := at(len(rows) / 3)
	put(t, dir, schema.Trajectories, "t", trajectories, len(trajectories)/2)
	put(t, dir, schema.Annotations, "b", rows[:third], at(third/2))
	put(t, dir, schema.Annotations, "a", rows[third:], at(third+third/4)-third)
	return dir
}

// put writes rows as a file of two row groups.
func put[T any](t testing.TB, dir, table, name string, rows []T, cut int) {
	require.NoError(t, os.MkdirAll(filepath.Join(dir, table), 0o755))
	f, err := os.Create(filepath.Join(dir, table, name+".parquet"))
	require.NoError(t, err)
	w := dataset.NewTableWriter[T](f, table, nil)
	require.NoError(t, w.Write(rows[:cut]))
	require.NoError(t, w.Cut())
	require.NoError(t, w.Write(rows[cut:]))
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
}

// Whether rows are grouped or not, the findings are the same, also if it turns out late
// that they are not.
func TestGroupedOrNot(t *testing.T) {
	dirs := everything(t)
	for seed := range uint64(12) {
		dirs = append(dirs, messy(t, seed, seed%3 > 0))
	}
	codes := map[string]bool{}
	again := 0
	for _, dir := range dirs {
		var lines [2][]string
		for i := range lines {
			r := &run{ctx: t.Context(), d: read(t, dir), emit: func(f Finding) error {
				lines[i] = append(lines[i], f.String())
				codes[f.Rule.Code] = true
				return nil
			}}
			err := r.once(All, i == 0)
			if i == 0 && err != nil {
				require.ErrorIs(t, err, errScattered)
				again++
				lines[0] = nil
				r.emit = func(f Finding) error { lines[0] = append(lines[0], f.String()); return nil }
				require.NoError(t, Run(t.Context(), r.d, All, r.emit))
			} else {
				require.NoError(t, err)
			}
		}
		require.Equal(t, lines[1], lines[0])
	}
	require.Greater(t, again, 3)
	require.Less(t, again, len(dirs)/2)
	for _, r := range All {
		require.True(t, codes[r.Code], r.Code)
	}
}

func TestGrouping(t *testing.T) {
	for name, c := range map[string]struct {
		files string // of trajectories; a constraint follows in upper case
		good  bool
	}{
		"one":                 {"abc", true},
		"falls":               {"acb", false},
		"again":               {"aba", false},
		"files":               {"ab cd", true},
		"files the other way": {"cd ab", true},
		"between":             {"ab ef cd", true},
		"into the next":       {"ab ef cf", false},
		"over the next":       {"ab ef cg", false},
		"in two files":        {"ab bc", false},
		"inside a file":       {"ac b", false},
		"constraints":         {"aABbAB", true},
		"constraints fall":    {"aBA", false},
		"constraint again":    {"aABA", false},
		"no rows":             {"ab  cd", true},
	} {
		t.Run(name, func(t *testing.T) {
			var g grouping
			good := true
			for file := range strings.SplitSeq(c.files, " ") {
				g.file()
				var before *schema.Annotation
				id, constraint := "", ""
				for _, r := range file {
					if strings.ToUpper(string(r)) == string(r) {
						constraint = string(r)
					} else {
						id, constraint = string(r), ""
					}
					a := &schema.Annotation{TrajectoryID: id, ConstraintID: constraint}
					if same := inCommon(before, a); same < samePass {
						good = good && g.follow(same, before, a) == nil
					}
					before = a
				}
			}
			require.Equal(t, c.good, good)
		})
	}
}

// Every copied column tells.
func TestSameCopies(t *testing.T) {
	for _, c := range columnsOf[schema.Annotation](copiedNames...) {
		a, b := new(schema.Annotation), new(schema.Annotation)
		require.True(t, sameCopies(a, b))
		f := reflect.ValueOf(b).Elem().Field(c.at)
		switch f.Kind() {
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		case reflect.String:
			f.SetString("x")
		default:
			f.SetInt(1)
		}
		require.False(t, sameCopies(a, b), c.name)
	}
}

// Columns that are not read say nothing to any rule.
func TestUnread(t *testing.T) {
	for _, c := range columnsOf[schema.Annotation](unread...) {
		for _, column := range schema.ColumnsOf[schema.Annotation]() {
			require.False(t, column.Name == c.name && column.Enum != "", c.name)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	d := read(b, messy(b, 1, true))
	rows := 0
	for _, file := range d.Annotations {
		n, err := dataset.NumRows(file)
		require.NoError(b, err)
		rows += int(n)
	}
	for b.Loop() {
		require.NoError(b, Run(b.Context(), d, All, func(Finding) error { return nil }))
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
