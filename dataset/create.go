package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/righting-bench/righting/schema"
)

// ErrExists: there is something at the output and nobody said to replace it.
var ErrExists = existsError{}

type existsError struct{}

func (existsError) Error() string        { return "already there; --force replaces it, --append adds to it" }
func (existsError) Is(target error) bool { return target == fs.ErrExist }

// CreateOptions say how a dataset is written. The zero value is fine.
type CreateOptions struct {
	Force  bool   // replace the dataset that is there, whole, at the end
	Append bool   // add to the dataset that is there
	Split  string // in the names of files; "" = test
	Canary string // a string that no training data should hold, into each file's metadata; "" = none

	// Key names what is made of what, and how. A run that ended early is gone on with by
	// one of the same key, from the end of its last Shard; "" = never.
	Key string
}

// A Writer writes a dataset, which is there after Commit, and not before: all of it,
// or nothing. It is for one goroutine, but for what is said of Shard and Batch.
type Writer struct {
	Manifest Manifest // what Commit writes; the caller may go on filling it in
	Notices  []string // what a reader should know

	dir          string
	temp         *temp
	options      CreateOptions
	meta         map[string]string
	existing     *Dataset // that is added to
	scenarios    []schema.Scenario
	annotations  []schema.Annotation
	trajectories *shards[schema.Trajectory]
	journal      *journal // nil without a key
	state        state
	err          error // the files cannot be trusted any more
	done         bool
}

var splitName = regexp.MustCompile(`^[a-z0-9_]+$`)

// Create begins a dataset at dir. Everything is written into a folder next to dir that
// takes its place in Commit; until then what is there stays untouched. With Append the
// manifest is that of the dataset, and m only adds what it lacks.
//
// The errors are ErrExists, ErrBusy, fs.ErrNotExist if dir has no parent, those of Open
// with Append, and the system's. Even with Force, only a dataset or an empty folder is
// replaced.
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
	w := &Writer{Manifest: m, dir: dir, options: o, meta: map[string]string{}}
	if o.Canary != "" {
		w.meta[schema.MetaCanary] = o.Canary
	}
	if w.temp, err = tempFolder(dir); err != nil {
		return nil, fmt.Errorf("writing %s: %w", dir, err)
	}
	if err := w.begin(); err != nil {
		_ = os.Remove(w.temp.path) // if it is empty: it may hold what an interrupted run left
		w.end()
		return nil, err
	}
	return w, nil
}

// begin looks at what is there, and at what an earlier run left.
func (w *Writer) begin() error {
	if err := replaceable(w.dir, w.options.Force || w.options.Append); err != nil {
		return fmt.Errorf("%s: %w", w.dir, err)
	}
	w.trajectories = newShards(w.temp.path, w.options.Split, schema.Trajectories, w.meta, trajectoryText)
	w.trajectories.limits.text = 32 << 20
	w.trajectories.summed = w.options.Key != ""
	if w.options.Append {
		if err := w.addTo(); err != nil {
			return err
		}
	}
	w.state = state{Key: w.options.Key, PID: os.Getpid(), Since: time.Now().Truncate(time.Second)}
	_, err := w.resume()
	if err == nil {
		err = w.state.write(w.temp.path)
	}
	if err == nil && w.options.Key != "" {
		w.journal, err = openJournal(w.temp.path, w.state.Journal, func(e entry) {
			if e.Scenario != nil {
				w.scenarios = append(w.scenarios, *e.Scenario)
			}
			if e.Put != nil {
				w.put(*e.Put)
			}
			if e.Annotation != nil {
				w.annotations = append(w.annotations, *e.Annotation)
			}
		})
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", w.dir, err)
	}
	return nil
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
	for i := range rows {
		if w.journal != nil {
			if err := w.note(entry{Scenario: &rows[i]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// PutScenario adds a row, or replaces that of the same scenario and condition.
func (w *Writer) PutScenario(row schema.Scenario) error {
	w.put(row)
	if w.journal == nil {
		return nil
	}
	return w.note(entry{Put: &row})
}

func (w *Writer) put(row schema.Scenario) {
	i := slices.IndexFunc(w.scenarios, func(s schema.Scenario) bool {
		return s.Scenario == row.Scenario && compareNull(s.Condition, row.Condition) == 0
	})
	if i < 0 {
		w.scenarios = append(w.scenarios, row)
		return
	}
	w.scenarios[i] = row
}

// Scenarios are the rows so far, those of a dataset that is added to and of an
// interrupted run included.
func (w *Writer) Scenarios() []schema.Scenario { return w.scenarios }

// AddAnnotations adds rows, which stay in memory; Commit sorts them. What they point to
// must not change before Commit.
func (w *Writer) AddAnnotations(rows []schema.Annotation) error {
	w.annotations = append(w.annotations, rows...)
	for i := range rows {
		if w.journal != nil {
			if err := w.note(entry{Annotation: &rows[i]}); err != nil {
				return err
			}
		}
	}
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
