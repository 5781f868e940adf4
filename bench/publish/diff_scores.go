package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
)

// A Move is a score that is not what it was. Numbers have six significant digits; nil is no
// number.
type Move struct {
	System, Slice, Metric string
	Primary               bool // the metric that ranks
	Old, New              *float64
	Change                *float64 // New − Old
	OldRank, NewRank      string   // `2–5`; "" = none
}

// scores compares the boards of both, each by its own rules.
func (x *differ) scores(ctx context.Context) error {
	older, err := boardOf(ctx, x.old)
	if err == nil {
		var newer *bench.Board
		if newer, err = boardOf(ctx, x.new); err == nil {
			x.moves(older, newer)
		}
	}
	if err != nil && ctx.Err() == nil {
		x.d.NoScores = err.Error()
		return nil
	}
	return err
}

func boardOf(ctx context.Context, d *dataset.Dataset) (*bench.Board, error) {
	spec, err := specOf(d, d.Path)
	if err != nil {
		return nil, err
	}
	return bench.Run(ctx, []*dataset.Dataset{d}, spec)
}

func (x *differ) moves(older, newer *bench.Board) {
	type at struct{ system, slice, metric string }
	was := map[at]*bench.Score{}
	for i := range older.Scores {
		s := &older.Scores[i]
		was[at{s.System, s.Slice.String(), s.Metric}] = s
	}
	primary := newer.Metrics[newer.Primary()].Name
	add := func(k at, a, b *bench.Score) {
		m := Move{System: k.system, Slice: k.slice, Metric: k.metric, Primary: k.metric == primary, OldRank: rankOf(a), NewRank: rankOf(b)}
		if a != nil {
			m.Old = a.Value
		}
		if b != nil {
			m.New = b.Value
		}
		if same(m.Old, m.New) && m.OldRank == m.NewRank {
			return
		}
		if m.Old != nil && m.New != nil {
			change := *m.New - *m.Old
			m.Change = &change
		}
		x.d.Moves = append(x.d.Moves, m)
	}
	for i := range newer.Scores {
		s := &newer.Scores[i]
		k := at{s.System, s.Slice.String(), s.Metric}
		add(k, was[k], s)
		delete(was, k)
	}
	for i := range older.Scores {
		s := &older.Scores[i]
		k := at{s.System, s.Slice.String(), s.Metric}
		if was[k] != nil {
			add(k, s, nil)
		}
	}
	size := func(m Move) float64 {
		if m.Change == nil {
			return math.Inf(1)
		}
		return math.Abs(*m.Change)
	}
	slices.SortStableFunc(x.d.Moves, func(a, b Move) int {
		first := func(m Move) int {
			if m.Primary {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(first(a), first(b)), strings.Compare(a.Metric, b.Metric), strings.Compare(a.Slice, b.Slice),
			-cmp.Compare(size(a), size(b)), strings.Compare(a.System, b.System))
	})
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return report.Number(*a) == report.Number(*b)
}

func rankOf(s *bench.Score) string {
	if s == nil || s.Rank == nil {
		return ""
	}
	if s.Rank.Low == s.Rank.High {
		return fmt.Sprint(s.Rank.Low)
	}
	return fmt.Sprintf("%d–%d", s.Rank.Low, s.Rank.High)
}

// sumOf is the hash of a file.
func sumOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
