package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// guardRow has a column of every kind that our tables have.
type guardRow struct {
	ID    string      `parquet:"id,dict"`
	Text  *string     `parquet:"text,optional"`
	N     *int32      `parquet:"n,optional,dict"`
	V     *float64    `parquet:"v,optional"`
	B     *bool       `parquet:"b,optional"`
	List  []string    `parquet:"list,optional,list,dict"`
	Turns []guardTurn `parquet:"turns,list"`
}

type guardTurn struct {
	Role string  `parquet:"role,dict"`
	Text string  `parquet:"text"`
	Name *string `parquet:"name,optional,dict"`
}

func guardRows(n int) []guardRow {
	rows := make([]guardRow, n)
	for i := range rows {
		r := guardRow{ID: fmt.Sprintf("id-%04d", i/3), Turns: []guardTurn{}}
		if i%2 == 0 {
			r.Text, r.N = new(fmt.Sprint("text ", i)), new(int32(i))
		}
		if i%3 == 0 {
			r.V, r.B = new(float64(i)/2), new(i%2 == 0)
		}
		if i%4 > 0 {
			r.List = make([]string, 0, 3)
		}
		for k := range i % 4 {
			if k > 0 {
				r.List = append(r.List, fmt.Sprint("term", k))
			}
			r.Turns = append(r.Turns, guardTurn{Role: "user", Text: fmt.Sprint("turn ", i, k)})
		}
		rows[i] = r
	}
	return rows
}

