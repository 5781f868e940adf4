package check

import (
	"context"
	"errors"
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
// A table is read once, and only if a rule asks for it; twice if a rule asks whether
// annotations are Grouped and they are not. Columns of annotations that no rule looks at
// are not read. Run ends at the first error: emit's, or one of dataset.Rows.
func Run(ctx context.Context, d *dataset.Dataset, rules []*Rule, emit func(Finding) error) error {
	r := run{ctx: ctx, d: d, emit: emit, paths: map[string]string{}}
	for _, name := range slices.Concat(d.Trajectories, d.Annotations) {
		r.paths[relative(d, name)] = filepath.ToSlash(name)
		r.folder = r.folder || relative(d, name) != filepath.ToSlash(name)
	}
	err := r.once(rules, true)
	if errors.Is(err, errScattered) { // what was found so far is found again
		r.found, r.known = 0, r.found
		err = r.once(rules, false)
	}
	return err
}

// A run is one call of Run.
type run struct {
	ctx  context.Context
	d    *dataset.Dataset
	emit func(Finding) error
	err  error // emit's, after which nothing more is handed on

	found int // reported so far
	known int // reported before once began anew

	paths  map[string]string // by relative name
	folder bool              // the dataset is one
}

// once is Run, in which annotations are grouped, or need not be. If they are not, the
// error is errScattered.
func (r *run) once(rules []*Rule, grouped bool) error {
	data := &Data{Dataset: r.d, grouped: grouped}
	cases := newCases(data)
	var scenarios []visit[schema.Scenario]
	var trajectories []visit[schema.Trajectory]
	var annotations []visit[schema.Annotation]
	var endings []*ending
	for _, rule := range rules {
		v := rule.Start(data)
		scenarios = ask(scenarios, rule, v.Scenario)
		trajectories = ask(trajectories, rule, v.Trajectory)
		if v.Annotation != nil {
			annotations = append(annotations, visit[schema.Annotation]{rule, v.Annotation, v.Skip})
		}
		e := &ending{run: r, rule: rule, end: v.End}
		if v.Case != nil {
			cases.see = append(cases.see, func(c *Case) { v.Case(e.report, c) })
		}
		endings = append(endings, e)
	}
	if data.index != nil {
		// Of a second trajectory with one id duplicate-trajectory tells.
		trajectories = ask(trajectories, nil, func(_ *Row, t *schema.Trajectory) { _ = data.index.Add(t) })
	}
	if cases.see != nil {
		data.asks = true // whether grouped
		annotations = ask(annotations, nil, cases.add)
	}
	if err := rows(r, schema.Scenarios, inMemory(r.d.Scenarios), scenarios); err != nil {
		return err
	}
	if len(trajectories) > 0 {
		for _, name := range r.d.Trajectories {
			if err := rows(r, relative(r.d, name), dataset.Rows[schema.Trajectory](r.ctx, name), trajectories); err != nil {
				return err
			}
		}
	}
	if len(annotations) > 0 {
		g := grouping{any: !grouped || !data.asks}
		for _, name := range r.d.Annotations {
			if err := r.annotations(name, annotations, &g); err != nil {
				return err
			}
		}
	}
	cases.end()
	return r.end(endings)
}

// A visit is what one rule does with the rows of one table.
type visit[T any] struct {
	rule *Rule
	see  func(*Row, *T)
	skip func(*dataset.Block[T]) bool
}

func ask[T any](visits []visit[T], rule *Rule, see func(*Row, *T)) []visit[T] {
	if see == nil {
		return visits
	}
	return append(visits, visit[T]{rule: rule, see: see})
}

// An ending is what one rule reports after the last row, in the order of places.
type ending struct {
	run   *run
	rule  *Rule
	end   func(Report)
	found []Finding
}

func (e *ending) report(at schema.Place, why string, args ...any) {
	e.found = append(e.found, e.run.finding(e.rule, at, why, args...))
}

func (r *run) finding(rule *Rule, at schema.Place, why string, args ...any) Finding {
	return Finding{rule, at, r.path(at.File), plain.Excerpt(fmt.Sprintf(why, args...), whyBytes)}
}

// report hands on a finding, unless it was handed on before.
func (r *run) report(rule *Rule, at schema.Place, why string, args ...any) {
	r.found++
	if r.err == nil && r.found > r.known {
		r.err = r.emit(r.finding(rule, at, why, args...))
	}
}

// rows shows rows to whoever asked for them.
func rows[T any](r *run, file string, all iter.Seq2[T, error], visits []visit[T]) error {
	at := &Row{Place: schema.Place{File: file}, run: r}
	for row, err := range all {
		if err != nil {
			return err
		}
		at.Row++
		for _, v := range visits {
			at.rule = v.rule
			v.see(at, &row)
		}
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// unread are the columns of annotations that no rule looks at.
var unread = []string{"confidence", "evidence", "rationale", "labelled_at"}

// annotations shows the rows of a file of annotations.
func (r *run) annotations(name string, visits []visit[schema.Annotation], g *grouping) error {
	at := &Row{Place: schema.Place{File: relative(r.d, name)}, run: r}
	var before *schema.Annotation
	g.file()
	asked := make([]visit[schema.Annotation], 0, len(visits)) // for this block
	for b, err := range dataset.Blocks[schema.Annotation](r.ctx, name, unread...) {
		if err != nil {
			return err
		}
		asked = asked[:0]
		for _, v := range visits {
			if v.skip == nil || !v.skip(b) {
				asked = append(asked, v)
			}
		}
		for i := range b.Rows {
			a := &b.Rows[i]
			at.Row, at.Begins, at.Same = b.First+i+1, b.Begins && i == 0, inCommon(before, a)
			at.Copied = at.Same >= sameTrajectory && sameCopies(before, a)
			if at.Same < samePass {
				if err := g.follow(at.Same, before, a); err != nil {
					return err
				}
			}
			for k := range asked {
				v := &asked[k]
				at.rule = v.rule
				v.see(at, a)
			}
			if r.err != nil {
				return r.err
			}
			before = a
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
func (r *run) end(endings []*ending) error {
	var found []Finding
	for _, e := range endings {
		if e.end != nil {
			e.end(e.report)
		}
		found = append(found, e.found...)
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
