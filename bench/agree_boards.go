package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics/stat"
	"github.com/righting-bench/righting/schema/reading"
)

// JudgeBoards are boards of the primary metric by other panels: how much of a rank is
// who judged. Resampling three or four judges would say little; ranges are honest.
type JudgeBoards struct {
	Primary string
	Systems []string
	Boards  []JudgeBoard // the panel's own first, strict, lenient, each judge alone, each left out, people, models
	Ranges  []JudgeRange // by system
	Taus    []Tau        // of any two boards, in their order
}

// A BoardKind says which panel a board is by.
type BoardKind string

// The kinds of boards, in the order they are printed.
const (
	PanelBoard   BoardKind = "panel"   // as scored
	StrictBoard  BoardKind = "strict"  // the worst that anybody gave
	LenientBoard BoardKind = "lenient" // the best that anybody gave
	JudgeAlone   BoardKind = "judge"   // one annotator
	LeftOut      BoardKind = "without" // all but one
	PeopleBoard  BoardKind = "human"   // the panel of people, where there are two and models
	ModelsBoard  BoardKind = "model"   // the panel of models, where there are two and people
)

// A JudgeBoard is one board.
type JudgeBoard struct {
	Kind   BoardKind
	Judge  string  // of JudgeAlone and LeftOut
	Scores []Score // by system
}

// Name is `panel`, `strict`, `judge rosa`, `without rosa`.
func (b *JudgeBoard) Name() string {
	if b.Judge == "" {
		return string(b.Kind)
	}
	return string(b.Kind) + " " + b.Judge
}

// A JudgeRange is what one system's value depends on.
type JudgeRange struct {
	System         string
	Alone, Without Spread
}

// A Spread is the least and the most of the boards that have a value.
type Spread struct {
	Boards    int
	Low, High *float64
}

// Width is High − Low, nil where there is none.
func (s Spread) Width() *float64 {
	if s.Low == nil {
		return nil
	}
	return published(new(*s.High - *s.Low))
}

func (s *Spread) take(v *float64) {
	if v == nil {
		return
	}
	s.Boards++
	if s.Low == nil || *v < *s.Low {
		s.Low = v
	}
	if s.High == nil || *v > *s.High {
		s.High = v
	}
}

// A Tau is Kendall's tau-b of two boards on the systems that both have.
type Tau struct {
	First, Second          string // names of boards
	Systems                int
	Value                  *float64
	Undefined              string
	Concordant, Discordant int64
}

