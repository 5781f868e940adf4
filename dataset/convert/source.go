package convert

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A source is one file that is read, or standard input.
type source struct {
	name     string // as it can be opened, and as places name it
	stem     string // its name without folder and endings
	head     []byte // what it begins with, unwrapped, without a byte order mark
	bom      bool
	parquet  bool // its rows are read as JSON
	packed   bool
	archive  bool     // a zip archive
	columns  []string // of a Parquet file that a format knows by them
	layout   layout
	list     int64 // of a list inside an object: where it begins
	listless bool  // there is none
	beside   any   // what its values need to know
	whole    bool  // it is gathered as a whole

	after *source // the one before it in the input

	info  fs.FileInfo // nil: standard input
	print string      // of its content, such as it can be told without reading it all
	input *bufio.Reader
}

const bom = "\xef\xbb\xbf"

// examine looks at a file before it is read; stdin is what "-" stands for.
func examine(name string, stdin io.Reader) (*source, error) {
	s := &source{name: name, stem: stem(name)}
	if name == "-" && stdin != nil {
		r, _, err := unwrap(s.name, stdin, headBytes)
		if err != nil {
			return nil, err
		}
		s.stem, s.input = "stdin", r
		return s, s.look(r)
	}
	info, err := os.Stat(name) // before open, which waits for ever on a pipe
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s.info = info
	r, packed, err := unwrap(name, f, headBytes)
	if err != nil {
		return nil, err
	}
	s.packed = packed
	if err := s.look(r); err != nil {
		return nil, err
	}
	s.print, err = fingerprint(f, info)
	return s, err
}

// look takes what the source begins with.
func (s *source) look(r *bufio.Reader) error {
	head, err := r.Peek(headBytes)
	if err != nil && err != io.EOF {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	s.head, s.bom = bytes.CutPrefix(bytes.Clone(head), []byte(bom))
	s.archive = bytes.HasPrefix(s.head, []byte(zipMagic))
	return s.refuse()
}

// refuse names what is surely no transcript.
func (s *source) refuse() error {
	if bytes.HasPrefix(s.head, []byte(parquetMagic)) && s.info != nil && !s.packed {
		columns, err := parquetColumns(s.name)
		switch {
		case err != nil:
			return err
		case isScan(columns):
			return fmt.Errorf("%s: is results of a scan of Inspect Scout, which are labels: convert the transcripts, then righting annotate DS %s", s.name, s.name)
		case slices.ContainsFunc(All, func(f *Format) bool { return f.knowsColumns != nil && f.knowsColumns(columns) }):
			s.columns = columns
			return nil
		}
		return s.peekRows()
	}
	for _, f := range All {
		if f.knowsFile != nil && f.knowsFile(s.head) {
			return nil
		}
	}
	for magic, what := range map[string]string{
		"PK\x03\x04": "a zip archive", parquetMagic: "Parquet that is no file of its own", "\xff\xfe": "UTF-16", "\xfe\xff": "UTF-16",
		"\x1f\x8b": "compressed twice", "\x28\xb5\x2f\xfd": "compressed twice",
	} {
		if bytes.HasPrefix(s.head, []byte(magic)) {
			if names := zipNames(s.head); s.archive && len(names) > 0 {
				what += " that begins with " + excerpt(strings.Join(names[:min(len(names), 5)], ", "))
			}
			return fmt.Errorf("%s: is %s, which no format here reads", s.name, what)
		}
	}
	return nil
}

// unwrap takes off gzip or zstd, and tells whether there was any.
func unwrap(name string, r io.Reader, buffer int) (_ *bufio.Reader, packed bool, _ error) {
	b := bufio.NewReaderSize(r, buffer)
	magic, err := b.Peek(4)
	if err != nil && err != io.EOF {
		return nil, false, fmt.Errorf("read %s: %w", name, err)
	}
	var unpacked io.Reader
	switch {
	case bytes.HasPrefix(magic, []byte("\x1f\x8b")):
		unpacked, err = gzip.NewReader(b)
	case bytes.HasPrefix(magic, []byte("\x28\xb5\x2f\xfd")):
		unpacked, err = zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	default:
		return b, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", name, err)
	}
	return bufio.NewReaderSize(unpacked, buffer), true, nil
}

// open gives read the source from a position on, and tells afterwards whether it is
// still what it was.
func (s *source) open(from position, read func(io.Reader) error) (err error) {
	if s.bom {
		from.Offset = max(from.Offset, int64(len(bom)))
	}
	r, packed := s.input, true
	if s.info != nil {
		f, err := os.Open(s.name)
		if err != nil {
			return err
		}
		defer f.Close()
		if r, packed, err = unwrap(s.name, f, 64<<10); err != nil {
			return err
		}
		if !packed {
			if _, err := f.Seek(from.Offset, io.SeekStart); err != nil {
				return err
			}
			r.Reset(f)
		}
	}
	if packed {
		if _, err := io.CopyN(io.Discard, r, from.Offset); err != nil {
			return fmt.Errorf("read %s: %w", s.name, s.changed(err))
		}
	}
	if err := read(r); err != nil {
		return err
	}
	return s.changed(nil)
}

// changed is an error if the file is not what it was, else the one that is given.
func (s *source) changed(err error) error {
	if s.info == nil {
		return err
	}
	now, stat := os.Stat(s.name)
	if stat != nil || now.Size() != s.info.Size() || !now.ModTime().Equal(s.info.ModTime()) {
		return errors.Join(fmt.Errorf("%s: changed while it was read", s.name), err)
	}
	return err
}

// fingerprint is a digest of a file's size, time, first and last bytes.
func fingerprint(f *os.File, info fs.FileInfo) (string, error) {
	const part = 64 << 10
	h := sha256.New()
	fmt.Fprintln(h, info.Size(), info.ModTime().UnixNano())
	for _, at := range []int64{0, max(0, info.Size()-part)} {
		if _, err := io.Copy(h, io.NewSectionReader(f, at, part)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// stem is a file's name without its folder, compression and ending.
func stem(name string) string {
	base := filepath.Base(name)
	for _, packed := range []string{".gz", ".zst"} {
		base = strings.TrimSuffix(base, packed)
	}
	if s := strings.TrimSuffix(base, filepath.Ext(base)); s != "" {
		return s
	}
	return base
}
