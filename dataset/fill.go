package dataset

import (
	"errors"
	"fmt"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// maxUnits is the most units that a trajectory may have.
const maxUnits = 1_000_000

// Units of rows that have none.
const (
	whole  int32 = -1 // about the trajectory as a whole
	scored int32 = -2 // a measure: carries no labels
)

// before is the measure of the row before an annotator's first: no code is that.
const before = none + 1

// A filler makes cases of batches of annotations in the order of their keys. It keeps
// one Case and its memory.
type filler struct {
	d       *Dataset
	need    reading.Columns
	designs *designs
	design  map[[3]int32]reading.Design // by codes of scenario, condition and constraint
	cols    *[nColumns]column
	fold    func(*reading.Case) error
	place   func(i int, field string) schema.Place // of a row of the batch

	c     reading.Case
	begun bool  // a case is open
	prev  codes // the row before
	turns int32 // assistant_turns of the case, or exchanges
	top   int32 // its highest judged unit, from 1
	topAt schema.Place
	asks  map[int32]int

	// Where units are exchanges, messages have units of their own until the case is
	// folded: numbered as they come, with the exchange of each.
	messages map[[2]int32]int32
	exchange []int32

	seen     reading.Units // units with a row for labels, of the annotator
	unit     []int32       // of the batch: for labels
	spot     []int32       // of the batch: of measures too
	labelled []bool
	measures []int // by code: position among the measures needed, −1 not needed, −2 not looked up

	first, last string // trajectories so far
	source      *reading.Group
}

// codes is the key of a row.
type codes struct{ trajectory, constraint, annotator, pass, turn, assistantTurn, exchange, measure int32 }

func newFiller(d *Dataset, need reading.Columns, ds *designs) *filler {
	return &filler{
		d: d, need: need, designs: ds, design: make(map[[3]int32]reading.Design), cols: newColumns(need, d.Vocabulary()),
		asks: make(map[int32]int), messages: make(map[[2]int32]int32), unit: make([]int32, batchRows), spot: make([]int32, batchRows), labelled: make([]bool, batchRows),
	}
}

// reset begins a row group.
func (f *filler) reset() {
	f.begun, f.first, f.last, f.source = false, "", "", new(reading.Group)
	f.measures = f.measures[:0]
	clear(f.design)
}

func (f *filler) at(i, col int, err error) error {
	return &schema.RowError{Place: f.place(i, columnName(col)), Err: err}
}

// add takes the n rows that the columns hold.
func (f *filler) add(n int) error {
	clear(f.labelled[:n])
	trajectory, constraint := f.cols[colTrajectory].code[:n], f.cols[colConstraint].code[:n]
	annotator, pass := f.cols[colAnnotator].code[:n], f.cols[colPass].code[:n]
	for i := 0; i < n; {
		k := codes{trajectory: trajectory[i], constraint: constraint[i], annotator: annotator[i], pass: pass[i]}
		if err := f.bound(i, k); err != nil {
			return err
		}
		j := i + 1
		for j < n && trajectory[j] == k.trajectory && constraint[j] == k.constraint && annotator[j] == k.annotator && pass[j] == k.pass {
			j++
		}
		if err := f.run(i, j); err != nil {
			return err
		}
		i = j
	}
	return nil
}

// bound opens what begins with row i: a case, or an annotator's judgement in one.
func (f *filler) bound(i int, k codes) error {
	p := &f.prev
	if !f.begun {
		f.prev = k
		return f.open(i, true)
	}
	order := f.cols[colTrajectory].text.compare(p.trajectory, k.trajectory)
	moved := order != 0
	if order == 0 {
		order = f.cols[colConstraint].text.compare(p.constraint, k.constraint)
	}
	fresh := order != 0
	if order == 0 {
		order = f.cols[colAnnotator].text.compare(p.annotator, k.annotator)
	}
	if order == 0 {
		order = int(p.pass) - int(k.pass)
	}
	if order > 0 {
		return f.at(i, colTrajectory, errUnsorted)
	}
	if order == 0 { // a batch began, or a dictionary has an entry twice
		p.trajectory, p.constraint, p.annotator = k.trajectory, k.constraint, k.annotator
		return nil
	}
	f.prev = k
	if fresh {
		if err := f.finish(); err != nil {
			return err
		}
		return f.open(i, moved)
	}
	f.judge(k)
	return nil
}

var errUnsorted = errors.New("the file declares to be sorted but is not: write it anew with righting")

// open begins a case with row i.
func (f *filler) open(i int, moved bool) error {
	c, cols := &f.c, f.cols
	if moved {
		c.TrajectoryID = string(cols[colTrajectory].text.bytes(f.prev.trajectory))
		if !f.begun {
			f.first = c.TrajectoryID
		}
		f.last = c.TrajectoryID
	}
	f.begun = true
	text := func(col int) *string { return cols[col].text.keep(cols[col].code[i]) }
	c.System, c.Model = *text(colSystem), text(colModel)
	c.Scenario, c.Condition = *text(colScenario), text(colCondition)
	c.Setting, c.Terminal = *text(colSetting), text(colTerminal)
	c.Repeat, c.Constraint = cols[colRepeat].code[i], *text(colConstraint)
	if err := schema.Settings.Check(c.Setting); err != nil {
		return f.at(i, colSetting, err)
	}
	if c.Terminal != nil {
		if err := schema.Terminals.Check(*c.Terminal); err != nil {
			return f.at(i, colTerminal, err)
		}
	}
	c.First, c.Group = moved, f.source
	for k, col := range [...]int{reading.CodeSystem: colSystem, reading.CodeSetting: colSetting, reading.CodeScenario: colScenario, reading.CodeCondition: colCondition, reading.CodeConstraint: colConstraint} {
		c.Codes[k] = cols[col].code[i]
	}
	c.T, c.LengthUnknown = 0, false
	about := [3]int32{c.Codes[reading.CodeScenario], c.Codes[reading.CodeCondition], c.Codes[reading.CodeConstraint]}
	design, known := f.design[about]
	if !known {
		design = f.designs.of(&c.Key)
		f.design[about] = design
	}
	c.Design = design
	c.By = c.By[:0]
	f.turns, f.top = none, 0
	clear(f.asks)
	clear(f.messages)
	f.exchange = f.exchange[:0]
	f.judge(f.prev)
	return nil
}

// judge begins an annotator's judgement in the case.
func (f *filler) judge(k codes) {
	f.c.Next(*f.cols[colAnnotator].text.keep(k.annotator), int(k.pass), len(f.need.Measures))
	f.seen.Clear()
	f.prev.turn, f.prev.assistantTurn, f.prev.exchange, f.prev.measure = none, none, none, before
}

// finish folds the open case.
func (f *filler) finish() error {
	if !f.begun {
		return nil
	}
	if f.turns == none {
		f.c.T, f.c.LengthUnknown = int(f.top), true
	} else {
		f.c.T = int(f.turns)
		if f.top > f.turns {
			return &schema.RowError{Place: f.topAt, Err: fmt.Errorf("is %d where %s is %d", f.top, columnName(f.lengthColumn()), f.turns)}
		}
	}
	if f.need.Exchange {
		better := make([]schema.Better, len(f.need.Measures))
		for i, name := range f.need.Measures {
			better[i] = f.d.Manifest.Measures[name].Better
		}
		f.c.FoldExchanges(f.exchange, better)
	}
	return f.fold(&f.c)
}

// run takes rows i to j, which are one annotator's.
func (f *filler) run(i, j int) error {
	if err := f.units(i, j); err != nil {
		return err
	}
	by := &f.c.By[len(f.c.By)-1]
	f.labels(by, i, j)
	if f.cols[colMeasure].any && len(f.need.Measures) > 0 {
		for r := i; r < j; r++ {
			if f.unit[r] == scored {
				if err := f.measure(by, r); err != nil {
					return err
				}
			}
		}
	}
	for _, yes := range f.labelled[i:j] {
		if yes {
			by.Judgements++
		}
	}
	return nil
}

// units finds the unit of each row, and checks their order and length.
func (f *filler) units(i, j int) error {
	cols, p := f.cols, &f.prev
	turn, assistantTurn, exchange := cols[colTurn].code[:j], cols[colAssistantTurn].code[:j], cols[colExchange].code[:j]
	measure, turns := cols[colMeasure].code[:j], cols[f.lengthColumn()].code[:j]
	if f.plainUnits(i, j, turn, assistantTurn, exchange, turns) {
		return nil
	}
	last := *p
	top := -1
	for r := i; r < j; r++ {
		t, a, e, m := turn[r], assistantTurn[r], exchange[r], measure[r]
		if t <= last.turn && (t < last.turn || a <= last.assistantTurn && (a < last.assistantTurn || e <= last.exchange && (e < last.exchange || f.notAfter(last.measure, m)))) {
			*p = last
			if t == p.turn && a == p.assistantTurn && e == p.exchange && cols[colMeasure].text.compare(p.measure, m) == 0 {
				return f.second(r, a)
			}
			return f.at(r, colTrajectory, errUnsorted)
		}
		last.turn, last.assistantTurn, last.exchange, last.measure = t, a, e, m
		spot, number, err := f.unitOf(r, t, a, e)
		if err != nil {
			return err
		}
		if number > f.top {
			f.top, top = number, r
		}
		f.spot[r], f.unit[r] = spot, spot
		switch {
		case m != none:
			f.unit[r] = scored
		case spot != whole:
			if f.seen.Has(int(spot)) { // under another turn or exchange
				*p = last
				return f.second(r, a)
			}
			f.seen.Add(int(spot))
		}
		if n := turns[r]; n != f.turns && n != none {
			switch {
			case n < 0 || n > maxUnits:
				return f.at(r, f.lengthColumn(), fmt.Errorf("is %d, outside 0 to %d", n, maxUnits))
			case f.turns != none:
				return f.at(r, f.lengthColumn(), fmt.Errorf("is %d and %d in one trajectory", f.turns, n))
			}
			f.turns = n
		}
	}
	*p = last
	if top >= 0 {
		f.topAt = f.place(top, columnName(f.unitColumn()))
	}
	return nil
}

// plainUnits is units for rows that give labels of messages, each of a later turn than the
// one before; false leaves everything as it was.
func (f *filler) plainUnits(i, j int, turn, assistantTurn, exchange, turns []int32) bool {
	p := &f.prev
	if f.need.Exchange || f.cols[colMeasure].any || f.turns == none && turns[i] == none || turns[i] < 0 || turns[i] > maxUnits || f.turns != none && turns[i] != f.turns {
		return false
	}
	t, a, n := p.turn, max(p.assistantTurn, 0), turns[i]
	for r := i; r < j; r++ {
		if turn[r] <= t || assistantTurn[r] <= a || assistantTurn[r] > n || turns[r] != n {
			return false
		}
		t, a = turn[r], assistantTurn[r]
	}
	unit := f.unit[:j]
	for r := i; r < j; r++ {
		u := assistantTurn[r] - 1
		unit[r] = u
		f.seen.Add(int(u))
	}
	p.turn, p.assistantTurn, p.exchange, p.measure = t, a, exchange[j-1], none
	f.turns = n
	f.top = max(f.top, a) // not beyond the length: no place of it is asked for
	return true
}

// unitColumn numbers units, lengthColumn counts them.
func (f *filler) unitColumn() int {
	if f.need.Exchange {
		return colExchange
	}
	return colAssistantTurn
}

func (f *filler) lengthColumn() int {
	if f.need.Exchange {
		return colExchanges
	}
	return colAssistantTurns
}

// unitOf is the unit that row r is about, and its number from 1; whole and 0 if it is
// about the whole.
func (f *filler) unitOf(r int, t, a, e int32) (unit, number int32, err error) {
	if a == none && t == none && e == none {
		return whole, 0, nil
	}
	col, number := f.unitColumn(), a
	if f.need.Exchange {
		number = e
	}
	switch {
	case number == none:
		set, at := colTurn, t
		if t == none {
			set, at = colExchange, e
			if f.need.Exchange {
				set, at = colAssistantTurn, a
			}
		}
		return 0, 0, f.at(r, col, fmt.Errorf("is null where %s is %d; join the labels to their trajectories with righting annotate, which numbers them", columnName(set), at))
	case number < 1 || number > maxUnits:
		return 0, 0, f.at(r, col, fmt.Errorf("is %d, outside 1 to %d", number, maxUnits))
	case !f.need.Exchange:
		return number - 1, number, nil
	}
	message := [2]int32{a, e}
	unit, ok := f.messages[message]
	if !ok {
		unit = int32(len(f.exchange))
		f.messages[message] = unit
		f.exchange = append(f.exchange, e)
	}
	return unit, number, nil
}

// notAfter is whether a measure does not come after the one before at the same place.
func (f *filler) notAfter(last, m int32) bool {
	return last != before && f.cols[colMeasure].text.compare(last, m) >= 0
}

// second says that row r judges what another row did.
func (f *filler) second(r int, assistantTurn int32) error {
	what := "the whole"
	if assistantTurn != none {
		what = fmt.Sprintf("assistant_turn %d", assistantTurn)
	}
	if m := f.cols[colMeasure].code[r]; m != none {
		what += ", measure " + *f.cols[colMeasure].text.keep(m)
	}
	return f.at(r, colTrajectory, fmt.Errorf("%q has a second row by %q, pass %d, about %s, constraint %s; keep one, or give the other another pass",
		f.c.TrajectoryID, *f.cols[colAnnotator].text.keep(f.prev.annotator), f.prev.pass, what, f.c.Constraint))
}
