package recipe

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// passes holds the rows of a section until the repeated judgements among them can be
// numbered.
type passes[T any] struct {
	rows   []T
	order  []string
	groups map[string][]int // rows that judge the same, as they stand
}

// hold keeps a row with what its number depends on.
func (p *passes[T]) hold(e *env, row T) error {
	if p.groups == nil {
		p.groups = map[string][]int{}
	}
	var key strings.Builder
	for _, r := range e.plan.within {
		of, err := e.get(r)
		if err != nil {
			return err
		}
		key.WriteString(strconv.Itoa(len(of)))
		for _, s := range of {
			key.WriteString("," + strconv.Quote(s))
		}
	}
	order := ""
	for _, r := range e.plan.order {
		of, err := e.get(r)
		if err != nil {
			return err
		}
		order = strings.Join(of, ",")
	}
	p.groups[key.String()] = append(p.groups[key.String()], len(p.rows))
	p.rows, p.order = append(p.rows, row), append(p.order, order)
	return nil
}

// emit numbers the rows and passes them on in the order in which they came.
func (p *passes[T]) emit(plan *plan, emit func(T) error) error {
	for _, group := range p.groups {
		slices.SortStableFunc(group, func(a, b int) int { return compare(p.order[a], p.order[b]) })
		for n, i := range group {
			reflect.ValueOf(&p.rows[i]).Elem().Field(plan.fields["pass"].at).SetInt(int64(n))
		}
	}
	for _, row := range p.rows {
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// compare puts numbers in their order, and before texts.
func compare(a, b string) int {
	x, notA := number(a)
	y, notB := number(b)
	switch {
	case notA == nil && notB == nil:
		return cmp.Compare(x, y)
	case notA == nil:
		return -1
	case notB == nil:
		return 1
	}
	return cmp.Compare(a, b)
}
