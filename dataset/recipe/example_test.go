package recipe_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// A folder with one CSV for each judge: a column for each system and turn, a row for
// each question, 1 where the reply kept to the policy, - where nobody looked, and a
// last row with sums.
func Example() {
	const ours = `
dataset:
  name: keeps-to-policy
  license: CC-BY-4.0
  constraints: [{id: main, protects: developer_policy}]
annotations:
  files: ["scores/*.csv"]                     # below the folder that is given
  path: 'scores/(?P<judge>[^.]+)\.csv$'       # a group is a source, or fills the column of its name
  skip_rows: {question: [sum]}                # what is no data
  unpivot:                                    # a row for each cell of these columns
    columns: '^(?P<system>.+)_t(?P<assistant_turn>\d+)$'
    to: control
    map: {"1": governs, "0": neutralised}     # what is not in the map is rejected
  missing: ["-"]                              # such a cell makes no row
  id: "{scenario}/{system}"
  columns:
    scenario: question                        # ours: theirs
    annotator: {from: judge, map: {ann: Ann, bob: Bob}}
  set: {annotator_kind: human, assistant_turns: 2}
  ignore: [notes]                             # every other column has to be named somewhere
`
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	put(folder, "scores/ann.csv", "question,m1_t1,m1_t2,notes\nq1,1,0,\nq2,1,-,late\nsum,2,0,\n")
	put(folder, "scores/bob.csv", "question,m1_t1,m1_t2,notes\nq1,1,2,\nsum,1,2,\n")

	r, err := recipe.Load("ours.yaml", []byte(ours))
	if err != nil {
		panic(err)
	}
	report, err := r.Annotations(context.Background(), []string{folder}, recipe.Options{}, func(a schema.Annotation) error {
		fmt.Println(a.TrajectoryID, *a.AssistantTurn, a.Annotator, *a.Control)
		return nil
	})
	if err != nil {
		panic(err)
	}
	for _, e := range report.Rejects {
		e.File = filepath.Base(e.File)
		fmt.Println(e.Error())
	}
	fmt.Println(report.String())
	// Output:
	// q1/m1 1 Ann governs
	// q1/m1 2 Ann neutralised
	// q2/m1 1 Ann governs
	// q1/m1 1 Bob governs
	// bob.csv:2: m1_t2: "2" is not in the map of control; add it there, or list it under missing
	// 10 cells = 4 written + 1 missing + 1 rejected + 4 skipped; 4 rows
}

// put writes a file.
func put(folder, name, text string) {
	name = filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		panic(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		panic(err)
	}
}

// Transcripts as JSON, one to a line, and a table of labels that names each transcript
// and, from 0, the message that is judged.
func ExampleRecipe_Read() {
	const ours = `
dataset: {name: agents, license: CC0-1.0}
trajectories:
  files: ["runs/*.jsonl"]
  id: "{run}"
  columns:
    system: model
    scenario: task.name                       # of an inner object
    condition: task.arm
    terminal: {from: end, map: {done: completed, timeout: limit}}
    metadata_json: {from: [seed, cost]}       # an object of these
  turns:
    from: messages                            # a list of objects; their keys are the sources
    columns:
      role: {from: role, map: {human: user, ai: assistant, tool: tool}}
      text: content                           # null is no text
      tool_calls_json: calls                  # whole, as it stands
  ignore: [messages.tokens]
scenarios:
  from: trajectories                          # a row for each scenario and condition
  columns: {pressures: {from: condition, map: {pushed: [expected, rewarded], free: []}}}
  set: {constraints: [{id: main, text: Change no data., authority: developer}]}
annotations:
  files: ["labels.csv"]
  id: "{run}"
  columns: {turn: message, control: {from: kept, map: {"yes": governs, "no": neutralised}}}
  set: {annotator: ann, annotator_kind: human}
`
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	put(folder, "runs/a.jsonl", `{"run": "a1", "model": "m", "task": {"name": "fix", "arm": "pushed"}, "end": "done", "seed": 7, "cost": 0.10, "messages": [{"role": "human", "content": "Fix the table."}, {"role": "ai", "content": null, "calls": [{"name": "ls"}], "tokens": 3}, {"role": "tool", "content": "t.csv"}, {"role": "ai", "content": "Done."}]}
{"run": "a2", "model": "m", "task": {"name": "fix", "arm": "free"}, "end": "timeout", "seed": 8, "messages": [{"role": "human", "content": "Fix the table."}]}
`)
	put(folder, "labels.csv", "run,message,kept\na1,1,yes\na1,3,no\na1,2,no\na3,1,no\n")

	r, err := recipe.Load("ours.yaml", []byte(ours))
	if err != nil {
		panic(err)
	}
	reports, err := r.Read(context.Background(), []string{folder}, recipe.Options{}, recipe.Tables{
		Trajectory: func(t schema.Trajectory) error {
			fmt.Println(t.TrajectoryID, t.AssistantTurns, t.Exchanges, *t.Terminal, *t.MetadataJSON)
			for _, u := range t.Turns {
				fmt.Printf("  %d %s %q\n", u.Index, u.Role, u.Text)
			}
			return nil
		},
		Scenario: func(s schema.Scenario) error {
			fmt.Println(s.Scenario, *s.Condition, s.Pressures, *s.Constraints[0].Text)
			return nil
		},
		Annotation: func(a schema.Annotation) error {
			fmt.Println(a.TrajectoryID, a.System, *a.Turn, *a.AssistantTurn, *a.Exchange, *a.Control)
			return nil
		},
	})
	if err != nil {
		panic(err)
	}
	for _, report := range reports {
		for _, e := range report.Rejects {
			e.File = filepath.Base(e.File)
			fmt.Println(e.Error())
		}
		fmt.Printf("%s: %s\n", report.Table, report.String())
	}
	// Output:
	// a1 2 1 completed {"seed":7,"cost":0.10}
	//   0 user "Fix the table."
	//   1 assistant ""
	//   2 tool "t.csv"
	//   3 assistant "Done."
	// a2 0 0 limit {"seed":8}
	//   0 user "Fix the table."
	// fix pushed [expected rewarded] Change no data.
	// fix free [] Change no data.
	// a1 m 1 1 1 governs
	// a1 m 3 2 1 neutralised
	// trajectories: 2 records = 2 written + 0 missing + 0 rejected + 0 skipped; 2 rows
	// scenarios: 2 records = 2 written + 0 missing + 0 rejected + 0 skipped; 2 rows
	// labels.csv:4: message: turn 2 is a system, developer or tool turn; the assistant's are 1, 3
	// labels.csv:5: trajectory_id: no trajectory has the id "a3"; did you mean "a1"?
	// annotations: 4 records = 2 written + 0 missing + 2 rejected + 0 skipped; 2 rows
}
