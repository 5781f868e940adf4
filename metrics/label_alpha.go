package metrics

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// An alpha is Krippendorff's alpha of coincidences; the slot after them counts units with
// more labels than are counted exactly.
type alpha struct {
	of    stat.Coincidence
	scale stat.Scale
}

// Value is Krippendorff's alpha of the summed coincidences; undefined where no unit has
// two annotators, or all labels are equal.
func (a alpha) Value(rows Rows, w []uint8) (float64, error) {
	return a.of.Alpha(a.sums(rows, w), a.scale, nil)
}

func (a alpha) sums(rows Rows, w []uint8) []int64 {
	out := make([]int64, a.of.Size())
	for slot := range out {
		out[slot] = rows.Sum(slot, w)
	}
	return out
}

// Interval resamples the clusters that have a unit with two annotators. Resampling
// coincidences instead was found to cover about 60 % (Zapf et al. 2016).
func (a alpha) Interval(rows Rows, w *stat.Weights, o stat.Options) (stat.Interval, error) {
	in := rows.In(func(row []int64) bool {
		return slices.ContainsFunc(row[:a.of.Size()], func(n int64) bool { return n > 0 })
	})
	var used []int
	var per [][]int64 // of the slots in use, by cluster
	for slot := range a.of.Size() {
		if rows.Sum(slot, nil) > 0 {
			used, per = append(used, slot), append(per, rows.PerCluster(slot))
		}
	}
	counts := make([]int64, a.of.Size())
	r, err := stat.Resample(func(w []uint8) (float64, error) {
		for i, slot := range used {
			sum := int64(0)
			for _, c := range in {
				sum += int64(w[c]) * per[i][c]
			}
			counts[slot] = sum
		}
		return a.of.Alpha(counts, a.scale, nil)
	}, w, in)
	if err != nil {
		return stat.Interval{}, err
	}
	return r.Interval(o)
}

// Terms are not defined: the value is no ratio of sums.
func (alpha) Terms(Rows) (y, n []int64, ok bool) { return nil, nil, false }

// Work is the pairs of labels that alpha is made of.
func (a alpha) Work(rows Rows) string {
	same, other := int64(0), int64(0)
	for slot, n := range a.sums(rows, nil) {
		if n > 0 {
			if x, y := a.of.Pair(slot); x == y {
				same += n
			} else {
				other += n
			}
		}
	}
	return fmt.Sprintf("%d pairs of equal labels, %d of different ones: 1 − observed/expected disagreement", same, other)
}

// Facts has as N the pairs of labels.
func (a alpha) Facts(rows Rows) Facts {
	f := Facts{Missing: rows.Sum(a.of.Size(), nil)}
	for slot := range a.of.Size() {
		f.N += rows.Sum(slot, nil)
	}
	return f
}

var scales = []string{"nominal", "ordinal", "interval", "ratio"}

var labelAlpha = &Family{
	Name: "label_alpha", Example: "label_alpha[control]",
	Doc: "how far annotators agree beyond chance: label_alpha[control], label_alpha@interval[severity]",
	Default: func(e Env) []string {
		out := []string{"label_alpha[control]"}
		if e.Rules != nil && e.Rules.ControlFrom != nil {
			if m, ok := e.Measures[e.Rules.ControlFrom.Measure]; ok && levels(m) > 0 {
				out = append(out, "label_alpha["+e.Rules.ControlFrom.Measure+"]")
			}
		}
		return out
	},
	Make: func(e Env, at, of string) (*Metric, error) {
		scale := stat.OrdinalScale
		if at != "" {
			i := slices.Index(scales, at)
			if i < 0 {
				return nil, fmt.Errorf("@%s is none of %v", at, scales)
			}
			scale = stat.Scale(i)
		}
		name := "label_alpha"
		if at != "" {
			name += "@" + at
		}
		m := &Metric{
			Name: name + "[" + of + "]", Group: Trust, Unit: "alpha", Better: schema.Higher,
			Doc: fmt.Sprintf(`how far annotators agree on %s beyond chance

Krippendorff's alpha, %s, over units (and the whole) judged by two or more of the panel's
annotators, pass 0. Range up to 1; 0 is chance, below is worse. Undefined where no unit
has two annotators, or all labels are equal. One number decides nothing: see agree.`, of, scales[scale]),
			Source: "Krippendorff 2011; Hayes and Krippendorff 2007; interval over scenarios as Zapf et al. 2016",
			Not:    "who is right; nor, alone, that labels are bad: with one class nearly everywhere alpha is low. See agree",
		}
		var label func(*reading.Judged) said
		var k stat.Coincidence
		if split := bound.FindStringSubmatch(of); split != nil {
			declared, err := measure(e, split[1])
			if err != nil {
				return nil, err
			}
			var c reading.Condition
			if err := c.UnmarshalText([]byte(split[2])); err != nil {
				return nil, err
			}
			k = stat.Coincidence{Levels: 2, Most: stat.MostLabels}
			m.Needs = reading.Columns{Measures: []string{split[1]}}
			label = measureLabels(e, split[1], meets(declared, c))
		} else if declared, ok := e.Measures[of]; ok {
			k = stat.Coincidence{Levels: levels(declared), Most: stat.MostLabels}
			if k.Levels == 0 {
				return nil, fmt.Errorf("measure %q has no min and max, or more than %d steps between them", of, mostLevels)
			}
			m.Needs = reading.Columns{Measures: []string{of}}
			label = measureLabels(e, of, steps(declared))
		} else if of == reading.Control.Name() {
			k = stat.Coincidence{Levels: schema.Controls.Len(), Most: stat.MostLabels}
			label = controlLabels
		} else {
			return nil, fmt.Errorf("is spelt label_alpha[control], or with a declared measure in [], or a bound of one: [severity>=3]")
		}
		m.Size, m.Shape = k.Size()+1, alpha{k, scale}
		m.Count = func(c *reading.Case, r *reading.Reading, n []int64) {
			if r.Tests() {
				coincide(c, &e.Rules.Panel, k, label, n)
			}
		}
		return m, nil
	},
}

