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
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// An Agreement is how far a dataset's annotators agree, and how much a board depends on
// who judges. The reasons say why a part is not there; "" = it is.
type Agreement struct {
	Spec       Spec // as scored
	Digest     string
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

// agreeing is what one row group is counted with.
type agreeing struct {
	all, kinds *booth
	again      map[string]*booth
	work       map[string]*AnnotatorWork
	self       selfCount
	who        Who
	dropped    int64
	clusters   map[string]bool
	ids        [2]bool // ask, contradicts_turn were given
	into       []reading.Judged
	readings   []*reading.Reading
	voices     []voice
}

func newAgreeing(qs []*question) *agreeing {
	return &agreeing{
		all: newBooth(qs), kinds: newBooth(qs), again: map[string]*booth{}, work: map[string]*AnnotatorWork{}, self: selfCount{},
		clusters: map[string]bool{},
	}
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
	if err := out.estimate(d, all, qs); err != nil {
		return nil, err
	}
	if err := out.boards(ctx, d, &all.who); err != nil {
		return nil, err
	}
	out.notices(d, all)
	return out, nil
}

// count adds a case.
func (a *agreeing) count(c *reading.Case, cluster string, rules *reading.Rules, people, models []string) error {
	a.clusters[cluster] = true
	p := &rules.Panel
	for len(a.into) < len(c.By) {
		a.into = append(a.into, reading.Judged{})
	}
	a.voices = a.voices[:0]
	a.readings = a.readings[:0]
	for i := range c.By {
		j := &c.By[i]
		a.readings = append(a.readings, nil)
		a.ids[0] = a.ids[0] || !j.By[reading.Ask].Judged.Empty()
		a.ids[1] = a.ids[1] || !j.By[reading.Contradicts].Judged.Empty()
		if j.Pass != 0 {
			continue
		}
		w := a.work[j.Annotator]
		if w == nil {
			w = &AnnotatorWork{Name: j.Annotator}
			a.work[j.Annotator] = w
		}
		w.Judgements += int64(j.Judgements)
		a.who.Seen = add(a.who.Seen, j.Annotator)
		r, err := alone(c, j.Annotator, rules, &a.into[i])
		if err != nil {
			return err
		}
		a.readings[i] = r
		if !p.Sits(j, &c.Key) {
			if p.ExcludeSelf && p.Self(j.Annotator, &c.Key) {
				a.dropped += int64(j.Judgements)
			}
			continue
		}
		w.Sits = true
		if gives, _ := controls(j, rules); gives {
			a.who.Controls = add(a.who.Controls, j.Annotator)
		}
		a.voices = append(a.voices, voice{j.Annotator, j, r})
	}
	a.all.count(cluster, a.voices)
	if err := a.repeats(c, cluster, rules); err != nil {
		return err
	}
	if len(people) > 0 && len(models) > 0 {
		if err := a.sides(c, cluster, rules, people, models); err != nil {
			return err
		}
	}
	return a.self.count(c, cluster, rules, a.readings)
}

// Names of the two passes, and of the two kinds, as voices.
const (
	firstPass, secondPass = "pass 0", "pass 1"
	peoplePanel           = "human"
	modelsPanel           = "model"
)

// repeats compares each annotator's first two passes.
func (a *agreeing) repeats(c *reading.Case, cluster string, rules *reading.Rules) error {
	for i := range c.By {
		j := &c.By[i]
		if j.Pass != 1 || i == 0 || c.By[i-1].Annotator != j.Annotator || c.By[i-1].Pass != 0 {
			continue
		}
		if first := &c.By[i-1]; !rules.Panel.Sits(first, &c.Key) {
			continue
		}
		again := c.Clone()
		again.By = again.By[i : i+1]
		again.By[0].Pass = 0
		r, err := alone(again, j.Annotator, rules, &a.into[i])
		if err != nil {
			return err
		}
		if a.again[j.Annotator] == nil {
			a.again[j.Annotator] = newBooth(a.all.questions)
		}
		a.again[j.Annotator].count(cluster, []voice{{firstPass, &c.By[i-1], a.readings[i-1]}, {secondPass, &again.By[0], r}})
	}
	return nil
}

// sides compares the panel of people with the panel of models.
func (a *agreeing) sides(c *reading.Case, cluster string, rules *reading.Rules, people, models []string) error {
	var voices []voice
	for _, side := range []struct {
		who string
		of  []string
	}{{peoplePanel, people}, {modelsPanel, models}} {
		r := *rules
		r.Panel.Of = side.of
		into := new(reading.Judged)
		read, err := readBy(c, &r, into)
		if err != nil {
			return err
		}
		if into.Judgements > 0 {
			voices = append(voices, voice{side.who, into, read})
		}
	}
	a.kinds.count(cluster, voices)
	return nil
}

func (a *agreeing) add(o *agreeing) {
	a.all.add(o.all)
	a.kinds.add(o.kinds)
	for who, b := range o.again {
		if a.again[who] == nil {
			a.again[who] = newBooth(a.all.questions)
		}
		a.again[who].add(b)
	}
	for who, w := range o.work {
		if a.work[who] == nil {
			a.work[who] = &AnnotatorWork{Name: who}
		}
		a.work[who].Judgements += w.Judgements
		a.work[who].Sits = a.work[who].Sits || w.Sits
	}
	a.self.add(o.self)
	a.who.add(o.who)
	a.dropped += o.dropped
	maps.Copy(a.clusters, o.clusters)
	a.ids[0], a.ids[1] = a.ids[0] || o.ids[0], a.ids[1] || o.ids[1]
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
		g.NoKinds = "dataset.yaml declares nobody's kind (annotators: NAME: {kind: human})"
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
	if g.Spec.Rules.Panel.Rule == "" {
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

// why is an error's reason where a number is undefined; any other error is returned.
func why(err error) (string, error) {
	if errors.Is(err, stat.ErrUndefined) {
		return reason(err), nil
	}
	return "", err
}

func comparePair(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) }
