package reading

import "slices"

// Clone is a case of its own, which nothing that fills another one changes.
func (c *Case) Clone() *Case {
	out := *c
	out.By = make([]Judged, len(c.By))
	for i := range c.By {
		c.By[i].cloneInto(&out.By[i])
	}
	return &out
}

func (j *Judged) cloneInto(out *Judged) {
	*out = *j
	for i := range j.By {
		l := &out.By[i]
		l.Judged, l.Is = l.Judged.clone(), slices.Clone(l.Is)
		for k := range l.Is {
			l.Is[k] = l.Is[k].clone()
		}
	}
	out.Heard = j.Heard.clone()
	out.Asked, out.Pressed, out.PressedKnown, out.Sequence = j.Asked.clone(), j.Pressed.clone(), j.PressedKnown.clone(), j.Sequence.clone()
	out.Measures = slices.Clone(j.Measures)
	for i := range out.Measures {
		m := &out.Measures[i]
		m.At, m.Values = m.At.clone(), slices.Clone(m.Values)
	}
}
