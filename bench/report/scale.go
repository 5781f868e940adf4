package report

import (
	"math"
	"strconv"

	"github.com/righting-bench/righting/bench"
)

// A scale is what the intervals of one metric are drawn on: 0 to 1, and further out in
// whole numbers where intervals reach beyond.
type scale struct{ first, last float64 }

// Columns of whiskers: of the metric that ranks, of one beside it, and of one between
// the ends of its scale.
const (
	primaryWidth = 14
	besideWidth  = 8
	framedWidth  = 12
)

// scales are the scales of metrics by name.
type scales map[string]scale

// scalesOf looks at every interval of a board.
func scalesOf(b *bench.Board) scales {
	out := scales{}
	for _, scores := range [][]bench.Score{b.Scores, b.Hard, b.Divergence} {
		for i := range scores {
			if sc := &scores[i]; sc.Low != nil {
				s := out.of(sc.Metric)
				out[sc.Metric] = scale{min(s.first, math.Floor(*sc.Low)), max(s.last, math.Ceil(*sc.High))}
			}
		}
	}
	return out
}

// of is the scale of a metric, 0 to 1 where it has no interval.
func (s scales) of(metric string) scale {
	if at, ok := s[metric]; ok {
		return at
	}
	return scale{0, 1}
}

// draw is the whisker of a score, absent where it has no interval.
func (s scale) draw(sc *bench.Score, width int) any {
	if sc.Value == nil || sc.Low == nil {
		return nil
	}
	return orNone(Whisker(*sc.Low, *sc.Value, *sc.High, s.first, s.last, width))
}

// framed is draw between the ends of the scale.
func (s scale) framed(sc *bench.Score) any {
	drawn, ok := s.draw(sc, framedWidth).(string)
	if !ok {
		return nil
	}
	first, last := s.texts()
	return first + "│" + drawn + "│" + last
}

// ends is the scale as a heading: its first number to the left, its last to the right.
func (s scale) ends(width int) string {
	first, last := s.texts()
	for len(first)+len(last) < width {
		first += " "
	}
	return first + last
}

func (s scale) texts() (first, last string) {
	return strconv.FormatFloat(s.first, 'g', 4, 64), strconv.FormatFloat(s.last, 'g', 4, 64)
}

// picture is the column of a metric's whiskers.
func picture(name string, s scale, width int) Column {
	return Column{Name: name, Title: s.ends(width), Drawing: true, Doc: "the interval on its scale"}
}

// beside are the columns of a metric that stands beside others: the number, its
// interval's ends, and the interval drawn.
func beside(name, doc string, s scale) []Column {
	return []Column{
		{Name: name, Kind: Float, Doc: doc},
		{Name: name + "_low", Title: "low", Kind: Float, Drawn: true, Doc: "lower end of its interval"},
		{Name: name + "_high", Title: "high", Kind: Float, Drawn: true, Doc: "upper end of its interval"},
		picture(name+"_interval", s, besideWidth),
	}
}

// standsBeside are the cells of beside.
func standsBeside(sc *bench.Score, s scale) []any {
	return []any{number(sc.Value), number(sc.Low), number(sc.High), s.draw(sc, besideWidth)}
}
