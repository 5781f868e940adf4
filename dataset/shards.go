package dataset

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// Sizes of the files that are written. A row group ends before it has more rows or
// text, a shard with the row group that fills it: a group is far below 100 MB on disk.
const (
	groupRows  = 1_000_000
	groupText  = 64 << 20
	shardBytes = 400_000_000
	rowText    = 60 << 20 // a row's text lies in one page, of which the guard takes 64 MiB
)

// shards writes one table of a dataset: row groups and shards end only between pieces.
type shards[T any] struct {
	folder, split, table string
	meta                 map[string]string
	order                []parquet.SortingColumn
	text                 func(*T) int // bytes of text in a row
	limits               struct{ rows, text, file int }
	summed               bool // files are hashed while they are written

	w          *parquet.GenericWriter[T]
	file       *shardFile // its size is that of whole row groups
	rows, held int        // in the row group: rows, bytes of text
	files      int
	made       []*shardFile
	before     int // files of the same names that come first, in a dataset that is added to
}

func newShards[T any](dir, split, table string, meta map[string]string, text func(*T) int, order ...parquet.SortingColumn) *shards[T] {
	s := &shards[T]{folder: filepath.Join(dir, table), split: split, table: table, meta: meta, order: order, text: text}
	s.limits.rows, s.limits.text, s.limits.file = groupRows, groupText, shardBytes
	return s
}

// piece writes rows that stay together.
func (s *shards[T]) piece(rows []T) error {
	text := 0
	for i := range rows {
		n := s.text(&rows[i])
		if n > rowText {
			return fmt.Errorf("table %s: a row of %d MiB of text; at most %d can be read back", s.table, n>>20, rowText>>20)
		}
		text += n
	}
	if s.rows > 0 && (s.rows+len(rows) > s.limits.rows || s.held+text > s.limits.text) {
		if err := s.group(); err != nil {
			return err
		}
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	for len(rows) > 0 {
		n, bytes := 0, 0
		for n < len(rows) && n < rowBatch && bytes < pageBytes {
			bytes += s.text(&rows[n])
			n++
		}
		if _, err := s.w.Write(rows[:n]); err != nil {
			return err
		}
		s.rows += n
		rows = rows[n:]
	}
	s.held += text
	return nil
}

// group ends a row group, and the shard if it is full.
func (s *shards[T]) group() error {
	if err := s.w.Flush(); err != nil {
		return err
	}
	s.rows, s.held = 0, 0
	if s.file.size < int64(s.limits.file) {
		return nil
	}
	return s.shard()
}

func (s *shards[T]) open() (err error) {
	if s.file, err = s.create(); err != nil {
		return err
	}
	s.w = newParquetWriter[T](s.file, s.table, s.meta, s.order...)
	return nil
}

// create makes the next file.
func (s *shards[T]) create() (*shardFile, error) {
	err := os.Mkdir(s.folder, 0o777)
	if err != nil && !os.IsExist(err) {
		return nil, err
	}
	f, err := os.OpenFile(s.unnamed(s.files), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	s.files++
	file := &shardFile{f: f}
	s.made = append(s.made, file)
	if s.summed {
		file.sum = sha256.New()
	}
	return file, nil
}

// shard ends a file.
func (s *shards[T]) shard() error {
	f := s.file
	if err := s.w.Close(); err != nil {
		return err
	}
	s.file, s.rows, s.held = nil, 0, 0
	return f.close()
}

// close ends the table and gives the shards their names, which say how many there are.
// No rows, no file.
func (s *shards[T]) close() error {
	if s.files == 0 {
		return nil
	}
	if s.file != nil {
		if err := s.shard(); err != nil {
			return err
		}
	}
	for i := range s.files {
		if err := os.Rename(s.unnamed(i), s.named(s.before+i)); err != nil {
			return err
		}
	}
	return syncFolder(s.folder)
}

// named is the final name of one of the table's files.
func (s *shards[T]) named(i int) string {
	return filepath.Join(s.folder, fmt.Sprintf("%s-%05d-of-%05d.parquet", s.split, i, s.before+s.files))
}

// abort lets go of the files.
func (s *shards[T]) abort() {
	for _, file := range s.made {
		_ = file.f.Close() // most are closed
	}
}

func (s *shards[T]) unnamed(i int) string { return filepath.Join(s.folder, fmt.Sprintf("%05d", i)) }

// all writes sorted rows, piece by piece: rows of which same says so stay together.
func (s *shards[T]) all(rows []T, same func(a, b *T) bool) error {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && same(&rows[0], &rows[n]) {
			n++
		}
		if err := s.piece(rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return s.close()
}
