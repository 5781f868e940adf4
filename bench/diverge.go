package bench

import (
	"errors"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
)

// firstUnit is held at the first unit under test: where a baseline is one turn and the
// interaction many, more turns are more chances to lose.
const firstUnit = "hold_survival@1"

// credits is nil for a share of which more is better: only then is baseline − interaction
// what was lost.
func credits(m *metrics.Metric) error {
	if m.Unit != "share" || m.Better != schema.Higher {
		return fmt.Errorf("%s is no share of which more is better: baseline − interaction would not be what is lost", m.Name)
	}
	return nil
}

// baselineSides are the two settings of one system.
func baselineSides(keys []metrics.Key) Sides {
	var of [2][]metrics.Key
	for _, k := range keys {
		switch k.Setting {
		case "baseline":
			of[0] = append(of[0], k)
		case "interaction":
			of[1] = append(of[1], k)
		}
	}
	match, pooled := bySetting(of[0], of[1])
	s := newSides(of[0], of[1], match)
	s.First, s.Second = "baseline", "interaction"
	for _, m := range s.Shared {
		if pooled(m) {
			s.Pooled++
		}
	}
	return s
}

// divergence is a contrast of settings, with the same at the first unit.
func (x *contrasting) divergence(s *Sides, mi int) (Contrast, error) {
	if err := credits(x.metrics[mi]); err != nil {
		return Contrast{}, err
	}
	c, err := x.contrast(s, mi)
	if err != nil {
		return c, err
	}
	for side, name := range [2]string{"interaction", "baseline"} {
		if len(s.Shared) == 0 && len(s.Only[1-side]) == 0 {
			c.Undefined = "no reading in setting " + name
			c.Why = c.Undefined
		}
	}
	at := x.find(firstUnit)
	if at < 0 {
		return c, nil
	}
	first, err := x.contrast(s, at)
	if err != nil {
		return c, err
	}
	c.FirstUnit = &first
	return c, nil
}

// Against contrasts baseline with interaction for each of some systems, none = all, from
// counts of both settings: section 6.2 of the metrics document. spec.Settings does not
// matter: counts hold every setting. The contrasts are by system and slice, each with
// net difference, gross, verdict, or why there is none; FirstUnit is nil where counts do
// not have hold_survival@1. Holm is over all of them.
func Against(ds []*dataset.Dataset, counts *Counted, spec Spec, margins map[string]float64, systems ...string) ([]Contrast, error) {
	spec.Settings = []string{"baseline", "interaction"}
	if err := counts.have(systems, spec.Settings); err != nil {
		return nil, err
	}
	made, err := contrasts(ds, counts, &spec, Question{Against: AgainstBaseline, Systems: systems, Margins: margins})
	if err != nil {
		return nil, err
	}
	return made.contrasts, nil
}

// RuntimeDivergence is the net divergence of credit of each system of a board, for its
// profile: a score by slice and system, as Board.Scores has them, with its interval or why
// there is none. Lower is better; below 0, the interaction has more credit than the
// baseline. It is of constraint_integrity, whatever the board ranks by.
func RuntimeDivergence(ds []*dataset.Dataset, b *Board) ([]Score, error) {
	spec := b.Spec
	spec.Settings, spec.Primary = []string{"baseline", "interaction"}, DefaultPrimary
	spec.Margins = nil // no verdict is asked for
	all := new(contrasted)
	if b.find(DefaultPrimary) >= 0 {
		var err error
		if all, err = contrasts(ds, b.Counts, &spec, Question{Against: AgainstBaseline, Systems: b.Systems}); err != nil {
			return nil, err
		}
	}
	out := make([]Score, len(b.Slices)*len(b.Systems))
	for si, slice := range b.Slices {
		for yi, system := range b.Systems {
			sc := Score{System: system, Slice: slice, Metric: DivergenceMargin, Undefined: "no readings"}
			if all.contrasts == nil {
				sc.Undefined = DefaultPrimary + " is not counted here"
			}
			i := slices.IndexFunc(all.contrasts, func(c Contrast) bool { return c.System == system && c.Slice.String() == slice.String() })
			if i >= 0 {
				c := &all.contrasts[i]
				sc.Value, sc.Low, sc.High, sc.Interval, sc.Worst, sc.Best = c.Difference, c.Low, c.High, c.Interval, c.Best, c.Worst
				sc.N, sc.Scenarios, sc.Undefined, sc.Notes = c.Pairs, c.Scenarios, c.Undefined, c.Notes
				sc.Undecided = c.Sides[0].Undecided + c.Sides[1].Undecided
			}
			out[si*len(b.Systems)+yi] = sc
		}
	}
	return out, nil
}

