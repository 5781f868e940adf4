package dataset

import (
	"context"
	"runtime"
	"sync"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// Cases calls fold once for every case of the dataset's annotations: all judgements
// about one constraint in one trajectory.
//
// Each row group has one A, made by start. fold gets the group's cases in the order of
// their keys; a Case is its own until it returns, but the strings of its Key, and what
// they and its Design point to, stay as they are. start and fold run on all cores, fold
// never twice at once with the same A. done gets each A once all its cases are folded:
// in file order, one after the other, on the caller's goroutine.
//
// Only the columns that need asks for are read, from files that declare and keep the
// order of keys. If one does not declare it, all annotations are read whole, sorted in
// memory and folded as one group, and a notice says so in d.Notices.
//
// The error is the first in file order, and no done follows it: fold's or done's own,
// ErrCorrupt, ctx.Err(), or a *schema.RowError for a label outside its vocabulary or a
// place that cannot be counted, for two rows with one key, and for rows out of order.
func Cases[A any](ctx context.Context, d *Dataset, need reading.Columns, start func() A, fold func(A, *reading.Case) error, done func(A) error) error {
	shards, err := openShards(d.Annotations, readsColumn(need))
	if err != nil {
		return err
	}
	defer shards.close()
	ds := newDesigns(d)
	if !shards.sorted {
		a := start()
		if err := unsortedCases(ctx, d, newFiller(d, need, ds), func(c *reading.Case) error { return fold(a, c) }); err != nil {
			return err
		}
		return done(a)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := min(runtime.GOMAXPROCS(0), len(shards.groups))
	window := 2 * workers // of groups that are not done yet
	tasks, results := make(chan *rowGroup), make(chan result[A], window)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			f := newFiller(d, need, ds)
			defer f.close()
			for g := range tasks {
				a := start()
				f.fold = func(c *reading.Case) error { return fold(a, c) }
				err := f.group(ctx, g)
				results <- result[A]{g, a, err}
			}
		})
	}
	defer wg.Wait()
	defer close(tasks)
	defer cancel() // before waiting
	ready := make(map[int]result[A])
	failed := false
	for next, at := 0, 0; at < len(shards.groups); {
		if next < len(shards.groups) && next-at < window && !failed {
			g := &shards.groups[next]
			if err := g.shard.use(); err != nil {
				g.err = err
			}
			select {
			case tasks <- g:
				next++
				continue
			case r := <-results:
				ready[r.group.n] = r
			}
		} else {
			r := <-results
			ready[r.group.n] = r
		}
		for _, r := range ready {
			failed = failed || r.err != nil
		}
		for r, ok := ready[at]; ok; r, ok = ready[at] {
			delete(ready, at)
			if r.err != nil {
				return r.err
			}
			if err := shards.follow(r.group); err != nil {
				return err
			}
			if err := done(r.a); err != nil {
				return err
			}
			at++
		}
	}
	return shards.apart(ctx)
}

// A result is what became of a row group.
type result[A any] struct {
	group *rowGroup
	a     A
	err   error
}

// group reads one row group and folds its cases.
func (f *filler) group(ctx context.Context, g *rowGroup) error {
	if g.err != nil {
		return g.err
	}
	defer f.close()
	f.reset()
	p := g.shard.file
	leaves, err := columnsOf(p, f.cols)
	if err != nil {
		return err
	}
	chunks := p.RowGroups()[g.index].ColumnChunks()
	for i := range f.cols {
		if c := &f.cols[i]; c.need {
			if leaf := leaves[i]; leaf != nil {
				c.open(chunks[leaf.Index()], leaf)
			} else {
				c.open(nil, nil)
			}
		}
	}
	for row := 0; row < g.rows; row += batchRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		f.place = g.place(row)
		n := min(batchRows, g.rows-row)
		if err := f.fill(n); err != nil {
			return err
		}
		if err := f.add(n); err != nil {
			return err
		}
	}
	g.from, g.to = f.first, f.last
	return f.finish()
}

// fill decodes the next n rows of every column.
func (f *filler) fill(n int) error {
	for i := range f.cols {
		c := &f.cols[i]
		if !c.need {
			continue
		}
		if row, err := c.fill(n); err != nil {
			at := f.place(max(row, 0), c.Name)
			if row < 0 {
				at.Row = 0
			}
			return &schema.RowError{Place: at, Err: err}
		}
	}
	return nil
}

// close lets go of the row group.
func (f *filler) close() {
	for i := range f.cols {
		f.cols[i].close()
	}
}
