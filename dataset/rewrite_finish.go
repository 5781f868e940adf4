package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/righting-bench/righting/schema"
)

// finish does what is left of a decided change; of one that was not decided it removes
// what was prepared.
func (e *Edit) finish() error {
	work, mark := filepath.Join(e.dir, rewriteName), filepath.Join(e.dir, stateName)
	s, err := readState(e.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.RemoveAll(work)
	case err != nil || s.Key != rewriteKey:
		return fmt.Errorf("%s: %w", e.dir, ErrInterrupted)
	}
	fresh, there, aside := filepath.Join(work, schema.Annotations), filepath.Join(e.dir, schema.Annotations), filepath.Join(work, asideName)
	if _, err := os.Lstat(fresh); err == nil {
		if err := moved(there, aside); err != nil {
			return err
		}
		e.did("aside")
		if err := os.Rename(fresh, there); err != nil {
			return err
		}
		e.did("in place")
	}
	manifest, err := outputPath(filepath.Join(e.dir, manifestName))
	if err != nil {
		return err
	}
	if err := moved(filepath.Join(work, manifestName), manifest); err != nil {
		return err
	}
	e.did("declared")
	for _, name := range []string{"SHA256SUMS", "MANIFEST.json"} {
		path := filepath.Join(e.dir, name)
		if _, err := os.Lstat(path); err == nil {
			e.Notices = append(e.Notices, name+" no longer holds and is gone: pack again")
		}
		if err := removed(path); err != nil {
			return err
		}
	}
	if err := syncFolder(e.dir); err != nil {
		return err
	}
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	e.did("cleaned")
	if err := removed(mark); err != nil {
		return err
	}
	return syncFolder(e.dir)
}

// moved renames what may have been renamed before.
func moved(from, to string) error {
	if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (e *Edit) did(what string) {
	if e.step != nil {
		e.step(what)
	}
}

// Same is whether two manifests say the same.
func (m Manifest) Same(n Manifest) bool { return bytes.Equal(m.YAML(), n.YAML()) }
