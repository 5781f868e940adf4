package convert

import (
	"cmp"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var codex = &Format{
	Name: "codex",
	Doc: `rollouts of Codex: a file of lines, each an event of one session

A line is {"timestamp": …, "type": "session_meta", "payload": {…}}; those of type
response_item hold an item as openai-responses reads them. A record is a line. Older files
have items without such envelopes, which openai-responses reads.

turns           session_meta's instructions or base_instructions, as the system, and the items; a summary that
                takes the place of what came before (compacted) is one of role system whose
                name is compact_summary
trajectory_id   session_meta's id; agent is codex
model           turn_context's model, the last one there is
started_at      session_meta's timestamp
metadata_json   cwd, cli_version, git

Templates may name {id}, {cwd}, {cli_version}, {model}, {file} and {row}.`,
	Lost:  "events for the screen (event_msg), which say again what the items say, usage, encrypted reasoning, media",
	Looks: `lines with a "payload" and the "type" session_meta, turn_context, response_item, event_msg or compacted`,
	knows: func(g glance) bool {
		if g.get("payload").kind != jsontext.KindBeginObject {
			return false
		}
		switch g.get("type").text {
		case "session_meta", "turn_context", "response_item", "event_msg", "compacted":
			return true
		}
		return false
	},
	gathers: func(glance) bool { return true },
	gather:  func(s *source) gatherer { return newRollout(s, false) },
}

// envelope reads a line of a rollout.
func (o *rollout) envelope(r *record) error {
	var line struct {
		Type    word           `json:"type"`
		Payload jsontext.Value `json:"payload"`
	}
	if err := r.into(&line); err != nil {
		return err
	}
	if line.Payload.Kind() != jsontext.KindBeginObject {
		return &fault{"payload", errMissing}
	}
	switch line.Type {
	case "response_item":
		var it item
		if err := decodeItem(line.Payload, &it); err != nil {
			return err
		}
		return o.item(r, &it)
	case "session_meta", "turn_context", "compacted":
		var of struct {
			ID           word           `json:"id"`
			Time         word           `json:"timestamp"`
			CWD          word           `json:"cwd"`
			Version      word           `json:"cli_version"`
			Git          jsontext.Value `json:"git"`
			Instructions *word          `json:"instructions"`
			Base         struct {
				Text *word `json:"text"`
			} `json:"base_instructions"`
			Model   word  `json:"model"`
			Message *word `json:"message"`
		}
		if err := inner(line.Payload, &of); err != nil {
			return &fault{"payload", errBadItem.err}
		}
		d := &o.g.draft
		switch {
		case line.Type == "session_meta" && o.begun:
			return errSkip
		case line.Type == "session_meta":
			o.session(r, string(of.ID), of.Time, of.Git)
			d.know("cwd", some(of.CWD))
			d.know("cli_version", some(of.Version))
			d.keepText(r, "cwd", string(of.CWD))
			d.keepText(r, "cli_version", string(of.Version))
			o.instruct(cmp.Or(of.Instructions, of.Base.Text))
		case line.Type == "turn_context" && of.Model != "":
			d.Model = some(of.Model)
			d.know("model", d.Model)
		case line.Type == "compacted" && of.Message != nil && *of.Message != "":
			o.items.other(schema.Turn{Role: "system", Text: string(*of.Message), Name: ptr("compact_summary")})
		default:
			return errSkip
		}
		o.g.part(r)
		return nil
	case "event_msg":
		return errSkip
	}
	r.sink.note(r.place.File, r.place.Row, "lines of a type that is not read: "+excerpt(string(line.Type)))
	return errSkip
}
