package dataset_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with testdata/name, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o666))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestPhysical(t *testing.T) {
	golden(t, "schema.golden", strings.Join([]string{
		dataset.Physical[schema.Scenario](),
		dataset.Physical[schema.Trajectory](),
		dataset.Physical[schema.Annotation](),
		dataset.Physical[schema.ReadingRow](),
		dataset.Physical[schema.CountRow](),
		dataset.Physical[schema.ScoreRow](),
		dataset.Physical[schema.TurnRow](),
	}, "\n"))
}

// rows is n rows of made-up content: null, empty, and few or many distinct values.
func rows[T any](seed uint64, n int) []T {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]T, n)
	for i := range out {
		fill(r, reflect.ValueOf(&out[i]).Elem())
	}
	return out
}

func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			if f.Kind() == reflect.Slice && !strings.Contains(v.Type().Field(i).Tag.Get("parquet"), "optional") {
				f.Set(reflect.MakeSlice(f.Type(), 0, 0)) // required: never null
			}
			fill(r, f)
		}
	case reflect.Pointer:
		if r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Slice:
		if n := r.IntN(4) - 1; n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		} else if n == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.String:
		v.SetString([]string{"", "a", "b", "\x00", "模型", strings.Repeat("long ", 1+r.IntN(9))}[r.IntN(6)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) > 0)
	case reflect.Float64:
		v.SetFloat([]float64{0, .1, -1, r.NormFloat64()}[r.IntN(4)])
	default:
		v.SetInt(r.Int64N(5) - 1)
	}
}

// table is the rows as a file, written in steps of the given size.
func table[T any](t *testing.T, rows []T, step int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := dataset.NewTableWriter[T](&b, "any", map[string]string{schema.MetaRules: "sha256:x", "a": "b"})
	for len(rows) > 0 {
		n := min(step, len(rows))
		require.NoError(t, w.Write(rows[:n]))
		rows = rows[n:]
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// read is all rows of a file, and the error at its end.
func read[T any](t *testing.T, path string) (out []T, err error) {
	t.Helper()
	for row, e := range dataset.Rows[T](t.Context(), path) {
		require.NoError(t, err, "an error is last")
		if err = e; e == nil {
			out = append(out, row)
		}
	}
	return out, err
}

func roundTrip[T any](t *testing.T) {
	t.Run(reflect.TypeFor[T]().Name(), func(t *testing.T) {
		want := rows[T](1, 700)
		file := table(t, want, len(want))
		for _, step := range []int{1, 63, 64, 500} {
			require.True(t, bytes.Equal(file, table(t, want, step)), "the same bytes in steps of %d", step)
		}
		path := filepath.Join(t.TempDir(), "x.parquet")
		require.NoError(t, os.WriteFile(path, file, 0o666))
		got, err := read[T](t, path)
		require.NoError(t, err)
		require.Equal(t, want, got)

		require.NoError(t, os.WriteFile(path, table[T](t, nil, 1), 0o666))
		got, err = read[T](t, path)
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

func TestTableRoundTrip(t *testing.T) {
	roundTrip[schema.Scenario](t)
	roundTrip[schema.Trajectory](t)
	roundTrip[schema.Annotation](t)
	roundTrip[schema.ReadingRow](t)
	roundTrip[schema.CountRow](t)
	roundTrip[schema.ScoreRow](t)
}

func TestTableSameBytesOnAnyCores(t *testing.T) {
	want := rows[schema.ReadingRow](2, 5000)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := table(t, want, 100)
	runtime.GOMAXPROCS(2)
	require.True(t, bytes.Equal(one, table(t, want, 1000)))
}

func TestTableSettings(t *testing.T) {
	b := table(t, rows[schema.Annotation](3, 100), 100)
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	require.Equal(t, "righting version 1(build 0)", f.Metadata().CreatedBy)
	meta := map[string]string{}
	for _, kv := range f.Metadata().KeyValueMetadata {
		meta[kv.Key] = kv.Value
	}
	require.Equal(t, map[string]string{"a": "b", schema.MetaRules: "sha256:x", schema.MetaSchema: "1", schema.MetaTable: "any"}, meta)
	for _, c := range f.Metadata().RowGroups[0].Columns {
		require.Equal(t, "ZSTD", c.MetaData.Codec.String())
		if name := c.MetaData.PathInSchema[0]; name == "rationale" {
			require.Empty(t, c.MetaData.Statistics.MaxValue, "no text in the footer")
		} else if name == "system" {
			require.NotEmpty(t, c.MetaData.Statistics.MaxValue)
			require.Positive(t, c.MetaData.DictionaryPageOffset)
		}
	}
}

type brokenWriter struct{ left int }

func (b *brokenWriter) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, os.ErrClosed
	}
	return len(p), nil
}

func TestTableWriteErrors(t *testing.T) {
	for _, left := range []int{0, 10, 1000, 5000} {
		w := dataset.NewTableWriter[schema.CountRow](&brokenWriter{left}, "counts", nil)
		require.NoError(t, w.Write(rows[schema.CountRow](4, 2000)))
		require.ErrorIs(t, w.Close(), os.ErrClosed, "%d", left)
	}
}
