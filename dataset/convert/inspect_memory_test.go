//go:build unix

package convert

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

var inspectMB = flag.Int("inspect.mb", 96, "megabytes of the logs in TestInspectMemory")

const generatedHeader = `"version":2,"status":"success","eval":{"eval_id":"E","run_id":"R","task":"big","task_id":"T","created":"2026-06-01T10:00:00+00:00","model":"x/y"},"plan":{"steps":[{"solver":"generate"}]},"results":{"scores":[]},"stats":{}`

// generateSample writes a sample as long runs have them: a conversation, and ten times as
// much in events that repeat it; every hundredth has events of many megabytes.
func generateSample(w io.Writer, r *rand.Rand, words []string, n int) error {
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(" \n\"\\"[min(r.IntN(40), 3)%4])
		}
		return b.String()
	}
	type object map[string]any
	messages := []object{{"id": fmt.Sprintf("s%d", n), "role": "system", "content": text(100)}}
	for i := range 20 {
		messages = append(messages,
			object{"id": fmt.Sprintf("u%d-%d", n, i), "role": "user", "content": text(60), "source": "input"},
			object{"id": fmt.Sprintf("a%d-%d", n, i), "role": "assistant", "content": text(150), "source": "generate", "model": "x/y"})
	}
	head, err := json.Marshal(object{"id": n / 2, "epoch": 1 + n%2, "input": text(20), "target": "t", "messages": messages, "scores": object{"match": object{"value": "CIPN"[n%4 : n%4+1]}}, "uuid": fmt.Sprintf("uuid%07d", n)})
	if err != nil {
		return err
	}
	event, err := json.Marshal(object{"event": "model", "uuid": "e", "role": "x", "model": "x/y", "input": messages})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s,\"events\":[", head[:len(head)-1]); err != nil {
		return err
	}
	events := 10
	if n%100 == 50 {
		events = 2000
	}
	for i := range events {
		if i > 0 {
			event[0] = ','
			if _, err := w.Write(event[:1]); err != nil {
				return err
			}
			event[0] = '{'
		}
		if _, err := w.Write(event); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, `],"attachments":{"a":"unused"}}`)
	return err
}

func generateWords() []string {
	r := rand.New(rand.NewPCG(9, 9))
	var words []string
	for range 3000 {
		word := make([]byte, 2+r.IntN(9))
		for i := range word {
			word[i] = "etaoinshrdlucmfwypvbgkjqxz"[min(r.IntN(26), r.IntN(26))]
		}
		words = append(words, string(word))
	}
	return words
}

// generateInspect writes a log of about that size, and tells how many samples it has.
func generateInspect(t *testing.T, path string, size int64, archive bool) (samples int) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	r, words := rand.New(rand.NewPCG(1, 2)), generateWords()
	if archive {
		z := zip.NewWriter(f)
		z.RegisterCompressor(zipZstd, zstd.ZipCompressor())
		var sample bytes.Buffer
		for written := int64(0); written < size; samples++ {
			w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("samples/%d.json", samples), Method: zipZstd})
			require.NoError(t, err)
			sample.Reset()
			require.NoError(t, generateSample(&sample, r, words, samples))
			written += int64(sample.Len())
			_, err = w.Write(sample.Bytes())
			require.NoError(t, err)
		}
		w, err := z.Create("header.json")
		require.NoError(t, err)
		_, err = io.WriteString(w, "{"+generatedHeader+"}")
		require.NoError(t, err)
		require.NoError(t, z.Close())
		require.NoError(t, f.Close())
		return samples
	}
	b := bufio.NewWriterSize(f, 1<<20)
	_, err = b.WriteString("{" + generatedHeader + `,"samples":[` + "\n")
	require.NoError(t, err)
	for {
		require.NoError(t, generateSample(b, r, words, samples))
		samples++
		require.NoError(t, b.Flush())
		at, err := f.Seek(0, io.SeekCurrent)
		require.NoError(t, err)
		if at >= size {
			break
		}
		require.NoError(t, b.WriteByte(','))
	}
	_, err = b.WriteString("],\"reductions\":[]}\n")
	require.NoError(t, err)
	require.NoError(t, b.Flush())
	require.NoError(t, f.Close())
	return samples
}

// TestInspectMemory converts large logs in a process of its own, which stays below 512 MB;
// -inspect.mb 1024 is the size of the promise.
func TestInspectMemory(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("writes and reads logs of 96 MB, and is about memory that the race detector takes for itself")
	}
	for _, kind := range []string{"json", "eval"} {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			in := filepath.Join(dir, "log."+kind)
			samples := generateInspect(t, in, int64(*inspectMB)<<20, kind == "eval")
			info, err := os.Stat(in)
			require.NoError(t, err)
			var out strings.Builder
			begun := time.Now()
			cmd := child{In: in, Out: filepath.Join(dir, "ds"), Workers: 2}.start(t, &out)
			require.NoError(t, cmd.Wait(), out.String())
			require.Contains(t, out.String(), fmt.Sprintf("%d records = %d written + 0 rejected", samples, samples))
			took := time.Since(begun)
			_, after, ok := strings.Cut(out.String(), "VmHWM:")
			if !ok {
				t.Skip("the system does not tell how much memory was used")
			}
			var peak int64
			_, err = fmt.Sscanf(after, "%d kB", &peak)
			require.NoError(t, err)
			t.Logf("%d MiB on disk, %d samples: %d MiB at the most, %.1f s", info.Size()>>20, samples, peak>>10, took.Seconds())
			require.Less(t, peak>>10, int64(512))
		})
	}
}
