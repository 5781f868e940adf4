package convert

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var openAIResponses = &Format{
	Name: "openai-responses",
	Doc: `items of OpenAI's Responses API: messages, calls, results and reasoning apart

A record is a list of items, or {"instructions": …, "input": …, "output": […]}, or
{"request": {…}, "response": {…}} of those. A file of one item a line is one conversation,
and then a record is a line; so Codex wrote its sessions once, with a first line of "id" and
"instructions" and lines of "record_type", which are skipped.

turns           instructions first, as the system; what the model says, thinks and calls
                without anything in between is one turn; a result is one of role tool
role            as written; system for what Codex says in the user's place
                (<environment_context>, <user_instructions>)
tool_calls_json function_call, custom_tool_call and every other …_call, in the shape of
                OpenAI's chat; what the provider's tools return is a turn of role tool
tool_call_id    call_id
reasoning       the summaries and texts of reasoning; where it is encrypted, metadata_json
                says reasoning_hidden
source_id       the item's id, the message's before others; else its number, from 0
trajectory_id, model, scenario, repeat …  beside the items, as openai-chat reads them
terminal        limit where status is incomplete`,
	Lost:    "tool schemas, usage, encrypted reasoning, media, item references",
	Looks:   `lists or lines of items with a "type" such as function_call, reasoning or message, or objects that hold them in "input" and "output"`,
	knows:   knowsResponses,
	value:   readResponses,
	gathers: func(g glance) bool { return g.kind == jsontext.KindBeginObject && !holdsItems(g) },
	gather:  func(s *source) gatherer { return newRollout(s, true) },
}

// itemTypes are those of items that other formats do not have.
var itemTypes = []string{"function_call", "function_call_output", "reasoning", "custom_tool_call", "custom_tool_call_output", "local_shell_call", "local_shell_call_output", "web_search_call", "mcp_call", "item_reference"}

// isItem is whether a value is one of the items that only this API has.
func isItem(g glance) bool {
	kind := g.get("type").text
	if kind == "message" && g.has("role") {
		for _, part := range g.get("content").list {
			switch part.get("type").text {
			case "input_text", "output_text", "refusal", "input_image":
				return true
			}
		}
		return g.get("content").kind == jsontext.KindString
	}
	return slices.Contains(itemTypes, kind) && !g.has("message") && !g.has("payload")
}

// itemLike is whether a list is one of items.
func itemLike(g glance) bool { return slices.ContainsFunc(g.list, isItem) }

// holdsItems is whether a record holds lists of items.
func holdsItems(g glance) bool {
	return itemLike(g) || itemLike(g.get("input")) || itemLike(g.get("output")) || itemLike(g.get("request", "input")) || itemLike(g.get("response", "output"))
}

func knowsResponses(g glance) bool { return isItem(g) || holdsItems(g) }

// An item is one, in the words of all types.
type item struct {
	Type      word           `json:"type"`
	ID        word           `json:"id"`
	Role      word           `json:"role"`
	Content   blocks         `json:"content"`
	Summary   blocks         `json:"summary"`
	Encrypted *word          `json:"encrypted_content"`
	Name      word           `json:"name"`
	Arguments jsontext.Value `json:"arguments"`
	Input     jsontext.Value `json:"input"`
	Action    jsontext.Value `json:"action"`
	CallID    word           `json:"call_id"`
	Output    jsontext.Value `json:"output"`
	Error     jsontext.Value `json:"error"`
	Queries   jsontext.Value `json:"queries"`
	Code      jsontext.Value `json:"code"`
}

// A folder makes turns of items.
type folder struct {
	*draft
	codex bool // its user says what no user typed
	names map[word]word
	items int
	open  bool // the last turn is the model's, and goes on
}

