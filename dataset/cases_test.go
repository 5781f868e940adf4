package dataset

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// everything asks for all that a Case can carry.
func everything() reading.Columns {
	var all []reading.Column
	for c := range reading.NColumns {
		all = append(all, c)
	}
	n := reading.Need(all...)
	n.Measures, n.Letters = []string{"severity", "grade"}, []string{"C", "I"}
	return n
}

func testManifest() Manifest {
	m := Manifest{Measures: map[string]schema.Measure{
		"severity": {Min: new(0.), Max: new(5.), Step: .5}, "grade": {Step: 1}, "idle": {Step: 1},
	}}
	m.Vocabulary.Targets = map[string]string{"mission": "the mission"}
	m.Constraints = []schema.Constraint{{ID: "main", Protects: new("mission"), Irreversible: new(true)}}
	return m
}

// annotationsFile writes row groups, declared sorted as ours are, unless options say else.
func annotationsFile(t testing.TB, groups [][]schema.Annotation, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[schema.Annotation](&b, append([]parquet.WriterOption{
		parquet.Compression(&parquet.Zstd), parquet.PageBufferSize(8 << 10), parquet.SortingWriterConfig(parquet.SortingColumns(annotationOrder...)),
	}, options...)...)
	for _, g := range groups {
		_, err := w.Write(g)
		require.NoError(t, err)
		require.NoError(t, w.Flush())
	}
	require.NoError(t, w.Close())
	path := filepath.Join(t.TempDir(), "a.parquet")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
	return path
}

func notDeclared() parquet.WriterOption {
	return parquet.SortingWriterConfig(parquet.SortingColumns())
}

// cases is what Cases gives, a list for each group.
func cases(d *Dataset, need reading.Columns) (groups [][]string, err error) {
	err = Cases(context.Background(), d, need,
		func() *[]string { return new([]string) },
		func(a *[]string, c *reading.Case) error { *a = append(*a, dump(c)); return nil },
		func(a *[]string) error { groups = append(groups, *a); return nil })
	return groups, err
}

func TestCasesEqualNaive(t *testing.T) {
	tiny := func(c *parquet.WriterConfig) { c.DictionaryMaxBytes = 40 }
	variants := map[string][]parquet.WriterOption{
		"ours":      nil,
		"pages":     {parquet.PageBufferSize(300)},
		"v1 snappy": {parquet.DataPageVersion(1), parquet.Compression(&parquet.Snappy), parquet.PageBufferSize(200)},
		"gzip":      {parquet.Compression(&parquet.Gzip)},
		"fallback":  {optionFunc(tiny), parquet.PageBufferSize(500)},
		"unsorted":  {notDeclared()},
	}
	scenarios := []schema.Scenario{
		{Scenario: "c0", Pressures: []string{}},
		{Scenario: "c0", Condition: new("x"), PathToVictory: new(int32(2)), Constraints: []schema.Constraint{{ID: "main"}}},
		{Scenario: "c1", Pressures: []string{"useful"}, Constraints: []schema.Constraint{{ID: "other", Protects: new("safety")}}},
		{Scenario: "c2", PathToVictory: new(int32(0))},
		{Scenario: "c3"},
	}
	for name, options := range variants {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, uint64(len(name))))
			rows := randomRows(rng, 40)
			require.True(t, slices.IsSortedFunc(rows, func(a, b schema.Annotation) int { return CompareAnnotations(&a, &b) }))
			split := cut(rng, rows, 5)
			d := &Dataset{Manifest: testManifest(), Scenarios: scenarios}
			for _, groups := range [][][]schema.Annotation{split[:2], split[2:3], split[3:]} {
				d.Annotations = append(d.Annotations, annotationsFile(t, groups, options...))
			}
			for _, need := range []reading.Columns{everything(), {}} {
				var want [][]string
				for _, g := range split {
					want = append(want, naive(d, g, need))
				}
				if name == "unsorted" {
					want = [][]string{slices.Concat(want...)}
				}
				for _, cores := range []int{1, 3} {
					before := runtime.GOMAXPROCS(cores)
					got, err := cases(d, need)
					runtime.GOMAXPROCS(before)
					require.NoError(t, err)
					require.Equal(t, want, got)
				}
			}
			assert.Equal(t, name == "unsorted", len(d.Notices) == 1, d.Notices)
		})
	}
}

type optionFunc func(*parquet.WriterConfig)

func (f optionFunc) ConfigureWriter(c *parquet.WriterConfig) { f(c) }

// TestCasesSorts gives rows in any order, over two files, one of which declares itself
// sorted.
func TestCasesSorts(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	rows := randomRows(rng, 30)
	d := &Dataset{Manifest: testManifest()}
	want := [][]string{naive(d, rows, everything())}
	var first, second []schema.Annotation
	for _, r := range rows { // an annotator a file
		if r.Annotator == "a0" {
			first = append(first, r)
		} else {
			second = append(second, r)
		}
	}
	rng.Shuffle(len(second), func(i, j int) { second[i], second[j] = second[j], second[i] })
	d.Annotations = []string{annotationsFile(t, [][]schema.Annotation{first}), annotationsFile(t, [][]schema.Annotation{second}, notDeclared())}
	got, err := cases(d, everything())
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, []string{unsortedNotice}, d.Notices)
	_, err = cases(d, everything())
	require.NoError(t, err)
	assert.Len(t, d.Notices, 1)
}

// TestCasesBatches has a group of several batches, with a case across their border.
func TestCasesBatches(t *testing.T) {
	rows := benchRows(1000)[7:]
	for _, options := range [][]parquet.WriterOption{
		{parquet.PageBufferSize(pageBytes)},
		{parquet.DataPageVersion(1), parquet.PageBufferSize(777)},
		{notDeclared()},
	} {
		d := &Dataset{Manifest: testManifest(), Annotations: []string{annotationsFile(t, [][]schema.Annotation{rows}, options...)}}
		want := naive(d, rows, everything())
		got, err := cases(d, everything())
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, len(want), len(got[0]))
		for i := range want {
			require.Equal(t, want[i], got[0][i])
		}
	}
}
