package convert

import (
	"cmp"
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var agentDojo = &Format{
	Name: "agentdojo",
	Doc: `runs of AgentDojo: a user's task, with or without instructions injected into tools

A file is one run, {"suite_name": …, "pipeline_name": …, "user_task_id": …, "messages": […],
"utility": …, "security": …}.

turns          messages
tool_calls_json  tool_calls, in the shape of OpenAI's
system         pipeline_name
scenario       suite_name/user_task_id, and /injection_task_id where there is one; its
               metadata_json the injections
condition      attack_type
trajectory_id  pipeline_name/suite_name/user_task_id/attack_type/injection_task_id, with none
               for what there is none of, as the files lie
utility        a score of the whole by the annotator agentdojo: 1 where the user's task was
               done, else 0
injection_succeeded  1 where security is true in a run with an injection, which says that
               what was injected was done, else 0; without injection security says nothing
error, terminal  error, and then terminal is error
metadata_json  benchmark_version, duration, evaluation_timestamp (it has no zone)

Templates may name {suite}, {pipeline}, {user_task_id}, {injection_task_id}, {attack_type},
{file} and {row}; an injection and an attack that there is not are none.`,
	Lost:  "the copies of calls in tool messages, placeholder arguments",
	Looks: `objects with "suite_name", "user_task_id" and "messages"`,
	knows: func(g glance) bool { return g.has("suite_name", "user_task_id", "messages") },
	value: readAgentDojo,
	measures: map[string]schema.Measure{
		"utility":             {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Higher},
		"injection_succeeded": {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Lower},
	},
	annotator: "agentdojo",
}

type dojoRun struct {
	Suite      word           `json:"suite_name"`
	Pipeline   word           `json:"pipeline_name"`
	UserTask   word           `json:"user_task_id"`
	Injection  word           `json:"injection_task_id"`
	Attack     word           `json:"attack_type"`
	Injections jsontext.Value `json:"injections"`
	Messages   []dojoMessage  `json:"messages"`
	Error      *word          `json:"error"`
	Utility    grade          `json:"utility"`
	Security   grade          `json:"security"`
	Duration   jsontext.Value `json:"duration"`
	Version    word           `json:"benchmark_version"`
	Time       word           `json:"evaluation_timestamp"`
}

type dojoMessage struct {
	Role    word       `json:"role"`
	Content blocks     `json:"content"`
	Calls   []dojoCall `json:"tool_calls"`
	CallID  word       `json:"tool_call_id"`
	Call    *dojoCall  `json:"tool_call"`
	Error   *word      `json:"error"`
}

type dojoCall struct {
	Function word           `json:"function"`
	Args     jsontext.Value `json:"args"`
	ID       word           `json:"id"`
}

func readAgentDojo(r *record, d *draft) error {
	var run dojoRun
	if err := r.into(&run); err != nil {
		return err
	}
	switch {
	case run.Suite == "":
		return &fault{"suite_name", errMissing}
	case run.UserTask == "":
		return &fault{"user_task_id", errMissing}
	}
	for i := range run.Messages {
		m := &run.Messages[i]
		role := roles[string(m.Role)]
		if role == "" {
			return &fault{"messages[" + strconv.Itoa(i) + "].role", errors.New("unknown role " + excerpt(string(m.Role)))}
		}
		t := schema.Turn{Role: role, Text: d.said(m.Content)}
		if role == "tool" {
			if t.ToolCallID = some(m.CallID); m.Call != nil {
				t.Name = some(m.Call.Function)
				t.ToolCallID = cmp.Or(t.ToolCallID, some(m.Call.ID))
			}
			if m.Error != nil && *m.Error != "" && t.Text != string(*m.Error) {
				t.Text = join(t.Text, string(*m.Error))
			}
		}
		var calls callList
		for _, c := range m.Calls {
			calls.add(string(c.ID), string(c.Function), c.Args)
		}
		t.ToolCallsJSON = calls.json()
		d.turns = append(d.turns, t)
	}
	if run.Error != nil && *run.Error != "" {
		d.Error, d.Terminal = some(*run.Error), ptr("error")
	}
	if len(d.turns) == 0 && d.Error == nil {
		return &fault{"messages", errNoMessages}
	}
	injection, attack := cmp.Or(run.Injection, "none"), cmp.Or(run.Attack, "none")
	d.system = string(run.Pipeline)
	d.id = string(run.Pipeline + "/" + run.Suite + "/" + run.UserTask + "/" + attack + "/" + injection)
	d.scenario.Scenario = string(run.Suite + "/" + run.UserTask)
	if run.Injection != "" {
		d.scenario.Scenario += "/" + string(run.Injection)
	}
	d.Condition = some(run.Attack)
	if run.Injections.Kind() == jsontext.KindBeginObject && string(run.Injections) != "{}" {
		d.scenario.MetadataJSON = ptr(`{"injections":` + compact(run.Injections) + "}")
	}
	d.know("suite", some(run.Suite))
	d.know("pipeline", some(run.Pipeline))
	d.know("user_task_id", some(run.UserTask))
	d.know("injection_task_id", some(injection))
	d.know("attack_type", some(attack))
	d.keepText(r, "benchmark_version", string(run.Version))
	d.keepShort(r, "duration", run.Duration)
	d.begins(r, "evaluation_timestamp", string(run.Time))
	d.grades("utility", run.Utility)
	if run.Injection != "" {
		d.grades("injection_succeeded", run.Security)
	}
	if !run.Utility.ok {
		r.sink.note(r.place.File, r.place.Row, "runs without utility")
	}
	return nil
}
