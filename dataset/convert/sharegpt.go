package convert

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var shareGPT = &Format{
	Name: "sharegpt",
	Doc: `conversations as ShareGPT has them: who says it under from, what under value

A record is {"conversations": [{"from": "human", "value": …}]}; items for conversations, and
role and content for from and value, are read too. Records lie one a line, in one list, or
one after another, or are the rows of a Parquet file.

turns           system first, then the conversation
role            human and user are user; gpt, chatgpt, bing, bard and assistant are
                assistant, and so is function_call; observation, function_response, function
                and tool are tool
tool_calls_json what function_call says, an object {name, arguments} or a list of them, in
                the shape of OpenAI's
source_id       the number in the conversation, from 0
trajectory_id   FILE/ with trajectory_id, id, uuid or conversation_id, the first there is,
                as the same ids come again in other files; else made of the text and the place
metadata_json   every other key, if it is short; lossy_media for images, videos and audios

Everything else beside the conversation is read as openai-chat does. Preferences (chosen and
rejected) are no conversations, and refused.`,
	Lost:  "tool schemas, media, weights",
	Looks: `objects with "conversations" (or "items") whose elements have a "from" and a "value", or a "role"`,
	knows: func(g glance) bool {
		if foreignTo(g) {
			return false
		}
		first := g.get("conversations").at(0)
		return first.has("from") || first.has("role", "content") || g.get("items").at(0).has("from", "value")
	},
	value: readShareGPT,
}

// moreRoles are words for who speaks that only ShareGPT has.
var moreRoles = map[string]string{
	"chatgpt": "assistant", "bing": "assistant", "bard": "assistant", "function_call": "assistant", "function_response": "tool",
}

func readShareGPT(r *record, d *draft) error {
	c := &chat{draft: d}
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return err
		}
		return r.fault("is not an object with conversations")
	}
	var system []schema.Turn
	err := r.object(func(key string) error {
		switch key {
		case "conversations", "items":
			return c.conversation(r)
		case "system", "system_prompt":
			s, err := r.text()
			if s != nil && *s != "" {
				system = []schema.Turn{{Role: "system", Text: *s}}
			}
			return err
		case "images", "videos", "audios", "image", "video", "audio":
			if r.kind() != jsontext.KindNull {
				d.media = true
			}
			return r.skip()
		}
		return c.beside(r, key)
	})
	switch {
	case err != nil:
		return err
	case len(d.turns) == 0:
		return &fault{"conversations", errNoMessages}
	}
	d.turns = append(system, d.turns...)
	if d.id != "" {
		d.id = r.sink.source.stem + "/" + d.id
	}
	return nil
}

func (c *chat) conversation(r *record) error {
	return r.array(func(i int) error {
		var m struct {
			From    word   `json:"from"`
			Role    word   `json:"role"`
			Value   blocks `json:"value"`
			Content blocks `json:"content"`
			Text    blocks `json:"text"`
		}
		if err := r.into(&m); err != nil {
			return err
		}
		from := string(m.From)
		if from == "" {
			from = string(m.Role)
		}
		role := roles[from]
		if role == "" {
			role = moreRoles[from]
		}
		if role == "" {
			return &fault{dotted(string(r.dec.StackPointer()) + "/from"), errors.New("unknown role " + excerpt(from))}
		}
		t := schema.Turn{Role: role, SourceID: ptr(strconv.Itoa(i)), Text: c.said(append(append(m.Value, m.Content...), m.Text...))}
		if from == "function_call" {
			t.ToolCallsJSON = shareGPTCalls(t.Text)
			t.Text = ""
		}
		if r.sink.run.Think {
			think(&t)
		}
		c.turns = append(c.turns, t)
		return nil
	})
}

// shareGPTCalls reads what stands in the text of a call: one, several, or something that
// cannot be read, which is kept as arguments.
func shareGPTCalls(text string) *string {
	type called struct {
		Name      word           `json:"name"`
		Arguments jsontext.Value `json:"arguments"`
	}
	var one called
	var calls callList
	text = strings.TrimSpace(text)
	many := []called{}
	switch {
	case inner(jsontext.Value(text), &many) == nil:
	case inner(jsontext.Value(text), &one) == nil && one.Name != "":
		many = append(many, one)
	default:
		many = append(many, called{Arguments: jsontext.Value(quoted(text))})
	}
	for _, m := range many {
		calls.add("", string(m.Name), m.Arguments)
	}
	return calls.json()
}
