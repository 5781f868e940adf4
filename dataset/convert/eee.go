package convert

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var eee = &Format{
	Name: "every-eval-ever",
	Doc: `instance rows of Every Eval Ever: one instance of one evaluation of one model a line

A record is {"schema_version": …, "evaluation_id": …, "model_id": …, "evaluation_name": …,
"sample_id": …, "interaction_type": …, "input": {…}, "evaluation": {…}}.

turns           messages, in the order of turn_idx; of a single_turn row input.formatted, or
                input.raw where there is none, from the user, and the first text of output.raw
tool_calls_json tool_calls, in the shape of OpenAI's; tool_call_id is the first of the list
reasoning       reasoning_trace
source_id       turn_idx
trajectory_id   evaluation_id/evaluation_name/sample_id
model           model_id
scenario        evaluation_name/sample_id; its metadata_json the reference and the choices
score           evaluation.score by the annotator every-eval-ever, in the measure of
                evaluation_name; is_correct is one of its own, 0 or 1
error, terminal error, and then terminal is error
metadata_json   metadata, interaction_type, evaluation_result_id, answer_attribution

Templates may name {evaluation_id}, {evaluation_name}, {sample_id}, {model}, {file} and {row}.`,
	Lost:      "token usage, performance, second outputs, aggregates (they lie in the file beside it)",
	Looks:     `objects with "schema_version", "evaluation_id" and "interaction_type"`,
	knows:     func(g glance) bool { return g.has("schema_version", "evaluation_id", "interaction_type") },
	value:     readEEE,
	measures:  map[string]schema.Measure{"is_correct": {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Higher}},
	annotator: "every-eval-ever",
}

type eeeRow struct {
	ID     word `json:"evaluation_id"`
	Model  word `json:"model_id"`
	Name   word `json:"evaluation_name"`
	Result word `json:"evaluation_result_id"`
	Sample word `json:"sample_id"`
	Kind   word `json:"interaction_type"`
	Input  struct {
		Raw       *word          `json:"raw"`
		Formatted *word          `json:"formatted"`
		Reference jsontext.Value `json:"reference"`
		Choices   jsontext.Value `json:"choices"`
	} `json:"input"`
	Output *struct {
		Raw       []word `json:"raw"`
		Reasoning []word `json:"reasoning_trace"`
	} `json:"output"`
	Messages    []eeeMessage   `json:"messages"`
	Attribution jsontext.Value `json:"answer_attribution"`
	Score       struct {
		Score   grade `json:"score"`
		Correct grade `json:"is_correct"`
	} `json:"evaluation"`
	Error    *word          `json:"error"`
	Metadata jsontext.Value `json:"metadata"`
}

type eeeMessage struct {
	Turn      *word  `json:"turn_idx"`
	Role      word   `json:"role"`
	Content   blocks `json:"content"`
	Reasoning *word  `json:"reasoning_trace"`
	Calls     []struct {
		ID        word           `json:"id"`
		Name      word           `json:"name"`
		Arguments jsontext.Value `json:"arguments"`
	} `json:"tool_calls"`
	Answers []word `json:"tool_call_id"`
}

func readEEE(r *record, d *draft) error {
	var row eeeRow
	if err := r.into(&row); err != nil {
		return err
	}
	for _, must := range []struct {
		name string
		word word
	}{{"evaluation_id", row.ID}, {"evaluation_name", row.Name}, {"sample_id", row.Sample}} {
		if must.word == "" {
			return &fault{must.name, errMissing}
		}
		d.know(must.name, some(must.word))
	}
	if row.Messages == nil {
		row.single(r, d)
	} else if err := row.turns(d); err != nil {
		return err
	}
	if row.Error != nil && *row.Error != "" {
		d.Error, d.Terminal = some(*row.Error), ptr("error")
	}
	if len(d.turns) == 0 {
		return &fault{"messages", errNoMessages}
	}
	d.Model = some(row.Model)
	d.know("model", d.Model)
	d.scenario.Scenario = string(row.Name + "/" + row.Sample)
	d.id = string(row.ID + "/" + row.Name + "/" + row.Sample)
	about := draft{}
	about.keepShort(r, "reference", row.Input.Reference)
	about.keepShort(r, "choices", row.Input.Choices)
	d.scenario.MetadataJSON = about.metadata()
	d.keepText(r, "interaction_type", string(row.Kind))
	d.keepText(r, "evaluation_result_id", string(row.Result))
	d.keepShort(r, "answer_attribution", row.Attribution)
	d.keepShort(r, "metadata", row.Metadata)
	d.grades(string(row.Name), row.Score.Score)
	d.grades("is_correct", row.Score.Correct)
	if !row.Score.Score.ok {
		r.sink.note(r.place.File, r.place.Row, "rows without a score")
	}
	return nil
}

// single makes turns of a question and an answer.
func (row *eeeRow) single(r *record, d *draft) {
	prompt := row.Input.Formatted
	if prompt == nil || *prompt == "" {
		prompt = row.Input.Raw
	}
	if prompt != nil {
		d.turns = append(d.turns, schema.Turn{Role: "user", Text: string(*prompt)})
	}
	if row.Output == nil || len(row.Output.Raw) == 0 {
		return
	}
	if len(row.Output.Raw) > 1 {
		r.sink.note(r.place.File, r.place.Row, "several outputs, of which the first is taken")
	}
	t := schema.Turn{Role: "assistant", Text: string(row.Output.Raw[0])}
	if len(row.Output.Reasoning) > 0 {
		t.Reasoning = some(row.Output.Reasoning[0])
	}
	d.turns = append(d.turns, t)
}

func (row *eeeRow) turns(d *draft) error {
	last := int32(-1)
	for i, m := range row.Messages {
		at := "messages[" + strconv.Itoa(i) + "]"
		role := roles[string(m.Role)]
		if role == "" {
			return &fault{at + ".role", errors.New("unknown role " + excerpt(string(m.Role)))}
		}
		t := schema.Turn{Role: role, Text: d.said(m.Content), SourceID: ptr(strconv.Itoa(i))}
		if m.Turn != nil {
			n, err := atoi(string(*m.Turn))
			if err != nil || n <= last {
				return &fault{at + ".turn_idx", errors.New("does not go up by whole numbers")}
			}
			last = n
			t.SourceID = ptr(itoa(n))
		}
		if m.Reasoning != nil {
			t.Reasoning = some(*m.Reasoning)
		}
		var calls callList
		for _, c := range m.Calls {
			calls.add(string(c.ID), string(c.Name), c.Arguments)
		}
		t.ToolCallsJSON = calls.json()
		if len(m.Answers) > 0 {
			t.ToolCallID = some(m.Answers[0])
		}
		d.turns = append(d.turns, t)
	}
	return nil
}
