package annotate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset/recipe"
)

var argilla = &Source{
	Name: "argilla",
	Doc: `Argilla's records: as to_json and to_list give them, or flat, as datasets and Parquet have them

trajectory   metadata.trajectory_id or what else --key names, else the record's id
turn         metadata.turn, assistant_turn, exchange or message_id; or a question for each
             turn, turn3_control
annotator    the user's id; a suggestion is by model:AGENT, its score the confidence
field        the question; its value a label, labels, a rating or a text; of a ranking
             the values in their order, of spans their labels

Of flat records only what was submitted counts; drafts and discarded ones are counted. In
nested ones the export has lost the status, which is told. Metadata that stand beside the
questions in a flat record are data.`,
	is: func(h *head) bool {
		return h.object && h.hasRaw("fields", "responses") || len(flatQuestions(h.names)) > 0
	},
	long: longArgilla,
}

// flatQuestions are those of a flat record.
func flatQuestions(names []string) (out []string) {
	for _, name := range names {
		if q, ok := strings.CutSuffix(name, ".responses"); ok && slices.Contains(names, q+".responses.users") {
			out = append(out, q)
		}
	}
	return out
}

func longArgilla(ctx context.Context, h *head, j *join) (*replies, error) {
	h, err := h.whole(ctx)
	if err != nil {
		return nil, err
	}
	r := newReplies(h, j)
	questions := flatQuestions(h.names)
	err = r.from(ctx, h.table, func(row *recipe.Row, cell func(string) string) error {
		if questions == nil {
			return r.nested(row, cell)
		}
		return r.flat(row, cell, h.names, questions)
	})
	return r, err
}

// record is where a record belongs.
func (r *replies) record(id string, metadata map[string]jsontext.Value) said {
	s := r.where(metadata)
	if !s.named() {
		s["trajectory_id"] = id
	}
	return s
}

func (r *replies) nested(row *recipe.Row, cell func(string) string) error {
	metadata := map[string]jsontext.Value{}
	if m := cell("metadata"); m != "" {
		var err error
		if metadata, err = objectOf(jsontext.Value(m)); err != nil {
			return fmt.Errorf("metadata %w", err)
		}
	}
	at := r.record(cell("id"), metadata)
	if all := cell("responses"); all != "" {
		err := members(jsontext.Value(all), func(question string, v jsontext.Value) error {
			return elements(v, func(e jsontext.Value) error {
				o, err := objectOf(e)
				if err != nil {
					return err
				}
				status := textOf(o["status"])
				if status == "" {
					r.notes["responses have no status: drafts and discarded ones cannot be told from those that were submitted"]++
				}
				return r.response(row, at, question, o["value"], plainText(o["user_id"]), status)
			})
		})
		if err != nil {
			return fmt.Errorf("responses: %w", err)
		}
	}
	if all := cell("suggestions"); all != "" {
		err := members(jsontext.Value(all), func(question string, v jsontext.Value) error {
			if !there(v) {
				return nil
			}
			o, err := objectOf(v)
			if err != nil {
				return err
			}
			r.suggestion(row, at, question, o["value"], o["score"], textOf(o["agent"]))
			return nil
		})
		if err != nil {
			return fmt.Errorf("suggestions: %w", err)
		}
	}
	return nil
}

func (r *replies) flat(row *recipe.Row, cell func(string) string, names, questions []string) error {
	metadata := map[string]jsontext.Value{}
	for _, name := range names {
		key := strings.TrimPrefix(name, "metadata.")
		if s := cell(name); s != "" && !strings.Contains(key, ".") {
			metadata[key] = quoted(s)
		}
	}
	delete(metadata, "id")
	at := r.record(cell("id"), metadata)
	list := func(name string) (out []jsontext.Value, err error) {
		s := cell(name)
		if s == "" {
			return nil, nil
		}
		err = elements(jsontext.Value(s), func(v jsontext.Value) error { out = append(out, v); return nil })
		if err != nil {
			err = fmt.Errorf("%s is no list", name)
		}
		return out, err
	}
	for _, q := range questions {
		values, err1 := list(q + ".responses")
		users, err2 := list(q + ".responses.users")
		status, err3 := list(q + ".responses.status")
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		if len(users) != len(values) || status != nil && len(status) != len(values) {
			return fmt.Errorf("%s has %d responses, %d users and %d states; they are not the same people's", q, len(values), len(users), len(status))
		}
		for i, v := range values {
			state := ""
			if status != nil {
				state = textOf(status[i])
			}
			if err := r.response(row, at, q, v, plainText(users[i]), state); err != nil {
				return err
			}
		}
		if s := cell(q + ".suggestion"); s != "" {
			v := jsontext.Value(s)
			if k := v.Kind(); !v.IsValid() || k != jsontext.KindBeginArray && k != jsontext.KindBeginObject {
				v = quoted(s)
			}
			r.suggestion(row, at, q, v, jsontext.Value(cell(q+".suggestion.score")), cell(q+".suggestion.agent"))
		}
	}
	return nil
}

// response adds what a person said.
func (r *replies) response(row *recipe.Row, at said, question string, v jsontext.Value, user, status string) error {
	switch {
	case !there(v):
		return nil
	case status != "" && status != "submitted":
		r.skip(1, "responses are drafts or were discarded")
		return nil
	}
	user = cmp.Or(user, r.j.o.Annotator)
	if user == "" {
		return fmt.Errorf("a response to %s names no user; say with --annotator who judged", question)
	}
	field, s := r.question(question, at)
	s = maps.Clone(s)
	s["annotator"], s["annotator_kind"] = user, "human"
	r.add(row, s, field, argillaText(v))
	return nil
}

// suggestion adds what a model said.
func (r *replies) suggestion(row *recipe.Row, at said, question string, v, score jsontext.Value, agent string) {
	if !there(v) {
		return
	}
	field, s := r.question(question, at)
	s = maps.Clone(s)
	s["annotator"], s["annotator_kind"] = "model:"+cmp.Or(agent, "unknown"), "model"
	if f, err := strconv.ParseFloat(string(score), 64); err == nil && f >= 0 && f <= 1 {
		s["confidence"] = string(score)
	}
	r.add(row, s, field, argillaText(v))
}

// argillaText is a value as one text: of a ranking the values in the order of their
// ranks, of spans their labels.
func argillaText(v jsontext.Value) string {
	if v.Kind() != jsontext.KindBeginArray {
		return plainText(v)
	}
	type ranked struct {
		rank float64
		word string
	}
	var all []ranked
	err := elements(v, func(e jsontext.Value) error {
		o, err := objectOf(e)
		if err != nil {
			return err
		}
		n, _ := strconv.ParseFloat(string(o["rank"]), 64)
		w := cmp.Or(plainText(o["value"]), plainText(o["label"]))
		if w == "" {
			return errShape
		}
		if !slices.ContainsFunc(all, func(x ranked) bool { return x.word == w }) {
			all = append(all, ranked{n, w})
		}
		return nil
	})
	if err != nil || all == nil {
		return plainText(v)
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = x.word
	}
	return listed(out)
}
