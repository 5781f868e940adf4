package bench

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/righting-bench/righting/metrics/stat"
)

// Agreed is how far voices agree on one question.
type Agreed struct {
	Of        string // "" = the panel's annotators, all repeats, or both kinds; else whose repeats
	Group     QuestionGroup
	Question  string
	Scale     string // nominal, ordinal or interval: what alpha is on
	Voices    int    // that answered
	Units     int64  // answered by two or more; of a pooled list, times its elements
	Single    int64  // answered by one
	Answers   int64
	Scenarios int // clusters with such a unit

	Alpha     *float64 // Krippendorff's, on Scale
	Low, High *float64
	Interval  stat.Method
	Undefined string   // why there is no Alpha
	Notes     []string // why there is no interval, what is left out

	Nominal, Ordinal, Spaced *float64 // alpha on each scale that the answers have

	Percent *float64 // mean share of pairs at a unit that are equal
	Within  *float64 // of first_loss: that differ by at most one unit; a reading without loss is near none
	Both    int64    // of first_loss: units where two or more saw a loss
	NearIf  *float64 // of first_loss: Within among pairs that both saw a loss

	AC1       *float64 // Gwet's, of the classes that were given
	AC2       *float64 // Gwet's by quadratic weights, of all classes of the scale, where answers have an order
	Fleiss    *float64 // kappa, where every unit has as many answers
	Top       string   // the most frequent answer
	TopShare  float64
	Prevalent bool // TopShare > PrevalentShare: read AC1 or AC2 beside alpha
}

// PrevalentShare is above which one class makes alpha collapse though people agree.
const PrevalentShare = .80

// A Pair is how far two voices agree on one question.
type Pair struct {
	First, Second string
	Group         QuestionGroup
	Question      string
	Units         int64
	Alpha         *float64
	Undefined     string // why there is no Alpha
	Percent       *float64
	Kappa         *float64 // Cohen's; by quadratic weights where answers have an order
}

// An estimator makes numbers of ballots.
type estimator struct {
	spec     *Spec
	clusters []string
	weights  *stat.Weights
}

