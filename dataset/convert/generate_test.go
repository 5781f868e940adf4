package convert

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// generate writes some bytes of conversations in openai-chat, one a line, 2 to 40 turns
// each, with escapes and tool calls; the same seed gives the same text.
func generate(w io.Writer, seed uint64, size int64) error {
	r := rand.New(rand.NewPCG(seed, 1))
	b := bufio.NewWriterSize(w, 1<<20)
	var words []string
	for range 5000 {
		n := 2 + r.IntN(9)
		word := make([]byte, n)
		for i := range word {
			word[i] = "etaoinshrdlucmfwypvbgkjqxz"[min(r.IntN(26), r.IntN(26))]
		}
		words = append(words, string(word))
	}
	text := func(n int) string {
		var t strings.Builder
		for range n {
			t.WriteString(words[min(r.IntN(len(words)), r.IntN(len(words)))])
			t.WriteString([]string{" ", " ", " ", " ", " ", " ", " ", ", ", ". ", ".\n\n", " \"x\" ", " – "}[r.IntN(12)])
		}
		return t.String()
	}
	type object map[string]any
	for n, written := 0, int64(0); written < size; n++ {
		messages := []object{{"role": "system", "content": text(80)}}
		for range 1 + r.IntN(20) {
			messages = append(messages, object{"role": "user", "content": text(5 + r.IntN(60))})
			if r.IntN(4) == 0 {
				arguments, err := json.Marshal(object{"query": text(5), "limit": r.IntN(100)})
				if err != nil {
					return err
				}
				id := fmt.Sprintf("call_%d", r.Uint64())
				call := object{"id": id, "type": "function", "function": object{"name": "search", "arguments": string(arguments)}}
				messages = append(messages,
					object{"role": "assistant", "content": nil, "tool_calls": []object{call}},
					object{"role": "tool", "tool_call_id": id, "content": text(50)})
			}
			messages = append(messages, object{"role": "assistant", "content": text(20 + r.IntN(200))})
		}
		line, err := json.Marshal(object{"id": fmt.Sprintf("c%07d", n), "model": fmt.Sprintf("model-%d", n%7), "task": fmt.Sprintf("t%d", n/7), "messages": messages})
		if err != nil {
			return err
		}
		written += int64(len(line)) + 1
		if _, err := b.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return b.Flush()
}

func generated(t testing.TB, path string, seed uint64, size int64) string {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, generate(f, seed, size))
	require.NoError(t, f.Close())
	return path
}

var benchMB = flag.Int("convert.mb", 64, "megabytes of input for BenchmarkRun")

// BenchmarkRun converts a generated file; -convert.mb 1024 is the size of the promise.
func BenchmarkRun(b *testing.B) {
	dir := b.TempDir()
	in := generated(b, filepath.Join(dir, "in.jsonl"), 1, int64(*benchMB)<<20)
	info, err := os.Stat(in)
	require.NoError(b, err)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			b.SetBytes(info.Size())
			for b.Loop() {
				_, err := Run(b.Context(), []string{in}, Options{Output: filepath.Join(dir, "ds"), Force: true, Workers: workers})
				require.NoError(b, err)
			}
		})
	}
}
