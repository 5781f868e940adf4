package convert

import (
	"archive/zip"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

// What is wrong with a member.
var (
	errBomb    = fmt.Errorf("unpacks to more than %d GiB and %d times its size", freeSize>>30, mostRatio)
	errDamaged = errors.New("is damaged: its checksum is another")
)

// Limits of an archive: of members, and of what one unpacks to, which is counted, never
// taken from what is declared.
const (
	mostMembers = 1 << 20
	freeSize    = 1 << 30 // bytes that any member may have; logs repeat themselves
	mostRatio   = 1000
)

// Methods of compression.
const (
	zipStored  = 0
	zipDeflate = 8
	zipZstd    = 93
)

// A zipped is a file in a zip archive.
type zipped struct {
	archive string
	name    string
	method  uint16
	crc     uint32
	offset  int64 // of its data
	size    int64 // of its data, packed
	said    int64 // what it says that it unpacks to
	unpack  *unpackers
}

// unpackers keep their buffers from one member to the next.
type unpackers struct {
	zstd    func(io.Reader) io.ReadCloser
	deflate sync.Pool
}

// zipMembers lists the files of an archive in the order of its directory. An error says
// that it is none that can be read.
func zipMembers(f *os.File, size int64) ([]zipped, error) {
	z, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	if len(z.File) > mostMembers {
		return nil, fmt.Errorf("%d members, more than %d", len(z.File), mostMembers)
	}
	unpack := &unpackers{zstd: zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(64<<20))}
	out := make([]zipped, 0, len(z.File))
	for _, m := range z.File {
		if m.FileInfo().IsDir() {
			continue
		}
		offset, err := m.DataOffset()
		if err != nil {
			return nil, fmt.Errorf("member %s: %w", excerpt(m.Name), err)
		}
		packed := int64(min(m.CompressedSize64, uint64(size)))
		if offset+packed > size {
			return nil, fmt.Errorf("member %s: lies behind the end of the file", excerpt(m.Name))
		}
		out = append(out, zipped{f.Name(), m.Name, m.Method, m.CRC32, offset, packed, int64(min(m.UncompressedSize64, 1<<62)), unpack})
	}
	byPlace := slices.Clone(out)
	slices.SortFunc(byPlace, func(a, b zipped) int { return int(min(max(a.offset-b.offset, -1), 1)) })
	for i := 1; i < len(byPlace); i++ {
		if a := byPlace[i-1]; a.offset+a.size > byPlace[i].offset && byPlace[i].size > 0 {
			return nil, fmt.Errorf("members %s and %s overlap", excerpt(a.name), excerpt(byPlace[i].name))
		}
	}
	return out, nil
}

// weight is about how much there is to read.
func (z *zipped) weight() int64 { return max(z.size, min(z.said, z.size*mostRatio)) }

// open unpacks the member. Reading ends with errBomb or errDamaged where it is one.
func (z *zipped) open() (io.ReadCloser, error) {
	f, err := os.Open(z.archive)
	if err != nil {
		return nil, err
	}
	u := &unzip{f: f, sum: crc32.NewIEEE(), want: z.crc, most: max(freeSize, z.size*mostRatio)}
	section := io.NewSectionReader(f, z.offset, z.size)
	switch z.method {
	case zipStored:
		u.r = section
	case zipDeflate:
		u.deflate = &z.unpack.deflate
		if old, ok := u.deflate.Get().(flate.Resetter); ok {
			err = old.Reset(section, nil)
			u.r = old.(io.Reader)
		} else {
			u.r = flate.NewReader(section)
		}
	case zipZstd:
		in := z.unpack.zstd(section)
		u.r, u.zstd = in, in
	default:
		err = fmt.Errorf("is packed by method %d, which is not read here", z.method)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return u, nil
}

// An unzip counts and checks what a member unpacks to.
type unzip struct {
	f       *os.File
	r       io.Reader
	zstd    io.Closer
	deflate *sync.Pool // to which r goes back
	sum     hash.Hash32
	want    uint32
	n       int64
	most    int64
}

func (u *unzip) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	u.n += int64(n)
	u.sum.Write(b[:n])
	switch {
	case u.n > u.most:
		return 0, errBomb
	case err == io.EOF && u.sum.Sum32() != u.want:
		return 0, errDamaged
	}
	return n, err
}

func (u *unzip) Close() error {
	if u.zstd != nil {
		return errors.Join(u.zstd.Close(), u.f.Close())
	}
	if u.deflate != nil && u.r != nil {
		u.deflate.Put(u.r)
		u.r = nil
	}
	return u.f.Close()
}
