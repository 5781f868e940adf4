package dataset

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// TestShards writes trajectories of 1 to 9 rows into groups of at most 20 rows and
// small files, and finds each in one group of one file.
func TestShards(t *testing.T) {
	dir := t.TempDir()
	var rows []schema.Annotation
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		for turn := range 1 + int32(r.IntN(9)) {
			rationale := fmt.Sprint(r.Uint64(), r.Uint64(), r.Uint64())
			rows = append(rows, schema.Annotation{TrajectoryID: fmt.Sprintf("%03d", i), Turn: &turn, Rationale: &rationale})
		}
	}
	s := newShards(dir, "test", schema.Annotations, nil, annotationText, annotationOrder...)
	s.limits.rows, s.limits.file = 20, 50_000
	require.NoError(t, s.all(rows, func(a, b *schema.Annotation) bool { return a.TrajectoryID == b.TrajectoryID }))

	files, err := shardFiles(filepath.Join(dir, schema.Annotations))
	require.NoError(t, err)
	require.Greater(t, len(files), 3)
	require.Equal(t, fmt.Sprintf("test-00000-of-%05d.parquet", len(files)), filepath.Base(files[0]))
	var got []schema.Annotation
	seen := map[string]bool{}
	for _, path := range files {
		file, err := openParquet(path, nil)
		require.NoError(t, err)
		var cuts []int64
		for _, g := range file.RowGroups() {
			require.LessOrEqual(t, g.NumRows(), int64(20))
			cuts = append(cuts, g.NumRows())
		}
		require.NoError(t, file.Close())
		group, id := int64(0), ""
		for row, err := range Rows[schema.Annotation](t.Context(), path) {
			require.NoError(t, err)
			if row.TrajectoryID != id || group == 0 {
				require.False(t, seen[row.TrajectoryID], "%s in two groups", row.TrajectoryID)
				id = row.TrajectoryID
				seen[id] = true
			}
			if group++; group == cuts[0] {
				group, cuts = 0, cuts[1:]
			}
			got = append(got, row)
		}
	}
	require.Equal(t, rows, got)
	require.Error(t, os.Remove(filepath.Join(dir, schema.Annotations)), "not empty")
	left, err := filepath.Glob(filepath.Join(dir, schema.Annotations, "0*"))
	require.NoError(t, err)
	require.Empty(t, left)

	// text ends a group as well, and a large trajectory stays whole
	s = newShards(t.TempDir(), "test", schema.Annotations, nil, annotationText)
	s.limits.rows, s.limits.text = 1000, 500
	require.NoError(t, s.all(rows[:100], func(a, b *schema.Annotation) bool { return true }))
	require.Equal(t, 1, s.files)
}

func TestSortRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 40 {
		var rows []schema.Annotation
		for range n {
			a := schema.Annotation{TrajectoryID: fmt.Sprint(r.IntN(3)), Pass: int32(r.IntN(2))}
			if k := int32(r.IntN(3)); k > 0 {
				a.Turn = &k
			}
			switch r.IntN(4) {
			case 1:
				a.Symbols = []string{}
			case 2:
				a.Symbols = []string{"warning"}
			case 3:
				v, yes := r.NormFloat64(), r.IntN(2) > 0
				a.Value, a.Recognition = &v, &yes
			}
			rows = append(rows, a)
		}
		want := slices.Clone(rows)
		SortAnnotations(want)
		require.ElementsMatch(t, rows, want)
		for range 3 {
			r.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			SortAnnotations(rows)
			require.Equal(t, want, rows)
		}
	}
	one, two := int32(1), int32(2)
	require.Negative(t, CompareAnnotations(&schema.Annotation{TrajectoryID: "a"}, &schema.Annotation{TrajectoryID: "b"}))
	require.Negative(t, CompareAnnotations(&schema.Annotation{}, &schema.Annotation{Turn: &one}), "null first")
	require.Positive(t, CompareAnnotations(&schema.Annotation{Turn: &two}, &schema.Annotation{Turn: &one}))
	require.Zero(t, CompareAnnotations(&schema.Annotation{Turn: &one, System: "x"}, &schema.Annotation{Turn: &one}))
}
