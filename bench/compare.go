package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
)

// A Comparison is contrasts of two systems, or of two sides of each of some systems.
type Comparison struct {
	Spec      Spec
	Digest    string // of the rules
	Record    string // annotator of record
	Against   Opposite
	Sides     []Sides    // by slice; by system and slice where Against is set
	Contrasts []Contrast // by sides, then metric
	Family    int        // p-values that Holm adjusts together
	Notices   []string
}

// An Opposite is what the two sides of a system are.
type Opposite string

// The opposites.
const (
	AgainstSystem   Opposite = ""         // another system
	AgainstBaseline Opposite = "baseline" // baseline − interaction, section 6.2
	AgainstPath     Opposite = "path"     // path_to_victory 3 − at most 1, metric 32
)

// Opposites documents what a system can be compared with but another.
var Opposites = &schema.Enum{Name: "against", Doc: "what a system is compared with, if not with another", Terms: []schema.Term{
	{Name: string(AgainstBaseline), Doc: "itself without pressure or history: baseline − interaction on the same scenarios"},
	{Name: string(AgainstPath), Doc: "itself where violation is hard: path_to_victory 3 − path_to_victory 0 or 1"},
}}

// A Question is what to compare. First and Second are two systems; with Against set,
// Systems are those to compare with themselves, none = all.
type Question struct {
	First, Second string
	Against       Opposite
	Systems       []string
	Margins       map[string]float64 // beside the spec's, and before them
}

// Compare counts and contrasts. With Against unset it compares two systems by the
// primary and the spec's metrics, pair by pair of scenario, condition and constraint;
// where the spec names no metrics, by the primary, hold_rate, held_turns and what the
// dataset measures. A number that does not exist says why in Undefined; an error is an
// unknown system, a setting without readings, or a spec that cannot be scored.
func Compare(ctx context.Context, ds []*dataset.Dataset, spec Spec, q Question) (*Comparison, error) {
	ds = slices.Clone(ds)
	slices.SortStableFunc(ds, func(a, b *dataset.Dataset) int { return strings.Compare(a.Path, b.Path) })
	if len(ds) == 0 {
		return nil, errors.New("no dataset to compare")
	}
	if err := q.check(&spec); err != nil {
		return nil, err
	}
	unasked := len(spec.Metrics) == 0
	switch {
	case q.Against == AgainstBaseline:
		spec.Settings, spec.Metrics = []string{"baseline", "interaction"}, []string{firstUnit}
	case q.Against == AgainstPath && unasked:
		spec.Metrics = []string{spec.Primary}
	case unasked:
		spec.Metrics = unaskedMetrics(ds[0], &spec)
	}
	counts, err := Count(ctx, ds, &spec)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Spec: spec, Digest: spec.Rules.Digest(), Record: spec.Rules.Panel.Record(counts.Controls), Against: q.Against}
	if unasked || q.Against == AgainstBaseline {
		c.Spec.Metrics = nil
	}
	systems := q.Systems
	if q.Against == AgainstSystem {
		systems = []string{q.First, q.Second}
	}
	if err := counts.have(systems, spec.Settings); err != nil {
		return nil, err
	}
	if q.Against == AgainstBaseline && !slices.ContainsFunc(counts.Keys(), func(k metrics.Key) bool { return k.Setting == "baseline" }) {
		return nil, errors.New("no reading in setting baseline: nothing to hold the interaction against; add trajectories of the same scenarios without pressure or history")
	}
	made, err := contrasts(ds, counts, &spec, q)
	if err != nil {
		return nil, err
	}
	c.Sides, c.Contrasts, c.Family = made.sides, made.contrasts, made.family
	if err := c.notices(ds, counts, made); err != nil {
		return nil, err
	}
	return c, nil
}

func (q *Question) check(spec *Spec) error {
	switch {
	case spec.Interval != "":
		return errors.New("interval: a difference has its own, the adjusted paired t, or bca where it is no ratio of sums")
	case q.Against != AgainstSystem:
		if err := Opposites.Check(string(q.Against)); err != nil {
			return err
		}
	case q.First == q.Second:
		return fmt.Errorf("%q against itself: name two systems, or --against %s", q.First, strings.Join(Opposites.Names(), " or "))
	}
	bySide := map[Opposite]string{AgainstBaseline: "setting", AgainstPath: "path_to_victory"}[q.Against]
	for _, by := range spec.By {
		if bySide != "" && slices.Contains(strings.Split(by, ","), bySide) {
			return fmt.Errorf("by %s: the sides of --against %s differ in it, so no slice has both", by, q.Against)
		}
	}
	return nil
}

