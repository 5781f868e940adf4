package check

import (
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var outcomeDisagrees = &Rule{
	Code: "A015", Name: "outcome-disagrees", Severity: Warning,
	Doc: `an annotator's own outcome is none that its labels of the units give

Where both are there, the units decide and the annotator's word for the whole is not
used. That they differ says that the annotator means something else by the word, counts
durability by another k, or erred in a unit. Silence means what dataset.yaml declares;
with gaps, every outcome that some filling gives is one.`,
	Fix: `Compare the two: correct the outcome or the unit, or set durable under rules in
dataset.yaml to what the annotator was told.`,
	Start: func(d *Data) Visitor {
		rules := d.Manifest.Rules
		rules.ControlFrom = nil // the annotator's own labels of control
		panel := reading.Panel{Annotators: d.Manifest.Annotators}
		return Visitor{Case: func(report Report, c *Case) {
			for i := range c.rows {
				own := &c.rows[i]
				if own.outcome == none {
					continue
				}
				into, judged, err := c.judge(&panel, own.annotator)
				if err != nil || judged.By[reading.Control].Judged.Empty() {
					continue
				}
				r := reading.Read(into, judged, &rules)
				if is := reading.Set(schema.Outcome(own.outcome)); r.Possible != 0 && r.Possible&is == 0 {
					report(c.place(own, "outcome"), "%s, and the units as %s labels them are %s (durable: %d)",
						schema.Outcome(own.outcome), quote(c.name(own.annotator)), members(r.Possible), rules.Durable)
				}
			}
		}}
	},
}

// members lists the outcomes of a set.
func members(set reading.Outcomes) string {
	var names []string
	for o := schema.Held; o < schema.Undecided; o++ {
		if set&reading.Set(o) != 0 {
			names = append(names, o.String())
		}
	}
	return strings.Join(names, " or ")
}