func (f *folder) item(r *record, it *item) error {
	at := strconv.Itoa(f.items)
	if it.ID != "" {
		at = string(it.ID)
	}
	kind := string(it.Type)
	switch {
	case kind == "message" || kind == "" && it.Role != "":
		role := roles[string(it.Role)]
		if role == "" {
			return &fault{"role", errors.New("unknown role " + excerpt(string(it.Role)))}
		}
		f.items++
		text := f.said(it.Content)
		if role == "assistant" {
			t := f.own(at)
			t.Text = join(t.Text, text)
			if it.ID != "" {
				t.SourceID = &at
			}
			return nil
		}
		if f.codex && (strings.HasPrefix(text, "<environment_context>") || strings.HasPrefix(text, "<user_instructions>")) {
			role = "system"
		}
		f.other(schema.Turn{Role: role, Text: text, SourceID: &at})
	case kind == "reasoning":
		f.items++
		thought := f.said(append(it.Summary, it.Content...))
		if it.Encrypted != nil && *it.Encrypted != "" {
			f.keep("reasoning_hidden", "true")
		}
		if t := f.own(at); thought != "" {
			t.Reasoning = joined(t.Reasoning, thought)
		}
	case strings.HasSuffix(kind, "_output"):
		f.items++
		f.other(schema.Turn{Role: "tool", Text: f.result(it.Output), ToolCallID: some(it.CallID), Name: some(f.names[it.CallID]), SourceID: &at})
	case strings.HasSuffix(kind, "_call"):
		f.items++
		f.call(it, at)
	default:
		f.items++
		if kind != "item_reference" {
			r.sink.note(r.place.File, r.place.Row, "items of a type that is not read: "+excerpt(kind))
		}
		return errSkip
	}
	return nil
}

// call takes what the model calls, and what the provider's tool returned at once.
func (f *folder) call(it *item, at string) {
	t := f.own(at)
	id := cmp.Or(it.CallID, it.ID)
	name := cmp.Or(it.Name, word(strings.TrimSuffix(string(it.Type), "_call")))
	arguments := jsontext.Value("{}")
	for _, v := range []jsontext.Value{it.Arguments, it.Input, it.Action, it.Queries, it.Code} {
		if len(v) > 0 && v.Kind() != jsontext.KindNull {
			arguments = v
			break
		}
	}
	var calls callList
	calls.join(t.ToolCallsJSON)
	calls.add(string(id), string(name), arguments)
	t.ToolCallsJSON = calls.json()
	f.names[id] = name
	for _, v := range []jsontext.Value{it.Output, it.Error} {
		if len(v) > 0 && v.Kind() != jsontext.KindNull {
			f.other(schema.Turn{Role: "tool", Text: f.result(v), ToolCallID: some(id), Name: some(name), SourceID: &at})
			break
		}
	}
}

// own is the model's turn that goes on, or a new one.
func (f *folder) own(at string) *schema.Turn {
	if !f.open {
		f.turns = append(f.turns, schema.Turn{Role: "assistant", SourceID: &at})
		f.open = true
	}
	return &f.turns[len(f.turns)-1]
}

func (f *folder) other(t schema.Turn) {
	f.turns = append(f.turns, t)
	f.open = false
}

// A responsesRecord is what is gathered of one record.
type responsesRecord struct {
	chat
	instructions *string
	input        folder
	output       folder
}

func readResponses(r *record, d *draft) error {
	names := map[word]word{}
	a := &responsesRecord{chat: chat{draft: d}, input: folder{draft: &draft{}, names: names}, output: folder{draft: &draft{}, names: names}}
	var err error
	switch r.kind() {
	case jsontext.KindBeginArray:
		err = a.list(r, &a.input)
	case jsontext.KindBeginObject:
		err = r.object(func(key string) error { return a.member(r, key, true) })
	default:
		if err = r.skip(); err == nil {
			err = r.fault("is neither a list of items nor an object that holds them")
		}
	}
	if err != nil {
		return err
	}
	if a.instructions != nil && *a.instructions != "" {
		d.turns = append(d.turns, schema.Turn{Role: "system", Text: *a.instructions})
	}
	d.turns = append(append(d.turns, a.input.turns...), a.output.turns...)
	d.rest = append(append(d.rest, a.input.rest...), a.output.rest...)
	d.media = a.input.media || a.output.media
	if len(d.turns) == 0 {
		return &fault{"", errNoMessages}
	}
	return nil
}

