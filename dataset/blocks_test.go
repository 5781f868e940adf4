package dataset

import (
	"bytes"
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

func allRows[T any](t testing.TB, file string) (rows []T, err error) {
	for row, err := range Rows[T](t.Context(), file) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func allBlocks[T any](t testing.TB, file string, without ...string) (rows []T, err error) {
	for b, err := range Blocks[T](t.Context(), file, without...) {
		if err != nil {
			return rows, err
		}
		require.Equal(t, len(rows), b.First)
		for _, row := range b.Rows {
			if a, ok := any(&row).(*schema.Annotation); ok { // lists are the block's
				a.CompetingTargets, a.Symbols, a.Pressures = clone(a.CompetingTargets), clone(a.Symbols), clone(a.Pressures)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func clone(list []string) []string {
	if list == nil {
		return nil
	}
	return append([]string{}, list...)
}

// plainAnnotation is an annotation in a file without dictionaries.
type plainAnnotation struct {
	TrajectoryID  string   `parquet:"trajectory_id"`
	System        *string  `parquet:"system,optional"`
	Scenario      string   `parquet:"scenario"`
	Repeat        int32    `parquet:"repeat"`
	Setting       string   `parquet:"setting"`
	ConstraintID  string   `parquet:"constraint_id"`
	AssistantTurn *int32   `parquet:"assistant_turn,optional"`
	Annotator     string   `parquet:"annotator"`
	AnnotatorKind string   `parquet:"annotator_kind"`
	Pass          int32    `parquet:"pass"`
	Control       *string  `parquet:"control,optional"`
	Pressures     []string `parquet:"pressures,optional,list"`
	Recognition   *bool    `parquet:"recognition,optional"`
	Value         *float64 `parquet:"value,optional"`
	Evidence      *string  `parquet:"evidence,optional"`
	LabelledAt    *int64   `parquet:"labelled_at,optional,timestamp(microsecond:utc)"`
}

// TestBlocksEqualRows: a block has what Rows yields, in files of all kinds.
func TestBlocksEqualRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rows := randomRows(rng, 120)
	for i := range rows {
		if rng.IntN(4) == 0 {
			rows[i].Confidence, rows[i].LabelledAt = new(rng.Float64()), new(int64(i))
			rows[i].Evidence, rows[i].Rationale = new(strings.Repeat("é", rng.IntN(20))), new("")
		}
	}
	var plain []plainAnnotation
	for _, r := range rows {
		plain = append(plain, plainAnnotation{
			r.TrajectoryID, &r.System, r.Scenario, r.Repeat, r.Setting, r.ConstraintID, r.AssistantTurn, r.Annotator,
			r.AnnotatorKind, r.Pass, r.Control, r.Pressures, r.Recognition, r.Value, r.Evidence, r.LabelledAt,
		})
	}
	v1 := parquet.DataPageVersion(1)
	for name, file := range map[string]string{
		"ours":            annotationsFile(t, cut(rng, rows, 5)),
		"one group":       annotationsFile(t, [][]schema.Annotation{rows}, v1),
		"small pages":     annotationsFile(t, cut(rng, rows, 2), parquet.PageBufferSize(300)),
		"dictionary ends": annotationsFile(t, cut(rng, rows, 2), parquet.PageBufferSize(300), optionFunc(func(c *parquet.WriterConfig) { c.DictionaryMaxBytes = 64 })),
		"plain":           foreignFile(t, plain),
		"few columns":     foreignFile(t, []struct{ plainAnnotation }{}),
		"no rows":         annotationsFile(t, nil),
	} {
		t.Run(name, func(t *testing.T) {
			want, err := allRows[schema.Annotation](t, file)
			require.NoError(t, err)
			got, err := allBlocks[schema.Annotation](t, file)
			require.NoError(t, err)
			require.Equal(t, len(want), len(got))
			for i := range want {
				require.Equal(t, want[i], got[i], "row %d", i)
			}
			for i := range want {
				want[i].Evidence, want[i].Pressures = nil, nil
			}
			got, err = allBlocks[schema.Annotation](t, file, "evidence", "pressures")
			require.NoError(t, err)
			require.Equal(t, len(want), len(got))
			for i := range want {
				require.Equal(t, want[i], got[i], "row %d", i)
			}
		})
	}
}

// TestBlockLasts: rows stay as they are while the next block is seen, and texts for good.
func TestBlockLasts(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(5, 6)), 300)
	file := annotationsFile(t, cut(rand.New(rand.NewPCG(5, 6)), rows, 3))
	var last, was []schema.Annotation
	var texts []*string
	n := 0
	for b, err := range Blocks[schema.Annotation](t.Context(), file) {
		require.NoError(t, err)
		require.Equal(t, was, last)
		last, was = b.Rows, append([]schema.Annotation{}, b.Rows...)
		for i := range b.Rows {
			texts = append(texts, b.Rows[i].Control)
		}
		all := map[string]bool{}
		for _, some := range Among[string](b, "control") {
			for _, s := range some {
				all[s] = true
			}
		}
		for i := range b.Rows {
			require.True(t, b.Rows[i].Control == nil || all[*b.Rows[i].Control])
		}
		require.Empty(t, Among[string](b, "context"))
		n++
	}
	require.Greater(t, n, 4)
	for i := range rows {
		require.Equal(t, rows[i].Control, texts[i])
	}
}

func TestBlocksErrors(t *testing.T) {
	_, err := allBlocks[schema.Annotation](t, "gone.parquet")
	require.ErrorIs(t, err, fs.ErrNotExist)
	file := foreignFile(t, []struct {
		A string `parquet:"trajectory_id"`
	}{{"a"}})
	_, want := allRows[schema.Annotation](t, file)
	_, err = allBlocks[schema.Annotation](t, file)
	require.ErrorIs(t, err, ErrCorrupt)
	require.Equal(t, want.Error(), err.Error())
	_, err = allBlocks[schema.Annotation](t, foreignFile(t, []struct {
		plainAnnotation

		Response []string `parquet:"response"`
	}{{}}))
	require.ErrorIs(t, err, ErrCorrupt)

	file = annotationsFile(t, [][]schema.Annotation{randomRows(rand.New(rand.NewPCG(5, 6)), 300)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err = range Blocks[schema.Annotation](ctx, file) {
		cancel()
	}
	require.ErrorIs(t, err, context.Canceled)
	for range Blocks[schema.Annotation](t.Context(), file) {
		break
	}
}

// TestBlocksMutants damages a file in seeded ways: the rows are the same, or there is an
// error.
func TestBlocksMutants(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(8, 9)), 12)
	path := annotationsFile(t, cut(rand.New(rand.NewPCG(8, 9)), rows, 3), parquet.CreatedBy("righting", "1", "0"), parquet.PageBufferSize(400))
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	footer := int(good[len(good)-8]) | int(good[len(good)-7])<<8 | int(good[len(good)-6])<<16
	rng := rand.New(rand.NewPCG(3, 4))
	read := 0
	for k := range mutants {
		bad := mutate(rng, good, footer)
		require.NoError(t, os.WriteFile(path, bad, 0o666))
		got, err := allBlocks[schema.Annotation](t, path)
		want, wantErr := allRows[schema.Annotation](t, path)
		if err != nil {
			require.ErrorIs(t, err, ErrCorrupt)
			require.NotContains(t, err.Error(), "runtime error: invalid memory", "mutant %d", k)
		}
		if wantErr == nil && err == nil && !bytes.Equal(bad, good) {
			require.Equal(t, want, got, "mutant %d", k)
			read++
		}
		require.Equal(t, wantErr == nil, err == nil, "mutant %d: %v, %v", k, wantErr, err)
	}
	require.NotZero(t, read)
}

func BenchmarkBlocks(b *testing.B) {
	rows := benchRows(100_000)
	file := annotationsFile(b, [][]schema.Annotation{rows}, parquet.PageBufferSize(pageBytes))
	n := 0
	for b.Loop() {
		for block, err := range Blocks[schema.Annotation](b.Context(), file, "evidence", "rationale") {
			require.NoError(b, err)
			n += len(block.Rows)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
