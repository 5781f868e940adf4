package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

type convertOptions struct {
	recipe, from, out string
	inputs            []string
	force             bool
}

func (a *app) convert() *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert IN… -o DS --recipe R",
		Short: "make a dataset of other people's labels",
		Long: `convert reads files of any layout by a recipe and writes a dataset, whole or not at
all. A recipe is a YAML file, or the name of one that is built in (righting explain
recipes). Rows that cannot be taken go to DS.rejected.jsonl with place and reason, and
the exit code is 1; everything else is kept.

  righting convert ODCV-Bench/ --recipe odcv -o odcv
  righting convert labels.csv --recipe mine.yaml -o ds`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.inputs = args
			return a.runConvert(c.Context(), o)
		},
	}
	c.Flags().StringVarP(&o.out, "output", "o", "", "the dataset's folder")
	c.Flags().StringVar(&o.recipe, "recipe", "", "a recipe's file, or its name")
	c.Flags().StringVar(&o.from, "from", "", "a transcript format")
	c.Flags().BoolVar(&o.force, "force", false, "replace a dataset that is there")
	return c
}

func (a *app) runConvert(ctx context.Context, o convertOptions) error {
	switch {
	case o.out == "":
		return errors.New("convert needs -o DS, the folder of the new dataset")
	case o.from != "":
		return errors.New("--from: not yet: this version reads labels by --recipe; transcripts come next")
	case o.recipe == "":
		return errors.New("convert needs --recipe R: a file, or one of righting explain recipes")
	}
	r, err := loadRecipe(o.recipe)
	if err != nil {
		return err
	}
	if err := apart(o.inputs, o.out); err != nil {
		return err
	}
	w, err := dataset.Create(o.out, r.Dataset, dataset.CreateOptions{Force: o.force})
	if err != nil {
		return err
	}
	defer w.Abort()
	rejects := newRejects(o.out)
	defer rejects.abort()
	shown := 0
	report, err := r.Annotations(ctx, o.inputs, recipe.Options{Keep: -1, Reject: func(e recipe.Reject) error {
		if shown++; shown <= 100 {
			a.talk("%s", plain.Line(e.Error(), 500))
		}
		return rejects.add(e)
	}}, func(row schema.Annotation) error { return w.AddAnnotations([]schema.Annotation{row}) })
	if err != nil {
		return err
	}
	if shown > 100 {
		a.talk("… and %d more, all in %s", shown-100, rejects.path)
	}
	for _, n := range report.Notices {
		a.talk("%s", plain.Line(n, 500))
	}
	if report.Rows == 0 {
		a.talk("read %s", &report)
		return fmt.Errorf("%s: nothing was written: no row", o.out)
	}
	w.Manifest = filled(r.Dataset, o.out, report)
	if err := rejects.commit(); err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return err
	}
	a.talk("read %s", &report)
	a.talk("%s: %s by %s; fill in what %s leaves empty", o.out, counted(report.Rows, "annotation"), counted(len(report.Annotators), "annotator"), filepath.Join(o.out, "dataset.yaml"))
	if report.Rejected > 0 {
		a.talk("rejected: %s", rejects.path)
		return errFound
	}
	return nil
}

// loadRecipe takes a file if there is one, else a name.
func loadRecipe(name string) (*recipe.Recipe, error) {
	data, err := os.ReadFile(name)
	switch {
	case err == nil:
		return recipe.Load(name, data)
	case !errors.Is(err, fs.ErrNotExist) && !isFolder(name):
		return nil, err
	}
	return recipe.Named(name)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// apart refuses an output that lies inside an input, or an input inside the output.
func apart(inputs []string, out string) error {
	real := func(path string) string {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		for rest := ""; ; {
			if p, err := filepath.EvalSymlinks(path); err == nil {
				return filepath.Join(p, rest)
			}
			if filepath.Dir(path) == path {
				return path
			}
			path, rest = filepath.Dir(path), filepath.Join(filepath.Base(path), rest)
		}
	}
	within := func(a, b string) bool {
		rel, err := filepath.Rel(b, a)
		return err == nil && filepath.IsLocal(rel)
	}
	to := real(out)
	for _, in := range inputs {
		from := real(in)
		if within(from, to) || isFolder(in) && to == from {
			return fmt.Errorf("%s: the output holds the input %s; choose another folder", out, in)
		}
	}
	return nil
}

// filled is the manifest with what the labels showed: a name, the constraint main, who
// judged.
func filled(m dataset.Manifest, out string, r recipe.Report) dataset.Manifest {
	if m.Name == "" {
		m.Name = filepath.Base(out)
	}
	if len(m.Constraints) == 0 {
		m.Constraints = []schema.Constraint{{ID: schema.MainConstraint}}
	}
	if m.Annotators == nil {
		m.Annotators = map[string]schema.Annotator{}
	}
	for name, seen := range r.Annotators {
		declared := m.Annotators[name]
		if declared.Kind == "" {
			declared.Kind = seen.Kind
		}
		m.Annotators[name] = declared
	}
	return m
}
