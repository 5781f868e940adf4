package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/schema"
)

// Profiles are a block for each system and slice, the best first: the number that ranks,
// with all that stands beside it, then the profile. The conditions of the board stand
// above the first, what all blocks say below the last.
func Profiles(b *bench.Board) []*Table {
	scale := scalesOf(b)
	profiles := b.Profiles()
	var out []*Table
	var said [][]remark
	for si := range b.Slices {
		for _, yi := range standing(b, si) {
			p := profiles[si*len(b.Systems)+yi]
			t := block(b, p, scale)
			t.Caption = append(t.Caption, priorities(b.Priorities(si, yi))...)
			out, said = append(out, t), append(said, remarks(p))
		}
	}
	var common []remark
	if len(out) > 1 {
		common = slices.DeleteFunc(slices.Clone(said[0]), func(r remark) bool {
			return slices.ContainsFunc(said, func(list []remark) bool { return !slices.Contains(list, r) })
		})
	}
	for i, t := range out {
		t.Notes = lines("", slices.DeleteFunc(said[i], func(r remark) bool { return slices.Contains(common, r) }))
	}
	last := out[len(out)-1]
	last.Notes = append(last.Notes, lines("all: ", common)...)
	out[0].Caption = slices.Concat(Caption(b), []string{""}, out[0].Caption)
	return out
}

func block(b *bench.Board, profile []bench.Score, scale scales) *Table {
	head := &profile[0]
	title := head.System
	if s := head.Slice.String(); s != "" {
		title += " (" + s + ")"
	}
	if r := rank(head); r != nil {
		title += fmt.Sprintf(": rank %s of %d", r, ranked(b, head))
	}
	t := &Table{Name: "profile", Caption: []string{title}, Columns: []Column{
		{Name: "number", Uncut: true, Doc: "what it is"},
		{Name: "value", Kind: Float, Doc: "the number"},
		{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		{Name: "drawn", Title: "interval", Drawing: true, Doc: "the interval on its scale"},
		{Name: "worst", Kind: Float, Doc: "with every gap against it"},
		{Name: "best", Kind: Float, Doc: "with every gap for it"},
		{Name: "n", Kind: Int, Doc: "denominator: readings, units or judgements"},
		{Name: "scenarios", Kind: Int, Doc: "clusters in it"},
	}}
	for i := range profile {
		sc := &profile[i]
		t.Rows = append(t.Rows, []any{
			sc.Metric, number(sc.Value), number(sc.Low), number(sc.High), scale.of(sc.Metric).framed(sc),
			number(sc.Worst), number(sc.Best), sc.N, sc.Scenarios,
		})
	}
	return t
}

// priorities is which target wins over which, for people; no line where none competes.
func priorities(order []bench.Score) []string {
	if len(order) == 0 {
		return nil
	}
	var wins, never []string
	for _, sc := range order {
		_, target, _ := strings.Cut(strings.TrimSuffix(sc.Metric, "]"), "[")
		if *sc.Value == 0 {
			never = append(never, target)
		} else {
			wins = append(wins, fmt.Sprintf("%s %.2f of %d", target, *sc.Value, sc.N))
		}
	}
	lines := wrap("enacted priorities, by contests won: ", " > ", wins...)
	if len(never) > 0 {
		lines = append(lines, wrap("no contest won: ", ", ", never...)...)
	}
	return lines
}

// ranked is how many systems have a rank in the slice of a score.
func ranked(b *bench.Board, head *bench.Score) (n int) {
	for si := range b.Slices {
		if b.Slices[si].String() != head.Slice.String() {
			continue
		}
		for yi := range b.Systems {
			if b.At(si, yi, b.Primary()).Rank != nil {
				n++
			}
		}
	}
	return n
}

// A remark is what one number says.
type remark struct{ metric, text string }

// remarks are why there is no value, and what else a reader should know.
func remarks(profile []bench.Score) (out []remark) {
	for i := range profile {
		sc := &profile[i]
		if sc.Undefined != "" {
			out = append(out, remark{sc.Metric, sc.Undefined})
		}
		for _, n := range sc.Notes {
			out = append(out, remark{sc.Metric, n})
		}
	}
	return out
}

// lines are remarks, one line for what several numbers say.
func lines(prefix string, said []remark) (out []string) {
	for i, r := range said {
		if slices.ContainsFunc(said[:i], func(had remark) bool { return had.text == r.text }) {
			continue
		}
		var who []string
		for _, other := range said[i:] {
			if other.text == r.text {
				who = append(who, other.metric)
			}
		}
		out = append(out, prefix+strings.Join(who, ", ")+": "+r.text)
	}
	return out
}

// ProfileRows is the profiles as rows of the scores table, for programs.
func ProfileRows(b *bench.Board) []schema.ScoreRow {
	return b.ScoreRows(slices.Concat(b.Profiles()...))
}

// ProfileJSON is BoardJSON with the profiles in place of all scores.
func ProfileJSON(w io.Writer, b *bench.Board) error {
	doc := jsonBoardOf(b)
	scores := slices.Concat(b.Profiles()...)
	for i := range scores {
		doc.Profile = append(doc.Profile, jsonScoreOf(&scores[i]))
	}
	return doc.write(w)
}
