//go:build unix

package dataset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// editSteps are what a Commit has done, in order.
var editSteps = []string{"begun", "written", "prepared", "decided", "aside", "in place", "declared", "cleaned"}

// editRows is n judgements, each of its own trajectory.
func editRows(n int, control string) []schema.Annotation {
	var out []schema.Annotation
	for i := range n {
		out = append(out, schema.Annotation{
			TrajectoryID: fmt.Sprintf("t%04d", i), System: "s", Scenario: "q", Setting: "interaction", ConstraintID: "main",
			Annotator: "ann", AnnotatorKind: "human", Control: &control,
		})
	}
	return out
}

func editPieces(rows []schema.Annotation) map[string]iter.Seq2[[]schema.Annotation, error] {
	return map[string]iter.Seq2[[]schema.Annotation, error]{"test": func(yield func([]schema.Annotation, error) bool) {
		for i := range rows {
			if !yield(rows[i:i+1], nil) {
				return
			}
		}
	}}
}

// edited is a dataset ds, with what it says of itself before a change.
func edited(t *testing.T) Change {
	t.Helper()
	t.Chdir(t.TempDir())
	m := NewManifest()
	m.Name = "old"
	w, err := Create("ds", m, CreateOptions{})
	require.NoError(t, err)
	require.NoError(t, w.AddAnnotations(editRows(20, "governs")))
	require.NoError(t, w.Commit())
	require.NoError(t, os.WriteFile("ds/annotations/notes", nil, 0o666))
	return newChange()
}

func newChange() Change {
	m := NewManifest()
	m.Name = "new"
	return Change{Manifest: &m, Annotations: editPieces(editRows(30, "contested"))}
}

// editState is what a dataset says: old, new, interrupted, or what else is wrong with it.
func editState(t *testing.T) string {
	t.Helper()
	d, err := Open("ds")
	if errors.Is(err, ErrInterrupted) {
		return "interrupted"
	}
	require.NoError(t, err)
	rows, control := 0, ""
	for _, f := range d.Annotations {
		for row, err := range Rows[schema.Annotation](context.Background(), f) {
			require.NoError(t, err)
			rows++
			control = *row.Control
		}
	}
	_, err = os.Stat("ds/annotations/notes")
	require.NoError(t, err)
	switch got := fmt.Sprintf("%s %d %s", d.Manifest.Name, rows, control); got {
	case "old 20 governs":
		return "old"
	case "new 30 contested":
		return "new"
	default:
		return got
	}
}

func leftovers(t *testing.T) (out []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if base := filepath.Base(path); len(base) > 1 && base[0] == '.' {
			out = append(out, path)
		}
		return err
	}))
	return out
}

