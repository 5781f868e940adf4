package annotate

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset/recipe"
)

var scoutValidation = &Source{
	Name: "scout-validation",
	Doc: `Inspect Scout's validation sets: a CSV of ids and what people found there

Columns: id, target and perhaps predicate and split; or id, a column label_NAME for each
label, and perhaps split. An id is the transcript's, which is the trajectory_id in what
export --format scout writes. target is the label or measure that the file is named
for: refusal.csv, control.csv. True and False are 1 and 0 of a measure. A target with
another predicate than eq is a bound, not a judgement, and is rejected. Who judged is not
said: --annotator, --kind.`,
	is: func(h *head) bool {
		if !h.hasRaw("id") || h.object {
			return false
		}
		said := false
		for _, name := range h.names {
			label := strings.HasPrefix(name, "label_")
			said = said || label || name == "target"
			if !label && !slices.Contains([]string{"id", "target", "predicate", "split"}, name) {
				return false
			}
		}
		return said
	},
	long: longScout,
}

func longScout(ctx context.Context, h *head, j *join) (*replies, error) {
	if j.o.Annotator == "" {
		return nil, fmt.Errorf("%s: does not say who judged; say it with --annotator", h.file)
	}
	stem := filepath.Base(h.file)
	stem, _, _ = strings.Cut(stem, ".")
	r := newReplies(h, j)
	err := r.from(ctx, h.table, func(row *recipe.Row, cell func(string) string) error {
		if p := strings.TrimSpace(cell("predicate")); p != "" && p != "eq" {
			return fmt.Errorf("the target is compared by %s, which makes it no judgement", excerptOf(p))
		}
		s := said{"trajectory_id": cell("id"), "annotator": j.o.Annotator}
		for _, name := range h.names {
			field, ok := strings.CutPrefix(name, "label_")
			if name == "target" {
				field, ok = stem, true
			}
			text := strings.TrimSpace(cell(name))
			if j.measured(field) && !j.lettered(field) {
				switch text {
				case "True", "true", "TRUE":
					text = "1"
				case "False", "false", "FALSE":
					text = "0"
				}
			}
			if ok && text != "" {
				r.add(row, s, field, text)
			}
		}
		return nil
	})
	return r, err
}
