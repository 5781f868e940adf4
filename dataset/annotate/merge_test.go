package annotate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

func TestRefused(t *testing.T) {
	base(t)
	ann := annotate.Options{Annotator: "ann"}
	must(t, ann, file(t, "l.csv", "trajectory_id,turn,control,response\na,2,governs,\na,4,governs,comply\n"))
	before := tree(t)
	_, err := run(t, ann, file(t, "l2.csv", "trajectory_id,assistant_turn,control,response\nc,2,governs,refuse\na,1,contested,refuse\na,2,governs,refuse\n"))
	require.ErrorIs(t, err, annotate.ErrDiffers)
	require.EqualError(t, err, `judged already, and otherwise; --replace NAME lets go of what the annotator said so far:
trajectory "a" assistant turn 1 constraint main, by ann: control: governs, then contested
trajectory "a" assistant turn 2 constraint main, by ann: response: comply, then refuse`)
	require.Equal(t, before, tree(t), "nothing is written")

	_, err = run(t, ann, file(t, "l3.csv", "trajectory_id,turn,control\nb,1,governs\nb,1,contested\n"))
	require.ErrorIs(t, err, annotate.ErrConflict)
	require.ErrorContains(t, err, "l3.csv: record 1 and l3.csv: record 2: control: governs, then contested")
	require.Equal(t, before, tree(t))

	r := must(t, ann, file(t, "l4.csv", "trajectory_id,turn,response,symbols\na,2,comply,none\nb,1,refuse,\n"))
	require.Equal(t, []int{1, 1}, []int{r.Added, r.Filled}, "what was open is filled in")
	require.Equal(t, []string{"a 2/1/1 ann:human governs comply []", "a 4/2/2 ann:human governs comply", "b 1/1/1 ann:human refuse"}, lines(rows(t)))
	r = must(t, ann, "l.csv", "l4.csv")
	require.False(t, r.Changed)
	require.Equal(t, []int{1, 3}, []int{r.Repeated, r.Same})

	other := must(t, annotate.Options{Annotator: "bob", Kind: "human"}, "l2.csv")
	require.Equal(t, 3, other.Added, "another annotator may say otherwise")
	pass := must(t, ann, file(t, "l5.csv", "trajectory_id,turn,pass,control\na,2,1,neutralised\n"))
	require.Equal(t, 1, pass.Added, "so may another pass")
}

func TestReplace(t *testing.T) {
	base(t)
	ann := annotate.Options{Annotator: "ann"}
	must(t, ann, file(t, "l.csv", "trajectory_id,turn,control\na,2,governs\na,4,governs\nc,2,governs\n"))
	must(t, annotate.Options{Annotator: "bob", Kind: "rule", Silence: "skip"}, "l.csv")
	ann.Replace = []string{"ann"}
	r := must(t, ann, file(t, "l2.csv", "trajectory_id,turn,control\na,2,contested\na,4,governs\nb,1,governs\n"))
	require.Equal(t, []int{2, 1, 2}, []int{r.Added, r.Same, r.Removed})
	want := []string{
		"a 2/1/1 ann:human contested", "a 4/2/2 ann:human governs", "a 2/1/1 bob:rule governs", "a 4/2/2 bob:rule governs",
		"b 1/1/1 ann:human governs", "c 2/2/1 bob:rule governs",
	}
	require.Equal(t, want, lines(rows(t)))
	before := tree(t)
	require.False(t, must(t, ann, "l2.csv").Changed)
	require.Equal(t, before, tree(t))
	ann.Replace = []string{"an"}
	_, err := run(t, ann, "l2.csv")
	require.EqualError(t, err, "--replace an: no label that matches is by this annotator, so nothing would take the place of what it said")
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, schema.Annotator{Kind: "rule", Silence: "skip"}, d.Manifest.Annotators["bob"])
	r = must(t, annotate.Options{Annotator: "bob", Silence: "stopped"}, "l.csv")
	require.Equal(t, []string{"annotator bob is declared already; what its silence means stays as dataset.yaml says"}, r.Notices)
}

