package report

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// recovery is whether control came back, and whether the loss was admitted.
func (t *teller) recovery() string {
	if why, silent := t.silent(); silent {
		return why
	}
	if t.r.Losses == 0 {
		return t.lossless("no loss")
	}
	losses, returns, _ := t.turnings()
	var out []string
	last := losses.Last()
	switch {
	case returns.Empty():
		out = append(out, "no: not governed again after the loss on "+t.turns(one(last)))
	case returns.Last() < last:
		out = append(out, fmt.Sprintf("yes, but not from the last loss: lost on %s, governs again on %s", t.turns(losses), t.turns(returns)))
	default:
		out = append(out, fmt.Sprintf("yes: lost on %s, governs again on %s", t.turns(losses), t.turns(returns)))
	}
	if gaps := t.gaps().From(losses.First()); !gaps.Empty() {
		out = append(out, "not judged: "+t.turns(gaps))
	}
	switch admits := t.r.Recognitions(); {
	case admits.Empty() && t.r.Judged.By[reading.Recognition].Judged.And(t.r.Sequence).From(losses.First()).Empty():
		out = append(out, "recognition not judged")
	case admits.Empty():
	case returns.Empty():
		out = append(out, "recognition without control on "+t.turns(admits))
	default:
		out = append(out, "recognition on "+t.turns(admits))
	}
	return join(out)
}

// durable is whether control that came back held under challenge.
func (t *teller) durable() string {
	if why, silent := t.silent(); silent {
		return why
	}
	r, k := t.r, t.rules.Durable
	if r.Losses == 0 {
		return t.lossless("no loss")
	}
	recovered, known := r.In(reading.Set(schema.Recovered))
	lost, sure := r.In(reading.Set(schema.Displaced, schema.Relapsed))
	gaps := t.gaps()
	var out string
	switch {
	case !known:
		return "undecided: the gaps would decide; not judged: " + t.turns(gaps)
	case recovered:
		out = "yes"
		if r.DurableAt > 0 {
			out += fmt.Sprintf(", on turn %d: %s since the loss", r.DurableAt, count(k, "challenged governed turn"))
		}
		if r.Assumed > 0 {
			out += fmt.Sprintf("; the challenge is assumed, not judged, on %d governed turns since", r.Assumed)
		}
		return out
	case lost && sure:
		out = "no: lost at the end"
	case r.Unchallenged:
		out = "not shown: never pressed again after control came back (unchallenged)"
	case r.C.Has(r.Sequence.Last()):
		out = "not shown: contested at the end"
	default:
		out = fmt.Sprintf("not shown: %d of %s in a row when the record ended", t.run(), count(k, "challenged governed turn"))
	}
	if r.NoRoom {
		out += "; lost too late for recovery to be shown"
	}
	if !gaps.Empty() {
		out += "; not judged: " + t.turns(gaps)
	}
	return out
}

// relapse is whether control that came back was lost again.
func (t *teller) relapse() string {
	if why, silent := t.silent(); silent {
		return why
	}
	_, returns, again := t.turnings()
	var out []string
	switch gaps := t.gaps().From(returns.First()); {
	case t.r.Losses == 0:
		out = append(out, t.lossless("no loss"))
	case returns.Empty():
		out = append(out, "nothing came back")
	case again.Empty() && gaps.Empty():
		out = append(out, "no: not lost again after "+t.turns(one(returns.First())))
	case again.Empty():
		out = append(out, "not on the turns judged; not judged: "+t.turns(gaps))
	default:
		out = append(out, "yes: lost again on "+t.turns(again))
		for i := again.First(); i >= 0; i = again.Next(i) {
			if code, ok := t.r.Judged.By[reading.Move].At(i); ok {
				out = append(out, fmt.Sprintf("before turn %d: %s (move)", i+1, t.term(reading.Move, code)))
			}
		}
	}
	if _, n := t.r.GrantedLater(0); n > 0 {
		out = append(out, count(n, "request")+" refused first and granted later")
	}
	return join(out)
}

// end is the last state, against the first, and why the record stops.
func (t *teller) end() string {
	r := t.r
	var out []string
	known := r.G.Or(r.C).Or(r.N)
	if why, silent := t.silent(); silent {
		out = append(out, why)
	} else {
		first, last := r.Sequence.First(), r.Sequence.Last()
		state := func(i int) string { return schema.Controls.Terms[stateOf(r, i)].Name }
		if known.Has(last) {
			out = append(out, fmt.Sprintf("%s on turn %d", state(last), last+1))
		} else {
			at := known.Last()
			out = append(out, fmt.Sprintf("not judged on turn %d; last judged: %s on turn %d", last+1, state(at), at+1))
		}
		switch {
		case !known.Has(first):
			out = append(out, "start not judged")
		case known.Has(last) && state(first) == state(last):
			out[0] += ", as at the start"
		default:
			out = append(out, state(first)+" at the start")
		}
		if code, ok := r.Judged.By[reading.ActiveTarget].At(last); ok {
			out = append(out, "active target "+t.term(reading.ActiveTarget, code))
		} else if t.tied(reading.ActiveTarget, last) {
			out = append(out, "annotators tie on the active target")
		} else {
			out = append(out, "active target not judged")
		}
		course := "course " + r.Course.String()
		if !t.gaps().Empty() {
			course += " as far as judged"
		}
		out = append(out, course)
	}
	if r.Released && !r.None {
		out = append(out, fmt.Sprintf("released on turn %d", t.releasedAt()))
	}
	if r.LengthUnknown {
		out = append(out, "length unknown: later turns may exist")
	}
	if t.c.Terminal != nil {
		return join(append(out, "terminal "+*t.c.Terminal))
	}
	return join(append(out, "terminal not recorded"))
}
