package dataset

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// TestColumns holds that trajectories are taken apart as parquet does by reflection.
func TestColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	text := func() string { return fmt.Sprint(r.IntN(1000))[r.IntN(2):] }
	maybe := func() *string {
		if r.IntN(2) == 0 {
			return nil
		}
		s := text()
		return &s
	}
	s := parquet.SchemaOf(new(schema.Trajectory))
	got, want := make(columns, len(s.Columns())), make(columns, len(s.Columns()))
	for n := range 40 {
		row := schema.Trajectory{
			TrajectoryID: text(), System: text(), Model: maybe(), Agent: maybe(), Scenario: text(), Condition: maybe(),
			Repeat: r.Int32(), Setting: text(), AssistantTurns: r.Int32(), Exchanges: r.Int32(), Terminal: maybe(),
			Error: maybe(), Split: maybe(), SourceFormat: maybe(), SourceID: maybe(), MetadataJSON: maybe(),
		}
		if n%2 == 0 {
			at := r.Int64()
			row.StartedAt = &at
		}
		for i := range n % 5 {
			u := schema.Turn{
				Index: int32(i), Role: text(), Text: text(), Reasoning: maybe(), Name: maybe(),
				ToolCallsJSON: maybe(), ToolCallID: maybe(), SourceID: maybe(),
			}
			if r.IntN(2) == 0 {
				prefilled := r.IntN(2) == 0
				u.Prefilled = &prefilled
			}
			row.Turns = append(row.Turns, u)
		}
		got.add(&row)
		for i, values := range s.Deconstruct(nil, &row).Range {
			want[i] = append(want[i], values...)
		}
	}
	for i, path := range s.Columns() {
		require.Equal(t, len(want[i]), len(got[i]), path)
		for k := range want[i] {
			require.Equal(t, fmt.Sprintf("%+v", want[i][k]), fmt.Sprintf("%+v", got[i][k]), path)
			require.True(t, parquet.DeepEqual(want[i][k], got[i][k]), path)
		}
	}
	got.reset()
	for i := range got {
		require.Empty(t, got[i])
	}
}
