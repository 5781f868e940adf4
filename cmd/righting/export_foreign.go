package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/convert"
	"github.com/righting-bench/righting/schema"
)

// layouts lists what trajectories are written as.
func layouts() []string {
	names := make([]string, len(convert.Writers))
	for i, w := range convert.Writers {
		names[i] = w.Name
	}
	return names
}

// foreign writes the trajectories as others read them, to one stream.
func (j *exportJob) foreign(w *convert.Writer) error {
	out := w.New(j.w)
	if err := j.items(w, out.Write); err != nil {
		return err
	}
	j.skipped(out.Skipped)
	return out.Close()
}

// folder writes each trajectory as a file of its own.
func (j *exportJob) folder(w *convert.Writer, path string) error {
	if path == "" || path == "-" {
		return fmt.Errorf("%s is a folder with a file for each trajectory; add -o FOLDER", w.Name)
	}
	skipped := map[string]int{}
	never := func([]string) bool { return false }
	err := dataset.WriteFolder(path, false, never, func(dir string) error {
		taken := map[string]bool{}
		return j.items(w, func(i *convert.Item) error {
			name := fileName(i.TrajectoryID, taken)
			f, err := os.OpenFile(filepath.Join(dir, name+w.Ext), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			if err != nil {
				return err
			}
			out := w.New(f)
			if err := out.Write(i); err != nil {
				_ = f.Close()
				return err
			}
			for why, n := range out.Skipped {
				skipped[why] += n
			}
			if err := out.Close(); err != nil {
				_ = f.Close()
				return err
			}
			return f.Close()
		})
	})
	if err == nil {
		j.skipped(skipped)
	}
	return err
}

// longestName is how much of an id a file's name has.
const longestName = 100

// fileName is an id as a name that every system takes, and that differs from the others
// by more than case.
func fileName(id string, taken map[string]bool) string {
	var b strings.Builder
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.' && b.Len() > 0:
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	name := b.String()
	if name != id || len(name) > longestName || taken[strings.ToLower(name)] {
		sum := sha256.Sum256([]byte(id))
		name = name[:min(len(name), longestName)] + "-" + hex.EncodeToString(sum[:6])
	}
	taken[strings.ToLower(name)] = true
	return name
}

func (j *exportJob) skipped(why map[string]int) {
	for _, w := range slices.Sorted(maps.Keys(why)) {
		j.a.talk("%d trajectories left out: %s", why[w], w)
	}
}

// items gives each trajectory, with what its judgements say where that has a place.
func (j *exportJob) items(w *convert.Writer, each func(*convert.Item) error) error {
	verdicts := map[string][]convert.Verdict{}
	if w.Scores && len(j.d.Annotations) > 0 {
		err := bench.Readings(j.ctx, j.d, j.spec, func(rows []schema.ReadingRow) error {
			for _, r := range rows {
				verdicts[r.TrajectoryID] = append(verdicts[r.TrajectoryID], convert.Verdict{Constraint: r.ConstraintID, Outcome: r.Outcome, Credit: r.Credit})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, file := range j.d.Trajectories {
		for t, err := range dataset.Rows[schema.Trajectory](j.ctx, file) {
			if err != nil {
				return err
			}
			if err := each(&convert.Item{Trajectory: &t, Dataset: j.d.Manifest.Name, Verdicts: verdicts[t.TrajectoryID]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// people writes tasks for people as a list of JSON.
func (j *exportJob) people() error {
	j.tasks.Rules = &j.spec.Rules
	between := "[\n"
	report, err := annotate.PeopleTasks(j.ctx, j.d, j.tasks, func(task []byte) error {
		_, err := io.WriteString(j.w, between+string(task))
		between = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if report.Tasks == 0 {
		end = "[]\n"
	}
	if _, err := io.WriteString(j.w, end); err != nil {
		return err
	}
	j.a.talk("%d tasks about %d of %d units; the labelling config is export judge --format label-studio-config", report.Tasks, report.Asked, report.Units)
	return nil
}
