package bench

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema/reading"
)

// Counted is what reading datasets gives.
type Counted struct {
	*metrics.Table
	Who
	// Unlabelled counts trajectories without a judgement, by keys without a constraint;
	// nil where a dataset has labels only.
	Unlabelled map[metrics.Key]int64
}

// Count reads datasets into counts of the spec's metrics. It changes spec.Rules: what
// cases are filled with. Several datasets must have the same rules.
func Count(ctx context.Context, ds []*dataset.Dataset, spec *Spec) (*Counted, error) {
	ms, err := resolve(ds, spec)
	if err != nil {
		return nil, err
	}
	all := &Counted{Table: metrics.NewTable(ms)}
	var ids map[string]string
	if len(ds) > 1 {
		ids = map[string]string{}
	}
	free := pool{like: all.Table} // counts add up in any order: whichever is free counts on
	for _, d := range ds {
		who, err := readWith(ctx, d, &spec.Rules, ids, free.take,
			func(t *metrics.Table, c *reading.Case, r *reading.Reading) error {
				t.Add(c, r)
				return nil
			},
			func(t *metrics.Table) error {
				free.give(t)
				return nil
			})
		if err != nil {
			return nil, err
		}
		all.add(who)
	}
	if err := cmp.Or(all.check(&spec.Rules.Panel), all.panel(&spec.Rules.Panel)); err != nil {
		return nil, err
	}
	for _, t := range free.all {
		all.Merge(t)
	}
	all.Unlabelled, err = all.unlabelled(ctx, ds)
	return all, err
}

// A pool lends tables: one to one row group at a time.
type pool struct {
	like *metrics.Table
	mu   sync.Mutex
	all  []*metrics.Table // that nobody counts with
}

func (p *pool) take() *metrics.Table {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.all) - 1
	if n < 0 {
		return p.like.Fresh()
	}
	t := p.all[n]
	p.all = p.all[:n]
	return t
}

func (p *pool) give(t *metrics.Table) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, t)
}

func keyOf(system, setting, scenario string, condition *string) metrics.Key {
	return metrics.Key{System: system, Setting: setting, Scenario: scenario, Condition: text(condition), HasCondition: condition != nil}
}

// unlabelled is what of the trajectories tables is not labelled. Where there are as many
// labels as trajectories nothing is, and only the number of rows is looked up.
func (c *Counted) unlabelled(ctx context.Context, ds []*dataset.Dataset) (map[metrics.Key]int64, error) {
	out := map[metrics.Key]int64{}
	want := int64(0)
	for _, d := range ds {
		if len(d.Trajectories) == 0 {
			return nil, nil
		}
		for _, file := range d.Trajectories {
			n, err := dataset.NumRows(file)
			if err != nil {
				return nil, err
			}
			want += n
		}
	}
	labelled, have := map[metrics.Key]int64{}, int64(0)
	at := slices.IndexFunc(c.Metrics, func(m *metrics.Metric) bool { return m.Name == "readings[trajectories]" })
	for k, n := range c.Each(at) {
		k.Constraint = ""
		labelled[k] += n[0]
		have += n[0]
	}
	if have == want {
		return out, nil
	}
	for _, d := range ds {
		for _, file := range d.Trajectories {
			for row, err := range dataset.Rows[struct {
				System    string  `parquet:"system"`
				Setting   string  `parquet:"setting"`
				Scenario  string  `parquet:"scenario"`
				Condition *string `parquet:"condition,optional"`
			}](ctx, file) {
				if err != nil {
					return nil, err
				}
				out[keyOf(row.System, row.Setting, row.Scenario, row.Condition)]++
			}
		}
	}
	for k, n := range labelled { // labels that name another system than their trajectory are check's to find
		out[k] = max(0, out[k]-n)
	}
	return out, nil
}

// resolve makes the spec's metrics, with the primary and all coverage among them, and
// tells the rules what they need.
func resolve(ds []*dataset.Dataset, spec *Spec) ([]*metrics.Metric, error) {
	if len(ds) == 0 {
		return nil, fmt.Errorf("no dataset to score")
	}
	if err := spec.Check(); err != nil {
		return nil, err
	}
	first := ds[0].Manifest.Rules
	for _, d := range ds[1:] {
		if rules := d.Manifest.Rules; rules.Digest() != first.Digest() {
			return nil, fmt.Errorf("%s and %s are read by different rules; score them apart, or by one --spec after making their dataset.yaml agree", ds[0].Path, d.Path)
		}
	}
	e := metrics.Env{Vocabulary: ds[0].Vocabulary(), Measures: spec.Rules.Panel.Measures, Rules: &spec.Rules}
	if f := spec.Rules.ControlFrom; f != nil {
		if _, ok := e.Measures[f.Measure]; !ok && len(spec.Rules.Needs().Letters) == 0 {
			return nil, fmt.Errorf("rules.control_from: no measure %q is declared; declare it under measures in dataset.yaml", f.Measure)
		}
	}
	names := spec.Metrics
	if len(names) == 0 {
		names = metrics.Defaults(e)
	}
	primary, err := metrics.Parse(e, spec.Primary)
	if err != nil {
		return nil, fmt.Errorf("primary: %w", err)
	}
	spec.Primary = primary.Name
	names = append([]string{spec.Primary}, names...)
	var ms []*metrics.Metric
	need := spec.Rules.Needs()
	take := func(name string) error {
		m, err := metrics.Parse(e, name)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ms, func(o *metrics.Metric) bool { return m.Name == o.Name }) {
			return nil
		}
		ms = append(ms, m)
		need = need.Or(m.Needs)
		return nil
	}
	for _, name := range names {
		if err := take(name); err != nil {
			return nil, err
		}
	}
	for _, name := range coverageNames(e) {
		if err := take(name); err != nil {
			return nil, err
		}
	}
	spec.Rules.Panel.Names = need
	if _, _, ok := ms[slices.IndexFunc(ms, func(m *metrics.Metric) bool { return m.Name == spec.Primary })].Shape.Terms(metrics.Rows{Size: 1}); !ok {
		return nil, fmt.Errorf("primary: %s cannot rank: it is no ratio of sums over scenarios", spec.Primary)
	}
	return ms, nil
}

func coverageNames(e metrics.Env) []string {
	for _, f := range metrics.All {
		if f.Name == "readings" {
			return f.Default(e)
		}
	}
	return nil
}
