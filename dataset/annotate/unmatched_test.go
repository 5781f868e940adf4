package annotate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema"
)

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
			for _, e := range rejects {
				require.Equal(t, strings.Split(c.csv, "\n")[e.Row-1], string(e.Raw))
				require.Equal(t, string(e.Raw), c.csv[e.Offset:][:len(e.Raw)])
			}
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
