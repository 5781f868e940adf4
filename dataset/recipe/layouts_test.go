package recipe_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// show is what a row says, in one line.
func show(a schema.Annotation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s pass %d", a.TrajectoryID, a.Annotator, a.Pass)
	if a.Turn != nil {
		fmt.Fprintf(&b, " turn %d", *a.Turn)
	}
	if a.AssistantTurn != nil {
		fmt.Fprintf(&b, " assistant_turn %d", *a.AssistantTurn)
	}
	for _, p := range []*string{a.Control, a.Response, a.Outcome, a.Missing, a.Measure, a.Rationale} {
		if p != nil {
			b.WriteString(" " + *p)
		}
	}
	if a.Value != nil {
		fmt.Fprintf(&b, " %g", *a.Value)
	}
	if a.Symbols != nil {
		fmt.Fprintf(&b, " %q", a.Symbols)
	}
	if a.Recognition != nil {
		fmt.Fprintf(&b, " %t", *a.Recognition)
	}
	return b.String()
}

func shown(rows []schema.Annotation) []string {
	var out []string
	for _, a := range rows {
		out = append(out, show(a))
	}
	return out
}

func TestLayouts(t *testing.T) {
	const who = "  columns: {scenario: s, system: m%s}\n  id: \"{s}/{m}\"\n  set: {annotator: j, annotator_kind: human%s}\n"
	for name, c := range map[string]struct {
		doc     string
		file    string
		rows    []string
		report  string
		rejects []string
	}{
		"wide turns, numbered from 0": {
			doc: fmt.Sprintf(who, ", assistant_turn: {from: n, add: 1}", "") + `  unpivot: {columns: '^t(?P<n>\d)$', to: control, map: {y: governs, n: neutralised}}
  missing: ["-"]
  skip_columns: [sum]
  skip_rows: {s: [total]}
`,
			file:    "s,m,t0,t1,sum\na,x,y,-,1\na,y,n,?,1\ntotal,,1,0,\nb,x,y\n",
			rows:    []string{"a/x j pass 0 assistant_turn 1 governs", "a/y j pass 0 assistant_turn 1 neutralised"},
			report:  "8 cells = 2 written + 1 missing + 3 rejected + 2 skipped; 2 rows",
			rejects: []string{`x.csv:3: t1: "?" is not in the map of control; add it there, or list it under missing`, `x.csv:5: 3 cells where the header has 5; quote a cell that holds the separator ','`},
		},
		"wide measures": {
			doc:     "  unpivot: {columns: '^(?P<measure>harm|help)$', to: value}\n" + fmt.Sprintf(who, "", ""),
			file:    "s,m,harm,help\na,x,3,0.5\na,y,NaN,1e400\n,y,1,1\n",
			rows:    []string{"a/x j pass 0 harm 3", "a/x j pass 0 help 0.5"},
			report:  "6 cells = 2 written + 0 missing + 4 rejected + 0 skipped; 2 rows",
			rejects: []string{`x.csv:3: harm: "NaN" is not a number, which value needs; map it, or list it under missing`, `x.csv:3: help: "1e400" is not a number, which value needs; map it, or list it under missing`, `x.csv:4: s: empty or listed under missing, and scenario is required`},
		},
		"text to number": {
			doc:  fmt.Sprintf(who, ", value: {from: grade, map: {low: 1, high: 2.5}}", ", measure: grade"),
			file: "s,m,grade\na,x,low\na,y,high\n",
			rows: []string{"a/x j pass 0 grade 1", "a/y j pass 0 grade 2.5"},
		},
		"lists": {
			doc:     fmt.Sprintf(who, `, symbols: {from: f, split: "|", map: {w: warning, a: apology, both: [warning, refusal], n: [], unseen: ~}}`, ""),
			file:    "s,m,f\na,x,w|a\na,y,\na,z,both\na,u,n\na,v,q|w\na,t,unseen\na,r,unseen|w\n",
			rows:    []string{`a/x j pass 0 ["warning" "apology"]`, `a/y j pass 0 []`, `a/z j pass 0 ["warning" "refusal"]`, `a/u j pass 0 []`, `a/r j pass 0 ["warning"]`},
			rejects: []string{`x.csv:6: f: "q" is not in the map of symbols; add it there, or list it under missing`},
			report:  "7 records = 5 written + 1 missing + 1 rejected + 0 skipped; 5 rows",
		},
		"list constants, booleans": {
			doc:    fmt.Sprintf(who, ", recognition: r", ", symbols: [warning, ethical_tone]"),
			file:   "s,m,r\na,x,True\na,y,0\na,z,maybe\n",
			rows:   []string{`a/x j pass 0 ["warning" "ethical_tone"] true`, `a/y j pass 0 ["warning" "ethical_tone"] false`},
			report: "3 records = 2 written + 0 missing + 1 rejected + 0 skipped; 2 rows", rejects: []string{`x.csv:4: r: "maybe" is not true or false, which recognition needs; map it, or list it under missing`},
		},
		"missing labels write no row": {
			doc:    fmt.Sprintf(who, `, control: {from: c, missing: ["?"]}, response: r`, "") + "  missing: [\"\"]\n",
			file:   "s,m,c,r\na,x,,\na,y,?,refuse\na,z,governs,\n",
			rows:   []string{"a/y j pass 0 refuse", "a/z j pass 0 governs"},
			report: "3 records = 2 written + 1 missing + 0 rejected + 0 skipped; 2 rows",
		},
		"why a label is absent": {
			doc:  fmt.Sprintf(who, `, control: {from: c, map: {g: governs, ERR: ~}}, missing: {from: c, map: {g: ~, ERR: failed}}`, ""),
			file: "s,m,c\na,x,g\na,y,ERR\n",
			rows: []string{"a/x j pass 0 governs", "a/y j pass 0 failed"},
		},
		"passes": {
			doc:  fmt.Sprintf(who, ", value: v", ", measure: harm") + "  pass: {order_by: o, within: [s, m]}\n",
			file: "s,m,v,o\na,x,1,10\na,x,2,9\nb,x,3,1\na,x,4,bonus\n",
			rows: []string{"a/x j pass 1 harm 1", "a/x j pass 0 harm 2", "b/x j pass 0 harm 3", "a/x j pass 2 harm 4"},
		},
		"passes of the same place only": {
			doc:  "  unpivot: {columns: '^(?P<measure>harm|help)$', to: value}\n" + fmt.Sprintf(who, "", "") + "  pass: {}\n",
			file: "s,m,harm,help\na,x,1,2\na,x,3,4\n",
			rows: []string{"a/x j pass 0 harm 1", "a/x j pass 0 help 2", "a/x j pass 1 harm 3", "a/x j pass 1 help 4"},
		},
		"long rows": {
			doc: fmt.Sprintf(who, ", turn: t, control: ctl, response: {from: resp, map: {no: refuse}}, rationale: why", "") +
				"  pivot: {by: [s, m, t], field: f, value: v}\n  ignore: [speed]\n  missing: [\"-\"]\n",
			file:    "s,m,t,f,v\na,x,0,ctl,governs\na,x,1,ctl,gov\na,x,0,resp,no\na,x,1,resp,no\na,x,1,speed,9\na,x,1,why,\"so, so\"\na,x,2,ctl,-\na,x,0,resp,no\na,x,3,ctl,governs\na,x,3,resp,-\n",
			rows:    []string{"a/x j pass 0 turn 0 governs refuse", "a/x j pass 0 turn 1 refuse so, so", "a/x j pass 0 turn 3 governs"},
			report:  "10 records = 5 written + 2 missing + 2 rejected + 1 skipped; 3 rows",
			rejects: []string{`x.csv:9: f: "resp" is given already, at x.csv:4; if it was judged again, tell the passes apart under pivot.by`, `x.csv:3: ctl: unknown control "gov"; it is one of governs, contested, neutralised`},
		},
		"long measures": {
			doc:    "  unpivot: {columns: '^(?P<measure>harm|help)$', to: value}\n" + fmt.Sprintf(who, "", "") + "  pivot: {by: [s, m], field: f, value: v}\n",
			file:   "s,m,f,v\na,x,harm,1\na,x,help,2\nb,x,help,3\n",
			rows:   []string{"a/x j pass 0 harm 1", "a/x j pass 0 help 2", "b/x j pass 0 help 3"},
			report: "3 records = 3 written + 0 missing + 0 rejected + 0 skipped; 3 rows",
		},
		"long measures beside a text": {
			doc:     "  unpivot: {columns: '^(?P<measure>harm|help)$', to: value}\n" + fmt.Sprintf(who, ", rationale: why, turn: t", "") + "  pivot: {by: [s, m], field: f, value: v}\n  skip_rows: {f: [note]}\n",
			file:    "s,m,t,f,v\na,x,0,harm,1\na,x,0,why,so\na,x,0,note,?\nb,x,0,why,so\nc,x,q,why,so\nc,x,q,help,2\na,x,1,help,2\na,x,0,,2\n",
			rows:    []string{"a/x j pass 0 turn 0 harm so 1"},
			report:  "8 records = 2 written + 1 missing + 4 rejected + 1 skipped; 1 rows",
			rejects: []string{`x.csv:8: t: "1", and "0" at x.csv:2; add it to pivot.by, or ignore it`, `x.csv:9: f: empty, and it says what v is`, `x.csv:6: t: "q" is not a whole number, which turn needs; map it, or list it under missing`},
		},
		"templates of several parts": {
			doc:     "  id: \"{scenario}/{system}-{condition}\"\n  columns: {scenario: \"{{{s}}}\", system: m, condition: c, control: l}\n  set: {annotator: j, annotator_kind: human}\n",
			file:    "s,m,c,l\na,x,on,governs\na,x,,governs\n",
			rows:    []string{"{a}/x-on j pass 0 governs"},
			rejects: []string{`x.csv:3: s: {condition} is empty, and trajectory_id is made of it`},
		},
		"numbers and times": {
			doc:  fmt.Sprintf(who, ", value: v, confidence: p, labelled_at: at, repeat: r, leakage: k, measure: g", "") + "  missing: [\"\"]\n",
			file: "s,m,v,p,at,r,k,g\na,x,-.5e1,0.5,2026-05-11T09:30:00+02:00,01,,harm\na,x,1,2,,0,,harm\na,x,1,1,yesterday,0,,harm\na,x,1,1,,-1,,harm\na,x,1,1,,0,4,harm\na,x,1,1,,0,2,harm\na,x,0x10,1,,0,,harm\na,x,,1,,0,2,\na,x,3,1,,0,,\n",
			rows: []string{"a/x j pass 0 harm -5", "a/x j pass 0"},
			rejects: []string{
				`x.csv:3: p: "2" is not between 0 and 1, which confidence needs; map it, or list it under missing`,
				`x.csv:4: at: "yesterday" is not a time such as 2026-05-11T09:30:00Z, which labelled_at needs; map it, or list it under missing`,
				`x.csv:5: r: "-1" is not 0 or more, which repeat needs; map it, or list it under missing`,
				`x.csv:6: k: unknown leakage "4"; it is one of 0, 1, 2, 3`,
				`x.csv:7: k: a label in a row with the measure "harm"; labels live in rows without one`,
				`x.csv:8: v: "0x10" is not a number, which value needs; map it, or list it under missing`,
				`x.csv:10: g: empty, and there is a value`,
			},
		},
		"more than an int": {
			doc:     fmt.Sprintf(who, ", control: l, assistant_turn: {from: t, add: 1}", ""),
			file:    "s,m,l,t\na,x,governs,2147483647\na,x,governs,z\n",
			rejects: []string{`x.csv:2: t: "2147483648" is not a whole number, which assistant_turn needs; map it, or list it under missing`, `x.csv:3: t: "z" is not a whole number, to which add could be applied`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"x.csv": c.file})
			rows, report, err := read(t, "annotations:\n  files: [\"x.*\"]\n"+c.doc)
			require.NoError(t, err)
			require.Equal(t, c.rows, shown(rows))
			if c.report != "" {
				require.Equal(t, c.report, report.String())
			}
			require.Equal(t, c.rejects, why(report))
		})
	}
}

