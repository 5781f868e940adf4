package convert

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var lmEval = &Format{
	Name: "lm-eval",
	Doc: `samples of lm-evaluation-harness: a question and an answer a line

A file is samples_TASK_DATE.jsonl, and a record {"doc_id": 0, "doc": {…}, "target": …,
"arguments": {…}, "resps": [["…"]], "filtered_resps": …, "filter": …, "metrics": […]}.

turns           the prompt from the user, or the messages in it where it is a JSON list of
                those, and the first answer in resps
trajectory_id   FILE/doc_id
scenario        TASK/doc_id, with TASK from the file's name; its metadata_json the target, and
                the doc if it is short
model           model_name of the results_DATE.json beside the file
scores          each of metrics, by the annotator lm-eval; without metrics every key that is
                no other and has a number
metadata_json   doc_hash, prompt_hash, filter

A doc comes again for each filter of answers: the first row's filter is read, rows of others
are skipped. Answers by likelihood, without words, are rejected. Templates may name {task},
{doc_id}, {filter}, {model}, {file} and {row}.`,
	Lost:      "settings of generation, answers after the first, what filters made of answers",
	Looks:     `objects with "doc_id" and "filtered_resps"`,
	knows:     func(g glance) bool { return g.has("doc_id", "filtered_resps") },
	value:     readLMEval,
	beside:    besideLMEval,
	annotator: "lm-eval",
}

// An lmEvalFile is what a file's name, its first row and the results beside it say.
type lmEvalFile struct {
	task, model string
	filter      string
}

func besideLMEval(s *source, _ map[string]jsontext.Value) (any, error) {
	f := &lmEvalFile{task: s.stem}
	head, _ := finite(s.head)
	first, _, _ := look(head)
	if list := first.list; len(list) > 0 {
		first = list[0]
	}
	f.filter = first.get("filter").text
	name, ok := strings.CutPrefix(s.stem, "samples_")
	i := strings.LastIndexByte(name, '_')
	if !ok || i < 0 {
		return f, nil
	}
	f.task = name[:i]
	if s.info == nil {
		return f, nil
	}
	text, err := s.sibling("results_" + name[i+1:] + ".json")
	if err != nil {
		return nil, err
	}
	var results struct {
		Model word `json:"model_name"`
	}
	text, _ = finite(text)
	if inner(text, &results) == nil {
		f.model = string(results.Model)
	}
	return f, nil
}

type lmEvalRow struct {
	Doc       jsontext.Value   `json:"doc"`
	DocID     word             `json:"doc_id"`
	Target    jsontext.Value   `json:"target"`
	Arguments jsontext.Value   `json:"arguments"`
	Resps     []jsontext.Value `json:"resps"`
	Filtered  jsontext.Value   `json:"filtered_resps"`
	Filter    word             `json:"filter"`
	Metrics   []word           `json:"metrics"`
	DocHash   word             `json:"doc_hash"`
	Prompt    word             `json:"prompt_hash"`
	TargetSHA jsontext.Value   `json:"target_hash"`

	Rest map[string]grade `json:",embed"`
}

func readLMEval(r *record, d *draft) error {
	var row lmEvalRow
	if err := r.into(&row); err != nil {
		return err
	}
	file, _ := r.sink.source.beside.(*lmEvalFile)
	if file == nil {
		file = &lmEvalFile{}
	}
	if row.DocID == "" {
		return &fault{"doc_id", errMissing}
	}
	if string(row.Filter) != file.filter {
		r.sink.note(r.place.File, r.place.Row, "rows of another filter than the first row's are skipped")
		return errSkip
	}
	if err := row.prompt(r, d); err != nil {
		return err
	}
	answer, several, ok := row.answer()
	if !ok {
		return &fault{"resps", errors.New("no text: it is an answer by likelihood")}
	}
	if several {
		r.sink.note(r.place.File, r.place.Row, "several answers, of which the first is taken")
	}
	d.turns = append(d.turns, schema.Turn{Role: "assistant", Text: answer})
	d.Model = some(file.model)
	d.know("task", &file.task)
	d.know("doc_id", some(row.DocID))
	d.know("filter", &file.filter)
	d.know("model", d.Model)
	d.scenario.Scenario = file.task + "/" + string(row.DocID)
	d.id = r.sink.source.stem + "/" + string(row.DocID)
	about := draft{}
	about.keepShort(r, "target", row.Target)
	about.keepShort(r, "doc", row.Doc)
	d.scenario.MetadataJSON = about.metadata()
	d.keepText(r, "doc_hash", string(row.DocHash))
	d.keepText(r, "prompt_hash", string(row.Prompt))
	d.keepText(r, "filter", string(row.Filter))
	names := []string{}
	for name := range row.Rest {
		if row.Metrics == nil || slices.Contains(row.Metrics, word(name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !row.Rest[name].ok {
			r.sink.note(r.place.File, r.place.Row, "metrics without a number")
		}
		d.grades(name, row.Rest[name])
	}
	return nil
}

// prompt adds what was asked.
func (row *lmEvalRow) prompt(r *record, d *draft) error {
	var named map[string]map[string]jsontext.Value
	var listed [][]jsontext.Value
	var first jsontext.Value
	switch {
	case inner(row.Arguments, &named) == nil && len(named["gen_args_0"]) > 0:
		first = named["gen_args_0"]["arg_0"]
	case inner(row.Arguments, &listed) == nil && len(listed) > 0 && len(listed[0]) > 0:
		first = listed[0][0]
	}
	var text word
	if first.Kind() != jsontext.KindString || inner(first, &text) != nil {
		return &fault{"arguments", errors.New("there is no prompt")}
	}
	return asked(d, "arguments", string(text))
}

// asked adds a prompt: messages where it is a JSON list of those, else what the user says.
func asked(d *draft, field, prompt string) error {
	var chat []struct {
		Role    *word  `json:"role"`
		Content blocks `json:"content"`
	}
	if strings.HasPrefix(strings.TrimSpace(prompt), "[") && inner(jsontext.Value(prompt), &chat) == nil && len(chat) > 0 && chat[0].Role != nil {
		for _, m := range chat {
			role := ""
			if m.Role != nil {
				role = roles[string(*m.Role)]
			}
			if role == "" {
				return &fault{field, errors.New("a prompt of messages, one of which has an unknown role")}
			}
			d.turns = append(d.turns, schema.Turn{Role: role, Text: d.said(m.Content)})
		}
		return nil
	}
	d.turns = append(d.turns, schema.Turn{Role: "user", Text: prompt})
	return nil
}

// answer is the first one in words.
func (row *lmEvalRow) answer() (text string, several, ok bool) {
	if len(row.Resps) == 0 {
		return "", false, false
	}
	first, n := row.Resps[0], 1
	var list []jsontext.Value
	if inner(first, &list) == nil && len(list) > 0 {
		first, n = list[0], len(list)
	}
	var s word
	if first.Kind() != jsontext.KindString || inner(first, &s) != nil {
		return "", false, false
	}
	return string(s), n > 1 || len(row.Resps) > 1, true
}
