package metrics

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/metrics/stat"
)

// A Share is slot Y over slot N: yes among yes and no. Its interval is Korn and
// Graubard's on an effective n. Slots other than Y and N are 0 where they are unset.
//
// Where All is set, undecided units are left out of N, and Worst and Best over All
// bound the value: every gap against it, and every gap for it.
type Share struct {
	Y, N             int
	Worst, Best, All int
	Missing          int    // counts what a null label left out
	Empty            string // why there is no value when N is 0
}

func undefined(why string) error { return fmt.Errorf("%w: %s", stat.ErrUndefined, why) }

// IsShare is whether a shape is a share of units, so that the intervals of proportions
// are its own.
func IsShare(s Shape) bool {
	switch s.(type) {
	case Share, Shares:
		return true
	}
	return false
}

// Value is ΣY/ΣN; undefined where ΣN = 0.
func (s Share) Value(rows Rows, w []uint8) (float64, error) {
	n := rows.Sum(s.N, w)
	if n == 0 {
		return 0, undefined(s.Empty)
	}
	return float64(rows.Sum(s.Y, w)) / float64(n), nil
}

// Interval is stat.Share on clusters.
func (s Share) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	return stat.Share(rows.PerCluster(s.Y), rows.PerCluster(s.N), w, o)
}

// Terms are Y and N per cluster.
func (s Share) Terms(rows Rows) (y, n []int64, ok bool) {
	return rows.PerCluster(s.Y), rows.PerCluster(s.N), true
}

// Facts bounds the share where All is set.
func (s Share) Facts(rows Rows) Facts {
	f := Facts{N: rows.Sum(s.N, nil)}
	if s.Missing != 0 {
		f.Missing = rows.Sum(s.Missing, nil)
	}
	if s.All == 0 {
		return f
	}
	f.Of = rows.Sum(s.All, nil)
	f.Undecided = f.Of - f.N
	if f.Of > 0 {
		worst, best := float64(rows.Sum(s.Worst, nil))/float64(f.Of), float64(rows.Sum(s.Best, nil))/float64(f.Of)
		f.Worst, f.Best = &worst, &best
	}
	return f
}

// Work is ΣY/ΣN.
func (s Share) Work(rows Rows) string { return ratio(rows.Sum(s.Y, nil), rows.Sum(s.N, nil)) }

// ratio is y/n, "" where both are 0.
func ratio(y, n int64) string {
	if y == 0 && n == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", y, n)
}

// Shares is Share with several slots on either side, of which N has those of Y too; slots
// in Missing are what a null label left out.
//
// Simultaneous makes it an entry of a distribution over N: entries of at least five have
// intervals that hold for all of these at once (Bonferroni), smaller ones have none.
type Shares struct {
	Y, N, Missing []int
	Simultaneous  bool
	Empty         string
}

// fewEntries is the least number of units for an entry of a distribution to have an
// interval of its own.
const fewEntries = 5

// slots are the numbers from first to before last.
func slots(first, last int) []int {
	out := make([]int, 0, last-first)
	for i := first; i < last; i++ {
		out = append(out, i)
	}
	return out
}

func sum(rows Rows, slots []int, w []uint8) (n int64) {
	for _, slot := range slots {
		n += rows.Sum(slot, w)
	}
	return n
}

func perCluster(rows Rows, slots []int) []int64 {
	out := make([]int64, len(rows.Clusters))
	for _, slot := range slots {
		for c, n := range rows.PerCluster(slot) {
			out[c] += n
		}
	}
	return out
}

// Value is ΣY/ΣN; undefined where ΣN = 0.
func (s Shares) Value(rows Rows, w []uint8) (float64, error) {
	n := sum(rows, s.N, w)
	if n == 0 {
		return 0, undefined(s.Empty)
	}
	return float64(sum(rows, s.Y, w)) / float64(n), nil
}

// Interval is stat.Share on clusters, at a level that all large entries share where they
// are Simultaneous.
func (s Shares) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	y, n, _ := s.Terms(rows)
	if !s.Simultaneous {
		return stat.Share(y, n, w, o)
	}
	large := 0
	for _, slot := range s.N {
		if rows.Sum(slot, nil) >= fewEntries {
			large++
		}
	}
	if k := sum(rows, s.Y, nil); k < fewEntries {
		return stat.Interval{}, undefined(fmt.Sprintf("%d of its kind, a simultaneous interval needs %d", k, fewEntries))
	}
	o.Level = 1 - (1-o.Level)/float64(large)
	i, err := stat.Share(y, n, w, o)
	if err == nil && large > 1 {
		i.Note = fmt.Sprintf("the intervals of %d entries hold at once (Bonferroni)", large)
	}
	return i, err
}

// Terms are Y and N per cluster.
func (s Shares) Terms(rows Rows) (y, n []int64, ok bool) {
	return perCluster(rows, s.Y), perCluster(rows, s.N), true
}

// Facts has N and Missing.
func (s Shares) Facts(rows Rows) Facts {
	return Facts{N: sum(rows, s.N, nil), Missing: sum(rows, s.Missing, nil)}
}

// Work is ΣY/ΣN.
func (s Shares) Work(rows Rows) string { return ratio(sum(rows, s.Y, nil), sum(rows, s.N, nil)) }

// A Mean is Scale times slot Y over slot N. Its interval is BCa over clusters.
//
// Where Positive is set it counts the units above 0 of a measure that is never below: no
// resampling sees a severity that was not sampled, so where few clusters inform the
// interval, or none can be made, the share above 0 stands beside it.
type Mean struct {
	Y, N     int
	Scale    float64 // 0 is 1
	Positive int
	Missing  int
	Empty    string
}

