package dataset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFolder writes a folder of files whole or not at all: what write created stands in
// the folder path once all of it is safe on disk; after an error nothing does. create
// makes a file of that name, which no other has, and write closes it.
//
// It is an error if there is something at path that is not an empty folder. The error is
// write's or the system's.
func WriteFolder(path string, write func(create func(name string) (io.WriteCloser, error)) error) (err error) {
	if path, err = outputPath(path); err != nil {
		return err
	}
	switch all, err := os.ReadDir(path); {
	case err == nil && len(all) > 0:
		return fmt.Errorf("writing %s: is a folder with something in it; name a new one", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("writing %s: %w", path, err)
	}
	temp, err := tempName(path, func(name string) error { return os.Mkdir(name, 0o777) })
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	done := false
	defer func() {
		if !done { // also if write panics
			_ = os.RemoveAll(temp)
		}
	}()
	err = write(func(name string) (io.WriteCloser, error) {
		f, err := os.OpenFile(filepath.Join(temp, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return nil, err
		}
		return synced{f}, nil
	})
	if err != nil {
		return err
	}
	if err := syncFolder(temp); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	done = true
	return syncFolder(filepath.Dir(path))
}

// A synced file is on disk when it is closed.
type synced struct{ *os.File }

func (s synced) Close() error { return syncClose(s.File) }
