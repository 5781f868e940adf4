package stat

import (
	"fmt"
	"slices"
)

// A Scale says what the distance of two labels means.
type Scale uint8

// Scales of measurement, for Krippendorff's alpha.
const (
	NominalScale  Scale = iota // the same or not
	OrdinalScale               // how many labels lie between
	IntervalScale              // the difference
	RatioScale                 // the difference in proportion; values at least 0
)

// Coincidence counts the pairs of labels that annotators of one unit gave: all that
// Krippendorff's alpha needs, in integers that add up over units and clusters.
//
// A vector of counts has Size slots: per number of labels in a unit, 2 to Most, the
// unordered pairs of Levels values. Section 7.
type Coincidence struct {
	Levels int // labels take values 0..Levels-1
	Most   int // labels a unit can have, 2 to MostLabels
}

// MostLabels is the largest number of labels of one unit that Coincidence holds
// exactly: counts are brought to the common denominator of 1..Most-1, 420 for 8 labels
// and 5 354 228 880 for 24, and must stay below 2^63 divided by that.
const MostLabels = 24

// Size is the length of a vector of counts.
func (k Coincidence) Size() int { return (k.Most - 1) * k.pairs() }

func (k Coincidence) pairs() int { return k.Levels * (k.Levels + 1) / 2 }

// Pair is the two values whose pairs a slot of a vector counts, the smaller first.
func (k Coincidence) Pair(slot int) (a, b int) {
	slot %= k.pairs()
	for ; slot >= k.Levels-a; a++ {
		slot -= k.Levels - a
	}
	return a, a + slot
}

// Add counts one unit into a vector: labels has how often each value was given. A
// unit with fewer than two labels adds nothing; one with more than Most is an error.
func (k Coincidence) Add(into, labels []int64) error {
	var m int64
	for _, v := range labels {
		m += v
	}
	switch {
	case len(labels) != k.Levels || len(into) != k.Size():
		return fmt.Errorf("%d values into %d counts, want %d into %d", len(labels), len(into), k.Levels, k.Size())
	case m > int64(k.Most):
		return fmt.Errorf("a unit has %d labels, at most %d are counted", m, k.Most)
	case m < 2:
		return nil
	}
	at := int(m-2) * k.pairs()
	for a := range labels {
		into[at] += labels[a] * (labels[a] - 1) / 2
		at++
		for b := a + 1; b < k.Levels; b++ {
			into[at] += labels[a] * labels[b]
			at++
		}
	}
	return nil
}

// AddPairs counts units that have two labels, a and b, into a vector.
func (k Coincidence) AddPairs(into []int64, a, b int, units int64) {
	a, b = min(a, b), max(a, b)
	into[a*k.Levels-a*(a-1)/2+b-a] += units
}

// Alpha is Krippendorff's alpha of a vector of counts: 1 is agreement, 0 is chance,
// below 0 is worse. values are the labels' numbers in rising order, for the interval
// and ratio scales; nil is 0, 1, 2, ... Ordinal distances use the marginals found.
//
// ErrUndefined without a unit of two labels, or if all labels are equal: nothing was
// told apart. Krippendorff 2011; Hayes and Krippendorff 2007.
func (k Coincidence) Alpha(counts []int64, s Scale, values []float64) (float64, error) {
	if k.Levels < 1 || k.Most < 2 || k.Most > MostLabels || len(counts) != k.Size() {
		return 0, fmt.Errorf("%d counts of %d levels and %d labels", len(counts), k.Levels, k.Most)
	}
	if values == nil {
		values = make([]float64, k.Levels)
		for c := range values {
			values[c] = float64(c)
		}
	}
	if len(values) != k.Levels || s == RatioScale && slices.Min(values) < 0 {
		return 0, fmt.Errorf("values %v of %d levels", values, k.Levels)
	}
	o, share := k.matrix(counts)
	n := make([]float64, k.Levels) // marginals, exact: sums of o are multiples of share
	var all float64
	for c := range n {
		var sum int64
		for _, v := range o[c] {
			sum += v
		}
		n[c] = float64(sum / share)
		all += n[c]
	}
	if all == 0 {
		return 0, fmt.Errorf("%w: no unit has two annotators", ErrUndefined)
	}
	var observed, expected float64
	for c := range n {
		for g := range c {
			d := s.distance(c, g, n, values)
			observed += float64(float64(o[c][g]) / float64(share) * d)
			expected += float64(float64(n[c]*n[g]) * d)
		}
	}
	if expected == 0 {
		return 0, fmt.Errorf("%w: all labels are equal", ErrUndefined)
	}
	return 1 - float64((all-1)*observed)/expected, nil
}

// matrix is the coincidences o, symmetric, times share.
func (k Coincidence) matrix(counts []int64) (o [][]int64, share int64) {
	share = 1
	for d := int64(2); d < int64(k.Most); d++ {
		share = share / gcd(share, d) * d
	}
	o = make([][]int64, k.Levels)
	for c := range o {
		o[c] = make([]int64, k.Levels)
	}
	at := 0
	for m := range k.Most - 1 { // a unit of m+2 labels has its pairs divided by m+1
		for a := range k.Levels {
			o[a][a] += 2 * counts[at] * (share / int64(m+1))
			at++
			for b := a + 1; b < k.Levels; b++ {
				v := counts[at] * (share / int64(m+1))
				o[a][b] += v
				o[b][a] += v
				at++
			}
		}
	}
	return o, share
}

// distance is the squared distance of the labels c and g, g < c.
func (s Scale) distance(c, g int, n, values []float64) float64 {
	d := 1.0
	switch s {
	case OrdinalScale:
		d = -(n[g] + n[c]) / 2
		for _, v := range n[g : c+1] {
			d += v
		}
	case IntervalScale:
		d = values[c] - values[g]
	case RatioScale:
		if d = values[c] - values[g]; d != 0 {
			d /= values[c] + values[g]
		}
	}
	return float64(d * d)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