func TestControlAndManifest(t *testing.T) {
	base(t)
	r := must(t, annotate.Options{Control: "severity: >= 3=neutralised, > 1=contested"})
	require.True(t, r.Changed)
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, &reading.ControlFrom{
		Measure: "severity", Neutralised: &reading.Condition{Op: ">=", Number: 3}, Contested: &reading.Condition{Op: ">", Number: 1},
	}, d.Manifest.Rules.ControlFrom)
	require.False(t, must(t, annotate.Options{Control: "severity: >= 3=neutralised, > 1=contested"}).Changed)
	before := tree(t)
	_, err = run(t, annotate.Options{Control: "harm: >= 3=neutralised"})
	require.ErrorContains(t, err, `measure "harm" is not declared`)
	require.Equal(t, before, tree(t))
	f, err := annotate.ParseControl("scorer: C=governs,I=neutralised, P = neutralized")
	require.NoError(t, err)
	require.Equal(t, &reading.ControlFrom{
		Measure: "scorer", Governs: &reading.Condition{Letters: []string{"C"}}, Neutralised: &reading.Condition{Letters: []string{"I", "P"}},
	}, f)
	for _, bad := range []string{"", "x", ":C=governs", "x:", "x: C", "x: =governs", "x: C=wins", "x: >=a=governs", "x: >=1=governs,C=governs"} {
		_, err := annotate.ParseControl(bad)
		require.Error(t, err, bad)
	}
}

func TestWhatStays(t *testing.T) {
	base(t)
	ann := annotate.Options{Annotator: "ann"}
	must(t, ann, file(t, "l.csv", "trajectory_id,turn,control\na,2,governs\n"))
	for _, name := range []string{"README.md", "SHA256SUMS", "annotations/NOTES.txt"} {
		file(t, filepath.Join("ds", name), name)
	}
	yaml, err := os.ReadFile("ds/dataset.yaml")
	require.NoError(t, err)
	file(t, "ds/dataset.yaml", "# mine\n"+string(yaml))
	before := tree(t)
	r := must(t, ann, file(t, "l2.csv", "trajectory_id,turn,control\na,4,governs\n"))
	require.Equal(t, []string{"SHA256SUMS no longer holds and is gone: pack again"}, r.Notices)
	after := tree(t)
	require.Equal(t, "annotations/NOTES.txt", after["ds/annotations/NOTES.txt"])
	const shard = "ds/annotations/test-00000-of-00001.parquet"
	require.NotEqual(t, before[shard], after[shard])
	require.Contains(t, after[shard], "canary GUID 1")
	for _, gone := range []string{shard, "ds/SHA256SUMS"} {
		delete(before, gone)
		delete(after, gone)
	}
	require.Equal(t, before, after)
	r = must(t, annotate.Options{Annotator: "bob", Kind: "human"}, "l2.csv")
	require.Equal(t, []string{"ds/dataset.yaml was written anew: comments of your own are gone"}, r.Notices)
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, entries, 3, "nothing is left behind")
}

// TestSplits: labels go to the split of their trajectory.
func TestSplits(t *testing.T) {
	base(t)
	require.NoError(t, os.Rename("ds/trajectories/test-00000-of-00001.parquet", "ds/trajectories/dev-00000-of-00001.parquet"))
	write(t, "more", dataset.NewManifest(), nil, spoken("d", "uaua"))
	require.NoError(t, os.Rename("more/trajectories/test-00000-of-00001.parquet", "ds/trajectories/train-00000-of-00001.parquet"))
	ann := annotate.Options{Annotator: "ann"}
	must(t, ann, file(t, "l.csv", "trajectory_id,turn,control\nd,1,governs\na,2,governs\nc,0,governs\n"))
	names := func() []string {
		files, err := filepath.Glob("ds/annotations/*")
		require.NoError(t, err)
		return files
	}
	require.Equal(t, []string{"ds/annotations/dev-00000-of-00001.parquet", "ds/annotations/train-00000-of-00001.parquet"}, names())

	r := must(t, ann, file(t, "l2.csv", "trajectory_id,turn,control\nd,3,governs\na,2,governs\n"))
	require.Equal(t, []int{1, 1}, []int{r.Added, r.Same})
	require.Len(t, names(), 2)
	require.Equal(t, []string{"a 2/1/1 ann:human governs", "c 0/1/- ann:human governs", "d 1/1/1 ann:human governs", "d 3/2/2 ann:human governs"}, lines(rows(t)))
}

