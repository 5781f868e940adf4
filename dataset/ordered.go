package dataset

import (
	"context"
	"iter"
	"sync"
)

// Ordered works on jobs on that many goroutines and hands each over with its result in
// the order of the jobs, so that what commit sees does not depend on the workers.
//
// At most workers+1 jobs are alive: between being asked for and committed. jobs and
// commit each run on one goroutine. The first error in the order of the jobs ends it,
// or ctx.Err(), which work should look at; nothing of it runs any more afterwards.
func Ordered[J, R any](ctx context.Context, workers int, jobs iter.Seq2[J, error], work func(context.Context, J) (R, error), commit func(J, R) error) error {
	workers = max(1, workers)
	alive, cancel := context.WithCancel(ctx)
	defer cancel()
	type task struct {
		job    J
		result R
		err    error
		done   chan struct{}
	}
	slots := make(chan struct{}, workers+1)
	order := make(chan *task, cap(slots))
	todo := make(chan *task, cap(slots))
	slot := func() bool {
		select {
		case slots <- struct{}{}:
			return alive.Err() == nil
		case <-alive.Done():
			return false
		}
	}
	var running sync.WaitGroup
	running.Go(func() {
		defer close(order)
		defer close(todo)
		if !slot() {
			return
		}
		for job, err := range jobs {
			t := &task{job: job, err: err, done: make(chan struct{})}
			order <- t
			if err != nil {
				close(t.done)
				return
			}
			todo <- t
			if !slot() {
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			for t := range todo {
				if t.err = alive.Err(); t.err == nil {
					t.result, t.err = work(alive, t.job)
				}
				close(t.done)
			}
		})
	}
	var failed error
	for t := range order {
		<-t.done
		if failed != nil {
			continue
		}
		failed = t.err
		if failed == nil {
			failed = commit(t.job, t.result)
		}
		if failed != nil {
			cancel()
			continue
		}
		<-slots
	}
	running.Wait()
	if failed == nil {
		failed = ctx.Err()
	}
	return failed
}