func zipped(t *testing.T, s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(s))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestText(t *testing.T) {
	const rows = "a,m,governs\n"
	for name, c := range map[string]struct {
		file, text string
		notices    []string
	}{
		"CRLF":              {"x.csv", "case,model,verdict\r\na,m,governs\r\n", nil},
		"no last line end":  {"x.csv", "case,model,verdict\na,m,governs", nil},
		"empty lines":       {"x.csv", "\ncase,model,verdict\n\na,m,governs\n\n", nil},
		"byte order mark":   {"x.csv", "\xef\xbb\xbfcase,model,verdict\na,m,governs\n", []string{"x.csv: begins with a byte order mark, passed over"}},
		"semicolons":        {"x.csv", "case;model;verdict\na;m;governs\n", []string{"x.csv: cells are separated by ';'"}},
		"tabs":              {"x.csv", "case\tmodel\tverdict\na\tm\tgoverns\n", []string{`x.csv: cells are separated by '\t'`}},
		"tsv":               {"x.tsv", "case\tmodel\tverdict\na\tm\tgoverns\n", nil},
		"quoted":            {"x.csv", "\"case\",\"model\",\"verdict\"\n\"a\",\"m\",\"governs\"\n", nil},
		"gzip":              {"x.csv.gz", zipped(t, "case,model,verdict\n"+rows), nil},
		"gzip of JSON":      {"x.jsonl.gz", zipped(t, `{"case":"a","model":"m","verdict":"governs"}`), nil},
		"JSON, CRLF":        {"x.jsonl", "\r\n {\"case\":\"a\",\"model\":\"m\",\"verdict\":\"governs\"} \r\n\r\n", nil},
		"columns in order?": {"x.csv", "verdict,case,model\ngoverns,a,m\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{c.file: c.text})
			got, report, err := read(t, strings.Replace(plain, "*.csv", "x.*", 1))
			require.NoError(t, err)
			require.Equal(t, []string{"a/m judge pass 0 governs"}, shown(got))
			require.Equal(t, c.notices, report.Notices)
		})
	}
}

