package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema/plain"
)

// shownRejects is how many are told on stderr; all are in the file.
const shownRejects = 100

// rejects collects what was not taken, beside the output: one JSON object a line, with
// the raw record, in a file that appears whole and only if there is something in it.
type rejects struct {
	a    *app
	path string
	n    int
	temp *os.File
	buf  *bufio.Writer
}

func newRejects(a *app, out string) *rejects {
	return &rejects{a: a, path: filepath.Clean(out) + ".rejected.jsonl"}
}

// rejected is a line of the file.
type rejected struct {
	Source string `json:"source"`
	Row    int    `json:"row"`
	Field  string `json:"field,omitempty"`
	Offset int64  `json:"byte_offset"`
	Why    string `json:"why"`
	Raw    string `json:"raw_base64"`
}

func (r *rejects) add(e dataset.Reject) error {
	if r.n++; r.n <= shownRejects {
		r.a.talk("%s", plain.Line(e.Error(), 500))
	}
	if r.temp == nil {
		f, err := os.CreateTemp("", ".righting-*.tmp")
		if err != nil {
			return err
		}
		r.temp, r.buf = f, bufio.NewWriter(f)
	}
	line, err := json.Marshal(rejected{
		Source: e.File, Row: e.Row, Field: e.Field, Offset: e.Offset, Why: e.Err.Error(),
		Raw: base64.StdEncoding.EncodeToString(e.Raw),
	})
	if err != nil {
		return err
	}
	_, err = r.buf.Write(append(line, '\n'))
	return err
}

// told says how many were not shown.
func (r *rejects) told() {
	if r.n > shownRejects {
		r.a.talk("… and %d more, all in %s", r.n-shownRejects, r.path)
	}
}

// commit puts the file in place, or removes that of an earlier run.
func (r *rejects) commit() error {
	if r.temp == nil {
		if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := r.buf.Flush(); err != nil {
		return err
	}
	if _, err := r.temp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return dataset.WriteFile(r.path, func(w io.Writer) error {
		_, err := io.Copy(w, r.temp)
		return err
	})
}

// verdict is errFound if there were any.
func (r *rejects) verdict() error {
	if r.n == 0 {
		return nil
	}
	r.a.talk("rejected: %s", r.path)
	return errFound
}

func (r *rejects) abort() {
	if r.temp != nil {
		_ = r.temp.Close()
		_ = os.Remove(r.temp.Name())
	}
}