// A said is the labels of one annotator: the units of each value, and the value about the
// whole, from 1; 0 is none.
type said struct {
	at    []reading.Units
	whole int
}

// add puts one label in; a value below 0 is none.
func (s *said) add(unit, code int) {
	for len(s.at) <= code {
		s.at = append(s.at, reading.Units{})
	}
	if code >= 0 {
		s.at[code].Add(unit)
	}
}

func controlLabels(j *reading.Judged) said {
	l := &j.By[reading.Control]
	s := said{at: l.Is}
	if !j.Heard.Empty() { // what was said, not what silence was taken to mean
		s.at = make([]reading.Units, len(l.Is))
		for code := range l.Is {
			s.at[code] = l.Is[code].AndNot(j.Heard)
		}
	}
	if j.HasWhole {
		s.whole = int(j.Whole) + 1
	}
	return s
}

// mostLevels bounds the values of a measure that coincidences are counted of.
const mostLevels = 21

// levels is how many values a measure can take; 0 = too many, or not known.
func levels(m schema.Measure) int {
	if m.Min == nil || m.Max == nil {
		return 0
	}
	n := int(math.Floor(*m.Max/m.Step+1e-9)-math.Ceil(*m.Min/m.Step-1e-9)) + 1
	if n < 2 || n > mostLevels {
		return 0
	}
	return n
}

// measureLabels are the values of a measure, as code makes labels of them.
func measureLabels(e Env, of string, code func(v int64) int) func(*reading.Judged) said {
	return func(j *reading.Judged) (s said) {
		at, ok := e.Rules.Panel.Names.Measure(of)
		if !ok || at >= len(j.Measures) || j.Measures[at].Letters {
			return s
		}
		x := &j.Measures[at]
		for i := x.At.First(); i >= 0; i = x.At.Next(i) {
			s.add(i, code(x.Values[i]))
		}
		if x.HasWhole {
			s.whole = code(x.Whole) + 1
		}
		return s
	}
}

// steps numbers the values of a measure from its least.
func steps(m schema.Measure) func(v int64) int {
	least := int64(math.Ceil(*m.Min/m.Step-1e-9)) * 2 // the first step that is in the range
	return func(v int64) int { return int(v-least) / 2 }
}

// bound is a measure and a condition, such as severity>=3.
var bound = regexp.MustCompile(`^([^<>=]+)([<>]=?.+)$`)

// meets is whether a value is within a bound: 1 or 0.
func meets(m schema.Measure, c reading.Condition) func(v int64) int {
	return func(v int64) int {
		if c.Meets(m, v) {
			return 1
		}
		return 0
	}
}

// coincide counts the labels of every unit of a case, over the panel's annotators.
func coincide(c *reading.Case, p *reading.Panel, k stat.Coincidence, label func(*reading.Judged) said, n []int64) {
	var room [4]said
	by := room[:0]
	for i := range c.By {
		if j := &c.By[i]; p.Sits(j, &c.Key) {
			by = append(by, label(j))
		}
	}
	if len(by) < 2 {
		return
	}
	var labels [mostLevels]int64
	add := func(labels []int64) {
		if err := k.Add(n[:k.Size()], labels); err != nil {
			n[k.Size()]++
		}
	}
	for _, s := range by {
		if s.whole > 0 && s.whole <= k.Levels {
			labels[s.whole-1]++
		}
	}
	add(labels[:k.Levels])
	if len(by) == 2 { // the units of each pair of values at once
		x, y := by[0].at, by[1].at
		for a := range min(len(x), k.Levels) {
			for b := range min(len(y), k.Levels) {
				if both := x[a].And(y[b]).Len(); both > 0 {
					k.AddPairs(n, a, b, int64(both))
				}
			}
		}
		return
	}
	var once, twice reading.Units
	for _, s := range by {
		for _, u := range s.at {
			twice = twice.Or(once.And(u))
			once = once.Or(u)
		}
	}
	for u := twice.First(); u >= 0; u = twice.Next(u) {
		clear(labels[:])
		for _, s := range by {
			for code := range min(len(s.at), k.Levels) {
				if s.at[code].Has(u) {
					labels[code]++
				}
			}
		}
		add(labels[:k.Levels])
	}
}
