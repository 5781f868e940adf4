package annotate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// A Source is one kind of label file that is known by what stands in it.
type Source struct {
	Name string // kebab-case
	Doc  string
	is   func(h *head) bool
	rest bool // it is taken only where no other is

	// A source reads a file into labels, or says what its answers are.
	read func(ctx context.Context, h *head, j *join) error
	long func(ctx context.Context, h *head, j *join) (*replies, error)
}

// All lists the sources.
var All = []*Source{longCSV, wideCSV, judgeJSONL, labelStudio, labelStudioCSV, argilla, scoutScan, scoutValidation, potato}

// FindSource is the source of that name. The error names the nearest one.
func FindSource(name string) (*Source, error) {
	names := make([]string, len(All))
	for i, s := range All {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	hint := "; it is one of " + strings.Join(names, ", ")
	if near := schema.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return nil, fmt.Errorf("unknown source %q%s", name, hint)
}

// Explain is what a person should know of the source.
func (s *Source) Explain() string {
	return fmt.Sprintf("%s: %s\n", s.Name, strings.TrimSpace(s.Doc))
}

// source is the one that reads the file.
func (h *head) source(from string) (*Source, error) {
	if from != "" {
		s, err := FindSource(from)
		if err == nil && !s.is(h) {
			err = fmt.Errorf("%s: has not the columns that %s is known by (righting explain %s)", h.file, from, from)
		}
		return s, err
	}
	var fits []*Source
	for _, s := range All {
		if s.is(h) && (!s.rest || fits == nil) {
			if len(fits) > 0 && fits[0].rest {
				fits = nil
			}
			fits = append(fits, s)
		}
	}
	switch len(fits) {
	case 0:
		return nil, h.unknown()
	case 1:
		return fits[0], nil
	}
	names := make([]string, len(fits))
	for i, s := range fits {
		names[i] = s.Name
	}
	return nil, fmt.Errorf("%s: could be %s; say which with --from", h.file, strings.Join(names, " or "))
}

// open is the head of a file, and the source that reads it.
func (j *join) open(ctx context.Context, file string) (*head, *Source, error) {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s: not a regular file; name files of labels, or give a recipe for a folder", file)
	}
	h, err := look(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	s, err := h.source(j.o.From)
	return h, s, err
}

// read joins the labels of files without a recipe.
func (j *join) read(ctx context.Context, files []string) error {
	for _, file := range files {
		h, s, err := j.open(ctx, file)
		if err != nil {
			return err
		}
		if s.read != nil {
			err = s.read(ctx, h, j)
		} else {
			var r *replies
			if r, err = s.long(ctx, h, j); err == nil {
				err = r.read(ctx)
			}
		}
		if err != nil {
			return err
		}
		j.report.Files = append(j.report.Files, file)
		j.report.is(s.Name)
	}
	return nil
}

// tables gives each the files as their source makes tables of them.
func (j *join) tables(ctx context.Context, files []string, each func(*recipe.Table) error) error {
	for _, file := range files {
		h, s, err := j.open(ctx, file)
		switch {
		case err != nil:
			return err
		case s.long != nil:
			r, err := s.long(ctx, h, j)
			if err != nil {
				return err
			}
			h = r.head()
		case s.Name == "judge-jsonl":
			return fmt.Errorf("%s: a recipe has nothing to say of a judge's answers, which are in our words", file)
		default:
			if h, err = h.whole(ctx); err != nil {
				return err
			}
		}
		if h, err = h.tidy(ctx, j); err != nil {
			return err
		}
		if err := each(h.table); err != nil {
			return err
		}
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
	return fmt.Errorf("%s: its %s %q are those of no labels that are known by themselves: a long CSV has trajectory_id, field and value; a wide one has trajectory_id and labels such as control; answers of a judge have custom_id; exports of Label Studio, Argilla, Scout and Potato have what righting explain sources lists. Rename them, or say with --recipe what they mean (righting explain recipes)", h.file, what, shown)
}

var errEmpty = errors.New("no rows")
