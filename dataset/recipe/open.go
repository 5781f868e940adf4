package recipe

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// A file is an opened input file.
type file struct {
	source
	f      *os.File
	before fs.FileInfo
	more   []string // notices of its own
}

// open opens a file by what its name says it is and its first bytes confirm.
func open(name string, p *plan) (*file, error) {
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
	o := &file{f: f, before: info}
	if err := o.sniff(name, p); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return o, nil
}

func (o *file) sniff(name string, p *plan) error {
	kind, zipped := strings.CutSuffix(strings.ToLower(path.Base(name)), ".gz")
	r := bufio.NewReaderSize(o.f, 1<<16)
	switch is := magic(r); {
	case zipped && is == "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		r = bufio.NewReaderSize(z, 1<<16)
	case zipped && is == "empty":
	case zipped:
		return fmt.Errorf("%s: not gzip, though its name says so", name)
	case is == "gzip":
		return fmt.Errorf("%s: is gzip; give it a name that ends in .gz", name)
	}
	switch is := magic(r); is {
	case "text", "empty":
	case "BOM":
		if _, err := r.Discard(len(bom)); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		o.more = append(o.more, name+": begins with a byte order mark, passed over")
	default:
		return fmt.Errorf("%s: is %s, not the text that its name says", name, is)
	}
	in := newLines(name, r)
	var err error
	switch ext := path.Ext(kind); ext {
	case ".csv":
		o.source, err = openCSV(name, in, p.separator, ',')
	case ".tsv":
		o.source, err = openCSV(name, in, p.separator, '\t')
	case ".jsonl", ".ndjson":
		o.source = openJSONL(name, in, p.ignored)
	default:
		err = fmt.Errorf("%s: a recipe reads .csv, .tsv and .jsonl, each also with .gz; %q is none of these", name, ext)
	}
	return err
}

const bom = "\xef\xbb\xbf"

// magic names what a file begins with.
func magic(r *bufio.Reader) string {
	head, err := r.Peek(4)
	switch {
	case len(head) == 0 && err == io.EOF:
		return "empty"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "gzip"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "a zip archive"
	case bytes.HasPrefix(head, []byte("PAR1")):
		return "Parquet"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "UTF-16"
	case bytes.HasPrefix(head, []byte(bom)):
		return "BOM"
	}
	return "text"
}

func (o *file) notices() []string {
	if o.source == nil {
		return o.more
	}
	return append(o.more, o.source.notices()...)
}

// close tells whether the file is still the one that was opened.
func (o *file) close() error {
	after, err := o.f.Stat()
	if err := errors.Join(err, o.f.Close()); err != nil {
		return err
	}
	if after.Size() != o.before.Size() || !after.ModTime().Equal(o.before.ModTime()) {
		return fmt.Errorf("%s: changed while it was read", o.f.Name())
	}
	return nil
}
