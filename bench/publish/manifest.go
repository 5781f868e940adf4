package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Names of the files of a packed folder.
const (
	manifestJSON     = "MANIFEST.json"
	sumsFile         = "SHA256SUMS"
	cardFile         = "README.md"
	licenseFile      = "LICENSE"
	changesFile      = "CHANGELOG.md"
	citationFile     = "CITATION.cff"
	croissantFile    = "croissant.json"
	viewsFile        = "views.sql"
	notebookFile     = "quickstart.ipynb"
	leaderboardTable = "leaderboard/leaderboard.parquet"
)

// A Manifest is MANIFEST.json: what a folder holds and how it was packed.
type Manifest struct {
	Righting int      `json:"righting"`
	Tool     string   `json:"tool"`
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Canary   string   `json:"canary"`
	Rules    string   `json:"rules"` // digest
	Seed     uint64   `json:"seed"`
	Kept     Kept     `json:"options"`
	Sources  []string `json:"sources"` // what the rest is made of, besides the stored tables
	Inputs   []File   `json:"inputs"`  // of the dataset that was packed
	Files    []File   `json:"files"`   // of the folder, but for this one and SHA256SUMS
	Dataset  string   `json:"dataset"` // of all files: SHA-256 of their lines in SHA256SUMS
}

// Kept is how a folder was packed, as far as what is made of its sources depends on it.
type Kept struct {
	LabelsOnly bool           `json:"labels_only"`
	Gated      bool           `json:"gated"`
	Profile    string         `json:"profile,omitempty"`
	Ignored    []string       `json:"ignored_rules,omitempty"` // of check
	Allowed    []string       `json:"allowed_findings,omitempty"`
	Redacted   map[string]int `json:"redacted,omitempty"` // places, by kind
}

// A File is one file of a folder.
type File struct {
	Path   string `json:"path"` // with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Table  string `json:"table,omitempty"`
	Split  string `json:"split,omitempty"`
	Rows   *int64 `json:"rows,omitempty"`
	Groups int    `json:"row_groups,omitempty"`
	Schema string `json:"schema,omitempty"` // SHA-256 of how its rows lie
}

// fileOf looks at one file of a folder.
func fileOf(root *os.Root, name string) (File, error) {
	f, err := root.Open(name)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return File{}, err
	}
	return File{Path: name, Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// tableOf says what table a path of a folder belongs to, "" for none.
func tableOf(name string) string {
	table, file, found := strings.Cut(name, "/")
	if !found || !strings.HasSuffix(file, ".parquet") {
		return ""
	}
	if name == leaderboardTable {
		return schema.Scores
	}
	if slices.Contains(Configs, table) {
		return table
	}
	return ""
}

// measured adds what a Parquet file of dir says of itself.
func (f *File) measured(dir string) error {
	f.Table = tableOf(f.Path)
	if f.Table == "" {
		return nil
	}
	path := filepath.Join(dir, filepath.FromSlash(f.Path))
	groups, err := dataset.Groups(path)
	if err != nil {
		return err
	}
	text, err := dataset.SchemaOf(path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(text))
	rows := int64(0)
	for _, g := range groups {
		rows += g.Rows
	}
	f.Rows, f.Groups, f.Schema = &rows, len(groups), hex.EncodeToString(sum[:])
	if f.Path != leaderboardTable {
		f.Split = dataset.SplitOf(path)
	}
	return nil
}

// sums is SHA256SUMS of files, as sha256sum -c reads it.
func sums(files []File) string {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	var b strings.Builder
	for _, f := range files {
		b.WriteString(f.SHA256 + "  " + f.Path + "\n")
	}
	return b.String()
}

// digest is the hash of a whole folder.
func digest(files []File) string {
	sum := sha256.Sum256([]byte(sums(files)))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// JSON is the document.
func (m *Manifest) JSON() ([]byte, error) { return report.Document(m) }

// errEscapes: a path that leaves the folder, or that two systems read differently.
var errEscapes = errors.New("path escapes the folder, or is not one path everywhere")

// readManifest is the document of a folder. The error wraps errEscapes for a path that may
// not be looked at.
func readManifest(data []byte) (*Manifest, error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	m := new(Manifest)
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("goes on after its end")
	}
	paths := slices.Clone(m.Sources)
	seen := map[string]bool{}
	for _, f := range m.Files {
		paths = append(paths, f.Path)
		if folded := strings.ToLower(f.Path); seen[folded] {
			return nil, fmt.Errorf("%q is there twice", f.Path)
		} else {
			seen[folded] = true
		}
	}
	for _, p := range paths {
		if err := checkPath(p); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// checkPath refuses a path that does not stay in its folder on every system.
func checkPath(p string) error {
	if p == "" || len(p) > 1024 || !filepath.IsLocal(p) || strings.ContainsAny(p, "\\:\x00\n\r") || p != strings.TrimPrefix(filepath.ToSlash(filepath.Clean(p)), "./") {
		return fmt.Errorf("%q: %w", p, errEscapes)
	}
	return nil
}
