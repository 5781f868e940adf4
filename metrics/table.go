package metrics

import (
	"cmp"
	"fmt"
	"iter"
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
	names    *names
	index    map[ids]int32
	keys     []ids // of the rows
	rows     []sparse
	codes    codes
	scratch  []int64 // one reading's row
	room     sparse
}

// A counter is integers in a row, that one metric or several are made of.
type counter struct {
	name   string
	offset int
	size   int
	count  func(*reading.Case, *reading.Reading, []int64)
}

// sparse is the integers of a row that are not 0, by slot in order.
type sparse struct {
	slot []int32
	n    []int64
}

// NewTable is an empty table.
func NewTable(ms []*Metric) *Table {
	t := &Table{Metrics: ms, names: &names{id: map[string]int32{}}, index: map[ids]int32{}}
	for _, m := range ms {
		i := slices.IndexFunc(t.counters, func(c counter) bool { return c.name == m.counts() })
		if i < 0 {
			i = len(t.counters)
			t.counters = append(t.counters, counter{m.counts(), t.size, m.Size, m.Count})
			t.size += m.Size
		}
		t.offset = append(t.offset, t.counters[i].offset)
	}
	t.scratch = make([]int64, t.size)
	return t
}

// Fresh is an empty table of the same metrics. It shares what makes merging the two cheap,
// and may be counted with on another goroutine.
func (t *Table) Fresh() *Table {
	return &Table{
		Metrics: t.Metrics, offset: t.offset, counters: t.counters, size: t.size,
		names: t.names, index: map[ids]int32{}, scratch: make([]int64, t.size),
	}
}

func keyOf(c *reading.Case) Key {
	k := Key{System: c.System, Setting: c.Setting, Scenario: c.Scenario, Constraint: c.Constraint}
	if c.Condition != nil {
		k.Condition, k.HasCondition = *c.Condition, true
	}
	return k
}

// Add counts one reading.
func (t *Table) Add(c *reading.Case, r *reading.Reading) {
	at := t.row(t.codes.ids(t.names, c))
	row := t.scratch
	for i := range t.counters {
		n := &t.counters[i]
		n.count(c, r, row[n.offset:][:n.size:n.size])
	}
	t.room.slot, t.room.n = t.room.slot[:0], t.room.n[:0]
	for slot, n := range row {
		if n != 0 {
			t.room.slot, t.room.n = append(t.room.slot, int32(slot)), append(t.room.n, n)
			row[slot] = 0
		}
	}
	t.rows[at].add(t.room)
}

// add adds another row's integers.
func (s *sparse) add(o sparse) {
	fresh := 0
	for i, j := 0, 0; j < len(o.slot); j++ {
		for i < len(s.slot) && s.slot[i] < o.slot[j] {
			i++
		}
		if i == len(s.slot) || s.slot[i] != o.slot[j] {
			fresh++
		}
	}
	old := len(s.slot)
	if fresh > 0 {
		s.slot, s.n = slices.Grow(s.slot, fresh)[:old+fresh], slices.Grow(s.n, fresh)[:old+fresh]
	}
	i, to := old-1, old+fresh-1 // from behind: what is there moves up once
	for j := len(o.slot) - 1; j >= 0; j-- {
		for i >= 0 && s.slot[i] > o.slot[j] {
			s.slot[to], s.n[to] = s.slot[i], s.n[i]
			i, to = i-1, to-1
		}
		n := o.n[j]
		if i >= 0 && s.slot[i] == o.slot[j] {
			n += s.n[i]
			i--
		}
		s.slot[to], s.n[to] = o.slot[j], n
		to--
	}
}

// part is the slots from offset on, size of them.
func (s *sparse) part(offset, size int) (slot []int32, n []int64) {
	from, _ := slices.BinarySearch(s.slot, int32(offset))
	to, _ := slices.BinarySearch(s.slot, int32(offset+size))
	return s.slot[from:to], s.n[from:to]
}

func (t *Table) row(k ids) int32 {
	at, ok := t.index[k]
	if !ok {
		at = int32(len(t.rows))
		t.index[k] = at
		t.keys, t.rows = append(t.keys, k), append(t.rows, sparse{})
	}
	return at
}

