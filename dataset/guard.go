package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// What a file may be before it is refused. A footer of ours has 200 bytes a column
// and row group.
const (
	maxFooter      = 16 << 20
	maxDepth       = 16 // of a schema
	maxThriftDepth = 12
	maxColumns     = 4096
	maxPage        = 64 << 20
	maxPageValues  = 16 << 20
	maxPageHeader  = 1 << 20
)

// A parquetFile is an open Parquet file whose structure was checked: what the footer
// and the page headers declare fits the file, and reading it allocates no more than
// they declare.
//
// The checks cover no values. parquet-go compares a page's checksum when it reads the
// page in order; so never seek, and never read in its asynchronous mode. A call that
// reads may still panic on a damaged page without a checksum: make it through guarded.
type parquetFile struct {
	*parquet.File
	path string
	f    *os.File
}

// Close releases the file.
func (p *parquetFile) Close() error { return p.f.Close() }

// openParquet opens a file and checks its structure: the footer, and the pages of the
// columns that wanted, nil = all; no others may be read. The error is fs.ErrNotExist or
// another of the system's, or ErrCorrupt.
func openParquet(path string, wanted func(column string) bool) (*parquetFile, error) {
	f, _, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	p := &parquetFile{path: path, f: f}
	err = guarded(func() (err error) {
		p.File, err = openGuarded(f, wanted)
		return err
	})
	var io *fs.PathError
	switch {
	case err == nil:
		return p, nil
	case errors.As(err, &io):
	default:
		err = p.corrupt(err)
	}
	_ = f.Close()
	return nil, err
}

// noColumn is wanted where only the footer is looked at.
func noColumn(string) bool { return false }

// openRegular opens a file that is one, and not a pipe that would wait for its writer.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	return f, info.Size(), err
}

// corrupt says that the file is, and why.
func (p *parquetFile) corrupt(err error) error {
	if errors.Is(err, ErrCorrupt) {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	return fmt.Errorf("%s: %w: %w", p.path, ErrCorrupt, err)
}

// guarded makes a call into parquet-go and returns its panic as an error, ErrCorrupt.
func guarded(call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrCorrupt, r)
		}
	}()
	return call()
}

func openGuarded(f *os.File, wanted func(column string) bool) (*parquet.File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	meta, size, err := readMeta(f, info.Size())
	if err != nil {
		return nil, err
	}
	leaves, err := checkSchema(meta.Schema)
	if err != nil {
		return nil, err
	}
	g := guard{f: f, size: info.Size(), leaves: leaves, wanted: wanted, ours: strings.HasPrefix(meta.CreatedBy, "righting ")}
	if err := g.check(meta, info.Size()-8-int64(size)); err != nil {
		return nil, err
	}
	p, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, err
	}
	for _, l := range leaves { // a logical type may belie the bytes, or make Kind panic
		c := p.Root()
		for _, name := range l.path {
			c = c.Column(name)
		}
		if k := c.Type().Kind(); format.Type(k) != l.typ {
			return nil, fmt.Errorf("schema: column %s of type %s lies as %s", strings.Join(l.path, "."), c.Type(), l.typ)
		}
	}
	return p, nil
}

// readMeta is what the footer says, and the size of the footer.
func readMeta(f *os.File, size int64) (*format.FileMetaData, int, error) {
	footer, err := readFooter(f, size)
	if err != nil {
		return nil, 0, err
	}
	s := skim{b: footer}
	if err := s.structure(0, maxThriftDepth); err != nil {
		return nil, 0, fmt.Errorf("footer: %w", err)
	}
	if s.at != len(footer) {
		return nil, 0, fmt.Errorf("footer: %d bytes behind its end", len(footer)-s.at)
	}
	meta := new(format.FileMetaData)
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), footer, meta); err != nil {
		return nil, 0, fmt.Errorf("footer: %w", err)
	}
	return meta, len(footer), nil
}

