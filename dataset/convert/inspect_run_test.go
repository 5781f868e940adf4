package convert

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// TestInspectSameBytes: neither workers nor an interruption change what is written of a
// folder of logs, nor what dataset.yaml declares of those who judged.
func TestInspectSameBytes(t *testing.T) {
	text, err := os.ReadFile("testdata/inspect.json")
	require.NoError(t, err)
	files := evalFiles(t)
	t.Chdir(t.TempDir())
	for i := range 3 {
		other := func(text []byte) string {
			return strings.NewReplacer(`"uuid": "`, fmt.Sprintf(`"uuid": "%d-`, i), `"eval_id": "`, fmt.Sprintf(`"eval_id": "%d-`, i)).Replace(string(text))
		}
		put(t, filepath.Join("logs", fmt.Sprintf("%d.json", i)), other(text))
		var others []txtar.File
		for _, f := range files {
			others = append(others, txtar.File{Name: f.Name, Data: []byte(other(f.Data))})
		}
		put(t, filepath.Join("logs", fmt.Sprintf("%d.eval", i)), string(archived(t, others, packing{zipZstd, 1000})))
	}
	o := Options{Output: "ds", MaxErrorRate: 1, chunk: 2000, shard: 5000}
	want, alone := run1(t, "logs", o)
	require.NotZero(t, alone.Rejected)
	require.Greater(t, len(want), 6, "several shards")
	for _, workers := range []int{1, 2, 7} {
		o.Workers = workers
		got, report := run1(t, "logs", o)
		require.Equal(t, want, got, "%d workers", workers)
		require.Equal(t, alone.Notices, report.Notices)
	}
	resumed := 0
	for at := 2; at <= alone.Rejected; at += 7 {
		seen := 0
		interrupted := o
		interrupted.Rejecting.Reject = func(dataset.Reject) error {
			if seen++; seen == at {
				return &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
			}
			return nil
		}
		_, err := Run(t.Context(), []string{"logs"}, interrupted)
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.NoDirExists(t, "ds")
		got, report := run1(t, "logs", o)
		require.Equal(t, want, got, "interrupted at reject %d", at)
		require.Equal(t, alone.String(), report.String())
		if report.Resumed > 0 {
			resumed++
		}
	}
	require.NotZero(t, resumed)
}
