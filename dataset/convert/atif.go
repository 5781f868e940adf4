package convert

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var atif = &Format{
	Name: "atif",
	Doc: `trajectories of agents in Harbor's format, ATIF

A record is {"schema_version": "ATIF-v1.7", "agent": {…}, "steps": [{"source": "agent",
"message": …}]}, as a rule one a file.

turns           a step is a turn, of the assistant where its source is agent; then one of
                role tool for each result of its observation; one without source_call_id is
                what the environment said
tool_calls_json tool_calls, in the shape of OpenAI's
reasoning       reasoning_content
prefilled       the agent's steps that are copied from the part before (is_copied_context):
                they were its own words there
source_id       step_id
trajectory_id   trajectory_id; else session_id/FILE, as the parts of one session share it
model, agent    agent.model_name, or the first step's that has one; agent.name
started_at      the first step's timestamp
metadata_json   session_id, agent.version, notes, extra, continued_trajectory_ref

There are no scores in it: Harbor writes them into result.json. Templates may name
{session_id}, {agent}, {version}, {model}, {file} and {row}.`,
	Lost:  "metrics, tool schemas, trajectories of subagents, media",
	Looks: `objects with a "schema_version" that begins with ATIF-`,
	knows: func(g glance) bool { return strings.HasPrefix(g.get("schema_version").text, "ATIF-") },
	value: readATIF,
}

type atifTrajectory struct {
	Session    word `json:"session_id"`
	Trajectory word `json:"trajectory_id"`
	Agent      struct {
		Name    word `json:"name"`
		Version word `json:"version"`
		Model   word `json:"model_name"`
	} `json:"agent"`
	Steps     []atifStep       `json:"steps"`
	Notes     jsontext.Value   `json:"notes"`
	Extra     jsontext.Value   `json:"extra"`
	Next      jsontext.Value   `json:"continued_trajectory_ref"`
	Subagents []jsontext.Value `json:"subagent_trajectories"`
}

type atifStep struct {
	ID        word   `json:"step_id"`
	Time      word   `json:"timestamp"`
	Source    word   `json:"source"`
	Message   blocks `json:"message"`
	Reasoning *word  `json:"reasoning_content"`
	Model     word   `json:"model_name"`
	Copied    *bool  `json:"is_copied_context"`
	Calls     []struct {
		ID        word           `json:"tool_call_id"`
		Name      word           `json:"function_name"`
		Arguments jsontext.Value `json:"arguments"`
	} `json:"tool_calls"`
	Observation struct {
		Results []struct {
			CallID   word           `json:"source_call_id"`
			Content  blocks         `json:"content"`
			Subagent jsontext.Value `json:"subagent_trajectory_ref"`
		} `json:"results"`
	} `json:"observation"`
}

func readATIF(r *record, d *draft) error {
	var all atifTrajectory
	if err := r.into(&all); err != nil {
		return err
	}
	d.Model, d.Agent = some(all.Agent.Model), some(all.Agent.Name)
	names := map[word]word{}
	for i := range all.Steps {
		step := &all.Steps[i]
		role := string(step.Source)
		switch role {
		case "agent":
			role = "assistant"
		case "user", "system":
		default:
			return &fault{"steps[" + strconv.Itoa(i) + "].source", errors.New("unknown source " + excerpt(role))}
		}
		t := schema.Turn{Role: role, Text: d.said(step.Message), SourceID: some(step.ID)}
		if step.Reasoning != nil {
			t.Reasoning = some(*step.Reasoning)
		}
		if role == "assistant" && step.Copied != nil && *step.Copied {
			t.Prefilled = ptr(true)
		}
		if d.Model == nil {
			d.Model = some(step.Model)
		}
		var calls callList
		for _, c := range step.Calls {
			calls.add(string(c.ID), string(c.Name), c.Arguments)
			names[c.ID] = c.Name
		}
		t.ToolCallsJSON = calls.json()
		d.turns = append(d.turns, t)
		d.begins(r, "timestamp", string(step.Time))
		for _, result := range step.Observation.Results {
			d.turns = append(d.turns, schema.Turn{
				Role: "tool", Text: d.said(result.Content), ToolCallID: some(result.CallID), Name: some(names[result.CallID]),
			})
			if len(result.Subagent) > 0 {
				r.sink.note(r.place.File, r.place.Row, "results refer to trajectories of subagents, which are not followed")
			}
		}
	}
	if len(all.Subagents) > 0 {
		r.sink.note(r.place.File, r.place.Row, "trajectories of subagents are not read")
	}
	if len(d.turns) == 0 {
		return &fault{"steps", errNoMessages}
	}
	switch {
	case all.Trajectory != "":
		d.id = string(all.Trajectory)
	case all.Session != "":
		d.id = string(all.Session) + "/" + r.sink.source.stem
	}
	d.know("session_id", some(all.Session))
	d.know("agent", d.Agent)
	d.know("version", some(all.Agent.Version))
	d.know("model", d.Model)
	d.keepText(r, "session_id", string(all.Session))
	d.keepText(r, "version", string(all.Agent.Version))
	d.keepShort(r, "notes", all.Notes)
	d.keepShort(r, "extra", all.Extra)
	d.keepShort(r, "continued_trajectory_ref", all.Next)
	return nil
}
