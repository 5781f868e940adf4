package recipe_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// Any recipe either loads or is refused with an error; what loads can be run.
func FuzzLoad(f *testing.F) {
	f.Add(plain)
	f.Add(byPath)
	f.Add(inJSON)
	f.Add(both)
	f.Add(long)
	f.Add(wide)
	for _, i := range recipe.Embedded() {
		doc, err := os.ReadFile(filepath.Join("recipes", i.Name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(doc))
	}
	f.Add("annotations:\n- files: [x]\n  pivot: {by: [a], field: f, value: v}\n- \n")
	f.Add("annotations: {files: [x], columns: {ask: {from: '{a}-{b}', split: '|', map: {a: ~, b: [c]}}}}")
	folder := f.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x.csv"), []byte("case,model,verdict\na,m,governs\n"), 0o666); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		r, err := recipe.Load("x.yaml", []byte(doc))
		if (r == nil) == (err == nil) {
			t.Fatalf("recipe %v with error %v", r, err)
		}
		if err == nil {
			run(t, r, folder)
			runAll(t, r, folder)
		}
	})
}

// run reads, and holds the report to its law.
func run(t *testing.T, r *recipe.Recipe, folder string) (recipe.Report, error) {
	t.Helper()
	n := 0
	report, err := r.Annotations(context.Background(), []string{folder}, recipe.Options{}, func(schema.Annotation) error { n++; return nil })
	if err == nil && report.Read != report.Written+report.Missing+report.Rejected+report.Skipped {
		t.Fatal(report.String())
	}
	if err == nil && report.Rows != n {
		t.Fatalf("%d rows told, %d emitted", report.Rows, n)
	}
	return report, err
}

// runAll reads all tables, and holds the reports to their laws.
func runAll(t *testing.T, r *recipe.Recipe, folder string) {
	t.Helper()
	n := map[string]int{}
	reports, err := r.Read(context.Background(), []string{folder}, recipe.Options{}, recipe.Tables{
		Trajectory: func(x schema.Trajectory) error {
			n[schema.Trajectories]++
			for i, u := range x.Turns {
				if int(u.Index) != i || schema.Roles.Check(u.Role) != nil {
					t.Fatalf("turn %d: %+v", i, u)
				}
			}
			return nil
		},
		Scenario:   func(schema.Scenario) error { n[schema.Scenarios]++; return nil },
		Annotation: func(schema.Annotation) error { n[schema.Annotations]++; return nil },
	})
	if err != nil {
		return
	}
	for _, report := range reports {
		if report.Read != report.Written+report.Missing+report.Rejected+report.Skipped || report.Rows != n[report.Table] {
			t.Fatalf("%s: %s, %d emitted", report.Table, report.String(), n[report.Table])
		}
	}
}

// long and wide are recipes for tables of turns.
const (
	long = `trajectories:
  files: ["*.csv"]
  columns: {scenario: case}
  set: {system: s}
  turns: {group: [case], order: model, columns: {text: model, role: {from: verdict, map: {governs: assistant, x: user}}}}
scenarios: {files: ["*.csv"], columns: {scenario: case, constraints.main.text: model}, ignore: [verdict]}
`
	wide = `trajectories:
  files: ["*.csv", "*.json"]
  columns: {scenario: case, metadata_json: {from: [verdict]}}
  set: {system: s}
  turns: {unpivot: {columns: "^m(?P<n>.*)", order: n, to: text}, set: {role: assistant}}
scenarios: {from: trajectories, columns: {description: "{scenario}"}}
`
	deep = `trajectories:
  files: ["*.json", "*.jsonl"]
  columns: {scenario: case, metadata_json: verdict}
  set: {system: s}
  turns: {from: model, columns: {role: role, text: text, tool_calls_json: call}, order: text}
`
)

// No CSV file makes a panic, and the counts add up.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"case,model,verdict\na,m,governs\n", "case;model;verdict\n\"a\n\"\"\";m;governs\n", "\xef\xbb\xbfcase,model,verdict\r\na,\"m\",x\r\n",
		"case,model,verdict\na,m\n\"", "case,model,verdict,t1,t2\na,m,governs,comply,refuse\na,m,governs,x,\n",
		"case,model,verdict\na,m,governs\na,governs,refuse\nb,m,x\na,m,governs\nc,,\n", "case\tmodel\tverdict\n\n\"a\"b\t\xff\t\n", "case,model,verdict\na,\r,governs",
	} {
		f.Add(s)
	}
	docs := []string{
		plain,
		strings.Replace(plain, "set:", "unpivot: {columns: '^t(?P<assistant_turn>.)', to: response}\n  pass: {order_by: model}\n  set:", 1),
		strings.Replace(plain, "set:", "pivot: {by: [case], field: model, value: verdict}\n  pass: {}\n  set:", 1),
	}
	docs[2] = strings.Replace(docs[2], "system: model, control: verdict", "system: case, control: m, response: governs", 1)
	docs = append(docs, long, wide)
	var recipes []*recipe.Recipe
	for _, doc := range docs {
		r, err := recipe.Load("x.yaml", []byte(doc))
		if err != nil {
			f.Fatal(err)
		}
		recipes = append(recipes, r)
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(folder, "x.csv"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, r := range recipes {
			if r.Has(schema.Annotations) {
				_, _ = run(t, r, folder)
			}
			runAll(t, r, folder)
		}
	})
}

// No JSON file does either.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"case":"a","model":"m","verdict":"governs"}`, `{"case":1.10,"model":null,"verdict":["governs"]}{"case":{}}`,
		"\r\n{\"case\":\"\\ud800\"}\n[1]\n{\"a", `{"case":[[1]],"case":2}`, `{"verdict":{"case":{"model":[]}}}`,
		`[{"case":"a","m1":"x","m2":null,"verdict":{}},{"case":"a","model":[{"role":"user","text":"b"},{"role":"tool","call":{"a":[]}}]}]`,
		`[1,"x]",{"case":"a","model":"[{\"role\":\"user\"}]"}]]`,
	} {
		f.Add(s)
	}
	var recipes []*recipe.Recipe
	for _, doc := range []string{strings.Replace(plain, "*.csv", "*.json*", 1), wide, deep} {
		r, err := recipe.Load("x.yaml", []byte(doc))
		if err != nil {
			f.Fatal(err)
		}
		recipes = append(recipes, r)
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"x.jsonl", "x.json"} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range recipes {
			runAll(t, r, folder)
		}
	})
}
