//go:build unix

package dataset

import (
	"errors"
	"os"
	"syscall"
)

// flock takes the lock on an open folder that is free again when it is closed, also by
// the end of the process. It is false if another has it.
func flock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, nil
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.EINVAL):
		return true, nil // a file system without locks
	}
	return false, err
}
