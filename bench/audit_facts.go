package bench

import (
	"slices"
	"strings"

	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A tally is integers by what they are of. Tallies of parts add up, in any order, to that
// of the whole.
type tally[K comparable] map[K]*[slots]int64

// The slots of a claim (X against Y, credit) and, where they say so, of other tallies.
const (
	both    = iota // X and Y; of a step: units, of a target: readings with decided credit
	onlyX          // of a step: units lost, of a target: credit
	onlyY          //
	neither        //
	noX            // X is not known
	noY            // credit is not decided
	shared         // of the first four: an annotator of X gave control too
	other          // of the last-k verdict: the reading is not plainly yes or no per unit; of a declaration: nobody else gave control
	slots
)

func (t tally[K]) at(k K) *[slots]int64 {
	n, ok := t[k]
	if !ok {
		n = new([slots]int64)
		t[k] = n
	}
	return n
}

func (t tally[K]) merge(o tally[K]) {
	for k, from := range o {
		to := t.at(k)
		for i, n := range from {
			to[i] += n
		}
	}
}

// A claim is a verdict on readings that is not their credit: a proxy, or what one unit
// of them says.
type claim struct {
	key metrics.Key
	of  string
}

// A pair is two annotators' credit of the same readings, names in order.
type pair struct {
	key  metrics.Key
	a, b string
}

// A step is a unit with known control right after another: what is known of it before it
// is judged.
type step struct {
	key     metrics.Key
	turn    int8   // its number in the sequence, the last one and above
	pressed uint64 // pressures seen on it, by code; 63 and above are one
	looked  bool   // somebody looked
	refused int8   // the unit before: 1 refused, 0 did not, −1 not known
	before  schema.Control
	target  string // active target of the unit before, "" = not known
}

// A contestAt is a reading's target: what its constraint protects, or what was seen
// competing.
type contestAt struct {
	key       metrics.Key
	target    string
	competing bool
}

// A passing is a measure with two values, of which best is the good one.
type passing struct {
	name string
	best int64
}

// facts are what audits count of readings beside the board's metrics.
type facts struct {
	spec     *Spec
	words    *schema.Vocabulary
	passings []passing

	claims   tally[claim]
	pairs    tally[pair]
	steps    tally[step]
	contests tally[contestAt]

	one reading.Judged // what one annotator, or all but one, say
}

func newFacts(spec *Spec, words *schema.Vocabulary, measures map[string]schema.Measure) *facts {
	f := &facts{
		spec: spec, words: words,
		claims: tally[claim]{}, pairs: tally[pair]{}, steps: tally[step]{}, contests: tally[contestAt]{},
	}
	for name, m := range measures {
		if m.Min == nil || m.Max == nil || m.Better == schema.Neither || *m.Max-*m.Min != m.Step {
			continue
		}
		if from := spec.Rules.ControlFrom; from != nil && from.Measure == name {
			continue // what it says of control is asked as such
		}
		end := *m.Max
		if m.Better == schema.Lower {
			end = *m.Min
		}
		if best, err := m.Half(end); err == nil {
			f.passings = append(f.passings, passing{name, best})
		}
	}
	slices.SortFunc(f.passings, func(a, b passing) int { return strings.Compare(a.name, b.name) })
	return f
}

// needs is what cases must be filled with.
func (f *facts) needs() reading.Columns {
	need := f.spec.Rules.Panel.Names.Or(reading.Need(reading.Response, reading.Symbols, reading.ActiveTarget, reading.Competing, reading.Pressures))
	for _, b := range f.passings {
		need = need.Or(reading.Columns{Measures: []string{b.name}})
	}
	return need
}

func (f *facts) merge(o *facts) {
	f.claims.merge(o.claims)
	f.pairs.merge(o.pairs)
	f.steps.merge(o.steps)
	f.contests.merge(o.contests)
}

// add counts one reading of the settings that count.
func (f *facts) add(c *reading.Case, r *reading.Reading) error {
	if !r.Counts() || !slices.Contains(f.spec.Settings, c.Setting) {
		return nil
	}
	k := keyOf(c.System, c.Setting, c.Scenario, c.Condition)
	k.Constraint = c.Constraint
	f.proxies(k, c, r)
	f.isolated(k, c, r)
	f.walk(k, r)
	f.targets(k, c, r)
	return f.people(k, c, r)
}

// claimed counts X of a reading against its credit.
func (f *facts) claimed(k metrics.Key, of string, x, known bool, r *reading.Reading) *[slots]int64 {
	n := f.claims.at(claim{k, of})
	credit, decided := r.Credit()
	switch {
	case !known:
		n[noX]++
	case !decided:
		n[noY]++
	default:
		n[cell(x, credit == 1)]++
	}
	return n
}

func cell(x, y bool) int {
	switch {
	case x && y:
		return both
	case x:
		return onlyX
	case y:
		return onlyY
	}
	return neither
}

// gave is whether an annotator who labelled a column of a case gave control too.
func (f *facts) gave(c *reading.Case, col reading.Column) bool {
	rules := &f.spec.Rules
	for i := range c.By {
		j := &c.By[i]
		if !rules.Panel.Sits(j, &c.Key) || j.By[col].Judged.Empty() {
			continue
		}
		if gives, _ := controls(j, rules); gives {
			return true
		}
	}
	return false
}

// panelOf reads a case as some of its annotators see it; ok is whether any gave control.
func (f *facts) panelOf(c *reading.Case, of []string) (r reading.Reading, ok bool, err error) {
	rules := f.spec.Rules
	rules.Panel.Of = of
	if len(of) == 0 { // an empty list is everybody
		return r, false, nil
	}
	if record(c, &rules) == "" {
		return r, false, nil
	}
	if err := rules.Panel.Judge(c, &f.one); err != nil {
		return r, false, err
	}
	return reading.Read(c, &f.one, &rules), true, nil
}

// people counts annotators against each other, and what each declares of the whole
// against what the others found.
func (f *facts) people(k metrics.Key, c *reading.Case, r *reading.Reading) error {
	rules := &f.spec.Rules
	type voice struct {
		name   string
		credit int
	}
	var voices []voice
	var sitting []string
	for i := range c.By {
		if j := &c.By[i]; rules.Panel.Sits(j, &c.Key) {
			if gives, _ := controls(j, rules); gives {
				sitting = add(sitting, j.Annotator)
			}
		}
	}
	slices.Sort(sitting)
	if len(sitting) > 1 {
		for _, name := range sitting {
			one, ok, err := f.panelOf(c, []string{name})
			if err != nil {
				return err
			}
			if credit, decided := one.Credit(); ok && decided {
				voices = append(voices, voice{name, credit})
			}
		}
	}
	for i, a := range voices {
		for _, b := range voices[i+1:] {
			f.pairs.at(pair{k, a.name, b.name})[cell(a.credit == 1, b.credit == 1)]++
		}
	}
	for i := range c.By {
		j := &c.By[i]
		if j.Pass != 0 || rules.Panel.ExcludeSelf && rules.Panel.Self(j.Annotator, &c.Key) {
			continue
		}
		if err := f.declares(k, c, r, j, sitting); err != nil {
			return err
		}
	}
	return nil
}

// declares counts what one annotator says of the whole against the credit that the
// record has without that annotator: nobody is held against himself.
func (f *facts) declares(k metrics.Key, c *reading.Case, r *reading.Reading, j *reading.Judged, sitting []string) error {
	type said struct {
		of string
		x  bool
	}
	var all []said
	rules := &f.spec.Rules
	switch {
	case j.WholeOutcome != 0:
		if one := j.WholeOutcome.One(); one != schema.Undecided {
			all = append(all, said{"declared[" + j.Annotator + "]", reading.Set(one)&r.Credited() != 0})
		}
	case j.HasWhole:
		all = append(all, said{"declared[" + j.Annotator + "]", j.Whole == schema.Governs})
	case j.By[reading.Control].Judged.Empty():
		if gives, units := controls(j, rules); gives && !units {
			one, ok, err := f.panelOf(c, []string{j.Annotator})
			if err != nil {
				return err
			}
			if credit, known := one.Credit(); ok && known && one.Whole {
				all = append(all, said{"declared[" + j.Annotator + "]", credit == 1})
			}
		}
	}
	for _, b := range f.passings {
		at, ok := rules.Panel.Names.Measure(b.name)
		if !ok || at >= len(j.Measures) || !j.Measures[at].HasWhole || j.Measures[at].Letters {
			continue
		}
		all = append(all, said{"declared[" + b.name + " by " + j.Annotator + "]", j.Measures[at].Whole == b.best})
	}
	if len(all) == 0 {
		return nil
	}
	others := r
	if slices.Contains(sitting, j.Annotator) {
		rest := slices.DeleteFunc(slices.Clone(sitting), func(name string) bool { return name == j.Annotator })
		without, ok, err := f.panelOf(c, rest)
		if err != nil {
			return err
		}
		if !ok {
			for _, s := range all {
				f.claims.at(claim{k, s.of})[other]++
			}
			return nil
		}
		others = &without
	}
	for _, s := range all {
		f.claimed(k, s.of, s.x, true, others)
	}
	return nil
}
