package annotate

import (
	"context"
	"maps"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

var longCSV = &Source{
	Name: "long-csv",
	Doc: `a record for each label: its name under field, what it is under value

Columns: trajectory_id (or what --key names), turn or assistant_turn or exchange (none:
about the whole), annotator, constraint_id, pass, field, value. Fields are named as our
columns, or as a measure that dataset.yaml declares.`,
	is:   func(h *head) bool { return h.named() && h.has("field", "value") },
	read: readLong,
}

// readLong reads the labels of a place together, then each measure.
func readLong(ctx context.Context, h *head, j *join) error {
	t, err := newTable(h, j)
	if err != nil {
		return err
	}
	t.used["field"], t.used["value"] = true, true
	for _, c := range h.columns {
		if !t.used[c] {
			return t.stranger(c)
		}
	}
	fields, err := t.fields(ctx)
	if err != nil {
		return err
	}
	var by []string
	for i, c := range h.columns {
		if name := h.names[i]; c != "field" && c != "value" && t.takes(name) {
			by = append(by, name)
		}
	}
	pivot := map[string]any{"by": by, "field": h.theirs("field"), "value": h.theirs("value")}
	said := part{columns: map[string]any{}, pivot: pivot}
	labelled := false
	var measures []string
	for _, f := range fields {
		switch _, declared := j.d.Manifest.Measures[f]; {
		case slices.Contains(labels, f) || slices.Contains(remarks, f):
			said.columns[f] = t.from(f, f)
			labelled = labelled || slices.Contains(labels, f) || f == "missing"
		case declared:
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
		parts = append(parts, part{
			columns: map[string]any{"value": m}, set: map[string]any{"measure": m}, pivot: pivot,
			ignore: slices.Concat(rest, measures[:i], measures[i+1:], slices.Sorted(maps.Keys(said.columns))),
		})
	}
	j.report.in("records")
	return t.read(ctx, parts)
}

// fields lists what stands under field.
func (t *table) fields(ctx context.Context) ([]string, error) {
	met := map[string]bool{}
	p := part{columns: map[string]any{"measure": t.theirs("field")}, set: map[string]any{"value_text": nothing}}
	p.ignore = append(t.left(), t.theirs("value"))
	p.ignore = slices.DeleteFunc(p.ignore, func(s string) bool { return s == t.theirs("field") })
	_, err := t.run(ctx, p, recipe.Options{Rejecting: dataset.Rejecting{Keep: -1}}, func(a schema.Annotation) error {
		met[*a.Measure] = true
		return nil
	})
	return slices.Sorted(maps.Keys(met)), err
}
