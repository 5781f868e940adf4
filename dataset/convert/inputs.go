package convert

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// find examines the inputs and settles the format.
func (r *run) find(inputs []string) error {
	r.format = r.Format
	for _, in := range inputs {
		info, err := os.Stat(in)
		switch {
		case in == "-":
		case err != nil:
			return err
		case info.IsDir():
			if err := r.folder(in); err != nil {
				return err
			}
			continue
		}
		s, err := examine(in, r.Stdin)
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(s.head)) == 0 {
			r.mark.Notes.add(note{"no rows", schema.Place{File: in}, 1})
			continue
		}
		f, err := s.sniff()
		if r.Format == nil && err != nil {
			return err
		}
		if err := r.take(s, cmp.Or(r.Format, f)); err != nil {
			return err
		}
	}
	if len(r.sources) == 0 {
		return fmt.Errorf("%s: %w", strings.Join(inputs, ", "), ErrNoRows)
	}
	r.report.Format = r.format
	return nil
}

// take adds a source, all of which have one format.
func (r *run) take(s *source, f *Format) error {
	if r.format == nil {
		r.format = f
	}
	if r.format != f {
		return fmt.Errorf("%s is %s, %s is %s: convert one, then the other with --append", r.sources[0].name, r.format.Name, s.name, f.Name)
	}
	if n := len(r.sources); n > 0 {
		s.after = r.sources[n-1]
	}
	if err := f.prepare(s); err != nil {
		return err
	}
	if s.listless {
		r.mark.Notes.add(note{fmt.Sprintf("has no list %s; what lies in files of their own is found by giving the folder", strings.Join(f.list, ".")), schema.Place{File: s.name}, 1})
	}
	s.head = nil
	if s.bom {
		r.mark.Notes.add(note{"begins with a byte order mark, passed over", schema.Place{File: s.name}, 1})
	}
	r.sources = append(r.sources, s)
	r.report.Files = append(r.report.Files, s.name)
	return nil
}

// folder takes the files below it that a format is known in, by name; hidden ones and
// the rest are passed over.
func (r *run) folder(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != dir && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		s, err := examine(path, nil)
		var system *fs.PathError
		if errors.As(err, &system) {
			return err
		}
		var f *Format
		if err == nil {
			f, err = s.sniff()
		}
		if err == nil && r.Format != nil && f != r.Format {
			err = errors.New("another format")
		}
		if err != nil {
			r.mark.Notes.add(note{"passed over: not in the format", schema.Place{File: path}, 1})
			return nil
		}
		return r.take(s, f)
	})
}

// key names what is made of what, and how; "" if that cannot be told.
func (r *run) key() string {
	what := []any{r.Version, schema.Version, r.format.Name, r.System, r.Scenario, r.Condition, r.ID, r.Append, r.Split, r.Canary, r.ReplaceUTF8, r.Think, r.Branches, r.chunk, r.shard, r.limit}
	for _, s := range r.sources {
		if s.info == nil {
			return ""
		}
		what = append(what, s.name, s.print)
	}
	if r.Append {
		for _, table := range []string{schema.Trajectories, schema.Annotations, schema.Scenarios} {
			entries, _ := os.ReadDir(filepath.Join(r.Output, table))
			for _, e := range entries {
				if info, err := e.Info(); err == nil {
					what = append(what, e.Name(), info.Size(), info.ModTime().UnixNano())
				}
			}
		}
	}
	text, err := json.Marshal(what)
	if err != nil { // of texts and numbers
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
