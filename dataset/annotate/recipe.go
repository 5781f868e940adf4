package annotate

import (
	"context"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// byRecipe joins the labels that a recipe makes of files and folders. The recipe's id
// is the trajectory's, or with BySource its source's. Where it stood is not known of a
// row, so a label that does not match names only the file, if there is one.
func (j *join) byRecipe(ctx context.Context, r *recipe.Recipe, inputs []string) error {
	from := origin{file: strings.Join(inputs, " ")}
	report, err := r.Annotations(ctx, inputs, recipe.Options{Keep: -1, Reject: j.reject}, func(a schema.Annotation) error {
		return j.take(&label{Annotation: a, from: from})
	})
	if err != nil {
		return err
	}
	j.report.is(r.Name)
	j.report.add(report)
	j.report.in(report.Unit)
	return nil
}

// reject passes on what a recipe could not take.
func (j *join) reject(e recipe.Reject) error {
	return j.report.Reject(j.o.Rejecting, dataset.Reject(e))
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
