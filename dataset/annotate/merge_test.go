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
trajectory "a" assistant turn 1 constraint main, by ann: control is governs, and contested, and is to be as here
trajectory "a" assistant turn 2 constraint main, by ann: response is comply, and refuse, and is to be as here`)
	require.Equal(t, before, tree(t), "nothing is written")

	_, err = run(t, ann, file(t, "l3.csv", "trajectory_id,turn,control\nb,1,governs\nb,1,contested\n"))
	require.ErrorIs(t, err, annotate.ErrDiffers)
	require.ErrorContains(t, err, "l3.csv:2 and l3.csv:3: control is governs, and contested")
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
	ann.Replace = "ann"
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
	ann.Replace = "an"
	_, err := run(t, ann, "l2.csv")
	require.EqualError(t, err, "--replace an: no label that matches is by this annotator, so nothing would take the place of what it said")
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, schema.Annotator{Kind: "rule", Silence: "skip"}, d.Manifest.Annotators["bob"])
	r = must(t, annotate.Options{Annotator: "bob", Silence: "stopped"}, "l.csv")
	require.Equal(t, []string{"annotator bob is declared already; what its silence means stays as dataset.yaml says"}, r.Notices)
}

func TestUnmatched(t *testing.T) {
	ann := annotate.Options{Annotator: "ann"}
	for name, c := range map[string]struct {
		csv  string
		o    annotate.Options
		want []string
	}{
		"assistant numbers under turn": {
			csv:  "trajectory_id,turn,control\na,1,governs\na,2,governs\nb,1,governs\nb,3,governs\n",
			want: []string{`1 of 4 labels fall on user turns; try --turn assistant1 (all 4 that name a turn would fit); first: l.csv:2: turn: turn 1 is a user turn; the assistant's are 2, 4`},
		},
		"messages under assistant_turn": {
			csv:  "trajectory_id,assistant_turn,control\na,2,governs\na,4,governs\nb,6,governs\n",
			want: []string{`2 of 3 labels name turns that are not there; try --turn message0 (all 3 that name a turn would fit); first: l.csv:3: assistant_turn: assistant turn 4 is outside the trajectory's assistant turns, 1 to 2`},
		},
		"messages from 1": {
			csv:  "trajectory_id,turn,control\na,5,governs\nc,3,governs\nb,2,governs\nb,7,governs\n",
			want: []string{`3 of 4 labels name turns that are not there; try a recipe with turn: {from: …, add: -1}, as for messages counted from 1 (all 4 that name a turn would fit); first: l.csv:2`, `1 of 4 labels fall on turns that are not the system's own; try a recipe`},
		},
		"assistant turns from 0": {
			csv: "trajectory_id,turn,control\na,0,governs\na,1,governs\nc,0,governs\nc,1,governs\n", o: annotate.Options{Turn: annotate.Assistant1},
			want: []string{`2 of 4 labels name turns that are not there; try a recipe with assistant_turn: {from: …, add: 1}, as for assistant turns counted from 0 (all 4 that name a turn would fit); first: l.csv:2`},
		},
		"no way is better": {
			csv:  "trajectory_id,turn,control\na,0,governs\na,2,governs\na,4,governs\n",
			want: []string{`1 of 3 labels fall on turns that are not the system's own; first: l.csv:2: turn: turn 0 is a system, developer or tool turn`},
		},
		"ids of the source": {
			csv:  "trajectory_id,turn,control\nlog/a/0,2,governs\nlog/b/0,1,governs\nbb,1,governs\n",
			want: []string{`3 of 3 labels name no trajectory of the dataset; try --key log,sample,epoch (2 of them are the source's ids); first: l.csv:2: trajectory_id: no trajectory has the id "log/a/0"`},
		},
		"a misspelt constraint": {
			csv:  "trajectory_id,turn,constraint,control\na,2,mian,governs\n",
			want: []string{`1 of 1 labels name a constraint that is not declared; first: l.csv:2: constraint_id: the dataset declares no constraint "mian"; did you mean main?`},
		},
		"no such run": {
			csv: "system,scenario,repeat,control\nsys-a,q-a,1,governs\nsys-a,q-b,0,governs\n", o: annotate.Options{Key: annotate.ByRun},
			want: []string{`2 of 2 labels name no trajectory of the dataset; first: l.csv:2: scenario: no trajectory of system "sys-a" and scenario "q-a" has the repeat 1`},
		},
		"no such message": {
			csv: "trajectory_id,turn,control\na,m1,governs\na,m104,governs\n", o: annotate.Options{Turn: annotate.SourceID},
			want: []string{`1 of 2 labels name turns that are not there; first: l.csv:2: turn: no turn of the trajectory has the source id "m1"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			base(t)
			c.o.Annotator = ann.Annotator
			var rejects []dataset.Reject
			c.o.Rejecting.Reject = func(e dataset.Reject) error {
				rejects = append(rejects, e)
				return nil
			}
			r := must(t, c.o, file(t, "l.csv", c.csv))
			got := r.Lines()[2:]
			require.Len(t, got, len(c.want))
			for i := range got {
				require.True(t, strings.HasPrefix(got[i], c.want[i]), "%s\n%s", got[i], c.want[i])
			}
			require.Len(t, rejects, r.NotMatched())
			require.Contains(t, string(rejects[0].Raw), `"Control":"governs"`)
			require.Len(t, rows(t), r.Added, "what fits is written")
		})
	}
}

func TestAmbiguous(t *testing.T) {
	t.Chdir(t.TempDir())
	one, two, three := spoken("one", "ua"), spoken("two", "ua"), spoken("three", "ua")
	for i, x := range []*schema.Trajectory{&one, &two, &three} {
		x.System, x.Scenario, x.SourceID = "s", "q", new("same")
		x.Condition = new([]string{"on", "off", "off"}[i])
	}
	three.Setting = "baseline"
	write(t, "ds", dataset.NewManifest(), nil, one, two, three)
	o := annotate.Options{Annotator: "ann", Kind: "human", Key: annotate.ByRun}
	r := must(t, o, file(t, "l.csv", "system,scenario,condition,setting,control\ns,q,,,governs\ns,q,on,,governs\ns,q,off,baseline,governs\ns,q,x,,governs\n"))
	require.Equal(t, []string{"one -/-/- ann:human governs", "three -/-/- ann:human governs"}, lines(rows(t)))
	require.Equal(t, `1 of 4 labels fit several trajectories; first: l.csv:2: scenario: 3 trajectories of system "s" and scenario "q" have the repeat 0; a column condition or setting tells them apart, trajectory_id always does`, r.Lines()[2])
	o.Key = annotate.BySource
	r = must(t, o, file(t, "l.csv", "source_id,control\nsame,governs\n"))
	require.ErrorIs(t, r.Unmatched[0].Kind, annotate.ErrAmbiguous)
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
