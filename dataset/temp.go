package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrBusy: another run writes the same dataset.
var ErrBusy = errors.New("in use")

// A temp is the locked folder next to a dataset in which it is written. Its name
// depends on the dataset's alone, so a later run finds what an interrupted one left.
type temp struct {
	dir  string // the dataset's
	path string
	lock *os.File
}

// tempFolder makes or finds the folder, and locks it until close.
func tempFolder(dir string) (*temp, error) {
	name := filepath.Base(dir)
	if len(name) > 200 { // with ours around it no system would take it
		sum := sha256.Sum256([]byte(name))
		name = hex.EncodeToString(sum[:])
	}
	t := &temp{dir: dir, path: filepath.Join(filepath.Dir(dir), ".righting-"+name+".tmp")}
	for range 10 {
		if err := os.Mkdir(t.path, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if info, err := os.Lstat(t.path); err == nil && !info.IsDir() {
			return nil, fmt.Errorf("%s: is in the way, and no folder", t.path)
		}
		f, err := os.Open(t.path)
		if errors.Is(err, fs.ErrNotExist) { // another run has just ended
			continue
		}
		if err != nil {
			return nil, err
		}
		free, err := flock(f)
		if err != nil || !free {
			_ = f.Close()
			if err == nil {
				err = t.busy()
			}
			return nil, err
		}
		mine, err := f.Stat()
		there, gone := os.Stat(t.path)
		if err == nil && gone == nil && !os.SameFile(mine, there) || gone != nil {
			_ = f.Close() // it became the dataset before it was ours
			continue
		}
		t.lock = f
		return t, t.restore()
	}
	return nil, t.busy()
}

// busy says who has it.
func (t *temp) busy() error {
	s, err := readState(t.path)
	if err != nil {
		return fmt.Errorf("%w by another run", ErrBusy)
	}
	return fmt.Errorf("%w by process %d since %s", ErrBusy, s.PID, s.Since.Format(time.RFC3339))
}

// old is where a dataset that is replaced stands while its place changes hands.
func (t *temp) old() string { return t.path + ".old" }

// restore puts back a dataset whose replacement was killed halfway.
func (t *temp) restore() error {
	if _, err := os.Lstat(t.old()); err != nil {
		return nil
	}
	if _, err := os.Lstat(t.dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(t.old(), t.dir)
	}
	return os.RemoveAll(t.old())
}

// empty removes what an earlier run left, but for the names to keep.
func (t *temp) empty(keep map[string]bool) error {
	entries, err := os.ReadDir(t.path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !keep[e.Name()] {
			if err := os.RemoveAll(filepath.Join(t.path, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// publish moves the folder into the dataset's place. What is there steps aside first,
// and comes back if the move goes wrong, or at the next run if this one is killed.
func (t *temp) publish() error {
	err := os.Rename(t.dir, t.old())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	there := err == nil
	if err := os.Rename(t.path, t.dir); err != nil {
		if there {
			err = errors.Join(err, os.Rename(t.old(), t.dir))
		}
		return err
	}
	if err := syncFolder(filepath.Dir(t.dir)); err != nil {
		return err
	}
	if there {
		return os.RemoveAll(t.old())
	}
	return nil
}

// remove takes the folder away with all that is in it.
func (t *temp) remove() { _ = os.RemoveAll(t.path) }

// close lets others in.
func (t *temp) close() { _ = t.lock.Close() }
