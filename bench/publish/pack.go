package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/check"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// NeurIPS is the profile that asks for the eight minimal answers of responsible AI, and for
// what Croissant requires.
const NeurIPS = "neurips"

// Options say how a dataset is packed.
type Options struct {
	Force      bool     // replace a packed folder that is there
	LabelsOnly bool     // without what was said; every score is the same
	Gated      bool     // readers have to accept card.gate first
	Profile    string   // "" or NeurIPS
	Spec       string   // bench.yaml: what the board is; "" = the default over the dataset's rules
	Ignore     []string // rules of check, by code, beginning of a code, or name
	Allow      []string // findings of secrets: their ids, or kinds
	Redact     bool     // findings are made unreadable instead of refused
	Gitleaks   string   // a JSON report of gitleaks, whose findings are findings; "" = none
	Tool       string   // the program and its version
}

// A Result is what Pack did, or why it did not.
type Result struct {
	Manifest *Manifest       // nil: nothing was written
	Check    []check.Finding // what would make a score wrong: nothing is packed
	Secrets  []Secret        // what should not be published, neither allowed nor redacted: nothing is packed
	Notices  []string
	Empty    []string // what the publisher does not answer
}

// Pack makes of a dataset's folder a folder ready to upload, whole or not at all. The same
// dataset and options give the same bytes on any number of cores.
//
// With findings nothing is written and the error is nil: they are in the result. The errors
// are that something required is missing or not what it can be, fs.ErrExist, and those of
// dataset.Open, bench.Run and the system.
func Pack(ctx context.Context, from, to string, o Options) (*Result, error) {
	p := &packing{o: o, from: from, out: new(Result)}
	if err := p.look(ctx); err != nil {
		return nil, err
	}
	if len(p.out.Check) > 0 || len(p.out.Secrets) > 0 {
		return p.out, nil
	}
	err := dataset.WriteFolder(to, o.Force, packed, func(dir string) error { return p.write(ctx, dir) })
	if err != nil {
		return nil, err
	}
	return p.out, nil
}

// packed is whether a folder is one of Pack's.
func packed(names []string) bool { return slices.Contains(names, manifestJSON) }

// A packing is one call of Pack.
type packing struct {
	o       Options
	from    string
	out     *Result
	d       *dataset.Dataset
	kept    Kept
	inputs  []File
	sources map[string][]byte
	canary  string
	scanner *scanner
	dirty   map[string]bool // rows in which something is found, by table and key
	redact  *redaction
}

// look reads the dataset and says what keeps it from being packed.
func (p *packing) look(ctx context.Context) error {
	info, err := os.Stat(p.from)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s: only a dataset in a folder of its own can be packed", p.from)
	}
	if err != nil {
		return err
	}
	if err := p.listInputs(); err != nil {
		return err
	}
	if p.d, err = dataset.Open(p.from); err != nil {
		return err
	}
	m := &p.d.Manifest
	if err := p.answers(m); err != nil {
		return err
	}
	p.out.Empty = Unanswered(m)
	if changes, there := p.sources[changesFile]; there && m.Version != "" && !strings.Contains(string(changes), m.Version) {
		p.out.Notices = append(p.out.Notices, changesFile+" says nothing of version "+plain.Terminal(m.Version))
	}
	rules, err := check.Select(check.All, nil, p.o.Ignore)
	if err != nil {
		return err
	}
	for _, r := range check.All {
		if !slices.Contains(rules, r) {
			p.kept.Ignored = append(p.kept.Ignored, r.Code)
		}
	}
	if err := check.Run(ctx, p.d, rules, func(f check.Finding) error {
		p.out.Check = append(p.out.Check, f)
		return nil
	}); err != nil {
		return err
	}
	if len(p.out.Check) > 0 {
		return nil
	}
	p.kept.LabelsOnly, p.kept.Gated, p.kept.Profile = p.o.LabelsOnly, p.o.Gated, p.o.Profile
	if err := p.findSecrets(ctx); err != nil {
		return err
	}
	return p.findCanary()
}

