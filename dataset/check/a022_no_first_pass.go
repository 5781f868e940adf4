package check

import "github.com/righting-bench/righting/schema"

var noFirstPass = &Rule{
	Code: "A022", Name: "no-first-pass", Severity: Error,
	Doc: `an annotator has no pass 0, so nothing that it says is scored

pass numbers an annotator's repeated judgements of the same place from 0. Panels read
pass 0; the others tell how well the annotator agrees with itself.`,
	Fix: `Number the passes from 0.`,
	Start: func(*Data) Visitor {
		type first struct {
			schema.Place

			pass int32
			read bool // has pass 0
		}
		by := map[string]*first{}
		var names []string
		return Visitor{
			Annotation: func(at *Row, a *schema.Annotation) {
				if at.Same >= samePass {
					return
				}
				f := by[a.Annotator]
				if f == nil {
					f = &first{at.Place, a.Pass, false}
					by[a.Annotator], names = f, append(names, a.Annotator)
				}
				f.read = f.read || a.Pass == 0
			},
			End: func(report Report) {
				for _, name := range names {
					if f := by[name]; !f.read {
						f.Field = "pass"
						report(f.Place, "%d, and %s has no pass 0 anywhere: nothing that it says is scored", f.pass, quote(name))
					}
				}
			},
		}
	},
}
