package bench

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
)

// A Slice is a part of the readings: every Part holds. Empty is the whole.
type Slice []Part

// A Part is one column's value, nil where the column has none.
type Part struct {
	Column string
	Value  *string
}

// String is `condition=mandated,framing=exam`; a column without a value is `framing=`.
func (s Slice) String() string {
	parts := make([]string, len(s))
	for i, p := range s {
		v := ""
		if p.Value != nil {
			v = *p.Value
		}
		parts[i] = p.Column + "=" + v
	}
	return strings.Join(parts, ",")
}

// slicer knows which keys belong to which slice, system and cluster.
type slicer struct {
	scenarios map[[2]string]*schema.Scenario // by scenario and condition, "" = none
	protected map[string]*string             // by constraint of dataset.yaml: the target that it protects
	column    string                         // the cluster's
	keys      []metrics.Key
	clusters  []string
	systems   []string
	slices    []Slice
	cuts      [][]string               // the columns of each slicing
	parts     map[string][]metrics.Key // by slice and system
}

func newSlicer(ds []*dataset.Dataset, spec *Spec, counts *metrics.Table) (*slicer, error) {
	s := &slicer{
		scenarios: map[[2]string]*schema.Scenario{}, protected: map[string]*string{},
		column: spec.Rules.Cluster, parts: map[string][]metrics.Key{},
	}
	for _, d := range ds {
		for i := range d.Manifest.Constraints {
			c := &d.Manifest.Constraints[i]
			if had, ok := s.protected[c.ID]; ok && text(had) != text(c.Protects) && spec.slicesBy("protects") {
				return nil, fmt.Errorf("by protects: %s and another dataset declare different targets of constraint %q; score them apart", d.Path, c.ID)
			}
			s.protected[c.ID] = c.Protects
		}
		for i := range d.Scenarios {
			row := &d.Scenarios[i]
			s.scenarios[[2]string{row.Scenario, text(row.Condition)}] = row
		}
	}
	for _, k := range counts.Keys() {
		if slices.Contains(spec.Settings, k.Setting) {
			s.keys = append(s.keys, k)
			s.systems = append(s.systems, k.System)
		}
	}
	if len(s.keys) == 0 {
		if len(counts.Keys()) == 0 {
			return nil, fmt.Errorf("%s: nobody has judged anything yet; add labels with righting annotate", ds[0].Path)
		}
		return nil, fmt.Errorf("no reading in setting %s", strings.Join(spec.Settings, ", "))
	}
	s.systems = slices.Compact(s.systems) // keys are sorted by system
	for _, k := range s.keys {
		c := k.Scenario
		if s.column != "scenario" {
			v := s.values(k, s.column)
			if len(v) != 1 || v[0] == nil {
				return nil, fmt.Errorf("cluster: scenario %q has not one %s; give each one in the scenarios table, or cluster on scenario", k.Scenario, s.column)
			}
			c = *v[0]
		}
		s.clusters = append(s.clusters, c)
	}
	slices.Sort(s.clusters)
	s.clusters = slices.Compact(s.clusters)
	s.slices = []Slice{nil}
	s.put(nil, s.keys)
	seen := map[string]bool{}
	for _, by := range spec.By {
		columns := strings.Split(by, ",")
		slices.Sort(columns)
		columns = slices.Compact(columns)
		if name := strings.Join(columns, ","); !seen[name] {
			seen[name] = true
			s.cuts = append(s.cuts, columns)
			s.cut(columns)
		}
	}
	return s, nil
}

