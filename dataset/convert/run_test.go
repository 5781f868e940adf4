package convert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// small makes many pieces and shards of little input.
var small = Options{Output: "ds", chunk: 64 << 10, shard: 256 << 10}

func run1(t *testing.T, in string, o Options) (map[string]string, *Report) {
	t.Helper()
	report, err := Run(t.Context(), []string{in}, o)
	require.NoError(t, err)
	out := hashes(t, o.Output)
	require.NoError(t, os.RemoveAll(o.Output))
	return out, report
}

// TestSameBytes holds that neither workers nor compression change what is written, and
// that a shard ends where its input does.
func TestSameBytes(t *testing.T) {
	t.Chdir(t.TempDir())
	in := generated(t, "in.jsonl", 1, 1<<20)
	want, report := run1(t, in, small)
	require.Equal(t, report.Read, report.Written)
	require.Len(t, want, 1+1+4, "manifest, scenarios, shards of 256 KiB of input")
	for _, workers := range []int{1, 2, 7} {
		o := small
		o.Workers = workers
		got, _ := run1(t, in, o)
		require.Equal(t, want, got, "%d workers", workers)
	}
	text, err := os.ReadFile(in)
	require.NoError(t, err)
	var zipped, packed bytes.Buffer
	g := gzip.NewWriter(&zipped)
	_, err = g.Write(text)
	require.NoError(t, errors.Join(err, g.Close()))
	z, err := zstd.NewWriter(&packed)
	require.NoError(t, err)
	_, err = z.Write(text)
	require.NoError(t, errors.Join(err, z.Close()))
	got, _ := run1(t, put(t, "in.jsonl.gz", zipped.String()), small)
	require.Equal(t, want, got)
	got, _ = run1(t, put(t, "renamed", packed.String()), small)
	require.Equal(t, want, got)
	o := small
	o.Stdin = &slow{text}
	got, _ = run1(t, "-", o)
	require.Equal(t, want, got)

	_, err = Run(t.Context(), []string{put(t, "cut.gz", zipped.String()[:zipped.Len()/2])}, small)
	require.ErrorContains(t, err, "read cut.gz: unexpected EOF")
	require.NoDirExists(t, "ds")
}

// slow gives a few bytes at a time.
type slow struct{ rest []byte }

func (s *slow) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), 1000)], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func TestArrayIsLines(t *testing.T) {
	t.Chdir(t.TempDir())
	text, err := os.ReadFile(generated(t, "in.jsonl", 2, 300<<10))
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(text)), "\n")
	want, _ := run1(t, "in.jsonl", small)
	delete(want, "/dataset.yaml")
	for _, text := range []string{
		"[" + strings.Join(rows, ",") + "]",
		"\n [\n\t" + strings.Join(rows, "\r\n ,\n") + "\n]\n\n",
		strings.ReplaceAll(strings.Join(rows, "\n"), `{"id":`, "{\n\"id\": "),
	} {
		o := small
		o.Workers = 2
		report, err := Run(t.Context(), []string{put(t, "in.json", text)}, o)
		require.NoError(t, err)
		require.Equal(t, len(rows), report.Written)
		require.Empty(t, report.Notices)
		d := converted(t, "ds")
		require.NoError(t, os.RemoveAll("ds"))
		_, err = Run(t.Context(), []string{"in.jsonl"}, o)
		require.NoError(t, err)
		require.Equal(t, converted(t, "ds"), d)
		require.NoError(t, os.RemoveAll("ds"))
	}
}

func TestAppend(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "a.json", "["+tau("0", "0", "1")+","+tau("1", "0", "0")+"]")
	put(t, "b.json", "["+tau("1", "1", "1")+","+tau("0", "1", "1")+"]")
	_, err := Run(t.Context(), []string{"a.json"}, Options{Output: "ds", Append: true})
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "ds: nothing is there to add to; leave out --append to make it")
	_, err = Run(t.Context(), []string{"a.json"}, Options{Output: "ds", System: "s"})
	require.NoError(t, err)
	manifest, err := os.ReadFile("ds/dataset.yaml")
	require.NoError(t, err)
	put(t, "ds/dataset.yaml", string(manifest)+"# mine\n")
	put(t, "ds/README.md", "read me")
	put(t, "ds/SHA256SUMS", "")
	before := hashes(t, "ds")

	_, err = Run(t.Context(), []string{"b.json"}, Options{Output: "ds", System: "s"})
	require.ErrorIs(t, err, dataset.ErrExists)
	_, err = Run(t.Context(), []string{"a.json"}, Options{Output: "ds", System: "s", Append: true})
	require.EqualError(t, err, `ds holds the trajectory "a/0/0" already, so nothing is added; --id makes another id of what is known here`)
	require.Equal(t, before, hashes(t, "ds"))

	report, err := Run(t.Context(), []string{"b.json"}, Options{Output: "ds", System: "s", Append: true})
	require.NoError(t, err)
	require.Equal(t, []string{"SHA256SUMS no longer holds and is gone: pack again"}, report.Notices)
	require.Equal(t, []string{"a.json", "b.json", "ds"}, left(t))
	after := hashes(t, "ds")
	require.Equal(t, before["/README.md"], after["/README.md"])
	require.Equal(t, before["/dataset.yaml"], after["/dataset.yaml"], "with the comment")
	require.NotContains(t, after, "/SHA256SUMS")
	require.Equal(t, before["/trajectories/test-00000-of-00001.parquet"], after["/trajectories/test-00000-of-00002.parquet"])
	d, err := dataset.Open("ds")
	require.NoError(t, err)
	require.Len(t, d.Trajectories, 2)
	require.Len(t, d.Scenarios, 2)
	var ids []string
	for _, a := range rowsOf[schema.Annotation](t, d.Annotations) {
		ids = append(ids, fmt.Sprint(a.TrajectoryID, "=", *a.Value))
	}
	require.Equal(t, []string{"a/0/0=1", "a/1/0=0", "b/0/1=1", "b/1/1=1"}, ids)
	_, err = Run(t.Context(), []string{"b.json"}, Options{Output: "ds", System: "s", Append: true, Split: "train"})
	require.ErrorContains(t, err, "test-00000-of-00002.parquet is not of the split train")
}

