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
	f.Add(convabuse)
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
			_, _ = run(t, r, folder)
		}
	})
}

// No JSONL file does either.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"case":"a","model":"m","verdict":"governs"}`, `{"case":1.10,"model":null,"verdict":["governs"]}{"case":{}}`,
		"\r\n{\"case\":\"\\ud800\"}\n[1]\n{\"a", `{"case":[[1]],"case":2}`, `{"verdict":{"case":{"model":[]}}}`,
	} {
		f.Add(s)
	}
	r, err := recipe.Load("x.yaml", []byte(strings.Replace(plain, "*.csv", "*.jsonl", 1)))
	if err != nil {
		f.Fatal(err)
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(folder, "x.jsonl"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, _ = run(t, r, folder)
	})
}
