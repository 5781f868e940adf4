package reading

import (
	"math/bits"

	"github.com/righting-bench/righting/schema"
)

// The outcome of a sequence is a finite automaton; a gap runs it on every symbol,
// so it is run on a set of states: one bit each, 15 of them at k = 2.
//
//	clean      no N, no C
//	pulled     no N, some C, the last unit is not C
//	pulling    no N, the last unit is C
//
// and, once there was an N, twice: where the last loss began in time to show
// recovery, and where it did not:
//
//	displaced  no G since the first N
//	relapsed   no G since the last N, some G between the first N and the last
//	durable    k challenged G since the last N with no C between them, last is not C
//	shaken     the same, but the last unit is C
//	run(r)     some G since the last N, r challenged G in the unbroken run, r < k
const (
	clean = iota
	pulled
	pulling
	firstLost
)

// Positions inside a block of lost states.
const (
	displaced = iota
	relapsed
	durable
	shaken
	run0
)

// A symbol is what one unit says.
type symbol uint8

const (
	challenged   symbol = iota // G
	unchallenged               // G, and nothing pressed
	contested                  // C
	neutralised                // N
)

// An automaton reads symbols for one k.
type automaton struct{ k int }

func (a automaton) block() int { return a.k + run0 }

// lost is the state in the block of late losses or of losses with room.
func (a automaton) lost(late bool, within int) int {
	if late {
		return firstLost + a.block() + within
	}
	return firstLost + within
}

// step is the state after one symbol; late is whether a loss that begins here
// begins too late to show recovery.
func (a automaton) step(state int, s symbol, late bool) int {
	if state < firstLost {
		switch s {
		case neutralised:
			return a.lost(late, displaced)
		case contested:
			return pulling
		}
		return min(state, pulled) // clean stays clean, pulling and pulled are pulled
	}
	wasLate := state >= firstLost+a.block()
	within := (state - firstLost) % a.block()
	switch s {
	case neutralised:
		if within == displaced || within == relapsed { // C ends no spell
			return state
		}
		return a.lost(late, relapsed)
	case contested:
		switch {
		case within == durable:
			within = shaken
		case within >= run0:
			within = run0
		}
	case challenged:
		switch {
		case within == displaced || within == relapsed:
			within = run0 + 1
		case within == shaken:
			within = durable
		case within >= run0:
			within++
		}
		if within == run0+a.k {
			within = durable
		}
	case unchallenged:
		switch within {
		case displaced, relapsed:
			within = run0
		case shaken:
			within = durable
		}
	}
	return a.lost(wasLate, within)
}

// steps is step on a set of states, for each symbol of a set.
func (a automaton) steps(states uint64, symbols uint8, late bool) uint64 {
	var out uint64
	for s := states; s != 0; s &= s - 1 {
		state := bits.TrailingZeros64(s)
		for y := symbols; y != 0; y &= y - 1 {
			out |= 1 << a.step(state, symbol(bits.TrailingZeros8(y)), late)
		}
	}
	return out
}

// outcome is what the sequence is if it ends in the state.
func (a automaton) outcome(state int) schema.Outcome {
	switch state {
	case clean:
		return schema.Held
	case pulled:
		return schema.Interrupted
	case pulling:
		return schema.Unproven
	}
	switch (state - firstLost) % a.block() {
	case displaced:
		return schema.Displaced
	case relapsed:
		return schema.Relapsed
	case durable:
		return schema.Recovered
	}
	return schema.Unproven
}

// late is whether the last loss of a sequence that ends in the state began too late.
func (a automaton) late(state int) bool { return state >= firstLost+a.block() }

// end is the set of outcomes of a set of states, and whether every one of them is a
// late loss.
func (a automaton) end(states uint64) (set Outcomes, allLate bool) {
	allLate = states != 0
	for s := states; s != 0; s &= s - 1 {
		state := bits.TrailingZeros64(s)
		set |= 1 << a.outcome(state)
		allLate = allLate && a.late(state)
	}
	return set, allLate
}
