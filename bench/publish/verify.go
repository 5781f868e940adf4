package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/check"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// A Difference is one thing in a packed folder that is not as the folder says, or not what
// its own data make.
type Difference struct {
	schema.Place
	Why string
}

// String is `file:row: field: why`, on one printable line.
func (d Difference) String() string {
	place := d.Place.String()
	if place == "" {
		return plain.Terminal(d.Why)
	}
	return plain.Terminal(place) + ": " + plain.Terminal(d.Why)
}

// A Verification is what Verify found.
type Verification struct {
	Manifest    *Manifest // nil = it could not be read
	Differences []Difference
	Notices     []string
	Files, Rows int64
	Digest      string // of the folder as it is
}

// VerifyOptions say what a folder is held against besides itself.
type VerifyOptions struct {
	Expect string // the digest that was published elsewhere; "" = none
	Tool   string // the program and its version
}

// maxManifest bounds what is read of MANIFEST.json and SHA256SUMS.
const maxManifest = 64 << 20

// Verify holds a packed folder to what it says, offline: every file against its sum, tables
// against their schema, counts and each other, and everything that is made of others
// (readings, turns, scores, the board, card, Croissant, schemas, views, notebook) against
// what its own sources make. It follows no link and leaves the folder nowhere.
//
// What differs is in the result. The error is that the folder cannot be looked at: it is
// not there, its manifest names a path outside of it, or the system's.
func Verify(ctx context.Context, dir string, o VerifyOptions) (*Verification, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	v := &verifying{root: root, dir: dir, o: o, out: new(Verification), files: map[string]File{}}
	regular, err := v.walk()
	if err != nil {
		return nil, err
	}
	if err := v.seals(); err != nil {
		return nil, err
	}
	if !regular {
		v.say(schema.Place{}, "nothing was computed again: what is no regular file is in the way")
		return v.out, nil
	}
	if v.m == nil {
		return v.out, nil
	}
	if err := v.contents(ctx); err != nil {
		return nil, err
	}
	return v.out, nil
}

// A verifying is one call of Verify.
type verifying struct {
	root  *os.Root
	dir   string
	o     VerifyOptions
	out   *Verification
	m     *Manifest
	files map[string]File // as they are, but for the seals
	sums  map[string]string
}

func (v *verifying) say(at schema.Place, why string, args ...any) {
	v.out.Differences = append(v.out.Differences, Difference{at, fmt.Sprintf(why, args...)})
}

func (v *verifying) file(name, why string, args ...any) {
	v.say(schema.Place{File: name}, why, args...)
}

// walk hashes every file. It is false if something is there that is neither a file nor a
// folder.
func (v *verifying) walk() (regular bool, err error) {
	regular = true
	v.sums = map[string]string{}
	err = fs.WalkDir(v.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(name, ".") {
			v.out.Notices = append(v.out.Notices, plain.Terminal(name)+": hidden, not looked at")
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		if !e.Type().IsRegular() {
			regular = false
			v.file(name, "is not a regular file; links are not followed")
			return nil
		}
		f, err := fileOf(v.root, name)
		if err != nil {
			return err
		}
		v.sums[name] = f.SHA256
		if name != manifestJSON && name != sumsFile {
			v.files[name] = f
			v.out.Files++
		}
		return nil
	})
	if err != nil {
		return regular, fmt.Errorf("%s: %w", v.dir, err)
	}
	return regular, nil
}

// small reads a file of the folder that cannot be large.
func (v *verifying) small(name string) ([]byte, error) {
	f, err := v.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err == nil && len(data) > maxManifest {
		err = fmt.Errorf("has more than %d MiB", maxManifest>>20)
	}
	return data, err
}

