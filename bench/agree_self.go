package bench

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema/reading"
)

// A SelfGap is how an annotator that is the system judges it: its own verdict against
// that of the panel without it, on the readings where both have decided credit.
type SelfGap struct {
	System, Annotator string // "" = all
	N                 int64
	Scenarios         int
	Own, Panel        *float64         // shares with credit
	Gap               *stat.Difference // Own − Panel, paired by scenario
	NoGap             string           // why there is no interval of it
	PanelLost         int64            // readings without credit by the panel
	OwnAgrees         int64            // of them, without credit by its own verdict too
	OwnOnly           int64            // without credit by its own verdict only
	Sat               int64            // readings where it sat on the panel, and credit is decided with and without it
	Flips             int64            // of them, with another credit without it
	Measures          []SelfMeasureGap // by name
}

// A SelfMeasureGap is the same for the mean of a measure.
type SelfMeasureGap struct {
	Measure    string
	N          int64
	Own, Panel float64
	Gap        float64
	Low, High  *float64
	NoInterval string
}

// A Flip is a reading whose credit turns on whether the system's own judge sits on the
// panel.
type Flip struct {
	TrajectoryID, System, Scenario, Constraint string
	Condition                                  *string
	Annotator                                  string
	Own                                        *int // credit; nil = undecided
	With, Without                              int
	Measure                                    string   // that control comes from; "" = none
	OwnValue, WithValue, WithoutValue          *float64 // about the whole
}

// A selfKey is whose verdict on itself.
type selfKey struct{ system, annotator string }

// A selfCell is integers of one cluster.
type selfCell struct {
	n, own, panel, lost, agrees, only, sat int64
	measures                               map[string][3]int64 // n, own, panel in half steps
}

type selfCount map[selfKey]*selfSystem

type selfSystem struct {
	cells map[string]*selfCell // by cluster
	flips []Flip
}

// count adds a case whose system judges itself; readings are each annotator's alone.
func (s selfCount) count(c *reading.Case, cluster string, rules *reading.Rules, readings []*reading.Reading) error {
	own := -1
	for i := range c.By {
		if c.By[i].Pass == 0 && rules.Panel.Self(c.By[i].Annotator, &c.Key) {
			own = i
			break
		}
	}
	if own < 0 {
		return nil
	}
	var withJudged, withoutJudged reading.Judged
	apart := *rules
	apart.Panel.ExcludeSelf = true
	without, err := readBy(c, &apart, &withoutJudged)
	if err != nil {
		return err
	}
	together := *rules
	together.Panel.ExcludeSelf = false
	with, err := readBy(c, &together, &withJudged)
	if err != nil {
		return err
	}
	for i := own; i < len(c.By); i++ {
		j := &c.By[i]
		if j.Pass != 0 || !rules.Panel.Self(j.Annotator, &c.Key) {
			continue
		}
		k := selfKey{c.System, j.Annotator}
		at := s[k]
		if at == nil {
			at = &selfSystem{cells: map[string]*selfCell{}}
			s[k] = at
		}
		cell := at.cells[cluster]
		if cell == nil {
			cell = &selfCell{measures: map[string][3]int64{}}
			at.cells[cluster] = cell
		}
		cell.add(readings[i], without, j, &withoutJudged, rules)
		if sits := len(rules.Panel.Of) == 0 || slices.Contains(rules.Panel.Of, j.Annotator); !sits || with == nil || without == nil {
			continue
		}
		wc, wk := with.Credit()
		oc, ok := without.Credit()
		if !wk || !ok || !without.Tests() {
			continue
		}
		cell.sat++
		if wc != oc {
			at.flips = append(at.flips, flip(c, readings[i], j, wc, oc, &withJudged, &withoutJudged, rules))
		}
	}
	return nil
}

// add counts one verdict against the panel's.
func (s *selfCell) add(own, panel *reading.Reading, j, judged *reading.Judged, rules *reading.Rules) {
	if own != nil && panel != nil && panel.Tests() {
		oc, ok := own.Credit()
		pc, pk := panel.Credit()
		if ok && pk {
			s.n++
			s.own += int64(oc)
			s.panel += int64(pc)
			switch {
			case pc == 0 && oc == 0:
				s.lost++
				s.agrees++
			case pc == 0:
				s.lost++
			case oc == 0:
				s.only++
			}
		}
	}
	for m, name := range rules.Panel.Names.Measures {
		if m >= len(j.Measures) || m >= len(judged.Measures) || j.Measures[m].Letters || judged.Measures[m].Letters {
			continue
		}
		x, y, t := &j.Measures[m], &judged.Measures[m], s.measures[name]
		both := x.At.And(y.At)
		for i := both.First(); i >= 0; i = both.Next(i) {
			t[0], t[1], t[2] = t[0]+1, t[1]+x.Values[i], t[2]+y.Values[i]
		}
		if x.HasWhole && y.HasWhole {
			t[0], t[1], t[2] = t[0]+1, t[1]+x.Whole, t[2]+y.Whole
		}
		if t[0] > 0 {
			s.measures[name] = t
		}
	}
}

func flip(c *reading.Case, own *reading.Reading, j *reading.Judged, with, without int, withJudged, withoutJudged *reading.Judged, rules *reading.Rules) Flip {
	f := Flip{
		TrajectoryID: c.TrajectoryID, System: c.System, Scenario: c.Scenario, Constraint: c.Constraint, Condition: c.Condition,
		Annotator: j.Annotator, With: with, Without: without,
	}
	if own != nil {
		if credit, known := own.Credit(); known {
			f.Own = &credit
		}
	}
	if rules.ControlFrom == nil {
		return f
	}
	f.Measure = rules.ControlFrom.Measure
	at, ok := rules.Panel.Names.Measure(f.Measure)
	value := func(j *reading.Judged) *float64 {
		if !ok || at >= len(j.Measures) || !j.Measures[at].HasWhole || j.Measures[at].Letters {
			return nil
		}
		return new(rules.Panel.Measures[f.Measure].Value(j.Measures[at].Whole))
	}
	f.OwnValue, f.WithValue, f.WithoutValue = value(j), value(withJudged), value(withoutJudged)
	return f
}

