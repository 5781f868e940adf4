package recipe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// spoken is what a trajectory says, in one line.
func spoken(t schema.Trajectory) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s on %s, %d/%d", t.TrajectoryID, t.System, t.Scenario, t.AssistantTurns, t.Exchanges)
	for _, p := range []*string{t.Condition, t.Terminal, t.SourceID, t.MetadataJSON} {
		if p != nil {
			b.WriteString(" " + *p)
		}
	}
	for i, u := range t.Turns {
		if int(u.Index) != i {
			b.WriteString(" OUT OF ORDER")
		}
		fmt.Fprintf(&b, " | %s: %s", u.Role, u.Text)
		for _, p := range []*string{u.Name, u.Reasoning, u.ToolCallsJSON, u.ToolCallID, u.SourceID} {
			if p != nil {
				b.WriteString(" " + *p)
			}
		}
	}
	return b.String()
}

// readAll reads everything in the current folder.
func readAll(t *testing.T, doc string, o recipe.Options, inputs ...string) (got []string, reports []recipe.Report, err error) {
	t.Helper()
	r, err := recipe.Load("recipe.yaml", []byte(doc))
	require.NoError(t, err)
	if inputs == nil {
		inputs = []string{"."}
	}
	n := map[string]int{}
	reports, err = r.Read(context.Background(), inputs, o, recipe.Tables{
		Trajectory: func(x schema.Trajectory) error {
			n[schema.Trajectories]++
			got = append(got, spoken(x))
			return nil
		},
		Scenario: func(x schema.Scenario) error {
			n[schema.Scenarios]++
			got = append(got, designed(x))
			return nil
		},
		Annotation: func(x schema.Annotation) error {
			n[schema.Annotations]++
			got = append(got, show(x))
			return nil
		},
	})
	if err == nil {
		for _, r := range reports {
			require.Equal(t, r.Read, r.Written+r.Missing+r.Rejected+r.Skipped, r.String())
			require.Equal(t, n[r.Table], r.Rows)
		}
	}
	return got, reports, err
}

