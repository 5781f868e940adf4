package stat

import "fmt"

// A Weighting says how much two different labels agree.
type Weighting uint8

// Weightings, of labels by their order. 1 is the same label, 0 not at all.
const (
	Unweighted Weighting = iota // only the same label agrees
	Linear                      // 1 - |i-j|/(q-1)
	Quadratic                   // 1 - ((i-j)/(q-1))^2
)

// of is how much labels i and j of q agree.
func (w Weighting) of(i, j, q int) float64 {
	switch {
	case i == j:
		return 1
	case w == Unweighted:
		return 0
	}
	d := float64(i-j) / float64(q-1)
	if w == Linear {
		return 1 - max(d, -d)
	}
	return 1 - float64(d*d)
}

// An Agreement is how far any number of annotators agree on the same units, the
// companions of Krippendorff's alpha. Percent agreement comes from units with two or
// more labels, the labels' shares from every unit that has one. Gwet 2008, 2014, and
// his irrCAC.
type Agreement struct {
	percent float64
	share   []float64 // of each label, the mean over units
	weights Weighting
}

// Agree counts annotators' agreement on units: units[u][k] is how many gave label k to
// unit u, and times[u] how often the unit counts, nil for once.
//
// ErrUndefined if no unit has two labels.
func Agree(units [][]int64, times []int64, w Weighting) (*Agreement, error) {
	if times != nil && len(times) != len(units) {
		return nil, fmt.Errorf("%d units, %d times", len(units), len(times))
	}
	var shared, labelled, agreed float64
	a := &Agreement{weights: w}
	for u, labels := range units {
		q := len(labels)
		if a.share == nil {
			a.share = make([]float64, q)
		}
		if q != len(a.share) {
			return nil, fmt.Errorf("unit %d has %d labels to choose from, the first has %d", u, q, len(a.share))
		}
		k, r := 1.0, 0.0
		if times != nil {
			k = float64(times[u])
		}
		for _, v := range labels {
			r += float64(v)
		}
		if r == 0 {
			continue
		}
		labelled += k
		for i, v := range labels {
			a.share[i] += float64(k * (float64(v) / r))
		}
		if r < 2 {
			continue
		}
		shared += k
		var with float64
		for i, v := range labels {
			like := -1.0
			for j, x := range labels {
				like += float64(w.of(i, j, q) * float64(x))
			}
			with += float64(float64(v) * like)
		}
		agreed += float64(k * (with / (r * (r - 1))))
	}
	if shared == 0 {
		return nil, fmt.Errorf("%w: no unit has two annotators", ErrUndefined)
	}
	a.percent = agreed / shared
	for i := range a.share {
		a.share[i] /= labelled
	}
	return a, nil
}

// Percent is the mean agreement of two annotators of one unit, in [0, 1].
func (a *Agreement) Percent() float64 { return a.percent }

// Gwet is AC1, or AC2 if weighted: chance agrees where labels are hard to tell apart.
// It keeps its meaning where one label is nearly all there is. At most 1.
// ErrUndefined with one label to choose from.
func (a *Agreement) Gwet() (float64, error) {
	var spread float64
	for _, p := range a.share {
		spread += float64(p * (1 - p))
	}
	q := float64(len(a.share))
	if q == 1 {
		return 0, fmt.Errorf("%w: one label to choose from", ErrUndefined)
	}
	return beyondChance(a.percent, a.total()/(q*(q-1))*spread)
}

// Fleiss is Fleiss' kappa (1971), generalised to missing labels; for two annotators
// it is Scott's pi (1955). At most 1. ErrUndefined if all labels are equal.
func (a *Agreement) Fleiss() (float64, error) {
	var chance float64
	for i, p := range a.share {
		for j, q := range a.share {
			chance += float64(a.weights.of(i, j, len(a.share)) * float64(p*q))
		}
	}
	return beyondChance(a.percent, chance)
}

// BrennanPrediger holds every label equally likely by chance (1981). At most 1.
// ErrUndefined with one label to choose from.
func (a *Agreement) BrennanPrediger() (float64, error) {
	q := float64(len(a.share))
	return beyondChance(a.percent, a.total()/(q*q))
}

// total is the sum of all weights.
func (a *Agreement) total() float64 {
	var t float64
	for i := range a.share {
		for j := range a.share {
			t += a.weights.of(i, j, len(a.share))
		}
	}
	return t
}

// CohenKappa is the kappa of exactly two annotators, each with his own shares of
// labels: table[i][j] units got i from one and j from the other. At most 1.
//
// ErrUndefined without units, or if both gave one and the same label only.
// Cohen 1960, 1968.
func CohenKappa(table [][]int64, w Weighting) (float64, error) {
	q := len(table)
	rows, columns := make([]float64, q), make([]float64, q)
	var n, agreed, chance float64
	for i := range table {
		if len(table[i]) != q {
			return 0, fmt.Errorf("row %d has %d of %d labels", i, len(table[i]), q)
		}
		for j, v := range table[i] {
			n += float64(v)
			rows[i] += float64(v)
			columns[j] += float64(v)
			agreed += float64(w.of(i, j, q) * float64(v))
		}
	}
	if n == 0 {
		return 0, fmt.Errorf("%w: no units", ErrUndefined)
	}
	for i := range rows {
		for j := range columns {
			chance += float64(w.of(i, j, q) * float64(rows[i]*columns[j]))
		}
	}
	return beyondChance(agreed/n, chance/float64(n*n))
}

// beyondChance is (agreed - chance)/(1 - chance).
func beyondChance(agreed, chance float64) (float64, error) {
	if chance >= 1-1e-15 {
		return 0, fmt.Errorf("%w: all labels are equal", ErrUndefined)
	}
	return (agreed - chance) / (1 - chance), nil
}
