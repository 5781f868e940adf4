package annotate_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/recipe"
)

// choice is a result of Label Studio.
func choice(id, name, value string) string {
	return `{"id":"` + id + `","from_name":"` + name + `","to_name":"x","type":"choices","origin":"manual","value":{"choices":["` + value + `"]}}`
}

// task is a task of Label Studio with one annotation by number 3, and what is said in it.
func task(data string, results ...string) string {
	return `{"id":7,"data":` + data + `,"annotations":[{"id":1,"completed_by":3,"was_cancelled":false,"ground_truth":false,"created_at":"2025-01-11T18:53:45.94Z","result":[` +
		strings.Join(results, ",") + `]}],"predictions":[]}`
}

// talk is the user's and the assistant's part of a trajectory of base, as a task shows it.
func talk(id string) string {
	if id == "c" {
		return `[{"role":"assistant","content":"text 0 of c"},{"role":"user","content":" text  1 of c"},{"role":"assistant","content":"text 2 of c"}]`
	}
	return `[{"role":"user","content":"text 1 of a"},{"role":"assistant","content":"text 2 of a"},{"role":"user","content":"text 3 of a"},{"role":"assistant","content":"text 4 of a"},{"role":"","content":""}]`
}

func TestForeign(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		o          annotate.Options
		want       []string
		tally      string
		rejects    []string
		notices    []string
	}{
		"label studio, a control for each turn": {
			file: "l.json", text: "[" + task(`{"trajectory_id":"a"}`, choice("1", "turn1_control", "governs"), choice("2", "turn2_control", "contested"), choice("3", "t02-response", "partial"), choice("4", "outcome", "interrupted")) + "]",
			want:  []string{"a -/-/- 3:human interrupted", "a 2/1/1 3:human governs", "a 4/2/2 3:human contested partial"},
			tally: "read 4 records = 4 written + 0 missing + 0 rejected + 0 skipped",
		},
		"label studio, by messages": {
			file: "l.json", text: task(`{"id":"a"}`, choice("1", "msg2_control", "governs"), choice("2", "msg_3_control", "governs")),
			want: []string{"a 2/1/1 3:human governs"}, tally: "read 2 records = 2 written + 0 missing + 0 rejected + 0 skipped",
			rejects: []string{`l.json:1: turn: turn 3 is a user turn; the assistant's are 2, 4`},
		},
		"label studio, turns of which --turn says what they are": {
			file: "l.json", text: task(`{"id":"b"}`, choice("1", "turn3_control", "governs")), o: annotate.Options{Turn: annotate.Assistant1},
			want: []string{"b 6/3/2 3:human governs"},
		},
		"label studio, paragraphs": {
			file: "l.json", text: task(
				`{"trajectory_id":"a","dialogue":[{"author":"User","text":"text 1 of a"},{"author":"Agent","text":"so 😀 be it, fine"},{"author":"User","text":"x"},{"author":"Agent","text":"y"}]}`,
				`{"id":"r1","from_name":"symbols","to_name":"d","type":"paragraphlabels","value":{"start":"1","end":"1","startOffset":6,"endOffset":11,"text":"be it","paragraphlabels":["warning"]}}`,
				`{"id":"r2","from_name":"symbols","to_name":"d","type":"paragraphlabels","value":{"start":1,"end":1,"startOffset":3,"endOffset":5,"text":"😀","paragraphlabels":["apology"]}}`,
				`{"id":"r3","from_name":"symbols","to_name":"d","type":"paragraphlabels","value":{"start":"3","end":"3","startOffset":0,"endOffset":1,"text":"z","paragraphlabels":["refusal"]}}`,
				choice("r3", "control", "contested"),
			),
			want: []string{"a 2/1/1 3:human [warning apology]", "a 4/2/2 3:human contested [refusal]"},
			notices: []string{
				"l.json: 1 regions quote another text than stands at their offsets; the quote stands",
			},
		},
		"label studio, a chat": {
			file: "l.json", text: task(
				`{"trajectory_id":"a"}`,
				`{"id":"m2","from_name":"chat","type":"chatmessage","value":{"chatmessage":{"role":"assistant","content":"2","createdAt":20}}}`,
				`{"id":"m1","from_name":"chat","type":"chatmessage","value":{"chatmessage":{"role":"user","content":"1","createdAt":10}}}`,
				`{"id":"m4","from_name":"chat","type":"chatmessage","value":{"chatmessage":{"role":"assistant","content":"4","createdAt":40}}}`,
				`{"id":"m3","from_name":"chat","type":"chatmessage","value":{"chatmessage":{"role":"user","content":"3","createdAt":30}}}`,
				choice("m4", "control", "neutralised"), choice("z", "outcome", "displaced"),
			),
			want:    []string{"a -/-/- 3:human displaced", "a 4/2/2 3:human neutralised"},
			tally:   "read 6 records = 2 written + 0 missing + 0 rejected + 4 skipped",
			notices: []string{"l.json: 4 messages of a chat, which are no judgements"},
		},
		"label studio, a task for each turn": {
			file: "l.json", text: "[" + task(`{"trajectory_id":"a","assistant_turn":1}`, choice("1", "control", "governs")) + "," +
				task(`{"trajectory_id":"a","assistant_turn":"2"}`, choice("1", "control", "contested"),
					`{"id":"2","from_name":"severity","type":"rating","value":{"rating":3}}`,
					`{"id":"3","from_name":"rationale","type":"textarea","value":{"text":["so","and so"]}}`,
					`{"id":"4","from_name":"pressures","type":"choices","value":{"choices":["expected","useful"]}}`,
					`{"from_id":"1","to_id":"2","type":"relation","direction":"right"}`) + "]",
			want: []string{
				"a 2/1/1 3:human governs", "a 4/2/2 3:human contested so\nand so", "a 4/2/2 3:human severity 3",
			},
			tally:   "read 6 records = 5 written + 0 missing + 0 rejected + 1 skipped",
			notices: []string{"l.json: 1 relations between regions, which are no judgements"},
		},
		"label studio, found by what is said": {
			file: "l.json", text: "[" + task(`{"messages":`+talk("a")+`}`, choice("1", "turn1_control", "governs")) + "," + task(`{"dialogue":`+talk("c")+`}`, choice("1", "turn1_control", "governs")) + "," +
				task(`{"messages":[{"role":"user","content":"other"}]}`, choice("1", "turn1_control", "governs")) + "]",
			want:    []string{"a 2/1/1 3:human governs", "c 2/2/1 3:human governs"},
			rejects: []string{`l.json:1: trajectory_id: no trajectory has the id "task 7"`},
			notices: []string{
				"l.json: 2 tasks belong to the trajectory in which their messages stand",
				"l.json: 1 tasks have no trajectory_id in their data, and messages of no trajectory; with --ids task their number is it",
			},
		},
		"label studio, who judged": {
			file: "l.json", text: `[{"id":1,"data":{"id":"a"},"annotations":[
				{"completed_by":{"id":5,"email":"ann@x.org"},"result":[` + choice("1", "control", "governs") + `]},
				{"completed_by":5,"was_cancelled":true,"result":[` + choice("1", "control", "contested") + `]},
				{"completed_by":6,"ground_truth":true,"result":[` + choice("1", "control", "contested") + `]}],
				"drafts":[{"result":[` + choice("1", "control", "neutralised") + `]}],
				"predictions":[{"model_version":"m-1","score":0.5,"result":[` + choice("1", "control", "governs") + `]}]}]`,
			want: []string{"a -/-/- ann@x.org:human governs", "a -/-/- gold:human contested", "a -/-/- model:m-1:model governs"}, tally: "read 4 records = 3 written + 0 missing + 0 rejected + 1 skipped",
			notices: []string{"l.json: 1 annotations were cancelled"},
		},
		"label studio before 1.0, names hashed": {
			file: "l.json", text: `{"id":1,"data":{"id":"a"},"completions":[{"completed_by":{"email":"ann@x.org"},"result":[` + choice("1", "control", "governs") + `,` + choice("1", "turn9_control", "governs") + `]}]}`,
			o: annotate.Options{HashAnnotators: "salt and pepper"},
			// Python 3.12: hmac.new(b"salt and pepper", b"ann@x.org", "sha256").hexdigest()[:12]
			want:    []string{"a -/-/- h-4f172214f935:human governs"},
			rejects: []string{`l.json:1: exchange: exchange 9 is outside the trajectory's exchanges, 1 to 2`},
		},
		"label studio, broken": {
			file: "l.json", text: `[{"id":1,"data":3,"annotations":[]},{"id":2,"data":{"id":"a"},"annotations":[{"result":[]}]},{"id":3,"data":{"id":"a"},"annotations":{}},` +
				`{"id":3,"data":{"id":"a"},"annotations":[{"completed_by":1,"result":[{"from_name":"control","value":7}]}]},` + task(`{"id":"a"}`, choice("1", "control", "gov")) + `]`,
			want: []string{}, tally: "read 5 records = 0 written + 0 missing + 5 rejected + 0 skipped",
			rejects: []string{
				"l.json:1: data is not a JSON object", "l.json:1: annotations: annotation  has no completed_by; say with --annotator who judged",
				"l.json:1: annotations: is not the JSON that was asked for", `l.json:1: annotations: the value of "control" is not a JSON object`,
				`l.json:1: control: unknown control "gov"; it is one of governs, contested, neutralised`,
			},
		},
		"label studio, csv in tabs": {
			file: "l.csv", text: "annotation_id\tannotator\tcreated_at\tid\tlead_time\ttrajectory_id\tturn1_control\tturn2_symbols\tseverity\tnote\n" +
				"9\t\"ann@x.org\"\t\"2022-11-04T18:50:53.017134Z\"\t4\t10.7\ta\tgoverns\t\"{\"\"choices\"\":[\"\"warning\"\",\"\"apology\"\"]}\"\t\"[{\"\"rating\"\":4}]\"\tx\n",
			want:    []string{"a -/-/- ann@x.org:human severity 4", "a 2/1/1 ann@x.org:human governs", "a 4/2/2 ann@x.org:human [warning apology]"},
			notices: []string{`l.csv: taken for the tasks' data, not for labels: ["trajectory_id","note"]`},
		},
		"label studio, json_min": {
			file: "l.json", text: `[{"id":4,"annotation_id":9,"annotator":3,"created_at":"2022-11-04T18:50:53Z","lead_time":1,"conversation_id":"a","assistant_turn":2,"control":"governs","pressures":{"choices":["useful","expected"]}}]`,
			want:    []string{"a 4/2/2 3:human governs"},
			notices: []string{`l.json: taken for the tasks' data, not for labels: ["conversation_id","assistant_turn"]`},
		},
		"argilla, nested": {
			file: "l.json", text: `[{"id":"a","fields":{"chat":[{"role":"user","content":"x"}]},"metadata":{"assistant_turn":2},` +
				`"suggestions":{"control":{"value":"governs","score":0.75,"agent":"m-1"},"severity":null},` +
				`"responses":{"control":[{"value":"contested","user_id":"u1"},{"value":null,"user_id":"u2"}],"symbols":[{"value":["warning","refusal"],"user_id":"u1"}],"severity":[{"value":4,"user_id":"u1"}]}}]`,
			want:  []string{"a 4/2/2 model:m-1:model governs", "a 4/2/2 u1:human contested [warning refusal]", "a 4/2/2 u1:human severity 4"},
			tally: "read 4 records = 4 written + 0 missing + 0 rejected + 0 skipped",
			notices: []string{
				"l.json: 4 responses have no status: drafts and discarded ones cannot be told from those that were submitted",
			},
		},
		"argilla, flat": {
			file: "l.jsonl", text: `{"id":"r1","status":"completed","trajectory_id":"a","turn1_control.responses":["governs","contested","governs"],"turn1_control.responses.users":["u1","u2","u3"],"turn1_control.responses.status":["submitted","draft","submitted"],` +
				`"turn1_control.suggestion":"contested","turn1_control.suggestion.score":0.5,"turn1_control.suggestion.agent":"m-1","symbols.responses":[[{"value":"apology","rank":2},{"value":"warning","rank":1}]],"symbols.responses.users":["u1"],"symbols.responses.status":["submitted"]}` + "\n" +
				`{"id":"a","turn1_control.responses":null,"turn1_control.responses.users":null,"symbols.responses":["x"],"symbols.responses.users":["u1","u2"]}` + "\n",
			want: []string{
				"a 2/1/1 model:m-1:model contested", "a -/-/- u1:human [warning apology]", "a 2/1/1 u1:human governs", "a 2/1/1 u3:human governs",
			},
			tally:   "read 6 records = 4 written + 0 missing + 1 rejected + 1 skipped",
			rejects: []string{"l.jsonl:2: symbols has 1 responses, 2 users and 0 states; they are not the same people's"},
			notices: []string{"l.jsonl: 1 responses are drafts or were discarded"},
		},
		"scout": {
			file: "severity.csv", text: "id,target,predicate,split\na,True,,test\nb,False,eq,\nc,3,gte,dev\nz,True,,\n", o: annotate.Options{Annotator: "ann"},
			want:  []string{"a -/-/- ann:human severity 1", "b -/-/- ann:human severity 0"},
			tally: "read 4 records = 3 written + 0 missing + 1 rejected + 0 skipped",
			rejects: []string{
				`severity.csv:4: the target is compared by "gte", which makes it no judgement`, `severity.csv:5: trajectory_id: no trajectory has the id "z"`,
			},
		},
		"scout, labels": {
			file: "l.csv", text: "id,label_severity,label_control,split\na,true,governs,\nb,false,,dev\n", o: annotate.Options{Annotator: "ann"},
			want: []string{"a -/-/- ann:human governs", "a -/-/- ann:human severity 1", "b -/-/- ann:human severity 0"},
		},
		"potato, a user's file": {
			file: filepath.Join("ann", "annotated_instances.jsonl"), text: `{"id": "a#turn2", "displayed_text": "…", "label_annotations": {"control": {"governs": "true", "contested": "false"}, "severity": {"scale_3": "3"}, "symbols": {"warning": true, "apology": "true"}, "rationale": {"text_box": "so\r\nso"}}, "span_annotations": {"s": [{"start": 1}]}, "behavioral_data": {}}` + "\n",
			want:    []string{"a 4/2/2 ann:human governs so\r\nso [warning apology]", "a 4/2/2 ann:human severity 3"},
			tally:   "read 5 records = 4 written + 0 missing + 0 rejected + 1 skipped",
			notices: []string{filepath.Join("ann", "annotated_instances.jsonl") + ": 1 spans and links, which lead to no turn"},
		},
		"potato, exports": {
			file: "annotations.jsonl", text: `{"instance_id":"a","user_id":"u@x.org","labels":{"control":{"governs":"governs"},"severity":"2"},"spans":{},"links":{}}` + "\n" +
				`{"instance_id":"b","user_id":"m-1","annotator_origin":{"kind":"machine"},"labels":{"control":{"contested":true}}}` + "\n",
			want: []string{"a -/-/- u@x.org:human governs", "a -/-/- u@x.org:human severity 2", "b -/-/- m-1:model contested"},
		},
		"potato, csv": {
			file: "annotated.tsv", text: "user\tinstance_id\tdisplayed_text\tcontrol:::governs\tcontrol:::contested\tseverity.\tq._spans\nu1\ta\tx\ttrue\t\t4\t\"[{\"\"start\"\":1}]\"\n",
			want: []string{"a -/-/- u1:human governs", "a -/-/- u1:human severity 4"}, notices: []string{"annotated.tsv: 1 spans and links, which lead to no turn"},
		},
		"spreadsheets": {
			file: "l.csv", text: "\xef\xbb\xbfsep=;\r\ntrajectory_id; turn;control;recognition;leakage;symbols;;\r\n a ;2.0;governs ;YES;0;\"[\"\"warning\"\",\"\"apology\"\"]\";;\r\n;;;;;;;\r\n1,23457E+15;2;governs;no;;;;\r\n02-Jan;2;governs;;;[];;\r\n",
			o:       annotate.Options{Annotator: "ann"},
			want:    []string{"a 2/1/1 ann:human governs [warning apology] leakage 0"},
			tally:   "read 4 records = 3 written + 0 missing + 0 rejected + 1 skipped",
			rejects: []string{`l.csv:5: trajectory_id: no trajectory has the id "1,23457E+15"; it looks like an id that a spreadsheet made a number or a date of`, `l.csv:6: trajectory_id: no trajectory has the id "02-Jan"; it looks like an id that a spreadsheet made a number or a date of`},
			notices: []string{
				"l.csv: 1 empty records, passed over", "l.csv: 2 cells with blanks around their value, which were taken off",
				"l.csv: 1 whole numbers written with a decimal point, which was taken off", "l.csv: 2 of yes and no, read as true and false",
				"l.csv: begins with a byte order mark, passed over",
			},
		},
		"unicode text": {
			file: "l.txt", text: "\xff\xfet\x00r\x00a\x00j\x00e\x00c\x00t\x00o\x00r\x00y\x00\t\x00c\x00o\x00n\x00t\x00r\x00o\x00l\x00\r\x00\n\x00a\x00\t\x00g\x00o\x00v\x00e\x00r\x00n\x00s\x00\r\x00\n\x00",
			o: annotate.Options{Annotator: "ann"}, want: []string{"a -/-/- ann:human governs"},
			notices: []string{"l.txt: is UTF-16; byte offsets are those of its UTF-8"},
		},
		"long, with remarks and twice": {
			file: "l.csv", text: "trajectory,turn,annotator,constraint,field,value,confidence,rationale,created_at\n" +
				"a,2,ann,main,control,governs,0.5,firm,2026-05-11T09:30:00Z\na,2,ann,main,response,refuse,0.5,said no,\na,2,ann,main,control,governs,,,\na,2,ann,main,severity,1,,mild,\na,4,ann,main,control,governs,0.5,same,\na,4,ann,main,response,refuse,0.9,same,2026-05-11 09:30\n",
			want: []string{
				"a 2/1/1 ann:human governs refuse control: firm\nresponse: said no", "a 2/1/1 ann:human severity mild 1", "a 4/2/2 ann:human governs refuse same",
			},
			tally: "read 6 records = 5 written + 0 missing + 0 rejected + 1 skipped",
			notices: []string{
				"l.csv: 1 times without a zone, which could be any and are left out",
				"l.csv: 1 labels given twice, alike", "l.csv: 1 places whose labels have different confidences, which a row cannot hold; they are left out",
			},
		},
		"long, the last counts": {
			file: "l.csv", text: "trajectory,turn,annotator,field,value\na,2,ann,control,governs\na,2,ann,control,contested\n", o: annotate.Options{Keep: annotate.KeepLast},
			want: []string{"a 2/1/1 ann:human contested"}, notices: []string{"l.csv: 1 labels given again, of which the last counts (--keep last)"},
		},
		"wide, the last counts": {
			file: "l.csv", text: "trajectory,turn,annotator,control\na,2,ann,governs\na,2,ann,contested\n", o: annotate.Options{Keep: annotate.KeepLast},
			want: []string{"a 2/1/1 ann:human contested"}, notices: []string{"1 labels say otherwise than an earlier one at the same place, and count instead of it (--keep last)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			base(t)
			require.NoError(t, mkdir(filepath.Dir(c.file)))
			var rejects []string
			c.o.Rejecting.Reject = func(e dataset.Reject) error {
				require.Equal(t, c.o.HashAnnotators == "", len(e.Raw) > 0)
				rejects = append(rejects, e.Error())
				return nil
			}
			if c.o.Kind == "" {
				c.o.Kind = "human"
			}
			r := must(t, c.o, file(t, c.file, c.text))
			require.Equal(t, c.want, lines(rows(t)))
			require.Equal(t, c.rejects, rejects)
			require.Equal(t, c.notices, r.Notices)
			if c.tally != "" {
				require.Equal(t, c.tally, r.Lines()[0])
			}
			before := tree(t)
			require.False(t, must(t, c.o, c.file).Changed)
			require.Equal(t, before, tree(t))
		})
	}
}

