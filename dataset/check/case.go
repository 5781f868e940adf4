package check

import (
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// A Case is what pass 0 of every annotator says about one constraint in one trajectory,
// as far as outcomes are made of it: control, pressure, legitimacy, admissions, and
// outcomes of the whole. Rows that stand at no unit are left out.
type Case struct {
	of   *cases
	key  reading.Key
	t    int32 // units, 0 = not said
	rows []judgement
}

// A judgement is one row of a Case.
type judgement struct {
	annotator, file int32 // codes
	row             int32
	unit            int32 // from 0; whole
	control         int8  // code, none
	outcome         int8
	is              judged
}

// Units and codes that are none.
const (
	whole int32 = -1
	none  int8  = -1
)

// judged is what else a row says.
type judged uint8

const (
	asked judged = 1 << iota // and not answered
	pressureJudged
	pressed
	competingJudged
	competing
	legitimate
	admits
)

// cases gathers the rows of cases: where they are grouped, of one case at a time, else of
// all, some 20 bytes a row.
type cases struct {
	rules     *reading.Rules
	grouped   bool
	see       []func(*Case)
	texts     codes[string]
	files     codes[string]
	of        map[[2]int32]*Case
	all       []*Case // that are not shown yet
	annotator int32   // of the row
	into      reading.Case
	panelists reading.Judged
}

func newCases(d *Data) *cases {
	return &cases{rules: &d.Manifest.Rules, grouped: d.grouped, of: map[[2]int32]*Case{}}
}

// unit is the number of a's unit, from 1, and how many there are, by the rules.
func unit(a *schema.Annotation, r *reading.Rules) (n, of *int32) {
	if r.Unit == "exchange" {
		return a.Exchange, a.Exchanges
	}
	return a.AssistantTurn, a.AssistantTurns
}

// maxUnits is the most units that a trajectory may have.
const maxUnits = 1_000_000

func (x *cases) add(at *Row, a *schema.Annotation) {
	if x.grouped && at.Same < sameConstraint {
		x.end()
	}
	if at.Same < sameAnnotator {
		x.annotator = x.texts.code(a.Annotator)
	}
	n, of := unit(a, x.rules)
	if a.Measure != nil || a.Pass != 0 || n == nil && !a.Whole() || n != nil && (*n < 1 || *n > maxUnits) {
		return
	}
	c := x.about(a)
	if of != nil && c.t == 0 && *of <= maxUnits {
		c.t = *of
	}
	j := judgement{
		annotator: x.annotator, file: x.file(at.File), row: int32(at.Row), unit: whole,
		control: codeOf(schema.Controls, a.Control), outcome: codeOf(schema.Outcomes, a.Outcome),
	}
	if n != nil {
		j.unit, j.outcome = *n-1, none
	}
	j.says(asked, a.Control == nil && a.Missing != nil)
	j.says(pressureJudged, a.Pressures != nil)
	j.says(pressed, len(a.Pressures) > 0)
	j.says(competingJudged, a.CompetingTargets != nil)
	j.says(competing, len(a.CompetingTargets) > 0)
	j.says(legitimate, codeOf(schema.Legitimacies, a.Legitimacy) == int8(schema.Legitimate))
	j.says(admits, a.Recognition != nil && *a.Recognition)
	c.rows = append(c.rows, j)
}

// about is the case that the row is about.
func (x *cases) about(a *schema.Annotation) *Case {
	if x.grouped && len(x.all) > 0 {
		return x.all[0]
	}
	var id [2]int32
	if !x.grouped {
		id = [2]int32{x.texts.code(a.TrajectoryID), x.texts.code(a.ConstraintID)}
	}
	c := x.of[id]
	switch {
	case c == nil:
		c = &Case{of: x}
		x.of[id] = c
	case !x.grouped:
		return c
	}
	c.key = reading.Key{
		TrajectoryID: a.TrajectoryID, System: a.System, Model: a.Model, Scenario: a.Scenario, Condition: a.Condition,
		Setting: a.Setting, Constraint: a.ConstraintID,
	}
	c.t, c.rows = 0, c.rows[:0]
	x.all = append(x.all, c)
	return c
}

func (x *cases) file(name string) int32 {
	if n := len(x.files.values); n > 0 && x.files.values[n-1] == name {
		return int32(n - 1)
	}
	return x.files.code(name)
}

func (j *judgement) says(what judged, yes bool) {
	if yes {
		j.is |= what
	}
}

// codeOf is the code of a label, none for null and for what is no label.
func codeOf(e *schema.Enum, name *string) int8 {
	if name != nil {
		if code, ok := e.Code(*name); ok {
			return int8(code)
		}
	}
	return none
}

// end shows the cases that have all their rows.
func (x *cases) end() {
	for _, c := range x.all {
		for _, see := range x.see {
			see(c)
		}
	}
	x.all = x.all[:0]
}

// annotators lists who judged, in the order of their first rows.
func (c *Case) annotators() (all []int32) {
	seen := map[int32]bool{}
	for i := range c.rows {
		if who := c.rows[i].annotator; !seen[who] {
			seen[who] = true
			all = append(all, who)
		}
	}
	return all
}

func (c *Case) name(annotator int32) string { return c.of.texts.values[annotator] }

func (c *Case) place(j *judgement, field string) schema.Place {
	return schema.Place{File: c.of.files.values[j.file], Row: int(j.row), Field: field}
}

// judge is what the panel makes of the annotators. It holds until the next call.
func (c *Case) judge(panel *reading.Panel, annotators ...int32) (*reading.Case, *reading.Judged, error) {
	into := &c.of.into
	into.Key, into.T, into.LengthUnknown, into.By = c.key, int(c.t), c.t == 0, into.By[:0]
	by := map[int32]int{}
	for _, who := range annotators {
		by[who] = len(into.By)
		into.Next(c.name(who), 0, 0)
	}
	exchange := make([]int32, len(c.rows)) // of each row, for a row is a message
	for i := range c.rows {
		row := &c.rows[i]
		u := int(row.unit)
		if exchange[i] = row.unit + 1; c.of.rules.Unit == "exchange" {
			u = i
		}
		if k, ok := by[row.annotator]; ok {
			row.fill(&into.By[k], u)
		}
		if c.t == 0 {
			into.T = max(into.T, int(row.unit)+1)
		}
	}
	if c.of.rules.Unit == "exchange" {
		into.FoldExchanges(exchange, nil)
	}
	err := panel.Judge(into, &c.of.panelists)
	return into, &c.of.panelists, err
}

// fill adds what the row says of unit u, or of the whole.
func (j *judgement) fill(to *reading.Judged, u int) {
	if j.unit == whole {
		if j.control != none {
			to.HasWhole, to.Whole = true, schema.Control(j.control)
		}
		if j.outcome != none {
			to.WholeOutcome = reading.Set(schema.Outcome(j.outcome))
		}
		to.WholeAsked = to.WholeAsked || j.is&asked != 0
		return
	}
	if j.control != none {
		to.By[reading.Control].Add(u, int(j.control))
	}
	if j.is&asked != 0 {
		to.Asked.Add(u)
	}
	list := func(col reading.Column, seen, any judged) {
		if j.is&seen != 0 {
			to.By[col].Judged.Add(u)
		}
		if j.is&any != 0 {
			to.By[col].Add(u, 0)
		}
	}
	list(reading.Pressures, pressureJudged, pressed)
	list(reading.Competing, competingJudged, competing)
	list(reading.Legitimacy, legitimate, legitimate) // another legitimacy is as none to a reading
}
