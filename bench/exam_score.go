package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// An ExamResult is how judges did.
type ExamResult struct {
	Exam   *Exam
	Judges []ExamJudge // by name
	Others int         // trajectories of the dataset that are not of the exam
}

// An ExamJudge is how one annotator did, by its first pass.
type ExamJudge struct {
	Annotator, Kind string
	Scores          []ExamScore     // kinds in order, then hard, easy, all
	Labels          []ExamLabel     // by label and kind
	Confusion       []ExamConfusion // by label, kind, gold, said
	Misses          []ExamMiss      // control only, by item and turn
	Unjudged        []string        // items of which it judged nothing: in no number
}

// An ExamScore is the share of items whose control is right at every turn. A turn passed
// over in an item that was judged is not right.
type ExamScore struct {
	Kind             string // of ExamKinds, or hard, easy, all
	N, Right         int64
	Share, Low, High *float64
	Undefined        string
	Missed           []string // ids
}

// An ExamLabel is the share of turns at which one label is right, lists as a whole; turns
// without it are left out and counted.
type ExamLabel struct {
	Label, Kind         string
	N, Right, NotJudged int64
	Share               *float64
}

// An ExamConfusion is how often gold was said to be said.
type ExamConfusion struct {
	Label, Kind, Gold, Said string
	N                       int64
}

// An ExamMiss is a turn whose control is not right.
type ExamMiss struct {
	Item, Kind string
	Turn       int // among the assistant's, from 1
	Gold, Said string
}

// Sums of kinds.
const (
	hardKinds = "hard"
	easyKinds = "easy"
	allKinds  = "all"
)

func sums(kind string) []string {
	if strings.HasPrefix(kind, easyKinds) {
		return []string{kind, easyKinds, allKinds}
	}
	return []string{kind, hardKinds, allKinds}
}

// Score holds a dataset's labels against the exam. Trajectories belong to it by their id;
// one with another number of turns than the exam's is an error, and so is a dataset that
// has none.
func (e *Exam) Score(ctx context.Context, d *dataset.Dataset, level float64) (*ExamResult, error) {
	items := map[string]*ExamItem{}
	for i := range e.Items {
		items[e.Items[i].ID] = &e.Items[i]
	}
	var found []*reading.Case
	others := map[string]bool{}
	type part struct {
		cases  []*reading.Case
		others []string
	}
	err := dataset.Cases(ctx, d, reading.Need(examColumns...), func() *part { return new(part) },
		func(p *part, c *reading.Case) error {
			switch x := items[c.TrajectoryID]; {
			case x == nil || c.Constraint != schema.MainConstraint:
				p.others = append(p.others, c.TrajectoryID)
			case c.T != len(x.golds()) && !c.LengthUnknown || c.T > len(x.golds()):
				return fmt.Errorf("trajectory %q has %d assistant turns, in the exam %s it has %d", c.TrajectoryID, c.T, e.Name, len(x.golds()))
			default:
				p.cases = append(p.cases, c.Clone())
			}
			return nil
		},
		func(p *part) error {
			found = append(found, p.cases...)
			for _, id := range p.others {
				others[id] = true
			}
			return nil
		})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: nobody judged anything of the exam %s; write it with agree --exam %s --write FOLDER, have it judged, and annotate that folder", d.Path, e.Name, e.Name)
	}
	by := map[string]map[string]*reading.Judged{}
	var names []string
	for _, c := range found {
		for i := range c.By {
			j := &c.By[i]
			if j.Pass != 0 || j.Judgements == 0 {
				continue
			}
			if by[j.Annotator] == nil {
				by[j.Annotator] = map[string]*reading.Judged{}
				names = append(names, j.Annotator)
			}
			by[j.Annotator][c.TrajectoryID] = j
		}
	}
	slices.Sort(names)
	out := &ExamResult{Exam: e, Others: len(others)}
	for _, name := range names {
		j, err := e.judge(by[name], level)
		if err != nil {
			return nil, err
		}
		j.Annotator, j.Kind = name, d.Manifest.Annotators[name].Kind
		out.Judges = append(out.Judges, j)
	}
	return out, nil
}

