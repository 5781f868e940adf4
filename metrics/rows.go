package metrics

import "slices"

// Rows are counts of one metric, one row per scenario, condition and constraint. At
// says to which cluster a row belongs.
type Rows struct {
	Clusters []string
	At       []int32
	Size     int
	N        []int64 // len(At) × Size
}

// Clone is rows with memory of their own.
func (r Rows) Clone() Rows {
	r.At, r.N = slices.Clone(r.At), slices.Clone(r.N)
	return r
}

// Len is the number of rows.
func (r Rows) Len() int { return len(r.At) }

// Row is the integers of row i. It is read only.
func (r Rows) Row(i int) []int64 { return r.N[i*r.Size : (i+1)*r.Size] }

// Sum is the weighted sum of one slot.
func (r Rows) Sum(slot int, w []uint8) (s int64) {
	for i, c := range r.At {
		n := r.N[i*r.Size+slot]
		if w != nil {
			n *= int64(w[c])
		}
		s += n
	}
	return s
}

// PerCluster is one slot summed within each cluster.
func (r Rows) PerCluster(slot int) []int64 {
	out := make([]int64, len(r.Clusters))
	for i, c := range r.At {
		out[c] += r.N[i*r.Size+slot]
	}
	return out
}

// In lists the clusters that have a row for which keep holds, in order.
func (r Rows) In(keep func(row []int64) bool) []int {
	seen := make([]bool, len(r.Clusters))
	for i, c := range r.At {
		seen[c] = seen[c] || keep(r.Row(i))
	}
	var out []int
	for c, s := range seen {
		if s {
			out = append(out, c)
		}
	}
	return out
}
