package convert

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// packing is how members of an archive are packed; by zstd, one frame for each so many
// bytes, all in one if 0.
type packing struct {
	method uint16
	frame  int
}

func (p packing) packed(t testing.TB, data []byte) []byte {
	var out bytes.Buffer
	switch p.method {
	case zipStored:
		return data
	case zipDeflate:
		w, err := flate.NewWriter(&out, 6)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	case zipZstd:
		for first := true; first || len(data) > 0; first = false {
			n := len(data)
			if p.frame > 0 {
				n = min(n, p.frame)
			}
			w, err := zstd.NewWriter(&out)
			require.NoError(t, err)
			_, err = w.Write(data[:n])
			require.NoError(t, err)
			require.NoError(t, w.Close())
			data = data[n:]
		}
	}
	return out.Bytes()
}

// archived is a zip archive of files, in their order, whose names may repeat.
func archived(t testing.TB, files []txtar.File, how packing) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		data := how.packed(t, f.Data)
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: f.Name, Method: how.method, CRC32: crc32.ChecksumIEEE(f.Data), CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(f.Data)),
		})
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func evalFiles(t testing.TB) []txtar.File { return evalFilesIn(t, ".") }

func evalFilesIn(t testing.TB, pkg string) []txtar.File {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join(pkg, "testdata", "inspect_eval.txtar"))
	require.NoError(t, err)
	return a.Files
}

// TestGoldenEval: an archive gives the same rows however it is packed.
func TestGoldenEval(t *testing.T) {
	golden := func(t *testing.T, how packing) {
		dir := t.TempDir()
		here, err := os.Getwd()
		require.NoError(t, err)
		t.Chdir(dir)
		put(t, "log.eval", string(archived(t, evalFilesIn(t, here), how)))
		goldenIn(t, here, "inspect_eval.eval", "log.eval", Options{MaxErrorRate: .9})
	}
	for name, how := range map[string]packing{
		"stored": {method: zipStored}, "deflate": {method: zipDeflate}, "zstd": {method: zipZstd}, "zstd in frames": {zipZstd, 100},
	} {
		t.Run(name, func(t *testing.T) { golden(t, how) })
	}
}