func TestTurns(t *testing.T) {
	for name, c := range map[string]struct {
		doc     string
		file    string
		rows    []string
		report  string
		rejects []string
	}{
		"a list of messages": {
			doc: `  id: "{run}"
  columns: {system: model, scenario: task, terminal: {from: end, map: {ok: completed}}, source_id: run, metadata_json: {from: [seed, tags, cfg]}}
  turns: {from: messages, columns: {role: {from: role, map: {human: user, ai: assistant, env: tool}}, text: content, reasoning: why, name: who, tool_calls_json: calls, source_id: id}}
  ignore: [messages.cost, messages.meta, note]
`,
			file: `{"run":7,"model":"m","task":"t","end":"ok","seed":1.10,"tags":["a"],"cfg":{"x":{"y":null}},"note":{"a":1},"messages":[{"role":"human","content":"hi","id":1},{"role":"ai","content":null,"calls":[{"f":{"a":[1, 2]}}],"why":"","cost":0.1},{"role":"env","content":"","who":"sh","meta":{"z":[]}},{"role":"ai","content":"done"}]}
{"run":8,"model":"m","task":"t","end":"ok","seed":null,"tags":null,"messages":[{"role":"human","content":"hi"},{"role":"robot","content":"x"}]}
{"run":9,"model":"m","task":"t","end":"ok","messages":"none"}
{"run":10,"model":"m","task":"t","messages":[{"role":"human","content":"a"},"b"]}
{"run":11,"model":"m","task":"t","messages":[{"role":"human","content":["a","b"]}]}
{"run":7,"model":"m","task":"t","messages":[{"role":"human","content":"again"}]}
{"run":12,"model":"m","task":"t","messages":[]}
{"run":13,"model":"m","task":"t","end":"ok","messages":null}
{"model":"m","task":"t","messages":[{"role":"human"}]}
`,
			rows: []string{
				`7 of m on t, 2/1 completed 7 {"seed":1.10,"tags":["a"],"cfg":{"x":{"y":null}}} | user: hi 1 | assistant:  [{"f":{"a":[1, 2]}}] | tool:  sh | assistant: done`,
				`13 of m on t, 0/0 completed 13 {}`,
			},
			report: "9 records = 2 written + 1 missing + 6 rejected + 0 skipped; 2 rows",
			rejects: []string{
				`x.jsonl:2: messages[1].role: "robot" is not in the map of role; add it there, or list it under missing`,
				`x.jsonl:3: messages: "none" is not a list of objects, of which turns are made`,
				`x.jsonl:4: messages[1]: not a JSON object, of which a turn is made`,
				`x.jsonl:5: messages[0].content: a list of 2, and text holds one value`,
				`x.jsonl:6: trajectory_id: "7" already at x.jsonl:1`,
				`x.jsonl:9: run: empty or listed under missing, and trajectory_id is required`,
			},
		},
		"inside an object, as JSON in a text, in an order": {
			doc: `  id: "{id}"
  columns: {scenario: id, metadata_json: meta}
  set: {system: s}
  turns: {from: log.steps, order: n, columns: {role: who.role, text: say, tool_calls_json: call}}
  ignore: [log.x, log.steps.who.x]
`,
			file: `{"id":"a","meta":{"k":1},"log":{"x":1,"steps":[{"n":10,"who":{"role":"assistant","x":2},"say":"two","call":"{\"a\":1}"},{"n":9,"who":{"role":"user"},"say":"one"}]}}
{"id":"b","meta":null,"log":{"steps":"[{\"n\":1,\"who\":{\"role\":\"user\"},\"say\":\"x\"}]"}}
{"id":"c","meta":3,"log":{"steps":[]}}
{"id":"d","log":{"steps":[{"n":1,"who":{"role":"user"},"call":"f(x)"}]}}
{"id":"e","log":{"steps":[{"who":{"role":"user"}}]}}
{"id":"f","log":{"steps":"[{\"n\":1,"}}
{"id":"g","log":{"steps":[{"who":{"role":"user"},"who.role":"user"}]}}
`,
			rows: []string{`a of s on a, 1/1 {"k":1} | user: one | assistant: two {"a":1}`, `b of s on b, 0/0 | user: x`},
			rejects: []string{
				`x.jsonl:3: meta: "3" is not a JSON object, which metadata_json needs`,
				`x.jsonl:4: log.steps[0].call: "f(x)" is not JSON, which tool_calls_json needs`,
				`x.jsonl:5: log.steps[0].n: empty, and the turns are in its order`,
				`x.jsonl:6: log.steps: "[{\"n\":1," is not JSON`,
				`x.jsonl:7: log.steps[0]: two keys lead here, one with a dot in it and one inside an object; rename one`,
			},
		},
		"wide columns, by number": {
			doc: `  id: "t{row}"
  columns: {scenario: "{row}", condition: c}
  set: {system: s}
  turns: {unpivot: {columns: '^(?P<who>[UA])(?P<n>\d+)$', order: n, to: text}, columns: {role: {from: who, map: {U: user, A: assistant}}, source_id: "{who}{n}"}}
  missing: ["-"]
`,
			file: "c,A10,U10,U2,A2,U1,A1\nx,ten,q10,q2,two,q1,one\n,,-,q2,\"tw\no\",q1,one\ny,,,,,,\n",
			rows: []string{
				"t1 of s on 1, 3/2 x | user: q1 U1 | assistant: one A1 | user: q2 U2 | assistant: two A2 | assistant: ten A10 | user: q10 U10",
				"t2 of s on 2, 2/2 | user: q1 U1 | assistant: one A1 | user: q2 U2 | assistant: tw\no A2",
			},
			report: "3 records = 2 written + 1 missing + 0 rejected + 0 skipped; 2 rows",
		},
		"long rows": {
			doc: `  id: "{conv}"
  columns: {system: model, scenario: task}
  turns: {group: [conv], order: t, columns: {role: who, text: say, name: "{model}/{row}"}}
  skip_rows: {who: [total]}
`,
			file: "conv,model,task,t,who,say\na,m,q,2,assistant,two\na,m,q,1,user,one\nb,m,q,1,user,b1\na,m,q,10,user,three\nb,m,q,2,assistant,\nb,,,,total,9\n" +
				"c,m,q,1,user,x\nc,n,q,2,assistant,y\nd,m,q,1,robot,y\nd,m,q,2,user,y\n,m,q,1,user,y\ne,m,q,1,user,e\nf,m,q,1,user,f\nf,m,q,2\ng,m,q,1,user,g\nh,m,q,1,user,h\n",
			rows: []string{
				"a of m on q, 1/1 | user: one m/2 | assistant: two m/1 | user: three m/4",
				"b of m on q, 1/1 | user: b1 m/3 | assistant:  m/5",
				"h of m on q, 0/0 | user: h m/16",
			},
			report: "16 records = 6 written + 0 missing + 9 rejected + 1 skipped; 3 rows",
			rejects: []string{
				`x.csv:9: model: "n", and "m" at x.csv:8; add it to turns.group, or take it under turns.columns`,
				`x.csv:12: conv: empty or a list, and it says which trajectory the row belongs to`,
				`x.csv:10: the row x.csv:12 could not be read, and may be a turn of it`,
				`x.csv:13: the row x.csv:12 could not be read, and may be a turn of it`,
				`x.csv:15: 4 cells where the header has 6; quote a cell that holds the separator ','`,
				`x.csv:14: the row x.csv:15 could not be read, and may be a turn of it`,
				`x.csv:16: the row x.csv:15 could not be read, and may be a turn of it`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := "x.csv"
			if strings.HasPrefix(c.file, "{") {
				file = "x.jsonl"
			}
			write(t, map[string]string{file: c.file})
			rows, reports, err := readAll(t, "trajectories:\n  files: [\"x.*\"]\n"+c.doc, recipe.Options{})
			require.NoError(t, err)
			require.Equal(t, c.rows, rows)
			if c.report != "" {
				require.Equal(t, c.report, reports[0].String())
			}
			require.Equal(t, c.rejects, why(reports[0]))
		})
	}
}

