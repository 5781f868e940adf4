package bench

import (
	"maps"
	"slices"

	"github.com/righting-bench/righting/metrics/stat"
)

// A Pair is how far two voices agree on one question.
type Pair struct {
	First, Second string
	Group         QuestionGroup
	Question      string
	Units         int64
	Alpha         *float64
	Undefined     string // why there is no Alpha
	Percent       *float64
	Kappa         *float64 // Cohen's; by quadratic weights where answers have an order
}

// pairs estimates a question two by two, in the order of names.
func (e *estimator) pairs(q *question, b *ballot) []Pair {
	var out []Pair
	for _, names := range slices.SortedFunc(maps.Keys(b.pairs), comparePair) {
		table := b.pairs[names]
		p := Pair{First: names[0], Second: names[1], Group: q.group, Question: q.name}
		seen := map[int64]bool{}
		for said, n := range table {
			p.Units += n
			seen[said[0]], seen[said[1]] = true, true
		}
		list := q.fixed
		for code := range seen {
			if !slices.Contains(list, code) {
				list = slices.Sorted(maps.Keys(seen))
				break
			}
		}
		p.estimate(q, table, list)
		out = append(out, p)
	}
	return out
}

func (p *Pair) estimate(q *question, table map[[2]int64]int64, list []int64) {
	if len(list) > mostClasses {
		p.Undefined = reason(errClasses)
		return
	}
	k := stat.Coincidence{Levels: len(list), Most: 2}
	vector, square := make([]int64, k.Size()), make([][]int64, len(list))
	for i := range square {
		square[i] = make([]int64, len(list))
	}
	var values []float64
	if q.value != nil {
		for _, code := range list {
			values = append(values, q.value(code))
		}
	}
	var units [][]int64
	var times []int64
	for said, n := range table { // integers below: any order adds up the same
		i, _ := slices.BinarySearch(list, said[0])
		j, _ := slices.BinarySearch(list, said[1])
		square[i][j] = n
	}
	for i := range square {
		for j, n := range square[i] {
			if n == 0 {
				continue
			}
			labels := make([]int64, len(list))
			labels[i]++
			labels[j]++
			units, times = append(units, labels), append(times, n)
			one := make([]int64, k.Size())
			if err := k.Add(one, labels); err != nil { // two labels of the list
				panic(err)
			}
			for slot, v := range one {
				vector[slot] += n * v
			}
		}
	}
	v, err := k.Alpha(vector, q.scale, values)
	if err != nil {
		p.Undefined = reason(err)
	} else {
		p.Alpha = published(&v)
	}
	if a, err := stat.Agree(units, times, stat.Unweighted); err == nil {
		p.Percent = published(new(a.Percent()))
	}
	w := stat.Unweighted
	if q.scale != stat.NominalScale {
		w = stat.Quadratic
	}
	if v, err := stat.CohenKappa(square, w); err == nil {
		p.Kappa = published(&v)
	}
}
