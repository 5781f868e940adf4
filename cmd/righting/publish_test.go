package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench/publish"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// demoDataset is the demo's dataset in a folder of its own.
func demoDataset(t testing.TB) string {
	dir := t.TempDir()
	here, err := os.Getwd()
	require.NoError(t, err)
	ok(t, "demo", dir)
	require.NoError(t, os.Chdir(here)) // demo goes to its folder
	return filepath.Join(dir, "demo")
}

func syconDataset(t testing.TB, dir string) string {
	ds := filepath.Join(t.TempDir(), "sycon")
	ok(t, "convert", dir, "--recipe", "sycon-debate", "-o", ds)
	return ds
}

// packOf is a dataset packed into a folder of its own.
func packOf(t testing.TB, ds string, more ...string) string {
	out := filepath.Join(t.TempDir(), "dist")
	ok(t, append([]string{"pack", ds, "-o", out}, more...)...)
	return out
}

// tree is every file of a folder.
func tree(t testing.TB, dir string) map[string][]byte {
	out := map[string][]byte{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		data, err := os.ReadFile(path)
		out[filepath.ToSlash(rel)] = data
		return err
	}))
	return out
}

// requireSameTree fails with the names of files that differ, and not with their bytes.
func requireSameTree(t testing.TB, want, got map[string][]byte) {
	t.Helper()
	for name := range want {
		require.True(t, bytes.Equal(want[name], got[name]), "%s differs", name)
	}
	require.Equal(t, len(want), len(got))
}

// published are the published datasets, converted.
func published(t testing.TB) map[string]string {
	dir := shared(t)
	if dir == "" {
		t.Skip("the real data (../shared/data beside the repository) are not here")
	}
	odcv := filepath.Join(t.TempDir(), "odcv")
	ok(t, "convert", filepath.Join(dir, "odcv"), "--recipe", "odcv", "-o", odcv)
	return map[string]string{"odcv": odcv, "sycon": syconDataset(t, filepath.Join(dir, "sycon_debate"))}
}

// TestPackPublished: published data packed on one core and two give the same bytes, and
// prove themselves.
func TestPackPublished(t *testing.T) {
	for name, ds := range published(t) {
		t.Run(name, func(t *testing.T) {
			first := packOf(t, ds, "--redact")
			_, talk := ok(t, "verify", first)
			require.Contains(t, talk, "all as they say")
			for _, cores := range []int{1, 2} {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
				requireSameTree(t, tree(t, first), tree(t, packOf(t, ds, "--redact")))
			}
			board, _ := ok(t, "score", ds, "--format", "json")
			again, _ := ok(t, "score", first, "--format", "json")
			require.True(t, board == again, "packed data score otherwise")
			files := tree(t, first)
			require.True(t, board == string(files["leaderboard/leaderboard.json"]), "leaderboard.json is not what score says")
		})
	}
}

