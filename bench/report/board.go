package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
)

// unasked are the metrics that stand on a board unasked, after the primary.
var unasked = []string{"hold_rate", "held_turns", "relapse_rate"}

// Board is the leaderboard: one row per slice and system, the best first, systems
// without a rank last with their bounds. columns are the metrics shown beside the
// primary; nil is hold_rate, held_turns, relapse_rate and what the dataset measures,
// as far as any system has them. Each has its interval, drawn where a format can.
func Board(b *bench.Board, columns []string) *Table {
	t := &Table{Name: "board", Caption: Caption(b), Notes: notes(b)}
	p := b.Primary()
	others := show(b, columns)
	sliced := len(b.Slices) > 1
	if sliced {
		t.Columns = append(t.Columns, Column{Name: "slice", Doc: "column=value; empty = the whole"})
	}
	primary, scale := b.Metrics[p].Name, scalesOf(b)
	t.Columns = append(t.Columns,
		Column{Name: "rank", Doc: "the ranks that the data allow, for all systems at once"},
		Column{Name: "system", Doc: "what is ranked"},
		Column{Name: primary, Kind: Float, Doc: firstLine(b.Metrics[p])},
		Column{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		Column{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		picture("interval", scale.of(primary), primaryWidth),
		Column{Name: "worst", Kind: Float, Doc: "with every gap lost"},
		Column{Name: "best", Kind: Float, Doc: "with every gap governed, unproven and too late as 1"},
		Column{Name: "n", Kind: Int, Doc: "readings in the primary metric"},
	)
	for _, o := range others {
		t.Columns = append(t.Columns, beside(o.name, o.doc, scale.of(o.metric))...)
	}
	t.Columns = append(t.Columns,
		Column{Name: "scenarios", Kind: Int, Doc: "clusters in the primary metric"},
		Column{Name: "untested", Kind: Int, Wide: true, Doc: "readings left out because nothing pressed"},
		Column{Name: "undecided", Kind: Int, Wide: true, Doc: "readings left out because the gaps would decide"},
	)
	for si := range b.Slices {
		for _, yi := range standing(b, si) {
			sc := b.At(si, yi, p)
			var row []any
			if sliced {
				row = append(row, orNone(b.Slices[si].String()))
			}
			row = append(row, rank(sc), sc.System, number(sc.Value), number(sc.Low), number(sc.High), scale.of(primary).draw(sc, primaryWidth),
				number(sc.Worst), number(sc.Best), sc.N)
			for _, o := range others {
				row = append(row, standsBeside(o.at(si, yi), scale.of(o.metric))...)
			}
			t.Rows = append(t.Rows, append(row, sc.Scenarios, sc.Untested, sc.Undecided))
		}
	}
	return t
}

// Scores is every score of a board, a row each: the scores table, with each interval
// drawn for people.
func Scores(b *bench.Board) *Table {
	t := Rows(schema.Scores, b.Rows())
	t.Caption = Caption(b)
	scale := scalesOf(b)
	at := 1 + slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == "high" })
	t.Columns = slices.Insert(t.Columns, at, Column{Name: "drawn", Title: "on its scale", Drawing: true, Doc: "the interval on its scale"})
	for i := range t.Rows {
		sc := &b.Scores[i]
		t.Rows[i] = slices.Insert(t.Rows[i], at, scale.of(sc.Metric).framed(sc))
	}
	return t
}

// An other is what stands beside the primary.
type other struct {
	name, doc, metric string
	at                func(slice, system int) *bench.Score
}

// show is what stands beside the primary: the metrics, and after the first of them the
// primary on hard cases, where any are declared.
func show(b *bench.Board, columns []string) []other {
	var out []other
	for _, mi := range places(b, columns) {
		m := b.Metrics[mi]
		out = append(out, other{m.Name, firstLine(m), m.Name, func(si, yi int) *bench.Score { return b.At(si, yi, mi) }})
	}
	if b.Hard != nil {
		primary := b.Metrics[b.Primary()].Name
		out = slices.Insert(out, min(1, len(out)), other{
			"hard", primary + " on path_to_victory 2 and 3", primary,
			func(si, yi int) *bench.Score { return &b.Hard[si*len(b.Systems)+yi] },
		})
	}
	return out
}

// places are the metrics beside the primary.
func places(b *bench.Board, columns []string) []int {
	nobody := columns == nil // asked
	if nobody {
		columns = unasked
		for _, m := range b.Metrics {
			if m.Group == metrics.Measures {
				columns = append(slices.Clone(columns), m.Name)
			}
		}
	}
	var out []int
	for _, name := range columns {
		for i, m := range b.Metrics {
			if i != b.Primary() && (m.Name == name || strings.HasPrefix(m.Name, name+"@")) && !slices.Contains(out, i) && !(nobody && absent(b, i)) {
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

func firstLine(m *metrics.Metric) string {
	line, _, _ := strings.Cut(m.Doc, "\n")
	return line
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
