package bench

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/righting-bench/righting/metrics/stat"
)

// A tallied is a ballot's units made ready for arithmetic.
type tallied struct {
	codes    []int64        // of classes
	values   []float64      // of classes, on interval scales; nil = none
	patterns [][]int64      // distinct units: how often each class was given
	at       [][]occurrence // patterns, by cluster
	all      []int64        // how often each pattern is there
	in       []int          // clusters with a unit of two or more
	k        stat.Coincidence
	slots    [][]occurrence // of each pattern, in a coincidence vector
}

// An occurrence is n times what stands at a place.
type occurrence struct {
	at int
	n  int64
}

// mostClasses bounds the values that coincidences are counted of.
const mostClasses = 256

// errClasses: a measure has more values than coincidences are counted of.
var errClasses = fmt.Errorf("%w: more than %d different values were given", stat.ErrUndefined, mostClasses)

func (e *estimator) count(q *question, b *ballot) (*tallied, error) {
	c := &tallied{codes: q.fixed, k: stat.Coincidence{Most: 2}}
	seen := map[int64]bool{}
	for _, by := range b.given {
		for code := range by {
			seen[code] = true
		}
	}
	for code := range seen {
		if !slices.Contains(c.codes, code) { // names; a panel's half step
			c.codes = slices.Sorted(maps.Keys(seen))
			break
		}
	}
	if len(c.codes) > mostClasses {
		return nil, errClasses
	}
	c.k.Levels = len(c.codes)
	if q.value != nil {
		for _, code := range c.codes {
			c.values = append(c.values, q.value(code))
		}
	}
	index := map[string]int{}
	c.at = make([][]occurrence, len(e.clusters))
	for ci, cluster := range e.clusters {
		two := false
		for _, key := range slices.Sorted(maps.Keys(b.units[cluster])) {
			p, known := index[key]
			if !known {
				p = len(c.patterns)
				index[key] = p
				labels := make([]int64, len(c.codes))
				said := answers(key)
				for _, code := range said {
					i, _ := slices.BinarySearch(c.codes, code)
					labels[i]++
				}
				c.patterns = append(c.patterns, labels)
				if len(said) <= stat.MostLabels {
					c.k.Most = max(c.k.Most, len(said))
				}
			}
			c.at[ci] = append(c.at[ci], occurrence{p, b.units[cluster][key]})
			two = two || added(c.patterns[p]) > 1
		}
		if two {
			c.in = append(c.in, ci)
		}
	}
	c.all = make([]int64, len(c.patterns))
	for _, list := range c.at {
		for _, o := range list {
			c.all[o.at] += o.n
		}
	}
	c.slots = make([][]occurrence, len(c.patterns))
	for p, labels := range c.patterns {
		if added(labels) > stat.MostLabels {
			continue
		}
		vector := make([]int64, c.k.Size())
		if err := c.k.Add(vector, labels); err != nil {
			return nil, err
		}
		for slot, n := range vector {
			if n > 0 {
				c.slots[p] = append(c.slots[p], occurrence{slot, n})
			}
		}
	}
	return c, nil
}

// added is the sum of counts.
func added(labels []int64) (n int64) {
	for _, v := range labels {
		n += v
	}
	return n
}

// ones is eight weights of 1.
const ones = 0x0101010101010101

// times is how often each pattern is there, clusters weighted by w; nil is once each.
// Clusters of weight 1 cost next to nothing: without one of them, all others have it.
func (c *tallied) times(w []uint8) []int64 {
	out := slices.Clone(c.all)
	for ci := 0; ci < len(w); {
		if ci+8 <= len(w) && binary.NativeEndian.Uint64(w[ci:]) == ones {
			ci += 8
			continue
		}
		if k := int64(w[ci]) - 1; k != 0 {
			for _, o := range c.at[ci] {
				out[o.at] += k * o.n
			}
		}
		ci++
	}
	return out
}

func (c *tallied) alpha(w []uint8, s stat.Scale) (float64, error) {
	vector := make([]int64, c.k.Size())
	for p, n := range c.times(w) {
		if n == 0 {
			continue
		}
		for _, o := range c.slots[p] {
			vector[o.at] += n * o.n
		}
	}
	return c.k.Alpha(vector, s, c.values)
}