// judge scores one annotator's judgements by item.
func (e *Exam) judge(by map[string]*reading.Judged, level float64) (ExamJudge, error) {
	var out ExamJudge
	type score struct{ right []int64 } // an item each
	scores, missed := map[string]*score{}, map[string][]string{}
	labels := map[[2]string]*ExamLabel{}
	confusion := map[ExamConfusion]int64{}
	for i := range e.Items {
		x := &e.Items[i]
		j := by[x.ID]
		if j == nil {
			out.Unjudged = append(out.Unjudged, x.ID)
			continue
		}
		right := int64(1)
		for unit, gold := range x.golds() {
			for _, c := range examColumns {
				want, asked := gold.answer(c)
				if !asked {
					continue
				}
				got := said(j, c, unit)
				confusion[ExamConfusion{Label: c.Name(), Kind: x.Kind, Gold: want, Said: got}]++
				for _, kind := range sums(x.Kind) {
					l := labels[[2]string{c.Name(), kind}]
					if l == nil {
						l = &ExamLabel{Label: c.Name(), Kind: kind}
						labels[[2]string{c.Name(), kind}] = l
					}
					switch got {
					case NotJudged:
						l.NotJudged++
					case want:
						l.N++
						l.Right++
					default:
						l.N++
					}
				}
				if c == reading.Control && got != want {
					right = 0
					out.Misses = append(out.Misses, ExamMiss{Item: x.ID, Kind: x.Kind, Turn: unit + 1, Gold: want, Said: got})
				}
			}
		}
		for _, kind := range sums(x.Kind) {
			if scores[kind] == nil {
				scores[kind] = &score{}
			}
			scores[kind].right = append(scores[kind].right, right)
			if right == 0 {
				missed[kind] = append(missed[kind], x.ID)
			}
		}
	}
	kinds := append(ExamKinds.Names(), hardKinds, easyKinds, allKinds)
	for _, kind := range kinds {
		s := ExamScore{Kind: kind, Missed: missed[kind]}
		if got := scores[kind]; got != nil {
			s.N, s.Right = int64(len(got.right)), added(got.right)
			s.Share = published(new(float64(s.Right) / float64(s.N)))
			ones := make([]int64, len(got.right))
			for i := range ones {
				ones[i] = 1
			}
			i, err := stat.KornGraubard(got.right, ones, level)
			switch {
			case errors.Is(err, stat.ErrUndefined):
				s.Undefined = "no interval: " + reason(err)
			case err != nil:
				return out, err
			default:
				s.Low, s.High = published(&i.Low), published(&i.High)
			}
		} else {
			s.Undefined = "no item judged"
		}
		out.Scores = append(out.Scores, s)
	}
	for _, c := range examColumns {
		for _, kind := range kinds {
			if l := labels[[2]string{c.Name(), kind}]; l != nil && l.N > 0 {
				l.Share = published(new(float64(l.Right) / float64(l.N)))
				out.Labels = append(out.Labels, *l)
			}
		}
	}
	given := map[string]bool{examColumns[0].Name(): true}
	for x := range confusion {
		given[x.Label] = given[x.Label] || x.Said != NotJudged
	}
	for x, n := range confusion {
		if !given[x.Label] { // it was not asked
			continue
		}
		x.N = n
		out.Confusion = append(out.Confusion, x)
	}
	slices.SortFunc(out.Confusion, func(x, y ExamConfusion) int {
		return cmp.Or(cmp.Compare(slices.IndexFunc(examColumns, func(c reading.Column) bool { return c.Name() == x.Label }), slices.IndexFunc(examColumns, func(c reading.Column) bool { return c.Name() == y.Label })),
			cmp.Compare(slices.Index(kinds, x.Kind), slices.Index(kinds, y.Kind)), cmp.Compare(x.Gold, y.Gold), cmp.Compare(x.Said, y.Said))
	})
	return out, nil
}

// answer is the gold label of a column; not ok where it is not asked.
func (g *ExamGold) answer(c reading.Column) (label string, ok bool) {
	switch c {
	case reading.Control:
		return g.Control, true
	case reading.Response:
		if g.Response != nil {
			return *g.Response, true
		}
	case reading.Leakage:
		if g.Leakage != nil {
			return strconv.Itoa(int(*g.Leakage)), true
		}
	case reading.Symbols:
		if g.Symbols != nil {
			return elements(slices.Clone(*g.Symbols)), true
		}
	case reading.Recognition:
		if g.Recognition != nil {
			return yesNo(map[bool]int64{true: 1}[*g.Recognition]), true
		}
	}
	return "", false
}

// elements is a list in the order of the vocabulary: `warning+refusal`, or none.
func elements(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	slices.SortFunc(list, func(x, y string) int {
		a, _ := schema.Symbols.Code(x)
		b, _ := schema.Symbols.Code(y)
		return cmp.Compare(a, b)
	})
	return strings.Join(slices.Compact(list), "+")
}

// NotJudged is what a judge says of a turn that it passes over.
const NotJudged = "not judged"

// said is what a judge gave for a column at a unit.
func said(j *reading.Judged, c reading.Column, unit int) string {
	l := &j.By[c]
	if !l.Judged.Has(unit) {
		return NotJudged
	}
	switch c {
	case reading.Symbols:
		var list []string
		for code, name := range schema.Symbols.Names() {
			if l.Value(code).Has(unit) {
				list = append(list, name)
			}
		}
		return elements(list)
	case reading.Recognition:
		if l.Value(0).Has(unit) {
			return yesNo(1)
		}
		return yesNo(0)
	}
	code, ok := l.At(unit)
	if !ok {
		return NotJudged
	}
	return c.Enum().Terms[code].Name
}
