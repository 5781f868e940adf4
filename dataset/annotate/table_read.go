package annotate

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// A part of a table is what one recipe reads.
type part struct {
	columns, set map[string]any
	pivot        any
	ignore       []string
}

// run reads a part.
func (t *table) run(ctx context.Context, p part, o recipe.Options, emit func(schema.Annotation) error) (recipe.Report, error) {
	columns, set := maps.Clone(t.columns), maps.Clone(t.set)
	maps.Copy(columns, p.columns)
	maps.Copy(set, p.set)
	section := map[string]any{"files": []string{"**"}, "columns": columns, "set": set, "missing": []string{""}}
	if t.id != "" {
		section["id"] = t.id
	}
	if p.pivot != nil {
		section["pivot"] = p.pivot
	}
	if len(p.ignore) > 0 {
		section["ignore"] = p.ignore
	}
	measures := map[string]any{}
	for name, m := range t.j.d.Manifest.Measures {
		say := map[string]any{"step": m.Step, "better": string(m.Better)}
		if m.Min != nil {
			say["min"] = *m.Min
		}
		if m.Max != nil {
			say["max"] = *m.Max
		}
		measures[name] = say
	}
	v := t.j.d.Manifest.Vocabulary
	doc, err := json.Marshal(map[string]any{
		"dataset":     map[string]any{"vocabulary": map[string]any{"targets": v.Targets, "pressures": v.Pressures}, "measures": measures},
		"annotations": section,
	})
	if err != nil {
		return recipe.Report{}, err
	}
	r, err := recipe.Load(t.file, doc)
	if err != nil {
		return recipe.Report{}, err
	}
	return r.Judge(ctx, t.head.table, o, emit)
}

// label is a row of a recipe's as a label, without what only the recipe needed.
func (t *table) label(a schema.Annotation) *label {
	l := &label{from: origin{file: t.file}, record: int(*a.Exchanges)}
	a.Exchanges = nil
	if t.j.o.Turn == SourceID && a.Model != nil {
		l.turn, a.Model = *a.Model, nil
	}
	if t.blank["system"] != "" {
		a.System = ""
	}
	if t.blank["scenario"] != "" {
		a.Scenario = ""
	}
	if t.blank["annotator_kind"] != "" {
		a.AnnotatorKind = ""
	}
	l.Annotation = a
	return l
}

// read joins what the parts give. A record that several parts cannot take is told, and
// counted, once; one that a pivot passes over belongs to another part.
func (t *table) read(ctx context.Context, parts []part) error {
	told := map[string]int{} // the part that did
	for i, p := range parts {
		again := 0
		o := recipe.Options{Rejecting: dataset.Rejecting{Keep: -1, Reject: func(e dataset.Reject) error {
			if in, before := told[e.Error()]; before && in < i {
				again += e.Units
				return nil
			}
			if len(parts) > 1 {
				told[e.Error()] = i
			}
			return t.reject(e)
		}}}
		report, err := t.run(ctx, p, o, func(a schema.Annotation) error { return t.j.take(t.label(a)) })
		if err != nil {
			return err
		}
		report.Files = nil
		report.Read -= again
		if p.pivot != nil {
			report.Read -= report.Skipped
			report.Skipped = 0
		}
		t.j.report.add(report)
	}
	all := t.j.held
	t.j.held = nil
	return t.j.release(t.head, all)
}

// reject says in the words of a table why a cell was not taken.
func (t *table) reject(e dataset.Reject) error {
	why := e.Err.Error()
	switch column, _ := annotation(e.Field); {
	case strings.Contains(why, "is not in the map of "):
		quoted, err := strconv.QuotedPrefix(why)
		if err != nil {
			break
		}
		if word, err := strconv.Unquote(quoted); err == nil {
			e.Err = t.vocab.Of(column.Enum).Check(word)
		}
	case strings.Contains(why, "is not a whole number, which turn"):
		e.Err = errors.New(why[:strings.Index(why, ";")] + "; if it is the message's id in the source, say --turn source_id")
	default:
		why, _, _ = strings.Cut(why, "; map it, or list it under missing")
		e.Err = rewordedError{why, e.Err}
	}
	return t.j.reject(e)
}

// A rewordedError is an error that says less than the one that it wraps.
type rewordedError struct {
	why string
	error
}

func (e rewordedError) Error() string { return e.why }
func (e rewordedError) Unwrap() error { return e.error }
