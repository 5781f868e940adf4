package bench

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A QuestionGroup says what annotators are compared on.
type QuestionGroup string

// The groups, in the order they are printed.
const (
	LabelQuestion   QuestionGroup = "label"   // a label column; of a list, its elements pooled
	ElementQuestion QuestionGroup = "element" // one element of a list: there or not
	MeasureQuestion QuestionGroup = "measure" // a declared measure
	ReadingQuestion QuestionGroup = "reading" // what a reading of one annotator alone says
)

// A voice is one side of a comparison in one case: an annotator, one of its passes, or a
// panel.
type voice struct {
	who  string
	said *reading.Judged
	read *reading.Reading // nil = it gave no control
}

// A question is one thing on which voices agree or not.
type question struct {
	group QuestionGroup
	name  string
	scale stat.Scale
	fixed []int64 // every value there can be, in order; nil = those that were given
	show  func(code int64) string
	value func(code int64) float64 // on interval scales
	ask   func(v *voice, see func(unit int, code int64))
	list  string // the list column whose element it is
}

// wholeUnit stands for the trajectory as a whole.
const wholeUnit = -1

// noLoss is the answer of a reading that was never lost.
const noLoss = 0

// questions are all that annotators of a dataset can be compared on. Ids of the
// conversation's own (ask, contradicts_turn) are none: they name, they do not judge.
func questions(d *dataset.Dataset, rules *reading.Rules) []*question {
	vocab := d.Vocabulary()
	var labels, elements, out []*question
	for c := range reading.NColumns {
		switch c {
		case reading.Ask, reading.Contradicts:
		case reading.Control:
			labels = append(labels, controlQuestion(LabelQuestion, "control", func(v *voice) (reading.Units, *reading.Judged) {
				return v.said.Heard, v.said // what was said, not what silence was taken to mean
			}))
		case reading.Recognition:
			labels = append(labels, elementQuestion(LabelQuestion, c.Name(), c, 0))
		case reading.Competing, reading.Symbols, reading.Pressures:
			enum := vocab.Of(c.Enum().Name)
			labels = append(labels, &question{group: LabelQuestion, name: c.Name(), scale: stat.NominalScale, fixed: []int64{0, 1}, show: yesNo})
			for code, name := range enum.Names() {
				q := elementQuestion(ElementQuestion, c.Name()+"["+name+"]", c, code)
				q.list = c.Name()
				elements = append(elements, q)
			}
		default:
			labels = append(labels, nameQuestion(c, vocab.Of(c.Enum().Name)))
		}
	}
	labels = append(labels, ownOutcome())
	out = append(out, labels...)
	out = append(out, elements...)
	for _, name := range slices.Sorted(maps.Keys(d.Manifest.Measures)) {
		if q := measureQuestion(rules, name, d.Manifest.Measures[name]); q != nil {
			out = append(out, q)
		}
	}
	if rules.ControlFrom != nil {
		out = append(out, controlQuestion(ReadingQuestion, "control", func(v *voice) (reading.Units, *reading.Judged) {
			if v.read == nil {
				return reading.Units{}, nil
			}
			return reading.Units{}, v.read.Judged
		}))
	}
	return append(out, readingQuestions()...)
}

func yesNo(code int64) string {
	if code == 1 {
		return "yes"
	}
	return "no"
}

func codes(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out
}

func named(e *schema.Enum) func(int64) string {
	return func(code int64) string { return e.Terms[code].Name }
}

// controlQuestion asks of units and of the whole, without the units left out.
func controlQuestion(g QuestionGroup, name string, of func(*voice) (without reading.Units, j *reading.Judged)) *question {
	return &question{
		group: g, name: name, scale: stat.OrdinalScale, fixed: codes(schema.Controls.Len()), show: named(schema.Controls),
		ask: func(v *voice, see func(int, int64)) {
			without, j := of(v)
			if j == nil {
				return
			}
			l := &j.By[reading.Control]
			for code := range l.Is {
				u := l.Is[code].AndNot(without)
				for i := u.First(); i >= 0; i = u.Next(i) {
					see(i, int64(code))
				}
			}
			if j.HasWhole {
				see(wholeUnit, int64(j.Whole))
			}
		},
	}
}

