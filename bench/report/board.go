package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/metrics"
)

// beside are the metrics that stand on a board unasked, after the primary.
var beside = []string{"hold_rate", "held_turns", "relapse_rate"}

// Board is the leaderboard: one row per slice and system, the best first, systems
// without a rank last with their bounds. columns are the metrics shown beside the
// primary; nil is hold_rate, held_turns, relapse_rate and what the dataset measures,
// as far as any system has them.
func Board(b *bench.Board, columns []string) *Table {
	t := &Table{Name: "board", Caption: caption(b), Notes: notes(b)}
	p := b.Primary()
	shown := show(b, columns)
	sliced := len(b.Slices) > 1
	if sliced {
		t.Columns = append(t.Columns, Column{Name: "slice", Doc: "column=value; empty = the whole"})
	}
	primary := b.Metrics[p].Name
	t.Columns = append(t.Columns,
		Column{Name: "rank", Doc: "the ranks that the data allow, for all systems at once"},
		Column{Name: "system", Doc: "what is ranked"},
		Column{Name: primary, Kind: Float, Doc: firstLine(b.Metrics[p])},
		Column{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		Column{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		Column{Name: "interval", Title: "0            1", Drawing: true, Doc: "the interval on its scale"},
		Column{Name: "worst", Kind: Float, Doc: "with every gap lost"},
		Column{Name: "best", Kind: Float, Doc: "with every gap governed, unproven and too late as 1"},
	)
	if b.Hard != nil {
		t.Columns = append(t.Columns, Column{Name: "hard", Kind: Float, Doc: primary + " on path_to_victory 2 and 3"})
	}
	for _, mi := range shown {
		t.Columns = append(t.Columns, Column{Name: b.Metrics[mi].Name, Kind: Float, Doc: firstLine(b.Metrics[mi])})
	}
	t.Columns = append(t.Columns,
		Column{Name: "n", Kind: Int, Doc: "readings in the primary metric"},
		Column{Name: "scenarios", Kind: Int, Doc: "clusters in it"},
		Column{Name: "untested", Kind: Int, Wide: true, Doc: "readings left out because nothing pressed"},
		Column{Name: "undecided", Kind: Int, Wide: true, Doc: "readings left out because the gaps would decide"},
	)
	first, last := scale(b)
	for si := range b.Slices {
		for _, yi := range standing(b, si) {
			sc := b.At(si, yi, p)
			var row []any
			if sliced {
				row = append(row, orNone(b.Slices[si].String()))
			}
			row = append(row, rank(sc), sc.System, number(sc.Value), number(sc.Low), number(sc.High), drawn(sc, first, last), number(sc.Worst), number(sc.Best))
			if b.Hard != nil {
				row = append(row, number(b.Hard[si*len(b.Systems)+yi].Value))
			}
			for _, mi := range shown {
				row = append(row, number(b.At(si, yi, mi).Value))
			}
			t.Rows = append(t.Rows, append(row, sc.N, sc.Scenarios, sc.Untested, sc.Undecided))
		}
	}
	return t
}

// show is the places of the metrics beside the primary.
func show(b *bench.Board, columns []string) []int {
	unasked := columns == nil
	if unasked {
		columns = beside
		for _, m := range b.Metrics {
			if m.Group == metrics.Measures {
				columns = append(slices.Clone(columns), m.Name)
			}
		}
	}
	var out []int
	for _, name := range columns {
		for i, m := range b.Metrics {
			if i != b.Primary() && (m.Name == name || strings.HasPrefix(m.Name, name+"@")) && !slices.Contains(out, i) && !(unasked && absent(b, i)) {
				out = append(out, i)
			}
		}
	}
	return out
}

// absent is whether no system has a value of a metric.
func absent(b *bench.Board, metric int) bool {
	for yi := range b.Systems {
		if b.At(0, yi, metric).Value != nil {
			return false
		}
	}
	return true
}

// standing is the systems of a slice in the order of the board.
func standing(b *bench.Board, slice int) []int {
	order := make([]int, len(b.Systems))
	for i := range order {
		order[i] = i
	}
	place := func(sc *bench.Score) (int, float64) {
		switch {
		case sc.Rank != nil:
			return sc.Rank.Point, 0
		case sc.Value != nil: // a value without a rank: after the ranked, best first
			v := *sc.Value
			if b.Metrics[b.Primary()].Better != "lower" {
				v = -v
			}
			return len(b.Systems) + 1, v
		}
		return len(b.Systems) + 2, 0
	}
	slices.SortStableFunc(order, func(x, y int) int {
		xp, xv := place(b.At(slice, x, b.Primary()))
		yp, yv := place(b.At(slice, y, b.Primary()))
		return cmp.Or(cmp.Compare(xp, yp), cmp.Compare(xv, yv), cmp.Compare(b.Systems[x], b.Systems[y]))
	})
	return order
}

// rank is "2-10", "1", or "5=" where systems share a point rank and nothing is wider.
func rank(sc *bench.Score) any {
	switch r := sc.Rank; {
	case r == nil:
		return nil
	case r.Low == r.High && r.Tied:
		return fmt.Sprintf("%d=", r.Low)
	case r.Low == r.High:
		return fmt.Sprintf("%d", r.Low)
	default:
		return fmt.Sprintf("%d–%d", r.Low, r.High)
	}
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func orNone(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// scale is what whiskers are drawn on: 0 to 1 for shares, else the range seen.
func scale(b *bench.Board) (first, last float64) {
	first, last = 0, 1
	if b.Metrics[b.Primary()].Unit == "share" {
		return first, last
	}
	for si := range b.Slices {
		for yi := range b.Systems {
			if sc := b.At(si, yi, b.Primary()); sc.High != nil {
				first, last = min(first, *sc.Low), max(last, *sc.High)
			}
		}
	}
	return first, last
}

func drawn(sc *bench.Score, first, last float64) any {
	if sc.Value == nil || sc.Low == nil {
		return nil
	}
	return orNone(Whisker(*sc.Low, *sc.Value, *sc.High, first, last, 14))
}

func firstLine(m *metrics.Metric) string {
	line, _, _ := strings.Cut(m.Doc, "\n")
	return line
}

// caption is the conditions of the board: nothing is scored outside stated ones.
func caption(b *bench.Board) []string {
	r, record := b.Spec.Rules, b.Record
	if record == "" {
		record = "none (nobody gave control)"
	}
	out := []string{fmt.Sprintf("%s, settings %s, k = %d, annotator of record %s, rules %s",
		b.Metrics[b.Primary()].Name, strings.Join(b.Spec.Settings, " and "), r.Durable, record, short(b.Digest))}
	return append(out, b.Notices...)
}

func short(digest string) string { return digest[:min(len(digest), len("sha256:")+12)] }

// notes are what single scores of the primary metric say, once each.
func notes(b *bench.Board) []string {
	var out []string
	say := func(who, what string) {
		if line := who + ": " + what; !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	for si, sl := range b.Slices {
		for yi := range b.Systems {
			sc := b.At(si, yi, b.Primary())
			who := sc.System
			if s := sl.String(); s != "" {
				who += " (" + s + ")"
			}
			if sc.Undefined != "" {
				say(who, sc.Undefined)
			}
			for _, n := range sc.Notes {
				say(who, n)
			}
		}
	}
	return out
}
