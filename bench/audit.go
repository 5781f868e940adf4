package bench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// An Audit is a question that would refute the theory, or the need for this toolkit, if
// it were answered the wrong way. Its verdict is a rule over intervals and margins that
// stand before anything is scored; it can say what the theory would not like.
type Audit struct {
	Name     string // of a machine; one word
	Question string // in one sentence
	Doc      string // what is computed, by which model; source
	Words    []schema.Term
	Margins  []Margin
	Change   string   // what would change a verdict, in general
	Shown    []string // names of the numbers that people see first
	ask      func(e *evidence) ([]Answer, error)
}

// Audits lists the questions in the order in which they are printed.
var Audits = []*Audit{
	proxyAudit,
	divergenceAudit,
	historyAudit,
	lastAudit,
	targetsAudit,
}

// Undetermined is the verdict of any audit where the intervals leave more than one open,
// or where a number that the rule needs does not exist.
const Undetermined = "undetermined"

var undeterminedTerm = schema.Term{Name: Undetermined, Doc: "the intervals leave it open, or a number that the rule needs does not exist"}

// A Margin is a difference that matters, named under margins in bench.yaml.
type Margin struct {
	Name  string
	Value float64 // the default, or what was set
	Set   bool    // in bench.yaml
	Doc   string
}

// Audited is the answers of every audit.
type Audited struct {
	Spec    Spec
	Digest  string // of the rules
	Record  string // annotator of record
	Margins []Margin
	Answers []Answer
	Notices []string
}

// An Answer is a verdict with what it rests on.
type Answer struct {
	Audit   *Audit
	Of      string // what was asked about: a proxy, a kind of verdict; "" = the audit's only subject
	On      Slice  // nil = everything
	Verdict string // one of Audit.Words
	Why     string
	Change  string // what would change it, here
	Numbers []Number
	Lists   []List
	Notes   []string
}

// A Number is a value with its interval, or why there is none.
type Number struct {
	Name      string
	About     string // a system, a pair; "" = the answer's subject
	Value     *float64
	Low, High *float64
	Interval  stat.Method
	N         *int64 // readings, units or things that it is made of
	Scenarios *int64
	Undefined string
	Note      string
}

// A List is names that stand behind a number.
type List struct {
	Name  string
	Items []string
}

// AuditOf reads datasets twice, once for the board and once for what the audits need
// beside it, and asks every audit.
func AuditOf(ctx context.Context, ds []*dataset.Dataset, spec Spec) (*Audited, error) {
	spec.Primary, spec.Metrics, spec.By, spec.Interval = DefaultPrimary, []string{"held_turns", firstUnit}, nil, ""
	b, err := Run(ctx, ds, spec)
	if err != nil {
		return nil, err
	}
	spec = b.Spec
	all := newFacts(&spec, ds[0].Vocabulary(), ds[0].Manifest.Measures)
	spec.Rules.Panel.Names = all.needs()
	for _, d := range ds {
		_, err := read(ctx, d, &spec.Rules,
			func() *facts { return newFacts(&spec, ds[0].Vocabulary(), ds[0].Manifest.Measures) },
			func(f *facts, c *reading.Case, r *reading.Reading) error { return f.add(c, r) },
			func(f *facts) error { all.merge(f); return nil })
		if err != nil {
			return nil, err
		}
	}
	e, err := newEvidence(ds, &spec, b.Counts, all)
	if err != nil {
		return nil, err
	}
	out := &Audited{Spec: b.Spec, Digest: b.Digest, Record: b.Record, Margins: e.margins, Notices: slices.Concat(b.Notices, e.notices)}
	for _, a := range Audits {
		answers, err := a.ask(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		for i := range answers {
			answers[i].Audit = a
		}
		out.Answers = append(out.Answers, answers...)
	}
	return out, nil
}

// margins are those of all audits, as the spec sets them; notices name a set one that
// looks misspelt.
func margins(spec *Spec) (all []Margin, notices []string, err error) {
	var names []string
	for _, a := range Audits {
		for _, m := range a.Margins {
			if v, ok := spec.Margins[m.Name]; ok {
				if math.IsNaN(v) || v < 0 || v > 1 {
					return nil, nil, fmt.Errorf("margins: %s is %g, not between 0 and 1", m.Name, v)
				}
				m.Value, m.Set = v, true
			}
			all, names = append(all, m), append(names, m.Name)
		}
	}
	for name := range spec.Margins {
		if near := schema.Nearest(name, names); near != "" && !slices.Contains(names, name) {
			notices = append(notices, fmt.Sprintf("margins: no audit has a margin %q; did you mean %s?", name, near))
		}
	}
	slices.Sort(notices)
	return all, notices, nil
}

// number is a published value of n things.
func numberOf(name string, v float64, n int64) Number {
	return Number{Name: name, Value: published(&v), N: &n}
}

// countOf is a number that was counted.
func countOf(name string, n int64) Number {
	v := float64(n)
	return Number{Name: name, Value: &v}
}

// undefinedNumber is a number that does not exist, and why.
func undefinedNumber(name string, err error) Number {
	return Number{Name: name, Undefined: reason(err)}
}

// within sets the interval, or says why there is none.
func (n Number) within(i stat.Interval, err error) Number {
	if err != nil {
		n.Note = joined(n.Note, "no interval: "+reason(err))
		return n
	}
	n.Low, n.High, n.Interval = published(&i.Low), published(&i.High), i.Method
	n.Note = joined(n.Note, i.Note)
	return n
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// String is `0.84 [0.71, 0.93]`, or why there is no number.
func (n Number) String() string {
	switch {
	case n.Value == nil:
		return "undefined (" + n.Undefined + ")"
	case n.Low == nil:
		return short(*n.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", short(*n.Value), short(*n.Low), short(*n.High))
}

// short is a number in a sentence: three decimals at most.
func short(v float64) string {
	s := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// find is the number of that name and subject.
func (a *Answer) find(name, about string) *Number {
	for i := range a.Numbers {
		if n := &a.Numbers[i]; n.Name == name && n.About == about {
			return n
		}
	}
	return nil
}