func (m Mean) scale() float64 {
	if m.Scale == 0 {
		return 1
	}
	return m.Scale
}

// Value is Scale·ΣY/ΣN; undefined where ΣN = 0.
func (m Mean) Value(rows Rows, w []uint8) (float64, error) {
	n := rows.Sum(m.N, w)
	if n == 0 {
		return 0, undefined(m.Empty)
	}
	return m.scale() * (float64(rows.Sum(m.Y, w)) / float64(n)), nil
}

// Interval is stat.Mean on clusters; none without variation between scenarios.
func (m Mean) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	i, err := stat.Mean(rows.PerCluster(m.Y), rows.PerCluster(m.N), m.scale(), w, o)
	if m.Positive == 0 || err == nil && i.Note == "" {
		return i, err
	}
	y, n := rows.PerCluster(m.Positive), rows.PerCluster(m.N)
	above, kgErr := stat.KornGraubard(y, n, o.Level)
	if kgErr != nil {
		return i, err
	}
	share := fmt.Sprintf("%d of %d are above 0: %.3f to %.3f (%s)", rows.Sum(m.Positive, nil), rows.Sum(m.N, nil), above.Low, above.High, above.Method)
	if err != nil {
		return i, fmt.Errorf("%w; %s", err, share)
	}
	i.Note += "; " + share
	return i, nil
}

// Terms are Y and N per cluster, without Scale.
func (m Mean) Terms(rows Rows) (y, n []int64, ok bool) {
	return rows.PerCluster(m.Y), rows.PerCluster(m.N), true
}

// Work is Scale × ΣY/ΣN.
func (m Mean) Work(rows Rows) string {
	work := ratio(rows.Sum(m.Y, nil), rows.Sum(m.N, nil))
	if work == "" || m.scale() == 1 {
		return work
	}
	return fmt.Sprintf("%g × %s", m.scale(), work)
}

// Facts has N and Missing.
func (m Mean) Facts(rows Rows) Facts {
	f := Facts{N: rows.Sum(m.N, nil)}
	if m.Missing != 0 {
		f.Missing = rows.Sum(m.Missing, nil)
	}
	return f
}

// A Total is the sum of slot 0: a count, not an estimate. It has no interval.
type Total struct{}

// Value is the sum; 0 is a count like any other.
func (Total) Value(rows Rows, w []uint8) (float64, error) { return float64(rows.Sum(0, w)), nil }

// Interval is always undefined.
func (Total) Interval(Rows, *stat.Weights, stat.Options) (stat.Interval, error) {
	return stat.Interval{}, undefined("a count has no interval")
}

// Terms are not defined.
func (Total) Terms(Rows) (y, n []int64, ok bool) { return nil, nil, false }

// Work is the count, "" for none.
func (Total) Work(rows Rows) string {
	n := rows.Sum(0, nil)
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// Facts has the count as N.
func (Total) Facts(rows Rows) Facts { return Facts{N: rows.Sum(0, nil)} }

// PerScenario is the mean over rows of C(c,k)/C(n,k), c and n in slots 0 and 1: the
// chance that k of a scenario's n repeats, drawn without replacement, all succeed.
// Rows with fewer than K repeats are left out. Its interval is BCa over clusters.
type PerScenario struct {
	K       int
	Missing int
	Empty   string
}

// Value is the weighted mean; undefined where no row has K repeats.
func (p PerScenario) Value(rows Rows, w []uint8) (float64, error) {
	sum, weight := 0.0, int64(0)
	for i, at := range rows.At {
		row, times := rows.Row(i), int64(1)
		if w != nil {
			times = int64(w[at])
		}
		if row[1] < int64(p.K) || times == 0 {
			continue
		}
		chance, err := stat.PassHat(row[0], row[1], int64(p.K))
		if err != nil {
			return 0, err
		}
		weight += times
		sum += float64(chance * float64(times))
	}
	if weight == 0 {
		return 0, undefined(p.Empty)
	}
	return sum / float64(weight), nil
}

// Interval resamples clusters that have a row with K repeats.
func (p PerScenario) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	in := rows.In(func(row []int64) bool { return row[1] >= int64(p.K) })
	r, err := stat.Resample(func(w []uint8) (float64, error) { return p.Value(rows, w) }, w, in)
	if err != nil {
		return stat.Interval{}, err
	}
	return r.Interval(o)
}

// Terms are not defined: the value is no ratio of sums.
func (PerScenario) Terms(Rows) (y, n []int64, ok bool) { return nil, nil, false }

// Work is the chances of the rows, averaged.
func (p PerScenario) Work(rows Rows) string {
	var parts []string
	for i := range rows.Len() {
		if row := rows.Row(i); row[1] >= int64(p.K) {
			parts = append(parts, fmt.Sprintf("C(%d,%d)/C(%d,%d)", row[0], p.K, row[1], p.K))
		}
	}
	return "(" + strings.Join(parts, " + ") + ")/" + fmt.Sprint(len(parts))
}

// Facts has as N the repeats that enter.
func (p PerScenario) Facts(rows Rows) Facts {
	var f Facts
	for i := range rows.Len() {
		if n := rows.Row(i)[1]; n >= int64(p.K) {
			f.N += n
		}
	}
	if p.Missing != 0 {
		f.Missing = rows.Sum(p.Missing, nil)
	}
	return f
}
