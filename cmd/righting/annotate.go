package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

func (a *app) annotate() *cobra.Command {
	var o annotate.Options
	var recipe string
	c := &cobra.Command{
		Use:   "annotate DS LABELS…",
		Short: "join labels made elsewhere onto the trajectories of a dataset",
		Long: `annotate reads labels (CSV, JSONL or Parquet with our columns, or one judgement a field; a
judge's answers; exports of Label Studio, Argilla, Scout and Potato, see righting explain
sources; anything by a recipe; a list is written a|b or as JSON, and none means judged and
none), joins each to its trajectory and turn, and writes the annotations anew, whole or not at all. The same labels again change nothing; other labels
by the same annotator are refused without --replace. What does not match is counted,
explained and written to DS.rejected.jsonl, and the exit code is 1.

  righting annotate ds rosa.csv --annotator rosa --kind human
  righting annotate ds answers.jsonl                             of righting export ds judge
  righting annotate ds labels.csv --turn message0
  righting annotate ds export.json --hash-annotators "$SALT"     of Label Studio, without addresses
  righting annotate ds --control 'severity: >= 3=neutralised'    a measure becomes control`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 && o.Control == "" {
				return errors.New("annotate needs files of labels, or --control to take control from a measure")
			}
			if recipe != "" {
				r, err := loadRecipe(recipe)
				if err != nil {
					return err
				}
				o.Recipe = r
			}
			return a.runAnnotate(c.Context(), args[0], args[1:], o)
		},
	}
	f := c.Flags()
	f.StringVar(&recipe, "recipe", "", "a recipe's file, or its name")
	f.StringVar(&o.From, "from", "", "what the files are, where it is not to be seen: "+strings.Join(sourceNames(), ", "))
	f.StringVar(&o.Key, "key", "", "how a label names its trajectory: "+strings.Join(annotate.Keys.Names(), ", "))
	f.StringVar(&o.Turn, "turn", "", "how a label names a turn: "+strings.Join(annotate.Turns.Names(), ", "))
	f.StringVar(&o.Annotator, "annotator", "", "who judged, where the labels do not say")
	f.StringVar(&o.Kind, "kind", "", "what they are: "+strings.Join(schema.AnnotatorKinds.Names(), ", "))
	f.StringVar(&o.Context, "context", "", "what they saw: "+strings.Join(schema.Contexts.Names(), ", "))
	f.StringVar(&o.Silence, "silence", "", "what their silence means: "+strings.Join(schema.Silences.Names(), ", "))
	f.StringVar(&o.Control, "control", "", "a measure that stands in for control: 'grade: C=governs,I=neutralised'")
	f.StringVar(&o.Keep, "keep", "", "last: of several labels by one annotator at one place the last counts (default: an error)")
	f.StringVar(&o.IDs, "ids", "", "task: the number of a task without a trajectory's id is that id")
	f.StringVar(&o.HashAnnotators, "hash-annotators", "", "a salt: people's names in the labels are replaced by what it makes of them")
	f.StringSliceVar(&o.Replace, "replace", nil, "let go of what these annotators said so far")
	return c
}

// sourceNames lists the sources of labels.
func sourceNames() []string {
	names := make([]string, len(annotate.All))
	for i, s := range annotate.All {
		names[i] = s.Name
	}
	return names
}

func (a *app) runAnnotate(ctx context.Context, ds string, labels []string, o annotate.Options) error {
	if err := dataset.Recover(ds); err != nil {
		return err
	}
	d, err := dataset.Open(ds)
	if err != nil {
		return err
	}
	rejects := newRejects(a, ds)
	defer rejects.abort()
	o.Rejecting = dataset.Rejecting{Keep: -1, Reject: rejects.add}
	report, err := annotate.Run(ctx, d, labels, o)
	rejects.told()
	for _, n := range report.Notices {
		a.talk("%s", plain.Line(n, 500))
	}
	if err != nil {
		return err
	}
	for _, line := range report.Lines() {
		a.talk("%s", plain.Line(line, 500))
	}
	if err := rejects.commit(); err != nil {
		return err
	}
	if !report.Changed {
		a.talk("%s: nothing changed", ds)
	}
	return rejects.verdict()
}
