package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// worker is what one row group is read with.
type worker[A any] struct {
	mine     A
	judged   reading.Judged
	controls []string // annotators that gave control, in order of appearance
	seen     []string // annotators
	ids      []string // trajectories, where several datasets are read
	several  bool
}

// A Who is who judged a dataset, or several.
type Who struct {
	Controls []string // gave control, or the measure that stands in for it
	Seen     []string // judged anything
}

// errSilence: silence speaks of control, and there is none that was given.
var errSilence = errors.New("gives no control: it is taken from a measure (control_from), of which silence says nothing; declare `silence: unknown` for it")

// read takes every case of a dataset through its panel and the rules. each is called
// on any core with the A of its row group; done in file order. rules must hold what
// the cases are filled with in Panel.Names.
func read[A any](ctx context.Context, d *dataset.Dataset, rules *reading.Rules,
	start func() A, each func(A, *reading.Case, *reading.Reading) error, done func(A) error,
) (Who, error) {
	return readWith(ctx, d, rules, nil, start, each, done)
}

// readWith is read of one of several datasets: ids is where each trajectory was met.
func readWith[A any](ctx context.Context, d *dataset.Dataset, rules *reading.Rules, ids map[string]string,
	start func() A, each func(A, *reading.Case, *reading.Reading) error, done func(A) error,
) (Who, error) {
	var who Who
	err := dataset.Cases(ctx, d, rules.Panel.Names,
		func() *worker[A] { return &worker[A]{mine: start(), several: ids != nil} },
		func(w *worker[A], c *reading.Case) error {
			if err := w.note(c, rules); err != nil {
				return err
			}
			if err := rules.Panel.Judge(c, &w.judged); err != nil {
				return fmt.Errorf("trajectory %q: %w", c.TrajectoryID, err)
			}
			r := reading.Read(c, &w.judged, rules)
			return each(w.mine, c, &r)
		},
		func(w *worker[A]) error {
			who.add(Who{w.controls, w.seen})
			if err := who.check(&rules.Panel); err != nil {
				return fmt.Errorf("%s: %w", d.Path, err)
			}
			for _, id := range w.ids {
				if first, again := ids[id]; again {
					return fmt.Errorf("trajectory %q is in %s and in %s: its readings would count twice", id, first, d.Path)
				}
				ids[id] = d.Path
			}
			return done(w.mine)
		})
	return who, err
}

func (w *Who) add(o Who) {
	for _, name := range o.Controls {
		w.Controls = add(w.Controls, name)
	}
	for _, name := range o.Seen {
		w.Seen = add(w.Seen, name)
	}
	slices.Sort(w.Controls)
	slices.Sort(w.Seen)
}

// check is reading.ErrPanel where several gave control and no panel is named.
func (w *Who) check(p *reading.Panel) error {
	if p.Rule == "" && len(w.Controls) > 1 {
		return fmt.Errorf("%w (%s)", reading.ErrPanel, strings.Join(w.Controls, ", "))
	}
	return nil
}

// panel is an error for a name on the panel that judged nothing.
func (w *Who) panel(p *reading.Panel) error {
	for _, name := range p.Of {
		if !slices.Contains(w.Seen, name) {
			hint := "; those who did are " + strings.Join(w.Seen, ", ")
			if near := schema.Nearest(name, w.Seen); near != "" {
				hint = "; did you mean " + near + "?"
			}
			return fmt.Errorf("panel: no annotator %q judged anything here%s", name, hint)
		}
	}
	return nil
}

// note remembers who judged, and who of the panel gave control or the measure that stands
// in for it.
func (w *worker[A]) note(c *reading.Case, rules *reading.Rules) error {
	if n := len(w.ids); w.several && (n == 0 || w.ids[n-1] != c.TrajectoryID) {
		w.ids = append(w.ids, c.TrajectoryID)
	}
	for i := range c.By {
		j := &c.By[i]
		if n := len(w.seen); n == 0 || w.seen[n-1] != j.Annotator {
			w.seen = add(w.seen, j.Annotator)
		}
		if !rules.Panel.Sits(j, &c.Key) {
			continue
		}
		gives, measured := controls(j, rules)
		if s := rules.Panel.Annotators[j.Annotator].Silence; measured && s != "" && s != schema.Silences.Terms[schema.Unknown].Name {
			return fmt.Errorf("annotator %q, silence %s, %w", j.Annotator, s, errSilence)
		}
		if gives {
			w.controls = add(w.controls, j.Annotator)
		}
	}
	return nil
}

// controls is whether a judgement gives control, or the measure that stands in for it;
// measured is whether it does so by the measure, unit by unit.
func controls(j *reading.Judged, rules *reading.Rules) (gives, measured bool) {
	if !j.By[reading.Control].Judged.Empty() || j.HasWhole || j.WholeOutcome != 0 {
		return true, false
	}
	if rules.ControlFrom == nil {
		return false, false
	}
	at, ok := rules.Panel.Names.Measure(rules.ControlFrom.Measure)
	if !ok || at >= len(j.Measures) {
		return false, false
	}
	m := &j.Measures[at]
	return m.HasWhole || !m.At.Empty(), !m.At.Empty()
}

// record is the annotator of record of one case.
func record(c *reading.Case, rules *reading.Rules) string {
	var names []string
	for i := range c.By {
		if j := &c.By[i]; rules.Panel.Sits(j, &c.Key) {
			if gives, _ := controls(j, rules); gives {
				names = add(names, j.Annotator)
			}
		}
	}
	return rules.Panel.Record(names)
}

func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
