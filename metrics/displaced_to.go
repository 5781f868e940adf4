package metrics

import (
	"fmt"

	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// fewEntries is the least number of units for an entry of a distribution to have an
// interval of its own.
const fewEntries = 5

// An Entry is one slot of a distribution over slot 0 to Of-1; slot Of counts what a null
// label left out. Entries of at least five have Korn and Graubard intervals that hold for
// all of them at once (Bonferroni); smaller ones have none.
type Entry struct {
	At, Of int
	Empty  string
}

// Value is the entry's share; undefined where the distribution is empty.
func (e Entry) Value(rows Rows, w []uint8) (float64, error) {
	n := int64(0)
	for slot := range e.Of {
		n += rows.Sum(slot, w)
	}
	if n == 0 {
		return 0, undefined(e.Empty)
	}
	return float64(rows.Sum(e.At, w)) / float64(n), nil
}

// Interval is stat.Share at a level that all large entries share.
func (e Entry) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	large := 0
	for slot := range e.Of {
		if rows.Sum(slot, nil) >= fewEntries {
			large++
		}
	}
	if k := rows.Sum(e.At, nil); k < fewEntries {
		return stat.Interval{}, undefined(fmt.Sprintf("%d of its kind, a simultaneous interval needs %d", k, fewEntries))
	}
	y, n, _ := e.Terms(rows)
	o.Level = 1 - (1-o.Level)/float64(large)
	i, err := stat.Share(y, n, w, o)
	if err == nil && large > 1 {
		i.Note = fmt.Sprintf("the intervals of %d entries hold at once (Bonferroni)", large)
	}
	return i, err
}

// Terms are the entry and the whole distribution per cluster.
func (e Entry) Terms(rows Rows) (y, n []int64, ok bool) {
	n = make([]int64, len(rows.Clusters))
	for slot := range e.Of {
		for c, v := range rows.PerCluster(slot) {
			n[c] += v
		}
	}
	return rows.PerCluster(e.At), n, true
}

// Work is the entry over the distribution.
func (e Entry) Work(rows Rows) string { return ratio(rows.Sum(e.At, nil), e.Facts(rows).N) }

// Facts has the size of the distribution.
func (e Entry) Facts(rows Rows) Facts {
	f := Facts{Missing: rows.Sum(e.Of, nil)}
	for slot := range e.Of {
		f.N += rows.Sum(slot, nil)
	}
	return f
}

var displacedTo = terms("displaced_to", "what took over at the first loss, such as displaced_to[user_satisfaction]",
	func(e Env) *schema.Enum { return e.Vocabulary.Targets },
	func(e *schema.Enum, code int) Metric {
		return Metric{
			Group: Displacement, Unit: "share", Better: schema.Neither,
			Doc: fmt.Sprintf(`how often %s took over at the first loss: %s

First losses whose active target it is / first losses with a known active target. Range
[0, 1]. Undefined where none is known. Over all targets the shares add up to 1; targets
with five losses or more have intervals that hold for all of them at once.`, e.Terms[code].Name, e.Terms[code].Doc),
			Source: "the essay: successful alignment to the wrong target; Bonferroni over the entries",
			Not:    "how often anything took over: displaced_at_end and loss_hazard do",
			Needs:  reading.Need(reading.ActiveTarget),
			Size:   e.Len() + 1, Count: func(_ *reading.Case, r *reading.Reading, n []int64) {
				if !r.Counts() || r.FirstLoss == 0 {
					return
				}
				if at, ok := r.Judged.By[reading.ActiveTarget].At(r.FirstLoss - 1); ok && at < e.Len() {
					n[at]++
				} else {
					n[e.Len()]++
				}
			},
			Shape: Entry{At: code, Of: e.Len(), Empty: "the active target of no first loss is known"},
		}
	})
