package stat_test

import (
	"fmt"

	"github.com/righting-bench/righting/metrics/stat"
)

// No failure in eighty runs of forty scenarios is worth forty scenarios, not eighty
// runs, and not certainty.
func ExampleKornGraubard() {
	failed, runs := make([]int64, 40), make([]int64, 40)
	for c := range runs {
		runs[c] = 2
	}
	i, err := stat.KornGraubard(failed, runs, .95)
	fmt.Printf("%.4f %.4f %v\n", i.Low, i.High, err)
	// Output: 0.0000 0.0881 <nil>
}

// Replicates of one value serve every kind of interval.
func ExampleResample() {
	severity := []float64{0, 3, 1, 4, 0, 0, 2, 5, 1, 2, 0, 3}
	names := make([]string, len(severity))
	for c := range names {
		names[c] = fmt.Sprint("scenario-", c)
	}
	mean := func(w []uint8) (float64, error) {
		var s, n float64
		for c, k := range w {
			s += float64(k) * severity[c]
			n += float64(k)
		}
		if n == 0 {
			return 0, fmt.Errorf("%w: no scenario drawn", stat.ErrUndefined)
		}
		return s / n, nil
	}
	r, err := stat.Resample(mean, stat.NewWeights(1, 1999, names), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range []stat.Method{stat.MethodBCa, stat.MethodClusterT} {
		i, err := r.Interval(stat.Options{Level: .95, Method: m})
		fmt.Printf("%.2f %.2f %.2f %s %v\n", r.Value, i.Low, i.High, i.Method, err)
	}
	// Output:
	// 1.75 0.88 2.80 bca <nil>
	// 1.75 0.66 2.84 cluster_t <nil>
}
