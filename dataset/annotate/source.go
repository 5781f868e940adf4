package annotate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A Source is one kind of label file that is known by what stands in it.
type Source struct {
	Name string
	Doc  string
	is   func(h *head) bool
	read func(ctx context.Context, h *head, j *join) error
}

// All lists the sources that are known by themselves; the first that fits is taken.
var All = []*Source{longCSV, wideCSV, judgeJSONL}

// read joins the labels of files without a recipe.
func (j *join) read(ctx context.Context, files []string) error {
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s: not a regular file; name files of labels, or give a recipe for a folder", file)
		}
		h, err := look(ctx, file)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(All, func(s *Source) bool { return s.is(h) })
		if i < 0 {
			return h.unknown()
		}
		s := All[i]
		if err := s.read(ctx, h, j); err != nil {
			return err
		}
		j.report.Files = append(j.report.Files, file)
		j.report.is(s.Name)
	}
	return nil
}

// is notes a kind of source.
func (r *Report) is(name string) {
	if !slices.Contains(strings.Split(r.Source, ", "), name) {
		r.Source = strings.TrimPrefix(r.Source+", "+name, ", ")
	}
}

// in notes what the tally counts.
func (r *Report) in(unit string) {
	switch {
	case r.Unit == "":
		r.Unit = unit
	case !strings.Contains(r.Unit, unit):
		r.Unit += " and " + unit
	}
}

// unknown is why a file is none that is known.
func (h *head) unknown() error {
	names, what := h.names, "columns"
	if h.object {
		what = "keys"
	}
	if len(names) == 0 {
		return fmt.Errorf("%s: %w", h.file, errEmpty)
	}
	shown := strings.Join(names[:min(len(names), 20)], ", ")
	return fmt.Errorf("%s: its %s %q are those of no labels that are known by themselves: a long CSV has trajectory_id, field and value; a wide one has trajectory_id and labels such as control; answers of a judge have custom_id. Rename them, or say with --recipe what they mean (righting explain recipes)", h.file, what, shown)
}

var errEmpty = errors.New("no rows")
