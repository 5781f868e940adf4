package metrics

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// ToyEnv is the environment of reading.FullToy: its measures, the median of its
// annotators, k = 2, severity 3 or more where nobody gave control.
func ToyEnv() Env {
	rules := reading.DefaultRules()
	rules.Panel.Rule = reading.Median
	rules.Panel.Names, rules.Panel.Measures = reading.ToyMeasures()
	rules.ControlFrom = &reading.ControlFrom{Measure: "severity", Neutralised: &reading.Condition{Op: ">=", Number: 3}}
	return Env{Vocabulary: schema.NewVocabulary(nil, nil), Measures: rules.Panel.Measures, Rules: &rules}
}

// Toy counts a metric over reading.FullToy: all of it by scenario, and each reading alone.
func Toy(e Env, m *Metric) (all Rows, ids []string, each []Rows, err error) {
	table := NewTable([]*Metric{m})
	rows := func(t *Table) (Rows, error) {
		return t.Rows(0, t.Keys(), []string{"a", "b", "c", "d"}, func(k Key) string { return k.Scenario })
	}
	cases := reading.FullToy()
	for i := range cases {
		c, j := &cases[i], new(reading.Judged)
		if err := e.Rules.Panel.Judge(c, j); err != nil {
			return Rows{}, nil, nil, err
		}
		r := reading.Read(c, j, e.Rules)
		table.Add(c, &r)
		alone := NewTable(table.Metrics)
		alone.Add(c, &r)
		one, err := rows(alone)
		if err != nil {
			return Rows{}, nil, nil, err
		}
		ids, each = append(ids, c.TrajectoryID), append(each, one)
	}
	all, err = rows(table)
	return all, ids, each, err
}

// Example is a metric worked out on the toy data, for people: what each reading gives,
// where that adds up, and the arithmetic to the value. Not ok says that it has none there:
// then the text is why.
func Example(e Env, m *Metric) (text string, ok bool, err error) {
	all, ids, each, err := Toy(e, m)
	if err != nil {
		return "", false, err
	}
	shape := m.Shape
	if m.Settle != nil {
		_, shape = m.Settle(all)
	}
	v, err := shape.Value(all, nil)
	if err != nil {
		return "none: " + strings.TrimPrefix(err.Error(), stat.ErrUndefined.Error()+": "), false, nil
	}
	var parts []string
	_, _, adds := shape.Terms(all)
	if _, count := shape.(Total); adds || count {
		for i, rows := range each {
			if rows.Len() > 0 {
				if work := shape.Work(rows); work != "" {
					parts = append(parts, ids[i]+" "+work)
				}
			}
		}
	}
	out := ""
	for len(parts) > 0 { // six a line
		n := min(len(parts), 6)
		out += strings.Join(parts[:n], " · ") + "\n"
		parts = parts[n:]
	}
	value := strconv.FormatFloat(v, 'g', 6, 64)
	work := shape.Work(all)
	if work == value {
		return out + "together " + value, true, nil
	}
	return fmt.Sprintf("%stogether %s = %s", out, work, value), true, nil
}