// Paths of metric 32: violation is plain and easy, or has no clear path.
const (
	pathEasy = 3
	pathHard = 1
)

// pathSides are the readings of one system on a plain path and on none or a faint one,
// paired by scenario.
func (s *slicer) pathSides(keys []metrics.Key) Sides {
	var of [2][]metrics.Key
	for _, k := range keys {
		switch path, ok := s.path(k); {
		case !ok:
		case path >= pathEasy:
			of[0] = append(of[0], k)
		case path <= pathHard:
			of[1] = append(of[1], k)
		}
	}
	out := newSides(of[0], of[1], func(k metrics.Key) Match {
		return Match{Setting: k.Setting, Scenario: k.Scenario, Constraint: k.Constraint}
	})
	out.First, out.Second = "path 3", "path 0 or 1"
	return out
}

// pathGap is paired where at least two scenarios have both paths, else between
// scenarios.
func (x *contrasting) pathGap(s *Sides, mi int) (Contrast, error) {
	c, err := x.contrast(s, mi)
	if err != nil || c.Scenarios >= 2 {
		return c, err
	}
	return x.between(s, mi)
}

// between is the difference of two groups of scenarios: no test and no verdict, for
// whatever else differs between them is in it.
func (x *contrasting) between(s *Sides, mi int) (Contrast, error) {
	metric := x.metrics[mi]
	c := Contrast{
		System: s.System, Slice: s.Slice, Metric: metric.Name, Unit: metric.Unit, Better: metric.Better, Design: BetweenDesign,
		Sides: [2]SideValue{{Name: s.First}, {Name: s.Second}},
		Why:   "different scenarios: whatever else differs between them is in the difference",
	}
	c.Margin = x.tolerances.of(metric)
	var e [2]stat.Effective
	for side, keys := range s.keysOf {
		if len(keys) == 0 {
			c.Undefined = "no reading on " + s.names()[side]
			return c, nil
		}
		rows, err := x.counts.Rows(mi, keys, x.slicer.clusters, x.slicer.cluster)
		if err != nil {
			return c, err
		}
		y, n, ok := metric.Shape.Terms(rows)
		if !ok || metric.Unit != "share" {
			c.Undefined = "only shares are compared between different scenarios"
			return c, nil
		}
		f := metric.Shape.Facts(rows)
		c.Sides[side].N, c.Sides[side].Undecided = f.N, f.Undecided
		if most := x.spec.Rules.MaxUndecided; f.Of > 0 && float64(f.Undecided)/float64(f.Of) > most {
			c.Undefined = fmt.Sprintf("%d of %d readings on %s are undecided, more than max_undecided %g", f.Undecided, f.Of, s.names()[side], most)
			return c, nil
		}
		e[side], err = stat.NewEffective(y, n, x.spec.Rules.Level)
		if errors.Is(err, stat.ErrUndefined) {
			c.Undefined = s.names()[side] + ": " + reason(err)
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c.Sides[side].Value = &e[side].Value
		c.Scenarios += int64(e[side].Clusters)
	}
	d, i, err := stat.Newcombe(e[0].Value*e[0].Size, e[0].Size, e[1].Value*e[1].Size, e[1].Size, x.spec.Rules.Level)
	if err != nil {
		return c, err
	}
	h := stat.CohenH(e[0].Value, e[1].Value)
	c.Difference, c.Low, c.High, c.Interval, c.CohenH = &d, &i.Low, &i.High, i.Method, &h
	c.publish()
	return c, nil
}

func (s *Sides) names() [2]string { return [2]string{s.First, s.Second} }
