package dataset

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A guard checks what a footer says of its file.
type guard struct {
	f      *os.File
	size   int64
	leaves []leaf
	wanted func(column string) bool // nil = all
	ours   bool                     // written by righting: every page has a checksum
	buf    []byte
}

// A chunk is the bytes of one column in one row group.
type chunk struct{ from, to int64 }

// check is nil if the row groups' pages lie in the file before end, each once, and
// hold as many values as declared.
func (g *guard) check(meta *format.FileMetaData, end int64) error {
	if meta.EncryptionAlgorithm.Value != nil || len(meta.FooterSigningKeyMetadata) > 0 {
		return errors.New("encrypted Parquet is not supported; decrypt it first")
	}
	var rows int64
	var chunks []chunk
	for i := range meta.RowGroups {
		group := &meta.RowGroups[i]
		if group.NumRows < 0 || group.NumRows > math.MaxInt64-rows {
			return fmt.Errorf("row group %d has %d rows", i, group.NumRows)
		}
		rows += group.NumRows
		if len(group.Columns) != len(g.leaves) {
			return fmt.Errorf("row group %d has %d columns, the schema %d", i, len(group.Columns), len(g.leaves))
		}
		for _, s := range group.SortingColumns {
			if s.ColumnIdx < 0 || int(s.ColumnIdx) >= len(g.leaves) {
				return fmt.Errorf("row group %d is sorted by column %d of %d", i, s.ColumnIdx, len(g.leaves))
			}
		}
		for c := range group.Columns {
			at, err := g.chunk(&group.Columns[c], &g.leaves[c], &meta.RowGroups[0].Columns[c], group.NumRows, end)
			if err != nil {
				return fmt.Errorf("row group %d, column %s: %w", i, strings.Join(g.leaves[c].path, "."), err)
			}
			chunks = append(chunks, at)
		}
	}
	if rows != meta.NumRows {
		return fmt.Errorf("row groups of %d rows where the footer says %d", rows, meta.NumRows)
	}
	slices.SortFunc(chunks, func(a, b chunk) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(chunks); i++ {
		if chunks[i].from < chunks[i-1].to {
			return errors.New("column chunks overlap")
		}
	}
	for i := range meta.RowGroups { // pages last: chunks that overlap would be walked many times
		for c := range meta.RowGroups[i].Columns {
			if g.wanted != nil && !g.wanted(g.leaves[c].path[0]) {
				continue
			}
			err := g.pages(&meta.RowGroups[i].Columns[c].MetaData, &g.leaves[c], meta.RowGroups[i].NumRows)
			if err != nil {
				return fmt.Errorf("row group %d, column %s: %w", i, strings.Join(g.leaves[c].path, "."), err)
			}
		}
	}
	return nil
}

// chunk is where a column chunk lies; first is the same column's in the first group.
func (g *guard) chunk(c *format.ColumnChunk, l *leaf, first *format.ColumnChunk, rows, end int64) (chunk, error) {
	md := &c.MetaData
	switch {
	case c.CryptoMetadata.Value != nil || len(c.EncryptedColumnMetadata) > 0:
		return chunk{}, errors.New("encrypted columns are not supported; decrypt the file first")
	case c.FilePath != "":
		return chunk{}, errors.New("its pages lie in another file, which is not supported; write one file")
	case md.Type != l.typ || !slices.Equal(md.PathInSchema, l.path):
		return chunk{}, fmt.Errorf("is %s %s in the row group", md.Type, strings.Join(md.PathInSchema, "."))
	case md.Codec != format.Uncompressed && md.Codec != format.Snappy && md.Codec != format.Gzip && md.Codec != format.Zstd:
		return chunk{}, fmt.Errorf("compression %s is not supported; rewrite the file with zstd", md.Codec)
	case md.Codec != first.MetaData.Codec: // parquet-go reads all by the first
		return chunk{}, fmt.Errorf("compression %s in one row group and %s in another is not supported; rewrite the file with zstd", first.MetaData.Codec, md.Codec)
	case l.rep == 0 && md.NumValues != rows || md.NumValues < rows:
		return chunk{}, fmt.Errorf("%d values in %d rows", md.NumValues, rows)
	}
	from := md.DataPageOffset
	if d := md.DictionaryPageOffset; d != 0 {
		if d > from {
			return chunk{}, errors.New("its dictionary stands behind its data")
		}
		from = d
	}
	if from < 4 || md.TotalCompressedSize < 0 || md.TotalCompressedSize > end-from {
		return chunk{}, fmt.Errorf("%d bytes at %d lie outside the file", md.TotalCompressedSize, from)
	}
	return chunk{from, from + md.TotalCompressedSize}, nil
}

// pages walks the headers of a chunk's pages.
func (g *guard) pages(md *format.ColumnMetaData, l *leaf, rows int64) error {
	at := md.DataPageOffset
	if md.DictionaryPageOffset != 0 {
		at = md.DictionaryPageOffset
	}
	end := at + md.TotalCompressedSize
	var values, counted int64
	seen := make(map[format.PageEncodingStats]int32)
	for n := 0; at < end; n++ {
		var h format.PageHeader
		size, err := g.header(&h, at, end)
		if err == nil {
			err = g.page(&h, md, l, n == 0, end-at-size)
		}
		if err == nil {
			err = g.inflated(&h, md.Codec, at+size)
		}
		if err == nil && h.DataPageHeaderV2.Valid {
			err = g.levels(&h.DataPageHeaderV2.V, l, at+size)
		}
		if err == nil && h.DictionaryPageHeader.Valid {
			err = g.checksum(&h, at+size)
		}
		if err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
		if v := &h.DataPageHeader; v.Valid {
			values += int64(v.V.NumValues)
			seen[format.PageEncodingStats{PageType: h.Type, Encoding: v.V.Encoding}]++
		}
		if v := &h.DataPageHeaderV2; v.Valid {
			seen[format.PageEncodingStats{PageType: h.Type, Encoding: v.V.Encoding}]++
			values += int64(v.V.NumValues)
			counted += int64(v.V.NumRows)
		}
		if values > md.NumValues || counted > rows {
			break
		}
		at += size + int64(h.CompressedPageSize)
	}
	if values != md.NumValues {
		return fmt.Errorf("pages do not hold the %d values declared", md.NumValues)
	}
	if counted != 0 && counted != rows {
		return fmt.Errorf("pages do not hold the %d rows declared", rows)
	}
	if g.ours { // others count otherwise
		for _, s := range md.EncodingStats {
			if n := seen[format.PageEncodingStats{PageType: s.PageType, Encoding: s.Encoding}]; s.PageType != format.DictionaryPage && n != s.Count {
				return fmt.Errorf("%d pages of encoding %s where the footer says %d", n, s.Encoding, s.Count)
			}
		}
	}
	return nil
}

// header reads the page header at an offset and how many bytes it takes.
func (g *guard) header(h *format.PageHeader, at, end int64) (int64, error) {
	for n := int64(512); ; n *= 16 {
		n = min(n, end-at, maxPageHeader)
		if int64(len(g.buf)) < n {
			g.buf = make([]byte, max(n, 32<<10))
		}
		if _, err := g.f.ReadAt(g.buf[:n], at); err != nil && err != io.EOF {
			return 0, err
		}
		s := skim{b: g.buf[:n]}
		err := s.structure(0, maxThriftDepth)
		if errors.Is(err, errShort) && n < min(end-at, maxPageHeader) {
			continue
		}
		if err == nil {
			err = thrift.Unmarshal(new(thrift.CompactProtocol), s.b[:s.at], h)
		}
		return int64(s.at), err
	}
}

// page is whether a header can be true with so many bytes left.
func (g *guard) page(h *format.PageHeader, md *format.ColumnMetaData, l *leaf, first bool, left int64) error {
	v1, v2, dict := &h.DataPageHeader, &h.DataPageHeaderV2, &h.DictionaryPageHeader
	packed, size := int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
	switch {
	case packed < 0 || packed > left || size < 0:
		return fmt.Errorf("%d bytes where %d are left", packed, left)
	case packed > maxPage || size > maxPage:
		return fmt.Errorf("%d bytes, more than %d; write smaller pages", max(packed, size), maxPage)
	case md.Codec == format.Uncompressed && packed != size:
		return fmt.Errorf("%d bytes, uncompressed %d", packed, size)
	case g.ours && h.CRC == 0 && packed > 0: // one page of ours in four billion has this checksum
		return errors.New("has no checksum")
	case v1.Valid != (h.Type == format.DataPage) || v2.Valid != (h.Type == format.DataPageV2) || dict.Valid != (h.Type == format.DictionaryPage) || h.IndexPageHeader.Valid:
		return fmt.Errorf("header does not fit its type %s", h.Type)
	case dict.Valid:
		n := int64(dict.V.NumValues)
		switch {
		case !first:
			return errors.New("a dictionary that is not the first page")
		//lint:ignore SA1019 old writers say so
		case dict.V.Encoding != format.Plain && dict.V.Encoding != format.PlainDictionary:
			return fmt.Errorf("a dictionary of encoding %s", dict.V.Encoding)
		case n < 0 || n > maxPageValues || l.typ != format.Boolean && n*int64(max(4, l.width)) > size:
			return fmt.Errorf("a dictionary of %d values in %d bytes", n, size)
		}
		return nil
	case v1.Valid:
		if n := v1.V.NumValues; n < 0 || n > maxPageValues {
			return fmt.Errorf("%d values, more than %d; write smaller pages", n, maxPageValues)
		}
		return encoded(md, v1.V.Encoding)
	case !v2.Valid:
		return fmt.Errorf("type %s is not supported", h.Type)
	}
	values, nulls, rows := int64(v2.V.NumValues), int64(v2.V.NumNulls), int64(v2.V.NumRows)
	levels := int64(v2.V.DefinitionLevelsByteLength) + int64(v2.V.RepetitionLevelsByteLength)
	switch {
	case values < 0 || values > maxPageValues:
		return fmt.Errorf("%d values, more than %d; write smaller pages", values, maxPageValues)
	case nulls < 0 || nulls > values || nulls > 0 && l.def == 0:
		return fmt.Errorf("%d nulls in %d values", nulls, values)
	case rows < 0 || rows > values || l.rep == 0 && rows != values:
		return fmt.Errorf("%d rows in %d values", rows, values)
	case v2.V.DefinitionLevelsByteLength < 0 || v2.V.RepetitionLevelsByteLength < 0 || levels > min(packed, size):
		return fmt.Errorf("levels of %d bytes in %d", levels, packed)
	case (v2.V.DefinitionLevelsByteLength > 0) != (l.def > 0) && values > 0:
		return fmt.Errorf("definition levels of %d bytes, the schema has %d", v2.V.DefinitionLevelsByteLength, l.def)
	case g.ours && v2.V.RepetitionLevelsByteLength > 0 && l.rep == 0: // some writers do, for nothing
		return fmt.Errorf("repetition levels of %d bytes in a flat column", v2.V.RepetitionLevelsByteLength)
	case v2.V.Encoding == format.Plain && l.width > 0 && (values-nulls)*int64(l.width) != size-levels:
		return fmt.Errorf("%d values in %d bytes", values-nulls, size-levels)
	}
	return encoded(md, v2.V.Encoding)
}

// encoded is whether the footer announces a page's encoding, and the type has it.
func encoded(md *format.ColumnMetaData, e format.Encoding) error {
	if !slices.Contains(md.Encoding, e) || e == format.RLE && md.Type != format.Boolean || e == format.BitPacked {
		return fmt.Errorf("encoding %s of %s, which the footer does not declare", e, md.Type)
	}
	return nil
}

// checksum compares a dictionary's; parquet-go does not where it seeks to a row.
func (g *guard) checksum(h *format.PageHeader, at int64) error {
	if h.CRC == 0 {
		return nil
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyBuffer(sum, io.NewSectionReader(g.f, at, int64(h.CompressedPageSize)), g.buf); err != nil {
		return err
	}
	if sum.Sum32() != uint32(h.CRC) {
		return errors.New("checksum of the dictionary does not match")
	}
	return nil
}

// inflated compares the size that compressed bytes themselves declare, by which
// decoders allocate, with the header's.
func (g *guard) inflated(h *format.PageHeader, codec format.CompressionCodec, at int64) error {
	want, packed := int64(h.UncompressedPageSize), int64(h.CompressedPageSize)
	if v := &h.DataPageHeaderV2; v.Valid {
		if c := v.V.IsCompressed; c.Valid && !c.V {
			if want != packed {
				return fmt.Errorf("%d bytes, uncompressed %d", packed, want)
			}
			return nil
		}
		levels := int64(v.V.DefinitionLevelsByteLength) + int64(v.V.RepetitionLevelsByteLength)
		at, want, packed = at+levels, want-levels, packed-levels
	}
	if codec != format.Snappy && codec != format.Zstd || packed == 0 {
		return nil
	}
	var head [zstd.HeaderMaxSize]byte
	b := head[:min(packed, int64(len(head)))]
	if _, err := g.f.ReadAt(b, at); err != nil {
		return err
	}
	got := want
	switch codec {
	case format.Snappy:
		n, k := binary.Uvarint(b)
		if k <= 0 {
			return errors.New("no snappy block")
		}
		got = int64(min(n, math.MaxInt64))
	case format.Zstd:
		var frame zstd.Header
		if err := frame.Decode(b); err != nil {
			return fmt.Errorf("no zstd frame: %w", err)
		}
		if frame.HasFCS {
			got = int64(min(frame.FrameContentSize, math.MaxInt64))
		}
	}
	if got != want {
		return fmt.Errorf("%s of %d bytes, the header says %d", strings.ToLower(codec.String()), got, want)
	}
	return nil
}
