package stat

import "fmt"

// PassHat is the chance that k repeats drawn from n without replacement are all among
// the c that passed: C(c, k)/C(n, k), unbiased for the chance that k fresh ones all
// pass; in [0, 1]. ErrUndefined with fewer than k repeats. Yao et al. 2024 (tau-bench).
func PassHat(c, n, k int64) (float64, error) {
	switch {
	case k < 1 || c < 0 || c > n:
		return 0, fmt.Errorf("%d of %d repeats, %d at a time", c, n, k)
	case n < k:
		return 0, fmt.Errorf("%w: %d repeats, needs %d", ErrUndefined, n, k)
	}
	p := 1.0
	for i := range k {
		p *= float64(c-i) / float64(n-i)
		if p == 0 {
			break
		}
	}
	return p, nil
}