// boards scores the primary by every panel. Each is a Run of its own: the same numbers
// as `score --panel` prints.
func (g *Agreement) boards(ctx context.Context, d *dataset.Dataset, who *Who) error {
	var sitting []string
	for _, w := range g.Annotators {
		if w.Sits {
			sitting = append(sitting, w.Name)
		}
	}
	judges := who.Controls
	if len(judges) == 0 { // a primary that needs no control
		judges = sitting
	}
	if len(judges) < 2 {
		g.NoBoards = "no second annotator: the board is that of " + strings.Join(judges, "")
		if len(judges) == 0 {
			g.NoBoards = "nobody sits on the panel"
		}
		return nil
	}
	rule := g.Spec.Rules.Panel.Rule
	if rule == "" {
		rule = reading.Median
	}
	type wanted struct {
		JudgeBoard
		rule string
		of   []string
	}
	of := g.Spec.Rules.Panel.Of
	list := []wanted{
		{JudgeBoard{Kind: PanelBoard}, rule, of}, {JudgeBoard{Kind: StrictBoard}, reading.Strict, of}, {JudgeBoard{Kind: LenientBoard}, reading.Lenient, of},
	}
	for _, j := range judges {
		list = append(list, wanted{JudgeBoard{Kind: JudgeAlone, Judge: j}, rule, []string{j}})
	}
	if len(judges) > 2 { // without one of two is the other alone
		for _, j := range judges {
			rest := slices.DeleteFunc(slices.Clone(sitting), func(o string) bool { return o == j })
			list = append(list, wanted{JudgeBoard{Kind: LeftOut, Judge: j}, rule, rest})
		}
	}
	if people, models := kindsOf(d, &g.Spec.Rules.Panel); len(people) > 0 && len(models) > 0 {
		for _, side := range []struct {
			kind BoardKind
			of   []string
		}{{PeopleBoard, people}, {ModelsBoard, models}} {
			if seen := slices.DeleteFunc(side.of, func(o string) bool { return !slices.Contains(sitting, o) }); len(seen) > 1 {
				list = append(list, wanted{JudgeBoard{Kind: side.kind}, rule, seen})
			}
		}
	}
	out := &JudgeBoards{}
	for _, x := range list {
		spec := g.Spec
		spec.Metrics, spec.By = []string{spec.Primary}, nil
		spec.Rules.Panel.Rule, spec.Rules.Panel.Of = x.rule, x.of
		b, err := Run(ctx, []*dataset.Dataset{d}, spec)
		if err != nil {
			return fmt.Errorf("board of %s: %w", x.Name(), err)
		}
		if out.Systems == nil {
			out.Systems, out.Primary = b.Systems, b.Spec.Primary
		}
		for yi := range b.Systems {
			x.Scores = append(x.Scores, *b.At(0, yi, b.Primary()))
		}
		out.Boards = append(out.Boards, x.JudgeBoard)
	}
	if !slices.ContainsFunc(out.Boards, func(b JudgeBoard) bool {
		return slices.ContainsFunc(b.Scores, func(s Score) bool { return s.Value != nil })
	}) {
		if g.NoBoards = fmt.Sprintf("no system has %s by any panel: %s", out.Primary, out.Boards[0].Scores[0].Undefined); len(who.Controls) == 0 {
			g.NoBoards = fmt.Sprintf("nobody gave control, so no system has %s", out.Primary)
		}
		return nil
	}
	out.spread()
	if err := out.taus(); err != nil {
		return err
	}
	g.Boards = out
	return nil
}

func (o *JudgeBoards) spread() {
	for yi, system := range o.Systems {
		r := JudgeRange{System: system}
		for i := range o.Boards {
			switch v := o.Boards[i].Scores[yi].Value; o.Boards[i].Kind {
			case JudgeAlone:
				r.Alone.take(v)
			case LeftOut:
				r.Without.take(v)
			}
		}
		o.Ranges = append(o.Ranges, r)
	}
}

func (o *JudgeBoards) taus() error {
	for j := range o.Boards {
		for i := range j {
			t := Tau{First: o.Boards[i].Name(), Second: o.Boards[j].Name()}
			var x, y []float64
			for yi := range o.Systems {
				if u, v := o.Boards[i].Scores[yi].Value, o.Boards[j].Scores[yi].Value; u != nil && v != nil {
					x, y = append(x, *u), append(y, *v)
				}
			}
			t.Systems = len(x)
			c, err := stat.NewConcordance(x, y)
			if err != nil {
				return err
			}
			t.Concordant, t.Discordant = c.Concordant, c.Discordant
			v, err := c.TauB()
			switch {
			case len(x) < 2:
				t.Undefined = "fewer than two systems have both"
			case err != nil:
				if t.Undefined, err = undefinedWhy(err); err != nil {
					return err
				}
			default:
				t.Value = published(&v)
			}
			o.Taus = append(o.Taus, t)
		}
	}
	slices.SortStableFunc(o.Taus, func(a, b Tau) int { return o.place(a.First) - o.place(b.First) })
	return nil
}

func (o *JudgeBoards) place(name string) int {
	return slices.IndexFunc(o.Boards, func(b JudgeBoard) bool { return b.Name() == name })
}

// Board is the first board of a kind and judge; nil = none.
func (o *JudgeBoards) Board(kind BoardKind, judge string) *JudgeBoard {
	for i := range o.Boards {
		if b := &o.Boards[i]; b.Kind == kind && b.Judge == judge {
			return b
		}
	}
	return nil
}