func nameQuestion(c reading.Column, e *schema.Enum) *question {
	q := &question{
		group: LabelQuestion, name: c.Name(), scale: stat.NominalScale, show: named(e),
		ask: func(v *voice, see func(int, int64)) {
			l := &v.said.By[c]
			for code := range l.Is {
				u := l.Is[code]
				for i := u.First(); i >= 0; i = u.Next(i) {
					see(i, int64(code))
				}
			}
		},
	}
	if e.Ordinal {
		q.scale, q.fixed = stat.OrdinalScale, codes(e.Len())
	}
	return q
}

// elementQuestion asks whether a list has an element, on the units whose list was judged.
func elementQuestion(g QuestionGroup, name string, c reading.Column, code int) *question {
	return &question{
		group: g, name: name, scale: stat.NominalScale, fixed: []int64{0, 1}, show: yesNo,
		ask: func(v *voice, see func(int, int64)) {
			l := &v.said.By[c]
			is := l.Value(code)
			for i := l.Judged.First(); i >= 0; i = l.Judged.Next(i) {
				if is.Has(i) {
					see(i, 1)
				} else {
					see(i, 0)
				}
			}
		},
	}
}

// ownOutcome is the annotator's own word for the whole.
func ownOutcome() *question {
	return &question{
		group: LabelQuestion, name: "outcome", scale: stat.NominalScale, show: named(schema.Outcomes),
		ask: func(v *voice, see func(int, int64)) {
			if o := v.said.WholeOutcome.One(); o != schema.Undecided {
				see(wholeUnit, int64(o))
			}
		},
	}
}

// mostSteps bounds the values of a measure that are all classes whether given or not.
const mostSteps = 21

// measureQuestion asks for a number, in half steps. Letter grades are compared as the
// control that they stand for.
func measureQuestion(rules *reading.Rules, name string, m schema.Measure) *question {
	at, ok := rules.Panel.Names.Measure(name)
	if !ok {
		return nil
	}
	q := &question{
		group: MeasureQuestion, name: name, scale: stat.IntervalScale, value: m.Value,
		show: func(code int64) string { return strconv.FormatFloat(m.Value(code), 'g', 6, 64) },
		ask: func(v *voice, see func(int, int64)) {
			if at >= len(v.said.Measures) || v.said.Measures[at].Letters {
				return
			}
			x := &v.said.Measures[at]
			for i := x.At.First(); i >= 0; i = x.At.Next(i) {
				see(i, x.Values[i])
			}
			if x.HasWhole {
				see(wholeUnit, x.Whole)
			}
		},
	}
	if m.Min != nil && m.Max != nil {
		least, most := int64(math.Ceil(*m.Min/m.Step-1e-9)), int64(math.Floor(*m.Max/m.Step+1e-9))
		if n := most - least + 1; n >= 2 && n <= mostSteps {
			for s := least; s <= most; s++ {
				q.fixed = append(q.fixed, 2*s)
			}
		}
	}
	return q
}

// readingQuestions ask what each voice alone makes of the whole case.
func readingQuestions() []*question {
	of := func(name string, show func(int64) string, fixed []int64, answer func(*reading.Reading) (int64, bool)) *question {
		return &question{
			group: ReadingQuestion, name: name, scale: stat.NominalScale, show: show, fixed: fixed,
			ask: func(v *voice, see func(int, int64)) {
				if v.read == nil {
					return
				}
				if code, ok := answer(v.read); ok {
					see(wholeUnit, code)
				}
			},
		}
	}
	return []*question{
		of("outcome", named(schema.Outcomes), nil, func(r *reading.Reading) (int64, bool) {
			o := r.Possible.One()
			return int64(o), o != schema.Undecided
		}),
		of("credit", yesNo, []int64{0, 1}, func(r *reading.Reading) (int64, bool) {
			credit, known := r.Credit()
			return int64(credit), known
		}),
		of("tested", named(schema.Testeds), nil, func(r *reading.Reading) (int64, bool) { return int64(r.Tested), true }),
		of(firstLoss, func(code int64) string {
			if code == noLoss {
				return "none"
			}
			return fmt.Sprintf("unit %d", code)
		}, nil, func(r *reading.Reading) (int64, bool) {
			if r.Whole || r.T == 0 {
				return 0, false
			}
			before := r.Sequence
			if r.FirstLoss > 0 {
				before = before.Before(r.FirstLoss - 1)
			}
			if !before.AndNot(r.G.Or(r.C).Or(r.N)).Empty() {
				return 0, false // it may have been lost in a gap before
			}
			return int64(r.FirstLoss), true
		}),
	}
}

// firstLoss is the question on which answers one unit apart are looked at too.
const firstLoss = "first_loss"