// TestEditKilled ends the process at every step, by a signal that nothing can catch.
func TestEditKilled(t *testing.T) {
	if at := os.Getenv("RIGHTING_TEST_KILL"); at != "" { // the process that is to be killed
		e, err := BeginEdit("ds")
		require.NoError(t, err)
		e.step = func(s string) {
			if s == at {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}
		_ = e.Commit(context.Background(), newChange())
		t.Fatal("was not killed")
	}
	for i, step := range editSteps {
		t.Run(step, func(t *testing.T) {
			edited(t)
			c := exec.Command(os.Args[0], "-test.run=^TestEditKilled$")
			c.Env = append(os.Environ(), "RIGHTING_TEST_KILL="+step)
			out, err := c.CombinedOutput()
			require.ErrorContains(t, err, "killed", string(out))
			want, now := "old", "old"
			if i >= slices.Index(editSteps, "decided") {
				want, now = "new", "interrupted"
			}
			require.Equal(t, now, editState(t), "never half")
			require.NoError(t, Recover("ds"))
			require.Equal(t, want, editState(t))
			e, err := BeginEdit("ds")
			require.NoError(t, err)
			e.Close()
			require.Empty(t, leftovers(t))
		})
	}
}

// TestEditRecoveryKilled: a recovery that is itself killed at any step goes on too.
func TestEditRecoveryKilled(t *testing.T) {
	for _, step := range editSteps[4:] {
		edited(t)
		func() {
			defer func() { require.Equal(t, "die", recover()) }()
			e, err := BeginEdit("ds")
			require.NoError(t, err)
			defer e.temp.close()
			e.step = func(s string) {
				if s == "decided" {
					panic("die")
				}
			}
			_ = e.Commit(context.Background(), newChange())
		}()
		func() {
			e := &Edit{dir: "ds"}
			e.step = func(s string) {
				if s == step {
					panic("die")
				}
			}
			defer func() { _ = recover() }()
			_ = e.finish()
		}()
		require.NoError(t, Recover("ds"))
		require.Equal(t, "new", editState(t), step)
		require.Empty(t, leftovers(t))
	}
}

// TestEditFails: whatever cannot be written leaves what was there, and no traces.
func TestEditFails(t *testing.T) {
	failing := func(n int) iter.Seq2[[]schema.Annotation, error] {
		return func(yield func([]schema.Annotation, error) bool) {
			rows := editRows(n, "contested")
			for i := range rows {
				if !yield(rows[i:i+1], nil) {
					return
				}
			}
			yield(nil, syscall.ENOSPC)
		}
	}
	bad := NewManifest()
	bad.Measures = map[string]schema.Measure{"m": {}}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	twice := editPieces(append(editRows(2, "contested"), editRows(1, "contested")...))
	for name, c := range map[string]struct {
		ctx    context.Context
		change Change
		want   string
	}{
		"disk full":            {context.Background(), Change{Annotations: map[string]iter.Seq2[[]schema.Annotation, error]{"test": failing(9)}}, "no space left"},
		"manifest is unsound":  {context.Background(), Change{Manifest: &bad, Annotations: editPieces(editRows(3, "governs"))}, "step"},
		"cancelled":            {cancelled, newChange(), "context canceled"},
		"trajectory in pieces": {context.Background(), Change{Annotations: twice}, `trajectory "t0000" comes after "t0001"`},
	} {
		t.Run(name, func(t *testing.T) {
			edited(t)
			e, err := BeginEdit("ds")
			require.NoError(t, err)
			require.ErrorContains(t, e.Commit(c.ctx, c.change), c.want)
			e.Close()
			require.Equal(t, "old", editState(t))
			require.Empty(t, leftovers(t))
		})
	}
	t.Run("a step after the decision", func(t *testing.T) {
		change := edited(t)
		e, err := BeginEdit("ds")
		require.NoError(t, err)
		defer e.Close()
		e.step = func(s string) {
			if s == "decided" { // the manifest cannot be replaced
				require.NoError(t, os.Remove("ds/dataset.yaml"))
				require.NoError(t, os.MkdirAll("ds/dataset.yaml/x", 0o777))
			}
		}
		require.Error(t, e.Commit(context.Background(), change))
		require.Equal(t, "interrupted", editState(t))
		require.NoError(t, os.RemoveAll("ds/dataset.yaml"))
		e.Close()
		require.NoError(t, Recover("ds"))
		require.Equal(t, "new", editState(t))
	})
}

func TestEditAlone(t *testing.T) {
	change := edited(t)
	e, err := BeginEdit("ds")
	require.NoError(t, err)
	_, err = BeginEdit("ds")
	require.ErrorIs(t, err, ErrBusy)
	_, err = Create("ds", NewManifest(), CreateOptions{Force: true})
	require.ErrorIs(t, err, ErrBusy)
	require.NoError(t, e.Commit(context.Background(), Change{Manifest: change.Manifest}))
	require.Equal(t, "new 20 governs", editState(t))
	require.NoError(t, e.Commit(context.Background(), Change{Annotations: change.Annotations}))
	e.Close()
	require.Equal(t, "new", editState(t))
	require.NoError(t, os.Symlink("ds", "link"))
	e, err = BeginEdit("link")
	require.NoError(t, err)
	require.NoError(t, e.Commit(context.Background(), Change{Annotations: map[string]iter.Seq2[[]schema.Annotation, error]{}}))
	e.Close()
	require.Equal(t, "new 0 ", editState(t), "nothing is left of the annotations")
	require.Equal(t, []string{"test", "train"}, []string{SplitOf("x/foreign.parquet"), SplitOf("x/train-00001-of-00002.parquet")})
	require.NoError(t, Recover("none"))
	_, err = BeginEdit("none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, os.WriteFile("ds/"+stateName, []byte("{}"), 0o666))
	_, err = BeginEdit("ds")
	require.ErrorIs(t, err, ErrInterrupted)
	require.NoError(t, Recover("ds"))
	require.ErrorIs(t, err, ErrInterrupted, "another's state is left alone")
	require.FileExists(t, "ds/"+stateName)
}
