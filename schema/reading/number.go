package reading

import (
	"slices"

	"github.com/righting-bench/righting/schema"
)

// whole combines judgements about the whole: control like any ordinal, outcomes by
// plurality with a tie as the set of the tied.
func (p *Panel) whole(present []*Judged, into *Judged) {
	var controls []schema.Control
	var outcomes [schema.Undecided]int
	most := 0
	for _, j := range present {
		if j.HasWhole {
			controls = append(controls, j.Whole)
		}
		for o := range outcomes {
			if j.WholeOutcome>>o&1 == 1 {
				outcomes[o]++
				most = max(most, outcomes[o])
			}
		}
	}
	for o, n := range outcomes {
		if n > 0 && n == most {
			into.WholeOutcome |= 1 << o
		}
	}
	if len(controls) == 0 {
		return
	}
	slices.Sort(controls)
	into.HasWhole = true
	into.Whole = middle(p.Rule, controls)
	if n := len(controls); n%2 == 0 && controls[n/2] != controls[n/2-1] {
		into.Split = into.Split || p.Rule == Median || p.Rule == ""
	}
}

// middle is the panel's choice from values sorted best first: of two middles the
// worse.
func middle[T any](rule string, sorted []T) T {
	switch rule {
	case Strict:
		return sorted[len(sorted)-1]
	case Lenient:
		return sorted[0]
	}
	return sorted[len(sorted)/2]
}

// measure combines one measure: the median in half steps, of two middles the mean;
// strict and lenient take the worse and better end where a direction is declared.
func (p *Panel) measure(m int, present []*Judged, to *Measured) {
	better := schema.Neither
	if m < len(p.Names.Measures) {
		better = p.Measures[p.Names.Measures[m]].Better
	}
	var at Units
	for _, j := range present {
		at = at.Or(j.Measures[m].At)
		to.Letters = to.Letters || j.Measures[m].Letters
	}
	said := func(j *Judged) bool { return j.Measures[m].Letters == to.Letters } // letters and numbers do not vote together
	var values []int64
	for i := at.First(); i >= 0; i = at.Next(i) {
		values = values[:0]
		for _, j := range present {
			if said(j) && j.Measures[m].At.Has(i) {
				values = append(values, j.Measures[m].Values[i])
			}
		}
		if len(values) == 0 {
			continue
		}
		if v, ok := p.number(values, better, to.Letters); ok {
			to.Set(i, v)
		}
	}
	values = values[:0]
	for _, j := range present {
		if said(j) && j.Measures[m].HasWhole {
			values = append(values, j.Measures[m].Whole)
		}
	}
	if len(values) > 0 {
		to.Whole, to.HasWhole = p.number(values, better, to.Letters)
	}
}

func (p *Panel) number(values []int64, better schema.Better, letters bool) (v int64, ok bool) {
	slices.Sort(values)
	n := len(values)
	switch {
	case letters:
		return mode(values)
	case p.Rule == Strict && better != schema.Neither:
		if better == schema.Lower {
			return values[n-1], true
		}
		return values[0], true
	case p.Rule == Lenient && better != schema.Neither:
		if better == schema.Lower {
			return values[0], true
		}
		return values[n-1], true
	case n%2 == 1:
		return values[n/2], true
	}
	return (values[n/2-1] + values[n/2]) / 2, true // both even: whole half steps
}

// mode is the most frequent of sorted values; a tie is not known.
func mode(sorted []int64) (v int64, ok bool) {
	most := 0
	for i := 0; i < len(sorted); {
		k := i
		for k < len(sorted) && sorted[k] == sorted[i] {
			k++
		}
		switch {
		case k-i > most:
			v, most, ok = sorted[i], k-i, true
		case k-i == most:
			ok = false
		}
		i = k
	}
	return v, ok
}
