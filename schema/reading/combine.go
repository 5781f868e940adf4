package reading

func (p *Panel) combine(col Column, present []*Judged, into *Judged) {
	to := &into.By[col]
	values, judges := 0, 0
	var only *Labels
	for _, j := range present {
		l := &j.By[col]
		if !l.Judged.Empty() {
			judges++
			only = l
			values = max(values, len(l.Is))
		}
	}
	switch {
	case judges == 0:
	case judges == 1:
		to.Judged = only.Judged.clone()
		to.Is = to.Is[:0]
		for _, u := range only.Is {
			to.Is = append(to.Is, u.clone())
		}
	default:
		for len(to.Is) < values {
			to.Is = append(to.Is, Units{})
		}
		words := 0
		for _, j := range present {
			words = max(words, j.By[col].Judged.words())
		}
		for w := range words {
			p.combineWord(labelColumns[col].kind, col, present, to, w, into)
		}
	}
}

// combineWord is one word of 64 units of combine.
func (p *Panel) combineWord(k kind, col Column, present []*Judged, to *Labels, w int, into *Judged) {
	var judged uint64
	for _, j := range present {
		judged |= j.By[col].Judged.word(w)
	}
	if judged == 0 {
		return
	}
	switch k {
	case ordinal:
		p.ordinalWord(col, present, to, w, judged, into)
		return
	case name:
		known := plurality(present, col, to, w)
		to.Judged.setWord(w, known)
	case elements:
		var tie uint64
		var yes, no tally
		for v := range to.Is {
			yes.n, no.n = 0, 0
			for _, j := range present {
				l := &j.By[col]
				in, seen := l.Value(v).word(w), l.Judged.word(w)
				yes.add(in)
				no.add(seen &^ in)
			}
			more, same := yes.compare(&no)
			to.Is[v].setWord(w, more&judged)
			tie |= same & judged
		}
		to.Judged.setWord(w, judged&^tie)
	}
}

// ordinalWord is the best value that a strict majority reaches, or the worst, or
// the best that anyone gave.
func (p *Panel) ordinalWord(col Column, present []*Judged, to *Labels, w int, judged uint64, into *Judged) {
	left := judged
	var up, over tally
	for v := range to.Is {
		up.n, over.n = 0, 0
		var anyUp, anyOver uint64
		for _, j := range present {
			l := &j.By[col]
			var upTo uint64 // judged at most v
			for u := 0; u <= v && u < len(l.Is); u++ {
				upTo |= l.Is[u].word(w)
			}
			above := l.Judged.word(w) &^ upTo
			up.add(upTo)
			over.add(above)
			anyUp |= upTo
			anyOver |= above
		}
		var take uint64
		switch p.Rule {
		case Strict:
			take = left & anyUp &^ anyOver
		case Lenient:
			take = left & anyUp
		default:
			more, same := up.compare(&over)
			take = left & more
			if col == Control && same&left != 0 {
				into.Split = true
			}
		}
		to.Is[v].setWord(w, take)
		left &^= take
	}
	to.Judged.setWord(w, judged)
}

// plurality gives each unit its most frequent name and returns the units that have
// one; a tie for the first place is not known.
func plurality(present []*Judged, col Column, to *Labels, w int) uint64 {
	var room [8]tally
	counts := room[:]
	if len(to.Is) > len(room) {
		counts = make([]tally, len(to.Is))
	}
	counts = counts[:len(to.Is)]
	for v := range to.Is {
		for _, j := range present {
			counts[v].add(j.By[col].Value(v).word(w))
		}
	}
	var known uint64
	for v := range counts {
		first := ^uint64(0)
		for u := range counts {
			if u != v {
				more, _ := counts[v].compare(&counts[u])
				first &= more
			}
		}
		if len(counts) == 1 {
			first = counts[v].some()
		}
		to.Is[v].setWord(w, first)
		known |= first
	}
	return known
}

// pressed asks each annotator whether something pressed, then the majority.
func pressed(present []*Judged, into *Judged) {
	words := 0
	for _, j := range present {
		words = max(words, j.By[Pressures].Judged.words(), j.By[Competing].Judged.words())
	}
	var yes, no tally
	for w := range words {
		yes.n, no.n = 0, 0
		for _, j := range present {
			var in uint64
			seen := j.By[Pressures].Judged.word(w) // an empty list of competing targets says nothing of pressure
			for _, col := range [...]Column{Pressures, Competing} {
				for v := range j.By[col].Is {
					in |= j.By[col].Is[v].word(w)
				}
			}
			yes.add(in)
			no.add(seen &^ in)
		}
		more, same := yes.compare(&no)
		into.Pressed.setWord(w, more)
		into.PressedKnown.setWord(w, (yes.some()|no.some())&^same)
	}
}

// A tally counts, for each of 64 units, how many sets it was in: bit i of plane p
// is bit p of unit i's count. Planes from n on are not looked at.
type tally struct {
	planes [16]uint64 // 65535 annotators
	n      int
}

func (t *tally) add(w uint64) {
	for p := 0; w != 0; p++ {
		if p == t.n {
			t.planes[p] = w
			t.n++
			return
		}
		t.planes[p], w = t.planes[p]^w, t.planes[p]&w
	}
}

// plane is bit p of every count.
func (t *tally) plane(p int) uint64 {
	if p < t.n {
		return t.planes[p]
	}
	return 0
}

// some is the units counted at least once.
func (t *tally) some() (w uint64) {
	for _, p := range t.planes[:t.n] {
		w |= p
	}
	return w
}

// compare is the units counted more often than in u, and the units counted equally
// often and at least once.
func (t *tally) compare(u *tally) (more, same uint64) {
	same = ^uint64(0)
	for p := max(t.n, u.n) - 1; p >= 0; p-- {
		a, b := t.plane(p), u.plane(p)
		more |= same & a &^ b
		same &^= a ^ b
	}
	return more, same & t.some()
}
