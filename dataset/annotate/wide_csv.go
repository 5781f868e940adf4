package annotate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

var wideCSV = &Source{
	Name: "wide-csv",
	Doc: `a record for each judged place, a column for each label

Columns: trajectory_id (or what --key names), turn or assistant_turn or exchange (none:
about the whole), annotator, constraint_id, pass, and any label, measure or remark named
as ours: control, response, leakage, symbols, rationale, … Words of a list have | between
them. An empty cell says nothing; none in a list says that there is none.`,
	is:   func(h *head) bool { return h.named() },
	rest: true,
	read: readWide,
}

// labels are the columns of a judgement, in the order of the schema, and those that
// stand beside any of them.
var (
	labels = []string{
		"control", "outcome", "active_target", "principal", "legitimacy", "competing_targets", "claimed_target", "response",
		"leakage", "symbols", "recognition", "pressures", "move", "ask", "failure_kind", "contradicts_turn",
	}
	remarks = []string{"missing", "confidence", "evidence", "rationale"}
	scores  = []string{"measure", "value", "value_text"}
)

// readWide reads the labels, and then each measure that the dataset declares and the
// file has a column for.
func readWide(ctx context.Context, h *head, j *join) error {
	h, err := h.whole(ctx)
	if err == nil {
		h, err = h.tidy(ctx, j)
	}
	if err != nil {
		return err
	}
	t, err := newTable(h, j)
	if err != nil {
		return err
	}
	p := part{columns: map[string]any{}}
	said := 0
	for _, c := range slices.Concat(labels, remarks, scores) {
		if !h.has(c) {
			continue
		}
		t.used[c] = true
		p.columns[c] = t.from(c, h.theirs(c))
		if !slices.Contains(remarks, c) || c == "missing" {
			said++
		}
	}
	var measures, unknown []string
	for i, c := range h.columns {
		switch _, declared := j.d.Manifest.Measures[c]; {
		case t.used[c]:
		case declared:
			measures = append(measures, h.names[i])
		default:
			unknown = append(unknown, c)
		}
	}
	switch {
	case len(unknown) > 0:
		return t.stranger(unknown[0])
	case said == 0 && len(measures) == 0:
		return h.unknown()
	}
	rest := t.left()
	var parts []part
	if said > 0 {
		p.ignore = slices.Concat(rest, measures)
		parts = append(parts, p)
	}
	spoken := h.theirsOf(slices.Concat(labels, remarks, scores))
	for i, m := range measures {
		parts = append(parts, part{
			columns: map[string]any{"value": m}, set: map[string]any{"measure": m},
			ignore: slices.Concat(rest, spoken, measures[:i], measures[i+1:]),
		})
	}
	j.report.in("records")
	if len(parts) > 1 {
		j.report.in("measured records")
	}
	return t.read(ctx, parts)
}

// from is how a recipe takes one column of ours.
func (t *table) from(column, theirs string) any {
	if c, _ := annotation(column); c.Type == "LIST STRING" {
		return t.list(column, theirs)
	}
	return theirs
}

// left is the file's columns that are there, ours, and not taken.
func (t *table) left() (out []string) {
	for i, c := range t.head.columns {
		if t.used[c] && !slices.Contains(slices.Concat(labels, remarks, scores), c) && !t.takes(t.names[i]) {
			out = append(out, t.names[i])
		}
	}
	return out
}

// takes is whether a recipe's columns or id take a column of the file.
func (t *table) takes(name string) bool {
	for _, from := range t.columns {
		if from == name {
			return true
		}
	}
	return t.id == name || strings.Contains(t.id, "{"+name+"}")
}

// theirsOf is the file's names for those of our columns that it has.
func (h *head) theirsOf(columns []string) (out []string) {
	for _, c := range columns {
		if h.has(c) {
			out = append(out, h.theirs(c))
		}
	}
	return out
}

// stranger is why a column cannot be left unread.
func (t *table) stranger(column string) error {
	known := slices.Concat(labels, remarks, scores)
	for _, c := range schema.ColumnsOf[schema.Annotation]() {
		known = append(known, c.Name)
	}
	for name := range t.j.d.Manifest.Measures {
		known = append(known, name)
	}
	slices.Sort(known)
	hint := ""
	if near := schema.Nearest(column, known); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("%s: %q is no column of ours and no measure that dataset.yaml declares%s (take it out, declare it, or say with --recipe what it means)", t.file, column, hint)
}
