package stat

import (
	"fmt"
	"math"
)

// A Concordance counts the pairs of things that two lists put in an order.
type Concordance struct {
	Concordant, Discordant int64
	TiedX, TiedY           int64 // tied in x, in y; those tied in both are in each
	N                      int   // things
}

// NewConcordance compares two lists of values of the same things.
func NewConcordance(x, y []float64) (Concordance, error) {
	if len(x) != len(y) {
		return Concordance{}, fmt.Errorf("%d values against %d", len(x), len(y))
	}
	c := Concordance{N: len(x)}
	for i := range x {
		for j := range i {
			dx, dy := x[i]-x[j], y[i]-y[j]
			if dx == 0 {
				c.TiedX++
			}
			if dy == 0 {
				c.TiedY++
			}
			switch {
			case dx == 0 || dy == 0:
			case dx > 0 == (dy > 0):
				c.Concordant++
			default:
				c.Discordant++
			}
		}
	}
	return c, nil
}

// TauB is Kendall's tau-b, in [-1, 1]: 1 is the same order, ties kept. ErrUndefined
// if either list is all one value. Kendall 1945.
func (c Concordance) TauB() (float64, error) {
	all := int64(c.N) * int64(c.N-1) / 2
	if all == c.TiedX || all == c.TiedY {
		return 0, fmt.Errorf("%w: nothing is ordered", ErrUndefined)
	}
	return float64(c.Concordant-c.Discordant) / math.Sqrt(float64(all-c.TiedX)*float64(all-c.TiedY)), nil
}

// P is the exact two-sided probability of a tau this far from 0 if every order were
// equally likely. ErrUndefined with ties, with fewer than two things, or above
// 170 of them.
func (c Concordance) P() (float64, error) {
	switch {
	case c.TiedX > 0 || c.TiedY > 0:
		return 0, fmt.Errorf("%w: ties have no exact p", ErrUndefined)
	case c.N < 2 || c.N > 170:
		return 0, fmt.Errorf("%w: %d things have no exact p", ErrUndefined, c.N)
	}
	// at[k] is the share of orders of n things with k discordant pairs
	fewest := min(c.Concordant, c.Discordant)
	at := make([]float64, fewest+1)
	at[0] = 1
	for n := 2; n <= c.N; n++ {
		next := make([]float64, len(at))
		var window float64
		for k := range at {
			window += at[k]
			if k >= n {
				window -= at[k-n]
			}
			next[k] = window / float64(n)
		}
		at = next
	}
	var below float64
	for _, v := range at {
		below += v
	}
	return min(1, 2*below), nil
}
