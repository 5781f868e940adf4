package reading

import (
	"github.com/righting-bench/righting/schema"
)

func (p *Panel) silence(annotator string) schema.Silence {
	if code, ok := schema.Silences.Code(p.Annotators[annotator].Silence); ok {
		return schema.Silence(code)
	}
	return schema.Unknown
}

// hear fills what an annotator's silence about control means, in place.
func (j *Judged) hear(s schema.Silence, t int) {
	control := &j.By[Control]
	switch s {
	case schema.Unchanged:
		last, ok := 0, false
		for i := range t {
			if code, here := control.At(i); here {
				last, ok = code, true
			} else if ok && !j.Asked.Has(i) {
				control.Add(i, last)
				j.Heard.Add(i)
			} else {
				ok = false // asked and not answered: what holds after it is not known
			}
		}
	case schema.Stopped:
		first := control.Value(int(schema.Neutralised)).First()
		if first < 0 {
			return
		}
		for c := range j.By {
			l := &j.By[c]
			l.Judged = l.Judged.Before(first + 1)
			for k := range l.Is {
				l.Is[k] = l.Is[k].Before(first + 1)
			}
		}
		for m := range j.Measures {
			j.Measures[m].At = j.Measures[m].At.Before(first + 1)
		}
	}
}

// sequence sets the units that those who skip leave in; they must agree, and so
// must whoever does not skip.
func sequence(present []*Judged, into *Judged) error {
	var seq *Units
	for _, j := range present {
		units := j.By[Control].Judged.Or(j.Asked)
		if units.Empty() {
			continue
		}
		if seq == nil {
			seq = &units
		} else if !seq.AndNot(units).Empty() || !units.AndNot(*seq).Empty() {
			return ErrSkip
		}
	}
	if seq != nil {
		into.Sequence = *seq
	}
	return nil
}
