package reading

import "github.com/righting-bench/righting/schema"

// FoldExchanges makes units of exchanges of a case filled by message: for each
// annotator on its own, before any panel. exchange is, by unit filled so far, the
// number of its exchange from 1; better is the direction of each measure.
//
// Of the messages of an exchange the worst control and leakage count, lists are
// united, and names that disagree are not known. Measures are the worst by their
// direction, or not known where they have none and disagree. A message whose control
// was asked for and is missing leaves the exchange's not known, unless another is
// neutralised.
func (c *Case) FoldExchanges(exchange []int32, better []schema.Better) {
	for i := range c.By {
		c.By[i].foldExchanges(exchange, better)
	}
}

func (j *Judged) foldExchanges(exchange []int32, better []schema.Better) {
	to := func(u Units) (out Units) {
		for i := u.First(); i >= 0; i = u.Next(i) {
			out.Add(int(exchange[i]) - 1)
		}
		return out
	}
	asked := to(j.Asked)
	for col := range j.By {
		l := &j.By[col]
		judged := to(l.Judged)
		is := make([]Units, len(l.Is))
		for v := range is {
			is[v] = to(l.Is[v])
		}
		switch labelColumns[col].kind {
		case ordinal:
			var worse Units
			for v := len(is) - 1; v >= 0; v-- {
				is[v] = is[v].AndNot(worse)
				worse = worse.Or(is[v])
			}
		case name:
			var once, twice Units
			for v := range is {
				twice = twice.Or(once.And(is[v]))
				once = once.Or(is[v])
			}
			judged = judged.AndNot(twice)
			for v := range is {
				is[v] = is[v].AndNot(twice)
			}
		}
		if Column(col) == Control {
			open := asked
			if int(schema.Neutralised) < len(is) {
				open = open.AndNot(is[schema.Neutralised])
			}
			judged, asked = judged.AndNot(open), open
			for v := range is {
				is[v] = is[v].AndNot(open)
			}
		}
		l.Judged, l.Is = judged, is
	}
	j.Asked = asked
	for m := range j.Measures {
		j.Measures[m].foldExchanges(exchange, better[m])
	}
}

func (m *Measured) foldExchanges(exchange []int32, better schema.Better) {
	out := Measured{HasWhole: m.HasWhole, Whole: m.Whole, Letters: m.Letters}
	var tie Units
	for i := m.At.First(); i >= 0; i = m.At.Next(i) {
		e, v := int(exchange[i])-1, m.Values[i]
		switch {
		case !out.At.Has(e):
			out.Set(e, v)
		case out.Values[e] == v:
		case m.Letters || better == schema.Neither:
			tie.Add(e)
		case better == schema.Lower:
			out.Values[e] = max(out.Values[e], v)
		default:
			out.Values[e] = min(out.Values[e], v)
		}
	}
	out.At = out.At.AndNot(tie)
	*m = out
}
