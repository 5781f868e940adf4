package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/righting-bench/righting/schema"
)

// A state is what a run that may be interrupted says of itself in its folder: who
// writes there, and what is finished.
type state struct {
	Key     string       `json:"key,omitempty"` // what is made of what, and how; "" = cannot be gone on with
	PID     int          `json:"pid"`
	Since   time.Time    `json:"since"`
	Journal fileState    `json:"journal"`
	Shards  []shardState `json:"shards"`
}

// A shardState is a finished shard, and how far the input was read then.
type shardState struct {
	Mark json.RawMessage `json:"mark"`
	fileState
}

// A fileState is what a file must be to be gone on with. Without rows it is not there.
type fileState struct {
	Rows   int64  `json:"rows,omitempty"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256,omitempty"`
}

func readState(dir string) (state, error) {
	var s state
	data, err := os.ReadFile(filepath.Join(dir, stateName))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	return s, err
}

func (s *state) write(dir string) error {
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return WriteFile(filepath.Join(dir, stateName), func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

// verify is nil if the file is what it was, at least at its beginning.
func (f fileState) verify(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(file, f.Bytes))
	if err == nil && (n != f.Bytes || hex.EncodeToString(h.Sum(nil)) != f.SHA256) {
		err = errors.New("differs")
	}
	return err
}

// resume goes on with what an interrupted run left. It is false if there is nothing of
// the same key, with the reason if there is something else; then the folder is empty.
func (w *Writer) resume() (bool, error) {
	s, err := readState(w.temp.path)
	why := ""
	switch {
	case err != nil, len(s.Shards) == 0:
	case s.Key != w.options.Key:
		why = "its input, its options or the program changed since"
	default:
		if err := w.finished(&s); err != nil {
			why = fmt.Sprintf("what it left is damaged: %v", err)
		}
	}
	again := len(s.Shards) > 0 && why == "" && err == nil
	if again {
		keep := map[string]bool{stateName: true, journalName: true, w.trajectories.table: true}
		w.state.Shards, w.state.Journal = s.Shards, s.Journal
		return true, w.temp.empty(keep)
	}
	w.trajectories.files = 0
	if why != "" {
		w.Notices = append(w.Notices, "an interrupted run is not gone on with: "+why)
	}
	return false, w.temp.empty(nil)
}

// finished checks the shards and the journal of a state, and removes shards beyond.
func (w *Writer) finished(s *state) error {
	for _, shard := range s.Shards {
		if shard.Rows == 0 {
			continue
		}
		path := w.trajectories.unnamed(w.trajectories.files)
		if err := shard.verify(path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		w.trajectories.files++
	}
	entries, err := os.ReadDir(w.trajectories.folder)
	if err != nil && w.trajectories.files > 0 {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(w.trajectories.folder, e.Name())
		if e.Name() >= filepath.Base(w.trajectories.unnamed(w.trajectories.files)) {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return s.Journal.verify(filepath.Join(w.temp.path, journalName))
}

// Resumed decodes into mark what was given to EndShard last by the interrupted run that
// is gone on with, and gives reject what that had rejected. It is false if there is none.
func (w *Writer) Resumed(mark any, reject func(Reject) error) (bool, error) {
	n := len(w.state.Shards)
	if n == 0 {
		return false, nil
	}
	if err := json.Unmarshal(w.state.Shards[n-1].Mark, mark); err != nil {
		return false, err
	}
	return true, w.journal.read(io.Discard, func(e entry) error {
		if e.Reject == nil {
			return nil
		}
		r := e.Reject
		return reject(Reject{schema.RowError{Place: r.Place, Err: errors.New(r.Why)}, r.Units, r.Offset, r.Raw})
	})
}

// Finished lists the shards that are written, those of an interrupted run included.
func (w *Writer) Finished() []string {
	var out []string
	for i := range w.trajectories.files {
		out = append(out, w.trajectories.unnamed(i))
	}
	return out
}

// EndShard puts a shard on disk with all that was added until now, and the mark, from
// which the same run goes on if it is interrupted.
func (w *Writer) EndShard(s *Shard, mark any) error {
	if w.err != nil {
		return w.err
	}
	if err := w.endShard(s, mark); err != nil {
		w.err = fmt.Errorf("writing %s: %w", w.dir, err)
	}
	return w.err
}

func (w *Writer) endShard(s *Shard, mark any) error {
	done, err := s.end()
	if err != nil || w.journal == nil {
		return err
	}
	m, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	if w.state.Journal, err = w.journal.sync(); err != nil {
		return err
	}
	w.state.Shards = append(w.state.Shards, shardState{Mark: m, fileState: done})
	return w.state.write(w.temp.path)
}
