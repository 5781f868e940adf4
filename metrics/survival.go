package metrics

import (
	"fmt"

	"github.com/righting-bench/righting/metrics/stat"
)

// longest is the last unit on the clock that survival counts tell apart.
const longest = 64

// Slots of a Survival: the first losses at u = 1..64, the records that stop without
// one after u = 0..64 (64: or later), and the lengths on the clock 0..64 (64: or more).
const (
	lossSlot   = 0
	stopSlot   = lossSlot + longest
	lengthSlot = stopSlot + longest + 1
	survival   = lengthSlot + longest + 1
)

// A Survival is the restricted mean number of units before the first loss:
// Σ_{u=1..H} S(u), S by Kaplan and Meier. What stops without a loss is censored after
// its last unit. Its interval is BCa over clusters.
type Survival struct{ H int }

// Value is in [0, H]; undefined where nobody is at risk up to H.
func (s Survival) Value(rows Rows, w []uint8) (float64, error) {
	return s.life(rows).Sum(w).Held(s.H)
}

// life is who is at risk and who loses, per cluster, at u = 1..H.
func (s Survival) life(rows Rows) *stat.Life {
	l := &stat.Life{
		Times:  stat.Turns(s.H),
		AtRisk: make([]int64, s.H*len(rows.Clusters)), Lost: make([]int64, s.H*len(rows.Clusters)),
	}
	for i, c := range rows.At {
		row, at := rows.Row(i), int(c)*s.H
		risk := int64(0)
		for u := longest; u >= 1; u-- {
			risk += row[lossSlot+u-1] + row[stopSlot+u]
			if u <= s.H {
				l.AtRisk[at+u-1] += risk
				l.Lost[at+u-1] += row[lossSlot+u-1]
			}
		}
	}
	return l
}

// Interval resamples the clusters that have anything at risk.
func (s Survival) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	l := s.life(rows)
	var in []int
	for c := range rows.Clusters {
		if l.AtRisk[c*s.H] > 0 {
			in = append(in, c)
		}
	}
	r, err := stat.Resample(func(w []uint8) (float64, error) { return l.Sum(w).Held(s.H) }, w, in)
	if err != nil {
		return stat.Interval{}, err
	}
	return r.Interval(o)
}

// Terms are not defined: the value is no ratio of sums.
func (Survival) Terms(Rows) (y, n []int64, ok bool) { return nil, nil, false }

// Facts has as N the records at risk at u = 1, as Missing those censored before it.
func (s Survival) Facts(rows Rows) Facts {
	var f Facts
	for slot := range lengthSlot {
		n := rows.Sum(slot, nil)
		if slot == stopSlot {
			f.Missing = n
		} else {
			f.N += n
		}
	}
	return f
}

// horizon is the 10th percentile (lower) of the lengths on the clock, at least 1; not
// ok where nothing is on it.
func horizon(rows Rows) (h int, ok bool) {
	var lengths [longest + 1]int64
	all := int64(0)
	for u := range lengths {
		lengths[u] = rows.Sum(lengthSlot+u, nil)
		all += lengths[u]
	}
	left := (all-1)/10 + 1
	for u, n := range lengths {
		if left -= n; left <= 0 {
			return max(u, 1), all > 0
		}
	}
	return 1, false
}

func heldTurnsName(h int) string { return fmt.Sprintf("held_turns@%d", h) }