// answers refuses what dataset.yaml cannot say, and what it has to say and does not.
func (p *packing) answers(m *dataset.Manifest) error {
	if _, there := p.sources[manifestFile]; !there {
		return fmt.Errorf("%s: has no %s; righting init %s writes one", p.from, manifestFile, p.from)
	}
	problems := checkAnswers(m)
	if m.Name == "" {
		problems = append(problems, manifestFile+": name is empty, and nothing can be published without one")
	}
	if p.o.Gated && answer(m, "gate") == "" {
		problems = append(problems, manifestFile+": card.gate is empty: --gated needs what a reader has to accept")
	}
	switch p.o.Profile {
	case "":
	case NeurIPS:
		for _, q := range Questions {
			if q.Minimal && answer(m, q.Key) == "" {
				problems = append(problems, fmt.Sprintf("%s: card.%s is empty (%s): %s", manifestFile, q.Key, q.Property, q.Doc))
			}
		}
		required := map[string]bool{"name": m.Name == "", "description": m.Description == "", "license": m.License == "", "authors": len(m.Authors) == 0, "version": m.Version == "", "card.released": answer(m, "released") == ""}
		for _, key := range sorted(required) {
			if required[key] && key != "name" {
				problems = append(problems, fmt.Sprintf("%s: %s is empty, which Croissant requires", manifestFile, key))
			}
		}
		if answer(m, "repository") == "" && answer(m, "url") == "" && answer(m, "doi") == "" {
			problems = append(problems, manifestFile+": card.repository, card.url and card.doi are empty: Croissant requires an address")
		}
	default:
		return fmt.Errorf("no profile %q; there is %s", p.o.Profile, NeurIPS)
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n"))
	}
	return nil
}

// listInputs hashes what the dataset is made of and keeps its texts. A link is refused.
func (p *packing) listInputs() error {
	root, err := os.OpenRoot(p.from)
	if err != nil {
		return err
	}
	defer root.Close()
	p.sources = map[string][]byte{}
	for _, name := range []string{manifestFile, licenseFile, changesFile} {
		if _, err := root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		data, err := root.ReadFile(name)
		if err != nil {
			return fmt.Errorf("%s: %w", p.from, err)
		}
		if name == licenseFile && strings.HasSuffix(string(data), notOwn) {
			continue // ours, of a folder that was packed before
		}
		p.sources[name] = data
	}
	name := filepath.Join(p.from, specFile)
	if p.o.Spec != "" {
		name = p.o.Spec
	}
	if data, err := os.ReadFile(name); err == nil {
		p.sources[specFile] = data
	} else if p.o.Spec != "" || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, table := range []string{schema.Scenarios, schema.Trajectories, schema.Annotations} {
		entries, err := fs.ReadDir(root.FS(), table)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.from, err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".parquet") || strings.HasPrefix(e.Name(), ".") {
				continue
			}
			at := path.Join(table, e.Name())
			if !e.Type().IsRegular() {
				return fmt.Errorf("%s: is not a regular file, and links are not followed", filepath.Join(p.from, at))
			}
			f, err := fileOf(root, at)
			if err != nil {
				return fmt.Errorf("%s: %w", p.from, err)
			}
			p.inputs = append(p.inputs, f)
		}
	}
	for name, data := range orderly(p.sources) {
		sum := sha256.Sum256(data)
		p.inputs = append(p.inputs, File{Path: name, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(p.inputs, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return nil
}

// findCanary takes the canary of the dataset's files, or makes one of what they hold, so
// that packing again gives the same.
func (p *packing) findCanary() error {
	for _, file := range slices.Concat(p.d.Trajectories, p.d.Annotations, p.d.ScenarioFiles) {
		canary, there, err := dataset.MetadataOf(file, schema.MetaCanary)
		if err != nil {
			return err
		}
		if there && !canaryText(canary) {
			return fmt.Errorf("%s: its canary is not letters, digits and hyphens on one line", file)
		}
		if there && p.canary != "" && p.canary != canary {
			return fmt.Errorf("%s: its canary is not that of the files before", file)
		}
		if there {
			p.canary = canary
		}
	}
	if p.canary == "" {
		tables := slices.DeleteFunc(slices.Clone(p.inputs), func(f File) bool { return tableOf(f.Path) == "" })
		sum := sha256.Sum256([]byte("righting canary\n" + p.d.Manifest.Name + "\n" + sums(tables)))
		sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8, made by its own rule
		x := hex.EncodeToString(sum[:16])
		p.canary = strings.Join([]string{x[:8], x[8:12], x[12:16], x[16:20], x[20:]}, "-")
	}
	return nil
}

func canaryText(s string) bool {
	return s != "" && len(s) <= 200 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:. ") == ""
}

// write fills the folder.
func (p *packing) write(ctx context.Context, dir string) error {
	for name, data := range orderly(p.sources) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return err
		}
	}
	meta := map[string]string{schema.MetaCanary: p.canary}
	if err := cmp.Or(writeStored(ctx, p.d, dir, meta, p.changer()), p.redact.err); err != nil {
		return err
	}
	d, err := dataset.Open(dir)
	if err != nil {
		return err
	}
	spec, err := specOf(d, dir)
	if err != nil {
		return err
	}
	board, err := bench.Run(ctx, []*dataset.Dataset{d}, spec)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "leaderboard"), 0o777); err != nil {
		return err
	}
	if err := writeDerived(ctx, d, board, dir, meta); err != nil {
		return err
	}
	if _, there := p.sources[changesFile]; !there {
		if err := os.WriteFile(filepath.Join(dir, changesFile), firstChanges(&d.Manifest), 0o666); err != nil {
			return err
		}
	}
	_, own := p.sources[licenseFile]
	c, err := contentOf(ctx, d, board, p.kept, p.canary, own)
	if err != nil {
		return err
	}
	texts, err := c.texts()
	if err != nil {
		return err
	}
	for _, t := range texts {
		name := c.path(t.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, t.data, 0o666); err != nil {
			return err
		}
	}
	return p.seal(dir, board)
}

