package check

import (
	"encoding/json"
	"fmt"

	"github.com/righting-bench/righting/schema"
)

var unmatchedToolCall = &Rule{
	Code: "T004", Name: "unmatched-tool-call", Severity: Warning,
	Doc: `a tool call has no result, or a result has no call

A turn of role tool names by tool_call_id the call that it answers. Where one of the two
is absent, part of the conversation is lost, or an id is mistaken. Calls after the last
result may be open: the conversation ended there. Calls and results without an id are
not compared. Only the first of either kind in a trajectory is named.`,
	Fix: `Restore the turn that is lost, or correct the id.`,
	Start: func(*Data) Visitor {
		return Visitor{Trajectory: func(at *Row, t *schema.Trajectory) {
			var open toolCalls
			lost := false
			for i := range t.Turns {
				u := &t.Turns[i]
				if u.ToolCallsJSON != nil {
					for _, id := range callIDs(*u.ToolCallsJSON) {
						open.call(id, i)
					}
				}
				if id := u.ToolCallID; id != nil && *id != "" && u.Role == "tool" && !open.answer(*id, i) && !lost {
					lost = true
					at.Report(fmt.Sprintf("turns[%d].tool_call_id", i), "%s answers no call before it", quote(*id))
				}
			}
			if id, turn, ok := open.unanswered(); ok {
				at.Report(fmt.Sprintf("turns[%d].tool_calls_json", turn), "call %s is never answered, and later ones are", quote(id))
			}
		}}
	},
}

// toolCalls are the calls so far, those of one id as one.
type toolCalls struct {
	ids  []string
	of   map[string]*toolCall
	last int // turn of the last result
}

type toolCall struct {
	turn     int // of the last call with that id
	answered bool
}

func (c *toolCalls) call(id string, turn int) {
	if c.of == nil {
		c.of = map[string]*toolCall{}
	}
	if was := c.of[id]; was != nil {
		was.turn = turn
		return
	}
	c.ids = append(c.ids, id)
	c.of[id] = &toolCall{turn: turn}
}

// answer is whether there was such a call.
func (c *toolCalls) answer(id string, turn int) bool {
	was := c.of[id]
	if was == nil {
		return false
	}
	was.answered, c.last = true, turn
	return true
}

// unanswered is the first call without a result before the last result.
func (c *toolCalls) unanswered() (id string, turn int, ok bool) {
	for _, id := range c.ids {
		if call := c.of[id]; !call.answered && call.turn < c.last {
			return id, call.turn, true
		}
	}
	return "", 0, false
}

// callIDs are the ids of calls in JSON: an object or a list of objects with id, call_id
// or tool_call_id.
func callIDs(calls string) (ids []string) {
	var list []json.RawMessage
	if json.Unmarshal([]byte(calls), &list) != nil {
		list = []json.RawMessage{json.RawMessage(calls)}
	}
	for _, text := range list {
		var call map[string]json.RawMessage
		if json.Unmarshal(text, &call) != nil {
			continue
		}
		for _, key := range []string{"tool_call_id", "call_id", "id"} {
			var id string
			if json.Unmarshal(call[key], &id) == nil && id != "" {
				ids = append(ids, id)
				break
			}
		}
	}
	return ids
}
