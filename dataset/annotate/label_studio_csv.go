package annotate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset/recipe"
)

var labelStudioCSV = &Source{
	Name: "label-studio-csv",
	Doc: `Label Studio's CSV, TSV and JSON_MIN export: a record for each annotation

Columns: those of the task's data, one for each question, annotator, annotation_id,
created_at, lead_time. Regions have lost their ids there: only a control for each turn
(turn3_control) and a task for each turn (a column turn, assistant_turn or exchange) can
be told. A column is a question if it is named as a label or measure of ours, with or
without its turn; what others hold is data, and told. Several choices are a list.

The trajectory is as for label-studio; the annotator the column annotator.`,
	is: func(h *head) bool {
		return h.hasRaw("annotation_id", "lead_time") && (h.hasRaw("annotator") || h.hasRaw("completed_by"))
	},
	long: longLabelStudioCSV,
}

// hasRaw is has of the names as they stand.
func (h *head) hasRaw(names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(h.names, n) })
}

func longLabelStudioCSV(ctx context.Context, h *head, j *join) (*replies, error) {
	h, err := h.whole(ctx)
	if err != nil {
		return nil, err
	}
	r := newReplies(h, j)
	var questions, data []string
	for _, name := range h.names {
		field, _ := r.question(name, nil)
		switch {
		case slices.Contains(labels, field), slices.Contains(remarks, field), j.measured(field):
			questions = append(questions, name)
		case !slices.Contains([]string{"annotator", "completed_by", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "id"}, name):
			data = append(data, name)
		}
	}
	if questions == nil && j.o.Recipe == nil {
		return nil, fmt.Errorf("%s: no column is named as a label or measure of ours, such as turn1_control; say with --recipe and --from label-studio-csv what they mean", h.file)
	}
	if j.o.Recipe != nil { // it says of each what it is
		questions = append(questions, data...)
	} else if data != nil {
		j.report.Notices = append(j.report.Notices, fmt.Sprintf("%s: taken for the tasks' data, not for labels: %s", h.file, listed(data)))
	}
	err = r.from(ctx, h.table, func(row *recipe.Row, cell func(string) string) error {
		all := map[string]jsontext.Value{}
		for _, name := range h.names {
			if s := cell(name); s != "" && name != "annotator" && name != "completed_by" && name != "created_at" {
				all[name] = quoted(s)
			}
		}
		t := &labelTask{row: row, at: r.where(all)}
		for _, name := range h.names {
			if d := readDialogue(jsontext.Value(cell(name))); len(d) > len(t.dialogue) {
				t.dialogue = d
			}
		}
		task := cell("id")
		delete(all, "id") // the task's number, not a conversation's
		if err := r.trajectory(ctx, t, all, task); err != nil {
			return err
		}
		at := maps.Clone(t.at)
		at["annotator"] = cmp.Or(cell("annotator"), cell("completed_by"), j.o.Annotator)
		at["annotator_kind"], at["labelled_at"] = "human", cell("created_at")
		if at["annotator"] == "" {
			return fmt.Errorf("annotation %s has no annotator; say with --annotator who judged", cell("annotation_id"))
		}
		for _, name := range questions {
			if s := cell(name); s != "" {
				field, at := r.question(name, at)
				r.add(row, at, field, choice(s))
			}
		}
		return nil
	})
	return r, err
}

func quoted(s string) jsontext.Value {
	b, _ := jsontext.AppendQuote(nil, s) // what is no UTF-8 is replaced
	return b
}

// choice is a cell of the export: {"choices": […]}, a list of one region's answers, or
// what was chosen.
func choice(s string) string {
	v := jsontext.Value(s)
	if !v.IsValid() {
		return s
	}
	if v.Kind() == jsontext.KindBeginArray {
		var only jsontext.Value
		n := 0
		if elements(v, func(e jsontext.Value) error { only, n = e, n+1; return nil }) != nil || n != 1 || only.Kind() != jsontext.KindBeginObject {
			return s
		}
		v = only
	}
	if v.Kind() != jsontext.KindBeginObject {
		return s
	}
	o, err := objectOf(v)
	if err != nil {
		return s
	}
	x := result{value: o}
	if text, ok := x.text(); ok {
		return text
	}
	return s
}
