package dataset

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// labels takes the labels of rows i to j, a column at a time.
func (f *filler) labels(by *reading.Judged, i, j int) {
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