// What is wrong between the recipe and the turns ends the reading.
func TestTurnsRefused(t *testing.T) {
	const doc = `trajectories:
  files: ["x.*"]
  id: "{id}"
  columns: {scenario: id}
  set: {system: s}
  turns: {from: messages, columns: {role: role, text: content}}
  ignore: [messages.cost]
`
	for name, c := range map[string]struct{ file, text, want string }{
		"unnamed key below": {"x.jsonl", `{"id":"a","messages":[{"role":"user","content":"x","cost":1,"conten":2}]}`, `x.jsonl:1: column "messages.conten" is named nowhere in recipe.yaml; did you mean messages.content? (take it under columns, or list it under ignore)`},
		"no such list":      {"x.jsonl", `{"id":"a"}`, `recipe.yaml:6:11: trajectories.turns.from: the input has no column "messages"`},
		"in CSV":            {"x.csv", "id,messages\na,\"[{\"\"role\"\":\"\"user\"\",\"\"x\"\":1}]\"\n", `x.csv:2: column "messages.x" is named nowhere in recipe.yaml`},
		"keys are data":     {"x.jsonl", `{"id":"a","messages":[{` + manyKeys() + `}]}`, `x.jsonl:1: messages: more than 4096 different keys so far; list the object that holds them under ignore`},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{c.file: c.text})
			_, _, err := readAll(t, doc, recipe.Options{})
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestKeysThatNoTurnHas(t *testing.T) {
	write(t, map[string]string{"x.jsonl": `{"id":"a","messages":[{"role":"user"}]}`})
	rows, reports, err := readAll(t, `trajectories:
  files: ["x.*"]
  id: "{id}"
  columns: {scenario: id}
  set: {system: s}
  turns: {from: messages, columns: {role: role, text: content, name: who}}
`, recipe.Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"a of s on a, 0/0 | user: "}, rows)
	require.Equal(t, []string{
		`"messages.content": no turn has it, and the recipe takes it over`,
		`"messages.who": no turn has it, and the recipe takes it over`,
	}, reports[0].Notices)
}

func manyKeys() string {
	var out []string
	for i := range 5000 {
		out = append(out, fmt.Sprintf(`"k%d":1`, i))
	}
	return strings.Join(out, ",")
}

// Without an id, a transcript's is a digest, which tells the same content again.
func TestNoID(t *testing.T) {
	write(t, map[string]string{"x.jsonl": `{"q":"a","m":[{"r":"user","t":"hi"},{"r":"assistant","t":"yo"}]}
{"q":"a","m":[{"r":"user","t":"hi"},{"r":"assistant","t":"yo"}]}
{"q":"b","m":[{"r":"user","t":"hi"},{"r":"assistant","t":"yo"}]}
`})
	r, err := recipe.Load("some/where/mine.yaml", []byte(`trajectories:
  files: ["x.jsonl"]
  columns: {scenario: q}
  set: {system: s}
  turns: {from: m, columns: {role: r, text: t}}
`))
	require.NoError(t, err)
	require.True(t, r.Has(schema.Trajectories))
	require.False(t, r.Has(schema.Annotations))
	var rows []schema.Trajectory
	report, err := r.Trajectories(context.Background(), []string{"."}, recipe.Options{}, func(x schema.Trajectory) error {
		rows = append(rows, x)
		return nil
	})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	want := schema.Trajectory{
		TrajectoryID: rows[0].TrajectoryID, System: "s", Scenario: "a", Setting: "interaction", AssistantTurns: 1, Exchanges: 1, SourceFormat: new("mine"),
		Turns: []schema.Turn{{Role: "user", Text: "hi"}, {Index: 1, Role: "assistant", Text: "yo"}},
	}
	require.Equal(t, want, rows[0])
	require.Equal(t, dataset.ContentID(&want), rows[0].TrajectoryID)
	require.Equal(t, []string{fmt.Sprintf("x.jsonl:2: trajectory_id: %q already at x.jsonl:1; it has the same content, so give each an id, or a source_id", rows[0].TrajectoryID)}, why(report))
}
