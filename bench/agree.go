package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema/reading"
)

// An Agreement is how far a dataset's annotators agree, and how much a board depends on
// who judges. The reasons say why a part is not there; "" = it is.
type Agreement struct {
	Spec       Spec // as scored
	Digest     string
	Record     string // annotator of record; "" = nobody gave control
	Annotators []AnnotatorWork
	Notices    []string
	NotGiven   []string // questions that nobody answered

	Questions []Agreed // the panel's annotators, pass 0
	Pairs     []Pair   // two by two

	Repeats   []Agreed // the same annotator again: pass 0 against pass 1; of all first, then each
	NoRepeats string

	Kinds   []Agreed // the panel of people against the panel of models
	NoKinds string

	Versions   []Pair // annotators whose declared models are versions of one
	NoVersions string

	Self   []SelfGap // all systems first
	Flips  []Flip
	NoSelf string

	Boards   *JudgeBoards
	NoBoards string
}

// An AnnotatorWork is what one annotator did.
type AnnotatorWork struct {
	Name, Kind, Model string // "" = not declared
	Sits              bool   // on the panel, somewhere
	Judgements        int64  // pass 0
	Answers           []AnnotatorAnswers
}

// AnnotatorAnswers are one annotator's answers to one question.
type AnnotatorAnswers struct {
	Group     QuestionGroup
	Question  string
	N         int64    // units it answered
	Coverage  float64  // N / units that anybody answered
	Shared    int64    // pairs of its answers with another's at the same unit
	Agreement *float64 // share of Shared that are equal; nil = none
	Shares    []ClassShare
}

// A ClassShare is how much of the answers is one.
type ClassShare struct {
	Class string
	N     int64
	Share float64
}

// Agree reads a dataset once for what its annotators say, and once for every board of
// fewer or other judges. spec.Metrics and spec.By are not looked at.
//
// Annotators are the panel's: spec.Rules.Panel says which, and whether those that judge
// themselves are left out. Readings of the settings that count enter, tested or not.
func Agree(ctx context.Context, d *dataset.Dataset, spec Spec) (*Agreement, error) {
	if err := spec.Check(); err != nil {
		return nil, err
	}
	everything(d, &spec)
	out := &Agreement{Spec: spec, Digest: spec.Rules.Digest()}
	rules := spec.Rules
	if rules.Panel.Rule == "" {
		rules.Panel.Rule = reading.Median
	}
	qs := questions(d, &rules)
	places := &slicer{scenarios: scenariosOf(d), column: rules.Cluster}
	people, models := kindsOf(d, &rules.Panel)
	all := newAgreeing(qs)
	err := dataset.Cases(ctx, d, rules.Panel.Names,
		func() *agreeing { return newAgreeing(qs) },
		func(a *agreeing, c *reading.Case) error {
			if !slices.Contains(spec.Settings, c.Setting) {
				return nil
			}
			cluster, err := places.clusterOf(keyOf(c.System, c.Setting, c.Scenario, c.Condition))
			if err != nil {
				return err
			}
			return a.count(c, cluster, &rules, people, models)
		},
		func(a *agreeing) error {
			all.add(a)
			return nil
		})
	if err != nil {
		return nil, err
	}
	if len(all.work) == 0 {
		return nil, fmt.Errorf("%s: nobody has judged anything in setting %s; add labels with righting annotate", d.Path, strings.Join(spec.Settings, ", "))
	}
	if err := all.who.panel(&rules.Panel); err != nil {
		return nil, err
	}
	out.Record = rules.Panel.Record(all.who.Controls)
	if err := out.estimate(d, all, qs); err != nil {
		return nil, err
	}
	if err := out.boards(ctx, d, &all.who); err != nil {
		return nil, err
	}
	out.notices(d, all)
	return out, nil
}

// kindsOf are the panel's people and models, as dataset.yaml declares them.
func kindsOf(d *dataset.Dataset, p *reading.Panel) (people, models []string) {
	for _, name := range slices.Sorted(maps.Keys(d.Manifest.Annotators)) {
		if len(p.Of) > 0 && !slices.Contains(p.Of, name) {
			continue
		}
		switch d.Manifest.Annotators[name].Kind {
		case "human":
			people = append(people, name)
		case "model":
			models = append(models, name)
		}
	}
	return people, models
}

// estimate makes numbers of the counts.
func (g *Agreement) estimate(d *dataset.Dataset, all *agreeing, qs []*question) error {
	e := &estimator{spec: &g.Spec, clusters: slices.Sorted(maps.Keys(all.clusters))}
	e.weights = stat.NewWeights(g.Spec.Rules.Seed, g.Spec.Rules.Replicates, e.clusters)
	all.all.pool()
	all.kinds.pool()
	for _, b := range all.again {
		b.pool()
	}
	for i, q := range qs {
		if all.all.ballots[i] == nil && q.group != ElementQuestion && !(q.group == ReadingQuestion && len(all.who.Controls) == 0) {
			g.NotGiven = append(g.NotGiven, q.name)
		}
	}
	var err error
	if g.Questions, err = e.booth("", all.all); err != nil {
		return err
	}
	for i, q := range qs {
		if b := all.all.ballots[i]; b != nil {
			g.Pairs = append(g.Pairs, e.pairs(q, b)...)
		}
	}
	g.annotators(d, all, qs)
	if err := g.again(e, all); err != nil {
		return err
	}
	if err := g.sides(d, e, all); err != nil {
		return err
	}
	g.versions(d)
	return g.self(e, d, all.self)
}

// undefinedWhy is an error's reason where a number is undefined; any other error is returned.
func undefinedWhy(err error) (string, error) {
	if errors.Is(err, stat.ErrUndefined) {
		return reason(err), nil
	}
	return "", err
}

func comparePair(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) }