// Merge adds the counts of a table of the same metrics.
func (t *Table) Merge(o *Table) {
	for from, k := range o.keys {
		if t.names != o.names {
			k = t.names.ids(o.names.key(k))
		}
		t.rows[t.row(k)].add(o.rows[from])
	}
}

// Keys lists the keys in order.
func (t *Table) Keys() []Key {
	keys := make([]Key, len(t.keys))
	for i, k := range t.keys {
		keys[i] = t.names.key(k)
	}
	slices.SortFunc(keys, Key.Compare)
	return keys
}

// A Selection is some rows of a table, and the cluster of each.
type Selection struct {
	table    *Table
	rows     []int32
	at       []int32
	clusters []string
}

// Select chooses the rows of the given keys. clusters are the names that cluster maps keys
// to; a key mapped to none of them is an error.
func (t *Table) Select(keys []Key, clusters []string, cluster func(Key) string) (Selection, error) {
	s := Selection{table: t, clusters: clusters}
	for _, k := range keys {
		row, ok := t.index[t.names.ids(k)]
		if !ok {
			continue
		}
		c, ok := slices.BinarySearch(clusters, cluster(k))
		if !ok {
			return s, fmt.Errorf("scenario %q belongs to no cluster", k.Scenario)
		}
		s.rows, s.at = append(s.rows, row), append(s.at, int32(c))
	}
	return s, nil
}

// Rows are the counts of metric i, without rows that are all zero.
func (s Selection) Rows(i int) Rows { return s.into(i, new(Rows)) }

// into makes the rows in the memory of others.
func (s Selection) into(i int, room *Rows) Rows {
	t := s.table
	offset, size := t.offset[i], t.Metrics[i].Size
	room.Clusters, room.Size, room.At = s.clusters, size, room.At[:0]
	if need := len(s.rows) * size; cap(room.N) < need {
		room.N = make([]int64, 0, need)
	}
	room.N = room.N[:0]
	for j, row := range s.rows {
		slots, n := t.rows[row].part(offset, size)
		if len(slots) == 0 {
			continue
		}
		room.At = append(room.At, s.at[j])
		base := len(room.N)
		room.N = room.N[:base+size]
		clear(room.N[base:])
		for k, slot := range slots {
			room.N[base+int(slot)-offset] = n[k]
		}
	}
	return *room
}

// All yields the rows of every metric, by its place. They are overwritten by the next that
// are made of other integers.
func (s Selection) All() iter.Seq2[int, Rows] {
	return func(yield func(int, Rows) bool) {
		var room, rows Rows
		for i := range s.table.Metrics {
			if i == 0 || s.table.offset[i] != s.table.offset[i-1] {
				rows = s.into(i, &room)
			}
			if !yield(i, rows) {
				return
			}
		}
	}
}

// Rows are the counts of metric i under the given keys: Select, then its Rows.
func (t *Table) Rows(i int, keys []Key, clusters []string, cluster func(Key) string) (Rows, error) {
	s, err := t.Select(keys, clusters, cluster)
	if err != nil {
		return Rows{}, err
	}
	return s.Rows(i), nil
}

// Each yields the keys that have counts of metric i, and these, in no order.
func (t *Table) Each(i int) iter.Seq2[Key, []int64] {
	return func(yield func(Key, []int64) bool) {
		for at := range t.rows {
			slots, n := t.rows[at].part(t.offset[i], t.Metrics[i].Size)
			if len(slots) == 0 {
				continue
			}
			out := make([]int64, t.Metrics[i].Size)
			for k, slot := range slots {
				out[int(slot)-t.offset[i]] = n[k]
			}
			if !yield(t.names.key(t.keys[at]), out) {
				return
			}
		}
	}
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
		for _, c := range order {
			at, n := t.rows[t.index[t.names.ids(k)]].part(c.offset, c.size)
			for i, slot := range at {
				row.Metric, row.Slot, row.N = c.name, slot-int32(c.offset), n[i]
				out = append(out, row)
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
		if r.N > 0 {
			t.rows[t.row(t.names.ids(k))].add(sparse{[]int32{int32(c.offset) + r.Slot}, []int64{r.N}})
		}
	}
	return nil
}