func TestForeignRefused(t *testing.T) {
	for want, c := range map[string]struct {
		file, text string
		o          annotate.Options
	}{
		`l.json: "mood" is no column of ours and no measure that dataset.yaml declares`: {"l.json", task(`{"id":"a"}`, choice("1", "mood", "x")), annotate.Options{}},
		"l.csv: could be long-csv or potato; say which with --from":                     {"l.csv", "trajectory_id,instance_id,user_id,field,value\na,a,u,control,governs\n", annotate.Options{}},
		`--from: unknown source "label-studo"; did you mean label-studio?`:              {"l.csv", "id\n", annotate.Options{From: "label-studo"}},
		"l.csv: does not say who judged; say it with --annotator":                       {"l.csv", "id,target\na,1\n", annotate.Options{}},
		"--hash-annotators: a salt has 8 bytes or more":                                 {"l.csv", "id\n", annotate.Options{HashAnnotators: "short"}},
		"--keep first: what can be kept is last":                                        {"l.csv", "id\n", annotate.Options{Keep: "first"}},
		"the labels disagree among themselves; keep one of each, give the other another pass, or say --keep last:\nl.csv:2 and l.csv:3: control: \"governs\", then \"contested\"": {"l.csv", "trajectory,annotator,field,value\na,ann,control,governs\na,ann,control,contested\n", annotate.Options{}},
		"l.csv: no column is named as a label or measure of ours, such as turn1_control":                                                                                          {"l.csv", "annotation_id,annotator,lead_time,mood\n1,2,3,x\n", annotate.Options{}},
	} {
		base(t)
		_, err := run(t, c.o, file(t, c.file, c.text))
		require.ErrorContains(t, err, want)
		require.Empty(t, rows(t))
	}
}

