package dataset_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// put writes a file and its folders.
func put(t *testing.T, path string, data []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, data, 0o666))
}

func TestOpenFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	create(t, "ds", 1, dataset.CreateOptions{Split: "train"})
	annotations, scenarios := "ds/annotations/train-00000-of-00001.parquet", "ds/scenarios/train-00000-of-00001.parquet"
	for _, paths := range [][]string{{"ds/**/*.parquet"}, {"ds/*/*.parquet", annotations}, {annotations, "ds/trajectories/*", scenarios}} {
		d, err := dataset.Open(paths...)
		require.NoError(t, err)
		assert.Equal(t, []string{annotations}, d.Annotations)
		assert.Equal(t, []string{"ds/trajectories/train-00000-of-00001.parquet"}, d.Trajectories)
		assert.Len(t, d.Scenarios, 40)
		assert.Equal(t, dataset.NewManifest(), d.Manifest)
		assert.Len(t, d.Notices, 1)
	}
	d, err := dataset.Open(annotations)
	require.NoError(t, err)
	require.Equal(t, []string{annotations}, d.Annotations)
	require.Empty(t, d.Scenarios)

	d, err = dataset.Open(foreign(t, rows[schema.Annotation](1, 3)...))
	require.NoError(t, err, "a table is known by its columns")
	require.Len(t, d.Annotations, 1)
	d, err = dataset.Open(foreign(t, rows[schema.Trajectory](1, 3)...), foreign(t, rows[schema.Scenario](1, 3)...))
	require.NoError(t, err)
	require.Len(t, d.Trajectories, 1)
	require.Len(t, d.Scenarios, 3)
}

func TestOpenFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	file := table(t, rows[schema.Annotation](1, 10), 10)
	put(t, "ds/annotations/b.parquet", file)
	put(t, "ds/annotations/a.parquet", file)
	put(t, "ds/annotations/.hidden.parquet", nil)
	put(t, "ds/annotations/notes.txt", nil)
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Equal(t, []string{"ds/annotations/a.parquet", "ds/annotations/b.parquet"}, d.Annotations)
	require.Nil(t, d.Trajectories)
	require.Equal(t, []string{"ds: no dataset.yaml, so the default rules hold and nothing is declared"}, d.Notices)

	put(t, "ds/dataset.yaml", []byte("righting: 1\nannotators: {j: {kind: model}}\nmeasures: {s: {step: 1}}\nrules: {durable: 3}"))
	d, err = dataset.Open("ds")
	require.NoError(t, err)
	require.Empty(t, d.Notices)
	require.Equal(t, 3, d.Manifest.Rules.Durable)
	require.Equal(t, 1999, d.Manifest.Rules.Replicates)
	require.Equal(t, d.Manifest.Annotators, d.Manifest.Rules.Panel.Annotators)
	require.Equal(t, d.Manifest.Measures, d.Manifest.Rules.Panel.Measures)
}

func TestOpenErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "empty/x.txt", nil)
	put(t, "state/.righting-state.json", nil)
	put(t, "state/dataset.yaml", []byte("righting: 1"))
	put(t, "half/annotations/test-00000-of-00003.parquet", nil)
	put(t, "half/annotations/test-00002-of-00003.parquet", nil)
	put(t, "mixed/annotations/test-00000-of-00001.parquet", nil)
	put(t, "mixed/annotations/test-00000-of-00002.parquet", nil)
	put(t, "bad/dataset.yaml", []byte("righting: 1\nnmae: x"))
	put(t, "scores.parquet", table(t, rows[schema.ScoreRow](1, 3), 3))
	put(t, "text.parquet", []byte("no Parquet at all"))
	put(t, "s/scenarios/x.parquet", []byte("no Parquet at all"))
	for path, want := range map[string]string{
		"none":           "stat none: no such file or directory",
		"none/*.parquet": "none/*.parquet: no file matches: file does not exist",
		"empty":          "empty: is not a dataset: it has neither dataset.yaml nor Parquet files in scenarios, trajectories or annotations",
		"state":          "state: an interrupted run left .righting-state.json; run the same command again to go on",
		"half":           "half/annotations/test-00001-of-00003.parquet: is missing, though others of its set of 3 are there: file does not exist",
		"mixed":          "mixed/annotations/test-00001-of-00002.parquet: is missing, though others of its set of 2 are there: file does not exist",
		"bad":            `bad/dataset.yaml:2:1: unknown key "nmae"; did you mean name?`,
		"scores.parquet": `scores.parquet: corrupt: holds the table "any"; wanted scenarios, trajectories or annotations`,
	} {
		_, err := dataset.Open(path)
		assert.EqualError(t, err, want)
	}
	for _, path := range []string{"text.parquet", "s"} {
		_, err := dataset.Open(path)
		assert.ErrorIs(t, err, dataset.ErrCorrupt)
		assert.ErrorContains(t, err, ".parquet: ")
	}
	_, err := dataset.Open(foreign(t, noKey{}))
	require.ErrorContains(t, err, "is no table of ours: for annotations it lacks trajectory_id, system, scenario, repeat, setting, constraint_id, annotator, annotator_kind, pass; for trajectories it lacks ")
	_, err = dataset.Open("empty", "bad")
	require.EqualError(t, err, "empty: is a folder; open one folder, or files")
	_, err = dataset.Open()
	require.EqualError(t, err, "no dataset is named")
}