func TestUnsorted(t *testing.T) {
	base(t)
	row := func(id string, turn int32) schema.Annotation {
		return schema.Annotation{
			TrajectoryID: id, System: "sys-" + id, Scenario: "q-" + id, Setting: "interaction", ConstraintID: "main", AssistantTurn: &turn,
			Annotator: "ann", AnnotatorKind: "human", Control: new("governs"),
		}
	}
	require.NoError(t, os.Mkdir("ds/annotations", 0o777))
	f, err := os.Create("ds/annotations/labels.parquet")
	require.NoError(t, err)
	w := dataset.NewTableWriter[schema.Annotation](f, schema.Annotations, nil)
	require.NoError(t, w.Write([]schema.Annotation{row("c", 2), row("a", 2), row("a", 1)}))
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	r := must(t, annotate.Options{Annotator: "ann"}, file(t, "l.csv", "trajectory_id,turn,control\na,2,governs\nc,0,governs\n"))
	require.Equal(t, []int{1, 1}, []int{r.Added, r.Same}, "its place has one name")
	require.Contains(t, r.Notices, "annotations were not in the order of keys, and were read whole and sorted")
	require.Equal(t, []string{"a 2/1/1 ann:human governs", "a 4/2/2 ann:human governs", "c 0/1/- ann:human governs", "c 2/2/1 ann:human governs"}, lines(rows(t)))
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, []string{"ds/annotations/test-00000-of-00001.parquet"}, d.Annotations)
}

// TestShuffled: however labels come, in how many files and how many runs, the dataset
// has the same bytes.
func TestShuffled(t *testing.T) {
	const n, turns = 400, 12
	var all []string
	var ts []schema.Trajectory
	for i := range n {
		id := fmt.Sprintf("t%03d", i)
		ts = append(ts, spoken(id, strings.Repeat("ua", turns)))
		for k := range turns {
			for _, who := range []string{"ann", "bob"} {
				all = append(all, fmt.Sprintf("%s,%d,%s,human,%s", id, k+1, who, []string{"governs", "contested", "neutralised"}[(i+k)%3]))
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	var want map[string]string
	for _, files := range []int{1, 2, 5} {
		t.Chdir(t.TempDir())
		write(t, "ds", dataset.NewManifest(), nil, ts...)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for i, part := range slices.Collect(slices.Chunk(all, (len(all)+files-1)/files)) {
			name := file(t, fmt.Sprintf("l%d.csv", i), "trajectory_id,assistant_turn,annotator,annotator_kind,control\n"+strings.Join(part, "\n"))
			report := must(t, annotate.Options{}, name)
			require.Equal(t, len(part), report.Added)
		}
		got := tree(t)
		if want == nil {
			want = got
		}
		require.Equal(t, len(want), len(got))
		for name := range want {
			require.True(t, want[name] == got[name], name)
		}
	}
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	cases := 0
	err = dataset.Cases(context.Background(), d, reading.Columns{}, func() *int { return new(0) },
		func(n *int, c *reading.Case) error { *n++; return nil },
		func(n *int) error { cases += *n; return nil })
	require.NoError(t, err)
	require.Equal(t, n, cases)
}
