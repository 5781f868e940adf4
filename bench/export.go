package bench

import (
	"context"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// Readings calls emit with the readings of a dataset in the order of its annotations,
// a batch a row group. The rows belong to the callee.
func Readings(ctx context.Context, d *dataset.Dataset, spec Spec, emit func([]schema.ReadingRow) error) error {
	if err := spec.Check(); err != nil {
		return err
	}
	everything(d, &spec)
	digest, v := spec.Rules.Digest(), d.Vocabulary()
	_, err := read(ctx, d, &spec.Rules,
		func() *[]schema.ReadingRow { return new([]schema.ReadingRow) },
		func(rows *[]schema.ReadingRow, c *reading.Case, r *reading.Reading) error {
			*rows = append(*rows, r.Row(c, v, record(c, &spec.Rules), digest))
			return nil
		},
		func(rows *[]schema.ReadingRow) error { return emit(*rows) })
	return err
}

// Coverage is what the readings behind counts were, by name, summed over everything.
func Coverage(t *metrics.Table) map[string]int64 {
	out := map[string]int64{}
	for _, row := range t.CountRows() {
		if name, ok := strings.CutPrefix(row.Metric, "readings["); ok {
			out[strings.TrimSuffix(name, "]")] += row.N
		}
	}
	return out
}

// Rows is the scores as rows of the scores table, in the board's order.
func (b *Board) Rows() []schema.ScoreRow { return b.ScoreRows(b.Scores) }

// ScoreRows is scores of the board as rows of the scores table.
func (b *Board) ScoreRows(scores []Score) []schema.ScoreRow {
	rows := make([]schema.ScoreRow, len(scores))
	for i := range scores {
		s := &scores[i]
		row := schema.ScoreRow{
			System: s.System, Slice: s.Slice.String(), Metric: s.Metric,
			Value: s.Value, Low: s.Low, High: s.High, Worst: s.Worst, Best: s.Best,
			N: s.N, Scenarios: s.Scenarios, Missing: s.Missing, Untested: s.Untested, Undecided: s.Undecided,
			Unlabelled: s.Unlabelled, Notes: s.Notes, Rules: b.Digest,
		}
		if s.Interval != "" {
			method := string(s.Interval)
			row.Interval = &method
		}
		if s.Rank != nil {
			point, low, high := int32(s.Rank.Point), int32(s.Rank.Low), int32(s.Rank.High)
			row.Rank, row.RankLow, row.RankHigh = &point, &low, &high
		}
		if s.Undefined != "" {
			row.Undefined = &s.Undefined
		}
		rows[i] = row
	}
	return rows
}
