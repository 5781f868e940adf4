package dataset

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/righting-bench/righting/schema"
)

const journalName = ".righting-journal.jsonl"

// A journal keeps what a Writer holds in memory until Commit, so that a run can go on
// after its end: one entry a line.
type journal struct {
	f    *os.File
	buf  *bufio.Writer
	sum  hash.Hash
	size int64
}

// An entry is one of these.
type entry struct {
	Scenario   *schema.Scenario   `json:"s,omitempty"`
	Put        *schema.Scenario   `json:"p,omitempty"`
	Annotation *schema.Annotation `json:"a,omitempty"`
	Reject     *rejectEntry       `json:"r,omitempty"`
}

// A rejectEntry is a Reject; its error is only a text afterwards.
type rejectEntry struct {
	schema.Place
	Why    string
	Units  int
	Offset int64
	Raw    []byte
}

// openJournal goes on with the journal behind what the state knows of it.
func openJournal(dir string, known fileState, each func(entry)) (_ *journal, err error) {
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	j := &journal{f: f, buf: bufio.NewWriterSize(f, 1<<16), sum: sha256.New(), size: known.Bytes}
	err = j.read(j.sum, func(e entry) error {
		each(e)
		return nil
	})
	if err == nil {
		err = f.Truncate(known.Bytes)
	}
	return j, err
}

// read gives each the entries, and hashed the bytes.
func (j *journal) read(hashed io.Writer, each func(entry) error) error {
	if _, err := j.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	dec := json.NewDecoder(io.TeeReader(io.LimitReader(j.f, j.size), hashed))
	for {
		var e entry
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = each(e)
		}
		if err != nil {
			return err
		}
	}
	_, err := j.f.Seek(j.size, io.SeekStart)
	return err
}

func (j *journal) add(e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	j.sum.Write(line)
	j.size += int64(len(line))
	_, err = j.buf.Write(line)
	return err
}

// sync puts on disk what was added.
func (j *journal) sync() (fileState, error) {
	if err := j.buf.Flush(); err != nil {
		return fileState{}, err
	}
	return fileState{Bytes: j.size, SHA256: hex.EncodeToString(j.sum.Sum(nil))}, j.f.Sync()
}

// AddReject keeps a reject with the run, so that it is told again if the run is
// interrupted and goes on.
func (w *Writer) AddReject(r Reject) error {
	if w.journal == nil {
		return nil
	}
	return w.note(entry{Reject: &rejectEntry{r.Place, r.Err.Error(), r.Units, r.Offset, r.Raw}})
}

func (w *Writer) note(e entry) error {
	if w.err == nil {
		if err := w.journal.add(e); err != nil {
			w.err = fmt.Errorf("writing %s: %w", w.dir, err)
		}
	}
	return w.err
}
