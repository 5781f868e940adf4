package bench

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// annotators fills in who did what.
func (g *Agreement) annotators(d *dataset.Dataset, all *agreeing, qs []*question) {
	for _, name := range slices.Sorted(maps.Keys(all.work)) {
		w := *all.work[name]
		w.Kind, w.Model = d.Manifest.Annotators[name].Kind, d.Manifest.Annotators[name].Model
		for i, q := range qs {
			if b := all.all.ballots[i]; b != nil && len(b.given[name]) > 0 {
				w.Answers = append(w.Answers, answersOf(q, b, name))
			}
		}
		g.Annotators = append(g.Annotators, w)
	}
}

func answersOf(q *question, b *ballot, name string) AnnotatorAnswers {
	a := AnnotatorAnswers{Group: q.group, Question: q.name}
	var anyone, equal int64
	for _, units := range b.units {
		for _, n := range units {
			anyone += n
		}
	}
	for _, n := range b.given[name] {
		a.N += n
	}
	a.Coverage = *published(new(float64(a.N) / float64(anyone)))
	for pair, table := range b.pairs {
		if pair[0] != name && pair[1] != name {
			continue
		}
		for said, n := range table {
			a.Shared += n
			if said[0] == said[1] {
				equal += n
			}
		}
	}
	if a.Shared > 0 {
		a.Agreement = published(new(float64(equal) / float64(a.Shared)))
	}
	for _, code := range slices.Sorted(maps.Keys(b.given[name])) {
		n := b.given[name][code]
		a.Shares = append(a.Shares, ClassShare{q.show(code), n, *published(new(float64(n) / float64(a.N)))})
	}
	return a
}

func (g *Agreement) again(e *estimator, all *agreeing) error {
	if len(all.again) == 0 {
		g.NoRepeats = "no annotator judged anything twice (pass 0 and pass 1)"
		return nil
	}
	whole := newBooth(all.all.questions)
	names := slices.Sorted(maps.Keys(all.again))
	for _, name := range names {
		whole.add(all.again[name])
	}
	list, err := e.booth("", whole)
	if err != nil {
		return err
	}
	g.Repeats = list
	for _, name := range names {
		if list, err = e.booth(name, all.again[name]); err != nil {
			return err
		}
		g.Repeats = append(g.Repeats, list...)
	}
	return nil
}

func (g *Agreement) sides(d *dataset.Dataset, e *estimator, all *agreeing) (err error) {
	people, models := kindsOf(d, &g.Spec.Rules.Panel)
	switch {
	case len(people) == 0 && len(models) == 0:
		g.NoKinds = "no annotator is declared human or model (annotators: NAME: {kind: human} in dataset.yaml)"
	case len(people) == 0:
		g.NoKinds = "no annotator is declared human"
	case len(models) == 0:
		g.NoKinds = "no annotator is declared a model"
	default:
		g.Kinds, err = e.booth("", all.kinds)
	}
	return err
}

// versions picks the pairs whose declared models differ in their version only.
func (g *Agreement) versions(d *dataset.Dataset) {
	declared := 0
	for _, w := range g.Annotators {
		if w.Model != "" {
			declared++
		}
	}
	for _, p := range g.Pairs {
		x, y := d.Manifest.Annotators[p.First].Model, d.Manifest.Annotators[p.Second].Model
		if x != "" && y != "" && family(x) == family(y) {
			g.Versions = append(g.Versions, p)
		}
	}
	switch {
	case len(g.Versions) > 0:
	case declared < 2:
		g.NoVersions = fmt.Sprintf("%d of %d annotators declare a model (annotators: NAME: {model: …} in dataset.yaml)", declared, len(g.Annotators))
	default:
		g.NoVersions = "no two annotators' declared models are of one family (the name up to its first digit) and judged the same"
	}
}

// family is a model's name up to its first digit: gpt-4o-2024-08-06 and gpt-5.5 are of
// one.
func family(model string) string {
	at := strings.IndexAny(model, "0123456789")
	if at < 0 {
		return model
	}
	return strings.TrimRight(model[:at], "-_. ")
}

func (g *Agreement) notices(d *dataset.Dataset, all *agreeing) {
	say := func(format string, args ...any) { g.Notices = append(g.Notices, fmt.Sprintf(format, args...)) }
	if g.Spec.Rules.Panel.Rule == "" && len(all.who.Controls) > 1 {
		say("no panel is named: panels here go by median")
	}
	if all.dropped > 0 {
		say("exclude_self: %d judgements of annotators on themselves are left out of everything but the self-judging gap", all.dropped)
	}
	for i, c := range []reading.Column{reading.Ask, reading.Contradicts} {
		if all.ids[i] {
			say("%s names places in a conversation and is not compared", c.Name())
		}
	}
	g.Notices = append(g.Notices, d.Notices...)
}

func scenariosOf(d *dataset.Dataset) map[[2]string]*schema.Scenario {
	out := map[[2]string]*schema.Scenario{}
	for i := range d.Scenarios {
		row := &d.Scenarios[i]
		out[[2]string{row.Scenario, text(row.Condition)}] = row
	}
	return out
}

// clusterOf is cluster with the error of a scenario that has not one.
func (s *slicer) clusterOf(k metrics.Key) (string, error) {
	if s.column == "scenario" {
		return k.Scenario, nil
	}
	v := s.values(k, s.column)
	if len(v) != 1 || v[0] == nil {
		return "", fmt.Errorf("cluster: scenario %q has not one %s; give each one in the scenarios table, or cluster on scenario", k.Scenario, s.column)
	}
	return *v[0], nil
}
