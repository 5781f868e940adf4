package annotate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// Replies are what one source holds in the words of all: who said what of which
// trajectory and turn. They are a long table, read as one that was written by hand is.
type replies struct {
	j         *join
	file      string
	separator byte // of the file
	rows      []reply
	// skipped counts what is no judgement, by reason.
	skipped map[string]int
	notes   map[string]int
}

// A reply is one answer, or why a record of the source gives none.
type reply struct {
	recipe.Row
	said said
	err  error
}

// Said are cells by column of ours, field and value among them.
type said map[string]string

// replyColumns are the columns that replies may have, in the order of their table.
var replyColumns = []string{
	"trajectory_id", "source_id", "log", "sample", "epoch", "system", "scenario", "repeat", "condition", "setting",
	"constraint_id", "turn", "assistant_turn", "exchange", "annotator", "annotator_kind", "pass",
	"confidence", "rationale", "evidence", "labelled_at", "field", "value",
}

// places are those that name a trajectory or a turn, and may stand beside a text that is
// to be judged.
var places = append(slices.Clone(replyColumns[:slices.Index(replyColumns, "annotator")]), "pass")

func newReplies(h *head, j *join) *replies {
	return &replies{j: j, file: h.file, separator: h.table.Separator, skipped: map[string]int{}, notes: map[string]int{}}
}

// from gives each record of a table to take; an error is the record's.
func (r *replies) from(ctx context.Context, t *recipe.Table, take func(row *recipe.Row, cell func(column string) string) error) error {
	at := map[string]int{}
	for i, c := range t.Columns {
		at[c] = i
	}
	for row, err := range t.Rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil && !errors.As(err, new(*schema.RowError)) {
			return err
		}
		row.Raw = bytes.Clone(row.Raw)
		if err == nil {
			err = take(&row, func(column string) string {
				if i, ok := at[column]; ok && i < len(row.Cells) {
					return row.Cells[i]
				}
				return ""
			})
			if err != nil {
				err = &schema.RowError{Place: schema.Place{File: r.file, Row: row.Line}, Err: err}
			}
		}
		if err != nil {
			r.rows = append(r.rows, reply{Row: row, err: err})
		}
	}
	return nil
}

// add takes one answer that stands in row; one without a value says nothing.
func (r *replies) add(row *recipe.Row, s said, field, value string) {
	s = maps.Clone(s)
	s["field"], s["value"] = field, value
	r.rows = append(r.rows, reply{Row: *row, said: s})
}

func (r *replies) skip(n int, why string) {
	if n > 0 {
		r.skipped[why] += n
	}
}

// apart makes answers of remarks that stand beside others, where somebody was asked for
// them: one and the same column cannot be both.
func (r *replies) apart() {
	for _, c := range []string{"confidence", "rationale", "evidence"} {
		if !slices.ContainsFunc(r.rows, func(x reply) bool { return x.said["field"] == c }) {
			continue
		}
		place := func(s said) string {
			s = maps.Clone(s)
			for _, free := range []string{"field", "value", "confidence", "rationale", "evidence", "labelled_at"} {
				delete(s, free)
			}
			return fmt.Sprint(s) // in the order of keys
		}
		given := map[string]bool{}
		for _, x := range r.rows {
			if x.said["field"] == c {
				given[place(x.said)] = true
			}
		}
		for i := range len(r.rows) {
			x := &r.rows[i]
			text := x.said[c]
			if text == "" {
				continue
			}
			delete(x.said, c)
			if at := place(x.said); !given[at] {
				given[at] = true
				r.add(&x.Row, x.said, c, text)
			}
		}
	}
}

