package convert

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// near opens a file by its path from the source's folder, unwrapped; not ok if there is
// none. What is made of the source depends on it, so that it is a part of the source's
// fingerprint.
func (s *source) near(path string, read func(io.Reader) error) (ok bool, err error) {
	name := filepath.Join(filepath.Dir(s.name), path)
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, nil
	}
	print, err := fingerprint(f, info)
	if err != nil {
		return false, err
	}
	s.print += print
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	in, _, err := unwrap(name, f, 64<<10)
	if err == nil {
		err = read(in)
	}
	return true, err
}

// sibling is what a small file in the source's folder holds; nil if there is none.
func (s *source) sibling(name string) (text []byte, err error) {
	_, err = s.near(name, func(in io.Reader) error {
		text, err = io.ReadAll(io.LimitReader(in, maxRecord+1))
		if err == nil && len(text) > maxRecord {
			err = fmt.Errorf("%s beside it is longer than %d MiB", name, maxRecord>>20)
		}
		return err
	})
	return text, err
}