// unaskedMetrics are compared where nothing is asked for.
func unaskedMetrics(d *dataset.Dataset, spec *Spec) []string {
	e := metrics.Env{Vocabulary: d.Vocabulary(), Measures: spec.Rules.Panel.Measures, Rules: &spec.Rules}
	out := []string{spec.Primary, "hold_rate", "held_turns"}
	for _, name := range metrics.Defaults(e) {
		if m, err := metrics.Parse(e, name); err == nil && m.Group == metrics.Measures {
			out = append(out, name)
		}
	}
	return out
}

// have is an error for a system without a reading in the settings.
func (c *Counted) have(systems, settings []string) error {
	var judged, here, seen []string
	for _, k := range c.Keys() {
		judged = add(judged, k.System)
		if slices.Contains(settings, k.Setting) {
			here = add(here, k.System)
		}
	}
	for k, n := range c.Unlabelled {
		if n > 0 {
			seen = add(seen, k.System)
		}
	}
	for _, name := range systems {
		switch {
		case slices.Contains(here, name):
		case slices.Contains(judged, name):
			return fmt.Errorf("no reading of %q in setting %s", name, strings.Join(settings, " or "))
		case slices.Contains(seen, name):
			return fmt.Errorf("nobody has judged %q yet; add labels with righting annotate", name)
		default:
			hint := "; the systems are " + strings.Join(here, ", ")
			if near := schema.Nearest(name, judged); near != "" {
				hint = "; did you mean " + near + "?"
			}
			return fmt.Errorf("no system %q%s", name, hint)
		}
	}
	return nil
}

// contrasted is contrasts in the making.
type contrasted struct {
	x         *contrasting
	sides     []Sides
	contrasts []Contrast
	family    int
	passed    []string // metrics that were asked for and cannot be compared
}

