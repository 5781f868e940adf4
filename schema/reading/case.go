package reading

import "github.com/righting-bench/righting/schema"

// A Column is one label column of the annotations table.
type Column uint8

// Label columns a Case can carry.
const (
	Control Column = iota
	ActiveTarget
	Principal
	Legitimacy
	Competing
	Claimed
	Response
	Leakage
	Symbols
	Recognition
	Pressures
	Move
	FailureKind
	Contradicts
	Ask
	NColumns
)

// A kind says how a panel combines a column.
type kind uint8

const (
	ordinal  kind = iota // the best value that a strict majority reaches
	name                 // plurality, a tie is not known
	elements             // each element by strict majority, a tie is not known
)

// A labelColumn describes one Column.
type labelColumn struct {
	name string // in the annotations table
	kind kind
	enum *schema.Enum // nil: a flag with one element, or free names (ask)
}

var labelColumns = [NColumns]labelColumn{
	Control:      {"control", ordinal, schema.Controls},
	ActiveTarget: {"active_target", name, schema.Targets},
	Principal:    {"principal", name, schema.Principals},
	Legitimacy:   {"legitimacy", name, schema.Legitimacies},
	Competing:    {"competing_targets", elements, schema.Targets},
	Claimed:      {"claimed_target", name, schema.Targets},
	Response:     {"response", name, schema.Responses},
	Leakage:      {"leakage", ordinal, schema.Leakages},
	Symbols:      {"symbols", elements, schema.Symbols},
	Recognition:  {"recognition", elements, nil},
	Pressures:    {"pressures", elements, schema.Pressures},
	Move:         {"move", name, schema.Moves},
	FailureKind:  {"failure_kind", name, schema.FailureKinds},
	Contradicts:  {"contradicts_turn", elements, nil},
	Ask:          {"ask", name, nil},
}

// Name is the column's name in the annotations table.
func (c Column) Name() string { return labelColumns[c].name }

// Enum is the core of the column's vocabulary, nil for recognition and
// contradicts_turn (one element: true, present) and ask (names of the case's own).
func (c Column) Enum() *schema.Enum { return labelColumns[c].enum }

// Columns is what a metric, or a whole score, needs read. The zero value asks for
// what Read itself needs.
type Columns struct {
	set      uint32
	Measures []string // by name; a Case's Measured are in this order
	Letters  []string // letter grades of control_from, coded by position
	Exchange bool     // units are exchanges: a Case is filled by messages and then folded
}

// Need is a set of label columns.
func Need(columns ...Column) Columns {
	var n Columns
	for _, c := range columns {
		n.set |= 1 << c
	}
	return n
}

// Has is whether the set asks for the column. What Read needs is always in it.
func (n Columns) Has(c Column) bool { return (n.set|readNeeds)>>c&1 == 1 }

const readNeeds = 1<<Control | 1<<Legitimacy | 1<<Competing | 1<<Pressures

// combines is whether a panel must make one judgement of a column for what is asked: the
// zero value asks nothing in particular, and gets all.
func (n Columns) combines(c Column) bool {
	return n.set == 0 || (n.set|1<<Control|1<<Legitimacy)>>c&1 == 1
}

// Or is what either asks for.
func (n Columns) Or(m Columns) Columns {
	n.set |= m.set
	for _, s := range m.Measures {
		n.Measures = addName(n.Measures, s)
	}
	for _, s := range m.Letters {
		n.Letters = addName(n.Letters, s)
	}
	n.Exchange = n.Exchange || m.Exchange
	return n
}

func addName(list []string, s string) []string {
	for _, t := range list {
		if s == t {
			return list
		}
	}
	return append(list[:len(list):len(list)], s)
}

// Measure is the position of a measure among those asked for.
func (n Columns) Measure(name string) (int, bool) {
	for i, s := range n.Measures {
		if s == name {
			return i, true
		}
	}
	return 0, false
}

// Labels is what was said in one column: the units judged, and by value the units
// that have it. In a list column a judged unit may have several values or none:
// "judged, empty" is not "not judged".
type Labels struct {
	Judged Units
	Is     []Units
}

// Value is the units with that code; empty for a code never seen.
func (l *Labels) Value(code int) Units {
	if code < len(l.Is) {
		return l.Is[code]
	}
	return Units{}
}

// Add records value code at unit i.
func (l *Labels) Add(i, code int) {
	l.Judged.Add(i)
	for len(l.Is) <= code {
		if len(l.Is) < cap(l.Is) {
			l.Is = l.Is[:len(l.Is)+1]
			l.Is[len(l.Is)-1].Clear()
		} else {
			l.Is = append(l.Is, Units{})
		}
	}
	l.Is[code].Add(i)
}

// AddWord records value code at the units of a word: bit i is unit i.
func (l *Labels) AddWord(code int, units uint64) {
	l.Judged.w |= units
	for len(l.Is) <= code {
		if len(l.Is) < cap(l.Is) {
			l.Is = l.Is[:len(l.Is)+1]
			l.Is[len(l.Is)-1].Clear()
		} else {
			l.Is = append(l.Is, Units{})
		}
	}
	l.Is[code].w |= units
}