func TestQuotedCells(t *testing.T) {
	write(t, map[string]string{"x.csv": "case,model,verdict,why\na,\"m,\"\"1\"\"\",governs,\"two\r\nlines\"\nb,m,governs,\nc\n"})
	rows, report, err := read(t, strings.Replace(plain, "control: verdict", "control: verdict, rationale: why", 1))
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, `m,"1"`, rows[0].System)
	require.Equal(t, "two\nlines", *rows[0].Rationale)
	require.Nil(t, rows[1].Rationale, "an empty text is nothing")
	require.Equal(t, 5, report.Rejects[0].Row, "places are lines")
}

func TestRowNumbers(t *testing.T) {
	write(t, map[string]string{"x.csv": "model,verdict\nm,\"governs\"\n\nm\nm,governs\n"})
	rows, _, err := read(t, strings.Replace(plain, "scenario: case", `scenario: "q{row}"`, 1))
	require.NoError(t, err)
	require.Equal(t, []string{"q1/m judge pass 0 governs", "q3/m judge pass 0 governs"}, shown(rows), "{row} counts data rows, rejected ones too")
}

func TestEmptyFiles(t *testing.T) {
	write(t, map[string]string{"a.csv": "", "b.csv": "case,model,verdict\n", "c.csv": "\n\n"})
	rows, report, err := read(t, plain)
	require.NoError(t, err)
	require.Empty(t, rows)
	require.Equal(t, []string{"a.csv: no rows", "b.csv: no rows", "c.csv: no rows"}, report.Notices)
}

func TestCutGzip(t *testing.T) {
	whole := zipped(t, "case,model,verdict\n"+strings.Repeat("a,m,governs\n", 100))
	write(t, map[string]string{"x.csv.gz": whole[:len(whole)-9]})
	_, _, err := read(t, strings.Replace(plain, "*.csv", "*.csv.gz", 1))
	require.ErrorContains(t, err, "read x.csv.gz: unexpected EOF")
}

func TestNotARegularFile(t *testing.T) {
	write(t, nil)
	require.NoError(t, os.Symlink(os.DevNull, "x.csv"))
	_, _, err := read(t, plain)
	require.ErrorContains(t, err, "x.csv: not a regular file")
}
