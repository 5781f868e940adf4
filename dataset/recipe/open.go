package recipe

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A file is an opened input file.
type file struct {
	source
	f      *os.File
	before fs.FileInfo
	more   []string // notices of its own
	stop   func()   // of what reads the file; nil = nothing
}

// A way is how the records of a file are read.
type way struct {
	use       func(name string) use // of a JSON value
	separator byte                  // between cells; 0 = found out from the header
	spare     bool                  // columns without a name and cells are let go, at the end
}

// open opens a file by what its name says it is and its first bytes confirm.
func open(ctx context.Context, name string, w way) (*file, error) {
	o, err := openFile(name)
	if err != nil {
		return nil, err
	}
	if strings.ToLower(path.Ext(name)) == ".parquet" {
		rows := openParquet(ctx, name, w.use)
		o.source, o.stop = rows, rows.close
		return o, nil
	}
	if err := o.sniff(name, w); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

func openFile(name string) (*file, error) {
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
	return &file{f: f, before: info}, nil
}

// unpack is the text of a file, and its name without the ending that says that it is
// compressed.
func (o *file) unpack(name string) (*bufio.Reader, string, error) {
	r := bufio.NewReaderSize(o.f, 1<<16)
	ext := path.Ext(strings.ToLower(name))
	wants := map[string]string{".gz": "gzip", ".zst": "zstd"}[ext]
	plain := strings.TrimSuffix(strings.ToLower(path.Base(name)), ext)
	switch is := magic(r); {
	case wants == "" && is == "gzip":
		return nil, "", fmt.Errorf("%s: is gzip; give it a name that ends in .gz", name)
	case wants == "" && is == "zstd":
		return nil, "", fmt.Errorf("%s: is zstd; give it a name that ends in .zst", name)
	case wants == "":
		return r, strings.ToLower(path.Base(name)), nil
	case is == "empty":
		return r, plain, nil
	case is != wants:
		return nil, "", fmt.Errorf("%s: not %s, though its name says so", name, wants)
	case is == "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, "", fmt.Errorf("read %s: %w", name, err)
		}
		return bufio.NewReaderSize(z, 1<<16), plain, nil
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, "", fmt.Errorf("read %s: %w", name, err)
	}
	o.stop = z.Close
	return bufio.NewReaderSize(z, 1<<16), plain, nil
}

// maxWindow bounds the memory that a zstd file may ask for: that of zstd --long.
const maxWindow = 128 << 20

// text is the UTF-8 of a file of text, without the marks that it may begin with, and the
// ending of its name.
func (o *file) text(name string) (*bufio.Reader, string, error) {
	r, plain, err := o.unpack(name)
	if err != nil {
		return nil, "", err
	}
	switch is := magic(r); is {
	case "text", "empty":
	case "BOM":
		if _, err := r.Discard(len(bom)); err != nil {
			return nil, "", fmt.Errorf("read %s: %w", name, err)
		}
		o.more = append(o.more, name+": begins with a byte order mark, passed over")
	case "UTF-16":
		u := &utf16Reader{r: r, order: binary.BigEndian, offset: 2}
		if mark, _ := r.Peek(1); mark[0] == 0xff {
			u.order = binary.LittleEndian
		}
		if _, err := r.Discard(2); err != nil {
			return nil, "", fmt.Errorf("read %s: %w", name, err)
		}
		o.more = append(o.more, name+": is UTF-16; byte offsets are those of its UTF-8")
		r = bufio.NewReaderSize(u, 1<<16)
	default:
		return nil, "", fmt.Errorf("%s: is %s, not the text that its name says", name, is)
	}
	return r, path.Ext(plain), nil
}

func (o *file) sniff(name string, w way) error {
	r, ext, err := o.text(name)
	if err != nil {
		return err
	}
	csv := func(usual byte) error {
		rows, err := openCSV(name, newLines(name, r), w.separator, usual, w.spare)
		if err == nil {
			o.source = rows
		}
		return err
	}
	if w.spare {
		ext = shown(r, ext)
	}
	switch ext {
	case ".csv":
		err = csv(',')
	case ".tsv":
		err = csv('\t')
	case ".jsonl", ".ndjson":
		o.source = openJSONL(name, newLines(name, r), w.use)
	case ".json":
		o.source = openJSON(name, r, w.use)
	default:
		err = fmt.Errorf("%s: a recipe reads .csv, .tsv, .jsonl and .json, each also with .gz or .zst, and .parquet; %q is none of these", name, ext)
	}
	return err
}

// shown is the ending that a text should have: its first character tells JSON, and what
// has no ending that is known is cells, as spreadsheets write them into .txt.
func shown(r *bufio.Reader, ext string) string {
	head, _ := r.Peek(4 << 10)
	head = bytes.TrimLeft(head, " \t\r\n")
	switch ext {
	case ".json", ".jsonl", ".ndjson":
	case ".csv", ".tsv":
		if bytes.HasPrefix(head, []byte("{")) {
			ext = ".jsonl"
		}
	default:
		switch {
		case bytes.HasPrefix(head, []byte("{")):
			ext = ".jsonl"
		case bytes.HasPrefix(head, []byte("[")):
			ext = ".json"
		default:
			ext = ".tsv"
		}
	}
	return ext
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
	if o.stop != nil {
		o.stop()
	}
	after, err := o.f.Stat()
	if err := errors.Join(err, o.f.Close()); err != nil {
		return err
	}
	if after.Size() != o.before.Size() || !after.ModTime().Equal(o.before.ModTime()) {
		return fmt.Errorf("%s: changed while it was read", o.f.Name())
	}
	return nil
}
