package stat

import (
	"cmp"
	"slices"
)

// Holm adjusts p-values of one family so that each can be held against the same
// level, in the order given; at most 1. Holm 1979, as R's p.adjust.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	out := make([]float64, len(p))
	var highest float64
	for k, i := range order {
		highest = max(highest, min(1, float64(len(p)-k)*p[i]))
		out[i] = highest
	}
	return out
}
