package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/convert"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

type convertOptions struct {
	recipe, from, out                string
	control, branches                string
	system, scenario, condition, id  string
	inputs                           []string
	errorRate                        float64
	force, add, replaceUTF8, thought bool
}

func (a *app) convert() *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert IN… -o DS",
		Short: "make a dataset of other people's transcripts and labels",
		Long: `convert reads transcripts of a format it knows (righting explain formats), or files of
any layout by a recipe (a YAML file, or a built-in one: righting explain recipes), and
writes a dataset, whole or not at all. What cannot be taken goes to DS.rejected.jsonl with
place and reason, and the exit code is 1; everything else is kept. An interrupted run goes
on where it stopped.

  righting convert chats.jsonl -o ds                             by what the files look like
  righting convert runs/*.json --from tau-bench --system '{model}+{agent}' -o ds
  righting convert logs/ --control 'model_graded_fact: C=governs,I=neutralised' -o ds
  righting convert ODCV-Bench/ --recipe odcv -o odcv
  righting convert labels.csv --recipe mine.yaml -o ds           labels alone are a dataset`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.inputs = args
			return a.runConvert(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.out, "output", "o", "", "the dataset's folder")
	f.StringVar(&o.recipe, "recipe", "", "a recipe's file, or its name")
	f.StringVar(&o.from, "from", "", "the format of the transcripts (default: by their content)")
	f.StringVar(&o.system, "system", "", "what is ranked, as a template: '{model}+{agent}'")
	f.StringVar(&o.scenario, "scenario", "", "the scenario, as a template")
	f.StringVar(&o.condition, "condition", "", "the condition, as a template")
	f.StringVar(&o.id, "id", "", "the trajectory's id, as a template")
	f.StringVar(&o.control, "control", "", "a score that stands in for control: 'model_graded_fact: C=governs,I=neutralised'")
	f.StringVar(&o.branches, "branches", "", "of a conversation that was partly taken back, all or final (default all; the final ones alone favour failures)")
	f.BoolVar(&o.add, "append", false, "add to a dataset that is there")
	f.BoolVar(&o.force, "force", false, "replace a dataset that is there")
	f.BoolVar(&o.replaceUTF8, "replace-utf8", false, "replace invalid UTF-8 instead of rejecting the record")
	f.Float64Var(&o.errorRate, "max-error-rate", .5, "with more rejects than this share, nothing is written")
	f.BoolVar(&o.thought, "think", false, "<think>…</think> before an answer is its reasoning")
	return c
}

func (a *app) runConvert(ctx context.Context, o convertOptions) error {
	if o.out == "" {
		return errors.New("convert needs -o DS, the folder of the new dataset")
	}
	if err := apart(o.inputs, o.out); err != nil {
		return err
	}
	rejects := newRejects(a, o.out)
	defer rejects.abort()
	if o.recipe == "" {
		return a.convertFormat(ctx, o, rejects)
	}
	if o.from != "" || o.system != "" || o.scenario != "" || o.condition != "" || o.id != "" || o.control != "" || o.branches != "" || o.add {
		return errors.New("--recipe says all this itself: --from, --system, --scenario, --condition, --id, --control, --branches and --append do not go with it")
	}
	r, err := loadRecipe(o.recipe)
	if err != nil {
		return err
	}
	return a.convertRecipe(ctx, o, r, rejects)
}

func (a *app) convertFormat(ctx context.Context, o convertOptions, rejects *rejects) error {
	var f *convert.Format
	if o.from != "" {
		var err error
		if f, err = convert.Find(o.from); err != nil {
			return err
		}
	}
	m := dataset.NewManifest()
	if o.control != "" {
		var err error
		if m.Rules.ControlFrom, err = annotate.ParseControl(o.control); err != nil {
			return err
		}
	}
	report, err := convert.Run(ctx, o.inputs, convert.Options{
		Output: o.out, Format: f, Manifest: m, System: o.system, Scenario: o.scenario, Condition: o.condition, ID: o.id,
		Append: o.add, Force: o.force, ReplaceUTF8: o.replaceUTF8, Think: o.thought, Branches: o.branches, MaxErrorRate: o.errorRate, Version: version(), Stdin: os.Stdin,
		Rejecting: dataset.Rejecting{Keep: -1, Reject: rejects.add},
		Commit:    func(*convert.Report) error { return rejects.commit() },
	})
	rejects.told()
	if report != nil {
		for _, n := range report.Notices {
			a.talk("%s", plain.Line(n, 500))
		}
		if report.Read > 0 {
			a.talk("read %s", report)
		}
	}
	if err != nil {
		return err
	}
	a.talk("%s: fill in what %s leaves empty; add labels with righting annotate", o.out, filepath.Join(o.out, "dataset.yaml"))
	return rejects.verdict()
}

func (a *app) convertRecipe(ctx context.Context, o convertOptions, r *recipe.Recipe, rejects *rejects) error {
	w, err := dataset.Create(o.out, r.Dataset, dataset.CreateOptions{Force: o.force})
	if err != nil {
		return err
	}
	defer w.Abort()
	reports, err := r.Read(ctx, o.inputs,
		recipe.Options{Rejecting: dataset.Rejecting{Keep: -1, Reject: rejects.add}},
		recipe.Tables{
			Trajectory: func(t schema.Trajectory) error { return w.AddTrajectories([]schema.Trajectory{t}) },
			Scenario:   func(s schema.Scenario) error { return w.AddScenarios([]schema.Scenario{s}) },
			Annotation: func(x schema.Annotation) error { return w.AddAnnotations([]schema.Annotation{x}) },
		})
	rejects.told()
	rows, annotators := 0, map[string]schema.Annotator{}
	for i := range reports {
		report := &reports[i]
		for _, n := range report.Notices {
			a.talk("%s", plain.Line(n, 500))
		}
		if report.Read > 0 {
			a.talk("%s: read %s", report.Table, report)
		}
		rows += report.Rows
		for name, x := range report.Annotators {
			annotators[name] = x
		}
	}
	if err != nil {
		return err
	}
	if rows == 0 {
		return fmt.Errorf("%s: nothing was written: no row", o.out)
	}
	w.Manifest = filled(r.Dataset, o.out, annotators)
	if err := rejects.commit(); err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return err
	}
	a.talk("%s: fill in what %s leaves empty", o.out, filepath.Join(o.out, "dataset.yaml"))
	return rejects.verdict()
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

// apart refuses an output that is an input or holds one.
func apart(inputs []string, out string) error {
	to := resolved(out)
	for _, in := range inputs {
		if rel, err := filepath.Rel(to, resolved(in)); in != "-" && err == nil && filepath.IsLocal(rel) {
			return fmt.Errorf("%s: the output holds the input %s; choose another folder", out, in)
		}
	}
	return nil
}

// filled is the manifest with what the labels showed: a name, the constraint main, who
// judged.
func filled(m dataset.Manifest, out string, annotators map[string]schema.Annotator) dataset.Manifest {
	if m.Name == "" {
		m.Name = strings.TrimLeft(filepath.Base(out), ".")
	}
	if len(m.Constraints) == 0 {
		m.Constraints = []schema.Constraint{{ID: schema.MainConstraint}}
	}
	if m.Annotators == nil {
		m.Annotators = map[string]schema.Annotator{}
	}
	for name, seen := range annotators {
		declared := m.Annotators[name]
		if declared.Kind == "" {
			declared.Kind = seen.Kind
		}
		m.Annotators[name] = declared
	}
	return m
}
