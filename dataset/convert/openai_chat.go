package convert

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var openAIChat = &Format{
	Name: "openai-chat",
	Doc: `conversations as OpenAI's chat API has them, one object a line

A record is {"messages": [{"role": …, "content": …}]}, a bare list of messages, or an
API record with request.messages and response.choices, whose first choice is the last
turn; a Batch row with response.body.choices is one too. Records lie one a line, in one
list, or one after another, or are the rows of a Parquet file.

turns           messages; content may be a text, null or a list of parts, which are
                joined by line ends; an image or other medium is [image], and then
                metadata_json says lossy_media
role            as written; function is tool; human is user; gpt, model, agent and bot
                are assistant
tool_calls_json tool_calls as written; function_call as one call
reasoning       reasoning_content or reasoning; with --think also <think>…</think>
trajectory_id   trajectory_id, id, uuid, conversation_id or custom_id, the first there
                is; else made of the text and the place
system, model   model; without one the system is the file's name
scenario        scenario, scenario_id, task, task_id, prompt_id or question_id, the first
                there is; else what stands before the first answer names it
repeat          repeat or trial
condition, agent, split, setting   the key of that name
terminal        limit where finish_reason is length; or the key of that name, in our words
prefilled       the key of that name of a message
metadata_json   every other key, if it is short

Templates may name any text, number or boolean beside the messages, and {file} and {row}.`,
	Lost:  "tool schemas, usage, logprobs, media, second choices, weights",
	Looks: `objects with "messages" whose elements have a "role", or lists of those`,
	knows: knowsChat,
	value: readChat,
}

// foreign are keys beside messages that mark other formats.
var foreign = []string{"traj", "suite_name", "evaluation_id", "interaction_type", "transcript_id", "sessionId", "harness", "simulations", "termination_reason", "chosen", "rejected"}

func knowsChat(g glance) bool {
	if foreignTo(g) || answersAnthropic(g) {
		return false
	}
	return chatLike(g) || chatLike(g.get("messages")) || chatLike(g.get("request", "messages")) ||
		g.get("response", "choices").at(0).has("message") || g.get("response", "body", "choices").at(0).has("message")
}

// chatLost are keys that are known and not kept.
var chatLost = []string{
	"tools", "functions", "tool_choice", "function_call", "parallel_tool_calls", "usage", "logprobs", "weight", "system_fingerprint",
	"object", "service_tier", "response_format",
}

// The keys that say the same, best first.
var (
	chatIDs       = []string{"trajectory_id", "id", "uuid", "conversation_id", "custom_id"}
	chatScenarios = []string{"scenario", "scenario_id", "task", "task_id", "prompt_id", "question_id"}
	chatRepeats   = []string{"repeat", "trial"}
)

// longestKept bounds what metadata_json takes of one key.
const longestKept = 4 << 10

// A chat is what is gathered of one record.
type chat struct {
	*draft
	id, scenario, repeat int // how good the key was that gave it; 0 = none did
}

func readChat(r *record, d *draft) error {
	c := &chat{draft: d}
	var err error
	switch r.kind() {
	case jsontext.KindBeginArray:
		err = messages(r, d)
	case jsontext.KindBeginObject:
		err = r.object(func(key string) error { return c.member(r, key) })
	default:
		if err = r.skip(); err == nil {
			err = r.fault("is neither an object with messages nor a list of them")
		}
	}
	if err == nil && len(d.turns) == 0 {
		err = &fault{"messages", errNoMessages}
	}
	return err
}

// member reads what stands beside the messages, and these.
func (c *chat) member(r *record, key string) error {
	switch key {
	case "messages":
		return messages(r, c.draft)
	case "request", "response":
		if r.kind() == jsontext.KindBeginObject {
			return r.object(func(key string) error { return c.api(r, key) })
		}
		return r.skip()
	}
	return c.beside(r, key)
}

// api reads an API record: the request comes before the response.
func (c *chat) api(r *record, key string) error {
	switch {
	case key == "messages":
		return messages(r, c.draft)
	case key == "choices":
		return c.choices(r)
	case key == "body" && r.kind() == jsontext.KindBeginObject:
		return r.object(func(key string) error { return c.api(r, key) })
	case key == "model" && c.Model == nil:
		return c.beside(r, key)
	}
	return r.skip()
}

// choices takes the first one.
func (c *chat) choices(r *record) error {
	return r.array(func(i int) error {
		if i > 0 {
			r.sink.note(r.place.File, r.place.Row, "several choices, of which the first is taken")
			return r.skip()
		}
		return r.object(func(key string) error {
			switch key {
			case "message":
				t, err := message(r, c.draft)
				if err == nil {
					c.turns = append(c.turns, t)
				}
				return err
			case "finish_reason":
				s, err := r.word()
				if s != nil && *s == "length" {
					limit := "limit"
					c.Terminal = &limit
				}
				return err
			}
			return r.skip()
		})
	})
}

// beside reads a key that says something of the whole.
func (c *chat) beside(r *record, key string) error {
	if slices.Contains(chatLost, key) {
		return r.skip()
	}
	switch r.kind() {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		s, err := r.raw()
		if err == nil && len(s) <= longestKept {
			c.keep(key, s)
		} else if err == nil {
			r.sink.note(r.place.File, r.place.Row, "a long value is not kept: "+excerpt(key))
		}
		return err
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return err
	}
	text, raw := scalar(v), string(v)
	if text == nil {
		return nil
	}
	c.know(key, text)
	return c.scalar(r, key, *text, raw)
}

// scalar is the text of a string, or what is written; null is nil.
func scalar(v jsontext.Value) *string {
	s := string(v)
	switch v.Kind() {
	case jsontext.KindNull:
		return nil
	case jsontext.KindString:
		b, _ := jsontext.AppendUnquote(nil, v) // the decoder has read it before
		s = string(b)
	}
	return &s
}

func (c *chat) scalar(r *record, key, text, raw string) error {
	best := func(keys []string, at *int) bool {
		rank := len(keys) - slices.Index(keys, key)
		if rank > len(keys) || rank <= *at || text == "" {
			return false
		}
		*at = rank
		return true
	}
	switch {
	case slices.Contains(chatIDs, key) && best(chatIDs, &c.id):
		c.draft.id = text
	case slices.Contains(chatScenarios, key) && best(chatScenarios, &c.scenario):
		c.draft.scenario.Scenario = text
	case slices.Contains(chatRepeats, key) && best(chatRepeats, &c.repeat):
		n, err := atoi(text)
		if err != nil {
			return r.fault("%s is not a whole number from 0 on", excerpt(text))
		}
		c.Repeat = n
	case key == "model":
		c.Model = &text
	case key == "agent":
		c.Agent = &text
	case key == "condition":
		c.Condition = &text
	case key == "split":
		c.Split = &text
	case key == "terminal" && schema.Terminals.Check(text) == nil:
		name, _ := schema.Terminals.Canonical(text)
		c.Terminal = &name
	case key == "setting":
		return c.set(r, text)
	case len(raw) <= longestKept:
		c.keep(key, raw)
	default:
		r.sink.note(r.place.File, r.place.Row, "a long value is not kept: "+excerpt(key))
	}
	return nil
}

// set takes a setting of the vocabulary.
func (c *chat) set(r *record, text string) error {
	name, ok := schema.Settings.Canonical(text)
	if !ok {
		return r.fault("%w", schema.Settings.Check(text))
	}
	c.Setting = name
	return nil
}
