package annotate

import (
	"context"
	"maps"
	"slices"

	"github.com/righting-bench/righting/schema/reading"
)

var longCSV = &Source{
	Name: "long-csv",
	Doc: `a record for each label: its name under field, what it is under value

Columns: trajectory_id (or what --key names), turn or assistant_turn or exchange (none:
about the whole), annotator, constraint_id, pass, field, value, and confidence,
rationale, evidence, created_at. Fields are named as our columns, or as a measure that
dataset.yaml declares or takes control from. A rationale is of the record's field; those
of several about one place stand below each other. The same label twice counts once;
another at the same place is an error unless --keep last. CSV, JSONL, JSON or Parquet.`,
	is:   func(h *head) bool { return h.named() && h.has("field", "value") },
	read: readLong,
}

func readLong(ctx context.Context, h *head, j *join) error {
	h, err := h.whole(ctx)
	if err == nil {
		h, err = h.tidy(ctx, j)
	}
	if err != nil {
		return err
	}
	return j.long(ctx, h)
}

// long reads the labels of a place together, then each measure.
func (j *join) long(ctx context.Context, h *head) error {
	t, err := newTable(h, j)
	if err != nil {
		return err
	}
	t.used["field"], t.used["value"] = true, true
	for _, c := range []string{"confidence", "rationale", "evidence"} {
		t.take(c)
	}
	for _, c := range h.columns {
		if !t.used[c] {
			return t.stranger(c)
		}
	}
	fields, err := t.distinct(ctx)
	if err != nil {
		return err
	}
	pivot := map[string]any{"by": t.by(), "field": h.theirs("field"), "value": h.theirs("value")}
	said := part{columns: map[string]any{}, pivot: pivot}
	labelled := false
	var measures []string
	for _, f := range fields {
		switch {
		case slices.Contains(labels, f) || slices.Contains(remarks, f):
			said.columns[f] = t.from(f, f)
			labelled = labelled || slices.Contains(labels, f) || f == "missing"
		case j.measured(f):
			measures = append(measures, f)
		default:
			return t.stranger(f)
		}
	}
	rest := slices.DeleteFunc(t.left(), func(s string) bool { return s == h.theirs("field") || s == h.theirs("value") })
	var parts []part
	if labelled {
		said.ignore = slices.Concat(rest, measures)
		parts = append(parts, said)
	}
	for i, m := range measures {
		value := "value"
		if j.lettered(m) {
			value = "value_text"
		}
		parts = append(parts, part{
			columns: map[string]any{value: m}, set: map[string]any{"measure": m}, pivot: pivot,
			ignore: slices.Concat(rest, measures[:i], measures[i+1:], slices.Sorted(maps.Keys(said.columns))),
		})
	}
	j.report.in("records")
	return t.read(ctx, parts)
}

// by lists the columns in which the records of one place agree.
func (t *table) by() (out []string) {
	apart := []string{"field", "value", "confidence", "rationale", "evidence", "labelled_at"}
	for i, c := range t.head.columns {
		if name := t.names[i]; !slices.Contains(apart, c) && t.takes(name) {
			out = append(out, name)
		}
	}
	return out
}

// measured is whether dataset.yaml knows a measure of that name.
func (j *join) measured(name string) bool {
	_, declared := j.d.Manifest.Measures[name]
	from := j.d.Manifest.Rules.ControlFrom
	return declared || from != nil && from.Measure == name
}

// lettered is whether control is taken from letters of the measure.
func (j *join) lettered(name string) bool {
	from := j.d.Manifest.Rules.ControlFrom
	return from != nil && from.Measure == name && slices.ContainsFunc([]*reading.Condition{from.Neutralised, from.Contested, from.Governs}, func(c *reading.Condition) bool {
		return c != nil && c.Op == ""
	})
}