// seals holds the files to MANIFEST.json and SHA256SUMS.
func (v *verifying) seals() error {
	present := make([]File, 0, len(v.files))
	for _, f := range orderly(v.files) {
		present = append(present, f)
	}
	v.out.Digest = digest(present)
	if _, there := v.sums[manifestJSON]; !there {
		v.file(manifestJSON, "is missing: this is no packed folder, or not all of one")
	} else if data, err := v.small(manifestJSON); err != nil {
		v.file(manifestJSON, "%v", err)
	} else {
		m, err := readManifest(data)
		switch {
		case errors.Is(err, errEscapes):
			return fmt.Errorf("%s: %w", filepath.Join(v.dir, manifestJSON), err)
		case err != nil:
			v.file(manifestJSON, "is not what pack writes: %v", err)
		default:
			v.m, v.out.Manifest = m, m
			v.listed(m)
			if again, err := m.JSON(); err == nil && string(again) != string(data) {
				line, theirs, ours := firstLine(data, again)
				v.say(schema.Place{File: manifestJSON, Row: line}, "%s where pack writes %s", theirs, ours)
			}
		}
	}
	if _, there := v.sums[sumsFile]; !there {
		v.file(sumsFile, "is missing")
	} else if data, err := v.small(sumsFile); err != nil {
		v.file(sumsFile, "%v", err)
	} else {
		v.summed(string(data))
	}
	if v.o.Expect != "" && v.o.Expect != v.out.Digest {
		v.say(schema.Place{}, "the folder is %s, not the expected %s", v.out.Digest, v.o.Expect)
	}
	if v.o.Expect == "" {
		v.out.Notices = append(v.out.Notices, "self-consistent is not authenticated: compare "+v.out.Digest+" with what was published elsewhere (--expect)")
	}
	return nil
}

// listed compares the files with the manifest's list.
func (v *verifying) listed(m *Manifest) {
	named := map[string]bool{}
	for _, want := range m.Files {
		named[want.Path] = true
		got, there := v.files[want.Path]
		switch {
		case !there:
			v.file(want.Path, "is listed in %s and missing", manifestJSON)
		case got.Bytes != want.Bytes:
			v.file(want.Path, "has %d bytes where %s says %d", got.Bytes, manifestJSON, want.Bytes)
		case got.SHA256 != want.SHA256:
			v.file(want.Path, "is changed: its SHA-256 is %s… where %s says %s…", first(got.SHA256), manifestJSON, first(want.SHA256))
		}
	}
	for name := range orderly(v.files) {
		if !named[name] {
			v.file(name, "is not listed in %s", manifestJSON)
		}
	}
	if d := digest(m.Files); d != m.Dataset {
		v.file(manifestJSON, "dataset: %s… where its files make %s…", first(m.Dataset), first(d))
	}
}

// first is enough of a hash to tell it from others.
func first(hash string) string { return plain.Excerpt(hash, 19) }

// summed compares the files with SHA256SUMS.
func (v *verifying) summed(text string) {
	named := map[string]bool{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		at := schema.Place{File: sumsFile, Row: n}
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != sha256.Size || !ok || !strings.HasSuffix(line, "\n") {
			v.say(at, "is no line of sha256sum's")
			continue
		}
		if named[name] {
			v.say(at, "names %s again", plain.Excerpt(name, 80))
		}
		named[name] = true
		switch got, there := v.sums[name]; {
		case !there:
			v.say(at, "names %s, which is not there", plain.Excerpt(name, 80))
		case got != sum:
			v.say(at, "says %s… of %s, whose SHA-256 is %s…", first(sum), name, first(got))
		}
	}
	for name := range orderly(v.sums) {
		if name != sumsFile && !named[name] {
			v.file(sumsFile, "does not name %s", plain.Excerpt(name, 80))
		}
	}
}

