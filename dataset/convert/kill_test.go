//go:build unix

package convert

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// start runs a conversion in a process of its own.
func (c child) start(t *testing.T, out *strings.Builder) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(c)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childName+"="+string(text))
	cmd.Stdout, cmd.Stderr = out, out
	require.NoError(t, cmd.Start())
	return cmd
}

// TestKill kills a conversion at random moments and finds nothing under the final name;
// the same command then goes on, and ends with the bytes of a run that was left alone.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("converts 60 MB seven times")
	}
	t.Chdir(t.TempDir())
	in := generated(t, "in.jsonl", 4, 60<<20)
	c := child{In: in, Out: "ds", Workers: 2, Chunk: 1 << 20, Shard: 6 << 20}
	begun := time.Now()
	var out strings.Builder
	require.NoError(t, c.start(t, &out).Wait(), out.String())
	whole := time.Since(begun)
	want := hashes(t, "ds")
	require.NoError(t, os.RemoveAll("ds"))
	r := rand.New(rand.NewPCG(5, 5))
	resumed := 0
	for try := range 5 {
		cmd := c.start(t, new(strings.Builder))
		wait := time.Duration(r.Float64() * float64(whole))
		time.Sleep(wait)
		require.NoError(t, cmd.Process.Kill())
		if cmd.Wait() != nil {
			require.NoDirExists(t, "ds", "killed after %s", wait)
		}
		out.Reset()
		again := c
		again.Workers = 1 + try%2
		err := again.start(t, &out).Wait()
		if _, there := os.Stat("ds"); err != nil && there == nil && strings.Contains(out.String(), dataset.ErrExists.Error()) {
			err = nil // it had come to its end
		}
		require.NoError(t, err, out.String())
		if strings.Contains(out.String(), "going on after") {
			resumed++
		}
		require.Equal(t, want, hashes(t, "ds"), "killed after %s", wait)
		require.ElementsMatch(t, []string{"in.jsonl", "ds"}, left(t))
		require.NoError(t, os.RemoveAll("ds"))
	}
	t.Logf("a run takes %s; %d of 5 killed ones were gone on with", whole, resumed)
	require.NotZero(t, resumed)
}

// TestResume interrupts runs and looks at what the next one makes of what they left.
func TestResume(t *testing.T) {
	t.Chdir(t.TempDir())
	in := generated(t, "in.jsonl", 6, 1<<20)
	text, err := os.ReadFile(in)
	require.NoError(t, err)
	rows := strings.SplitAfter(string(text), "\n")
	put(t, in, strings.Join(rows[:5], "")+"{}\n"+strings.Join(rows[5:len(rows)/2], "")+rows[0]+"[]\n"+strings.Join(rows[len(rows)/2:], ""))
	put(t, "tau.json", "["+tau("0", "0", "1")+"]")
	want, alone := run1(t, in, small)
	require.Equal(t, 3, alone.Rejected)

	disk := errors.New("mine")
	interrupt := func(o Options, at int, why error) (*Report, error) {
		var seen int
		o.Rejecting.Reject = func(dataset.Reject) error {
			if seen++; seen == at {
				return why
			}
			return nil
		}
		return Run(t.Context(), []string{in}, o)
	}
	full := &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	_, err = interrupt(small, 3, full)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorContains(t, err, "of its shards are finished: the same command goes on from there")
	require.NoDirExists(t, "ds")

	_, err = interrupt(small, 3, full)
	require.ErrorIs(t, err, syscall.ENOSPC, "again")
	o := small
	o.Workers = 1
	var told []string
	o.Rejecting.Reject = func(e dataset.Reject) error { told = append(told, e.Error()); return nil }
	got, report := run1(t, in, o)
	require.Equal(t, want, got)
	require.NotZero(t, report.Resumed)
	require.Contains(t, report.Notices[0], "going on after")
	require.Empty(t, alone.Notices)
	require.Len(t, report.Notices, 1)
	require.Equal(t, alone.String(), report.String())
	var rejects []string
	for _, e := range alone.Rejects {
		rejects = append(rejects, e.Error())
	}
	require.Equal(t, rejects, told, "those of the first run are told again")

	for name, change := range map[string]func(o *Options){
		"options": func(o *Options) { o.Split = "train" },
		"program": func(o *Options) { o.Version = "2" },
		"source": func(*Options) {
			later := time.Now().Add(time.Minute)
			require.NoError(t, os.Chtimes(in, later, later))
		},
		"shard": func(*Options) {
			put(t, ".righting-ds.tmp/trajectories/00000", "damaged")
		},
		"journal": func(*Options) {
			put(t, ".righting-ds.tmp/.righting-journal.jsonl", "")
		},
	} {
		_, err = interrupt(small, 3, full)
		require.ErrorIs(t, err, syscall.ENOSPC)
		o := small
		change(&o)
		got, report := run1(t, in, o)
		require.Zero(t, report.Resumed, name)
		require.Contains(t, report.Notices[0], "an interrupted run is not gone on with: ", name)
		if o.Split == "" {
			require.Equal(t, want, got, name)
		}
	}
	_, err = interrupt(small, 3, disk)
	require.ErrorIs(t, err, disk)
	require.NotContains(t, err.Error(), "goes on", "the same would happen again")
	require.ElementsMatch(t, []string{"in.jsonl", "tau.json"}, left(t))
}
