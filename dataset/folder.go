package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFolder writes a folder whole or not at all: write fills the empty folder that it
// is given, which takes dir's place once it is safe on disk. After an error what was
// there before is untouched.
//
// A folder that is there and not empty is replaced only with force, and only if mine says
// of the names in it that it is such a folder. The errors are ErrExists, ErrBusy, write's
// and the system's.
func WriteFolder(dir string, force bool, mine func(names []string) bool, write func(path string) error) error {
	dir, err := outputPath(dir)
	if err != nil {
		return err
	}
	if b := filepath.Base(dir); b == "." || b == ".." || b == string(filepath.Separator) {
		return fmt.Errorf("writing %s: give the new folder a name", dir)
	}
	if err := folderFree(dir, force, mine); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	t, err := tempFolder(dir)
	if err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	done := false
	defer func() {
		if !done { // also if write panics
			t.remove()
		}
		t.close()
	}()
	if err := t.empty(nil); err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	if err := write(t.path); err != nil {
		return err
	}
	err = syncTree(t.path)
	if err == nil {
		err = folderFree(dir, force, mine) // it may have come up since
	}
	if err == nil {
		err = t.publish()
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	done = true
	return nil
}

// folderFree says whether a folder may go to dir.
func folderFree(dir string, force bool, mine func([]string) bool) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) == 0:
		return nil
	case !force:
		return fmt.Errorf("is a folder with something in it; name a new one, or, to pack it anew, --force: %w", fs.ErrExist)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	if !mine(names) {
		return errors.New("is something else, so it is not replaced")
	}
	return nil
}

// syncTree puts a folder and all that is below it on disk.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return syncFolder(path)
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return syncClose(f)
	})
}