// readFooter is the footer's bytes, if both ends of the file say that it has one.
func readFooter(f *os.File, size int64) ([]byte, error) {
	if size < 12 {
		return nil, fmt.Errorf("%d bytes are no Parquet file", size)
	}
	var head, tail [8]byte
	if _, err := f.ReadAt(head[:4], 0); err != nil {
		return nil, err
	}
	if _, err := f.ReadAt(tail[:], size-8); err != nil {
		return nil, err
	}
	switch magic := string(tail[4:]); {
	case magic == "PARE" || string(head[:4]) == "PARE":
		return nil, errors.New("encrypted Parquet is not supported; decrypt it first")
	case string(head[:4]) != "PAR1":
		return nil, fmt.Errorf("no Parquet file: begins with %q, not PAR1", head[:4])
	case magic != "PAR1":
		return nil, fmt.Errorf("ends with %q, not PAR1: cut short or not Parquet", tail[4:])
	}
	n := int64(binary.LittleEndian.Uint32(tail[:4]))
	if n > size-12 {
		return nil, fmt.Errorf("footer of %d bytes in a file of %d", n, size)
	}
	if n > maxFooter {
		return nil, fmt.Errorf("footer of %d bytes, more than %d; write larger row groups", n, maxFooter)
	}
	footer := make([]byte, n)
	_, err := f.ReadAt(footer, size-8-n)
	return footer, err
}

// A leaf is a column that has values.
type leaf struct {
	path     []string
	typ      format.Type
	rep, def int // highest levels
	width    int // bytes of a PLAIN value, 0 = not fixed
}

// checkSchema is the leaves of a schema that is a tree of bounded depth.
func checkSchema(elements []format.SchemaElement) ([]leaf, error) {
	var leaves []leaf
	at := 0
	var walk func(parent leaf, depth int) error
	walk = func(parent leaf, depth int) error {
		if at >= len(elements) {
			return errors.New("schema: names more children than it has")
		}
		if depth > maxDepth {
			return fmt.Errorf("schema: deeper than %d", maxDepth)
		}
		e := &elements[at]
		at++
		self := parent
		if depth > 0 {
			if e.Name == "" {
				return errors.New("schema: a column without a name")
			}
			self.path = append(parent.path[:len(parent.path):len(parent.path)], e.Name)
			switch r := e.RepetitionType; {
			case r.Valid && r.V == format.Repeated:
				self.rep, self.def = self.rep+1, self.def+1
			case r.Valid && r.V == format.Optional:
				self.def++
			}
		}
		n := int(e.NumChildren.V)
		if !e.NumChildren.Valid || n == 0 && e.Type.Valid {
			if !e.Type.Valid || e.Type.V < 0 || e.Type.V > format.FixedLenByteArray {
				return fmt.Errorf("schema: column %s has no known type", strings.Join(self.path, "."))
			}
			self.typ = e.Type.V
			self.width = [...]int{format.Int32: 4, format.Int64: 8, format.Int96: 12, format.Float: 4, format.Double: 8, format.FixedLenByteArray: int(e.TypeLength.V)}[self.typ]
			if self.typ == format.FixedLenByteArray && (self.width < 1 || self.width > 1<<16) {
				return fmt.Errorf("schema: column %s has values of %d bytes", strings.Join(self.path, "."), self.width)
			}
			leaves = append(leaves, self)
			return nil
		}
		if n < 0 {
			return fmt.Errorf("schema: %d children", n)
		}
		names := make(map[string]bool)
		for range n {
			if at < len(elements) {
				if name := elements[at].Name; names[name] {
					return fmt.Errorf("schema: two columns %s", name)
				} else {
					names[name] = true
				}
			}
			if err := walk(self, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(leaf{}, 0); err != nil {
		return nil, err
	}
	switch {
	case at != len(elements):
		return nil, fmt.Errorf("schema: %d elements outside its tree", len(elements)-at)
	case len(leaves) > maxColumns:
		return nil, fmt.Errorf("schema: %d columns, more than %d", len(leaves), maxColumns)
	}
	return leaves, nil
}