// contents holds the folder to what its own sources make.
func (v *verifying) contents(ctx context.Context) error {
	if v.m.Tool != v.o.Tool {
		v.out.Notices = append(v.out.Notices, plain.Terminal(fmt.Sprintf("packed by %s, looked at by %s: where words changed in between, texts differ", v.m.Tool, v.o.Tool)))
	}
	if !v.measure() {
		return nil
	}
	temp, err := os.MkdirTemp("", "righting-verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	d, err := dataset.Open(v.dir)
	if err != nil {
		return v.broken(ctx, err)
	}
	if d.Manifest.Name != v.m.Name || d.Manifest.Version != v.m.Version {
		v.file(manifestJSON, "is of %q %q where %s says %q %q", v.m.Name, v.m.Version, manifestFile, d.Manifest.Name, d.Manifest.Version)
	}
	if err := v.layouts(temp); err != nil {
		return err
	}
	if err := v.keys(ctx, d); err != nil {
		return v.broken(ctx, err)
	}
	return v.recompute(ctx, d, temp)
}

// layouts compares how the rows of the stored tables lie with how pack writes them.
func (v *verifying) layouts(temp string) error {
	want := map[string]string{}
	for _, err := range []error{
		layout[schema.Scenario](want, temp, schema.Scenarios),
		layout[schema.Trajectory](want, temp, schema.Trajectories),
		layout[schema.Annotation](want, temp, schema.Annotations),
	} {
		if err != nil {
			return err
		}
	}
	for name, f := range orderly(v.files) {
		if w, stored := want[f.Table]; stored && f.Schema != w {
			v.file(name, "its schema is not that of table %s", f.Table)
		}
	}
	return nil
}

// layout puts the fingerprint of a table's schema into want.
func layout[T any](want map[string]string, temp, table string) error {
	name := table + "/0.parquet"
	path := filepath.Join(temp, "layout", table, "0.parquet")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	err := dataset.WriteFile(path, func(w io.Writer) error { return dataset.NewTableWriter[T](w, table, nil).Close() })
	if err != nil {
		return err
	}
	f := File{Path: name}
	err = f.measured(filepath.Join(temp, "layout"))
	want[table] = f.Schema
	return err
}

// broken turns an error of the data into a difference.
func (v *verifying) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		v.say(schema.Place{}, "%s", strings.ReplaceAll(line, filepath.Clean(v.dir)+string(filepath.Separator), ""))
	}
	return nil
}

// measure compares counts, schema and canary of each table's file with the manifest. It is
// false if a file cannot be read.
func (v *verifying) measure() bool {
	readable := true
	for _, want := range v.m.Files {
		got, there := v.files[want.Path]
		if !there {
			continue
		}
		if err := got.measured(v.dir); err != nil {
			readable = false
			v.file(want.Path, "%s", strings.TrimPrefix(err.Error(), filepath.Join(v.dir, filepath.FromSlash(want.Path))+": "))
			continue
		}
		v.files[want.Path] = got
		if got.Table != want.Table || got.Split != want.Split {
			v.file(want.Path, "is of table %q, split %q where %s says %q, %q", got.Table, got.Split, manifestJSON, want.Table, want.Split)
		}
		if got.Table == "" {
			continue
		}
		v.out.Rows += *got.Rows
		if want.Rows == nil || *want.Rows != *got.Rows {
			v.file(want.Path, "has %d rows where %s says %s", *got.Rows, manifestJSON, number(want.Rows))
		}
		if got.Groups != want.Groups {
			v.file(want.Path, "has %d row groups where %s says %d", got.Groups, manifestJSON, want.Groups)
		}
		if got.Schema != want.Schema {
			v.file(want.Path, "its schema is not the one of %s", manifestJSON)
		}
		canary, _, err := dataset.MetadataOf(filepath.Join(v.dir, filepath.FromSlash(want.Path)), schema.MetaCanary)
		if err == nil && canary != v.m.Canary {
			v.file(want.Path, "its canary is not that of %s", manifestJSON)
		}
	}
	for name, f := range orderly(v.files) {
		if tableOf(name) != "" && f.Table == "" && !v.names(name) {
			readable = false // somebody put it there: the tables are not what was packed
		}
	}
	return readable
}

func (v *verifying) names(name string) bool {
	return slices.ContainsFunc(v.m.Files, func(f File) bool { return f.Path == name })
}

func number(n *int64) string {
	if n == nil {
		return "nothing"
	}
	return fmt.Sprint(*n)
}

// keys runs the rules that a folder is packed by.
func (v *verifying) keys(ctx context.Context, d *dataset.Dataset) error {
	rules, err := check.Select(check.All, nil, v.m.Kept.Ignored)
	if err != nil {
		v.file(manifestJSON, "ignored_rules: %v", err)
		rules = check.All
	}
	if len(v.m.Kept.Ignored) > 0 {
		v.out.Notices = append(v.out.Notices, plain.Terminal("packed without these rules of check, and not held to them: "+strings.Join(v.m.Kept.Ignored, ", ")))
	}
	return check.Run(ctx, d, rules, func(f check.Finding) error {
		v.say(f.Place, "%s (%s)", f.Why, f.Rule.Code)
		return nil
	})
}

