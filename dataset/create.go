package dataset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/righting-bench/righting/schema"
)

// ErrExists: there is something at the output and nobody said to replace it.
var ErrExists = fmt.Errorf("already there; --force replaces it: %w", fs.ErrExist)

// CreateOptions say how a dataset is written. The zero value is fine.
type CreateOptions struct {
	Force  bool   // replace the dataset that is there, whole, at the end
	Split  string // in the names of files; "" = test
	Canary string // a string that no training data should hold, into each file's metadata; "" = none
}

// A Writer writes a dataset, which is there after Commit, and not before: all of it,
// or nothing. It is for one goroutine.
type Writer struct {
	Manifest Manifest // what Commit writes; the caller may go on filling it in

	dir, temp    string
	options      CreateOptions
	meta         map[string]string
	scenarios    []schema.Scenario
	annotations  []schema.Annotation
	trajectories *shards[schema.Trajectory]
	err          error // of AddTrajectories: the file cannot be trusted any more
	done         bool
}

var splitName = regexp.MustCompile(`^[a-z0-9_]+$`)

// Create begins a dataset at dir. Everything is written into a folder next to dir that
// takes its place in Commit; until then what is there stays untouched.
//
// The errors are ErrExists, fs.ErrNotExist if dir has no parent, and the system's.
// Even with Force, only a dataset or an empty folder is replaced.
func Create(dir string, m Manifest, o CreateOptions) (*Writer, error) {
	if o.Split == "" {
		o.Split = "test"
	}
	if !splitName.MatchString(o.Split) {
		return nil, fmt.Errorf("split %q: a split's name is made of a-z, 0-9 and _", o.Split)
	}
	dir, err := outputPath(dir)
	if err != nil {
		return nil, err
	}
	if b := filepath.Base(dir); b == "." || b == ".." || b == string(filepath.Separator) {
		return nil, fmt.Errorf("writing %s: give the new folder a name", dir)
	}
	if err := replaceable(dir, o.Force); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	w := &Writer{Manifest: m, dir: dir, options: o, meta: map[string]string{}}
	if o.Canary != "" {
		w.meta[schema.MetaCanary] = o.Canary
	}
	w.temp, err = tempName(dir, func(name string) error { return os.Mkdir(name, 0o777) })
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", dir, err)
	}
	w.trajectories = newShards(w.temp, o.Split, schema.Trajectories, w.meta, trajectoryText)
	w.trajectories.limits.text = 32 << 20
	return w, nil
}

// replaceable says whether a dataset may go to dir.
func replaceable(dir string, force bool) error {
	names, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		if _, stat := os.Stat(dir); stat != nil {
			return err
		}
		return fmt.Errorf("is not a folder; %w", err)
	case !force:
		return ErrExists
	}
	for _, n := range names {
		switch n.Name() {
		case manifestName, schema.Scenarios, schema.Trajectories, schema.Annotations:
			return nil
		}
	}
	if len(names) > 0 {
		return errors.New("is not a dataset, so it is not replaced")
	}
	return nil
}

// AddScenarios adds rows; Commit sorts them. What they point to must not change before
// Commit.
func (w *Writer) AddScenarios(rows []schema.Scenario) error {
	w.scenarios = append(w.scenarios, rows...)
	return nil
}

// AddAnnotations adds rows, which stay in memory; Commit sorts them. What they point to
// must not change before Commit.
func (w *Writer) AddAnnotations(rows []schema.Annotation) error {
	w.annotations = append(w.annotations, rows...)
	return nil
}

// AddTrajectories writes rows in the order they come. An error is the system's, or a
// row with more text than can be read back.
func (w *Writer) AddTrajectories(rows []schema.Trajectory) error {
	for i := range rows {
		if w.err != nil {
			break
		}
		if err := w.trajectories.piece(rows[i : i+1]); err != nil {
			w.err = fmt.Errorf("writing %s: trajectory %q: %w", w.dir, rows[i].TrajectoryID, err)
		}
	}
	return w.err
}

// Commit puts the dataset in place. After an error nothing is left, and what was there
// before is untouched.
func (w *Writer) Commit() error {
	if w.done {
		return fmt.Errorf("writing %s: already ended", w.dir)
	}
	defer w.Abort()
	if w.err != nil {
		return w.err
	}
	if err := w.finish(); err != nil {
		return fmt.Errorf("writing %s: %w", w.dir, err)
	}
	if err := w.publish(); err != nil {
		return fmt.Errorf("writing %s: %w", w.dir, err)
	}
	return nil
}

// Abort removes what was written. After Commit it does nothing.
func (w *Writer) Abort() {
	if !w.done {
		w.done = true
		w.trajectories.abort()
		_ = os.RemoveAll(w.temp)
	}
}

// finish writes what is not yet written.
func (w *Writer) finish() error {
	text := w.Manifest.YAML()
	if _, err := parseManifest(manifestName, text); err != nil {
		return err
	}
	err := WriteFile(filepath.Join(w.temp, manifestName), func(f io.Writer) error {
		_, err := f.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	sortScenarios(w.scenarios)
	scenarios := newShards(w.temp, w.options.Split, schema.Scenarios, w.meta, scenarioText, scenarioOrder...)
	defer scenarios.abort()
	if err := scenarios.all(w.scenarios, func(a, b *schema.Scenario) bool { return false }); err != nil {
		return err
	}
	SortAnnotations(w.annotations)
	annotations := newShards(w.temp, w.options.Split, schema.Annotations, w.meta, annotationText, annotationOrder...)
	defer annotations.abort()
	if err := annotations.all(w.annotations, func(a, b *schema.Annotation) bool { return a.TrajectoryID == b.TrajectoryID }); err != nil {
		return err
	}
	if err := w.trajectories.close(); err != nil {
		return err
	}
	return syncFolder(w.temp)
}

// publish moves the folder into place. What is there steps aside first, and comes back
// if the move goes wrong.
func (w *Writer) publish() error {
	if err := replaceable(w.dir, w.options.Force); err != nil { // it may have come up since
		return err
	}
	old, err := tempName(w.dir, func(name string) error { return os.Rename(w.dir, name) })
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	there := err == nil
	if err := os.Rename(w.temp, w.dir); err != nil {
		if there {
			err = errors.Join(err, os.Rename(old, w.dir))
		}
		return err
	}
	w.done = true
	if err := syncFolder(filepath.Dir(w.dir)); err != nil {
		return err
	}
	if there {
		return os.RemoveAll(old)
	}
	return nil
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
