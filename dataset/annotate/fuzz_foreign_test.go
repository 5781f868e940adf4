package annotate

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// fuzzSource reads any bytes as one source: labels come out or an error, every record is
// accounted for, and what is taken is of our words.
func fuzzSource(f *testing.F, s *Source, ext string, seeds ...string) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	name := filepath.Join(f.TempDir(), "l"+ext)
	x := &index{bySource: map[string][]string{}, byRun: map[run][]found{}, byText: map[digest][]string{}}
	for _, id := range []string{"a", "b"} {
		t := schema.Trajectory{TrajectoryID: id, System: "s", Scenario: "q", Setting: "interaction", Turns: []schema.Turn{{Role: "user"}, {Role: "assistant"}, {Role: "user"}, {Role: "assistant"}}}
		dataset.Count(&t)
		require.NoError(f, x.Add(&t))
	}
	m := dataset.NewManifest()
	m.Measures = map[string]schema.Measure{"severity": {Step: 1}, "l": {Step: 1}}
	f.Fuzz(func(t *testing.T, text []byte) {
		require.NoError(t, os.WriteFile(name, text, 0o666))
		var r Report
		o := Options{Annotator: "j", From: s.Name, Key: ByTrajectory}
		j := newJoin(&dataset.Dataset{Manifest: m}, x, &o, &r)
		if j.read(t.Context(), []string{name}) != nil {
			return
		}
		require.Equal(t, r.Read, r.Written+r.Missing+r.Rejected+r.Skipped, "%+v", r)
		for _, l := range j.labels {
			require.NotEmpty(t, l.Annotator)
			require.Contains(t, []string{"a", "b"}, l.TrajectoryID)
			if l.Control != nil {
				require.NoError(t, schema.Controls.Check(*l.Control))
			}
		}
	})
}

func FuzzLabelStudio(f *testing.F) {
	fuzzSource(f, labelStudio, ".json",
		`[{"id":1,"data":{"trajectory_id":"a"},"annotations":[{"completed_by":{"email":"x"},"result":[{"id":"1","from_name":"turn1_control","type":"choices","value":{"choices":["governs"]}}]}],"predictions":[{"model_version":"m","score":1,"result":[]}]}]`,
		`{"id":1,"data":{"id":"b","dialogue":[{"author":"user","text":"😀x"},{"author":"bot","text":"y"}]},"completions":[{"completed_by":1,"result":[{"id":"r","from_name":"symbols","value":{"start":"1","end":1,"startOffset":0,"endOffset":1,"paragraphlabels":["warning"]}},{"id":"r","from_name":"severity","value":{"rating":2}}]}]}`,
		`{"id":1,"data":{"id":"a"},"annotations":[{"completed_by":1,"result":[{"id":"m","type":"chatmessage","from_name":"c","value":{"chatmessage":{"role":"assistant","content":"x","createdAt":1}}},{"id":"m","from_name":"control","value":{"choices":["contested"]}},{"type":"relation"},{"from_name":"rationale","value":{"text":["x"]}},{"from_name":"ask","value":{"taxonomy":[["x","y"]]}}]}]}`)
}

func FuzzLabelStudioCSV(f *testing.F) {
	fuzzSource(f, labelStudioCSV, ".csv", "annotation_id\tannotator\tlead_time\ttrajectory_id\tturn1_control\n1\tx\t2\ta\t\"{\"\"choices\"\":[\"\"governs\"\"]}\"\n", "annotation_id,annotator,lead_time,id,severity\n1,x,2,a,\"[{\"\"rating\"\":1}]\"\n")
}

func FuzzArgilla(f *testing.F) {
	fuzzSource(f, argilla, ".json",
		`[{"id":"a","fields":{},"metadata":{"turn":1},"suggestions":{"control":{"value":"governs","score":0.5,"agent":"m"}},"responses":{"control":[{"value":"contested","user_id":"u"}],"symbols":[{"value":[{"value":"warning","rank":1}],"user_id":"u"}]}}]`,
		`[{"id":"b","control.responses":["governs"],"control.responses.users":["u"],"control.responses.status":["submitted"],"control.suggestion":"x","control.suggestion.score":1}]`)
}

func FuzzScoutValidation(f *testing.F) {
	fuzzSource(f, scoutValidation, ".csv", "id,target,predicate,split\na,True,,x\nb,False,gte,\n", "id,label_control\na,governs\n")
}

func FuzzPotato(f *testing.F) {
	fuzzSource(f, potato, ".jsonl", `{"id":"a#turn1","label_annotations":{"control":{"governs":"true"},"severity":{"scale_3":"3"}},"span_annotations":{"x":[1]}}`, `{"instance_id":"b","user_id":"u","labels":{"control":{"contested":true}},"spans":{}}`)
}

func FuzzLongCSV(f *testing.F) {
	fuzzSource(f, longCSV, ".csv", "trajectory,turn,annotator,field,value,confidence,rationale\na,1,x,control,governs,0.5,y\na,1,x,control,governs,,\n", "sep=;\ntrajectory;annotator;field;value;;\na;x;symbols;[\"warning\"];;\n", "\xff\xfet\x00")
}
