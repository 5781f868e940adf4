package annotate

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A merge puts labels among the judgements that are there.
type merge struct {
	x       *index
	replace []string
	last    bool // of several labels at a place, the last counts
	report  *Report

	old        map[string][]string            // files of annotations by split
	loaded     map[string][]schema.Annotation // of splits whose files are not in order, all
	fresh      map[string][]schema.Annotation // by split, in order, one for a place
	quiet      bool                           // nothing is counted again
	bad        int                            // places that are judged otherwise
	inside     int                            // of these, by the labels among themselves
	superseded int                            // labels that a later one took the place of
	told       []string                       // the first of them
}

// maxTold is how many places an error names.
const maxTold = 10

func newMerge(d *dataset.Dataset, j *join, r *Report) *merge {
	m := &merge{
		x: j.x, replace: j.o.Replace, last: j.o.Keep == KeepLast, report: r,
		old: map[string][]string{}, loaded: map[string][]schema.Annotation{}, fresh: map[string][]schema.Annotation{},
	}
	for _, file := range d.Annotations {
		split := dataset.SplitOf(file)
		m.old[split] = append(m.old[split], file)
	}
	return m
}

// labels takes the labels in, one for a place. Labels of one place that say different
// things are told.
func (m *merge) labels(all []*label) {
	slices.SortStableFunc(all, func(a, b *label) int { return dataset.CompareAnnotations(&a.Annotation, &b.Annotation) })
	for i := 0; i < len(all); {
		a, k := all[i].Annotation, i+1
		for ; k < len(all) && dataset.CompareAnnotations(&all[i].Annotation, &all[k].Annotation) == 0; k++ {
			both, differ := combine(a, all[k].Annotation)
			if differ != "" && m.last {
				both, differ = all[k].Annotation, ""
				m.superseded++
			}
			if differ != "" {
				m.inside++
				m.tell("%s and %s: %s", all[i].where(), all[k].where(), differ)
			}
			a = both
			m.report.Repeated++
		}
		split := m.x.splitOf(a.TrajectoryID)
		m.fresh[split] = append(m.fresh[split], a)
		i = k
	}
	if m.superseded > 0 {
		m.report.Notices = append(m.report.Notices, fmt.Sprintf("%s labels say otherwise than an earlier one at the same place, and count instead of it (--keep last)", grouped(m.superseded)))
	}
}

func (m *merge) tell(format string, args ...any) {
	if m.bad++; len(m.told) < maxTold {
		m.told = append(m.told, fmt.Sprintf(format, args...))
	}
}

// differs is an ErrDiffers if labels say otherwise than what is there.
func (m *merge) differs() error {
	if m.bad == 0 {
		return nil
	}
	more := ""
	if n := m.bad - len(m.told); n > 0 {
		more = fmt.Sprintf("\n… and %s more places", grouped(n))
	}
	kind := ErrDiffers
	if m.inside == m.bad {
		kind = ErrConflict
	}
	return fmt.Errorf("%w:\n%s%s", kind, strings.Join(m.told, "\n"), more)
}

// splits lists them.
func (m *merge) splits() []string {
	var out []string
	for split := range m.old {
		out = append(out, split)
	}
	for split := range m.fresh {
		out = append(out, split)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pieces yields all rows of a split as they are to be, a trajectory's at a time.
func (m *merge) pieces(ctx context.Context, split string) iter.Seq2[[]schema.Annotation, error] {
	return func(yield func([]schema.Annotation, error) bool) {
		rest := m.fresh[split]
		next := func() (of []schema.Annotation) {
			n := 1
			for n < len(rest) && rest[n].TrajectoryID == rest[0].TrajectoryID {
				n++
			}
			of, rest = rest[:n:n], rest[n:]
			return of
		}
		for old, err := range m.groups(ctx, split) {
			if err != nil {
				yield(nil, err)
				return
			}
			for len(rest) > 0 && rest[0].TrajectoryID < old[0].TrajectoryID {
				if !yield(m.piece(nil, next()), nil) {
					return
				}
			}
			var fresh []schema.Annotation
			if len(rest) > 0 && rest[0].TrajectoryID == old[0].TrajectoryID {
				fresh = next()
			}
			if !yield(m.piece(old, fresh), nil) {
				return
			}
		}
		for len(rest) > 0 {
			if !yield(m.piece(nil, next()), nil) {
				return
			}
		}
	}
}

// piece is the rows of one trajectory: the old ones, but for those that are replaced,
// and the new ones. Old rows of a trajectory that gets new ones have their places
// filled in, so that one place has one name.
func (m *merge) piece(old, fresh []schema.Annotation) []schema.Annotation {
	if len(fresh) == 0 && !slices.ContainsFunc(old, func(a schema.Annotation) bool { return slices.Contains(m.replace, a.Annotator) }) {
		return old
	}
	out := make([]schema.Annotation, 0, len(old)+len(fresh))
	var gone []schema.Annotation // what is replaced
	for _, a := range old {
		if filled := a; m.x.Fill(&filled) == nil {
			a = filled
		}
		if slices.Contains(m.replace, a.Annotator) {
			gone = append(gone, a)
		} else {
			out = append(out, a)
		}
	}
	dataset.SortAnnotations(out)
	dataset.SortAnnotations(gone)
	n := len(out)
	for _, a := range fresh {
		if slices.Contains(m.replace, a.Annotator) {
			if i, there := find(gone, &a); there && same(&gone[i], &a) {
				gone = slices.Delete(gone, i, i+1)
				m.count(&m.report.Same)
			} else {
				m.count(&m.report.Added)
			}
			out = append(out, a)
			continue
		}
		i, there := find(out[:n], &a)
		if !there {
			m.count(&m.report.Added)
			out = append(out, a)
			continue
		}
		both, differ := combine(out[i], a)
		switch {
		case differ != "":
			m.tell("%s: %s", spoken(&a), differ)
		case same(&both, &out[i]) && silent(&a) && !silent(&out[i]):
			m.count(&m.report.Kept)
		case same(&both, &out[i]):
			m.count(&m.report.Same)
		default:
			m.count(&m.report.Filled)
			out[i] = both
		}
	}
	if !m.quiet {
		m.report.Removed += len(gone)
	}
	dataset.SortAnnotations(out)
	return out
}

func (m *merge) count(n *int) {
	if !m.quiet {
		*n++
	}
}

// find is where a's place stands among rows in order.
func find(rows []schema.Annotation, a *schema.Annotation) (int, bool) {
	return slices.BinarySearchFunc(rows, a, func(b schema.Annotation, a *schema.Annotation) int { return dataset.CompareAnnotations(&b, a) })
}
