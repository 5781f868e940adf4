package dataset_test

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// tree is every file below dir with its bytes, folders as "".
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir)] = string(b)
		return err
	}))
	return out
}

// create writes a dataset in an order and in steps of the seed's.
func create(t *testing.T, dir string, seed uint64, o dataset.CreateOptions) {
	t.Helper()
	m := dataset.NewManifest()
	m.Name = "made up"
	w, err := dataset.Create(dir, m, o)
	require.NoError(t, err)
	scenarios, annotations, trajectories := rows[schema.Scenario](1, 40), rows[schema.Annotation](2, 3000), rows[schema.Trajectory](3, 50)
	r := rand.New(rand.NewPCG(seed, 2))
	r.Shuffle(len(scenarios), func(i, j int) { scenarios[i], scenarios[j] = scenarios[j], scenarios[i] })
	r.Shuffle(len(annotations), func(i, j int) { annotations[i], annotations[j] = annotations[j], annotations[i] })
	require.NoError(t, w.AddScenarios(scenarios))
	for chunk := range slices.Chunk(annotations, 1+r.IntN(1000)) {
		require.NoError(t, w.AddAnnotations(chunk))
	}
	for chunk := range slices.Chunk(trajectories, 1+r.IntN(20)) {
		require.NoError(t, w.AddTrajectories(chunk))
	}
	require.NoError(t, w.Commit())
	w.Abort()
}

func TestCreateRoundTrip(t *testing.T) {
	t.Chdir(t.TempDir())
	create(t, "ds", 1, dataset.CreateOptions{Canary: "canary GUID 1"})
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, "made up", d.Manifest.Name)
	require.Equal(t, []string{"ds/annotations/test-00000-of-00001.parquet"}, d.Annotations)
	require.Equal(t, []string{"ds/trajectories/test-00000-of-00001.parquet"}, d.Trajectories)
	require.Empty(t, d.Notices)
	require.NoError(t, os.WriteFile("plain", nil, 0o666))
	require.NoError(t, os.Mkdir("folder", 0o777))
	require.Equal(t, mode(t, "plain"), mode(t, d.Annotations[0]))
	require.Equal(t, mode(t, "plain"), mode(t, "ds/dataset.yaml"))
	require.Equal(t, mode(t, "folder"), mode(t, "ds"))
	require.ElementsMatch(t, rows[schema.Scenario](1, 40), d.Scenarios)

	annotations, err := read[schema.Annotation](t, d.Annotations[0])
	require.NoError(t, err)
	want := rows[schema.Annotation](2, 3000)
	dataset.SortAnnotations(want)
	require.Equal(t, want, annotations)
	require.True(t, slices.IsSortedFunc(annotations, func(a, b schema.Annotation) int { return dataset.CompareAnnotations(&a, &b) }))
	trajectories, err := read[schema.Trajectory](t, d.Trajectories[0])
	require.NoError(t, err)
	require.Equal(t, rows[schema.Trajectory](3, 50), trajectories)

	f, err := os.Open(d.Annotations[0])
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	p, err := parquet.OpenFile(f, info.Size())
	require.NoError(t, err)
	canary, _ := p.Lookup(schema.MetaCanary)
	require.Equal(t, "canary GUID 1", canary)
	var order []string
	for _, c := range p.RowGroups()[0].SortingColumns() {
		require.False(t, c.Descending())
		name := strings.Join(c.Path(), ".")
		if c.NullsFirst() {
			name += "?"
		}
		order = append(order, name)
	}
	require.Equal(t, []string{"trajectory_id", "constraint_id", "annotator", "pass", "turn?", "assistant_turn?", "exchange?", "measure?"}, order)
}

func TestCreateSameBytes(t *testing.T) {
	t.Chdir(t.TempDir())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	create(t, "a", 1, dataset.CreateOptions{})
	runtime.GOMAXPROCS(2)
	create(t, "b", 2, dataset.CreateOptions{})
	require.Equal(t, tree(t, "a"), tree(t, "b"))
}

func TestCreateWholeOrNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	nothing := func() {
		t.Helper()
		require.Empty(t, tree(t, "."))
	}
	_, err := dataset.Create("none/ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	for _, dir := range []string{".", "..", "/"} {
		_, err = dataset.Create(dir, dataset.NewManifest(), dataset.CreateOptions{Force: true})
		require.ErrorContains(t, err, "give the new folder a name")
	}
	_, err = dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{Split: "../x"})
	require.ErrorContains(t, err, "a split's name is made of")

	w, err := dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(t, err)
	require.NoDirExists(t, "ds")
	require.NoError(t, w.AddTrajectories(rows[schema.Trajectory](1, 10)))
	w.Abort()
	nothing()
	require.ErrorContains(t, w.Commit(), "already ended")

	w, err = dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(t, err)
	w.Manifest.Rules.Durable = 99
	require.ErrorContains(t, w.Commit(), "durable: 99 is outside 1 to 20")
	nothing()

	w, err = dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(t, err)
	text := strings.Repeat("x", 61<<20)
	require.ErrorContains(t, w.AddTrajectories([]schema.Trajectory{{TrajectoryID: "big", Turns: []schema.Turn{{Text: text}}}}), `trajectory "big": table trajectories: a row of 61 MiB`)
	require.ErrorContains(t, w.Commit(), `"big"`)
	nothing()

	w, err = dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(t, err)
	require.NoError(t, w.AddAnnotations([]schema.Annotation{{Rationale: &text}}))
	require.ErrorContains(t, w.Commit(), "table annotations: a row of 61 MiB")
	nothing()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestCreateForce(t *testing.T) {
	t.Chdir(t.TempDir())
	create(t, "ds", 1, dataset.CreateOptions{})
	before := tree(t, "ds")
	_, err := dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.ErrorIs(t, err, dataset.ErrExists)
	require.ErrorIs(t, err, fs.ErrExist)
	require.EqualError(t, err, "ds: already there; --force replaces it, --append adds to it")

	require.NoError(t, os.WriteFile("file", []byte("a"), 0o666))
	_, err = dataset.Create("file", dataset.NewManifest(), dataset.CreateOptions{Force: true})
	require.ErrorContains(t, err, "file: is not a folder")
	require.NoError(t, os.Remove("file"))
	require.NoError(t, os.MkdirAll("home/work", 0o777))
	_, err = dataset.Create("home", dataset.NewManifest(), dataset.CreateOptions{Force: true})
	require.EqualError(t, err, "home: is not a dataset, so it is not replaced")
	require.NoError(t, os.RemoveAll("home"))

	require.NoError(t, os.Symlink("ds", "link"))
	w, err := dataset.Create("link", dataset.NewManifest(), dataset.CreateOptions{Force: true})
	require.NoError(t, err)
	require.NoError(t, w.AddScenarios([]schema.Scenario{{Scenario: "only"}}))
	require.Equal(t, before, tree(t, "ds"), "the old one is there until the new one is whole")
	require.NoError(t, w.Commit())
	d, err := dataset.Open("link")
	require.NoError(t, err)
	require.Len(t, d.Scenarios, 1)
	require.Empty(t, d.Annotations)
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, entries, 2, "the dataset and the link")
}

func TestCreateAppearsMeanwhile(t *testing.T) {
	t.Chdir(t.TempDir())
	w, err := dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(t, err)
	_, err = dataset.Create("ds", dataset.NewManifest(), dataset.CreateOptions{})
	require.ErrorIs(t, err, dataset.ErrBusy)
	create(t, "other", 1, dataset.CreateOptions{})
	require.NoError(t, os.Rename("other", "ds"))
	before := tree(t, "ds")
	require.ErrorIs(t, w.Commit(), dataset.ErrExists)
	require.Equal(t, before, tree(t, "ds"))
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestWriteFile(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("x", []byte("old"), 0o600))
	broken := errors.New("broken")
	require.ErrorIs(t, dataset.WriteFile("x", func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	}), broken)
	require.Panics(t, func() { _ = dataset.WriteFile("x", func(io.Writer) error { panic("mine") }) })
	require.Equal(t, map[string]string{"x": "old"}, tree(t, "./"))
	require.NoError(t, dataset.WriteFile("x", func(w io.Writer) error {
		_, err := io.WriteString(w, "new")
		return err
	}))
	require.Equal(t, map[string]string{"x": "new"}, tree(t, "./"))
	plain, err := os.Create("plain")
	require.NoError(t, err)
	require.NoError(t, plain.Close())
	require.Equal(t, mode(t, "plain"), mode(t, "x"), "0666 without the umask")
	require.ErrorContains(t, dataset.WriteFile("/dev/null", func(io.Writer) error { return nil }), "not a regular file")
	require.NoError(t, os.Symlink("none", "dangling"))
	require.ErrorContains(t, dataset.WriteFile("dangling", func(io.Writer) error { return nil }), "is a link to nothing")
}
