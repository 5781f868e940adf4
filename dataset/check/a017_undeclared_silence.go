package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var undeclaredSilence = &Rule{
	Code: "A017", Name: "undeclared-silence", Severity: Warning,
	Doc: `an annotator left units out, and nobody says what that means

Of a unit without a judgement nothing is known, unless dataset.yaml says otherwise: the
last state holds (unchanged), the unit is no part of the sequence (skip), the source
stops judging at the first loss (stopped). Each gives other outcomes. Counted are units
of trajectories where the annotator gave control to some unit; a unit that is said to be
missing is not silent.`,
	Fix: `Declare silence for the annotator in dataset.yaml, unknown if it is that.`,
	Start: func(d *Data) Visitor {
		type share struct{ judged, units int }
		type side struct { // of one annotator in a case
			annotator int32
			judged    reading.Units
			gave      bool // control
		}
		by := map[string]*share{}
		var sides []side
		next := func(who int32) *side {
			for i := range sides {
				if sides[i].annotator == who {
					return &sides[i]
				}
			}
			if len(sides) == cap(sides) {
				sides = append(sides, side{})
			} else {
				sides = sides[:len(sides)+1]
			}
			s := &sides[len(sides)-1]
			s.annotator, s.gave = who, false
			s.judged.Clear()
			return s
		}
		return Visitor{
			Case: func(_ Report, c *Case) {
				if c.t == 0 {
					return
				}
				sides = sides[:0]
				s := &side{annotator: -1}
				for i := range c.rows {
					j := &c.rows[i]
					if j.unit == whole || j.unit >= c.t || j.control == none && j.is&asked == 0 {
						continue
					}
					if s.annotator != j.annotator {
						s = next(j.annotator)
					}
					s.judged.Add(int(j.unit))
					s.gave = s.gave || j.control != none
				}
				for i := range sides {
					s := &sides[i]
					name := c.name(s.annotator)
					if !s.gave || d.Manifest.Annotators[name].Silence != "" {
						continue
					}
					if by[name] == nil {
						by[name] = new(share)
					}
					by[name].judged += s.judged.Len()
					by[name].units += int(c.t)
				}
			},
			End: func(report Report) {
				for _, name := range slices.Sorted(maps.Keys(by)) {
					declared, known := d.Manifest.Annotators[name]
					s := by[name]
					if s.judged >= s.units || declared.Silence != "" {
						continue
					}
					add := fmt.Sprintf("add the line `%s: {silence: unknown}`", quote(name))
					if known {
						add = fmt.Sprintf("add `silence: unknown` to %s", quote(name))
					}
					report(manifest("annotators"), "%s judged %d of %d units (%d%%) in the trajectories where it judged control; %s, or what else its silence means",
						quote(name), s.judged, s.units, 100*s.judged/s.units, add)
				}
			},
		}
	},
}

// manifest is a place in dataset.yaml.
func manifest(key string) schema.Place { return schema.Place{File: "dataset.yaml", Field: key} }