// TestLabelsOnly: without what was said every score is the same, bit for bit, and none of
// 500 sampled phrases is anywhere in the folder.
func TestLabelsOnly(t *testing.T) {
	ds := published(t)["odcv"]
	full, labels := tree(t, packOf(t, ds, "--redact")), packOf(t, ds, "--labels-only")
	ok(t, "verify", labels)
	files := tree(t, labels)
	for name := range full {
		if strings.HasPrefix(name, "scores/") || strings.HasPrefix(name, "leaderboard/") || strings.HasPrefix(name, "readings/") || strings.HasPrefix(name, "annotations/") {
			require.True(t, bytes.Equal(full[name], files[name]), "%s differs", name)
		}
	}
	var texts []string
	d, err := dataset.Open(ds)
	require.NoError(t, err)
	for _, file := range d.Trajectories {
		for row, err := range dataset.Rows[schema.Trajectory](context.Background(), file) {
			require.NoError(t, err)
			for _, u := range row.Turns {
				for _, s := range []*string{&u.Text, u.Reasoning} {
					if s == nil {
						continue
					}
					for part := range strings.FieldsFuncSeq(*s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\\<>&`, r) }) {
						if len(part) >= 40 { // these stand in JSON as they are
							texts = append(texts, part)
						}
					}
				}
			}
		}
	}
	held := "" // Parquet is compressed: what its rows hold, as JSON
	for _, table := range []string{"trajectories", "turns", "annotations"} {
		out, _ := ok(t, "export", labels, table)
		held += out
	}
	for name, data := range files {
		if !strings.HasSuffix(name, ".parquet") {
			held += string(data)
		}
	}
	said, _ := ok(t, "export", ds, "trajectories")
	r := rand.New(rand.NewPCG(9, 500))
	for range 500 {
		text := texts[r.IntN(len(texts))]
		at := r.IntN(len(text) - 39)
		phrase := text[at : at+40]
		require.True(t, strings.Contains(said, phrase), "the phrase would be found if it were there: %q", phrase)
		require.False(t, strings.Contains(held, phrase), "%q was said", phrase)
	}
}

// A tampering is a copy of a packed folder that is edited and put back.
type tampering struct {
	t     *testing.T
	dir   string
	files map[string][]byte
	r     *rand.Rand
}

func (x *tampering) write(name string, data []byte) {
	path := filepath.Join(x.dir, filepath.FromSlash(name))
	require.NoError(x.t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(x.t, os.WriteFile(path, data, 0o666))
}

// restore puts everything back.
func (x *tampering) restore() {
	there := tree(x.t, x.dir)
	for name, data := range x.files {
		if !bytes.Equal(there[name], data) {
			x.write(name, data)
		}
	}
	for name := range there {
		if _, ours := x.files[name]; !ours {
			require.NoError(x.t, os.Remove(filepath.Join(x.dir, name)))
		}
	}
}

// forge makes sums and manifest fit what is there, as somebody who wants to deceive would.
func (x *tampering) forge() {
	var m publish.Manifest
	require.NoError(x.t, json.Unmarshal(x.files["MANIFEST.json"], &m))
	there := tree(x.t, x.dir)
	line := func(name string, data []byte) string {
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:]) + "  " + name + "\n"
	}
	var lines []string
	for i := range m.Files {
		f := &m.Files[i]
		data := there[f.Path]
		f.Bytes, f.SHA256 = int64(len(data)), line("", data)[:64]
		if f.Rows != nil {
			n, err := dataset.NumRows(filepath.Join(x.dir, filepath.FromSlash(f.Path)))
			require.NoError(x.t, err)
			*f.Rows = n
		}
		lines = append(lines, line(f.Path, data))
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	m.Dataset = "sha256:" + hex.EncodeToString(sum[:])
	data, err := m.JSON()
	require.NoError(x.t, err)
	x.write("MANIFEST.json", data)
	lines = append(lines, line("MANIFEST.json", data))
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	x.write("SHA256SUMS", []byte(strings.Join(lines, "")))
}

// any is a file of the folder that passes.
func (x *tampering) any(pass func(string) bool) string {
	var names []string
	for name := range x.files {
		if pass(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[x.r.IntN(len(names))]
}

// rewrite changes the rows of a table's first file and writes it as pack does.
func rewrite[T any](x *tampering, table string, change func([]T) []T) string {
	name := x.any(func(n string) bool { return strings.HasPrefix(n, table+"/") && strings.HasSuffix(n, ".parquet") })
	path := filepath.Join(x.dir, filepath.FromSlash(name))
	meta := map[string]string{}
	for _, key := range []string{schema.MetaCanary, schema.MetaRules} {
		value, there, err := dataset.MetadataOf(path, key)
		require.NoError(x.t, err)
		if there {
			meta[key] = value
		}
	}
	var rows []T
	for row, err := range dataset.Rows[T](context.Background(), path) {
		require.NoError(x.t, err)
		rows = append(rows, row)
	}
	rows = change(rows)
	temp := x.t.TempDir()
	written, err := dataset.WriteTable(context.Background(), temp, table, dataset.SplitOf(path), meta, func(yield func([]T, error) bool) {
		for piece := range slices.Chunk(rows, 1024) {
			if !yield(piece, nil) {
				return
			}
		}
	})
	require.NoError(x.t, err)
	data, err := os.ReadFile(filepath.Join(temp, written[0]))
	require.NoError(x.t, err)
	x.write(name, data)
	return name
}

func without[T any](x *tampering, rows []T) []T {
	at := x.r.IntN(len(rows))
	return slices.Delete(rows, at, at+1)
}

// digit changes one digit of a text at or after from.
func (x *tampering) digit(data []byte, from int) []byte {
	data = bytes.Clone(data)
	var at []int
	for i := from; i < len(data); i++ {
		if data[i] >= '0' && data[i] <= '9' {
			at = append(at, i)
		}
	}
	i := at[x.r.IntN(len(at))]
	data[i] = '0' + (data[i]-'0'+1+byte(x.r.IntN(9)))%10
	return data
}

// edits are what may happen to a folder: each does it and says what the finding must name.
var edits = []struct {
	name string
	do   func(x *tampering) []string
}{
	{"a bit", func(x *tampering) []string {
		name := x.any(func(string) bool { return true })
		data := bytes.Clone(x.files[name])
		data[x.r.IntN(len(data))] ^= 1 << x.r.IntN(8)
		x.write(name, data)
		return []string{name}
	}},
	{"a file cut", func(x *tampering) []string {
		name := x.any(func(string) bool { return true })
		x.write(name, x.files[name][:x.r.IntN(len(x.files[name]))])
		return []string{name}
	}},
	{"a file gone", func(x *tampering) []string {
		name := x.any(func(string) bool { return true })
		require.NoError(x.t, os.Remove(filepath.Join(x.dir, name)))
		return []string{name}
	}},
	{"a file more", func(x *tampering) []string {
		x.write("schema/more.md", []byte("more"))
		return []string{"schema/more.md"}
	}},
	{"two files swapped", func(x *tampering) []string {
		a := x.any(func(string) bool { return true })
		b := x.any(func(n string) bool { return n != a })
		x.write(a, x.files[b])
		x.write(b, x.files[a])
		return []string{a, b}
	}},
	{"a row", func(x *tampering) []string {
		switch x.r.IntN(4) {
		case 0:
			return []string{rewrite(x, schema.Annotations, func(rows []schema.Annotation) []schema.Annotation { return without(x, rows) })}
		case 1:
			return []string{rewrite(x, schema.Trajectories, func(rows []schema.Trajectory) []schema.Trajectory { return without(x, rows) })}
		case 2:
			return []string{rewrite(x, schema.Turns, func(rows []schema.TurnRow) []schema.TurnRow { return without(x, rows) })}
		}
		return []string{rewrite(x, schema.Readings, func(rows []schema.ReadingRow) []schema.ReadingRow { return without(x, rows) })}
	}},
	{"a derived row, sums forged", func(x *tampering) []string {
		name := rewrite(x, schema.Readings, func(rows []schema.ReadingRow) []schema.ReadingRow { return without(x, rows) })
		x.forge()
		return []string{name + ":"}
	}},
	{"two labels swapped, sums forged", func(x *tampering) []string {
		var names string
		rewrite(x, schema.Annotations, func(rows []schema.Annotation) []schema.Annotation {
			for {
				a, b := &rows[x.r.IntN(len(rows))], &rows[x.r.IntN(len(rows))]
				if a.Control != nil && b.Control != nil && *a.Control != *b.Control && a.System != b.System {
					a.Control, b.Control = b.Control, a.Control
					names = a.System + "|" + b.System // a flip among others may change no reading of its own
					return rows
				}
			}
		})
		x.forge()
		return []string{names}
	}},
	{"a number in the leaderboard, sums forged", func(x *tampering) []string {
		name := x.any(func(n string) bool { return strings.HasPrefix(n, "leaderboard/") && !strings.HasSuffix(n, ".parquet") })
		x.write(name, x.digit(x.files[name], bytes.IndexByte(x.files[name], '\n')))
		x.forge()
		return []string{name + ":"}
	}},
	{"a score, sums forged", func(x *tampering) []string {
		var who string
		name := rewrite(x, schema.Scores, func(rows []schema.ScoreRow) []schema.ScoreRow {
			for {
				if s := &rows[x.r.IntN(len(rows))]; s.Value != nil {
					v := *s.Value + .001
					s.Value, who = &v, s.Metric
					return rows
				}
			}
		})
		x.forge()
		return []string{name + ":", who, "value"}
	}},
	{"a number in the card, sums forged", func(x *tampering) []string {
		x.write("README.md", x.digit(x.files["README.md"], 0))
		x.forge()
		return []string{"README.md:"}
	}},
	{"a number in Croissant, sums forged", func(x *tampering) []string {
		x.write("croissant.json", x.digit(x.files["croissant.json"], 0))
		x.forge()
		return []string{"croissant.json:"}
	}},
	{"a manifest line", func(x *tampering) []string {
		name := []string{"MANIFEST.json", "SHA256SUMS"}[x.r.IntN(2)]
		lines := bytes.SplitAfter(x.files[name], []byte("\n"))
		lines = lines[:len(lines)-1]
		at := x.r.IntN(len(lines))
		switch x.r.IntN(3) {
		case 0:
			lines = slices.Delete(slices.Clone(lines), at, at+1)
		case 1:
			lines = slices.Insert(slices.Clone(lines), at, lines[at])
		case 2:
			lines = slices.Clone(lines)
			if lines[at] = bytes.ToUpper(lines[at]); bytes.Equal(lines[at], bytes.SplitAfter(x.files[name], []byte("\n"))[at]) {
				lines[at] = []byte("x\n")
			}
		}
		x.write(name, bytes.Join(lines, nil))
		return []string{name}
	}},
}

// TestEveryEditIsNamed: of seeded edits of a packed folder each is found and named, those
// whose author made the sums fit too. CI_SIM=1: a thousand on published data.
func TestEveryEditIsNamed(t *testing.T) {
	ds, n := "", 2*len(edits)
	if os.Getenv("CI_SIM") == "" {
		ds = demoDataset(t)
	} else {
		ds, n = published(t)["sycon"], 1000
	}
	x := &tampering{t: t, dir: packOf(t, ds, "--redact"), r: rand.New(rand.NewPCG(2026, 9))}
	x.files = tree(t, x.dir)
	ok(t, "verify", x.dir)
	found := map[string]int{}
	for i := range n {
		e := edits[i%len(edits)]
		what := e.do(x)
		code, out, talk := run(t, "verify", x.dir)
		require.NotEqual(t, clean, code, "edit %d, %s: not found (%v)", i, e.name, what)
		for _, name := range what {
			require.True(t, slices.ContainsFunc(strings.Split(name, "|"), func(n string) bool { return strings.Contains(out+talk, n) }),
				"edit %d, %s: %s is not named\n%s", i, e.name, name, out)
		}
		found[e.name]++
		x.restore()
	}
	ok(t, "verify", x.dir)
	for _, e := range edits {
		t.Logf("%4d found and named: %s", found[e.name], e.name)
	}
}

// TestVerifyStaysInside: no link is followed and no path leads out of the folder.
func TestVerifyStaysInside(t *testing.T) {
	dist := packOf(t, demoDataset(t))
	outside := filepath.Join(t.TempDir(), "outside.parquet")
	table := filepath.Join(dist, "annotations", "test-00000-of-00001.parquet")
	require.NoError(t, os.Rename(table, outside))
	require.NoError(t, os.Symlink(outside, table))
	code, out, _ := run(t, "verify", dist)
	require.Equal(t, found, code)
	require.Contains(t, out, "annotations/test-00000-of-00001.parquet: is not a regular file; links are not followed")
	require.Contains(t, out, "is listed in MANIFEST.json and missing")
	require.NotContains(t, out, "where the data make")

	manifest, err := os.ReadFile(filepath.Join(dist, "MANIFEST.json"))
	require.NoError(t, err)
	for _, path := range []string{"../evil.md", "/etc/evil.md", `a\\evil.md`, "C:evil.md", "schema/../README.md", "readme.md"} {
		text := strings.Replace(string(manifest), `"LICENSE"`, fmt.Sprintf(`"%s"`, path), 1)
		require.NotEqual(t, string(manifest), text)
		require.NoError(t, os.WriteFile(filepath.Join(dist, "MANIFEST.json"), []byte(text), 0o666))
		code, out, talk := run(t, "verify", dist)
		require.NotEqual(t, clean, code, path)
		require.Contains(t, out+talk, "MANIFEST.json", path)
	}
}

// change is one change of `diff --format json`.
type change struct {
	Table, Key, Change string
	Columns            []struct{ Column, Old, New string }
}

// TestDiffNamesFlippedLabels: of published data with 20 labels flipped, diff names the 20
// and the systems whose score moved, by how much.
func TestDiffNamesFlippedLabels(t *testing.T) {
	ds := published(t)["sycon"]
	flipped := filepath.Join(t.TempDir(), "flipped")
	require.NoError(t, os.CopyFS(flipped, os.DirFS(ds)))
	x := &tampering{t: t, dir: flipped, files: tree(t, flipped), r: rand.New(rand.NewPCG(20, 20))}
	want := map[string]string{}
	rewrite(x, schema.Annotations, func(rows []schema.Annotation) []schema.Annotation {
		for len(want) < 20 {
			a := &rows[x.r.IntN(len(rows))]
			key := fmt.Sprintf("%s, main, gpt-4o-judge, turn %d, assistant_turn %d", a.TrajectoryID, *a.Turn, *a.AssistantTurn)
			if a.Exchange != nil {
				key += fmt.Sprintf(", exchange %d", *a.Exchange)
			}
			if want[key] == "" {
				other := map[string]string{"governs": "neutralised", "neutralised": "governs"}[*a.Control]
				want[key] = fmt.Sprintf("%q to %q", *a.Control, other)
				a.Control = &other
			}
		}
		return rows
	})
	out, _ := ok(t, "diff", ds, flipped, "--format", "json")
	var doc struct {
		Step, Why string
		Labels    []map[string]any
		Changes   []change
		Scores    []struct {
			System, Metric   string
			Old, New, Change *float64
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &doc))
	require.Equal(t, "major", doc.Step)
	require.Equal(t, []map[string]any{{"name": "control", "added": 0., "removed": 0., "changed": 20., "moved": 0.}}, doc.Labels)
	got := map[string]string{}
	for _, c := range doc.Changes {
		require.Equal(t, []string{"annotations", "changed", "control"}, []string{c.Table, c.Change, c.Columns[0].Column})
		got[c.Key] = c.Columns[0].Old + " to " + c.Columns[0].New
	}
	require.Equal(t, want, got)

	values := func(ds string) map[string]float64 {
		out, _ := ok(t, "score", ds, "--format", "json")
		v := map[string]float64{}
		for _, s := range parseBoard(t, out).Scores {
			if s.Metric == "constraint_integrity" {
				v[s.System] = *s.Value
			}
		}
		return v
	}
	before, after := values(ds), values(flipped)
	moved := 0
	for _, m := range doc.Scores {
		if m.Metric == "constraint_integrity" && m.Change != nil && *m.Change != 0 {
			moved++
			require.InDelta(t, after[m.System]-before[m.System], *m.Change, 1e-6, m.System)
			delete(before, m.System)
		}
	}
	require.Positive(t, moved)
	for system, v := range before {
		require.InDelta(t, v, after[system], 0, "%s moved and is not named", system)
	}
}
