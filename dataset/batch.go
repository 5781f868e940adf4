package dataset

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"

	"github.com/parquet-go/parquet-go"

	"github.com/righting-bench/righting/schema"
)

// turnBytes is what a turn weighs besides its text while rows wait to be written.
const turnBytes = 256

// ErrText: more text in one trajectory than can be read back.
var ErrText = errors.New("too much text")

// A Shard is one file of trajectories whose row groups are made on any core and lie in
// the order in which they are committed.
type Shard struct {
	of   *shards[schema.Trajectory]
	p    *parquet.GenericWriter[schema.Trajectory]
	file *shardFile // nil: nothing was written
	rows int64
}

// Shard begins a file of trajectories. It may be called while another is committed to,
// but they end in the order in which they were begun. Do not mix with AddTrajectories.
func (w *Writer) Shard() *Shard {
	s := &Shard{of: w.trajectories}
	s.p = newParquetWriter[schema.Trajectory](s, schema.Trajectories, w.meta)
	return s
}

// Write takes the file's bytes from the Parquet writer. A shard without rows has no file.
func (s *Shard) Write(b []byte) (int, error) {
	if s.file == nil {
		var err error
		if s.file, err = s.of.create(); err != nil {
			return 0, err
		}
	}
	return s.file.Write(b)
}

// A Batch is trajectories on their way into a shard: a row group, or several if it has
// more than one may hold. It is for one goroutine, any one.
type Batch struct {
	of         *Shard
	groups     []*parquet.ConcurrentRowGroupWriter
	rows, text int // in the last group

	pending columns // of the rows that wait
	waiting int     // rows
	weight  int     // their bytes
}

// Batch begins one. Nothing is in the file before it is committed.
func (s *Shard) Batch() *Batch { return &Batch{of: s} }

// Add adds a trajectory; what it points to must not change before Flush. After ErrText
// the batch is as it was before.
func (b *Batch) Add(t *schema.Trajectory) error {
	text := trajectoryText(t)
	if text > rowText {
		return fmt.Errorf("%w: %d MiB; at most %d can be read back", ErrText, text>>20, rowText>>20)
	}
	limits := b.of.of.limits
	if len(b.groups) == 0 || b.rows+1 > limits.rows || b.text+text > limits.text {
		if err := b.Flush(); err != nil {
			return err
		}
		b.groups, b.rows, b.text = append(b.groups, b.of.p.BeginRowGroup()), 0, 0
	}
	if b.pending == nil {
		b.pending = make(columns, len(b.groups[0].ColumnWriters()))
	}
	b.pending.add(t)
	b.waiting++
	b.rows++
	b.text += text
	if b.weight += text + turnBytes*len(t.Turns); b.weight >= pageBytes || b.waiting == rowBatch {
		return b.write()
	}
	return nil
}

// write moves what is pending into the last group's pages.
func (b *Batch) write() error {
	if b.waiting == 0 {
		return nil
	}
	defer b.pending.reset()
	b.waiting, b.weight = 0, 0
	for i, c := range b.groups[len(b.groups)-1].ColumnWriters() {
		if _, err := c.WriteRowValues(b.pending[i]); err != nil {
			return err
		}
	}
	return nil
}

// Flush compresses what was added, which is most of the work, so that Commit need not.
func (b *Batch) Flush() error {
	if len(b.groups) == 0 {
		return nil
	}
	if err := b.write(); err != nil {
		return err
	}
	return b.groups[len(b.groups)-1].Flush()
}

// Commit writes a batch of the shard behind those that were committed before.
func (s *Shard) Commit(b *Batch) error {
	if err := b.Flush(); err != nil {
		return err
	}
	for _, g := range b.groups {
		n, err := g.Commit()
		if err != nil {
			return err
		}
		s.rows += n
	}
	b.groups = nil
	return nil
}

// end closes the file, if there is one, and puts it on disk.
func (s *Shard) end() (fileState, error) {
	if s.rows == 0 {
		return fileState{}, nil
	}
	if err := s.p.Close(); err != nil {
		return fileState{}, err
	}
	state := fileState{Rows: s.rows, Bytes: s.file.size}
	if s.file.sum != nil {
		state.SHA256 = hex.EncodeToString(s.file.sum.Sum(nil))
	}
	return state, s.file.close()
}

// A shardFile is a file while it is written, with what is told of it afterwards.
type shardFile struct {
	f    *os.File
	size int64
	sum  hash.Hash // nil: nobody asks
}

// Write counts what reaches the file.
func (s *shardFile) Write(b []byte) (int, error) {
	n, err := s.f.Write(b)
	s.size += int64(n)
	if s.sum != nil {
		s.sum.Write(b[:n])
	}
	return n, err
}

func (s *shardFile) close() error { return syncClose(s.f) }
