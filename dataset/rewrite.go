package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/righting-bench/righting/schema"
)

// An Edit is the sole right to change what a dataset says of its trajectories: its
// annotations and its manifest. Nobody else writes the dataset until Close.
type Edit struct {
	Dataset *Dataset // as it stands
	Notices []string // of Commit: what a reader should know

	dir  string
	temp *temp
	step func(string) // in tests: what has just been done
}

// A Change is what an Edit makes of a dataset. What is nil stays as it is.
type Change struct {
	Manifest *Manifest
	// Annotations are all rows of each split, as pieces: one trajectory's rows in the order
	// of CompareAnnotations, the trajectories by their ids.
	Annotations map[string]iter.Seq2[[]schema.Annotation, error]
}

// BeginEdit locks the dataset in a folder and opens it, after it has finished what a
// killed Commit had decided.
//
// The errors are ErrBusy, fs.ErrNotExist and those of Open.
func BeginEdit(dir string) (*Edit, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	if !isFolder(real) {
		return nil, fmt.Errorf("%s: only a dataset in its own folder can be changed", dir)
	}
	e := &Edit{dir: real}
	if e.temp, err = tempFolder(real); err != nil {
		return nil, fmt.Errorf("changing %s: %w", dir, err)
	}
	if err = e.finish(); err == nil {
		e.Dataset, err = Open(dir)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Recover finishes what a killed Commit had decided. Without such it does nothing, and
// needs no right to write.
func Recover(dir string) error {
	if s, err := readState(dir); err != nil || s.Key != rewriteKey {
		return nil
	}
	e, err := BeginEdit(dir)
	if err != nil {
		return err
	}
	e.Close()
	return nil
}

// Close lets others in.
func (e *Edit) Close() {
	_ = os.Remove(e.temp.path) // if it is empty: it may hold what an interrupted run left
	e.temp.close()
}

// SplitOf is the split in the name of a table's file, `test` where the name has none.
func SplitOf(file string) string {
	if part := shardName.FindStringSubmatch(filepath.Base(file)); part != nil && splitName.MatchString(part[1]) {
		return part[1]
	}
	return "test"
}

const (
	rewriteName = ".righting-rewrite.tmp" // in the dataset: what is new, then what is old
	rewriteKey  = "rewrite"               // of the state of a dataset whose change is decided
	asideName   = "aside"                 // in there: the annotations that were replaced
)

// Commit puts the change in place, all of it or nothing, whenever the process ends.
//
// First everything new is written into a hidden folder of the dataset and put on disk.
// Then stateName appears, by which the change is decided: from here on Open refuses the
// dataset as interrupted, and Recover, BeginEdit or another Commit finish the job. Then
// annotations and manifest change places with the old ones, and last stateName goes.
// Every step after the decision can be repeated. Sums made by pack no longer hold and
// are removed.
func (e *Edit) Commit(ctx context.Context, c Change) error {
	if err := e.commit(ctx, c); err != nil {
		return fmt.Errorf("changing %s: %w", e.dir, err)
	}
	return nil
}

func (e *Edit) commit(ctx context.Context, c Change) error {
	work := filepath.Join(e.dir, rewriteName)
	if err := e.prepare(ctx, c, work); err != nil {
		return errors.Join(err, os.RemoveAll(work))
	}
	e.did("prepared")
	s := state{Key: rewriteKey, PID: os.Getpid(), Since: time.Now().Truncate(time.Second)}
	if err := s.write(e.dir); err != nil {
		return errors.Join(err, removed(filepath.Join(e.dir, stateName)), os.RemoveAll(work))
	}
	e.did("decided")
	return e.finish()
}

// prepare writes what is new into the folder work.
func (e *Edit) prepare(ctx context.Context, c Change, work string) error {
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	e.did("begun")
	if c.Annotations != nil {
		if err := e.writeAnnotations(ctx, c, work); err != nil {
			return err
		}
		e.did("written")
	}
	if c.Manifest != nil {
		text := c.Manifest.YAML()
		if _, err := parseManifest(manifestName, text); err != nil {
			return err
		}
		path := filepath.Join(e.dir, manifestName)
		if old, err := os.ReadFile(path); err == nil && string(old) != string(e.Dataset.Manifest.YAML()) {
			e.Notices = append(e.Notices, path+" was written anew: comments of your own are gone")
		}
		err := WriteFile(filepath.Join(work, manifestName), func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
		if err != nil {
			return err
		}
	}
	return syncFolder(work)
}

// writeAnnotations writes all splits, and takes along what else lies in the folder.
func (e *Edit) writeAnnotations(ctx context.Context, c Change, work string) error {
	meta, err := e.meta()
	if err != nil {
		return err
	}
	to := filepath.Join(work, schema.Annotations)
	if err := os.Mkdir(to, 0o777); err != nil {
		return err
	}
	for _, split := range sortedKeys(c.Annotations) {
		s := newShards(work, split, schema.Annotations, meta, annotationText, annotationOrder...)
		err := write(ctx, s, c.Annotations[split])
		s.abort()
		if err != nil {
			return err
		}
	}
	from := filepath.Join(e.dir, schema.Annotations)
	entries, err := os.ReadDir(from)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range entries {
		name := f.Name()
		if !f.Type().IsRegular() || strings.HasSuffix(name, ".parquet") && !strings.HasPrefix(name, ".") {
			continue
		}
		if err := linkOrCopy(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return syncFolder(to)
}

func write(ctx context.Context, s *shards[schema.Annotation], pieces iter.Seq2[[]schema.Annotation, error]) error {
	last, any := "", false
	for piece, err := range pieces {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if len(piece) == 0 {
			continue
		}
		if id := piece[0].TrajectoryID; any && id <= last {
			return fmt.Errorf("trajectory %s comes after %s", quoteID(id), quoteID(last))
		}
		last, any = piece[0].TrajectoryID, true
		if err := s.piece(piece); err != nil {
			return err
		}
	}
	return s.close()
}

// meta is what the dataset's files say of themselves that new ones should say too.
func (e *Edit) meta() (map[string]string, error) {
	meta := map[string]string{}
	for _, files := range [][]string{e.Dataset.Annotations, e.Dataset.Trajectories} {
		if len(files) == 0 {
			continue
		}
		f, err := openParquet(files[0], noColumn)
		if err != nil {
			return nil, err
		}
		if canary, ok := f.Lookup(schema.MetaCanary); ok {
			meta[schema.MetaCanary] = canary
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return meta, nil
}
