package metrics

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A Key is whose counts a row holds. Condition counts only if HasCondition.
type Key struct {
	System, Setting, Scenario string
	Condition                 string
	HasCondition              bool
	Constraint                string
}

// Compare orders keys bytewise, field by field, no condition first.
func (k Key) Compare(l Key) int {
	present := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(k.System, l.System), cmp.Compare(k.Setting, l.Setting), cmp.Compare(k.Scenario, l.Scenario),
		cmp.Compare(present(k.HasCondition), present(l.HasCondition)), cmp.Compare(k.Condition, l.Condition),
		cmp.Compare(k.Constraint, l.Constraint),
	)
}

// A Table holds the counts of some metrics, per Key. Tables of the same metrics add
// up in any order to the same table.
type Table struct {
	Metrics  []*Metric
	offset   []int     // of each metric in a row
	counters []counter // of a row, each once
	size     int
	index    map[Key]int
	n        []int64
	last     Key // Add's previous key, and its row
	lastRow  int
}

// A counter is integers in a row, that one metric or several are made of.
type counter struct {
	name   string
	offset int
	size   int
	count  func(*reading.Case, *reading.Reading, []int64)
}

// NewTable is an empty table.
func NewTable(ms []*Metric) *Table {
	t := &Table{Metrics: ms, index: map[Key]int{}, lastRow: -1}
	for _, m := range ms {
		i := slices.IndexFunc(t.counters, func(c counter) bool { return c.name == m.counts() })
		if i < 0 {
			i = len(t.counters)
			t.counters = append(t.counters, counter{m.counts(), t.size, m.Size, m.Count})
			t.size += m.Size
		}
		t.offset = append(t.offset, t.counters[i].offset)
	}
	return t
}

// Add counts one reading.
func (t *Table) Add(c *reading.Case, r *reading.Reading) {
	k := Key{System: c.System, Setting: c.Setting, Scenario: c.Scenario, Constraint: c.Constraint}
	if c.Condition != nil {
		k.Condition, k.HasCondition = *c.Condition, true
	}
	if t.lastRow < 0 || k != t.last {
		t.last, t.lastRow = k, t.row(k)
	}
	row := t.n[t.lastRow*t.size:][:t.size]
	for i := range t.counters {
		at := &t.counters[i]
		at.count(c, r, row[at.offset:][:at.size:at.size])
	}
}

func (t *Table) row(k Key) int {
	at, ok := t.index[k]
	if !ok {
		at = len(t.index)
		t.index[k] = at
		t.n = append(t.n, make([]int64, t.size)...)
	}
	return at
}

// Merge adds the counts of a table of the same metrics.
func (t *Table) Merge(o *Table) {
	for k, from := range o.index {
		to := t.row(k)
		for i, n := range o.n[from*o.size:][:o.size] {
			t.n[to*t.size+i] += n
		}
	}
}

// Keys lists the keys in order.
func (t *Table) Keys() []Key {
	keys := make([]Key, 0, len(t.index))
	for k := range t.index {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, Key.Compare)
	return keys
}

// Rows are the counts of metric i under the given keys, without those that are all
// zero. clusters are the names that cluster maps keys to; a key mapped to none of
// them is an error.
func (t *Table) Rows(i int, keys []Key, clusters []string, cluster func(Key) string) (Rows, error) {
	rows := Rows{Clusters: clusters, Size: t.Metrics[i].Size}
	for _, k := range keys {
		at, ok := t.index[k]
		if !ok {
			continue
		}
		n := t.n[at*t.size+t.offset[i]:][:rows.Size]
		if !slices.ContainsFunc(n, func(v int64) bool { return v != 0 }) {
			continue
		}
		c, ok := slices.BinarySearch(clusters, cluster(k))
		if !ok {
			return Rows{}, fmt.Errorf("scenario %q belongs to no cluster", k.Scenario)
		}
		rows.At = append(rows.At, int32(c))
		rows.N = append(rows.N, n...)
	}
	return rows, nil
}

// CountRows are the counts as rows of the counts table, sorted, without zeros. metric is
// whose integers they are: a metric's as before Settle (counts do not know the board), or
// what several share.
func (t *Table) CountRows() []schema.CountRow {
	order := slices.Clone(t.counters)
	slices.SortFunc(order, func(a, b counter) int { return cmp.Compare(a.name, b.name) })
	var out []schema.CountRow
	for _, k := range t.Keys() {
		row := schema.CountRow{System: k.System, Setting: k.Setting, Scenario: k.Scenario, ConstraintID: k.Constraint}
		if k.HasCondition {
			row.Condition = &k.Condition
		}
		base := t.index[k] * t.size
		for _, c := range order {
			for slot, n := range t.n[base+c.offset:][:c.size] {
				if n != 0 {
					row.Metric, row.Slot, row.N = c.name, int32(slot), n
					out = append(out, row)
				}
			}
		}
	}
	return out
}

// AddRows is the inverse of CountRows: it adds rows of the counts table. An error
// names a metric or slot that the table does not count.
func (t *Table) AddRows(rows []schema.CountRow) error {
	at := map[string]counter{}
	for _, c := range t.counters {
		at[c.name] = c
	}
	for _, r := range rows {
		c, ok := at[r.Metric]
		if !ok || r.Slot < 0 || int(r.Slot) >= c.size || r.N < 0 {
			return fmt.Errorf("counts: metric %q slot %d = %d is none of this table's", r.Metric, r.Slot, r.N)
		}
		k := Key{System: r.System, Setting: r.Setting, Scenario: r.Scenario, Constraint: r.ConstraintID}
		if r.Condition != nil {
			k.Condition, k.HasCondition = *r.Condition, true
		}
		t.n[t.row(k)*t.size+c.offset+int(r.Slot)] += r.N
	}
	return nil
}