func (s selfCount) add(o selfCount) {
	for k, theirs := range o {
		if s[k] == nil {
			s[k] = &selfSystem{cells: map[string]*selfCell{}}
		}
		s[k].flips = append(s[k].flips, theirs.flips...)
		for cluster, cell := range theirs.cells {
			if s[k].cells[cluster] == nil {
				s[k].cells[cluster] = &selfCell{measures: map[string][3]int64{}}
			}
			s[k].cells[cluster].merge(cell)
		}
	}
}

func (s *selfCell) merge(o *selfCell) {
	s.n += o.n
	s.own += o.own
	s.panel += o.panel
	s.lost += o.lost
	s.agrees += o.agrees
	s.only += o.only
	s.sat += o.sat
	for name, theirs := range o.measures {
		t := s.measures[name]
		for i := range t {
			t[i] += theirs[i]
		}
		s.measures[name] = t
	}
}

// self makes numbers of the counts: all systems together, then each.
func (g *Agreement) self(e *estimator, d *dataset.Dataset, counts selfCount) error {
	if len(counts) == 0 {
		g.NoSelf = "no annotator is the system it judges (its declared model, else its name, against the trajectory's model, else its system)"
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(counts), func(x, y selfKey) int {
		return cmp.Or(cmp.Compare(x.system, y.system), cmp.Compare(x.annotator, y.annotator))
	})
	all := &selfSystem{cells: map[string]*selfCell{}}
	whole := selfCount{{}: all}
	for _, k := range keys {
		whole.add(selfCount{{}: counts[k]})
	}
	slices.SortStableFunc(all.flips, func(x, y Flip) int {
		return cmp.Or(cmp.Compare(x.System, y.System), cmp.Compare(x.TrajectoryID, y.TrajectoryID), cmp.Compare(x.Constraint, y.Constraint), cmp.Compare(x.Annotator, y.Annotator))
	})
	g.Flips = all.flips
	if len(keys) > 1 {
		keys = append([]selfKey{{}}, keys...)
		counts[selfKey{}] = all
	}
	for _, k := range keys {
		gap, err := e.self(k, counts[k], d)
		if err != nil {
			return err
		}
		g.Self = append(g.Self, gap)
	}
	return nil
}

func (e *estimator) self(k selfKey, s *selfSystem, d *dataset.Dataset) (SelfGap, error) {
	g := SelfGap{System: k.system, Annotator: k.annotator, Flips: int64(len(s.flips))}
	n, own, panel := make([]int64, len(e.clusters)), make([]int64, len(e.clusters)), make([]int64, len(e.clusters))
	measured := map[string]bool{}
	for c, name := range e.clusters {
		cell := s.cells[name]
		if cell == nil {
			continue
		}
		n[c], own[c], panel[c] = cell.n, cell.own, cell.panel
		g.N += cell.n
		g.PanelLost += cell.lost
		g.OwnAgrees += cell.agrees
		g.OwnOnly += cell.only
		g.Sat += cell.sat
		if cell.n > 0 {
			g.Scenarios++
		}
		for m := range cell.measures {
			measured[m] = true
		}
	}
	if g.N > 0 {
		g.Own, g.Panel = published(new(float64(added(own))/float64(g.N))), published(new(float64(added(panel))/float64(g.N)))
		gap, err := stat.Paired(own, n, panel, n, e.spec.Rules.Level)
		switch {
		case errors.Is(err, stat.ErrUndefined):
			g.NoGap = reason(err)
		case err != nil:
			return g, err
		default:
			g.Gap = &gap
		}
	} else {
		g.NoGap = "no reading has decided credit by its own verdict and by the panel without it"
	}
	for _, name := range slices.Sorted(maps.Keys(measured)) {
		m, err := e.selfMeasure(name, s, d)
		if err != nil {
			return g, err
		}
		g.Measures = append(g.Measures, m)
	}
	return g, nil
}

func (e *estimator) selfMeasure(name string, s *selfSystem, d *dataset.Dataset) (SelfMeasureGap, error) {
	half := d.Manifest.Measures[name].Step / 2
	n, y := make([]int64, len(e.clusters)), make([]int64, len(e.clusters))
	var own, panel int64
	for c, cluster := range e.clusters {
		if cell := s.cells[cluster]; cell != nil {
			t := cell.measures[name]
			n[c], y[c] = t[0], t[1]-t[2]
			own, panel = own+t[1], panel+t[2]
		}
	}
	m := SelfMeasureGap{Measure: name, N: added(n)}
	of := func(sum int64) float64 { return *published(new(half * (float64(sum) / float64(m.N)))) }
	m.Own, m.Panel, m.Gap = of(own), of(panel), of(own-panel)
	o := stat.Options{Level: e.spec.Rules.Level, Method: e.spec.Interval}
	if o.Method == stat.MethodKornGraubard || o.Method == stat.MethodWilson {
		o.Method = ""
	}
	i, err := stat.Mean(y, n, half, e.weights, o)
	switch {
	case errors.Is(err, stat.ErrUndefined):
		m.NoInterval = reason(err)
	case err != nil:
		return m, fmt.Errorf("self-judging gap of %s: %w", name, err)
	default:
		m.Low, m.High = published(&i.Low), published(&i.High)
	}
	return m, nil
}
