package dataset

import (
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// labels takes the labels of rows i to j, a column at a time.
func (f *filler) labels(by *reading.Judged, i, j int) {
	if u, ok := f.straight(i, j); ok {
		f.straightLabels(by, i, j, u)
		return
	}
	for l := range reading.NColumns {
		if c := &f.cols[colLabels+int(l)]; c.need && c.any {
			switch l {
			case reading.Control:
				f.control(by, c.code, i, j)
			case reading.Recognition:
				f.recognition(&by.By[l], c.code, i, j)
			default:
				f.label(&by.By[l], l, c, i, j)
			}
		}
	}
	if c := &f.cols[colOutcome]; c.any {
		for r := i; r < j; r++ {
			if v := c.code[r]; v != none && f.unit[r] != scored {
				f.labelled[r] = true
				if f.unit[r] == whole {
					by.WholeOutcome |= reading.Set(schema.Outcome(v))
				}
			}
		}
	}
	if c, control := &f.cols[colMissing], f.cols[colLabels+int(reading.Control)].code; c.any {
		for r := i; r < j; r++ {
			switch u := f.unit[r]; {
			case c.code[r] == none || control[r] != none || u == scored:
			case u == whole:
				by.WholeAsked = true
			default:
				by.Asked.Add(int(u))
			}
		}
	}
}

// straight is whether rows i to j are about units one after the other, from u on, that lie
// in the first word of a set: what most annotators give.
func (f *filler) straight(i, j int) (u int, ok bool) {
	first := f.unit[i]
	if first < 0 || int(first)+j-i > 64 {
		return 0, false
	}
	for k, u := range f.unit[i:j] {
		if u != first+int32(k) {
			return 0, false
		}
	}
	return int(first), true
}

// straightValues bounds the values of a column that straightLabels tells apart.
const straightValues = 32

// straightLabels is labels where row i is about unit u, and so on.
func (f *filler) straightLabels(by *reading.Judged, i, j, u int) {
	var labelled uint64
	for l := range reading.NColumns {
		c := &f.cols[colLabels+int(l)]
		if !c.need || !c.any {
			continue
		}
		to, single := &by.By[l], c.enum == nil
		if l == reading.Ask || !single && c.enum.Len() > straightValues {
			f.label(to, l, c, i, j)
			for r := i; r < j; r++ {
				if f.labelled[r] {
					labelled |= 1 << (u + r - i)
					f.labelled[r] = false
				}
			}
			continue
		}
		var is [straightValues]uint64
		var judged, values uint64
		bit := uint64(1) << u
		if c.kind == ofList {
			for r := i; r < j; r++ {
				if c.code[r] != none {
					judged |= bit
					for _, v := range c.elem[c.start[r]:c.start[r+1]] {
						is[v&(straightValues-1)] |= bit
						values |= 1 << (v & (straightValues - 1))
					}
				}
				bit <<= 1
			}
		} else {
			for _, v := range c.code[i:j] {
				if v != none {
					judged |= bit
					if single && (l != reading.Recognition || v == 1) { // there is one value: true, or present
						v = 0
					} else if single {
						v = straightValues - 1 // judged, and not so
					}
					is[v&(straightValues-1)] |= bit
					values |= 1 << (v & (straightValues - 1))
				}
				bit <<= 1
			}
			if single {
				values &= 1
			}
		}
		if judged == 0 {
			continue
		}
		labelled |= judged
		to.Judged.AddWord(judged)
		for ; values != 0; values &= values - 1 {
			v := bits.TrailingZeros64(values)
			to.AddWord(v, is[v])
		}
	}
	if c := &f.cols[colOutcome]; c.any {
		for r, v := range c.code[i:j] {
			if v != none {
				labelled |= 1 << (u + r)
			}
		}
	}
	by.Judgements += bits.OnesCount64(labelled)
	if c, control := &f.cols[colMissing], &by.By[reading.Control].Judged; c.any {
		for r, v := range c.code[i:j] {
			if v != none && !control.Has(u+r) {
				by.Asked.Add(u + r)
			}
		}
	}
}

func (f *filler) control(by *reading.Judged, code []int32, i, j int) {
	l := &by.By[reading.Control]
	for r := i; r < j; r++ {
		v, u := code[r], f.unit[r]
		switch {
		case v == none || u == scored:
			continue
		case u == whole:
			by.HasWhole, by.Whole = true, schema.Control(v)
		default:
			l.Add(int(u), int(v))
		}
		f.labelled[r] = true
	}
}

func (f *filler) recognition(l *reading.Labels, code []int32, i, j int) {
	for r := i; r < j; r++ {
		v, u := code[r], f.unit[r]
		if v == none || u == scored {
			continue
		}
		f.labelled[r] = true
		switch {
		case u == whole:
		case v == 1:
			l.Add(int(u), 0)
		default:
			l.Judged.Add(int(u))
		}
	}
}

func (f *filler) label(l *reading.Labels, name reading.Column, c *column, i, j int) {
	for r := i; r < j; r++ {
		v, u := c.code[r], f.unit[r]
		if v == none || u == scored {
			continue
		}
		f.labelled[r] = true
		if u == whole {
			continue
		}
		switch {
		case c.kind == ofList:
			l.Judged.Add(int(u))
			for _, v := range c.elem[c.start[r]:c.start[r+1]] {
				l.Add(int(u), int(v))
			}
		case name == reading.Contradicts:
			l.Add(int(u), 0)
		case name == reading.Ask:
			l.Add(int(u), f.ask(v))
		default:
			l.Add(int(u), int(v))
		}
	}
}

// ask numbers the requests of a case, for all annotators alike.
func (f *filler) ask(code int32) int {
	n, ok := f.asks[code]
	if !ok {
		n = len(f.asks)
		f.asks[code] = n
	}
	return n
}

// measure takes the score of row r.
func (f *filler) measure(by *reading.Judged, r int) error {
	code := f.cols[colMeasure].code[r]
	value, letter := &f.cols[colValue], &f.cols[colValueText]
	number, graded := value.code[r] != none, letter.code[r] != none
	if !number && !graded {
		return nil
	}
	name := func() string { return *f.cols[colMeasure].text.keep(code) }
	k := f.needed(code)
	if k < 0 {
		if number && k == undeclared {
			return f.undeclared(r, name())
		}
		return nil
	}
	m := &by.Measures[k]
	if (m.HasWhole || !m.At.Empty()) && m.Letters == number {
		return f.at(r, colValueText, fmt.Errorf("measure %s has numbers and letters from one annotator in one trajectory; give one or the other", name()))
	}
	var v int64
	if number {
		declared, ok := f.d.Manifest.Measures[name()]
		if !ok {
			return f.undeclared(r, name())
		}
		var err error
		if v, err = declared.Half(value.real[r]); err != nil {
			return f.at(r, colValue, fmt.Errorf("measure %s: %w", name(), err))
		}
	} else {
		m.Letters = true
		if v = int64(slices.Index(f.need.Letters, string(letter.text.bytes(letter.code[r])))); v < 0 {
			v = int64(len(f.need.Letters))
		}
	}
	f.labelled[r] = true
	switch u := f.spot[r]; {
	case u == whole:
		m.HasWhole, m.Whole = true, v
	case m.At.Has(int(u)):
		return f.second(r, f.cols[colAssistantTurn].code[r])
	default:
		m.Set(int(u), v)
	}
	return nil
}

// Answers of needed besides a position.
const (
	idle       = -1 // declared, nobody asks for it
	undeclared = -2
	unasked    = -3 // not looked up yet
)

// needed is the position of a measure among those needed.
func (f *filler) needed(code int32) int {
	for len(f.measures) <= int(code) {
		f.measures = append(f.measures, unasked)
	}
	if f.measures[code] == unasked {
		name := *f.cols[colMeasure].text.keep(code)
		k, ok := f.need.Measure(name)
		if _, declared := f.d.Manifest.Measures[name]; !ok && declared {
			k = idle
		} else if !ok {
			k = undeclared
		}
		f.measures[code] = k
	}
	return f.measures[code]
}

func (f *filler) undeclared(r int, name string) error {
	msg := fmt.Sprintf("unknown measure %q; declare it under measures in dataset.yaml", name)
	if near := schema.Nearest(name, slices.Sorted(maps.Keys(f.d.Manifest.Measures))); near != "" {
		msg = fmt.Sprintf("unknown measure %q; did you mean %s? (to use it, declare it under measures in dataset.yaml)", name, near)
	}
	return f.at(r, colMeasure, errors.New(msg))
}
