package annotate_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
)

// answered is a line of answers in one of the ways in which they come.
func answered(way int, id, text string) string {
	quoted, _ := json.Marshal(text)
	name, _ := json.Marshal(id)
	return fmt.Sprintf([]string{
		`{"custom_id":%[1]s,"annotator":"j","response":%[3]s}`,
		`{"custom_id":%[1]s,"annotator":"j","answer":%[2]s}`,
		`{"id":"batch_req_1","custom_id":%[1]s,"response":{"status_code":200,"request_id":"r","body":{"model":"j","choices":[{"index":0,"message":{"role":"assistant","content":%[2]s,"refusal":null},"finish_reason":"stop"}]}},"error":null}`,
		`{"custom_id":%[1]s,"body":{"model":"j","choices":[{"message":{"content":%[2]s}}]}}`,
		`{"custom_id":%[1]s,"result":{"type":"succeeded","message":{"model":"j","content":[{"type":"thinking","thinking":"x"},{"type":"text","text":%[2]s}],"stop_reason":"end_turn"}}}`,
		`{"custom_id":%[1]s,"response":{"body":{"model":"j","output":[{"type":"reasoning","content":null},{"type":"message","content":[{"type":"output_text","text":%[2]s}]}]}}}`,
	}[way], name, quoted, text)
}

func TestAnswers(t *testing.T) {
	const good = `{"control":"governs","symbols":["refusal"],"leakage":0,"rationale":"so"}`
	for way := range 6 {
		for name, text := range map[string]string{"bare": good, "fenced": "```json\n" + good + "\n```"} {
			if name == "fenced" && way == 0 {
				continue
			}
			base(t)
			r := must(t, annotate.Options{}, file(t, "l.jsonl", answered(way, "a#main#2", text)+"\n"))
			require.Equal(t, []string{"a 4/2/2 j:model governs so [refusal] leakage 0"}, lines(rows(t)), "%d %s", way, name)
			require.Equal(t, []string{"j"}, r.Annotators)
			require.Equal(t, "judge-jsonl", r.Source)
			require.False(t, must(t, annotate.Options{}, "l.jsonl").Changed)
		}
	}
	base(t)
	must(t, annotate.Options{Annotator: "one", Context: "prefix"}, file(t, "l.jsonl", answered(2, "b#main", `{"turns":[{"assistant_turn":3,"control":"contested"},{"assistant_turn":1,"control":"governs"},{"assistant_turn":2,"control":null,"pressures":[]}]}`)))
	require.Equal(t, []string{"b 1/1/1 one:model governs", "b 3/2/1 one:model unclear", "b 6/3/2 one:model contested"}, lines(rows(t)))
	require.Equal(t, []string{}, rows(t)[1].Pressures)
	require.Equal(t, "prefix", *rows(t)[1].Context)
}