// TestForeignByRecipe: questions in other words than ours, by a recipe over the source's
// answers.
func TestForeignByRecipe(t *testing.T) {
	base(t)
	r, err := recipe.Load("map.yaml", []byte(`
annotations:
  files: ["*.json"]
  id: "{trajectory_id}"
  pivot: {by: [trajectory_id, exchange, annotator, annotator_kind], field: field, value: value}
  columns:
    exchange: exchange
    annotator: annotator
    annotator_kind: annotator_kind
    control: {from: held, map: {"Yes, all of it": governs, "No": neutralised}}
  ignore: [labelled_at, mood]
`))
	require.NoError(t, err)
	file(t, "l.json", task(`{"id":"a"}`, choice("1", "turn1_held", "Yes, all of it"), choice("2", "turn2_held", "No"), choice("3", "turn2_mood", "x"))+
		task(`{"id":"b"}`, choice("1", "turn7_held", "No"), choice("1", "turn2_held", "Perhaps")))
	o := annotate.Options{Recipe: r, From: "label-studio"}
	report := must(t, o, "l.json")
	require.Equal(t, []string{"a 2/1/1 3:human governs", "a 4/2/2 3:human neutralised"}, lines(rows(t)))
	require.Equal(t, "read 5 records = 3 written + 0 missing + 1 rejected + 1 skipped", report.Lines()[0])
	require.Equal(t, "1 of 3 labels name turns that are not there; first: l.json:1: exchange: exchange 7 is outside the trajectory's exchanges, 1 to 2", report.Lines()[2])
	require.False(t, must(t, o, "l.json").Changed)
}
