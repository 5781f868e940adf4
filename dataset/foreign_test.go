package dataset

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// foreign writes rows as Parquet and reads them back as JSON.
func foreign[T any](t *testing.T, rows []T, skip func(string) bool) (texts []string, errs []error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.parquet")
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b)
	for i := range rows {
		_, err := w.Write(rows[i : i+1])
		require.NoError(t, err)
		if i%20 == 19 { // several row groups
			require.NoError(t, w.Flush())
		}
	}
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
	for text, err := range ForeignRows(context.Background(), path, skip) {
		texts = append(texts, string(text))
		if err != nil {
			errs = append(errs, errors.New(strings.ReplaceAll(err.Error(), path, "x.parquet")))
		}
	}
	return texts, errs
}

func TestForeignScalars(t *testing.T) {
	type row struct {
		Text     string    `parquet:"text"`
		Maybe    *string   `parquet:"maybe,optional"`
		Small    int32     `parquet:"small"`
		Big      int64     `parquet:"big"`
		Unsigned uint64    `parquet:"unsigned"`
		Float    float64   `parquet:"float"`
		Single   float32   `parquet:"single"`
		Yes      bool      `parquet:"yes"`
		At       time.Time `parquet:"at,timestamp(millisecond)"`
		Day      int32     `parquet:"day,date"`
		Cents    int64     `parquet:"cents,decimal(2:10)"`
		ID       [16]byte  `parquet:"id,uuid"`
		Bytes    []byte    `parquet:"bytes"`
	}
	id := [16]byte{0x12, 0x34, 15: 0xff}
	texts, errs := foreign(t, []row{
		{"a\"\\\n\u00e4", nil, -1, 1<<53 + 1, 1<<64 - 1, 0.1, 0.1, true, time.UnixMilli(1_767_225_600_123), 20_454, -5, id, []byte("x")},
		{"", new(""), 0, 0, 0, math.NaN(), 1e30, false, time.UnixMilli(-1), -1, 12345, id, nil},
		{"", nil, 0, 0, 0, math.Inf(1), 0, false, time.UnixMilli(0), 0, 0, id, []byte{0xff}},
	}, nil)
	require.Equal(t, []string{
		`{"text":"a\"\\\u000aä","maybe":null,"small":-1,"big":9007199254740993,"unsigned":18446744073709551615,"float":0.1,"single":0.1,"yes":true,` +
			`"at":"2026-01-01T00:00:00.123Z","day":"2026-01-01","cents":-0.05,"id":"12340000-0000-0000-0000-0000000000ff","bytes":"x"}`,
		`{"text":"","maybe":"","small":0,"big":0,"unsigned":0,"float":null,"single":1e+30,"yes":false,` +
			`"at":"1969-12-31T23:59:59.999Z","day":"1969-12-31","cents":123.45,"id":"12340000-0000-0000-0000-0000000000ff","bytes":""}`,
		`{"text":"","maybe":null,"small":0,"big":0,"unsigned":0,"float":null,"single":0,"yes":false,` +
			`"at":"1970-01-01T00:00:00Z","day":"1970-01-01","cents":0.00,"id":"12340000-0000-0000-0000-0000000000ff","bytes":null}`,
	}, texts)
	require.Equal(t, []error{errors.New("x.parquet:3: float: an infinite number")}, errs)
}

func TestForeignNesting(t *testing.T) {
	type call struct {
		Name string   `parquet:"name"`
		Args []string `parquet:"args,list"`
	}
	type message struct {
		Role  string  `parquet:"role"`
		Text  *string `parquet:"text,optional"`
		Calls []call  `parquet:"calls,optional,list"`
	}
	type row struct {
		ID       int32             `parquet:"id"`
		Messages []message         `parquet:"messages,list"`
		Bare     []int32           `parquet:"bare"`
		Grid     [][]int32         `parquet:"grid,list"`
		Meta     *message          `parquet:"meta,optional"`
		Map      map[string]string `parquet:"map"`
	}
	texts, errs := foreign(t, []row{
		{
			ID:       1,
			Messages: []message{{"user", new("hi"), nil}, {"assistant", nil, []call{{"f", []string{"a", "b"}}, {"g", nil}}}, {"tool", new(""), []call{}}},
			Bare:     []int32{1, 2},
			Map:      map[string]string{"k": "v"},
		},
		{ID: 2, Meta: &message{Role: "x", Calls: []call{{Name: "h"}}}},
	}, func(path string) bool { return path == "grid" || path == "messages.calls.args" })
	require.Empty(t, errs)
	require.Equal(t, []string{
		`{"id":1,"messages":[{"role":"user","text":"hi","calls":null},{"role":"assistant","text":null,"calls":[{"name":"f"},{"name":"g"}]},` +
			`{"role":"tool","text":"","calls":[]}],"bare":[1,2],"meta":null,"map":[{"key":"k","value":"v"}]}`,
		`{"id":2,"messages":[],"bare":[],"meta":{"role":"x","text":null,"calls":[{"name":"h","args":[]}]},"map":[]}`,
	}, texts)
}

func TestForeignIsOurs(t *testing.T) {
	rows := guardRows(100)
	texts, errs := foreign(t, rows, nil)
	require.Empty(t, errs)
	require.Len(t, texts, 100)
	require.Equal(t, `{"id":"id-0002","text":"text 6","n":6,"v":3,"b":true,"list":["term1"],"turns":[{"role":"user","text":"turn 6 0","name":null},{"role":"user","text":"turn 6 1","name":null}]}`, texts[6])
}

func TestForeignErrors(t *testing.T) {
	for _, err := range ForeignRows(context.Background(), filepath.Join(t.TempDir(), "none.parquet"), nil) {
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	path := filepath.Join(t.TempDir(), "cut.parquet")
	file := guardFile(t, guardRows(100))
	require.NoError(t, os.WriteFile(path, file[:len(file)-50], 0o666))
	n := 0
	for _, err := range ForeignRows(context.Background(), path, nil) {
		n++
		require.ErrorIs(t, err, ErrCorrupt)
	}
	require.Equal(t, 1, n)
	require.NoError(t, os.WriteFile(path, file, 0o666))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last error
	for _, err := range ForeignRows(ctx, path, nil) {
		cancel()
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
}

// A damaged file gives an error or the rows of a sound one, and no panic.
func FuzzForeign(f *testing.F) {
	f.Add(0, byte(0))
	f.Add(100, byte(1))
	file := guardFile(f, guardRows(20))
	path := filepath.Join(f.TempDir(), "x.parquet")
	f.Fuzz(func(t *testing.T, at int, b byte) {
		if at < 0 || at >= len(file) {
			return
		}
		damaged := bytes.Clone(file)
		damaged[at] ^= b
		require.NoError(t, os.WriteFile(path, damaged, 0o666))
		for _, err := range ForeignRows(context.Background(), path, nil) {
			var bad *schema.RowError
			if err != nil && !errors.As(err, &bad) && !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
		}
	})
}
