package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/righting-bench/righting/schema"
)

// Commit puts the dataset in place. After an error it is as after Stop, and what was
// there before is untouched.
func (w *Writer) Commit() error {
	if w.done {
		return fmt.Errorf("writing %s: already ended", w.dir)
	}
	if w.err != nil {
		return w.Stop(w.err)
	}
	err := w.finish()
	if err == nil {
		err = replaceable(w.dir, w.options.Force || w.options.Append) // it may have come up since
	}
	if err == nil {
		err = w.temp.publish()
	}
	if err != nil {
		return w.Stop(fmt.Errorf("writing %s: %w", w.dir, err))
	}
	w.end()
	return nil
}

// Abort removes what was written. After Commit it does nothing.
func (w *Writer) Abort() {
	if !w.done {
		w.temp.remove()
		w.end()
	}
}

// Stop ends the writing for a reason, and returns it. If the reason lies outside, such as
// a full disk or a cancelled context, finished shards are left to the next run of the
// same key, and the error says so; else it is Abort.
func (w *Writer) Stop(why error) error {
	var system syscall.Errno
	outside := errors.As(why, &system) || errors.Is(why, context.Canceled) || errors.Is(why, context.DeadlineExceeded)
	n := len(w.state.Shards)
	if w.done || !outside || n == 0 {
		w.Abort()
		return why
	}
	w.end()
	return fmt.Errorf("%w; %d of its shards are finished: the same command goes on from there", why, n)
}

// end lets go of the files.
func (w *Writer) end() {
	w.done = true
	if w.trajectories != nil {
		w.trajectories.abort()
	}
	if w.journal != nil {
		_ = w.journal.f.Close()
	}
	w.temp.close()
}

// finish writes what is not yet written. The state goes last: until then the next run
// can go on.
func (w *Writer) finish() error {
	if err := w.writeManifest(); err != nil {
		return err
	}
	sortScenarios(w.scenarios)
	scenarios := newShards(w.temp.path, w.options.Split, schema.Scenarios, w.meta, scenarioText, scenarioOrder...)
	defer scenarios.abort()
	if err := scenarios.all(w.scenarios, func(a, b *schema.Scenario) bool { return false }); err != nil {
		return err
	}
	SortAnnotations(w.annotations)
	annotations := newShards(w.temp.path, w.options.Split, schema.Annotations, w.meta, annotationText, annotationOrder...)
	defer annotations.abort()
	if err := w.mergeAnnotations(annotations); err != nil {
		return err
	}
	if err := w.linkExisting(); err != nil {
		return err
	}
	if err := w.trajectories.close(); err != nil {
		return err
	}
	for _, name := range []string{journalName, stateName} {
		if err := os.Remove(filepath.Join(w.temp.path, name)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return syncFolder(w.temp.path)
}

func (w *Writer) writeManifest() error {
	text := w.Manifest.YAML()
	if _, err := parseManifest(manifestName, text); err != nil {
		return err
	}
	if w.existing != nil {
		text = w.manifestText(text)
	}
	return WriteFile(filepath.Join(w.temp.path, manifestName), func(f io.Writer) error {
		_, err := f.Write(text)
		return err
	})
}

func scenarioText(s *schema.Scenario) int { return textBytes(s.Description, s.MetadataJSON) }

func annotationText(a *schema.Annotation) int { return textBytes(a.Evidence, a.Rationale) }

func trajectoryText(t *schema.Trajectory) int {
	n := textBytes(t.Error, t.MetadataJSON)
	for i := range t.Turns {
		u := &t.Turns[i]
		n += len(u.Text) + textBytes(u.Reasoning, u.ToolCallsJSON)
	}
	return n
}

func textBytes(texts ...*string) (n int) {
	for _, s := range texts {
		if s != nil {
			n += len(*s)
		}
	}
	return n
}
