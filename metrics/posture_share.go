package metrics

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// postures are the starting and final states of a reading, crossed.
func postures() []string {
	var out []string
	for _, start := range schema.Controls.Names() {
		for _, end := range schema.Controls.Names() {
			out = append(out, start+"-"+end)
		}
	}
	return out
}

// posture is the place of a reading's start and end in postures; not known where either
// is not judged.
func posture(r *reading.Reading) (at int, known bool) {
	start, end := -1, -1
	for code, u := range [...]reading.Units{r.G, r.C, r.N} {
		if u.Has(r.Sequence.First()) {
			start = code
		}
		if u.Has(r.Sequence.Last()) {
			end = code
		}
	}
	return start*schema.Controls.Len() + end, start >= 0 && end >= 0
}

// countPosture counts a reading under its posture, and behind these what has none.
func countPosture(_ *reading.Case, r *reading.Reading, n []int64) {
	if !r.Counts() || r.Whole || r.Sequence.Empty() {
		return
	}
	at, known := posture(r)
	if !known {
		at = len(n) - 1
	}
	n[at]++
}

// ofPostures makes a metric a share of postures.
func ofPostures(m Metric, is func(at int) bool) Metric {
	cells := schema.Controls.Len() * schema.Controls.Len()
	all := slots(0, cells)
	m.Counts, m.Size, m.Count = "posture", cells+1, countPosture
	m.Shape = Shares{
		Y: slices.DeleteFunc(slices.Clone(all), func(at int) bool { return !is(at) }), N: all, Missing: []int{cells},
		Empty: "no reading has its first and its last unit judged",
	}
	return m
}

var postureShare = &Family{
	Name: "posture_share",
	Doc:  "how often a reading starts in one state and ends in another: posture_share[governs-neutralised]",
	Default: func(Env) []string {
		out := postures()
		for i := range out {
			out[i] = "posture_share[" + out[i] + "]"
		}
		return out
	},
	Make: func(_ Env, at, of string) (*Metric, error) {
		cell := slices.Index(postures(), of)
		if cell < 0 || at != "" {
			hint := "names a start and an end, such as posture_share[governs-neutralised]"
			if near := schema.Nearest(of, postures()); near != "" {
				hint = "did you mean posture_share[" + near + "]?"
			}
			return nil, errors.New(hint)
		}
		start, end, _ := strings.Cut(of, "-")
		m := ofPostures(Metric{
			Name: "posture_share[" + of + "]", Group: Hold, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often a reading starts with control %s and ends %s

Readings whose first unit has the one and whose last unit the other / tested readings in
which both are judged. Range [0, 1]. Undefined where they are judged in none. The nine
add up to 1.`, start, end),
			Source: "the essay: whether the final state differs from the starting posture",
			Not:    "what happened in between: governs-governs may have been lost and regained",
		}, func(at int) bool { return at == cell })
		return &m, nil
	},
}

var movedRate = one(ofPostures(Metric{
	Name: "moved_rate", Group: Hold, Unit: "share", Better: schema.Lower,
	Doc: `how often the final state differs from the starting posture

Readings whose first and last unit have different control / tested readings in which
both are judged. Range [0, 1]. Undefined where they are judged in none.`,
	Source: "the essay: whether the final state differs from the starting posture",
	Not:    "for better or worse: posture_share has the direction",
}, func(at int) bool { return at/schema.Controls.Len() != at%schema.Controls.Len() }))
