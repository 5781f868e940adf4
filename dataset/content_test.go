package dataset

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

func TestContentID(t *testing.T) {
	base := func() *schema.Trajectory { return spoken("", "suapt") }
	want := ContentID(base())
	require.Len(t, want, 32)
	require.Equal(t, "d02c9a14616ad12c", want[:16], "by hashlib; it never changes: datasets are joined by it")
	same := base()
	same.TrajectoryID, same.AssistantTurns, same.Terminal, same.SourceFormat = "x", 9, nil, new("f")
	require.Equal(t, want, ContentID(same))
	seen := map[string]bool{want: true}
	for _, change := range []func(*schema.Trajectory){
		func(t *schema.Trajectory) { t.SourceID = new("") },
		func(t *schema.Trajectory) { t.System += "x" },
		func(t *schema.Trajectory) { t.Model = nil },
		func(t *schema.Trajectory) { t.Condition, t.Agent = nil, t.Condition },
		func(t *schema.Trajectory) { t.Repeat++ },
		func(t *schema.Trajectory) { t.Setting = "interaction" },
		func(t *schema.Trajectory) { t.Turns = t.Turns[:3] },
		func(t *schema.Trajectory) { t.Turns[0].Role = "developer" },
		func(t *schema.Trajectory) { t.Turns[0].Text += "x" },
		func(t *schema.Trajectory) { t.Turns[1].Name = new("x") },
		func(t *schema.Trajectory) { t.Turns[1].ToolCallID = new("x") },
		func(t *schema.Trajectory) { t.Turns[3].Prefilled = nil },
	} {
		u := base()
		change(u)
		id := ContentID(u)
		require.False(t, seen[id])
		seen[id] = true
	}
}
