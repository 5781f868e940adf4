package convert

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	hi = `{"id":"a","model":"m","task":"t","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}`
	ho = `{"id":"b","model":"m","task":"t","messages":[{"role":"user","content":"hi"}]}`
)

// said is a record with that text.
func said(id, text string) string {
	return fmt.Sprintf(`{"id":"%s","model":"m","task":"t","messages":[{"role":"user","content":"%s"}]}`, id, text)
}

func TestTraps(t *testing.T) {
	for _, c := range []struct {
		name, text string
		options    Options
		want       string   // of the counts
		rejects    []string // place and why
		notices    []string
		err        string
		texts      []string
	}{
		{name: "clean", text: hi + "\n" + ho + "\n", want: "2 = 2 + 0", texts: []string{"user:hi|assistant:ho", "user:hi"}},
		{name: "CRLF, blank lines, no last line end", text: "\r\n" + hi + "\r\n\n  \n" + ho, want: "2 = 2 + 0"},
		{name: "BOM at the start", text: bom + hi + "\n", want: "1 = 1 + 0", notices: []string{"in: begins with a byte order mark, passed over"}},
		{name: "BOM later", text: hi + "\n" + bom + ho + "\n", want: "2 = 1 + 1", rejects: []string{"in:2: not JSON at byte 1: invalid character '\\ufeff' at start of value"}},
		{name: "CR only", text: hi + "\r" + ho + "\r", err: "in:1: lines end in CR alone; rewrite the file with LF"},
		{
			name: "two on a line", text: hi + " " + ho + "\n", want: "2 = 2 + 0",
			notices: []string{"in:1: several values on one line, each read as a record"},
		},
		{name: "last line cut", text: hi + "\n" + ho[:40], want: "2 = 1 + 1", rejects: []string{"in:2: unexpected end of line; the file may be cut"}},
		{name: "first line cut", text: hi[:40] + "\n" + ho + "\n", want: "2 = 1 + 1", rejects: []string{"in:1: unexpected end of line; the file may be cut"}},
		{name: "second on a line broken", text: hi + `{"x"` + "\n" + ho, want: "3 = 2 + 1", rejects: []string{"in:1: unexpected end of line; the file may be cut"}, notices: []string{"in:1: several values on one line, each read as a record"}},
		{name: "duplicate key", text: hi + "\n" + `{"id":"c","id":"d","messages":[]}`, want: "2 = 1 + 1", rejects: []string{`in:2: duplicate key "id"`}},
		{name: "duplicate key inside", text: hi + "\n" + `{"id":"c","x":{"y":[{"z":1,"z":2}]},"messages":[]}`, want: "2 = 1 + 1", rejects: []string{`in:2: duplicate key "z"`}},
		{
			name: "key of another case", text: `{"id":"a","model":"m","task":"t","messages":[{"role":"user","ROLE":"system","content":"x"}]}`, want: "1 = 1 + 0", texts: []string{"user:x"},
			notices: []string{`in:1: messages have a key that is not read: "ROLE"`},
		},
		{name: "invalid UTF-8", text: hi + "\n" + said("c", "x\xffy"), want: "2 = 1 + 1", rejects: []string{"in:2: invalid UTF-8 at byte 73"}},
		{name: "lone surrogate", text: hi + "\n" + said("c", `x\ud800y`), want: "2 = 1 + 1", rejects: []string{"in:2: invalid UTF-8 at byte 73: half of a surrogate pair"}},
		{
			name: "both replaced", text: said("c", "x\xffy") + "\n" + said("d", `\ud800y`), options: Options{ReplaceUTF8: true}, want: "2 = 2 + 0", texts: []string{"user:x\ufffdy", "user:\ufffdy"},
			notices: []string{"in:1: invalid UTF-8 was replaced (the first of 2)"},
		},
		{name: "NUL as an escape", text: said("c", `x\u0000y`), want: "1 = 1 + 0", texts: []string{"user:x\x00y"}},
		{name: "raw control byte", text: hi + "\n" + said("c", "x\x00y"), want: "2 = 1 + 1", rejects: []string{"in:2: not JSON at byte 73: invalid character '\\x00' in string (expecting non-control character)"}},
		{
			name: "NaN", text: `{"id":"n","x":[NaN,-Infinity,"NaN \"NaN"],"model":"m","task":"t","messages":[{"role":"user","content":"x"}]}` + hi + "\n" + ho + "\n" + `{"x":Infinity,"messages":[]} {"x":NaNa}` + "\n", want: "5 = 3 + 2",
			rejects: []string{"in:3: messages: no messages", "in:3: not JSON at byte 10: invalid character 'a' after object value (expecting ',' or '}')"},
			notices: []string{"in:1: NaN or Infinity instead of a number, read as null (the first of 4)", "in:1: several values on one line, each read as a record (the first of 2)"},
		},
		{name: "integers are kept as they are", text: `{"id":9007199254740993,"model":"m","task":"t","n":123456789012345678901234567890,"messages":[{"role":"user","content":"x"}]}`, want: "1 = 1 + 0"},
		{name: "too deep", text: hi + "\n" + `{"x":` + repeat("[", 300) + repeat("]", 300) + `,"messages":[]}`, want: "2 = 1 + 1", rejects: []string{"in:2: nested more than 256 deep"}},
		{name: "deep without end", text: hi + "\n" + repeat("[", 100000), want: "2 = 1 + 1", rejects: []string{"in:2: nested more than 256 deep"}},
		{name: "too many elements", text: hi + "\n" + `{"x":[` + repeat("1,", 100001) + `1]}`, want: "2 = 1 + 1", rejects: []string{"in:2: more than 100000 elements in one record"}},
		{name: "too long", text: hi + "\n" + said("c", repeat("x", 3000)) + "\n" + ho, options: Options{limit: 2000, chunk: 256}, want: "3 = 2 + 1", rejects: []string{"in:2: longer than 64 MiB; is a line end or a closing quote missing?"}},
		{name: "no line end at all", text: hi + "\n" + repeat("x", 100000), options: Options{limit: 2000, chunk: 256}, want: "2 = 1 + 1", rejects: []string{"in:2: longer than 64 MiB; is a line end or a closing quote missing?"}},
		{name: "not an object", text: hi + "\n" + ho + "\n" + `"x"` + "\n", want: "3 = 2 + 1", rejects: []string{"in:3: is neither an object with messages nor a list of them"}},
		{name: "empty", text: "", err: "in: no rows"},
		{name: "only blanks", text: " \n\n", err: "in: no rows"},
		{name: "UTF-16", text: "\xff\xfe{\x00", err: "in: is UTF-16, which no format here reads"},
		{name: "Parquet", text: "PAR1xxxx", err: "in: corrupt: 8 bytes are no Parquet file"},
		{name: "zip", text: "PK\x03\x04xxxx", err: "in: is a zip archive, which no format here reads"},
		{name: "zip of something else", text: "PK\x03\x04" + repeat("\x00", 22) + "\x05\x00\x00\x00a.txt", err: `in: is a zip archive that begins with "a.txt", which no format here reads`},
		{name: "mostly wrong", text: hi + "\n{}\n{}\n", err: "2 of 3 records are rejected, more than 50 % (--max-error-rate): nothing was written; the first: in:2: messages: no messages"},
		{name: "bare list a line", text: `[{"role":"user","content":"x"}]` + "\n" + `[{"role":"user","content":"y"}]`, options: Options{System: "s", Scenario: "q"}, want: "2 = 2 + 0", texts: []string{"user:x", "user:y"}},
		{name: "one list", text: "[" + hi + " ,\n" + ho + "]\n", want: "2 = 2 + 0"},
		{name: "empty list", text: "[ ]", options: Options{Format: openAIChat}, err: "out: no rows"},
		{name: "list with a comma too many", text: "[" + hi + "," + ho + ",]", want: "3 = 2 + 1", rejects: []string{"in:3: nothing between two commas, or behind the last"}},
		{name: "list that does not end", text: "[" + hi + "," + ho, want: "2 = 2 + 0", notices: []string{"in:2: the list does not end; the file may be cut"}},
		{
			name: "list that is cut", text: "[" + hi + "," + ho[:30], want: "2 = 1 + 1", rejects: []string{"in:2: unexpected end of line; the file may be cut"},
			notices: []string{"in:2: the list does not end; the file may be cut"},
		},
		{name: "text behind a list", text: "[" + hi + "," + ho + "]\n[" + hi + "]", want: "3 = 2 + 1", rejects: []string{"in:3: behind the end of the list"}},
		{name: "long element", text: "[" + hi + "," + said("c", repeat("[", 3000)) + "," + ho + "]", options: Options{limit: 2000, chunk: 256}, want: "3 = 2 + 1", rejects: []string{"in:2: longer than 64 MiB; is a line end or a closing quote missing?"}},
		{name: "brackets in texts", text: "[" + said("c", `]},{[\"\\`) + "," + ho + "]", want: "2 = 2 + 0", texts: []string{`user:]},{["\`, "user:hi"}},
		{name: "one object over lines", text: strings.ReplaceAll(hi, ",", ",\n"), want: "1 = 1 + 0"},
		{name: "objects over lines", text: strings.ReplaceAll(hi+"\n"+ho, ",", ",\n"), want: "2 = 2 + 0"},
		{
			name: "same id again", text: hi + "\n" + ho + "\n" + hi, want: "3 = 2 + 1",
			rejects: []string{`in:3: trajectory_id: "a" was taken by an earlier row; --id makes another of what is known here`},
		},
		{name: "same id in another piece", text: hi + "\n" + ho + "\n" + hi, options: Options{chunk: 100}, want: "3 = 2 + 1", rejects: []string{
			`in:3: trajectory_id: "a" was taken by an earlier row; --id makes another of what is known here`,
		}},
		{name: "long texts", text: said("a", repeat("x", 3<<20)) + "\n" + said("b", repeat("y", 20<<20)), want: "2 = 2 + 0", texts: []string{"user:" + repeat("x", 3<<20), "user:" + repeat("y", 20<<20)}},
		{name: "long names", text: hi + "\n" + said(repeat("x", 40000), "") + "\n" + said(repeat("y", 30000), ""), want: "3 = 2 + 1", rejects: []string{"in:2: trajectory_id: 40000 bytes, where a name has at most 32768"}, texts: []string{"user:hi|assistant:ho", "user:"}},
		{name: "unknown role", text: hi + "\n" + `{"id":"c","messages":[{"role":"user","content":""},{"content":"x","role":"narrator"}]}`, want: "2 = 1 + 1", rejects: []string{`in:2: messages[1].role: unknown role "narrator"`}},
		{name: "no role", text: hi + "\n" + `{"id":"c","messages":[{"content":"x"}]}`, want: "2 = 1 + 1", rejects: []string{"in:2: messages[0]: has no role"}},
		{name: "content of another type", text: hi + "\n" + `{"id":"c","messages":[{"role":"user","content":5},{"role":"user"}]}`, want: "2 = 1 + 1", rejects: []string{"in:2: messages[0].content: is a number; wanted a text"}},
		{name: "Anthropic's parts", text: hi + "\n" + `{"id":"c","messages":[{"role":"user","content":[{"type":"tool_use","id":"x"}]}]}`, options: Options{Format: openAIChat}, want: "2 = 1 + 1", rejects: []string{
			"in:2: messages[0].content[0]: has the type tool_use of Anthropic's messages; --from anthropic reads them",
		}},
		{name: "Anthropic's parts in one row", text: hi + "\n" + `{"id":"c","messages":[{"role":"user","content":[{"type":"tool_use","id":"x"}]}]}`, err: "in: looks like several formats; say which: --from anthropic, --from openai-chat"},
		{name: "preferences", text: `{"messages":[{"role":"user","content":"x"}],"chosen":{},"rejected":{}}`, err: "in: holds preferences (chosen, rejected), which are no conversations that were had"},
		{name: "repeat that is none", text: hi + "\n" + `{"id":"c","repeat":-1,"messages":[{"role":"user"}]}`, want: "2 = 1 + 1", rejects: []string{`in:2: repeat: "-1" is not a whole number from 0 on`}},
		{name: "reward that is none", text: tau("0", "0", "1") + "\n" + tau("1", "0", "1e400"), want: "2 = 1 + 1", rejects: []string{`in:2: reward: "1e400" is not a JSON number that can be kept`}, options: Options{System: "s"}},
		{name: "run without task", text: tau("0", "0", "1") + "\n" + `{"reward":1,"traj":[{"role":"user"}]}`, want: "2 = 1 + 1", rejects: []string{"in:2: task_id: is missing"}, options: Options{System: "s"}},
		{name: "run that failed", text: `{"task_id":3,"trial":1,"reward":0,"traj":[],"info":{"error":"boom"}}`, want: "1 = 1 + 0", options: Options{System: "s"}},
		{name: "no format", text: `{"a":1}`, err: "in: no format is known in it; looked for"},
		{name: "template names nothing", text: hi, options: Options{System: "{mod}"}, err: `there is no "mod" here; there is id, model, task, file, row`},
		{name: "template is broken", text: hi, options: Options{ID: "{a"}, err: `--id "{a": names stand in braces`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "in", c.text)
			c.options.Output = "out"
			report, err := Run(t.Context(), []string{"in"}, c.options)
			var rejects []string
			for _, e := range report.Rejects {
				rejects = append(rejects, e.Error())
			}
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.Equal(t, []string{"in"}, left(t), "nothing is written")
			} else {
				require.NoError(t, err)
				require.Equal(t, c.notices, report.Notices)
				require.Equal(t, []string{"in", "out"}, left(t))
			}
			if c.want != "" {
				require.Equal(t, c.want, fmt.Sprintf("%d = %d + %d", report.Read, report.Written, report.Rejected))
				require.Equal(t, c.rejects, rejects)
			}
			if c.texts != nil {
				var got []string
				for _, row := range converted(t, "out") {
					got = append(got, texts(row))
				}
				require.Equal(t, c.texts, got)
			}
			for _, e := range report.Rejects {
				require.LessOrEqual(t, len(e.Raw), len(c.text))
				if len(e.Raw) < maxRaw {
					require.True(t, strings.HasPrefix(c.text[e.Offset:], string(e.Raw)), "offset %d", e.Offset)
				}
			}
		})
	}
}

// tau is a run of tau-bench.
func tau(task, trial, reward string) string {
	return fmt.Sprintf(`{"task_id":%s,"trial":%s,"reward":%s,"info":{"task":{"instruction":"do %s"}},"traj":[{"role":"user","content":"go"},{"role":"assistant","content":"gone"}]}`, task, trial, reward, task)
}
