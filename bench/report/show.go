package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
	"github.com/righting-bench/righting/schema/reading"
)

// A View is one trajectory as Trajectory prints it.
type View struct {
	Trajectory *schema.Trajectory // nil in labels-only data
	Scenario   *schema.Scenario   // what was designed; nil = not known
	Vocabulary *schema.Vocabulary // nil = the core
	Rules      *reading.Rules     // what Read was read by, with the panel's Names; nil only if nothing was read
	Record     string             // annotator of record: a name, or the panel
	Read       []Read             // one a constraint; empty = nobody judged
}

// A Read is one constraint of a View. Reading.Judged belongs to it alone: a buffer
// that the next case overwrites will not do.
type Read struct {
	Case       *reading.Case
	Reading    *reading.Reading
	Constraint *schema.Constraint // as declared; nil = not declared
}

// ShowOptions are what depends on where a trajectory is printed.
type ShowOptions struct {
	Width int  // columns of the terminal; 0 = no limit. Ten answers and head lines are the terminal's to wrap
	ASCII bool // ribbons and margins in ASCII
	Full  bool // texts and lists of turns whole
}

const (
	textMax   = 1500 // characters of a turn's text
	asideMax  = 300  // characters of its reasoning and of its tool calls
	linesMax  = 40   // lines of either
	cutLeast  = 80   // fewer characters than this are not worth leaving out
	columnMin = 20   // text is not wrapped narrower than this
)

// Trajectory prints one trajectory for people: its head, then for each constraint
// the ribbon and the ten answers, then the transcript with the labels of each unit.
//
// Turns in answers are the system's own turns, counted from 1. What nobody judged is
// said to be not judged. Every line that others wrote stands behind a bar, with what
// a terminal could act on escaped; nothing is left out without a mark. Data without a
// transcript print the labels alone and say so.
//
// The error is the writer's own, or says that the view is empty.
func Trajectory(w io.Writer, v *View, o ShowOptions) error {
	if v.Trajectory == nil && len(v.Read) == 0 {
		return errors.New("show: neither a transcript nor a judgement")
	}
	s := &shower{b: bufio.NewWriter(w), v: v, o: o}
	words := v.Vocabulary
	if words == nil {
		words = schema.NewVocabulary(nil, nil)
	}
	for i := range v.Read {
		r := &v.Read[i]
		s.tellers = append(s.tellers, &teller{r: r.Reading, c: r.Case, rules: v.Rules, words: words, scenario: v.Scenario, full: o.Full})
	}
	s.head()
	for i, t := range s.tellers {
		s.constraint(t, v.Read[i].Constraint)
	}
	if v.Trajectory != nil {
		s.transcript()
	} else {
		s.labels()
	}
	return s.b.Flush()
}

// A shower prints one view.
type shower struct {
	b       *bufio.Writer // keeps its first error
	v       *View
	o       ShowOptions
	tellers []*teller
}

// line prints one line of ours, whatever others put into it.
func (s *shower) line(parts ...string) {
	s.b.WriteString(strings.TrimRight(plain.Terminal(strings.Join(parts, "")), " ") + "\n")
}

// pair prints a name and its value, cut only if it is longer than any name should be.
func (s *shower) pair(name, value string) {
	if !s.o.Full {
		if n := utf8.RuneCountInString(value); n > lineMax {
			value = plain.Excerpt(value, lineMax)
			value += fmt.Sprintf(" (%s characters, --full)", thousands(n))
		}
	}
	s.line(fmt.Sprintf("%-12s ", name), value)
}

func (s *shower) optional(name string, value *string) {
	if value != nil {
		s.pair(name, *value)
	}
}

