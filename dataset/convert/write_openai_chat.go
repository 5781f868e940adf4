package convert

import (
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var writeOpenAIChat = &Writer{
	Name: "openai-chat",
	Doc: `conversations as OpenAI's chat API has them, one object a line

trajectory_id, model, system, agent, scenario, condition, repeat, setting, split, terminal
                keys beside messages, those that say something; what metadata_json holds, too
messages        role, content, name, tool_call_id, prefilled; source_id as id, reasoning as
                reasoning_content; tool_calls as they are`,
	Lost:  openAIChatUnwritten,
	start: func(w io.Writer) writing { return appending{w, appendOpenAIChat} },
}

const openAIChatUnwritten = `judgements, error, started_at, source_format and source_id, calls that are no JSON, and of
metadata_json what is long or has the name of a key that says something else. The system
is a key of its own: --system '{system}' reads it. Trajectories
without turns are written, but not read.`

// chatKeys are those that mean something beside the messages.
var chatKeys = slices.Concat(chatIDs, chatScenarios, chatRepeats, chatLost, foreign, []string{"messages", "request", "response", "model", "agent", "condition", "split", "setting", "system", "terminal"})

// appendOpenAIChat is a trajectory as an object on a line.
func appendOpenAIChat(b []byte, t *schema.Trajectory) []byte {
	var o object
	o.text("trajectory_id", t.TrajectoryID)
	o.maybe("model", t.Model)
	o.text("system", t.System)
	o.maybe("agent", t.Agent)
	o.text("scenario", t.Scenario)
	o.maybe("condition", t.Condition)
	o.raw("repeat", itoa(t.Repeat))
	o.maybe("split", t.Split)
	o.text("setting", t.Setting)
	o.maybe("terminal", t.Terminal)
	var messages list
	for i := range t.Turns {
		messages.add(chatMessage(&t.Turns[i]))
	}
	o.raw("messages", messages.json())
	for _, m := range members(t.MetadataJSON) {
		if !slices.Contains(chatKeys, m.name) && len(m.value) <= longestKept && m.value != "null" {
			o.raw(m.name, m.value)
		}
	}
	return append(append(b, o.json()...), '\n')
}

func chatMessage(t *schema.Turn) string {
	var m object
	m.maybe("id", t.SourceID)
	m.text("role", t.Role)
	m.maybe("name", t.Name)
	m.text("content", t.Text)
	m.maybe("reasoning_content", t.Reasoning)
	if calls := t.ToolCallsJSON; calls != nil && jsontext.Value(*calls).IsValid() {
		m.raw("tool_calls", oneLine(*calls))
	}
	m.maybe("tool_call_id", t.ToolCallID)
	if t.Prefilled != nil && *t.Prefilled {
		m.raw("prefilled", "true")
	}
	return m.json()
}

// oneLine is valid JSON without line ends.
func oneLine(json string) string {
	for i := range len(json) {
		if json[i] == '\n' || json[i] == '\r' {
			return compact(jsontext.Value(json))
		}
	}
	return json
}
