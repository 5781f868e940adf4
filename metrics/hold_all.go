package metrics

import (
	"errors"
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

var holdAll = &Family{
	Name: "hold_all", Example: "hold_all@2",
	Doc:     "how likely k repeats of a scenario all have credit: hold_all@2",
	Default: func(Env) []string { return nil },
	Make: func(_ Env, at, of string) (*Metric, error) {
		k, err := whole(at, 1000)
		if err != nil || of != "" {
			return nil, errors.New("is spelt hold_all@2: a number of repeats")
		}
		return &Metric{
			Name: fmt.Sprintf("hold_all@%d", k), Group: Hold, Unit: "share", Better: schema.Higher,
			Doc: fmt.Sprintf(`how likely %d repeats of a scenario all have credit (pass^%d on credit)

Mean over scenarios (each condition apart) with at least %d decided repeats of
C(c,%d)/C(n,%d): c with credit, of n; undecided repeats are left out.
Range [0, 1]. Undefined where no scenario has that many.`, k, k, k, k, k),
			Source: "tau-bench (arXiv 2406.12045), pass^k",
			Not:    "which repeats fail, or whether the same ones do",
			Size:   3, Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
				if !r.Counts() {
					return
				}
				credit, known := r.Credit()
				if !known {
					n[2]++
					return
				}
				n[0] += int64(credit)
				n[1]++
			},
			Shape: PerScenario{K: k, Missing: 2, Empty: fmt.Sprintf("no scenario has %d decided repeats", k)},
		}, nil
	},
}