// contrasts makes all contrasts of a question from counts, on all cores.
func contrasts(ds []*dataset.Dataset, counts *Counted, spec *Spec, q Question) (*contrasted, error) {
	s, err := newSlicer(ds, spec, counts.Table)
	if err != nil {
		return nil, err
	}
	x, err := newContrasting(spec, counts.Table, s)
	if err != nil {
		return nil, err
	}
	x.tolerances = tolerances{spec: spec.Margins, command: q.Margins}
	out := &contrasted{x: x}
	switch q.Against {
	case AgainstSystem:
		x.judge, x.self = differs, []int{0, 1}
		first, second := slices.Index(s.systems, q.First), slices.Index(s.systems, q.Second)
		for si := range s.slices {
			sides := newSides(s.of(si, first), s.of(si, second), matchOf)
			sides.Slice, sides.First, sides.Second = s.slices[si], q.First, q.Second
			out.sides = append(out.sides, sides)
		}
	case AgainstBaseline:
		x.judge, x.self, x.means, x.tolerances.first = diverges, []int{0}, true, DivergenceMargin
		out.sides = eachSystem(s, q.Systems, baselineSides)
	case AgainstPath:
		x.judge, x.self, x.means, x.tolerances.first = differs, []int{0, 1}, true, PathMargin
		out.sides = eachSystem(s, q.Systems, s.pathSides)
	}
	known := []string{}
	if x.tolerances.first != "" {
		known = append(known, x.tolerances.first)
	}
	var compared []int
	for mi, m := range x.metrics {
		switch asked := counts.Metrics[mi].Name; {
		case m.Group == metrics.Coverage:
			if slices.Contains(spec.Metrics, asked) {
				out.passed = append(out.passed, asked)
			}
		case q.Against == AgainstBaseline && m.Name != spec.Primary:
		case slices.ContainsFunc(compared, func(i int) bool { return x.metrics[i].Name == m.Name }):
		default:
			compared = append(compared, mi)
			known = append(known, calls(m.Name)...)
		}
	}
	if err := x.tolerances.check(known); err != nil {
		return nil, err
	}
	out.contrasts = make([]Contrast, len(out.sides)*len(compared))
	var g errgroup.Group
	g.SetLimit(cores())
	for i := range out.sides {
		for k, mi := range compared {
			g.Go(func() (err error) {
				out.contrasts[i*len(compared)+k], err = x.of(q.Against, &out.sides[i], mi)
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	out.holm()
	return out, nil
}

// eachSystem makes sides of every system asked for, none = all, slice by slice.
func eachSystem(s *slicer, asked []string, of func(keys []metrics.Key) Sides) []Sides {
	var out []Sides
	for yi, system := range s.systems {
		if len(asked) > 0 && !slices.Contains(asked, system) {
			continue
		}
		for si := range s.slices {
			sides := of(s.of(si, yi))
			sides.System, sides.Slice = system, s.slices[si]
			out = append(out, sides)
		}
	}
	return out
}

// of is one contrast with what belongs to its kind.
func (x *contrasting) of(against Opposite, s *Sides, mi int) (Contrast, error) {
	switch against {
	case AgainstBaseline:
		return x.divergence(s, mi)
	case AgainstPath:
		return x.pathGap(s, mi)
	}
	return x.contrast(s, mi)
}

// holm adjusts all p-values together.
func (d *contrasted) holm() {
	var p []float64
	for i := range d.contrasts {
		if d.contrasts[i].P != nil {
			p = append(p, *d.contrasts[i].P)
		}
	}
	d.family = len(p)
	adjusted := stat.Holm(p)
	for i := range d.contrasts {
		if d.contrasts[i].P != nil {
			d.contrasts[i].Holm, adjusted = published(&adjusted[0]), adjusted[1:]
		}
	}
}

// notices are a board's, of the systems compared, and what the sides say.
func (c *Comparison) notices(ds []*dataset.Dataset, counts *Counted, made *contrasted) error {
	var systems []string
	for i := range c.Sides {
		if s := &c.Sides[i]; s.System != "" {
			systems = add(systems, s.System)
		} else {
			systems = add(add(systems, s.First), s.Second)
		}
	}
	notices, err := counts.of(systems).conditions(ds, c.Spec)
	if err != nil {
		return err
	}
	c.Notices = notices
	say := func(format string, args ...any) { c.Notices = append(c.Notices, fmt.Sprintf(format, args...)) }
	for _, name := range made.passed {
		say("%s is a count: there is nothing to compare", name)
	}
	var known []string
	for i := range c.Contrasts {
		known = append(known, calls(c.Contrasts[i].Metric)...)
	}
	known = append(known, DivergenceMargin, PathMargin)
	for _, name := range sortedKeys(c.Spec.Margins) {
		if near := schema.Nearest(name, known); near != "" && !slices.Contains(known, name) {
			say("margins: nothing called %q is compared; did you mean %s?", name, near)
		}
	}
	return nil
}

// of is the counts of some systems.
func (c *Counted) of(systems []string) *Counted {
	out := &Counted{Table: metrics.NewTable(c.Metrics), Who: c.Who}
	rows := slices.DeleteFunc(c.CountRows(), func(r schema.CountRow) bool { return !slices.Contains(systems, r.System) })
	if err := out.AddRows(rows); err != nil { // CountRows writes what AddRows reads
		panic(err)
	}
	if c.Unlabelled != nil {
		out.Unlabelled = map[metrics.Key]int64{}
		for k, n := range c.Unlabelled {
			if slices.Contains(systems, k.System) {
				out.Unlabelled[k] = n
			}
		}
	}
	return out
}

// conditions are the notices of a board of these counts.
func (c *Counted) conditions(ds []*dataset.Dataset, spec Spec) ([]string, error) {
	spec.By = nil
	s, err := newSlicer(ds, &spec, c.Table)
	if err != nil {
		return nil, err
	}
	b := &Board{Spec: spec, Annotators: c.Controls, Metrics: c.Metrics, Systems: s.systems, Slices: s.slices, Counts: c}
	b.Scores = make([]Score, len(b.Systems)*len(b.Metrics))
	for yi := range b.Systems {
		for mi, m := range b.Metrics {
			if m.Group != metrics.Coverage {
				continue
			}
			rows, err := c.Rows(mi, s.of(0, yi), s.clusters, s.cluster)
			if err != nil {
				return nil, err
			}
			*b.At(0, yi, mi) = b.score(rows, mi, nil)
		}
	}
	b.notices(ds)
	return b.Notices, nil
}