func (s *shower) head() {
	if t := s.v.Trajectory; t != nil {
		s.pair("trajectory", t.TrajectoryID)
		s.pair("system", t.System)
		s.optional("model", t.Model)
		s.pair("scenario", t.Scenario)
		s.optional("condition", t.Condition)
		s.pair("setting", t.Setting)
		s.pair("repeat", strconv.Itoa(int(t.Repeat)))
		s.optional("terminal", t.Terminal)
		s.optional("error", t.Error)
	} else {
		k := &s.v.Read[0].Case.Key
		s.pair("trajectory", k.TrajectoryID)
		s.pair("system", k.System)
		s.optional("model", k.Model)
		s.pair("scenario", k.Scenario)
		s.optional("condition", k.Condition)
		s.pair("setting", k.Setting)
		s.pair("repeat", strconv.Itoa(int(k.Repeat)))
		s.optional("terminal", k.Terminal)
	}
	if d := s.v.Scenario; d != nil {
		s.optional("opening", d.Opening)
		s.optional("framing", d.Framing)
		s.optional("about", d.Description)
	}
	if len(s.tellers) == 0 {
		s.pair("judged", "by nobody")
	}
}

// constraint prints what is said of one constraint, without the labels of its turns.
func (s *shower) constraint(t *teller, c *schema.Constraint) {
	s.line()
	what := t.c.Constraint
	if c != nil {
		if c.Text != nil {
			what += ": " + *c.Text
		}
		what += constraintTerms(c)
	}
	s.pair("constraint", what)
	s.pair("annotator", s.record(t))
	s.pair("outcome", outcomeOf(t))
	s.pair("tested", fmt.Sprintf("%s: %s", t.r.Tested, schema.Testeds.Terms[t.r.Tested].Doc))
	s.pair("judged", fmt.Sprintf("%d of %s", t.r.G.Or(t.r.C).Or(t.r.N).Len(), count(t.r.Sequence.Len(), "turn")))
	for _, said := range t.whole() {
		s.pair("the whole", said)
	}
	s.line()
	if !t.r.Whole {
		for _, l := range t.ribbonLines(s.o.Width, s.o.ASCII) {
			s.line(l)
		}
		s.line()
	}
	for _, l := range t.answers() {
		s.line(l)
	}
}

// constraintTerms is " (protects safety, rank 1)".
func constraintTerms(c *schema.Constraint) string {
	var out []string
	if c.Protects != nil {
		out = append(out, "protects "+*c.Protects)
	}
	if c.Authority != nil {
		out = append(out, "authority "+*c.Authority)
	}
	if c.Rank != nil {
		out = append(out, fmt.Sprintf("rank %d", *c.Rank))
	}
	if c.Irreversible != nil && *c.Irreversible {
		out = append(out, "irreversible")
	}
	if len(out) == 0 {
		return ""
	}
	return " (" + strings.Join(out, ", ") + ")"
}

// record is the annotator of record and whom it is made of.
func (s *shower) record(t *teller) string {
	var names []string
	for i := range t.c.By {
		if j := &t.c.By[i]; t.counts(j) {
			names = append(names, j.Annotator)
		}
	}
	out := s.v.Record
	if out == "" {
		out = "none; no control was given by " + strings.Join(names, ", ")
	} else if len(names) != 1 || names[0] != s.v.Record {
		out += " of " + strings.Join(names, ", ")
	}
	if n := t.r.Judged.Dropped; n > 0 {
		out += fmt.Sprintf("; %s dropped, the system judging itself", count(n, "judgement"))
	}
	if t.r.Judged.Split {
		out += "; split: two middle judgements differed, the worse stands"
	}
	return out
}

// outcomeOf is the outcome and what it means, or the outcomes that the gaps leave.
func outcomeOf(t *teller) string {
	r := t.r
	switch {
	case r.None:
		return t.unread()
	case r.NoLabel:
		return "not judged"
	}
	o := r.Possible.One()
	out := o.String()
	if o == schema.Undecided {
		var may []string
		for i, term := range schema.Outcomes.Terms {
			if r.Possible>>i&1 == 1 {
				may = append(may, term.Name)
			}
		}
		out += ": the gaps would decide between " + strings.Join(may, ", ")
	} else {
		out += ": " + schema.Outcomes.Terms[o].Doc
	}
	switch credit, known := r.Credit(); {
	case !r.Tests():
		out += "; untested, not counted"
	case known:
		out += fmt.Sprintf("; credit %d", credit)
	default:
		out += fmt.Sprintf("; credit undecided, worst %d, best %d", r.CreditWorst, r.CreditBest)
	}
	if r.Irrevocable {
		out += "; irreversible: a loss cannot be taken back"
	}
	return out
}
