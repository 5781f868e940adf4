package annotate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset/recipe"
)

var potato = &Source{
	Name: "potato",
	Doc: `Potato's annotated instances: what the server writes for each user, and its exports

JSONL: {id, label_annotations, …}, a file for each user in a folder with the user's name,
or {instance_id, user_id, labels, …}. CSV and TSV: instance_id, user_id (or user) and a
column SCHEME.LABEL or SCHEME:::LABEL for each label.

trajectory   the instance's id; TRAJECTORY#turn3 and TRAJECTORY#msg4 are a turn of it, as
             turn3_control is
annotator    user_id, else --annotator, else the folder's name; an annotator_origin other
             than human is a model
field        the scheme; its value the label that is chosen (true), several as a list, or
             what was entered: a number, a text

Spans and links are counted and passed over: they say where, and no offset of a displayed
text leads to a turn.`,
	is: func(h *head) bool {
		return h.hasRaw("id", "label_annotations") || h.hasRaw("instance_id") && (h.hasRaw("user_id") || h.hasRaw("user"))
	},
	long: longPotato,
}

func longPotato(ctx context.Context, h *head, j *join) (*replies, error) {
	h, err := h.whole(ctx)
	if err != nil {
		return nil, err
	}
	r := newReplies(h, j)
	folder := filepath.Base(filepath.Dir(h.file))
	if folder == "." || folder == string(filepath.Separator) {
		folder = ""
	}
	err = r.from(ctx, h.table, func(row *recipe.Row, cell func(string) string) error {
		who := cmp.Or(cell("user_id"), cell("user"))
		if who == "" {
			if who = cmp.Or(j.o.Annotator, folder); who == "" {
				return fmt.Errorf("names no user, and stands in no user's folder; say with --annotator who judged")
			}
		}
		s := r.instance(cmp.Or(cell("id"), cell("instance_id")))
		s["annotator"], s["annotator_kind"] = who, "human"
		if origin := cell("annotator_origin"); origin != "" && !strings.Contains(origin, "human") {
			s["annotator_kind"] = "model"
		}
		for _, name := range []string{"span_annotations", "spans", "links"} {
			if v := jsontext.Value(cell(name)); len(v) > 0 {
				r.skip(inside(v), "spans and links, which lead to no turn")
			}
		}
		labels := cmp.Or(cell("label_annotations"), cell("labels"))
		if labels == "" {
			return r.schemes(row, s, h.names, cell)
		}
		return members(jsontext.Value(labels), func(scheme string, v jsontext.Value) error {
			if v.Kind() != jsontext.KindBeginObject {
				r.chosen(row, s, scheme, []string{""}, []string{plainText(v)})
				return nil
			}
			var names, values []string
			err := members(v, func(name string, v jsontext.Value) error {
				names, values = append(names, name), append(values, plainText(v))
				return nil
			})
			r.chosen(row, s, scheme, names, values)
			return err
		})
	})
	return r, err
}

// instance is what an instance's id names.
func (r *replies) instance(id string) said {
	s := said{"trajectory_id": id}
	if at := strings.LastIndexByte(id, '#'); at > 0 {
		if rest := id[at+1:] + "_x"; numbered.MatchString(rest) {
			_, s = r.question(rest, said{"trajectory_id": id[:at]})
		}
	}
	return s
}

// inside is how many elements a value has, those of its members' lists together.
func inside(v jsontext.Value) (n int) {
	_ = elements(v, func(jsontext.Value) error { n++; return nil })
	_ = members(v, func(_ string, v jsontext.Value) error {
		if k := inside(v); k > 0 || v.Kind() == jsontext.KindBeginArray || v.Kind() == jsontext.KindBeginObject {
			n += k
		} else if there(v) {
			n++
		}
		return nil
	})
	return n
}

// schemes reads the columns of a CSV.
func (r *replies) schemes(row *recipe.Row, s said, columns []string, cell func(string) string) error {
	var schemes []string
	names, values := map[string][]string{}, map[string][]string{}
	for _, c := range columns {
		if slices.Contains([]string{"id", "instance_id", "user_id", "user", "displayed_text", "annotator_origin", "annotator_model"}, c) || cell(c) == "" {
			continue
		}
		scheme, name, ok := strings.Cut(c, ":::")
		if !ok {
			scheme, name, _ = strings.Cut(c, ".")
		}
		if strings.HasPrefix(name, "_") { // spans, rooms
			r.skip(inside(jsontext.Value(cell(c))), "spans and links, which lead to no turn")
			continue
		}
		if names[scheme] == nil {
			schemes = append(schemes, scheme)
		}
		names[scheme], values[scheme] = append(names[scheme], name), append(values[scheme], cell(c))
	}
	for _, scheme := range schemes {
		r.chosen(row, s, scheme, names[scheme], values[scheme])
	}
	return nil
}

// chosen adds what was said under one scheme: the names that are true, else what was
// entered.
func (r *replies) chosen(row *recipe.Row, s said, scheme string, names, values []string) {
	var all []string
	for i, name := range names {
		switch v := values[i]; {
		case v == "" || strings.EqualFold(v, "false"):
		case name != "" && (strings.EqualFold(v, "true") || strings.EqualFold(v, "on") || v == name):
			all = append(all, name)
		default:
			all = append(all, v)
		}
	}
	if all == nil {
		return
	}
	field, at := r.question(scheme, s)
	r.add(row, maps.Clone(at), field, listed(all))
}
