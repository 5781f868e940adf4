package check

import (
	"errors"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var refusedPanel = &Rule{
	Code: "D001", Name: "refused-panel", Severity: Error,
	Doc: `several annotators judge one case, and no panel can be made of them

With several annotators somebody has to say how they become one: nothing is taken for
granted, and score refuses. It also refuses to combine annotators whose silence is skip
and who leave different units out. The first case of each kind is named.`,
	Fix: `Add panel: {rule: median} under rules in dataset.yaml (or strict, or lenient); declare
silence: unknown for annotators that skip different units.`,
	Start: func(d *Data) Visitor {
		panel := d.Manifest.Rules.Panel
		skips := false
		for _, a := range panel.Annotators {
			skips = skips || a.Silence == schema.Silences.Terms[schema.Skip].Name
		}
		if panel.Rule != "" && !skips { // no error is possible
			return Visitor{}
		}
		told := map[error]bool{}
		return Visitor{Case: func(report Report, c *Case) {
			if told[reading.ErrPanel] && !skips {
				return
			}
			annotators := c.annotators()
			if len(annotators) < 2 {
				return
			}
			_, _, err := c.judge(&panel, annotators...)
			for _, kind := range []error{reading.ErrPanel, reading.ErrSkip} {
				if errors.Is(err, kind) && !told[kind] {
					told[kind] = true
					report(c.place(&c.rows[0], ""), "%v", err)
				}
			}
		}}
	},
}
