package bench

import (
	"errors"
	"math"
	"slices"

	"github.com/righting-bench/righting/metrics/stat"
)

// companions fills in what does not depend on the scale of chance.
func (c *tallied) companions(a *Agreed, q *question, times []int64) error {
	plain, err := stat.Agree(c.given(), times, stat.Unweighted)
	if errors.Is(err, stat.ErrUndefined) {
		return nil // Undefined says why
	}
	if err != nil {
		return err
	}
	a.Percent = published(new(plain.Percent()))
	if a.AC1, err = orNil(plain.Gwet()); err != nil {
		return err
	}
	complete := true
	for p, labels := range c.patterns {
		complete = complete && (times[p] == 0 || added(labels) == int64(a.Voices))
	}
	if complete {
		if a.Fleiss, err = orNil(plain.Fleiss()); err != nil {
			return err
		}
	}
	if q.scale == stat.NominalScale || q.scale == stat.IntervalScale && c.uneven() {
		return nil
	}
	weighted, err := stat.Agree(c.patterns, times, stat.Quadratic)
	if err != nil {
		return err
	}
	a.AC2, err = orNil(weighted.Gwet())
	return err
}

// given is the patterns without classes that nobody gave: they would make AC1 larger.
func (c *tallied) given() [][]int64 {
	var keep []int
	for i := range c.codes {
		if slices.ContainsFunc(c.patterns, func(labels []int64) bool { return labels[i] > 0 }) {
			keep = append(keep, i)
		}
	}
	out := make([][]int64, len(c.patterns))
	for p, labels := range c.patterns {
		for _, i := range keep {
			out[p] = append(out[p], labels[i])
		}
	}
	return out
}

// uneven is whether the classes of an interval scale are not equally far apart.
func (c *tallied) uneven() bool {
	for i := 2; i < len(c.values); i++ {
		d := c.values[i] - c.values[i-1] - (c.values[1] - c.values[0])
		if math.Abs(d) > 1e-9*math.Max(1, math.Abs(c.values[i])) {
			return true
		}
	}
	return false
}

// orNil is a published number, or nothing where it is undefined.
func orNil(v float64, err error) (*float64, error) {
	if errors.Is(err, stat.ErrUndefined) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return published(&v), nil
}

// near fills in how often answers in units differ by at most one.
func (c *tallied) near(a *Agreed, times []int64) {
	var sum, lost, both, pairs float64
	for p, labels := range c.patterns {
		m, seen, close := added(labels), int64(0), 0.0
		for i, n := range labels {
			if c.codes[i] == noLoss {
				continue
			}
			seen += n
			close += float64(n * (n - 1) / 2)
			for j := range i {
				if c.codes[j] != noLoss && c.codes[i]-c.codes[j] <= 1 {
					close += float64(n * labels[j])
				}
			}
		}
		if m < 2 {
			continue
		}
		k := float64(times[p])
		without := float64((m - seen) * (m - seen - 1) / 2)
		sum += float64(k * ((close + without) / float64(m*(m-1)/2)))
		pairs += k
		if seen > 1 {
			a.Both += times[p]
			lost += float64(k * (close / float64(seen*(seen-1)/2)))
			both += k
		}
	}
	if pairs > 0 {
		a.Within = published(new(sum / pairs))
	}
	if both > 0 {
		a.NearIf = published(new(lost / both))
	}
}
