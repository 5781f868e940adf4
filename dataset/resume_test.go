package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// part writes one shard of two batches, with all that a Writer holds in memory.
func part(t *testing.T, w *dataset.Writer, n int) {
	t.Helper()
	s := w.Shard()
	var batches []*dataset.Batch
	for i := range 2 {
		b := s.Batch()
		for _, row := range rows[schema.Trajectory](uint64(10*n+i), 20) {
			row.TrajectoryID = fmt.Sprintf("%d-%d-%s", n, i, row.TrajectoryID)
			require.NoError(t, b.Add(&row))
		}
		batches = append(batches, b)
	}
	for _, b := range batches {
		require.NoError(t, s.Commit(b))
	}
	require.NoError(t, w.AddAnnotations(rows[schema.Annotation](uint64(n), 30)))
	require.NoError(t, w.AddScenarios(rows[schema.Scenario](uint64(n), 3)))
	reject := dataset.Reject{Units: 1, Offset: int64(n), Raw: []byte{0xff, byte(n)}}
	reject.Place, reject.Err = schema.Place{File: "in", Row: n}, errors.New("why")
	require.NoError(t, w.AddReject(reject))
	require.NoError(t, w.EndShard(s, map[string]int{"at": n}))
}

// TestResume stops a Writer after each shard and goes on with another one.
func TestResume(t *testing.T) {
	t.Chdir(t.TempDir())
	o := dataset.CreateOptions{Key: "k"}
	w, err := dataset.Create("alone", dataset.NewManifest(), o)
	require.NoError(t, err)
	for n := range 3 {
		part(t, w, n)
	}
	require.NoError(t, w.Commit())

	for n := range 3 {
		w, err := dataset.Create("ds", dataset.NewManifest(), o)
		require.NoError(t, err)
		_, err = dataset.Create("ds", dataset.NewManifest(), o)
		require.ErrorIs(t, err, dataset.ErrBusy)
		require.ErrorContains(t, err, fmt.Sprintf("writing ds: in use by process %d since 20", os.Getpid()))
		var mark map[string]int
		var told []string
		again, err := w.Resumed(&mark, func(r dataset.Reject) error {
			told = append(told, fmt.Sprintf("%s %x %d", r.Error(), r.Raw, r.Offset))
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, n > 0, again)
		require.Len(t, told, n)
		require.Len(t, w.Finished(), n)
		if n > 0 {
			require.Equal(t, map[string]int{"at": n - 1}, mark)
			require.Equal(t, fmt.Sprintf("in%s: why ff0%d %d", strings.TrimSuffix(fmt.Sprintf(":%d", n-1), ":0"), n-1, n-1), told[n-1])
			require.Len(t, w.Scenarios(), 3*n)
		}
		part(t, w, n)
		lost := w.Shard() // begun and never ended
		b := lost.Batch()
		row := rows[schema.Trajectory](99, 1)[0]
		require.NoError(t, b.Add(&row))
		require.NoError(t, lost.Commit(b))
		require.NoError(t, w.AddAnnotations(rows[schema.Annotation](99, 5)))
		require.ErrorContains(t, w.Stop(context.Canceled), fmt.Sprintf("context canceled; %d of its shards are finished", n+1))
		require.NoDirExists(t, "ds")
	}
	w, err = dataset.Create("ds", dataset.NewManifest(), o)
	require.NoError(t, err)
	require.NoError(t, w.Commit())
	require.Equal(t, tree(t, "alone"), tree(t, "ds"))
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, entries, 2)

	w, err = dataset.Create("new", dataset.NewManifest(), o)
	require.NoError(t, err)
	part(t, w, 0)
	require.EqualError(t, w.Stop(errors.New("mine")), "mine")
	require.NoDirExists(t, ".righting-new.tmp", "it would fail again")
	w, err = dataset.Create("new", dataset.NewManifest(), o)
	require.NoError(t, err)
	part(t, w, 0)
	require.ErrorIs(t, w.Stop(context.Canceled), context.Canceled)
	w, err = dataset.Create("new", dataset.NewManifest(), dataset.CreateOptions{Key: "other"})
	require.NoError(t, err)
	require.Equal(t, []string{"an interrupted run is not gone on with: its input, its options or the program changed since"}, w.Notices)
	require.Empty(t, w.Finished())
	w.Abort()
}

// TestReplaceKilled finds a dataset again whose replacement was killed halfway.
func TestReplaceKilled(t *testing.T) {
	t.Chdir(t.TempDir())
	create(t, "ds", 1, dataset.CreateOptions{})
	before := tree(t, "ds")
	require.NoError(t, os.Rename("ds", ".righting-ds.tmp.old")) // and here the process ended
	_, err := dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.ErrorIs(t, err, dataset.ErrExists)
	require.Equal(t, before, tree(t, "ds"))
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, entries, 1)

	require.NoError(t, os.Mkdir(".righting-ds.tmp.old", 0o777)) // or after the new one was in place
	create(t, "ds", 2, dataset.CreateOptions{Force: true})
	require.NoDirExists(t, ".righting-ds.tmp.old")
	long := strings.Repeat("x", 250)
	create(t, long, 1, dataset.CreateOptions{})
	require.DirExists(t, long)
}

// TestBatchLimits holds that a batch becomes several row groups where one cannot hold it,
// and that too much text leaves it as it was.
func TestBatchLimits(t *testing.T) {
	t.Chdir(t.TempDir())
	w, err := dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(t, err)
	s := w.Shard()
	b := s.Batch()
	for i := range 5 {
		text := strings.Repeat("x", 20<<20)
		if i == 2 {
			text = strings.Repeat("x", 61<<20)
		}
		err := b.Add(&schema.Trajectory{TrajectoryID: fmt.Sprint(i), Turns: []schema.Turn{{Text: text}}})
		if i == 2 {
			require.ErrorIs(t, err, dataset.ErrText)
			continue
		}
		require.NoError(t, err)
	}
	require.NoError(t, s.Commit(b))
	require.NoError(t, w.EndShard(s, nil))
	require.NoError(t, w.EndShard(w.Shard(), nil), "no rows, no file")
	require.NoError(t, w.Commit())
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Len(t, d.Trajectories, 1)
	got, err := read[schema.Trajectory](t, d.Trajectories[0])
	require.NoError(t, err)
	require.Len(t, got, 4)
}