// Any is the units known to have some value, and the units about which that is
// known.
func (l *Labels) Any() (yes, known Units) {
	for i := range l.Is {
		yes = yes.Or(l.Is[i])
	}
	return yes, l.Judged.Or(yes)
}

// At is the value at unit i of a column with one value, and whether there is one.
func (l *Labels) At(i int) (code int, ok bool) {
	for c := range l.Is {
		if l.Is[c].Has(i) {
			return c, true
		}
	}
	return 0, false
}

func (l *Labels) clear() {
	l.Judged.Clear()
	for i := range l.Is {
		l.Is[i].Clear()
	}
	l.Is = l.Is[:0]
}

// Measured is one measure: per unit and about the whole, in half steps (see
// schema.Measure), or letter codes where the source gives letters.
type Measured struct {
	At       Units
	Values   []int64 // by unit; meaningful where At has it
	HasWhole bool
	Whole    int64
	Letters  bool
}

// Set records the value at unit i.
func (m *Measured) Set(i int, v int64) {
	m.At.Add(i)
	for len(m.Values) <= i {
		m.Values = append(m.Values, 0)
	}
	m.Values[i] = v
}

func (m *Measured) clear() {
	m.At.Clear()
	m.Values = m.Values[:0]
	m.HasWhole, m.Letters = false, false
}

// Judged is what one annotator, or the panel, said of a case.
type Judged struct {
	Annotator    string
	Pass         int
	By           [NColumns]Labels
	Asked        Units // control was asked for and is missing
	Heard        Units // control filled in by what silence means
	WholeAsked   bool
	HasWhole     bool // control about the whole
	Whole        schema.Control
	WholeOutcome Outcomes // about the whole; several only in a panel's tie
	Measures     []Measured
	Judgements   int // rows with a label or a value

	// Of a panel only.
	Pressed, PressedKnown Units // something pressed: asked of each annotator first
	Sequence              Units // units that are part of the sequence
	Split                 bool  // two middle judgements of control differed somewhere
	Dropped               int   // judgements dropped because the system judged itself
}

// Reset empties j for another case and keeps its memory.
func (j *Judged) Reset(annotator string, pass, measures int) {
	for c := range j.By {
		j.By[c].clear()
	}
	j.Annotator, j.Pass = annotator, pass
	j.Asked.Clear()
	j.Heard.Clear()
	j.WholeAsked, j.HasWhole, j.WholeOutcome, j.Judgements = false, false, 0, 0
	for len(j.Measures) < measures {
		j.Measures = append(j.Measures, Measured{})
	}
	j.Measures = j.Measures[:measures]
	for i := range j.Measures {
		j.Measures[i].clear()
	}
	j.Pressed, j.PressedKnown, j.Sequence = Units{}, Units{}, Units{}
	j.Split, j.Dropped = false, 0
}

// A Key is whose reading it is. Condition is nil where there is none.
type Key struct {
	TrajectoryID string
	System       string
	Model        *string
	Scenario     string
	Condition    *string
	Repeat       int32
	Setting      string
	Terminal     *string
	Constraint   string
}

// Design is what the scenario and its constraint declare.
type Design struct {
	Pressed      *bool  // pressures by design or a path to victory; nil = not known
	Path         *int32 // path_to_victory
	Irreversible bool
	Protects     string // target that ought to win; "" = not known
}

// A Group is where cases come from: within one, equal codes are equal texts.
type Group struct{ _ byte }

// Places of a Case's Codes.
const (
	CodeSystem = iota
	CodeSetting
	CodeScenario
	CodeCondition
	CodeConstraint
	nCodes
)

// A Case is all that was judged about one constraint in one trajectory. It belongs
// to the caller until the next one is filled.
type Case struct {
	Key
	First         bool          // of its trajectory
	Group         *Group        // nil: there are no Codes
	Codes         [nCodes]int32 // of texts of the Key; below 0 is absent
	T             int           // units in the trajectory
	LengthUnknown bool          // T is the highest judged unit
	Design        Design
	By            []Judged
}

// Text is the text that stands behind Codes[i].
func (c *Case) Text(i int) string {
	switch i {
	case CodeSystem:
		return c.System
	case CodeSetting:
		return c.Setting
	case CodeScenario:
		return c.Scenario
	case CodeConstraint:
		return c.Constraint
	}
	return *c.Condition
}

// Next is room for one more annotator, empty.
func (c *Case) Next(annotator string, pass, measures int) *Judged {
	if len(c.By) < cap(c.By) {
		c.By = c.By[:len(c.By)+1]
	} else {
		c.By = append(c.By, Judged{})
	}
	j := &c.By[len(c.By)-1]
	j.Reset(annotator, pass, measures)
	return j
}

// Outcomes is a set of outcomes.
type Outcomes uint8

// Set is the set of the given outcomes.
func Set(outcomes ...schema.Outcome) Outcomes {
	var s Outcomes
	for _, o := range outcomes {
		s |= 1 << o
	}
	return s
}

// One is the only member, or Undecided.
func (s Outcomes) One() schema.Outcome {
	for o := schema.Held; o < schema.Undecided; o++ {
		if s == 1<<o {
			return o
		}
	}
	return schema.Undecided
}
