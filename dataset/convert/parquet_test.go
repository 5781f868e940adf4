package convert

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// TestParquet reads rows in pieces of several sizes, as the format that they are in.
func TestParquet(t *testing.T) {
	chat, err := os.ReadFile("testdata/chat.parquet")
	require.NoError(t, err)
	people, err := os.ReadFile("testdata/sharegpt.parquet")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	put(t, "chat.parquet", string(chat))
	put(t, "people.parquet", string(people))
	put(t, "cut.parquet", string(chat[:len(chat)/2]))
	for _, c := range []struct{ chunk, shard int }{{0, 0}, {1, 1}, {200, 1}, {200, 0}} {
		report, err := Run(t.Context(), []string{"chat.parquet"}, Options{Output: "ds", Force: true, Workers: 2, chunk: c.chunk, shard: c.shard})
		require.NoError(t, err)
		require.Equal(t, openAIChat, report.Format)
		require.Equal(t, "4 records = 2 written + 2 rejected + 0 skipped; 2 trajectories, 2 scenarios, 0 annotations", report.String())
		require.Equal(t, "chat.parquet:2: messages[0].role: unknown role \"narrator\"", report.Rejects[0].Error())
		require.Equal(t, "chat.parquet:3: score: an infinite number", report.Rejects[1].Error())
		rows := converted(t, "ds")
		require.Equal(t, "user:hi \"x\"\n|assistant:|tool:1|assistant:ho", texts(rows[0]))
		require.Equal(t, "user:z", texts(rows[1]))
	}
	_, err = Run(t.Context(), []string{"people.parquet"}, Options{Output: "people"})
	require.NoError(t, err)
	require.Equal(t, "user:hi|assistant:ho", texts(converted(t, "people")[0]))
	_, err = Run(t.Context(), []string{"chat.parquet"}, Options{Output: "other", Format: codex})
	require.EqualError(t, err, "chat.parquet: codex is not read from Parquet")
	_, err = Run(t.Context(), []string{"cut.parquet"}, Options{Output: "other"})
	require.ErrorIs(t, err, dataset.ErrCorrupt)
}
