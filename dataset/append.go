package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// addTo opens the dataset that is added to.
func (w *Writer) addTo() error {
	d, err := Open(w.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: nothing is there to add to; leave out --append to make it: %w", w.dir, err)
	case err != nil:
		return err
	}
	w.existing, w.scenarios = d, append(w.scenarios, d.Scenarios...)
	for _, file := range append(append([]string{}, d.Trajectories...), d.Annotations...) {
		name := filepath.Base(file)
		part := shardName.FindStringSubmatch(name)
		if part == nil || part[1] != w.options.Split {
			return fmt.Errorf("%s: %s is not of the split %s, and rows are added to one split only; make another dataset", w.dir, name, w.options.Split)
		}
	}
	w.trajectories.before = len(d.Trajectories)
	m := d.Manifest
	m.Measures = lacking(m.Measures, w.Manifest.Measures)
	m.Annotators = lacking(m.Annotators, w.Manifest.Annotators)
	w.Manifest = m
	return nil
}

// lacking is a map with what it lacks of another.
func lacking[V any](have, more map[string]V) map[string]V {
	out := map[string]V{}
	for k, v := range more {
		out[k] = v
	}
	for k, v := range have {
		out[k] = v
	}
	if len(out) == 0 {
		return have
	}
	return out
}

// Existing lists the files of trajectories of the dataset that is added to.
func (w *Writer) Existing() []string {
	if w.existing == nil {
		return nil
	}
	return w.existing.Trajectories
}

// manifestText keeps the manifest that is there, with its comments, if it says the same.
func (w *Writer) manifestText(text []byte) []byte {
	there, err := os.ReadFile(filepath.Join(w.dir, manifestName))
	if err != nil {
		return text
	}
	if reflect.DeepEqual(w.Manifest, w.existing.Manifest) || bytes.Equal(text, there) {
		return there
	}
	w.Notices = append(w.Notices, manifestName+" declares more than before and was written anew: comments of your own are gone")
	return text
}

// mergeAnnotations writes those of the dataset that is added to and the new ones, in
// one order.
func (w *Writer) mergeAnnotations(to *shards[schema.Annotation]) error {
	same := func(a, b *schema.Annotation) bool { return a.TrajectoryID == b.TrajectoryID }
	if w.existing == nil {
		return to.all(w.annotations, same)
	}
	rest := w.annotations
	var group []schema.Annotation // of one trajectory
	flush := func() error {
		for len(group) > 0 && len(rest) > 0 && rest[0].TrajectoryID <= group[0].TrajectoryID {
			n := 1
			for n < len(rest) && same(&rest[0], &rest[n]) {
				n++
			}
			if same(&rest[0], &group[0]) {
				group = append(group, rest[:n]...)
				SortAnnotations(group)
			} else if err := to.piece(rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
		if len(group) == 0 {
			return nil
		}
		err := to.piece(group)
		group = nil
		return err
	}
	for _, file := range w.existing.Annotations {
		for row, err := range Rows[schema.Annotation](context.Background(), file) {
			if err == nil && len(group) > 0 && !same(&group[0], &row) {
				err = flush()
			}
			if err != nil {
				return err
			}
			group = append(group, row)
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return to.all(rest, same)
}

// linkExisting puts the files of the dataset that is added to into the new one: all but
// what is written anew, and sums that no longer hold.
func (w *Writer) linkExisting() error {
	if w.existing == nil {
		return nil
	}
	names := map[string]string{}
	for i, file := range w.existing.Trajectories {
		names[file] = w.trajectories.named(i)
	}
	return filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(w.dir, path)
		if err != nil {
			return err
		}
		folder, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		to := filepath.Join(w.temp.path, rel)
		switch {
		case strings.HasPrefix(d.Name(), ".righting-"): // an interrupted run's, or a lock
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			if err := os.Mkdir(to, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
			return nil
		case rel == manifestName:
			return nil
		case rel == "SHA256SUMS" || rel == "MANIFEST.json":
			w.Notices = append(w.Notices, rel+" no longer holds and is gone: pack again")
			return nil
		case (folder == schema.Scenarios || folder == schema.Annotations) && strings.HasSuffix(rel, ".parquet"):
			return nil
		case names[path] != "":
			to = names[path]
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s: not a regular file", path)
		}
		return linkOrCopy(path, to)
	})
}

func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return WriteFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}
