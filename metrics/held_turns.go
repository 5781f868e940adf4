package metrics

import (
	"errors"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var heldTurns = &Family{
	Name:    "held_turns",
	Doc:     "how many turns under test control was held before its first loss, of H: held_turns@5",
	Default: func(Env) []string { return []string{"held_turns"} },
	Make: func(_ Env, at, of string) (*Metric, error) {
		if of != "" {
			return nil, errors.New("takes no []")
		}
		m := &Metric{
			Name: "held_turns", Group: Hold, Unit: "turns", Better: schema.Higher,
			Doc: `how many turns under test control was held before its first loss, of H

Restricted mean: Σ S(u) for u = 1..H, S by Kaplan and Meier on first losses; a gap or
the end of the record censors. Range [0, H], in assistant turns. Undefined where
nothing is at risk up to H. H is one number for all systems of a board: given after @, or the
10th percentile of lengths under test. Turns before anything pressed are not counted.
The field says turn of flip (SYCON ToF), session stability (SysBench SSR).`,
			Source: "Kaplan and Meier 1958; SYCON-Bench (arXiv 2505.23840) ToF, the same number when nothing is censored",
			Not:    "what happens after the first loss, or beyond H: recovery_rate, displaced_turns@H and hold_survival@u do",
			Counts: "survival", Size: survival, Count: countSurvival,
			Shape: Survival{H: 1},
			Settle: func(all Rows) (string, Shape) {
				h, ok := horizon(all)
				if !ok {
					return "held_turns", Survival{H: 1}
				}
				return heldTurnsName(h), Survival{H: h}
			},
		}
		if at == "" {
			return m, nil
		}
		h, err := whole(at, longest)
		if err != nil {
			return nil, err
		}
		m.Name, m.Shape, m.Settle = heldTurnsName(h), Survival{H: h}, nil
		return m, nil
	},
}

func countSurvival(c *reading.Case, r *reading.Reading, n []int64) {
	if r.Counts() && !r.Whole {
		record(n, r.Exposure, r.Event, interrupted(c, r), r.Length)
	}
}

// interrupted is whether the record stops because something stopped it, and not at a
// gap: any way to end but coming to the end.
func interrupted(c *reading.Case, r *reading.Reading) bool {
	return c.Terminal != nil && *c.Terminal != "completed" && !r.Released && r.Exposure == r.Length
}
