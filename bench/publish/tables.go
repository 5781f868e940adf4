package publish

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Configs are the tables of a packed folder, as its card lists them: the first that there
// are rows of is shown and loaded first.
var Configs = []string{schema.Trajectories, schema.Turns, schema.Annotations, schema.Readings, schema.Scores, schema.Scenarios}

// boardSplit is the split of what is made of several splits together.
const boardSplit = "board"

// bySplit is the files of a table by the split in their names.
func bySplit(files []string) map[string][]string {
	out := map[string][]string{}
	for _, file := range files {
		split := dataset.SplitOf(file)
		out[split] = append(out[split], file)
	}
	return out
}

// splitOfAll is the split of a dataset that has one, else boardSplit.
func splitOfAll(d *dataset.Dataset) string {
	all := bySplit(slices.Concat(d.Trajectories, d.Annotations))
	if len(all) == 1 {
		return sorted(all)[0]
	}
	return boardSplit
}

// rowsOf yields the rows of files one by one, after change.
func rowsOf[T any](ctx context.Context, files []string, change func(*T)) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for _, file := range files {
			for row, err := range dataset.Rows[T](ctx, file) {
				if err != nil {
					yield(nil, err)
					return
				}
				change(&row)
				if !yield([]T{row}, nil) {
					return
				}
			}
		}
	}
}

// byTrajectory puts the rows of one trajectory together.
func byTrajectory(rows iter.Seq2[[]schema.Annotation, error]) iter.Seq2[[]schema.Annotation, error] {
	return func(yield func([]schema.Annotation, error) bool) {
		var piece []schema.Annotation
		for row, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(piece) > 0 && piece[0].TrajectoryID != row[0].TrajectoryID {
				if !yield(piece, nil) {
					return
				}
				piece = nil
			}
			piece = append(piece, row...)
		}
		if len(piece) > 0 {
			yield(piece, nil)
		}
	}
}

// A changer is what becomes of rows on their way into the folder.
type changer struct {
	scenario   func(*schema.Scenario)
	trajectory func(*schema.Trajectory)
	annotation func(*schema.Annotation)
}

// writeStored writes the stored tables of d into a folder, split by split.
func writeStored(ctx context.Context, d *dataset.Dataset, to string, meta map[string]string, c changer) error {
	for split, files := range orderly(bySplit(d.ScenarioFiles)) {
		var rows []schema.Scenario
		for piece, err := range rowsOf(ctx, files, c.scenario) {
			if err != nil {
				return err
			}
			rows = append(rows, piece...)
		}
		slices.SortStableFunc(rows, compareScenarios)
		if _, err := dataset.WriteTable(ctx, to, schema.Scenarios, split, meta, once(rows)); err != nil {
			return err
		}
	}
	for split, files := range orderly(bySplit(d.Trajectories)) {
		if _, err := dataset.WriteTable(ctx, to, schema.Trajectories, split, meta, rowsOf(ctx, files, c.trajectory)); err != nil {
			return err
		}
	}
	for split, files := range orderly(bySplit(d.Annotations)) {
		rows := byTrajectory(rowsOf(ctx, files, c.annotation))
		if _, err := dataset.WriteTable(ctx, to, schema.Annotations, split, meta, rows); err != nil {
			return err
		}
	}
	return nil
}

func compareScenarios(a, b schema.Scenario) int {
	return cmp.Or(cmp.Compare(a.Scenario, b.Scenario), compareText(a.Condition, b.Condition))
}

// compareText orders texts that may be absent, nulls first.
func compareText(a, b *string) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// orderly yields a map by its keys' order.
func orderly[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range sorted(m) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// once yields rows in pieces.
func once[T any](rows []T) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for piece := range slices.Chunk(rows, 4096) {
			if !yield(piece, nil) {
				return
			}
		}
	}
}

// specFile is where a folder keeps what its board is, if it is not the default over the
// rules of dataset.yaml.
const specFile = "bench.yaml"

// specOf is the spec of a folder's board.
func specOf(d *dataset.Dataset, dir string) (bench.Spec, error) {
	name := filepath.Join(dir, specFile)
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return bench.NewSpec(d.Manifest.Rules), nil
	}
	if err != nil {
		return bench.Spec{}, err
	}
	spec, err := bench.ReadSpec(name, data, d.Manifest.Rules)
	if err == nil {
		err = spec.Check()
	}
	return spec, err
}

// writeDerived writes the tables that are made of others: turns, readings, scores and the
// leaderboard's.
func writeDerived(ctx context.Context, d *dataset.Dataset, b *bench.Board, to string, meta map[string]string) error {
	for split, files := range orderly(bySplit(d.Trajectories)) {
		turns := func(yield func([]schema.TurnRow, error) bool) {
			for piece, err := range rowsOf(ctx, files, func(*schema.Trajectory) {}) {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(dataset.TurnRows(&piece[0]), nil) {
					return
				}
			}
		}
		if _, err := dataset.WriteTable(ctx, to, schema.Turns, split, meta, turns); err != nil {
			return err
		}
	}
	ruled := map[string]string{schema.MetaRules: b.Digest}
	for key, value := range meta {
		ruled[key] = value
	}
	for split, files := range orderly(bySplit(d.Annotations)) {
		part := *d
		part.Annotations = files
		if _, err := dataset.WriteTable(ctx, to, schema.Readings, split, ruled, readings(ctx, &part, b.Spec)); err != nil {
			return err
		}
	}
	rows := b.Rows()
	if _, err := dataset.WriteTable(ctx, to, schema.Scores, splitOfAll(d), ruled, once(rows)); err != nil {
		return err
	}
	primary := b.Metrics[b.Primary()].Name
	rows = slices.DeleteFunc(rows, func(r schema.ScoreRow) bool { return r.Metric != primary })
	return dataset.WriteFile(filepath.Join(to, leaderboardTable), func(w io.Writer) error {
		t := dataset.NewTableWriter[schema.ScoreRow](w, schema.Scores, ruled)
		return cmp.Or(t.Write(rows), t.Close())
	})
}

// readings yields the readings of a dataset.
func readings(ctx context.Context, d *dataset.Dataset, spec bench.Spec) iter.Seq2[[]schema.ReadingRow, error] {
	return func(yield func([]schema.ReadingRow, error) bool) {
		stop := errors.New("enough")
		err := bench.Readings(ctx, d, spec, func(rows []schema.ReadingRow) error {
			for piece := range slices.Chunk(rows, 4096) {
				if !yield(piece, nil) {
					return stop
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(nil, err)
		}
	}
}
