package bench

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/righting-bench/righting/schema/reading"
)

// A ballot is what was answered to one question: integers that add up over cases, row
// groups and machines.
type ballot struct {
	units map[string]map[string]int64      // by cluster and answers given at a unit (see answers)
	pairs map[[2]string]map[[2]int64]int64 // by two voices in order and their answers
	given map[string]map[int64]int64       // by voice and answer
}

func newBallot() *ballot {
	return &ballot{units: map[string]map[string]int64{}, pairs: map[[2]string]map[[2]int64]int64{}, given: map[string]map[int64]int64{}}
}

func (b *ballot) add(o *ballot) {
	addTo(b.units, o.units)
	addTo(b.pairs, o.pairs)
	addTo(b.given, o.given)
}

func addTo[K, L comparable](to, from map[K]map[L]int64) {
	for k, m := range from {
		if to[k] == nil {
			to[k] = make(map[L]int64, len(m))
		}
		for l, n := range m {
			to[k][l] += n
		}
	}
}

// put adds 1 at a place that may not be there yet.
func put[K, L comparable](to map[K]map[L]int64, k K, l L) {
	if to[k] == nil {
		to[k] = map[L]int64{}
	}
	to[k][l]++
}

// An answer is what one voice said of one unit.
type answer struct {
	unit, voice int
	code        int64
}

// A booth counts voices' answers to all questions.
type booth struct {
	questions []*question
	ballots   []*ballot // by question; nil = nobody answered
	heard     []answer
	codes     []int64
	key       []byte
}

func newBooth(qs []*question) *booth { return &booth{questions: qs, ballots: make([]*ballot, len(qs))} }

// count adds a case as voices saw it. Voices are in the order of their names.
func (b *booth) count(cluster string, voices []voice) {
	for i, q := range b.questions {
		if q.ask == nil { // pooled in the end
			continue
		}
		b.heard = b.heard[:0]
		for v := range voices {
			q.ask(&voices[v], func(unit int, code int64) { b.heard = append(b.heard, answer{unit, v, code}) })
		}
		if len(b.heard) == 0 {
			continue
		}
		if b.ballots[i] == nil {
			b.ballots[i] = newBallot()
		}
		slices.SortFunc(b.heard, func(x, y answer) int { return cmp.Or(cmp.Compare(x.unit, y.unit), cmp.Compare(x.voice, y.voice)) })
		for from := 0; from < len(b.heard); {
			to := from
			for to < len(b.heard) && b.heard[to].unit == b.heard[from].unit {
				to++
			}
			b.unit(b.ballots[i], cluster, voices, b.heard[from:to])
			from = to
		}
	}
}

// unit counts one unit's answers.
func (b *booth) unit(to *ballot, cluster string, voices []voice, heard []answer) {
	b.codes = b.codes[:0]
	for i, x := range heard {
		who := voices[x.voice].who
		put(to.given, who, x.code)
		b.codes = append(b.codes, x.code)
		for _, y := range heard[:i] {
			put(to.pairs, [2]string{voices[y.voice].who, who}, [2]int64{y.code, x.code})
		}
	}
	slices.Sort(b.codes)
	b.key = b.key[:0]
	for _, c := range b.codes {
		b.key = binary.AppendVarint(b.key, c)
	}
	at := to.units[cluster]
	if at == nil {
		at = map[string]int64{}
		to.units[cluster] = at
	}
	at[string(b.key)]++
}

// answers are the codes in a key of ballot.units, in order.
func answers(key string) []int64 {
	var out []int64
	for b := []byte(key); len(b) > 0; {
		c, n := binary.Varint(b)
		out, b = append(out, c), b[n:]
	}
	return out
}

func (b *booth) add(o *booth) {
	for i, theirs := range o.ballots {
		if theirs == nil {
			continue
		}
		if b.ballots[i] == nil {
			b.ballots[i] = newBallot()
		}
		b.ballots[i].add(theirs)
	}
}

// pool makes the ballots of list columns of their elements: each unit counts once for
// every element that anybody gave anywhere. Elements that nobody gave are dropped; where
// lists were judged and all are empty, one of them stands for that.
func (b *booth) pool() {
	for at, list := range b.questions {
		if list.ask != nil {
			continue
		}
		var empty *ballot
		for i, q := range b.questions {
			switch {
			case q.list != list.name || b.ballots[i] == nil:
			case b.ballots[i].found():
				if b.ballots[at] == nil {
					b.ballots[at] = newBallot()
				}
				b.ballots[at].add(b.ballots[i])
			default:
				empty, b.ballots[i] = b.ballots[i], nil
			}
		}
		if b.ballots[at] == nil {
			b.ballots[at] = empty
		}
	}
}

// found is whether anybody answered 1.
func (b *ballot) found() bool {
	for _, by := range b.given {
		if by[1] > 0 {
			return true
		}
	}
	return false
}

// alone reads a case by one annotator's first pass. The reading's Judged is into; nil
// where the annotator gave no control.
func alone(c *reading.Case, who string, rules *reading.Rules, into *reading.Judged) (*reading.Reading, error) {
	r := *rules
	r.Panel.Rule, r.Panel.Of, r.Panel.ExcludeSelf = reading.Median, []string{who}, false
	return readBy(c, &r, into)
}

// readBy reads a case by a panel; nil where it gave no control.
func readBy(c *reading.Case, rules *reading.Rules, into *reading.Judged) (*reading.Reading, error) {
	if err := rules.Panel.Judge(c, into); err != nil {
		return nil, err
	}
	r := reading.Read(c, into, rules)
	if r.None || r.NoLabel {
		return nil, nil
	}
	return &r, nil
}
