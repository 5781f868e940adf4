package recipe_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const inJSON = `annotations:
  files: ["x.jsonl"]
  id: "{in.case}/{model}"
  columns: {scenario: in.case, system: model, control: out.label, symbols: out.flags, assistant_turn: t}
  set: {annotator: judge, annotator_kind: model}
  ignore: [meta, out.raw]
`

func TestJSON(t *testing.T) {
	write(t, map[string]string{"x.jsonl": `{"in": {"case": 1.10}, "model": "m", "out": {"label": "governs", "flags": ["warning"], "raw": [[1]]}, "t": 1, "meta": {"a": {"b": 1}}}

{"in": {"case": 010}, "model": "m", "out": {"label": "governs"}}
{"in": {"case": "\u00e4"}, "model": "m", "out": {"label": null, "flags": []}, "t": null} {"in": {"case": "b"}, "model": "m", "out": {}}
{"in": {"case": "c"}, "model": "m", "out": {"label": "contested", "flags": null}, "t": "2"}
`})
	rows, report, err := read(t, inJSON)
	require.NoError(t, err)
	require.Equal(t, []string{
		`1.10/m judge pass 0 assistant_turn 1 governs ["warning"]`,
		`ä/m judge pass 0 []`,
		`c/m judge pass 0 assistant_turn 2 contested`,
	}, shown(rows))
	require.Equal(t, "5 records = 3 written + 1 missing + 1 rejected + 0 skipped; 3 rows", report.String())
	require.Equal(t, []string{`x.jsonl:3: not JSON at byte 18: invalid character '1' after object value (expecting ',' or '}')`}, why(report))
	require.Equal(t, []string{"x.jsonl:4: several objects on a line, read as several records (here at byte 90)"}, report.Notices)
}

func TestJSONRejects(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"deep":          {`{"meta": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", "x.jsonl:1: nested more than 256 deep"},
		"many":          {`{"meta": [` + strings.Repeat("1,", 100_001) + "1]}", "x.jsonl:1: more than 100000 elements in one record"},
		"UTF-8":         {"{\"m\xff\": 1}", "x.jsonl:1: invalid UTF-8 at byte 4; save the file as UTF-8"},
		"surrogate":     {`{"model": "\ud800"}`, "x.jsonl:1: not JSON at byte 12: invalid surrogate pair"},
		"control byte":  {"{\"model\": \"\x01\"}", "x.jsonl:1: not JSON at byte 12: invalid character '\\x01' in string (expecting non-control character)"},
		"duplicate key": {`{"model": "a", "model": "b"}`, `x.jsonl:1: duplicate key "model"`},
		"inner twice":   {`{"meta": {"a": 1, "a": 2}}`, `x.jsonl:1: duplicate key "a"`},
		"two ways":      {`{"in.case": "a", "in": {"case": "b"}}`, "x.jsonl:1: in.case: two keys lead here"},
		"NaN":           {`{"t": NaN}`, "x.jsonl:1: not JSON at byte 7: invalid character 'N'"},
		"cut":           {`{"model": "a`, "x.jsonl:1: unexpected end of line; the file may be cut"},
		"array":         {`[1, 2]`, "x.jsonl:1: not a JSON object"},
		"text":          {`hello`, "x.jsonl:1: not JSON at byte 1: invalid character 'h' at start of value"},
		"list":          {`{"in": {"case": ["a", "b"]}, "model": "m", "out": {"label": "governs"}}`, `x.jsonl:1: in.case: a list of 2, and scenario holds one value`},
		"nested":        {`{"in": {"case": [["a"]]}, "model": "m", "out": {"label": "governs"}}`, `x.jsonl:1: in.case: an array of more than texts and numbers`},
		"absent":        {`{"model": "m", "out": {"label": "governs"}}`, `x.jsonl:1: in.case: empty or listed under missing, and scenario is required`},
		"turn 0":        {`{"in": {"case": "a"}, "model": "m", "t": 0, "out": {"label": "governs"}}`, `x.jsonl:1: t: "0" is not 1 or more (add: 1 makes numbers from 0 so), which assistant_turn needs`},
		"not whole":     {`{"in": {"case": "a"}, "model": "m", "t": 1.5, "out": {"label": "governs"}}`, `x.jsonl:1: t: "1.5" is not a whole number, which assistant_turn needs`},
		"no such":       {`{"in": {"case": "a"}, "model": "m", "t": 9007199254740993, "out": {"label": "governs"}}`, `x.jsonl:1: t: "9007199254740993" is not a whole number`},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"x.jsonl": c.line + "\n" + `{"in": {"case": "z"}, "model": "m", "t": 3.0, "out": {"label": "governs", "flags": []}}` + "\n"})
			rows, report, err := read(t, inJSON)
			require.NoError(t, err)
			require.Equal(t, []string{"z/m judge pass 0 assistant_turn 3 governs []"}, shown(rows))
			require.Len(t, report.Rejects, 1)
			require.Contains(t, report.Rejects[0].Error(), c.want)
		})
	}
}

func TestJSONRefused(t *testing.T) {
	const first = `{"in": {"case": "a"}, "model": "m", "t": 1, "out": {"label": "governs", "flags": []}}`
	for name, c := range map[string]struct{ text, want string }{
		"unnamed key":  {first + "\n" + `{"in": {"case": "a"}, "MODEL": "m"}`, `x.jsonl:2: column "MODEL" is named nowhere in recipe.yaml (take it under columns, or list it under ignore)`},
		"inner key":    {`{"in": {"case": "a", "cases": 1}}`, `x.jsonl:1: column "in.cases" is named nowhere in recipe.yaml; did you mean in.case?`},
		"no such key":  {`{"in": {"case": "a"}, "model": "m", "t": 1, "out": {"flags": []}}`, `recipe.yaml:4:47: annotations.columns.control: the input has no column "out.label"`},
		"CR only":      {first + "\r" + first, `x.jsonl:1: lines end in CR alone; rewrite the file with LF`},
		"key is data":  {`{"in": {"` + strings.Repeat("x", 200) + `": 1}}`, `x.jsonl:1: column "in.xxx`},
		"mixed record": {`{"in": 3}`, `x.jsonl:1: column "in" is named nowhere in recipe.yaml`},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"x.jsonl": c.text})
			_, _, err := read(t, inJSON)
			require.ErrorContains(t, err, c.want)
		})
	}
}
