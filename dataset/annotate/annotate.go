package annotate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Run joins the labels in files, or folders with a recipe, to the trajectories of d,
// which has to be a dataset's folder, and writes annotations and dataset.yaml anew, both
// or none. What d holds is as it was opened; open the dataset again.
//
// Labels that match no trajectory are in the report; those that do are written all the
// same. An annotator may add to what it said at a place, and a judge whose answer failed
// may answer again; the error is an ErrDiffers or ErrConflict, and nothing is written, if it says
// otherwise than before without Options.Replace, or the labels disagree among
// themselves. Where nothing is new, nothing is written. The other errors are those of
// dataset.BeginEdit, of the options, and of files that cannot be read.
func Run(ctx context.Context, d *dataset.Dataset, labels []string, o Options) (Report, error) {
	var r Report
	if err := o.check(); err != nil {
		return r, err
	}
	edit, err := dataset.BeginEdit(d.Path)
	if err != nil {
		return r, err
	}
	defer edit.Close()
	r, err = annotate(ctx, edit, labels, o)
	r.Notices = append(r.Notices, edit.Notices...)
	return r, err
}

func annotate(ctx context.Context, edit *dataset.Edit, labels []string, o Options) (r Report, err error) {
	d := edit.Dataset
	manifest := d.Manifest
	manifest.Annotators = maps.Clone(manifest.Annotators)
	if o.Control != "" {
		if manifest.Rules.ControlFrom, err = ParseControl(o.Control); err != nil {
			return r, err
		}
	}
	if o.Recipe != nil {
		declare(&manifest, &o.Recipe.Dataset)
	}
	with := *d // what the recipe declares holds for its labels
	with.Manifest = manifest
	var change dataset.Change
	if len(labels) > 0 {
		m, err := gather(ctx, &with, d.Manifest.Annotators, labels, &o, &r)
		if err != nil {
			return r, err
		}
		if r.Added+r.Filled+r.Removed > 0 {
			m.quiet = true
			change.Annotations = map[string]iter.Seq2[[]schema.Annotation, error]{}
			for _, split := range m.splits() {
				change.Annotations[split] = m.pieces(ctx, split)
			}
		}
		manifest = with.Manifest
	}
	if !manifest.Same(d.Manifest) {
		change.Manifest = &manifest
	}
	if change.Annotations == nil && change.Manifest == nil {
		return r, nil
	}
	if err := edit.Commit(ctx, change); err != nil {
		return r, err
	}
	r.Changed = true
	return r, nil
}

// gather reads the labels and tries the merge, which is then as it is to be written.
func gather(ctx context.Context, d *dataset.Dataset, before map[string]schema.Annotator, labels []string, o *Options, r *Report) (*merge, error) {
	x, err := newIndex(ctx, d, o)
	if err != nil {
		return nil, err
	}
	j := newJoin(d, x, o, r)
	j.before = before
	if o.Recipe != nil {
		err = j.byRecipe(ctx, o.Recipe, labels)
	} else {
		err = j.read(ctx, labels)
	}
	if err != nil {
		return nil, err
	}
	j.explain()
	slices.SortStableFunc(r.Unmatched, func(a, b Reason) int { return b.N - a.N })
	if err := j.annotators(); err != nil {
		return nil, err
	}
	m := newMerge(d, j, r)
	m.labels(j.labels)
	j.labels = nil
	if err := m.differs(); err != nil {
		return nil, err
	}
	for _, split := range m.splits() {
		if err := m.try(ctx, split); err != nil {
			return nil, err
		}
	}
	return m, m.differs()
}

// try goes through a split without writing it, so that all counts are known.
func (m *merge) try(ctx context.Context, split string) error {
	before, bad, told := *m.report, m.bad, m.told
	for _, err := range m.pieces(ctx, split) {
		if !errors.Is(err, errUnsorted) {
			if err != nil {
				return err
			}
			continue
		}
		*m.report, m.bad, m.told = before, bad, told
		if err := m.load(ctx, split); err != nil {
			return err
		}
		m.report.Notices = append(m.report.Notices, "annotations were not in the order of keys, and were read whole and sorted")
		return m.try(ctx, split)
	}
	return nil
}

// annotators says what everyone who judged is, and declares the new ones.
func (j *join) annotators() error {
	kinds := map[string]string{}
	var errs []error
	for _, l := range j.labels {
		a, declared := j.d.Manifest.Annotators[l.Annotator], kinds[l.Annotator]
		if declared == "" {
			declared = a.Kind
		}
		switch {
		case l.AnnotatorKind == "" && declared != "":
			l.AnnotatorKind = declared
		case l.AnnotatorKind == "" && j.o.Kind != "":
			l.AnnotatorKind = j.o.Kind
		}
		switch {
		case l.AnnotatorKind == "" && kinds[l.Annotator] == "":
			errs = append(errs, fmt.Errorf("%s: neither the labels nor dataset.yaml say what annotator %s is; say with --kind whether human, model, rule or self", l.where(), l.Annotator))
			kinds[l.Annotator] = "?"
		case declared != "" && declared != "?" && l.AnnotatorKind != declared:
			errs = append(errs, fmt.Errorf("%s: annotator_kind: annotator %s is %s here and %s before; give two annotators two names", l.where(), l.Annotator, l.AnnotatorKind, declared))
			kinds[l.Annotator] = "?"
		case kinds[l.Annotator] == "":
			kinds[l.Annotator] = l.AnnotatorKind
		}
		if len(errs) == maxTold {
			break
		}
	}
	for _, name := range j.o.Replace {
		if _, judged := kinds[name]; !judged {
			errs = append(errs, fmt.Errorf("--replace %s: no label that matches is by this annotator, so nothing would take the place of what it said", name))
		}
	}
	if errs != nil {
		return errors.Join(errs...)
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		a := j.d.Manifest.Annotators[name]
		if _, before := j.before[name]; !before {
			j.report.Annotators = append(j.report.Annotators, name)
			a.Silence = cmp.Or(a.Silence, j.o.Silence)
		} else if j.o.Silence != "" && j.o.Silence != a.Silence {
			j.report.Notices = append(j.report.Notices, fmt.Sprintf("annotator %s is declared already; what its silence means stays as dataset.yaml says", name))
		}
		if a.Kind == "" {
			a.Kind = kinds[name]
		}
		if j.d.Manifest.Annotators == nil {
			j.d.Manifest.Annotators = map[string]schema.Annotator{}
		}
		j.d.Manifest.Annotators[name] = a
	}
	return nil
}

// declare adds to a manifest what it lacks of a recipe's.
func declare(m, of *dataset.Manifest) {
	m.Measures = lacking(m.Measures, of.Measures)
	m.Annotators = lacking(m.Annotators, of.Annotators)
	m.Vocabulary.Targets = lacking(m.Vocabulary.Targets, of.Vocabulary.Targets)
	m.Vocabulary.Pressures = lacking(m.Vocabulary.Pressures, of.Vocabulary.Pressures)
}

func lacking[V any](have, more map[string]V) map[string]V {
	if len(more) == 0 {
		return have
	}
	out := maps.Clone(more)
	maps.Copy(out, have)
	return out
}