// TestEvalTraps is about archives that are broken, in part or as a whole.
func TestEvalTraps(t *testing.T) {
	good := evalFiles(t)[:4]
	header := txtar.File{Name: "header.json", Data: []byte(`{"version":2,"status":"success","eval":{"eval_id":"E","task":"t","model":"m"}}`)}
	deflated := func(files ...txtar.File) []byte { return archived(t, files, packing{method: zipDeflate}) }
	whole := deflated(append(good[1:3:3], header)...)
	long := []byte(`{"id":"long","epoch":1,"store":"` + strings.Repeat("x", 64<<20+1) + `","messages":[{"role":"user","content":"x"}]}`)
	keys := []byte(`{"id":"keys","epoch":1,"attachments":{"0":""`)
	for i := range mostKeys + 1 {
		keys = fmt.Appendf(keys, `,"%x":""`, i+1)
	}
	for _, c := range []struct {
		name   string
		data   []byte
		want   string
		reject string
		notice string
		err    string

		replace bool
	}{
		{name: "whole", data: whole, want: "2 = 2 + 0"},
		{name: "cut", data: whole[:len(whole)-40], want: "1 = 0 + 1", reject: "in: is no whole zip archive: it is cut, or still written; `inspect log recover` makes a whole one of what is there (zip: not a valid zip file)", err: "1 of 1 records are rejected"},
		{name: "no header", data: deflated(good[:3]...), want: "2 = 2 + 0", notice: "in: has no header: the run goes on or was broken off; its finished samples are read"},
		{name: "neither header nor journal", data: deflated(good[1:3]...), want: "1 = 0 + 1", reject: "in: holds neither header.json nor _journal/start.json, so it is no log of Inspect", err: "1 of 1"},
		{name: "no samples", data: deflated(header), want: "0 = 0 + 0", err: "no rows"},
		{name: "another version", data: deflated(txtar.File{Name: "header.json", Data: []byte(`{"version":4,"eval":{}}`)}), want: "1 = 0 + 1", reject: "in: version: 4 is not read here, 1 to 3 are", err: "1 of 1"},
		{name: "header of another shape", data: deflated(txtar.File{Name: "header.json", Data: []byte(`{"version":2,"eval":{"task":5}}`)}), want: "1 = 0 + 1", reject: "in: eval.task: is not what a log of Inspect has there", err: "1 of 1"},
		{
			name: "damaged member", data: bytes.Replace(archived(t, append(good[1:3:3], header), packing{method: zipStored}), []byte("first try"), []byte("first lie"), 1), want: "2 = 1 + 1",
			reject: "in!samples/1_epoch_1.json: is damaged: its checksum is another",
		},
		{name: "packed otherwise", data: bytes.ReplaceAll(whole, []byte("\x08\x00"), []byte("\x0c\x00")), want: "1 = 0 + 1", reject: "in: is packed by method 12, which is not read here", err: "1 of 1"},
		{name: "long text", data: deflated(append(good[1:3:3], header, txtar.File{Name: "samples/long_epoch_1.json", Data: long})...), want: "3 = 2 + 1", reject: "in!samples/long_epoch_1.json: holds a text longer than 64 MiB"},
		{
			name: "many keys", data: deflated(append(good[1:3:3], header, txtar.File{Name: "samples/keys_epoch_1.json", Data: keys})...), want: "3 = 2 + 1",
			reject: "in!samples/keys_epoch_1.json: has an object of more than 500000 keys",
		},
		{
			name: "half of a surrogate pair", data: deflated(append(good[1:3:3], header, txtar.File{Name: "samples/half_epoch_1.json", Data: []byte(`{"id":9,"epoch":1,"messages":[{"role":"user","content":"x\ud83d"}]}`)})...), want: "3 = 2 + 1",
			reject: "in!samples/half_epoch_1.json: invalid UTF-8 at byte 58: half of a surrogate pair",
		},
		{
			name: "that is replaced", data: deflated(append(good[1:3:3], header, txtar.File{Name: "samples/half_epoch_1.json", Data: []byte(`{"id":9,"epoch":1,"messages":[{"role":"user","content":"x\ud83d"}]}`)})...), want: "3 = 3 + 0",
			replace: true, notice: "in!samples/half_epoch_1.json: invalid UTF-8 was replaced",
		},
		{
			name: "deep", data: deflated(append(good[1:3:3], header, txtar.File{Name: "samples/deep_epoch_1.json", Data: []byte(`{"id":1,"x":` + strings.Repeat("[", 300))})...), want: "3 = 2 + 1",
			reject: "in!samples/deep_epoch_1.json: nested more than 256 deep",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "in", string(c.data))
			report, err := Run(t.Context(), []string{"in"}, Options{Output: "out", ReplaceUTF8: c.replace})
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.Equal(t, []string{"in"}, left(t), "nothing is written")
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, c.want, fmt.Sprintf("%d = %d + %d", report.Read, report.Written, report.Rejected))
			if c.reject != "" {
				require.Len(t, report.Rejects, 1)
				require.Equal(t, c.reject, report.Rejects[0].Error())
			}
			if c.notice != "" {
				require.Contains(t, report.Notices, c.notice)
			}
		})
	}
	t.Run("a member that unpacks to too much", func(t *testing.T) {
		frame := packing{method: zipZstd}.packed(t, bytes.Repeat([]byte(" "), 32<<20))
		data := bytes.Repeat(frame, 33)
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		w, err := z.CreateRaw(&zip.FileHeader{Name: "samples/bomb.json", Method: zipZstd, CompressedSize64: uint64(len(data)), UncompressedSize64: 2})
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		f, err := os.Open(put(t, filepath.Join(t.TempDir(), "in"), out.String()))
		require.NoError(t, err)
		defer f.Close()
		members, err := zipMembers(f, int64(out.Len()))
		require.NoError(t, err)
		in, err := members[0].open()
		require.NoError(t, err)
		n, err := io.Copy(io.Discard, in)
		require.ErrorIs(t, err, errBomb)
		require.Less(t, n, int64(freeSize+1))
		require.NoError(t, in.Close())
	})
	t.Run("members that overlap", func(t *testing.T) {
		data := bytes.Clone(whole) // the second member is said to lie where the first does
		second := bytes.LastIndex(data, []byte("PK\x01\x02"))
		copy(data[second+42:], []byte{0, 0, 0, 0})
		name := put(t, filepath.Join(t.TempDir(), "in"), string(data))
		_, err := Run(t.Context(), []string{name}, Options{Output: filepath.Join(t.TempDir(), "out")})
		require.ErrorContains(t, err, "overlap")
	})
	t.Run("from a stream", func(t *testing.T) {
		_, err := Run(t.Context(), []string{"-"}, Options{Output: filepath.Join(t.TempDir(), "out"), Stdin: bytes.NewReader(whole)})
		require.ErrorContains(t, err, "an archive of Inspect cannot be read from a stream; name the file, unpacked")
	})
}

// TestInspectStream: a log that can be read only once gives the same rows, and one whose
// samples are cut anywhere does no harm.
func TestInspectStream(t *testing.T) {
	text, err := os.ReadFile("testdata/inspect.json")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	run := func(in string, o Options) ([]schema.Trajectory, *Report, error) {
		o.Output, o.Force, o.MaxErrorRate = "ds", true, 1
		report, err := Run(t.Context(), []string{in}, o)
		if err != nil {
			return nil, report, err
		}
		return converted(t, "ds"), report, nil
	}
	want, report, err := run(put(t, "inspect.json", string(text)), Options{ID: "{task}/{sample}/{epoch}", System: "s"})
	require.NoError(t, err)
	require.Equal(t, "5 records = 3 written + 2 rejected + 0 skipped; 3 trajectories, 3 scenarios, 8 annotations", report.String())
	for _, stream := range []string{bom + string(text), string(text)} {
		got, again, err := run("-", Options{Stdin: &slow{[]byte(stream)}, ID: "{task}/{sample}/{epoch}", System: "s"})
		require.NoError(t, err)
		require.Equal(t, report.String(), again.String())
		for i := range got {
			require.Equal(t, want[i].Turns, got[i].Turns)
			require.Equal(t, want[i].TrajectoryID, got[i].TrajectoryID)
		}
	}
	begins := bytes.Index(text, []byte(`"samples": [`+"\n"))
	ends := bytes.Index(text, []byte(`"reductions"`))
	for cut := begins + 20; cut < ends; cut += 97 {
		_, report, err := run(put(t, "cut.json", string(text[:cut])), Options{})
		require.Equal(t, report.Read, report.Written+report.Rejected)
		if err == nil {
			require.Contains(t, strings.Join(report.Notices, "\n")+fmt.Sprint(report.Rejects), "cut")
		}
	}
}
