package convert

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// fuzzFile reads any bytes as a file of a format that cuts its files itself: no panic, no end
// that is not reached, every record is written or rejected, a run that goes on from any piece
// reads the same rest, and what can be read only once gives the same, if it can be read.
func fuzzFile(f *testing.F, format *Format, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed, uint16(0), false)
		f.Add(seed[:len(seed)*2/3], uint16(1), true)
	}
	dir := f.TempDir()
	w, err := dataset.Create(filepath.Join(dir, "ds"), dataset.NewManifest(), dataset.CreateOptions{})
	require.NoError(f, err)
	f.Cleanup(w.Abort)
	shard := w.Shard()
	r := &run{format: format}
	pieces := func(t *testing.T, all iter.Seq2[piece, error]) (out []string, next []position) {
		for p, err := range all {
			if err != nil {
				return append(out, "failed: "+err.Error()), append(next, position{})
			}
			s := &sink{ctx: t.Context(), run: r, source: p.source, taken: map[string]bool{}, seen: map[scenarioKey]*string{}}
			s.result.batch = shard.Batch()
			if err := p.read(s); err != nil {
				return append(out, "failed: "+err.Error()), append(next, position{})
			}
			p.free()
			require.NoError(t, s.result.batch.Flush())
			require.Equal(t, s.result.Read, s.result.Written+s.result.Rejected)
			text := fmt.Sprint(s.result.counts, s.result.ids)
			for _, e := range s.result.rejects {
				text += fmt.Sprintln(e.Err)
			}
			out, next = append(out, text), append(next, p.next)
			if p.last {
				break
			}
		}
		return out, next
	}
	cut := func(s *source, from position) (all iter.Seq2[piece, error], done func()) {
		in, err := os.Open(s.name)
		if err != nil {
			return nil, nil
		}
		if s.bom {
			from.Offset = max(from.Offset, int64(len(bom)))
		}
		_, _ = in.Seek(from.Offset, io.SeekStart)
		return format.cut(in, s, from), func() { _ = in.Close() }
	}
	f.Fuzz(func(t *testing.T, data []byte, on uint16, replace bool) {
		r.ReplaceUTF8, r.Think = replace, replace
		name := filepath.Join(dir, "in")
		require.NoError(t, os.WriteFile(name, data, 0o666))
		s, err := examine(name, nil)
		if err != nil || s.packed || !format.known(s, see(s.head)) {
			return
		}
		all, done := cut(s, position{})
		want, next := pieces(t, all)
		done()
		require.NotEmpty(t, want)
		if i := int(on) % len(want); i < len(want)-1 && len(want) > 1 {
			all, done := cut(s, next[i])
			got, _ := pieces(t, all)
			done()
			require.Equal(t, want[i+1:], got, "from piece %d", i)
		}
		if s.archive || s.columns != nil {
			return
		}
		once := &source{name: s.name, stem: s.stem, head: s.head}
		got, _ := pieces(t, format.cut(bytes.NewReader(s.head), once, position{}))
		require.Equal(t, want, got, "as a stream")
	})
}

func FuzzInspect(f *testing.F) {
	text, err := os.ReadFile("testdata/inspect.json")
	require.NoError(f, err)
	seeds := [][]byte{text, []byte(bom + `{"eval":{"task":"t"},"samples":[ ,]}`), []byte(`{"version":2,"eval":{},"status":"x","samples":[{"id":1,"epoch":1,"messages":[{"role":"user","content":"` + strings.Repeat("x", 40000) + `"}]},NaN]`), []byte(`{"eval":{},"samples":[{"id":1}]}]}}}]{]},{"a":[}]}`)}
	for _, how := range []packing{{zipStored, 0}, {zipDeflate, 0}, {zipZstd, 1000}} {
		seeds = append(seeds, archived(f, evalFiles(f), how))
	}
	fuzzFile(f, inspect, seeds...)
}

func FuzzScout(f *testing.F) {
	data, err := os.ReadFile("testdata/scout.parquet")
	require.NoError(f, err)
	fuzzFile(f, scout, data)
}

func FuzzPetri(f *testing.F) {
	fuzz(f, petri, "petri.json", `{"metadata":{"transcript_id":1},"events":[{"view":"target","edit":{"operation":"json_patch","patch":[{"op":"move","from":"/0","path":"/0/x"}]}}]}`)
}