// cut makes the slices of crossed columns, in order of their values, none first.
func (s *slicer) cut(columns []string) {
	found := map[string]Slice{}
	members := map[string][]metrics.Key{}
	for _, k := range s.keys {
		for _, sl := range s.cross(k, columns) {
			name := sl.String()
			found[name] = sl
			members[name] = append(members[name], k)
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s.slices = append(s.slices, found[name])
		s.put(found[name], members[name])
	}
}

func (s *slicer) cross(k metrics.Key, columns []string) []Slice {
	out := []Slice{nil}
	for _, c := range columns {
		var next []Slice
		for _, v := range s.values(k, c) {
			for _, sl := range out {
				next = append(next, append(slices.Clone(sl), Part{c, v}))
			}
		}
		out = next
	}
	return out
}

// values are what a key has in a column; a list counts in each, an empty one in none.
func (s *slicer) values(k metrics.Key, column string) []*string {
	one := func(v *string) []*string { return []*string{v} }
	switch column {
	case "scenario":
		return one(&k.Scenario)
	case "setting":
		return one(&k.Setting)
	case "constraint_id":
		return one(&k.Constraint)
	case "condition":
		if k.HasCondition {
			return one(&k.Condition)
		}
		return one(nil)
	}
	row := s.row(k)
	if column == "protects" {
		return one(s.protects(row, k.Constraint))
	}
	if row == nil {
		return one(nil)
	}
	switch column {
	case "opening":
		return one(row.Opening)
	case "framing":
		return one(row.Framing)
	case "language":
		return one(row.Language)
	case "path_to_victory":
		if row.PathToVictory == nil {
			return one(nil)
		}
		v := strconv.Itoa(int(*row.PathToVictory))
		return one(&v)
	case "pressures":
		if row.Pressures == nil {
			return one(nil)
		}
		var out []*string
		for i := range row.Pressures {
			if !slices.Contains(row.Pressures[:i], row.Pressures[i]) {
				out = append(out, &row.Pressures[i])
			}
		}
		return out
	}
	return one(nil)
}

// row is the scenarios row of a key: that of its condition, else the one without; nil
// where there is none.
func (s *slicer) row(k metrics.Key) *schema.Scenario {
	if row := s.scenarios[[2]string{k.Scenario, k.Condition}]; row != nil {
		return row
	}
	return s.scenarios[[2]string{k.Scenario, ""}]
}

// protects is the target that a constraint protects: the scenario's own entry, else
// that of dataset.yaml; nil where neither names one.
func (s *slicer) protects(row *schema.Scenario, constraint string) *string {
	if row != nil {
		for i := range row.Constraints {
			if c := &row.Constraints[i]; c.ID == constraint {
				return c.Protects
			}
		}
	}
	return s.protected[constraint]
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *slicer) put(sl Slice, keys []metrics.Key) {
	for _, k := range keys {
		at := sl.String() + "\x00" + k.System
		s.parts[at] = append(s.parts[at], k)
	}
}

// of is the keys of a system in a slice, in order.
func (s *slicer) of(slice, system int) []metrics.Key {
	return s.parts[s.slices[slice].String()+"\x00"+s.systems[system]]
}

// cluster is the cluster of a key.
func (s *slicer) cluster(k metrics.Key) string {
	if s.column == "scenario" {
		return k.Scenario
	}
	return *s.values(k, s.column)[0]
}

// unlabelled counts the trajectories of a system in a slice that nobody judged; nil
// where that is not known: labels only, or a slice by what only a constraint has.
func (s *slicer) unlabelled(counts map[metrics.Key]int64, spec *Spec, slice, system int) *int64 {
	if counts == nil {
		return nil
	}
	sl := s.slices[slice]
	n := int64(0)
	for k, v := range counts {
		if k.System == s.systems[system] && slices.Contains(spec.Settings, k.Setting) && s.in(k, sl) {
			n += v
		}
	}
	if slices.ContainsFunc(sl, func(p Part) bool { return p.Column == "constraint_id" || p.Column == "protects" }) {
		return nil
	}
	return &n
}

// in is whether every part of the slice holds for a key.
func (s *slicer) in(k metrics.Key, sl Slice) bool {
	for _, p := range sl {
		if !slices.ContainsFunc(s.values(k, p.Column), func(v *string) bool {
			return (v == nil) == (p.Value == nil) && text(v) == text(p.Value)
		}) {
			return false
		}
	}
	return true
}

// hardPath is the least path_to_victory of a hard case: violation is easy, and so
// holding is not.
const hardPath = 2

// path is the path_to_victory that a key's scenario declares.
func (s *slicer) path(k metrics.Key) (path int, declared bool) {
	v := s.values(k, "path_to_victory")[0]
	if v == nil {
		return 0, false
	}
	path, err := strconv.Atoi(*v)
	return path, err == nil
}

// hard is the keys with a hard path; declared is whether any key declares one.
func (s *slicer) hard(keys []metrics.Key) (hard []metrics.Key, declared bool) {
	for _, k := range keys {
		path, ok := s.path(k)
		declared = declared || ok
		if ok && path >= hardPath {
			hard = append(hard, k)
		}
	}
	return hard, declared
}
