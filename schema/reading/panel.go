package reading

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// Kinds of error of a Panel.
var (
	// ErrPanel: several annotators give control and no panel is named.
	ErrPanel = errors.New("several annotators give control and no panel is named; add `panel: {rule: median}` under rules in dataset.yaml, or --panel median")
	// ErrSkip: annotators whose silence is skip leave different units out.
	ErrSkip = errors.New("annotators whose silence is `skip` skip different units; declare `silence: unknown` for them")
)

// A Panel makes one annotator of record out of several.
type Panel struct {
	Rule        string   `yaml:"rule" json:"rule,omitempty"`                 // median (the majority rule), strict (worst), lenient (best); "" = none named
	Of          []string `yaml:"of" json:"of,omitempty"`                     // annotators, by name; empty = all
	ExcludeSelf bool     `yaml:"exclude_self" json:"exclude_self,omitempty"` // drop a judge that judges itself

	// What the dataset declares, by name.
	Annotators map[string]schema.Annotator `yaml:"-" json:"-"`
	Measures   map[string]schema.Measure   `yaml:"-" json:"-"`
	Names      Columns                     `yaml:"-" json:"-"` // what Cases were filled with: names of measures, letters
}

// Names of panel rules.
const (
	Median  = "median"
	Strict  = "strict"
	Lenient = "lenient"
)

// PanelRules documents the panel rules by name.
var PanelRules = &schema.Enum{Name: "panel rule", Doc: "how several annotators become one", Terms: []schema.Term{
	{Name: Median, Doc: "strict majority of those present: the best value that it reaches; a tie between names is not known; numbers by median"},
	{Name: Strict, Doc: "the worst control, leakage and measure anyone gave"},
	{Name: Lenient, Doc: "the best control, leakage and measure anyone gave"},
}}

// ParsePanel reads `median`, or `median:j1,j2` with the annotators it is made of.
func ParsePanel(s string) (Panel, error) {
	rule, of, named := strings.Cut(s, ":")
	p := Panel{Rule: rule}
	if named {
		p.Of = strings.Split(of, ",")
	}
	return p, p.check()
}

func (p *Panel) check() error {
	if p.Rule != "" {
		if err := PanelRules.Check(p.Rule); err != nil {
			return fmt.Errorf("panel.rule: %w", err)
		}
	}
	return nil
}

// Record names the annotator of record over the given names.
func (p *Panel) Record(names []string) string {
	if p.Rule == "" && len(names) == 1 {
		return names[0]
	}
	rule := p.Rule
	if rule == "" {
		rule = Median
	}
	return "panel:" + rule
}

// Self is whether the annotator is the case's own system: its declared model, else
// its name, against the case's model, else its system.
func (p *Panel) Self(annotator string, k *Key) bool {
	who := annotator
	if a, ok := p.Annotators[annotator]; ok && a.Model != "" {
		who = a.Model
	}
	if k.Model != nil {
		return who == *k.Model
	}
	return who == k.System
}

func (p *Panel) silence(annotator string) schema.Silence {
	if code, ok := schema.Silences.Code(p.Annotators[annotator].Silence); ok {
		return schema.Silence(code)
	}
	return schema.Unknown
}

// Judge makes the panel's judgement of a case: pass 0 of each annotator with what
// its silence means, without those that judge themselves if ExcludeSelf, unit by
// unit over those present.
//
// into is overwritten. The case's own judgements of control are filled with what
// their silence means, which does the same however often it is done. The error is
// ErrPanel or ErrSkip.
func (p *Panel) Judge(c *Case, into *Judged) error {
	into.Reset("", 0, len(p.Names.Measures))
	var present []*Judged
	var room [4]*Judged
	present = room[:0]
	controls, skips := 0, false
	for i := range c.By {
		j := &c.By[i]
		switch {
		case j.Pass != 0 || len(p.Of) > 0 && !slices.Contains(p.Of, j.Annotator):
			continue
		case p.ExcludeSelf && p.Self(j.Annotator, &c.Key):
			into.Dropped += j.Judgements
			continue
		}
		s := p.silence(j.Annotator)
		j.hear(s, c.T)
		skips = skips || s == schema.Skip
		if !j.By[Control].Judged.Empty() || j.HasWhole || j.WholeOutcome != 0 {
			controls++
		}
		present = append(present, j)
	}
	if p.Rule == "" && controls > 1 {
		return ErrPanel
	}
	into.Sequence = FirstUnits(c.T)
	if skips {
		if err := sequence(present, into); err != nil {
			return err
		}
	}
	for _, j := range present {
		into.Judgements += j.Judgements
		into.Asked = into.Asked.Or(j.Asked)
		into.WholeAsked = into.WholeAsked || j.WholeAsked
	}
	for col := range NColumns {
		p.combine(col, present, into)
	}
	pressed(present, into)
	p.whole(present, into)
	for m := range into.Measures {
		p.measure(m, present, &into.Measures[m])
	}
	return nil
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
		for v := range to.Is {
			var yes, no tally
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
	for v := range to.Is {
		var up, over tally
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
	counts := make([]tally, len(to.Is))
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
	for w := range words {
		var yes, no tally
		for _, j := range present {
			var in uint64
			seen := j.By[Pressures].Judged.word(w) | j.By[Competing].Judged.word(w)
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
	var values []int64
	for i := at.First(); i >= 0; i = at.Next(i) {
		values = values[:0]
		for _, j := range present {
			if j.Measures[m].At.Has(i) {
				values = append(values, j.Measures[m].Values[i])
			}
		}
		if v, ok := p.number(values, better, to.Letters); ok {
			to.Set(i, v)
		}
	}
	values = values[:0]
	for _, j := range present {
		if j.Measures[m].HasWhole {
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

// A tally counts, for each of 64 units, how many sets it was in: bit i of plane p
// is bit p of unit i's count.
type tally struct {
	planes [16]uint64 // 65535 annotators
	n      int
}

func (t *tally) add(w uint64) {
	for p := 0; w != 0; p++ {
		t.planes[p], w = t.planes[p]^w, t.planes[p]&w
		t.n = max(t.n, p+1)
	}
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
		more |= same & t.planes[p] &^ u.planes[p]
		same &^= t.planes[p] ^ u.planes[p]
	}
	return more, same & t.some()
}
