package stat

// gamma is the increment of splitmix64.
const gamma = 0x9E3779B97F4A7C15

// below holds T_k = floor(2^64 P(Poisson(1) <= k)): a uniform 64-bit number at or
// above T_k stands for a draw above k.
var below = [...]uint64{
	6786177901268885274, 13572355802537770549, 16965444753172213186, 18096474403383694065, 18379231815936564285,
	18435783298447138329, 18445208545532234003, 18446555009401533385, 18446723317385195808, 18446742018272269410,
	18446743888360976771, 18446744058369041076, 18446744072536379768, 18446744073626175052, 18446744073704017573,
	18446744073709207074, 18446744073709531418, 18446744073709550497, 18446744073709551557, 18446744073709551613,
}

// Weights say how often each replicate of a bootstrap draws each cluster: b rows of
// one Poisson(1) number, 0 to 20, per cluster.
//
// A weight depends on seed, replicate and the cluster's name only. Whatever is
// estimated from the same clusters shares its replicates, so differences and ranks
// are paired for free; a list of clusters in another order has the same weights in
// that order. Section 3.1.
type Weights struct {
	b        int
	clusters []string
	w        []uint8
}

// NewWeights draws b replicates of the clusters. It keeps the list, which is the
// caller's not to change.
func NewWeights(seed uint64, b int, clusters []string) *Weights {
	w := &Weights{b: b, clusters: clusters, w: make([]uint8, b*len(clusters))}
	start := mix(seed + gamma)
	for c, id := range clusters {
		x := mix(start ^ fnv1a(id))
		for r := range b {
			x += gamma
			w.w[r*len(clusters)+c] = poisson(mix(x))
		}
	}
	return w
}

// Row is replicate b, one weight per cluster, from 0. It is read only.
func (w *Weights) Row(b int) []uint8 {
	m := len(w.clusters)
	return w.w[b*m : (b+1)*m : (b+1)*m]
}

// Len is the number of replicates.
func (w *Weights) Len() int { return w.b }

// Clusters are the names, in the order of a row. They are read only.
func (w *Weights) Clusters() []string { return w.clusters }

// mix is the finaliser of splitmix64 (Steele, Lea and Flood 2014).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// fnv1a is the 64-bit FNV-1a hash of the bytes of s.
func fnv1a(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h ^= uint64(s[i])
		h *= 0x100000001b3
	}
	return h
}

// poisson turns a uniform number into a Poisson(1) one.
func poisson(x uint64) uint8 {
	k := uint8(0)
	for int(k) < len(below) && below[k] <= x {
		k++
	}
	return k
}
