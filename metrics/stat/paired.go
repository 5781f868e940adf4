package stat

import (
	"fmt"
	"math"
)

// A Difference is the first side minus the second on the clusters both have.
type Difference struct {
	Interval         // adjusted paired t, around Adjusted
	Value    float64 // y1/n1 - y2/n2: the number to print
	Adjusted float64 // D', Value drawn towards 0
	SE       float64 // of Adjusted, never 0
	SD       float64 // of the clusters' differences d
	P        float64 // two-sided, of no difference
	Least    float64 // smallest true difference found four times in five at this level
	Clusters int
	First    int64 // clusters in which the first side's ratio is the higher
	Second   int64 // clusters in which the second's is
}

// Paired compares two sides cluster by cluster; clusters where either has no units
// are left out. Section 4.3.
//
// With d = m (y1/N1 - y2/N2) per cluster, r = (N1+N2)/(2m) and m' = m + 2/r, Adjusted is
// sum d/m' and its variance ((sum d^2 + 1/r)/m' - D'^2)/m': the interval of Agresti
// and Min (2005) for r = 1, for which one unit against one in every cluster P is
// McNemar's mid-p. ErrUndefined with fewer than two common clusters.
func Paired(y1, n1, y2, n2 []int64, level float64) (Difference, error) {
	if err := checkLevel(level); err != nil {
		return Difference{}, err
	}
	p, err := pair(y1, n1, y2, n2)
	if err != nil {
		return Difference{}, err
	}
	if p.m < 2 {
		return Difference{}, fmt.Errorf("%w: %d common scenario, a comparison needs 2", ErrUndefined, p.m)
	}
	v := p.adjust()
	m, t := float64(p.m), student(1-tail(level), float64(p.m-1))
	half := float64(t * v.se)
	d := Difference{
		Interval: Interval{Low: v.value - half, High: v.value + half, Level: level, Method: MethodPairedT},
		Value:    p.first.value() - p.second.value(),
		Adjusted: v.value, SE: v.se, Clusters: p.m, First: p.higher, Second: p.lower,
		SD: math.Sqrt(math.Max(0, v.squares-float64(v.sum*v.sum)/m) / (m - 1)),
	}
	d.Least = (t + normal(.8)) * d.SD / math.Sqrt(m)
	if p.binary {
		_, d.P = McNemar(p.higher, p.lower)
	} else {
		d.P = studentBeyond(v.value/v.se, m-1)
	}
	return d, nil
}

// pairing is what two sides have on their common clusters.
type pairing struct {
	y1, n1, y2, n2 []int64
	first, second  totals
	m              int
	higher, lower  int64
	binary         bool // 0 or 1 of one unit everywhere
}

func pair(y1, n1, y2, n2 []int64) (*pairing, error) {
	if len(y1) != len(n1) || len(y2) != len(n1) || len(n2) != len(n1) {
		return nil, fmt.Errorf("sides of %d, %d, %d and %d clusters", len(y1), len(n1), len(y2), len(n2))
	}
	p := &pairing{y1: y1, n1: n1, y2: y2, n2: n2, binary: true}
	for c := range n1 {
		if n1[c] < 0 || n2[c] < 0 {
			return nil, fmt.Errorf("cluster %d: %d and %d units", c, n1[c], n2[c])
		}
		if n1[c] == 0 || n2[c] == 0 {
			continue
		}
		p.m++
		p.first.y, p.first.n = p.first.y+y1[c], p.first.n+n1[c]
		p.second.y, p.second.n = p.second.y+y2[c], p.second.n+n2[c]
		switch o := compareRatios(y1[c], n1[c], y2[c], n2[c]); {
		case o > 0:
			p.higher++
		case o < 0:
			p.lower++
		}
		p.binary = p.binary && n1[c] == 1 && n2[c] == 1 && y1[c]>>1 == 0 && y2[c]>>1 == 0
	}
	return p, nil
}

// adjusted are D', SE' and the sums they come from.
type adjusted struct{ value, se, sum, squares float64 }

// adjust is the adjusted difference of section 4.3, for at least one common cluster.
func (p *pairing) adjust() adjusted {
	var a adjusted
	m := float64(p.m)
	s1, s2 := float64(p.first.n), float64(p.second.n)
	for c := range p.n1 {
		if p.n1[c] == 0 || p.n2[c] == 0 {
			continue
		}
		d := float64(m * (float64(p.y1[c])/s1 - float64(p.y2[c])/s2))
		a.sum += d
		a.squares += float64(d * d)
	}
	r := (s1 + s2) / (2 * m)
	more := m + 2/r
	a.value = a.sum / more
	a.se = math.Sqrt(((a.squares+1/r)/more - float64(a.value*a.value)) / more)
	return a
}

// Retention is how much of the first side's share the second keeps, cluster by
// cluster: sum p1 p2 / sum p1 with p = y/n over the clusters both have. With one unit
// each it is the share of the first side's successes that the second repeats. In
// [0, 1]; ErrUndefined if the first side has none. Section 6.2.
func Retention(y1, n1, y2, n2 []int64) (float64, error) {
	if _, err := pair(y1, n1, y2, n2); err != nil {
		return 0, err
	}
	var kept, all float64
	for c := range n1 {
		if n1[c] == 0 || n2[c] == 0 {
			continue
		}
		p := float64(y1[c]) / float64(n1[c])
		all += p
		kept += float64(p * (float64(y2[c]) / float64(n2[c])))
	}
	if all == 0 {
		return 0, fmt.Errorf("%w: the first side has nothing to keep", ErrUndefined)
	}
	return kept / all, nil
}

// CohenH is 2 asin(sqrt p) - 2 asin(sqrt q), the size of a difference of two shares
// in [0, 1]; in [-pi, pi]. Cohen 1988.
func CohenH(p, q float64) float64 {
	return 2*math.Asin(math.Sqrt(p)) - 2*math.Asin(math.Sqrt(q))
}
