package main

import "math/rand/v2"

// A draw is the random numbers of one trajectory or conversation: the same for the same
// seed and number, on any core.
type draw struct {
	pcg  rand.PCG
	bits uint64
	left int
}

func newDraw(seed, i uint64) *draw {
	d := new(draw)
	d.pcg.Seed(seed, i)
	return d
}

// part is 16 random bits.
func (d *draw) part() uint32 {
	if d.left == 0 {
		d.bits, d.left = d.pcg.Uint64(), 4
	}
	v := uint32(d.bits & 0xffff)
	d.bits >>= 16
	d.left--
	return v
}

// yes is true with the probability p, to 1/65536.
func (d *draw) yes(p float64) bool { return float64(d.part()) < p*65536 }

// below is a number from 0 to n−1, n up to 65536.
func (d *draw) below(n int) int { return int(d.part()) * n >> 16 }

// pick is one of a list.
func pick[T any](d *draw, list []T) T { return list[d.below(len(list))] }

// words appends n words.
func (d *draw) words(to []byte, n int) []byte {
	for i := range n {
		if i > 0 {
			to = append(to, ' ')
		}
		to = append(to, vocabulary[d.below(len(vocabulary))]...)
	}
	return to
}
