package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema/reading"
)

// worker is what one row group is read with.
type worker[A any] struct {
	mine     A
	judged   reading.Judged
	controls []string // annotators that gave control, in order of appearance
}

// read takes every case of a dataset through its panel and the rules. each is called
// on any core with the A of its row group; done in file order. rules must hold what
// the cases are filled with in Panel.Names.
func read[A any](ctx context.Context, d *dataset.Dataset, rules *reading.Rules,
	start func() A, each func(A, *reading.Case, *reading.Reading) error, done func(A) error,
) ([]string, error) {
	var controls []string
	err := dataset.Cases(ctx, d, rules.Panel.Names,
		func() *worker[A] { return &worker[A]{mine: start()} },
		func(w *worker[A], c *reading.Case) error {
			w.note(c, rules)
			if err := rules.Panel.Judge(c, &w.judged); err != nil {
				return fmt.Errorf("trajectory %q: %w", c.TrajectoryID, err)
			}
			r := reading.Read(c, &w.judged, rules)
			return each(w.mine, c, &r)
		},
		func(w *worker[A]) error {
			for _, name := range w.controls {
				controls = add(controls, name)
			}
			if rules.Panel.Rule == "" && len(controls) > 1 {
				return fmt.Errorf("%s: %w (%s)", d.Path, reading.ErrPanel, strings.Join(controls, ", "))
			}
			return done(w.mine)
		})
	slices.Sort(controls)
	return controls, err
}

// note remembers who gave control, or the measure that stands in for it.
func (w *worker[A]) note(c *reading.Case, rules *reading.Rules) {
	p := &rules.Panel
	from := -1
	if rules.ControlFrom != nil {
		from, _ = p.Names.Measure(rules.ControlFrom.Measure)
	}
	for i := range c.By {
		j := &c.By[i]
		if len(w.controls) > 0 && w.controls[len(w.controls)-1] == j.Annotator || !p.Sits(j, &c.Key) {
			continue
		}
		gives := !j.By[reading.Control].Judged.Empty() || j.HasWhole || j.WholeOutcome != 0
		if !gives && from >= 0 && from < len(j.Measures) {
			gives = j.Measures[from].HasWhole || !j.Measures[from].At.Empty()
		}
		if gives {
			w.controls = add(w.controls, j.Annotator)
		}
	}
}

func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