// recompute makes everything that is made of others again and compares.
func (v *verifying) recompute(ctx context.Context, d *dataset.Dataset, temp string) error {
	spec, err := specOf(d, v.dir)
	if err != nil {
		return v.broken(ctx, err)
	}
	board, err := bench.Run(ctx, []*dataset.Dataset{d}, spec)
	if err != nil {
		return v.broken(ctx, err)
	}
	if board.Digest != v.m.Rules || spec.Rules.Seed != v.m.Seed {
		v.file(manifestJSON, "rules %s…, seed %d where %s makes %s…, %d", first(v.m.Rules), v.m.Seed, manifestFile, first(board.Digest), spec.Rules.Seed)
	}
	temp = filepath.Join(temp, "made")
	if err := os.MkdirAll(filepath.Join(temp, "leaderboard"), 0o777); err != nil {
		return err
	}
	if err := writeDerived(ctx, d, board, temp, map[string]string{schema.MetaCanary: v.m.Canary}); err != nil {
		return v.broken(ctx, err)
	}
	made, err := listFiles(temp)
	if err != nil {
		return err
	}
	expected := map[string]bool{}
	for _, f := range made {
		expected[f.Path] = true
		if err := v.sameTable(ctx, f, temp); err != nil {
			return err
		}
	}
	c, err := contentOf(ctx, d, board, v.m.Kept, v.m.Canary, slices.Contains(v.m.Sources, licenseFile))
	if err != nil {
		return v.broken(ctx, err)
	}
	texts, err := c.texts()
	if err != nil {
		return v.broken(ctx, err)
	}
	for _, t := range texts {
		expected[t.name] = true
		if err := v.sameText(t); err != nil {
			return err
		}
	}
	v.unexpected(expected)
	return nil
}

// unexpected names what neither is a source nor made of any.
func (v *verifying) unexpected(expected map[string]bool) {
	for name := range orderly(v.files) {
		switch tableOf(name) {
		case schema.Scenarios, schema.Trajectories, schema.Annotations:
			continue
		}
		if !expected[name] && !slices.Contains(v.m.Sources, name) && v.names(name) {
			v.file(name, "is made of nothing that is here")
		}
	}
	for _, name := range v.m.Sources {
		if _, there := v.files[name]; !there || !slices.Contains([]string{manifestFile, specFile, licenseFile, changesFile}, name) {
			v.file(manifestJSON, "names the source %s, which is not there, or none", plain.Excerpt(name, 80))
		}
	}
}

// sameText compares a text with what the folder's data make.
func (v *verifying) sameText(want text) error {
	f, there := v.files[want.name]
	if !there {
		v.file(want.name, "is missing")
		return nil
	}
	sum := sha256.Sum256(want.data)
	if f.SHA256 == hex.EncodeToString(sum[:]) {
		return nil
	}
	data, err := v.small(want.name)
	if err != nil {
		v.file(want.name, "%v", err)
		return nil
	}
	line, theirs, ours := firstLine(data, want.data)
	v.say(schema.Place{File: want.name, Row: line}, "%s where the data make %s", theirs, ours)
	return nil
}

// firstLine is the first line in which two texts differ, and both around that place.
func firstLine(a, b []byte) (line int, left, right string) {
	as, bs := strings.SplitAfter(string(a), "\n"), strings.SplitAfter(string(b), "\n")
	for i := range max(len(as), len(bs)) {
		var x, y string
		if i < len(as) {
			x = as[i]
		}
		if i < len(bs) {
			y = bs[i]
		}
		if x == y {
			continue
		}
		n := 0
		for n < min(len(x), len(y)) && x[n] == y[n] {
			n++
		}
		return i + 1, around(x, n), around(y, n)
	}
	return 0, "the same", "the same"
}

// around is what stands at a place of a line, quoted.
func around(s string, at int) string {
	if s == "" {
		return "nothing"
	}
	start := max(0, at-24)
	end := min(len(s), at+40)
	return fmt.Sprintf("%q", strings.ToValidUTF8(s[start:end], "\ufffd"))
}
