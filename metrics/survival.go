package metrics

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/metrics/stat"
)

// longest is the last unit on the clock that survival counts tell apart.
const longest = 64

// Slots of a Survival: the losses at u = 1..64, the records that stop without one after
// u = 0..64 (64: or later), of these the ones that were interrupted, and the lengths on
// the clock 0..64 (64: or more).
const (
	lossSlot        = 0
	stopSlot        = lossSlot + longest
	interruptedSlot = stopSlot + longest + 1
	lengthSlot      = interruptedSlot + longest + 1
	survival        = lengthSlot + longest + 1
)

// record counts one record: at risk for exposure units, the last of them a loss or not.
func record(n []int64, exposure int, event, interrupted bool, length int) {
	n[lengthSlot+min(length, longest)]++
	if event && exposure <= longest {
		n[lossSlot+exposure-1]++
		return
	}
	n[stopSlot+min(exposure, longest)]++ // a loss beyond the last unit told apart is censored there
	if interrupted && !event && exposure <= longest {
		n[interruptedSlot+exposure]++
	}
}

// lifeOf is who is at risk, who loses and who is interrupted, per cluster, at u = 1..h.
// What is interrupted after its last unit counts there.
func lifeOf(rows Rows, h int) *stat.Life {
	l := &stat.Life{
		Times:  stat.Turns(h),
		AtRisk: make([]int64, h*len(rows.Clusters)), Lost: make([]int64, h*len(rows.Clusters)), Stopped: make([]int64, h*len(rows.Clusters)),
	}
	for i, c := range rows.At {
		row, at := rows.Row(i), int(c)*h
		risk := int64(0)
		for u := longest; u >= 1; u-- {
			risk += row[lossSlot+u-1] + row[stopSlot+u]
			if u <= h {
				l.AtRisk[at+u-1] += risk
				l.Lost[at+u-1] += row[lossSlot+u-1]
				l.Stopped[at+u-1] += row[interruptedSlot+u]
			}
		}
	}
	return l
}

// atRisk is the clusters that have anything at risk at u = 1.
func atRisk(l *stat.Life) (in []int) {
	h := len(l.Times)
	for c := range l.Clusters() {
		if l.AtRisk[c*h] > 0 {
			in = append(in, c)
		}
	}
	return in
}

// resample is the interval of a number made of a life.
func resample(l *stat.Life, value func(*stat.Risks) (float64, error), w *stat.Weights, o stat.Options) (stat.Interval, error) {
	r, err := stat.Resample(func(w []uint8) (float64, error) { return value(l.Sum(w)) }, w, atRisk(l))
	if err != nil {
		return stat.Interval{}, err
	}
	return r.Interval(o)
}

// A Survival is the restricted mean number of units before the first loss:
// Σ_{u=1..H} S(u), S by Kaplan and Meier. What stops without a loss is censored after
// its last unit. Its interval is BCa over clusters.
type Survival struct{ H int }

// Value is in [0, H]; undefined where nobody is at risk up to H.
func (s Survival) Value(rows Rows, w []uint8) (float64, error) {
	return lifeOf(rows, s.H).Sum(w).Held(s.H)
}

// Interval resamples the clusters that have anything at risk.
func (s Survival) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	return resample(lifeOf(rows, s.H), func(r *stat.Risks) (float64, error) { return r.Held(s.H) }, w, o)
}

// Terms are not defined: the value is no ratio of sums.
func (Survival) Terms(Rows) (y, n []int64, ok bool) { return nil, nil, false }

// Work is Σ S(u).
func (s Survival) Work(rows Rows) string {
	var parts []string
	for _, v := range lifeOf(rows, s.H).Sum(nil).KaplanMeier() {
		parts = append(parts, strconv.FormatFloat(v, 'g', 6, 64))
	}
	return lifeWork(rows, s.H) + "; " + strings.Join(parts, " + ")
}

// lifeWork is losses over units at risk, at u = 1..h.
func lifeWork(rows Rows, h int) string {
	risks := lifeOf(rows, h).Sum(nil)
	parts := make([]string, h)
	for u := range parts {
		parts[u] = fmt.Sprintf("%d/%d", risks.Lost[u], risks.AtRisk[u])
	}
	return "lost of those at risk, turn by turn: " + strings.Join(parts, ", ")
}

// Facts has as N the records at risk at u = 1, as Missing those censored before it.
func (s Survival) Facts(rows Rows) Facts { return lifeFacts(rows) }

func lifeFacts(rows Rows) Facts {
	var f Facts
	for slot := range interruptedSlot {
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