// head is the table of the replies, and what was skipped in the report.
func (r *replies) head() *head {
	r.apart()
	t := &recipe.Table{Name: r.file, Separator: r.separator}
	for _, c := range replyColumns {
		if c == "field" || c == "value" || slices.ContainsFunc(r.rows, func(x reply) bool { return x.said[c] != "" }) {
			t.Columns = append(t.Columns, c)
		}
	}
	t.Rows = func(yield func(recipe.Row, error) bool) {
		for _, x := range r.rows {
			row := x.Row
			row.Cells = make([]string, len(t.Columns))
			for i, c := range t.Columns {
				row.Cells[i] = x.said[c]
			}
			if !yield(row, x.err) {
				return
			}
		}
	}
	for _, why := range slices.Sorted(maps.Keys(r.skipped)) {
		r.j.report.Read += r.skipped[why]
		r.j.report.Skipped += r.skipped[why]
		r.j.report.Notices = append(r.j.report.Notices, fmt.Sprintf("%s: %s %s", r.file, grouped(r.skipped[why]), why))
	}
	for _, note := range slices.Sorted(maps.Keys(r.notes)) {
		r.j.report.Notices = append(r.j.report.Notices, fmt.Sprintf("%s: %s %s", r.file, grouped(r.notes[note]), note))
	}
	return headOf(t)
}

// read reads the replies as a long table.
func (r *replies) read(ctx context.Context) error {
	h, err := r.head().tidy(ctx, r.j)
	if err != nil {
		return err
	}
	return r.j.long(ctx, h)
}

// numbered is a question that is about one turn: `turn3_control`.
var numbered = regexp.MustCompile(`^(turn|t|msg)[_-]?(\d{1,6})[_-](.+)$`)

// question is what a name asks, and where: turn3_control is control of the third
// exchange, msg4_control of the message with the index 4. What --turn says goes before.
func (r *replies) question(name string, s said) (field string, at said) {
	m := numbered.FindStringSubmatch(name)
	if m == nil {
		return name, s
	}
	to := "exchange"
	if m[1] == "msg" || r.j.o.Turn != "" {
		to = "turn"
	}
	at = said{}
	maps.Copy(at, s)
	delete(at, "turn")
	delete(at, "assistant_turn")
	delete(at, "exchange")
	at[to] = strings.TrimLeft(m[2][:len(m[2])-1], "0") + m[2][len(m[2])-1:]
	return m[3], at
}

// where is what of an object's members names a trajectory or a turn, in our columns, and
// as --key and --turn have it.
func (r *replies) where(of map[string]jsontext.Value) said {
	s := said{}
	for name, v := range of {
		if ours, ok := aliases[name]; ok && of[ours] == nil {
			name = ours
		}
		if slices.Contains(places, name) {
			if text := plainText(v); text != "" {
				s[name] = text
			}
		}
	}
	source := s["source_id"] != "" || s["sample"] != ""
	switch {
	case r.j.o.Key == BySource && source:
		delete(s, "trajectory_id")
	case s["trajectory_id"] != "":
		for _, c := range []string{"source_id", "log", "sample", "epoch"} {
			delete(s, c)
		}
	}
	if text := plainText(of["message_id"]); text != "" && r.j.o.Turn == SourceID && s["source_id"] == "" {
		s["source_id"] = text
	}
	return s
}

// ids are other words for a trajectory's id, best first.
var ids = []string{"id", "conversation_id", "dialogue_id", "dialog_id", "transcript_id", "session_id"}

// named is whether s names a trajectory.
func (s said) named() bool {
	return s["trajectory_id"] != "" || s["source_id"] != "" || s["sample"] != "" || s["system"] != "" && s["scenario"] != ""
}

// plainText is a value as one text: a string's, or a number or boolean as it is written;
// of a list with one such its own, of a longer one a list of JSON. null is "".
func plainText(v jsontext.Value) string {
	switch v.Kind() {
	case jsontext.KindString:
		return textOf(v)
	case jsontext.KindNumber, jsontext.KindTrue, jsontext.KindFalse:
		return string(v)
	case jsontext.KindBeginArray:
		var all []string
		err := elements(v, func(e jsontext.Value) error {
			if k := e.Kind(); k == jsontext.KindBeginArray || k == jsontext.KindBeginObject {
				return errShape
			}
			all = append(all, plainText(e))
			return nil
		})
		if err == nil {
			return listed(all)
		}
	case jsontext.KindNull, jsontext.KindInvalid:
		return ""
	}
	return string(v)
}

// listed is one word as it is, or several as a list of JSON.
func listed(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	b := []byte("[")
	for i, s := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b, _ = jsontext.AppendQuote(b, s) // what is no UTF-8 is replaced
	}
	return string(append(b, ']'))
}

func itoa(n int) string { return strconv.Itoa(n) }
