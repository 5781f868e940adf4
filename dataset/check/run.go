package check

import (
	"context"
	"fmt"
	"iter"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// whyBytes bounds Finding.Why.
const whyBytes = 400

// Run shows the rows of d to the rules and hands on what they report: row by row in
// the order of scenarios, trajectories and annotations, at one row in the order of the
// rules, and last, sorted by place, what only the whole shows.
//
// A table is read once, and only if a rule asks for it. Run ends at the first error:
// emit's, or one of dataset.Rows.
func Run(ctx context.Context, d *dataset.Dataset, rules []*Rule, emit func(Finding) error) error {
	r := run{ctx: ctx, d: d, emit: emit, paths: map[string]string{}}
	for _, name := range slices.Concat(d.Trajectories, d.Annotations) {
		r.paths[relative(d, name)] = filepath.ToSlash(name)
		r.folder = r.folder || relative(d, name) != filepath.ToSlash(name)
	}
	data := &Data{Dataset: d}
	cases := newCases(d)
	var scenarios []visit[schema.Scenario]
	var trajectories []visit[schema.Trajectory]
	var annotations []visit[schema.Annotation]
	var ends []end
	asked := false // for cases
	for _, rule := range rules {
		v := rule.Start(data)
		scenarios = ask(scenarios, r.reporter(rule), v.Scenario)
		trajectories = ask(trajectories, r.reporter(rule), v.Trajectory)
		annotations = ask(annotations, r.reporter(rule), v.Annotation)
		if v.Case != nil {
			asked = true
			ends = append(ends, end{rule, func(report Report) { cases.show(report, v.Case) }})
		}
		if v.End != nil {
			ends = append(ends, end{rule, v.End})
		}
	}
	if data.index != nil {
		// Of a second trajectory with one id duplicate-trajectory tells.
		trajectories = ask(trajectories, nil, func(_ *Row, t *schema.Trajectory) { _ = data.index.Add(t) })
	}
	if asked {
		annotations = ask(annotations, nil, cases.add)
	}
	if err := rows(&r, schema.Scenarios, inMemory(d.Scenarios), scenarios); err != nil {
		return err
	}
	if err := files(&r, d.Trajectories, trajectories); err != nil {
		return err
	}
	if err := files(&r, d.Annotations, annotations); err != nil {
		return err
	}
	return r.end(ends)
}

// A run is one call of Run.
type run struct {
	ctx  context.Context
	d    *dataset.Dataset
	emit func(Finding) error
	err  error // emit's, after which nothing more is handed on

	paths  map[string]string // by relative name
	folder bool              // the dataset is one
}

// A visit is what one rule does with the rows of one table.
type visit[T any] struct {
	at  *Row
	see func(*Row, *T)
}

// An end is what one rule does after the last row.
type end struct {
	rule *Rule
	do   func(Report)
}

func ask[T any](visits []visit[T], report Report, see func(*Row, *T)) []visit[T] {
	if see == nil {
		return visits
	}
	return append(visits, visit[T]{&Row{report: report}, see})
}

func (r *run) finding(rule *Rule, at schema.Place, why string, args ...any) Finding {
	return Finding{rule, at, r.path(at.File), plain.Excerpt(fmt.Sprintf(why, args...), whyBytes)}
}

func (r *run) reporter(rule *Rule) Report {
	return func(at schema.Place, why string, args ...any) {
		if r.err == nil {
			r.err = r.emit(r.finding(rule, at, why, args...))
		}
	}
}

// rows shows rows to whoever asked for them.
func rows[T any](r *run, file string, all iter.Seq2[T, error], visits []visit[T]) error {
	n := 0
	for row, err := range all {
		if err != nil {
			return err
		}
		n++
		for _, v := range visits {
			v.at.Place = schema.Place{File: file, Row: n}
			v.see(v.at, &row)
			if r.err != nil {
				return r.err
			}
		}
	}
	return nil
}

// files shows the rows of Parquet files. A table that nobody asked for is not read.
func files[T any](r *run, names []string, visits []visit[T]) error {
	if len(visits) == 0 {
		return nil
	}
	for _, name := range names {
		if err := rows(r, relative(r.d, name), dataset.Rows[T](r.ctx, name), visits); err != nil {
			return err
		}
	}
	return nil
}

func inMemory[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range all {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// end collects what is reported after the last row and hands it on by place.
func (r *run) end(ends []end) error {
	var found []Finding
	for _, e := range ends {
		e.do(func(at schema.Place, why string, args ...any) {
			found = append(found, r.finding(e.rule, at, why, args...))
		})
	}
	order := map[string]int{schema.Scenarios: 1} // the manifest and the dataset as a whole first
	for _, name := range slices.Concat(r.d.Trajectories, r.d.Annotations) {
		order[relative(r.d, name)] = len(order) + 1
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		if c := order[a.Place.File] - order[b.Place.File]; c != 0 {
			return c
		}
		return a.Place.Row - b.Place.Row
	})
	for _, f := range found {
		if err := r.emit(f); err != nil {
			return err
		}
	}
	return nil
}

// relative is a file's name below the dataset's folder, or as it was named where the
// dataset is no folder.
func relative(d *dataset.Dataset, file string) string {
	name, err := filepath.Rel(d.Path, file)
	if err != nil || name == "." || strings.HasPrefix(name, "..") {
		name = file
	}
	return filepath.ToSlash(name)
}

// path is the inverse of relative, of the manifest and the scenarios too.
func (r *run) path(file string) string {
	if name, ok := r.paths[file]; ok {
		return name
	}
	if !r.folder {
		return file
	}
	return path.Join(filepath.ToSlash(r.d.Path), file)
}