// booth estimates every question that was answered, in order.
func (e *estimator) booth(of string, b *booth) ([]Agreed, error) {
	all := make([]*Agreed, len(b.questions))
	var g errgroup.Group
	g.SetLimit(cores())
	for i, q := range b.questions {
		if b.ballots[i] == nil {
			continue
		}
		g.Go(func() error {
			a, err := e.question(q, b.ballots[i])
			if err != nil {
				return fmt.Errorf("%s %s: %w", q.group, q.name, err)
			}
			a.Of = of
			all[i] = a
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var out []Agreed
	for _, a := range all {
		if a != nil {
			out = append(out, *a)
		}
	}
	return out, nil
}

// A count is a ballot's units made ready for arithmetic.
type count struct {
	codes    []int64   // of classes
	values   []float64 // of classes, on interval scales; nil = none
	patterns [][]int64 // distinct units: how often each class was given
	at       [][]occurrence
	in       []int // clusters with a unit of two or more
	k        stat.Coincidence
	slots    [][]occurrence // of each pattern, in a coincidence vector
}

// An occurrence is n times what stands at a place.
type occurrence struct {
	at int
	n  int64
}

// mostClasses bounds the values that coincidences are counted of.
const mostClasses = 256

// errClasses: a measure has more values than coincidences are counted of.
var errClasses = fmt.Errorf("%w: more than %d different values were given", stat.ErrUndefined, mostClasses)

func (e *estimator) count(q *question, b *ballot) (*count, error) {
	c := &count{codes: q.fixed, k: stat.Coincidence{Most: 2}}
	seen := map[int64]bool{}
	for _, by := range b.given {
		for code := range by {
			seen[code] = true
		}
	}
	for code := range seen {
		if !slices.Contains(c.codes, code) { // names; a panel's half step
			c.codes = slices.Sorted(maps.Keys(seen))
			break
		}
	}
	if len(c.codes) > mostClasses {
		return nil, errClasses
	}
	c.k.Levels = len(c.codes)
	if q.value != nil {
		for _, code := range c.codes {
			c.values = append(c.values, q.value(code))
		}
	}
	index := map[string]int{}
	c.at = make([][]occurrence, len(e.clusters))
	for ci, cluster := range e.clusters {
		two := false
		for _, key := range slices.Sorted(maps.Keys(b.units[cluster])) {
			p, known := index[key]
			if !known {
				p = len(c.patterns)
				index[key] = p
				labels := make([]int64, len(c.codes))
				said := answers(key)
				for _, code := range said {
					i, _ := slices.BinarySearch(c.codes, code)
					labels[i]++
				}
				c.patterns = append(c.patterns, labels)
				if len(said) <= stat.MostLabels {
					c.k.Most = max(c.k.Most, len(said))
				}
			}
			c.at[ci] = append(c.at[ci], occurrence{p, b.units[cluster][key]})
			two = two || total(c.patterns[p]) > 1
		}
		if two {
			c.in = append(c.in, ci)
		}
	}
	c.slots = make([][]occurrence, len(c.patterns))
	for p, labels := range c.patterns {
		if total(labels) > stat.MostLabels {
			continue
		}
		vector := make([]int64, c.k.Size())
		if err := c.k.Add(vector, labels); err != nil {
			return nil, err
		}
		for slot, n := range vector {
			if n > 0 {
				c.slots[p] = append(c.slots[p], occurrence{slot, n})
			}
		}
	}
	return c, nil
}

func total(labels []int64) (n int64) {
	for _, v := range labels {
		n += v
	}
	return n
}

// times is how often each pattern is there, clusters weighted by w; nil is once each.
func (c *count) times(w []uint8) []int64 {
	out := make([]int64, len(c.patterns))
	for ci, list := range c.at {
		k := int64(1)
		if w != nil {
			k = int64(w[ci])
		}
		if k == 0 {
			continue
		}
		for _, o := range list {
			out[o.at] += k * o.n
		}
	}
	return out
}

func (c *count) alpha(w []uint8, s stat.Scale) (float64, error) {
	vector := make([]int64, c.k.Size())
	for p, n := range c.times(w) {
		if n == 0 {
			continue
		}
		for _, o := range c.slots[p] {
			vector[o.at] += n * o.n
		}
	}
	return c.k.Alpha(vector, s, c.values)
}

// scaleNames are the names of stat's scales.
var scaleNames = map[stat.Scale]string{stat.NominalScale: "nominal", stat.OrdinalScale: "ordinal", stat.IntervalScale: "interval"}

func (e *estimator) question(q *question, b *ballot) (*Agreed, error) {
	a := &Agreed{Group: q.group, Question: q.name, Scale: scaleNames[q.scale], Voices: len(b.given)}
	top := map[int64]int64{}
	for _, by := range b.given {
		for code, n := range by {
			a.Answers += n
			top[code] += n
		}
	}
	most := int64(-1)
	for _, code := range slices.Sorted(maps.Keys(top)) {
		if top[code] > most {
			most = top[code]
			a.Top = q.show(code)
		}
	}
	a.TopShare = *published(new(float64(most) / float64(a.Answers)))
	a.Prevalent = a.TopShare > PrevalentShare
	c, err := e.count(q, b)
	if err != nil {
		a.Undefined, err = why(err)
		return a, err
	}
	times, left := c.times(nil), int64(0)
	for p, n := range times {
		switch m := total(c.patterns[p]); {
		case m == 1:
			a.Single += n
		case m > stat.MostLabels:
			left += n
			fallthrough
		default:
			a.Units += n
		}
	}
	a.Scenarios = len(c.in)
	if left > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d units have more than %d answers and are not in alpha", left, stat.MostLabels))
	}
	if err := e.alpha(a, q, c); err != nil {
		return nil, err
	}
	if q.name == firstLoss {
		c.near(a, times)
	}
	return a, c.companions(a, q, times)
}

// alpha fills in Krippendorff's and its interval.
func (e *estimator) alpha(a *Agreed, q *question, c *count) error {
	v, err := c.alpha(nil, q.scale)
	if err != nil {
		if a.Undefined, err = why(err); a.Undefined != "" && a.Voices == 1 {
			a.Undefined = "no second annotator"
		}
		return err
	}
	a.Alpha = published(&v)
	for _, s := range []struct {
		scale stat.Scale
		to    **float64
	}{{stat.NominalScale, &a.Nominal}, {stat.OrdinalScale, &a.Ordinal}, {stat.IntervalScale, &a.Spaced}} {
		if s.scale > q.scale {
			break
		}
		v, err := c.alpha(nil, s.scale)
		if err != nil {
			return err
		}
		*s.to = published(&v)
	}
	o := stat.Options{Level: e.spec.Rules.Level, Method: e.spec.Interval}
	if o.Method == stat.MethodKornGraubard || o.Method == stat.MethodWilson {
		o.Method = "" // of shares only
	}
	r, err := stat.Resample(func(w []uint8) (float64, error) { return c.alpha(w, q.scale) }, e.weights, c.in)
	if err != nil {
		return err
	}
	i, err := r.Interval(o)
	if err != nil {
		no, err := why(err)
		if no != "" {
			a.Notes = append(a.Notes, "no interval: "+no)
		}
		return err
	}
	a.Low, a.High, a.Interval = published(&i.Low), published(&i.High), i.Method
	if i.Note != "" {
		a.Notes = append(a.Notes, i.Note)
	}
	return nil
}

// companions fills in what does not depend on the scale of chance.
func (c *count) companions(a *Agreed, q *question, times []int64) error {
	plain, err := stat.Agree(c.given(), times, stat.Unweighted)
	if errors.Is(err, stat.ErrUndefined) {
		return nil // Undefined says why
	}
	if err != nil {
		return err
	}
	a.Percent = published(new(plain.Percent()))
	if a.AC1, err = orNil(plain.Gwet()); err != nil {
		return err
	}
	complete := true
	for p, labels := range c.patterns {
		complete = complete && (times[p] == 0 || total(labels) == int64(a.Voices))
	}
	if complete {
		if a.Fleiss, err = orNil(plain.Fleiss()); err != nil {
			return err
		}
	}
	if q.scale == stat.NominalScale || q.scale == stat.IntervalScale && c.uneven() {
		return nil
	}
	weighted, err := stat.Agree(c.patterns, times, stat.Quadratic)
	if err != nil {
		return err
	}
	a.AC2, err = orNil(weighted.Gwet())
	return err
}

// given is the patterns without classes that nobody gave: they would make AC1 larger.
func (c *count) given() [][]int64 {
	var keep []int
	for i := range c.codes {
		if slices.ContainsFunc(c.patterns, func(labels []int64) bool { return labels[i] > 0 }) {
			keep = append(keep, i)
		}
	}
	out := make([][]int64, len(c.patterns))
	for p, labels := range c.patterns {
		for _, i := range keep {
			out[p] = append(out[p], labels[i])
		}
	}
	return out
}

// uneven is whether the classes of an interval scale are not equally far apart.
func (c *count) uneven() bool {
	for i := 2; i < len(c.values); i++ {
		d := c.values[i] - c.values[i-1] - (c.values[1] - c.values[0])
		if math.Abs(d) > 1e-9*math.Max(1, math.Abs(c.values[i])) {
			return true
		}
	}
	return false
}

// orNil is a published number, or nothing where it is undefined.
func orNil(v float64, err error) (*float64, error) {
	if errors.Is(err, stat.ErrUndefined) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return published(&v), nil
}

// near fills in how often answers in units differ by at most one.
func (c *count) near(a *Agreed, times []int64) {
	var sum, lost, both, pairs float64
	for p, labels := range c.patterns {
		m, seen, close := total(labels), int64(0), 0.0
		for i, n := range labels {
			if c.codes[i] == noLoss {
				continue
			}
			seen += n
			close += float64(n * (n - 1) / 2)
			for j := range i {
				if c.codes[j] != noLoss && c.codes[i]-c.codes[j] <= 1 {
					close += float64(n * labels[j])
				}
			}
		}
		if m < 2 {
			continue
		}
		k := float64(times[p])
		without := float64((m - seen) * (m - seen - 1) / 2)
		sum += float64(k * ((close + without) / float64(m*(m-1)/2)))
		pairs += k
		if seen > 1 {
			a.Both += times[p]
			lost += float64(k * (close / float64(seen*(seen-1)/2)))
			both += k
		}
	}
	if pairs > 0 {
		a.Within = published(new(sum / pairs))
	}
	if both > 0 {
		a.NearIf = published(new(lost / both))
	}
}

// pairs estimates a question two by two, in the order of names.
func (e *estimator) pairs(q *question, b *ballot) []Pair {
	var out []Pair
	for _, names := range slices.SortedFunc(maps.Keys(b.pairs), comparePair) {
		table := b.pairs[names]
		p := Pair{First: names[0], Second: names[1], Group: q.group, Question: q.name}
		seen := map[int64]bool{}
		for said, n := range table {
			p.Units += n
			seen[said[0]], seen[said[1]] = true, true
		}
		list := q.fixed
		for code := range seen {
			if !slices.Contains(list, code) {
				list = slices.Sorted(maps.Keys(seen))
				break
			}
		}
		p.estimate(q, table, list)
		out = append(out, p)
	}
	return out
}

func (p *Pair) estimate(q *question, table map[[2]int64]int64, list []int64) {
	if len(list) > mostClasses {
		p.Undefined = reason(errClasses)
		return
	}
	k := stat.Coincidence{Levels: len(list), Most: 2}
	vector, square := make([]int64, k.Size()), make([][]int64, len(list))
	for i := range square {
		square[i] = make([]int64, len(list))
	}
	var values []float64
	if q.value != nil {
		for _, code := range list {
			values = append(values, q.value(code))
		}
	}
	var units [][]int64
	var times []int64
	for said, n := range table { // integers below: any order adds up the same
		i, _ := slices.BinarySearch(list, said[0])
		j, _ := slices.BinarySearch(list, said[1])
		square[i][j] = n
	}
	for i := range square {
		for j, n := range square[i] {
			if n == 0 {
				continue
			}
			labels := make([]int64, len(list))
			labels[i]++
			labels[j]++
			units, times = append(units, labels), append(times, n)
			one := make([]int64, k.Size())
			if err := k.Add(one, labels); err != nil { // two labels of the list
				panic(err)
			}
			for slot, v := range one {
				vector[slot] += n * v
			}
		}
	}
	v, err := k.Alpha(vector, q.scale, values)
	if err != nil {
		p.Undefined = reason(err)
	} else {
		p.Alpha = published(&v)
	}
	if a, err := stat.Agree(units, times, stat.Unweighted); err == nil {
		p.Percent = published(new(a.Percent()))
	}
	w := stat.Unweighted
	if q.scale != stat.NominalScale {
		w = stat.Quadratic
	}
	if v, err := stat.CohenKappa(square, w); err == nil {
		p.Kappa = published(&v)
	}
}
