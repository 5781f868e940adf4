package convert

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// simulations is a file of tau2 with that many, every tenth of which is wrong.
func simulations(n int) string {
	var b strings.Builder
	b.WriteString(`{"tasks":[{"id":"0"}],"simulations":[` + "\n")
	for i := range n {
		role := "user"
		if i%10 == 9 {
			role = "narrator"
		}
		fmt.Fprintf(&b, `{"id":"s%d","task_id":"0","trial":%d,"termination_reason":"user_stop","reward_info":{"reward":%d.25},"messages":[{"role":"%s","content":"%s"}]},`+"\n", i, i, i%2, role, repeat("[x]", 200))
	}
	return strings.TrimSuffix(b.String(), ",\n") + `],"info":{"environment_info":{"domain_name":"d"},"agent_info":{"llm":"m"}}}`
}

// sessions are lines of STS, with that many sessions, every tenth of which comes again.
func sessions(n int, of string) string {
	var b strings.Builder
	for i := range n {
		if i%10 == 9 {
			i--
		}
		fmt.Fprintf(&b, `{"type":"session","harness":"h","id":"%s%d"}`+"\n", of, i)
		fmt.Fprintf(&b, `{"type":"message","message":{"role":"user","content":"%s"}}`+"\n", repeat("x", 500))
	}
	return b.String()
}

// TestLayouts interrupts conversions of every layout and goes on, and reads the same from
// compressed files.
func TestLayouts(t *testing.T) {
	chat, err := os.ReadFile("testdata/chat.parquet")
	require.NoError(t, err)
	for name, in := range map[string][]string{
		"inside":   {simulations(300)},
		"gathered": {sessions(20, "a"), sessions(20, "b"), sessions(20, "c"), sessions(20, "d")},
		"rows":     {string(chat)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var files []string
			for i, text := range in {
				files = append(files, put(t, fmt.Sprintf("in%d", i), text))
			}
			o := Options{Output: "ds", chunk: 1 << 10, shard: 4 << 10}
			if name == "rows" {
				o.chunk, o.shard = 1, 1
			}
			alone, err := Run(t.Context(), files, o)
			require.NoError(t, err)
			require.NotZero(t, alone.Rejected)
			want := hashes(t, "ds")
			require.NoError(t, os.RemoveAll("ds"))

			seen := 0
			broken := o
			broken.Rejecting.Reject = func(dataset.Reject) error {
				if seen++; seen == len(alone.Rejects)/2+1 {
					return &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
				}
				return nil
			}
			_, err = Run(t.Context(), files, broken)
			require.ErrorIs(t, err, syscall.ENOSPC)
			o.Workers = 1
			report, err := Run(t.Context(), files, o)
			require.NoError(t, err)
			require.NotZero(t, report.Resumed)
			require.Equal(t, want, hashes(t, "ds"))
			require.Equal(t, alone.String(), report.String())

			if name == "rows" {
				return
			}
			for i, text := range in {
				var b bytes.Buffer
				if i%2 == 0 {
					w := gzip.NewWriter(&b)
					_, err = w.Write([]byte(text))
					require.NoError(t, err)
					require.NoError(t, w.Close())
				} else {
					w, err := zstd.NewWriter(&b)
					require.NoError(t, err)
					_, err = w.Write([]byte(text))
					require.NoError(t, err)
					require.NoError(t, w.Close())
				}
				put(t, files[i], b.String())
			}
			o.Force = true
			report, err = Run(t.Context(), files, o)
			require.NoError(t, err)
			require.Equal(t, alone.String(), report.String())
			require.Len(t, converted(t, "ds"), alone.Trajectories)
		})
	}
}

// TestSeenMeasures: what a format does not declare is declared as it was seen, also by a
// run that was gone on with.
func TestSeenMeasures(t *testing.T) {
	t.Chdir(t.TempDir())
	var b strings.Builder
	for i, score := range []string{"0.5", "1", "NaN", "0.125"} {
		fmt.Fprintf(&b, `{"doc_id":%d,"arguments":[["q"]],"resps":["a"],"filtered_resps":["a"],"metrics":["f1@k","acc"],"f1@k":%s,"acc":true}`+"\n", i, score)
	}
	put(t, "in.jsonl", b.String())
	_, err := Run(t.Context(), []string{"in.jsonl"}, Options{Output: "ds"})
	require.NoError(t, err)
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Len(t, d.Manifest.Measures, 2)
	require.InDelta(t, 0.001, d.Manifest.Measures["f1-at-k"].Step, 0)
	require.InDelta(t, 1, d.Manifest.Measures["acc"].Step, 0)
	require.Equal(t, "rule", d.Manifest.Annotators["lm-eval"].Kind)
}

// TestPiped reads every layout from standard input.
func TestPiped(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, trajectories := range map[string]int{simulations(9): 9, sessions(9, "a"): 9, bom + simulations(1): 1} {
		report, err := Run(t.Context(), []string{"-"}, Options{Output: "ds", Force: true, Stdin: strings.NewReader(text)})
		require.NoError(t, err)
		require.Equal(t, trajectories, report.Trajectories)
	}
	_, err := Run(t.Context(), []string{"-"}, Options{Output: "ds", Force: true, Stdin: strings.NewReader(simulations(2000))})
	require.EqualError(t, err, "-: is read twice, so it must be a file: tau2 has a list inside an object")
}