func TestTemplates(t *testing.T) {
	t.Chdir(t.TempDir())
	text := `{"id":1,"model":"m","solver":"r","temperature":0.5,"messages":[{"role":"user","content":"x"}]}`
	for _, name := range []string{"one.jsonl", "two.jsonl"} {
		put(t, name, text+"\n")
	}
	report, err := Run(t.Context(), []string{"one.jsonl", "two.jsonl"}, Options{Output: "ds"})
	require.NoError(t, err)
	require.Equal(t, 1, report.Rejected)
	require.NoError(t, os.RemoveAll("ds"))
	_, err = Run(t.Context(), []string{"one.jsonl", "two.jsonl"}, Options{
		Output: "ds", System: "{model}+{solver} {{1}}", Scenario: "q", Condition: "t={temperature}", ID: "{file}-{id}",
	})
	require.NoError(t, err)
	rows := converted(t, "ds")
	require.Equal(t, "one-1", rows[0].TrajectoryID)
	require.Equal(t, "two-1", rows[1].TrajectoryID)
	require.Equal(t, "m+r {1}", rows[1].System)
	require.Equal(t, "t=0.5", *rows[1].Condition)
	require.Equal(t, "1", *rows[1].SourceID)
}

// TestEnd holds what happens when a run cannot come to its end: nothing stands under the
// final name, and what stood there before is untouched.
func TestEnd(t *testing.T) {
	t.Chdir(t.TempDir())
	in := generated(t, "in.jsonl", 3, 1<<20)
	wrong := put(t, "wrong.jsonl", hi+"\n{}\n"+ho+"\n")
	mine := errors.New("mine")

	_, err := Run(t.Context(), []string{wrong}, Options{Output: "ds", Rejecting: dataset.Rejecting{Reject: func(e dataset.Reject) error {
		require.Equal(t, "{}", string(e.Raw))
		require.Equal(t, int64(len(hi)+1), e.Offset)
		return mine
	}}})
	require.ErrorIs(t, err, mine)
	_, err = Run(t.Context(), []string{wrong}, Options{Output: "ds", Commit: func(r *Report) error {
		require.Equal(t, 1, r.Rejected)
		require.NoDirExists(t, "ds")
		return mine
	}})
	require.ErrorIs(t, err, mine)
	require.Equal(t, []string{"in.jsonl", "wrong.jsonl"}, left(t))

	ctx, cancel := context.WithCancel(t.Context())
	o := small
	o.Rejecting.Reject = func(dataset.Reject) error { cancel(); return nil }
	_, err = Run(ctx, []string{wrong, in}, o)
	require.ErrorIs(t, err, context.Canceled)
	require.NoDirExists(t, "ds")

	o = small
	o.Workers, o.Stdin = 1, nil
	busy := false
	o.Rejecting.Reject = func(dataset.Reject) error {
		_, err := Run(t.Context(), []string{in}, small)
		busy = errors.Is(err, dataset.ErrBusy)
		later := time.Now().Add(time.Hour)
		return os.Chtimes(in, later, later)
	}
	_, err = Run(t.Context(), []string{wrong, in}, o)
	require.ErrorContains(t, err, "in.jsonl: changed while it was read")
	require.True(t, busy)
	require.NoDirExists(t, "ds")
}

// TestOwnCut runs a format that is not made of JSON values.
func TestOwnCut(t *testing.T) {
	t.Chdir(t.TempDir())
	f := &Format{
		Name: "words", knowsFile: func(head []byte) bool { return bytes.HasPrefix(head, []byte("words:")) },
		cut: func(r io.Reader, s *source, from position) iter.Seq2[piece, error] {
			return func(yield func(piece, error) bool) {
				text, err := io.ReadAll(r)
				yield(piece{
					source: s, size: int64(len(text)), next: position{int64(len(text)), 1}, last: true, free: func() {},
					read: func(k *sink) error {
						k.blank.reset(1, 1)
						k.blank.turns = append(k.blank.turns, schema.Turn{Role: "assistant", Text: string(text)})
						k.result.Read++
						k.result.Written++
						return k.take(k.record(schema.Place{File: s.name, Row: 1}))
					},
				}, err)
			}
		},
	}
	put(t, "a.txt", "words: a")
	put(t, "b.txt", "words: b")
	report, err := Run(t.Context(), []string{"a.txt", "b.txt"}, Options{Output: "ds", Format: f, chunk: 10})
	require.NoError(t, err)
	require.Equal(t, 2, report.Written)
	require.Equal(t, "assistant:words: b", texts(converted(t, "ds")[1]))
}
