package dataset

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// WriteFile writes a file whole or not at all: what write wrote stands at path once it
// is safe on disk; after an error what stood there before is untouched.
//
// A link is followed. The error is write's or the system's; it is an error if path is
// not a regular file.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	path, err = outputPath(path)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("writing %s: not a regular file", path)
	}
	var f *os.File
	temp, err := tempName(path, func(name string) (err error) {
		f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		return err
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	done := false
	defer func() {
		if !done { // also if write panics
			_ = f.Close()
			_ = os.Remove(temp)
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := syncClose(f); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	done = true
	return syncFolder(filepath.Dir(path))
}

// outputPath is where a file or folder of that name really goes: a link's target.
func outputPath(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	switch {
	case err == nil:
		return real, nil
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "", fmt.Errorf("writing %s: is a link to nothing", path)
		}
		return filepath.Clean(path), nil
	}
	return "", fmt.Errorf("writing %s: %w", path, err)
}

// tempName makes a file or folder next to path under a name that nobody has.
func tempName(path string, create func(name string) error) (string, error) {
	for try := 0; ; try++ {
		name := filepath.Join(filepath.Dir(path), ".righting-"+rand.Text()+".tmp")
		err := create(name)
		if err == nil || try == 10 || !errors.Is(err, fs.ErrExist) {
			return name, err
		}
	}
}

// syncClose puts a file on disk and closes it.
func syncClose(f *os.File) error {
	return errors.Join(f.Sync(), f.Close())
}

// syncFolder puts the names in a folder on disk, where the system can.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) || errors.Is(err, fs.ErrPermission) {
		err = nil // Windows, some network file systems
	}
	return errors.Join(err, f.Close())
}
