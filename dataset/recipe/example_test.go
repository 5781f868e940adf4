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
	write := func(name, text string) {
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			panic(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			panic(err)
		}
	}
	write("scores/ann.csv", "question,m1_t1,m1_t2,notes\nq1,1,0,\nq2,1,-,late\nsum,2,0,\n")
	write("scores/bob.csv", "question,m1_t1,m1_t2,notes\nq1,1,2,\nsum,1,2,\n")

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
