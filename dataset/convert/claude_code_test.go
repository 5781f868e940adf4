package convert

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBranches: answers that were left are trajectories of their own, but not more than
// so many bytes of them.
func TestBranches(t *testing.T) {
	t.Chdir(t.TempDir())
	line := func(uuid, parent, role, text string) string {
		return fmt.Sprintf(`{"type":"%s","uuid":"%s","parentUuid":%s,"sessionId":"s","message":{"role":"%s","content":"%s"}}`+"\n", role, uuid, parent, role, text)
	}
	var b strings.Builder
	parent := "null"
	for i := range 200 { // 20 MB
		b.WriteString(line(fmt.Sprint("u", i), parent, "user", repeat("x", 100_000)))
		parent = fmt.Sprintf(`"u%d"`, i)
	}
	for i := range 10 {
		b.WriteString(line(fmt.Sprint("a", i), parent, "assistant", fmt.Sprint("answer ", i)))
	}
	put(t, "in.jsonl", b.String())
	report, err := Run(t.Context(), []string{"in.jsonl"}, Options{Output: "ds", System: "m"})
	require.NoError(t, err)
	// 3 branches of 20 MB are below 64 MiB; the lines of 6 others are left
	require.Equal(t, "210 records = 204 written + 0 rejected + 6 skipped; 4 trajectories, 1 scenarios, 0 annotations", report.String())
	require.Contains(t, report.Notices, "in.jsonl:204: branches beyond 64 MiB in all are not read (the first of 6)")
	for i, row := range converted(t, "ds") {
		id, answer := "s", 9
		if i > 0 {
			id, answer = fmt.Sprint("s~a", i-1), i-1
		}
		require.Equal(t, id, row.TrajectoryID)
		require.Len(t, row.Turns, 201)
		require.Equal(t, fmt.Sprint("answer ", answer), row.Turns[200].Text)
	}
}
