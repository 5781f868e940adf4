package recipe_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// TestOpen: whatever a file is, it is records of texts under names.
func TestOpen(t *testing.T) {
	z, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		text    string
		columns []string
		rows    []string // line offset cells, or what is wrong
	}{
		"x.csv":       {"\xef\xbb\xbfa;b;;\r\n1;\"x\ny\";;\r\n\r\n2;z;;v\r\n3;;\r\n", []string{"a", "b"}, []string{`2 7 ["1" "x\ny"]`, "x.csv:5: 4 cells where the header has 2; quote a cell that holds the separator ';'", `6 28 ["3" ""]`}},
		"sep.csv":     {"sep=|\na|b\n1|2\n", []string{"a", "b"}, []string{`3 10 ["1" "2"]`}},
		"x.txt":       {"a\tb\n1\t2\n", []string{"a", "b"}, []string{`2 4 ["1" "2"]`}},
		"x.tsv.zst":   {string(z.EncodeAll([]byte("a\tb\n1\t2\n"), nil)), []string{"a", "b"}, []string{`2 4 ["1" "2"]`}},
		"utf16.csv":   {"\xfe\xff\x00a\x00\n\xd8\x3d\xde\x00\x00\n", []string{"a"}, []string{`2 2 ["😀"]`}},
		"x.jsonl":     {`{"a":1,"b":null}` + "\n" + `{"c":{"d":[1,"x"]},"a":"s"}` + "\n{\n", []string{"a", "b", "c"}, []string{`1 0 ["1" ""]`, `2 17 ["s" "" "{\"d\":[1,\"x\"]}"]`, "x.jsonl:3: unexpected end of line; the file may be cut"}},
		"x.json":      {`[{"a":["x","y"]}, {"b":true}]`, []string{"a", "b"}, []string{`1 1 ["[\"x\",\"y\"]"]`, `1 18 ["" "true"]`}},
		"answers.out": {` {"a":1}`, []string{"a"}, []string{`1 1 ["1"]`}},
		"list":        {`[{"a":1}]`, []string{"a"}, []string{`1 1 ["1"]`}},
		"empty.csv":   {"", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile(name, []byte(c.text), 0o666))
			table, err := recipe.Open(t.Context(), name, 0)
			require.NoError(t, err)
			require.Equal(t, c.columns, table.Columns)
			for range 2 { // anew each time
				var rows []string
				for row, err := range table.Rows {
					if err != nil {
						require.True(t, errors.As(err, new(*schema.RowError)), err)
						rows = append(rows, err.Error())
						continue
					}
					rows = append(rows, fmt.Sprintf("%d %d %q", row.Line, row.Offset, row.Cells))
				}
				require.Equal(t, c.rows, rows)
			}
			for range table.Rows {
				break // may be left early
			}
		})
	}
	t.Chdir(t.TempDir())
	_, err = recipe.Open(t.Context(), "none.csv", 0)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile("x.csv", []byte("a,,b\n"), 0o666))
	_, err = recipe.Open(t.Context(), "x.csv", 0)
	require.EqualError(t, err, "x.csv:1: column 2 of the header has no name; give it one")
	require.NoError(t, os.WriteFile("x.jsonl", []byte("{\"a\":1}\n{\"b\":1}\n"), 0o666))
	table, err := recipe.Open(t.Context(), "x.jsonl", 1)
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, table.Columns)
}

func TestOpenText(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("x", []byte("\xff\xfeh\x00i\x00"), 0o666))
	r, err := recipe.OpenText("x")
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "hi", string(text))
	require.Equal(t, []string{"x: is UTF-16; byte offsets are those of its UTF-8"}, r.Notices)
	require.NoError(t, r.Close())
}

// TestJudge: a table that a caller made is read as a file is, with its places.
func TestJudge(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("x.json", nil, 0o666))
	r, err := recipe.Load("r.yaml", []byte("annotations:\n  files: [\"*.json\"]\n  id: \"{t}\"\n  columns: {control: c}\n  set: {annotator: ann, annotator_kind: human, system: s, scenario: q}\n"))
	require.NoError(t, err)
	table := &recipe.Table{Name: "x.json", Columns: []string{"t", "c"}, Rows: func(yield func(recipe.Row, error) bool) {
		_ = yield(recipe.Row{Line: 3, Raw: []byte("1"), Cells: []string{"a", "governs"}}, nil) &&
			yield(recipe.Row{Line: 7, Raw: []byte("2"), Cells: []string{"b", "gov"}}, nil) &&
			yield(recipe.Row{Line: 9, Raw: []byte("3")}, &schema.RowError{Place: schema.Place{File: "x.json", Row: 9}, Err: errors.New("broken")})
	}}
	var got []string
	var rejects []string
	o := recipe.Options{Rejecting: dataset.Rejecting{Reject: func(e dataset.Reject) error {
		rejects = append(rejects, e.Error()+" "+string(e.Raw))
		return nil
	}}}
	report, err := r.Judge(t.Context(), table, o, func(a schema.Annotation) error {
		got = append(got, a.TrajectoryID+" "+*a.Control)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a governs"}, got)
	require.Equal(t, []string{`x.json:7: c: unknown control "gov"; it is one of governs, contested, neutralised 2`, "x.json:9: broken 3"}, rejects)
	require.Equal(t, "3 records = 1 written + 0 missing + 2 rejected + 0 skipped; 1 rows", report.String())
	table.Name = "y.csv"
	_, err = r.Judge(t.Context(), table, o, nil)
	require.Error(t, err)
}
