package annotate_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema"
)

// spoken is a trajectory of turns by their speakers: s, u, a, p (prefilled), t. A turn
// has the source id m and its index plus 100.
func spoken(id, speakers string) schema.Trajectory {
	t := schema.Trajectory{
		TrajectoryID: id, System: "sys-" + id, Scenario: "q-" + id, Setting: "interaction",
		SourceID: new("log/" + id + "/0"), Terminal: new("completed"),
	}
	for i, s := range speakers {
		u := schema.Turn{
			Role: map[rune]string{'s': "system", 'u': "user", 'a': "assistant", 'p': "assistant", 't': "tool"}[s],
			Text: fmt.Sprintf("text %d of %s", i, id), SourceID: new(fmt.Sprintf("m%d", 100+i)),
		}
		if s == 'p' {
			u.Prefilled = new(true)
		}
		t.Turns = append(t.Turns, u)
	}
	dataset.Count(&t)
	return t
}

// write makes a dataset.
func write(t *testing.T, dir string, m dataset.Manifest, scenarios []schema.Scenario, trajectories ...schema.Trajectory) {
	t.Helper()
	if m.Name == "" {
		m.Name = "made up"
	}
	w, err := dataset.Create(dir, m, dataset.CreateOptions{Canary: "canary GUID 1"})
	require.NoError(t, err)
	require.NoError(t, w.AddScenarios(scenarios))
	require.NoError(t, w.AddTrajectories(trajectories))
	require.NoError(t, w.Commit())
}

// base is a dataset ds in a new working folder.
func base(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	m := dataset.NewManifest()
	m.Constraints = []schema.Constraint{{ID: "main", Text: new("keep to it")}}
	m.Measures = map[string]schema.Measure{"severity": {Min: new(0.), Max: new(5.), Step: 1, Better: schema.Lower}}
	m.Annotators = map[string]schema.Annotator{"ann": {Kind: "human", Silence: "unknown"}}
	write(t, "ds", m, nil, spoken("a", "suaua"), spoken("b", "uatatua"), spoken("c", "aua"))
}

// file writes a file into the working folder.
func file(t *testing.T, name, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	return name
}

// run annotates ds.
func run(t *testing.T, o annotate.Options, files ...string) (annotate.Report, error) {
	t.Helper()
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	return annotate.Run(context.Background(), d, files, o)
}

func must(t *testing.T, o annotate.Options, files ...string) annotate.Report {
	t.Helper()
	r, err := run(t, o, files...)
	require.NoError(t, err)
	require.Equal(t, r.Read, r.Written+r.Missing+r.Rejected+r.Skipped, "%+v", r)
	require.Equal(t, r.Labels, r.Added+r.Filled+r.Same+r.Kept+r.Repeated+r.NotMatched(), "%+v", r)
	return r
}

// rows are the judgements in ds.
func rows(t *testing.T) []schema.Annotation {
	t.Helper()
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	var out []schema.Annotation
	for _, f := range d.Annotations {
		for row, err := range dataset.Rows[schema.Annotation](context.Background(), f) {
			require.NoError(t, err)
			out = append(out, row)
		}
	}
	return out
}

// lines tell rows in short: trajectory turn/assistant turn/exchange annotator pass, and
// what is said.
func lines(rows []schema.Annotation) []string {
	out := []string{}
	n := func(p *int32) string {
		if p == nil {
			return "-"
		}
		return fmt.Sprint(*p)
	}
	for _, a := range rows {
		s := fmt.Sprintf("%s %s/%s/%s %s:%s", a.TrajectoryID, n(a.Turn), n(a.AssistantTurn), n(a.Exchange), a.Annotator, a.AnnotatorKind)
		if a.Pass > 0 {
			s += fmt.Sprintf(" pass %d", a.Pass)
		}
		for _, p := range []*string{a.Control, a.Outcome, a.Response, a.Missing, a.Measure, a.Rationale} {
			if p != nil {
				s += " " + *p
			}
		}
		if a.Symbols != nil {
			s += fmt.Sprintf(" %v", a.Symbols)
		}
		if a.Leakage != nil {
			s += fmt.Sprintf(" leakage %d", *a.Leakage)
		}
		if a.Value != nil {
			s += fmt.Sprintf(" %g", *a.Value)
		}
		out = append(out, s)
	}
	return out
}

// tree is every file of ds with its bytes.
func tree(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir("ds", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[path] = string(b)
		return err
	}))
	return out
}

