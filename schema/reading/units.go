package reading

import "math/bits"

// Units is a set of units of one trajectory, numbered from 0. The zero value is
// empty. Copies share memory beyond unit 63: treat a set as a value, and change one
// only through the variable that owns it.
type Units struct {
	w    uint64
	more []uint64
}

// FirstUnits is the set of the first n units.
func FirstUnits(n int) Units {
	var u Units
	switch {
	case n <= 0:
	case n < 64:
		u.w = 1<<n - 1
	default:
		u.w = ^uint64(0)
		if n > 64 {
			u.more = make([]uint64, (n-1)/64)
			for i := range u.more {
				u.more[i] = ^uint64(0)
			}
			if r := n % 64; r != 0 {
				u.more[len(u.more)-1] = 1<<r - 1
			}
		}
	}
	return u
}

// Add puts unit i, 0 or more, into the set.
func (u *Units) Add(i int) {
	if i < 64 {
		u.w |= 1 << i
		return
	}
	for len(u.more) < i/64 {
		u.more = append(u.more, 0)
	}
	u.more[i/64-1] |= 1 << (i % 64)
}

// AddWord puts the units of a word into the set: bit i is unit i.
func (u *Units) AddWord(units uint64) { u.w |= units }

// Clear empties the set and keeps its memory.
func (u *Units) Clear() {
	u.w = 0
	u.more = u.more[:0]
}

func (u Units) words() int { return 1 + len(u.more) }

func (u Units) word(i int) uint64 {
	switch {
	case i == 0:
		return u.w
	case i <= len(u.more):
		return u.more[i-1]
	}
	return 0
}

func (u *Units) setWord(i int, w uint64) {
	if i == 0 {
		u.w = w
		return
	}
	for len(u.more) < i {
		u.more = append(u.more, 0)
	}
	u.more[i-1] = w
}

func (u Units) clone() Units {
	if u.more != nil {
		u.more = append([]uint64(nil), u.more...)
	}
	return u
}

// Has is whether unit i is in the set.
func (u Units) Has(i int) bool { return i >= 0 && u.word(i/64)>>(i%64)&1 == 1 }

// Empty is whether nothing is in the set.
func (u Units) Empty() bool { return u.w == 0 && (u.more == nil || !u.beyond()) }

// beyond is whether something is in the set beyond unit 63.
func (u Units) beyond() bool {
	for _, w := range u.more {
		if w != 0 {
			return true
		}
	}
	return false
}

// Len is the number of units in the set.
func (u Units) Len() int {
	n := bits.OnesCount64(u.w)
	for _, w := range u.more {
		n += bits.OnesCount64(w)
	}
	return n
}

// And is what is in both.
func (u Units) And(v Units) Units {
	if u.more == nil && v.more == nil {
		return Units{w: u.w & v.w}
	}
	return combine(u, v, func(a, b uint64) uint64 { return a & b })
}

// AndNot is what is in u and not in v.
func (u Units) AndNot(v Units) Units {
	if u.more == nil && v.more == nil {
		return Units{w: u.w &^ v.w}
	}
	return combine(u, v, func(a, b uint64) uint64 { return a &^ b })
}

// Or is what is in either.
func (u Units) Or(v Units) Units {
	if u.more == nil && v.more == nil {
		return Units{w: u.w | v.w}
	}
	return combine(u, v, func(a, b uint64) uint64 { return a | b })
}

func combine(u, v Units, op func(a, b uint64) uint64) Units {
	out := Units{w: op(u.w, v.w)}
	if n := max(len(u.more), len(v.more)); n > 0 {
		out.more = make([]uint64, n)
		for i := range out.more {
			out.more[i] = op(u.word(i+1), v.word(i+1))
		}
	}
	return out
}

// Before is the members below unit i.
func (u Units) Before(i int) Units {
	if u.more == nil {
		if i < 64 {
			u.w &= 1<<max(i, 0) - 1
		}
		return u
	}
	return u.And(FirstUnits(i))
}

// From is the members at unit i and above.
func (u Units) From(i int) Units { return u.AndNot(FirstUnits(i)) }

// First is the lowest member, −1 in the empty set.
func (u Units) First() int { return u.Next(-1) }

// Next is the lowest member above unit i, −1 if there is none.
func (u Units) Next(i int) int {
	i++
	for k := i / 64; k < u.words(); k++ {
		w := u.word(k)
		if k == i/64 {
			w &= ^uint64(0) << (i % 64)
		}
		if w != 0 {
			return k*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// LastN is the n highest members, or all there are.
func (u Units) LastN(n int) (out Units) {
	for i := u.Last(); i >= 0 && n > 0; i = u.Before(i).Last() {
		out.Add(i)
		n--
	}
	return out
}

// Last is the highest member, −1 in the empty set.
func (u Units) Last() int {
	for k := u.words() - 1; k >= 0; k-- {
		if w := u.word(k); w != 0 {
			return k*64 + 63 - bits.LeadingZeros64(w)
		}
	}
	return -1
}
