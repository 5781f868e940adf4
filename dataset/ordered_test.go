package dataset_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
)

// numbers yields 0 to n-1, then the error, if it is one, and tells how many were asked for.
func numbers(n int, end error, asked *atomic.Int64) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			asked.Add(1)
			if !yield(i, nil) {
				return
			}
		}
		if end != nil {
			yield(n, end)
		}
	}
}

func TestOrdered(t *testing.T) {
	mine := errors.New("mine")
	for _, workers := range []int{0, 1, 2, 8} {
		var asked, done atomic.Int64
		var got []int
		work := func(_ context.Context, i int) (int, error) {
			time.Sleep(time.Duration(i*7%5) * 100 * time.Microsecond)
			if i == 150 {
				return 0, mine
			}
			return i * i, nil
		}
		commit := func(i, square int) error {
			require.Equal(t, i*i, square)
			require.LessOrEqual(t, asked.Load(), int64(len(got)+max(1, workers)+1), "no more are alive")
			got = append(got, i)
			done.Add(1)
			return nil
		}
		require.NoError(t, dataset.Ordered(t.Context(), workers, numbers(100, nil, &asked), work, commit))
		require.Len(t, got, 100)
		require.IsIncreasing(t, got)

		asked.Store(0)
		got = nil
		require.ErrorIs(t, dataset.Ordered(t.Context(), workers, numbers(1000, nil, &asked), work, commit), mine)
		require.Len(t, got, 150, "all before the first error")
		asked.Store(0)
		got = nil
		require.ErrorIs(t, dataset.Ordered(t.Context(), workers, numbers(20, mine, &asked), work, commit), mine)
		require.Len(t, got, 20)
		asked.Store(0)
		require.ErrorIs(t, dataset.Ordered(t.Context(), workers, numbers(1000, nil, &asked), work, func(i, _ int) error {
			if i == 3 {
				return mine
			}
			return nil
		}), mine)
		require.Less(t, asked.Load(), int64(50), "the rest is not asked for")

		ctx, cancel := context.WithCancel(t.Context())
		asked.Store(0)
		require.ErrorIs(t, dataset.Ordered(ctx, workers, numbers(1000, nil, &asked), work, func(i, _ int) error {
			if i == 3 {
				cancel()
			}
			return nil
		}), context.Canceled)
		require.Less(t, asked.Load(), int64(50))
	}
}
