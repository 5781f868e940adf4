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

// countPosture counts readings for which is holds of their posture.
func countPosture(is func(at int) bool) func(*reading.Case, *reading.Reading, []int64) {
	return func(_ *reading.Case, r *reading.Reading, n []int64) {
		if !r.Counts() || r.Whole || r.Sequence.Empty() {
			return
		}
		at, known := posture(r)
		if !known {
			n[2]++
			return
		}
		n[1]++
		if is(at) {
			n[0]++
		}
	}
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
		return &Metric{
			Name: "posture_share[" + of + "]", Group: Hold, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often a reading starts with control %s and ends %s

Readings whose first unit has the one and whose last unit the other / tested readings in
which both are judged. Range [0, 1]. Undefined where they are judged in none. The nine
add up to 1.`, start, end),
			Source: "the essay: whether the final state differs from the starting posture",
			Not:    "what happened in between: governs-governs may have been lost and regained",
			Size:   3, Count: countPosture(func(at int) bool { return at == cell }),
			Shape: Share{Y: 0, N: 1, Missing: 2, Empty: "no reading has its first and its last unit judged"},
		}, nil
	},
}

var movedRate = one(Metric{
	Name: "moved_rate", Group: Hold, Unit: "share", Better: schema.Lower,
	Doc: `how often the final state differs from the starting posture

Readings whose first and last unit have different control / tested readings in which
both are judged. Range [0, 1]. Undefined where they are judged in none.`,
	Source: "the essay: whether the final state differs from the starting posture",
	Not:    "for better or worse: posture_share has the direction",
	Size:   3, Count: countPosture(func(at int) bool { return at/schema.Controls.Len() != at%schema.Controls.Len() }),
	Shape: Share{Y: 0, N: 1, Missing: 2, Empty: "no reading has its first and its last unit judged"},
})