// firstChanges is the CHANGELOG.md of a dataset that has none.
func firstChanges(m *dataset.Manifest) []byte {
	version := m.Version
	if version == "" {
		version = "unversioned"
	}
	return []byte("# Changes\n\n## " + words(version) + "\n\n- packed\n")
}

// contentOf gathers what the texts of a folder are made of; own is whether its LICENSE is a
// source.
func contentOf(ctx context.Context, d *dataset.Dataset, board *bench.Board, kept Kept, canary string, own bool) (*content, error) {
	c := &content{d: d, m: &d.Manifest, kept: kept, canary: canary, own: own, board: board, kinds: map[string]string{}}
	files, err := listFiles(d.Path)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.Table != "" {
			c.files = append(c.files, f)
		}
	}
	for _, file := range d.Annotations {
		for row, err := range dataset.Rows[struct {
			Annotator string `parquet:"annotator"`
			Kind      string `parquet:"annotator_kind"`
		}](ctx, file) {
			if err != nil {
				return nil, err
			}
			c.kinds[row.Annotator] = row.Kind
		}
	}
	return c, nil
}

// listFiles looks at every file of a folder but those that seal it, in the order of their
// paths. What is neither a file nor a folder is an error.
func listFiles(dir string) ([]File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var files []File
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if !e.Type().IsRegular() {
			return fmt.Errorf("%s: is not a regular file, and links are not followed", name)
		}
		if name == manifestJSON || name == sumsFile {
			return nil
		}
		f, err := fileOf(root, name)
		if err != nil {
			return err
		}
		if err := f.measured(dir); err != nil {
			return err
		}
		files = append(files, f)
		return nil
	})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, err
}

// seal writes SHA256SUMS and, last, MANIFEST.json.
func (p *packing) seal(dir string, board *bench.Board) error {
	files, err := listFiles(dir)
	if err != nil {
		return err
	}
	m := &Manifest{
		Righting: p.d.Manifest.Righting, Tool: p.o.Tool, Name: p.d.Manifest.Name, Version: p.d.Manifest.Version, Canary: p.canary,
		Rules: board.Digest, Seed: board.Spec.Rules.Seed, Kept: p.kept, Inputs: p.inputs, Files: files, Dataset: digest(files),
		Sources: append(sorted(p.sources), changesFile),
	}
	slices.Sort(m.Sources)
	m.Sources = slices.Compact(m.Sources)
	data, err := m.JSON()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	sealed := append(slices.Clone(files), File{Path: manifestJSON, SHA256: hex.EncodeToString(sum[:])})
	if err := os.WriteFile(filepath.Join(dir, sumsFile), []byte(sums(sealed)), 0o666); err != nil {
		return err
	}
	p.out.Manifest = m
	return os.WriteFile(filepath.Join(dir, manifestJSON), data, 0o666)
}