func (a *responsesRecord) member(r *record, key string, outer bool) (err error) {
	switch {
	case key == "instructions":
		if r.kind() != jsontext.KindString {
			return r.skip()
		}
		a.instructions, err = r.text()
		return err
	case key == "input" && r.kind() == jsontext.KindString:
		s, err := r.text()
		if err == nil {
			a.input.other(schema.Turn{Role: "user", Text: *s})
		}
		return err
	case key == "input", key == "items":
		return a.list(r, &a.input)
	case key == "output":
		return a.list(r, &a.output)
	case outer && (key == "request" || key == "response") && r.kind() == jsontext.KindBeginObject:
		return r.object(func(key string) error { return a.member(r, key, false) })
	case key == "status":
		s, err := r.word()
		if s != nil && *s == "incomplete" {
			a.Terminal = ptr("limit")
		}
		return err
	case slices.Contains(responsesLost, key):
		return r.skip()
	case outer || key == "model" && a.Model == nil || key == "id" && a.id == 0:
		return a.beside(r, key)
	}
	return r.skip()
}

// responsesLost are keys of requests and responses that are known and not kept.
var responsesLost = []string{"reasoning", "text", "truncation", "store", "include", "incomplete_details", "error", "object", "previous_response_id", "background", "billing", "prompt_cache_key", "safety_identifier", "max_output_tokens", "output_text"}

func (a *responsesRecord) list(r *record, to *folder) error {
	return r.array(func(int) error {
		var it item
		if err := r.into(&it); err != nil {
			return err
		}
		at := r.dec.StackPointer()
		err := to.item(r, &it)
		var f *fault
		switch {
		case errors.Is(err, errSkip):
			return nil
		case errors.As(err, &f):
			return &fault{dotted(string(at) + "/" + f.field), f.err}
		}
		return err
	})
}

// A rollout is a conversation of items, one a line.
type rollout struct {
	g     gathered
	items folder
	bare  bool // no envelopes
	begun bool
}

func newRollout(s *source, bare bool) *rollout {
	o := &rollout{bare: bare}
	o.g.reset(1, 1)
	o.items = folder{draft: &o.g.draft, codex: true, names: map[word]word{}}
	if !bare {
		o.g.Agent = ptr("codex")
	}
	return o
}

func (o *rollout) end(_ *sink, take func(*gathered)) { take(&o.g) }

// value reads a bare item, or a line of Codex that stands beside them.
func (o *rollout) value(r *record) error {
	if !o.bare {
		return o.envelope(r)
	}
	var line struct {
		Type         word           `json:"type"`
		ID           word           `json:"id"`
		Time         word           `json:"timestamp"`
		Instructions *word          `json:"instructions"`
		Model        word           `json:"model"`
		Record       *word          `json:"record_type"`
		Git          jsontext.Value `json:"git"`
	}
	text := r.line
	if err := r.into(&line); err != nil {
		return err
	}
	switch {
	case line.Record != nil:
		return errSkip
	case line.Type == "" && line.ID != "" && line.Time != "":
		o.g.part(r)
		o.session(r, string(line.ID), line.Time, line.Git)
		o.g.Agent = ptr("codex")
		o.instruct(line.Instructions)
		return nil
	}
	var it item
	text = text[:r.dec.InputOffset()]
	if err := decodeItem(text, &it); err != nil {
		return err
	}
	return o.item(r, &it)
}

// decodeItem reads an item that is known to be JSON.
func decodeItem(text []byte, it *item) error {
	if err := inner(bytes.TrimSpace(text), it); err != nil {
		return errBadItem
	}
	return nil
}

var errBadItem = &fault{"", errors.New("is not an item as OpenAI writes them")}

func (o *rollout) item(r *record, it *item) error {
	err := o.items.item(r, it)
	if err == nil {
		o.g.part(r)
	}
	return err
}

func (o *rollout) instruct(s *word) {
	if s != nil && *s != "" {
		o.items.other(schema.Turn{Role: "system", Text: string(*s)})
	}
}

// session takes what a first line says of it all.
func (o *rollout) session(r *record, id string, begun word, git jsontext.Value) {
	d := &o.g.draft
	if o.begun {
		return
	}
	o.begun = true
	d.id = id
	d.know("id", &id)
	d.begins(r, "timestamp", string(begun))
	d.keepShort(r, "git", git)
}