// guardFile is rows in three row groups of small pages.
func guardFile(t testing.TB, rows []guardRow, options ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[guardRow](&b, append([]parquet.WriterOption{parquet.PageBufferSize(256), parquet.CreatedBy("righting", "1", "0")}, options...)...)
	for k := range 3 {
		_, err := w.Write(rows[k*len(rows)/3 : (k+1)*len(rows)/3])
		require.NoError(t, err)
		require.NoError(t, w.Flush())
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func readAll(path string) (rows []guardRow, err error) {
	f, err := openParquet(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if want := parquet.SchemaOf(new(guardRow)); f.Schema().String() != want.String() {
		return nil, errors.New("another schema") // a footer has no checksum: nothing tells a name that was damaged
	}
	err = guarded(func() error {
		r := parquet.NewGenericReader[guardRow](f.File)
		defer r.Close()
		batch := make([]guardRow, 16)
		for {
			clear(batch)
			n, err := r.Read(batch)
			rows = append(rows, batch[:n]...)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
	if err == nil && int64(len(rows)) != f.NumRows() {
		err = errors.New("rows")
	}
	return rows, err
}

func putFile(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.parquet")
	require.NoError(t, os.WriteFile(path, b, 0o666))
	return path
}

func TestOpenParquetReads(t *testing.T) {
	rows := guardRows(90)
	for name, options := range map[string][]parquet.WriterOption{
		"none":   nil,
		"zstd":   {parquet.Compression(&parquet.Zstd)},
		"snappy": {parquet.Compression(&parquet.Snappy), parquet.DataPageVersion(1)},
		"gzip":   {parquet.Compression(&parquet.Gzip)},
		"bloom":  {parquet.BloomFilters(parquet.SplitBlockFilter(10, "id"))},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(putFile(t, guardFile(t, rows, options...)))
			require.NoError(t, err)
			assert.Equal(t, rows, got)
		})
	}
}

func TestOpenParquetRefuses(t *testing.T) {
	rows := guardRows(90)
	good := guardFile(t, rows, parquet.Compression(&parquet.Zstd))
	footer := func(change func(*format.FileMetaData)) []byte { return rewrite(t, good, change) }
	raw := func(body ...byte) []byte {
		b := append([]byte("PAR1"), body...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
		return append(b, "PAR1"...)
	}
	deep := footer(func(m *format.FileMetaData) {
		var e []format.SchemaElement
		for range 3000 {
			e = append(e, format.SchemaElement{Name: "a", NumChildren: thrift.New(int32(1))})
		}
		m.Schema = append(e, m.Schema[1])
	})
	tests := map[string]struct {
		file []byte
		want string
	}{
		"empty":           {nil, "0 bytes are no Parquet file"},
		"jsonl":           {[]byte(`{"a":1}` + "\n" + `{"a":2}`), `no Parquet file: begins with "{\"a\"", not PAR1`},
		"cut":             {good[:len(good)-5], `ends with "`},
		"encrypted":       {append(good[:len(good)-4:len(good)-4], "PARE"...), "encrypted Parquet is not supported; decrypt it first"},
		"footer length":   {append(binary.LittleEndian.AppendUint32(good[:len(good)-8:len(good)-8], 0xfffffff0), "PAR1"...), "footer of 4294967280 bytes in a file of"},
		"list of 2^31-1":  {raw(0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07), "a list of 2147483647: declares more than the bytes that are left"},
		"list of 16M":     {raw(0x29, 0xfc, 0x80, 0x80, 0x80, 0x08), "a list of 16777216: declares more than the bytes that are left"},
		"deep schema":     {deep, "schema: deeper than 16"},
		"map":             {raw(0x1b, 0x00, 0x00), "a value of type 11"},
		"behind footer":   {raw(0x00, 0x00), "1 bytes behind its end"},
		"nested structs":  {raw(bytes.Repeat([]byte{0x1c}, 100)...), "nested too deep"},
		"lz4":             {footer(func(m *format.FileMetaData) { m.RowGroups[0].Columns[1].MetaData.Codec = format.Lz4Raw }), "row group 0, column text: compression LZ4_RAW is not supported; rewrite the file with zstd"},
		"two codecs":      {footer(func(m *format.FileMetaData) { m.RowGroups[1].Columns[1].MetaData.Codec = format.Gzip }), "row group 1, column text: compression ZSTD in one row group and GZIP in another"},
		"external":        {footer(func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].FilePath = "/etc/passwd" }), "its pages lie in another file, which is not supported; write one file"},
		"same group":      {footer(func(m *format.FileMetaData) { m.RowGroups[1], m.RowGroups[2] = m.RowGroups[0], m.RowGroups[0] }), "column chunks overlap"},
		"outside":         {footer(func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.TotalCompressedSize = 1 << 40 }), "lie outside the file"},
		"rows":            {footer(func(m *format.FileMetaData) { m.NumRows++ }), "row groups of 90 rows where the footer says 91"},
		"rows of a group": {footer(func(m *format.FileMetaData) { m.RowGroups[0].NumRows++ }), "row group 0, column id: 30 values in 31 rows"},
		"columns":         {footer(func(m *format.FileMetaData) { m.RowGroups[0].Columns = m.RowGroups[0].Columns[1:] }), "row group 0 has 8 columns, the schema 9"},
		"values":          {footer(func(m *format.FileMetaData) { m.RowGroups[0].Columns[6].MetaData.NumValues++ }), "row group 0, column turns.list.element.role: pages do not hold the 52 values declared"},
		"sorted by":       {footer(func(m *format.FileMetaData) { m.RowGroups[0].SortingColumns = []format.SortingColumn{{ColumnIdx: 99}} }), "row group 0 is sorted by column 99 of 9"},
		"two names":       {footer(func(m *format.FileMetaData) { m.Schema[2].Name = "id" }), "schema: two columns id"},
		"children":        {footer(func(m *format.FileMetaData) { m.Schema[0].NumChildren = thrift.New(int32(6)) }), "elements outside its tree"},
		"type":            {footer(func(m *format.FileMetaData) { m.Schema[1].Type = thrift.New(format.Type(77)) }), "schema: column id has no known type"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := putFile(t, test.file)
			f, err := openParquet(path, nil)
			assert.Nil(t, f)
			require.ErrorIs(t, err, ErrCorrupt)
			assert.ErrorContains(t, err, path+": "+ErrCorrupt.Error()+": ")
			assert.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestOpenParquetNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := openParquet(filepath.Join(dir, "none.parquet"), nil)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = openParquet(dir, nil)
	assert.ErrorContains(t, err, "not a regular file")
	fifo := filepath.Join(dir, "fifo")
	if syscall.Mkfifo(fifo, 0o666) == nil {
		_, err = openParquet(fifo, nil)
		assert.ErrorContains(t, err, "not a regular file")
	}
}

// rewrite is the file with another footer.
func rewrite(t testing.TB, b []byte, change func(*format.FileMetaData)) []byte {
	t.Helper()
	n := int(binary.LittleEndian.Uint32(b[len(b)-8:]))
	var m format.FileMetaData
	require.NoError(t, thrift.Unmarshal(new(thrift.CompactProtocol), b[len(b)-8-n:len(b)-8], &m))
	change(&m)
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), m)
	require.NoError(t, err)
	out := append(b[:len(b)-8-n:len(b)-8-n], footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, "PAR1"...)
}

func TestOpenParquetCutShort(t *testing.T) {
	good := guardFile(t, guardRows(90), parquet.Compression(&parquet.Zstd))
	for n := 0; n < len(good); n += 64 {
		_, err := readAll(putFile(t, good[:n]))
		require.ErrorIs(t, err, ErrCorrupt, n)
	}
}

// TestOpenParquetMutants damages files in seeded ways: each is read as an error or as
// the same rows, whatever was hit, since every page has a checksum.
func TestOpenParquetMutants(t *testing.T) {
	rows := guardRows(90)
	for name, options := range map[string][]parquet.WriterOption{
		"zstd":   {parquet.Compression(&parquet.Zstd)},
		"snappy": {parquet.Compression(&parquet.Snappy), parquet.DataPageVersion(1)},
		"none":   nil,
	} {
		t.Run(name, func(t *testing.T) {
			good := guardFile(t, rows, options...)
			footer := int(binary.LittleEndian.Uint32(good[len(good)-8:]))
			rng := rand.New(rand.NewPCG(1, 2))
			path := putFile(t, good)
			for k := range mutants {
				b := mutate(rng, good, footer)
				require.NoError(t, os.WriteFile(path, b, 0o666))
				start := time.Now()
				got, err := readAll(path)
				require.Less(t, time.Since(start), 5*time.Second, k)
				if err == nil && !reflect.DeepEqual(rows, got) {
					for i := range got {
						require.Equal(t, rows[i], got[i], "mutant %d", k)
					}
				}
			}
		})
	}
}

const mutants = 400

func mutate(rng *rand.Rand, good []byte, footer int) []byte {
	b := bytes.Clone(good)
	at := rng.IntN(len(b))
	if rng.IntN(2) == 0 {
		at = len(b) - 8 - footer + rng.IntN(footer+8)
	}
	switch rng.IntN(5) {
	case 0, 1:
		b[at] ^= 1 << rng.IntN(8)
	case 2:
		b[at] = [...]byte{0, 1, 0x7f, 0x80, 0xff}[rng.IntN(5)]
	case 3:
		return append(b[:at], b[min(len(b), at+1+rng.IntN(8)):]...)
	case 4:
		copy(b[at:], b[rng.IntN(len(b)):][:min(8, len(b)-at)/2])
	}
	return b
}
