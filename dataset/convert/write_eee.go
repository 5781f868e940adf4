package convert

import (
	"cmp"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var writeEEE = &Writer{
	Name: "eee",
	Doc: `Every Eval Ever's rows of single samples, schema 0.3.0, one object a line

evaluation_id, evaluation_name   DATASET/MODEL, the dataset
model_id, sample_id   the model, else the system; the scenario
interaction_type   agentic with tool calls; single_turn for one question and one answer;
                else multi_turn
input           the first user turn; there are no reference answers
messages        turns by their index; values of arguments are texts, as the schema wants it
output          the answer, of a single turn
evaluation      score is the share of constraints with credit, is_correct whether all have
error           as it is
metadata        trajectory_id, system, condition, repeat, setting, terminal and the outcome
                of each constraint, as texts`,
	Lost: "trajectories whose credit is not known, because a score is required; judgements of turns; names of speakers, ids of messages, " +
		"the marks of prefilled turns; the aggregate file that belongs to the rows has to be written by who publishes them",
	Scores: true,
	start:  func(w io.Writer) writing { return lineWriter{w, eeeLine} },
}

func eeeLine(o *object, i *Item) (string, error) {
	t := i.Trajectory
	correct, ok := i.Success()
	if !ok {
		return "their credit is not known, and a score is required", nil
	}
	model := t.System
	if t.Model != nil {
		model = cmp.Or(*t.Model, model)
	}
	o.text("schema_version", "0.3.0")
	o.text("evaluation_id", i.Dataset+"/"+model)
	o.text("model_id", model)
	o.text("evaluation_name", i.Dataset)
	o.text("sample_id", t.Scenario)
	all := make([][]toolCall, len(t.Turns))
	called, asked := 0, ""
	for k := range t.Turns {
		u := &t.Turns[k]
		var err error
		if all[k], err = toolCalls(u.ToolCallsJSON); err != nil {
			return "", err
		}
		called += len(all[k])
		if u.Role == "user" && asked == "" {
			asked = u.Text
		}
	}
	kind := "multi_turn"
	switch {
	case called > 0:
		kind = "agentic"
	case len(t.Turns) == 2 && t.Turns[0].Role == "user" && t.Turns[1].Role == "assistant" && !prefilled(&t.Turns[1]):
		kind = "single_turn"
	}
	o.text("interaction_type", kind)
	var input object
	input.text("raw", asked)
	input.raw("reference", "[]")
	o.raw("input", input.json())
	if kind == "single_turn" {
		var output object
		answer := &t.Turns[1]
		output.list("raw", 1, func(int) string { return quoted(answer.Text) })
		if answer.Reasoning != nil {
			output.list("reasoning_trace", 1, func(int) string { return quoted(*answer.Reasoning) })
		}
		o.raw("output", output.json())
	} else {
		o.list("messages", len(t.Turns), func(k int) string { return eeeTurn(&t.Turns[k], all[k]) })
	}
	o.raw("answer_attribution", "[]")
	var e object
	credit := 0
	for _, v := range i.Verdicts {
		credit += int(*v.Credit)
	}
	e.raw("score", strconv.FormatFloat(float64(credit)/float64(len(i.Verdicts)), 'g', 6, 64))
	e.raw("is_correct", strconv.FormatBool(correct))
	e.raw("num_turns", itoa(t.AssistantTurns))
	e.raw("tool_calls_count", strconv.FormatInt(int64(called), 10))
	o.raw("evaluation", e.json())
	o.maybe("error", t.Error)
	var m object
	m.text("trajectory_id", t.TrajectoryID)
	m.text("system", t.System)
	m.maybe("condition", t.Condition)
	m.text("repeat", itoa(t.Repeat))
	m.text("setting", t.Setting)
	m.maybe("terminal", t.Terminal)
	for _, v := range i.Verdicts {
		m.text("outcome."+v.Constraint, v.Outcome)
	}
	o.raw("metadata", m.json())
	return "", nil
}

func prefilled(u *schema.Turn) bool { return u.Prefilled != nil && *u.Prefilled }

func eeeTurn(u *schema.Turn, calls []toolCall) string {
	var m object
	m.raw("turn_idx", itoa(u.Index))
	m.text("role", plainRole(u.Role))
	m.text("content", u.Text)
	m.maybe("reasoning_trace", u.Reasoning)
	if len(calls) > 0 {
		m.list("tool_calls", len(calls), func(i int) string {
			var c object
			c.text("id", calls[i].id)
			c.text("name", calls[i].name)
			if v, ok := calls[i].object(); ok {
				var texts object
				for _, m := range members(ptr(string(v))) {
					if v := jsontext.Value(m.value); v.Kind() == jsontext.KindString {
						texts.text(m.name, unquoted(v))
					} else {
						texts.text(m.name, m.value)
					}
				}
				c.raw("arguments", texts.json())
			} else {
				c.raw("arguments", "null")
			}
			return c.json()
		})
	}
	if u.ToolCallID != nil {
		m.list("tool_call_id", 1, func(int) string { return quoted(*u.ToolCallID) })
	}
	return m.json()
}
