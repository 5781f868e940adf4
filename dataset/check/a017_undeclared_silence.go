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
		by := map[string]*share{}
		return Visitor{
			Case: func(_ Report, c *Case) {
				if c.t == 0 {
					return
				}
				judged, gave := map[int32]*reading.Units{}, map[int32]bool{}
				for i := range c.rows {
					j := &c.rows[i]
					if j.unit == whole || j.unit >= c.t || j.control == none && j.is&asked == 0 {
						continue
					}
					if judged[j.annotator] == nil {
						judged[j.annotator] = new(reading.Units)
					}
					judged[j.annotator].Add(int(j.unit))
					gave[j.annotator] = gave[j.annotator] || j.control != none
				}
				for who, units := range judged {
					if !gave[who] {
						continue
					}
					name := c.name(who)
					if by[name] == nil {
						by[name] = new(share)
					}
					by[name].judged += units.Len()
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