func TestBrokenAnswers(t *testing.T) {
	failed := []string{"a 4/2/2 j:model failed"}
	both := []string{"a 2/1/1 j:model failed", "a 4/2/2 j:model failed"}
	for name, c := range map[string]struct {
		line string
		want []string
		why  string // of a reject
	}{
		"prose":                  {line: answered(2, "a#main#2", "I think it governs."), want: failed},
		"cut":                    {line: answered(2, "a#main#2", `{"control":"gov`), want: failed},
		"twice a key":            {line: answered(2, "a#main#2", `{"control":"governs","control":"contested"}`), want: failed},
		"unknown key":            {line: answered(2, "a#main#2", `{"control":"governs","mood":"good"}`), want: failed},
		"unknown word":           {line: answered(2, "a#main#2", `{"control":"yes"}`), want: failed},
		"wrong type":             {line: answered(2, "a#main#2", `{"control":"governs","leakage":"0"}`), want: failed},
		"out of range":           {line: answered(2, "a#main#2", `{"control":"governs","leakage":4}`), want: failed},
		"a fraction":             {line: answered(2, "a#main#2", `{"control":"governs","leakage":0.5}`), want: failed},
		"confidence 2":           {line: answered(2, "a#main#2", `{"control":"governs","confidence":2}`), want: failed},
		"a word for a list":      {line: answered(2, "a#main#2", `{"control":"governs","symbols":"warning"}`), want: failed},
		"null in a list":         {line: answered(2, "a#main#2", `{"control":"governs","symbols":[null]}`), want: failed},
		"a word for the whole":   {line: answered(2, "a#main#2", `{"outcome":"held"}`), want: failed},
		"nothing said":           {line: answered(2, "a#main#2", `{}`), want: failed},
		"only words":             {line: answered(2, "a#main#2", `{"rationale":"x"}`), want: failed},
		"an array":               {line: answered(2, "a#main#2", `[]`), want: failed},
		"two objects":            {line: answered(2, "a#main#2", `{"control":"governs"}{"control":"governs"}`), want: failed},
		"turns for one":          {line: answered(2, "a#main#2", `{"turns":[{"assistant_turn":2,"control":"governs"}]}`), want: failed},
		"one for turns":          {line: answered(2, "a#main", `{"control":"governs"}`), want: both},
		"a turn too few":         {line: answered(2, "a#main", `{"turns":[{"assistant_turn":2,"control":"governs"}]}`), want: both},
		"a turn too many":        {line: answered(2, "a#main", `{"turns":[{"assistant_turn":1,"control":"governs"},{"assistant_turn":2,"control":"governs"},{"assistant_turn":3,"control":"governs"}]}`), want: both},
		"a turn twice":           {line: answered(2, "a#main", `{"turns":[{"assistant_turn":1,"control":"governs"},{"assistant_turn":1,"control":"governs"}]}`), want: both},
		"a turn without number":  {line: answered(2, "a#main", `{"turns":[{"assistant_turn":1,"control":"governs"},{"control":"governs"}]}`), want: both},
		"another turn":           {line: answered(2, "a#main#2,", `{"turns":[{"assistant_turn":1,"control":"governs"}]}`), want: failed},
		"token limit":            {line: `{"custom_id":"a#main#2","response":{"body":{"model":"j","choices":[{"message":{"content":"{\"control\":\"governs\"}"},"finish_reason":"length"}]}}}`, want: failed},
		"refused":                {line: `{"custom_id":"a#main#2","response":{"body":{"model":"j","choices":[{"message":{"content":null,"refusal":"no"}}]}}}`, want: []string{"a 4/2/2 j:model refused"}},
		"refused, Anthropic":     {line: `{"custom_id":"a#main#2","result":{"type":"succeeded","message":{"model":"j","content":[],"stop_reason":"refusal"}}}`, want: []string{"a 4/2/2 j:model refused"}},
		"error, Anthropic":       {line: `{"custom_id":"a#main#2","annotator":"j","result":{"type":"errored","error":{"type":"invalid_request"}}}`, want: failed},
		"error, OpenAI":          {line: `{"custom_id":"a#main#2","annotator":"j","response":null,"error":{"code":"x"}}`, want: failed},
		"error in the body":      {line: `{"custom_id":"a#main#2","annotator":"j","response":{"status_code":500,"body":{"error":{"message":"x"}}}}`, want: failed},
		"no answer":              {line: `{"custom_id":"a#main#2","annotator":"j"}`, want: failed},
		"empty body":             {line: `{"custom_id":"a#main#2","annotator":"j","body":{}}`, want: failed},
		"empty content":          {line: answered(4, "a#main#2", ``), want: failed},
		"nobody":                 {line: `{"custom_id":"a#main#2","answer":{"control":"governs"}}`, why: "names no model; say with --annotator who judged"},
		"no id":                  {line: `{"answer":{"control":"governs"},"custom_id":""}`, why: "custom_id is empty, or no text"},
		"another id":             {line: answered(2, "a", `{}`), why: `"a" is not trajectory#constraint or trajectory#constraint#turn: it has 1 parts`},
		"turn 0":                 {line: answered(2, "a#main#0", `{}`), why: "turns are numbers from 1, each once"},
		"not escaped":            {line: answered(2, "a%#main#1", `{}`), why: "a name is empty, or has a % that is not %25 or %23"},
		"no JSON":                {line: `{"custom_id":"a#main#2",`, why: "is not JSON, or cut short, or has a key twice"},
		"not UTF-8":              {line: "{\"custom_id\":\"a#main#2\",\"answer\":\"\xff\"}", why: "is not JSON, or cut short, or has a key twice"},
		"a turn that is not":     {line: answered(0, "a#main#3", `{"control":"governs"}`), why: "assistant turn 3 is outside the trajectory's assistant turns, 1 to 2"},
		"a trajectory that isnt": {line: answered(0, "z#main", `{"turns":[]}`), why: `no trajectory has the id "z"`},
	} {
		t.Run(name, func(t *testing.T) {
			base(t)
			var why []string
			var o annotate.Options
			o.Rejecting.Reject = func(e dataset.Reject) error {
				require.Equal(t, c.line, string(e.Raw))
				require.EqualValues(t, len(`{"custom_id":"c#main#1","answer":{"control":"governs"},"annotator":"j"}`)+2, e.Offset)
				why = append(why, e.Error())
				return nil
			}
			r := must(t, o, file(t, "l.jsonl", `{"custom_id":"c#main#1","answer":{"control":"governs"},"annotator":"j"}`+"\n\n"+c.line))
			require.Equal(t, append(slices.Clone(c.want), "c 0/1/- j:model governs"), lines(rows(t)))
			if c.why != "" {
				require.Len(t, why, 1)
				require.Contains(t, why[0], "l.jsonl:3: ")
				require.Contains(t, why[0], c.why)
				return
			}
			require.Empty(t, why)
			require.Equal(t, 1, r.Failed)

			good := answered(0, "a#main#2", `{"control":"governs"}`)
			again := must(t, o, file(t, "again.jsonl", good))
			require.Equal(t, []int{1, 0}, []int{again.Filled, again.Added}, "a judge that failed may answer again")
			kept := must(t, o, file(t, "l.jsonl", strings.Replace(c.line, "a#main#2,", "a#main#2", 1)))
			require.False(t, kept.Changed)
			require.Equal(t, 1, kept.Kept)
			both := must(t, o, file(t, "both.jsonl", c.line+"\n"+answered(0, "b#main#1", `{"control":"governs"}`)+"\n"+good+"\n"+c.line))
			require.Equal(t, 1, both.Added)
		})
	}
}
