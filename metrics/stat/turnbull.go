package stat

import (
	"fmt"
	"math"
)

// A Span says that an event lay at one of the times First..Last, both included and
// counted from 0.
type Span struct{ First, Last int }

// Turnbull is the distribution over times 0..times-1 most likely to have made events
// of which only spans are known; it sums to 1. A last time can stand for "never". Mass
// that the spans do not tell apart is spread as evenly as EM from the uniform start
// leaves it: sum over such times before reading. Turnbull 1976; EM until no mass moves
// by more than 1e-15.
//
// ErrUndefined without spans.
func Turnbull(spans []Span, times int) ([]float64, error) {
	if len(spans) == 0 {
		return nil, fmt.Errorf("%w: no spans", ErrUndefined)
	}
	for _, s := range spans {
		if s.First < 0 || s.Last < s.First || s.Last >= times {
			return nil, fmt.Errorf("span %d..%d of %d times", s.First, s.Last, times)
		}
	}
	p, next := make([]float64, times), make([]float64, times)
	for t := range p {
		p[t] = 1 / float64(times)
	}
	for range 100_000 {
		clear(next)
		for _, s := range spans {
			var in float64
			for _, v := range p[s.First : s.Last+1] {
				in += v
			}
			for t := s.First; t <= s.Last; t++ {
				next[t] += p[t] / in / float64(len(spans))
			}
		}
		var moved float64
		for t := range p {
			moved = max(moved, math.Abs(next[t]-p[t]))
		}
		p, next = next, p
		if moved <= 1e-15 {
			break
		}
	}
	return p, nil
}