func TestKeysAndTurns(t *testing.T) {
	for name, c := range map[string]struct {
		csv  string
		o    annotate.Options
		want []string
	}{
		"by id, turn from 0": {
			csv:  "trajectory_id,turn,control\na,2,governs\nb,6,contested\n",
			want: []string{"a 2/1/1 ann:human governs", "b 6/3/2 ann:human contested"},
		},
		"by id, assistant turn": {
			csv:  "trajectory_id,assistant_turn,control\na,2,neutralized\n",
			want: []string{"a 4/2/2 ann:human neutralised"},
		},
		"by id, exchange of several": {
			csv:  "trajectory_id,exchange,control\nb,1,governs\nb,2,governs\n",
			want: []string{"b -/-/1 ann:human governs", "b 6/3/2 ann:human governs"},
		},
		"the whole": {
			csv:  "trajectory_id,outcome\na,held\n",
			want: []string{"a -/-/- ann:human held"},
		},
		"a column turn with assistant numbers": {
			csv: "trajectory_id,turn,control\na,1,governs\na,2,governs\n", o: annotate.Options{Turn: annotate.Assistant1},
			want: []string{"a 2/1/1 ann:human governs", "a 4/2/2 ann:human governs"},
		},
		"a column assistant_turn with messages from 0": {
			csv: "trajectory_id,assistant_turn,control\nc,0,governs\n", o: annotate.Options{Turn: annotate.Message0},
			want: []string{"c 0/1/- ann:human governs"},
		},
		"a column turn with exchanges": {
			csv: "trajectory_id,turn,control\na,2,governs\n", o: annotate.Options{Turn: annotate.Exchange1},
			want: []string{"a 4/2/2 ann:human governs"},
		},
		"source ids of messages": {
			csv: "trajectory_id,turn,control\na,m104,governs\na,,contested\n", o: annotate.Options{Turn: annotate.SourceID},
			want: []string{"a -/-/- ann:human contested", "a 4/2/2 ann:human governs"},
		},
		"source ids of messages in their own column": {
			csv: "trajectory_id,source_id,turn,control\na,m104,9,governs\n", o: annotate.Options{Turn: annotate.SourceID},
			want: []string{"a 4/2/2 ann:human governs"},
		},
		"by system, scenario, repeat": {
			csv: "system,scenario,repeat,turn,control\nsys-a,q-a,0,2,governs\n", o: annotate.Options{Key: annotate.ByRun},
			want: []string{"a 2/1/1 ann:human governs"},
		},
		"by system and scenario": {
			csv: "system,scenario,trajectory_id,turn,control\nsys-a,q-a,7,2,governs\n", o: annotate.Options{Key: annotate.ByRun},
			want: []string{"a 2/1/1 ann:human governs"},
		},
		"by log, sample, epoch": {
			csv: "log,sample,epoch,turn,control\nlog,b,0,1,governs\n", o: annotate.Options{Key: annotate.BySource},
			want: []string{"b 1/1/1 ann:human governs"},
		},
		"by the id in the source": {
			csv: "source_id,turn,control\nlog/b/0,1,governs\n", o: annotate.Options{Key: annotate.BySource},
			want: []string{"b 1/1/1 ann:human governs"},
		},
		"by the id in the source, called trajectory": {
			csv: "trajectory,turn,control\nlog/b/0,m106,governs\n", o: annotate.Options{Key: annotate.BySource, Turn: annotate.SourceID},
			want: []string{"b 6/3/2 ann:human governs"},
		},
		"what it says of the trajectory is checked": {
			csv:  "trajectory_id,system,scenario,model,terminal,turn,control\na,sys-a,q-a,,completed,2,governs\na,sys-b,q-a,,,4,governs\n",
			want: []string{"a 2/1/1 ann:human governs"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			base(t)
			c.o.Annotator = "ann"
			r := must(t, c.o, file(t, "l.csv", c.csv))
			require.Equal(t, c.want, lines(rows(t)))
			require.True(t, r.Changed)
			require.Empty(t, r.Annotators)
			before := tree(t)
			r = must(t, c.o, "l.csv")
			require.False(t, r.Changed)
			require.Equal(t, len(c.want), r.Same)
			require.Equal(t, before, tree(t), "the same labels change nothing")
		})
	}
}

func mkdir(dir string) error { return os.MkdirAll(dir, 0o777) }
