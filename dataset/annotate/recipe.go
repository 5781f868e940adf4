package annotate

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// byRecipe joins the labels that a recipe makes of files and folders. The recipe's id
// is the trajectory's, or with BySource its source's.
//
// Where labels name trajectories and turns as the dataset does, the recipe joins them,
// and need not say of which system and scenario they are. Else it has to, and of a label
// that does not match only the inputs are known, and what was read off the record.
func (j *join) byRecipe(ctx context.Context, r *recipe.Recipe, inputs []string) error {
	o := recipe.Options{Rejecting: dataset.Rejecting{Keep: -1, Reject: j.reject}}
	strange := false
	if j.o.Key == ByTrajectory && j.o.Turn == "" {
		o.Index = &j.x.Index
		o.Reject = func(e dataset.Reject) error {
			if !errors.As(e.Err, new(*dataset.Unmatched)) {
				return j.reject(e)
			}
			strange = true
			j.report.Written += e.Units // it was read, and is a label
			j.report.Labels++
			e.Units = 0
			return j.refuse(e)
		}
	}
	from := origin{file: strings.Join(inputs, " ")}
	report, err := j.judged(ctx, r, inputs, o, func(a schema.Annotation) error {
		return j.take(&label{Annotation: a, from: from})
	})
	if err != nil {
		return err
	}
	j.report.is(r.Name)
	j.report.add(report)
	j.report.in(report.Unit)
	if strange {
		j.count(ctx, r, inputs)
	}
	return nil
}

// judged is what a recipe makes of the inputs, or of the tables that their source makes of
// them.
func (j *join) judged(ctx context.Context, r *recipe.Recipe, inputs []string, o recipe.Options, emit func(schema.Annotation) error) (recipe.Report, error) {
	if j.o.From == "" {
		return r.Annotations(ctx, inputs, o, emit)
	}
	var all recipe.Report
	err := j.tables(ctx, inputs, func(t *recipe.Table) error {
		report, err := r.Judge(ctx, t, o, emit)
		all.Read += report.Read
		all.Written += report.Written
		all.Missing += report.Missing
		all.Skipped += report.Skipped
		all.Files, all.Unit = append(all.Files, report.Files...), report.Unit
		all.Notices = append(all.Notices, report.Notices...)
		return err
	})
	return all, err
}

// count reads the labels once more as they are, to see what would take those that do
// not match. A recipe that leaves it to the join of which system they are, gives none.
func (j *join) count(ctx context.Context, r *recipe.Recipe, inputs []string) {
	j.fit, j.lost = nil, nil
	quiet := *j // tells nothing twice
	quiet.report = new(Report)
	_, err := quiet.judged(ctx, r, inputs, recipe.Options{Rejecting: dataset.Rejecting{Keep: -1}}, func(a schema.Annotation) error {
		l := label{Annotation: a}
		l.number()
		j.note(&l, a.TrajectoryID, j.x.Fill(&l.Annotation))
		return nil
	})
	if err != nil {
		j.fit, j.lost = nil, nil
	}
}

// reject passes on what could not be taken; without its record, which may name people,
// where their names are hashed.
func (j *join) reject(e dataset.Reject) error {
	if j.o.HashAnnotators != "" {
		e.Raw = nil
	}
	return j.report.Reject(j.o.Rejecting, e)
}

// add takes over what a recipe counted; the rejected ones were counted one by one.
func (r *Report) add(of recipe.Report) {
	r.Read += of.Read
	r.Written += of.Written
	r.Missing += of.Missing
	r.Skipped += of.Skipped
	r.Files = append(r.Files, of.Files...)
	for _, n := range of.Notices {
		if !slices.Contains(r.Notices, n) {
			r.Notices = append(r.Notices, n)
		}
	}
}
