package report

import (
	"fmt"
	"io"
	"slices"

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
	for si := range b.Slices {
		for _, yi := range standing(b, si) {
			out = append(out, block(b, profiles[si*len(b.Systems)+yi], scale))
		}
	}
	shared(out)
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
		{Name: "number", Doc: "what it is"},
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
			sc.Metric, number(sc.Value), number(sc.Low), number(sc.High), scale.of(sc.Metric).framed(sc, primaryWidth),
			number(sc.Worst), number(sc.Best), sc.N, sc.Scenarios,
		})
		if sc.Undefined != "" {
			t.Notes = append(t.Notes, sc.Metric+": "+sc.Undefined)
		}
		for _, n := range sc.Notes {
			t.Notes = append(t.Notes, sc.Metric+": "+n)
		}
	}
	return t
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

// shared moves notes that every block has below the last.
func shared(blocks []*Table) {
	if len(blocks) < 2 {
		return
	}
	common := slices.DeleteFunc(slices.Clone(blocks[0].Notes), func(n string) bool {
		return slices.ContainsFunc(blocks, func(t *Table) bool { return !slices.Contains(t.Notes, n) })
	})
	for _, t := range blocks {
		t.Notes = slices.DeleteFunc(t.Notes, func(n string) bool { return slices.Contains(common, n) })
	}
	last := blocks[len(blocks)-1]
	for _, n := range common {
		last.Notes = append(last.Notes, "all: "+n)
	}
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
