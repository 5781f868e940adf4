package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/encoding/thrift"
)

// errShort: Thrift bytes that end before what they declare.
var errShort = errors.New("declares more than the bytes that are left")

// A skim walks bytes in Thrift's compact protocol without building anything, so that
// nothing is allocated by a length that they only claim.
type skim struct {
	b  []byte
	at int
}

// Fields of a footer whose lists are large in memory, as paths of field numbers.
const (
	pathSchema    = 2
	pathRowGroups = 4
	pathColumns   = pathRowGroups<<8 | 1
)

// structure walks one struct; path is the numbers of the fields that led to it.
func (s *skim) structure(path, depth int) error {
	if depth == 0 {
		return errors.New("nested too deep")
	}
	var id int16
	for {
		b, err := s.byte()
		if err != nil {
			return err
		}
		t := thrift.Type(b & 0xf)
		if b == byte(thrift.STOP) {
			return nil
		}
		if delta := b >> 4; delta != 0 {
			id += int16(delta)
		} else {
			v, err := s.varint()
			if err != nil {
				return err
			}
			id = int16(v>>1) ^ -int16(v&1)
			t = thrift.Type(b)
		}
		if t == thrift.TRUE || t == thrift.FALSE {
			continue // the value is the type
		}
		if err := s.value(t, path<<8|int(uint8(id)), depth); err != nil {
			return err
		}
	}
}

func (s *skim) value(t thrift.Type, path, depth int) error {
	switch t {
	case thrift.TRUE, thrift.FALSE, thrift.I8:
		return s.skip(1)
	case thrift.I16, thrift.I32, thrift.I64:
		_, err := s.varint()
		return err
	case thrift.DOUBLE:
		return s.skip(8)
	case thrift.UUID:
		return s.skip(16)
	case thrift.BINARY:
		n, err := s.varint()
		if err != nil {
			return err
		}
		return s.skip(n)
	case thrift.LIST, thrift.SET:
		return s.list(path, depth)
	case thrift.STRUCT:
		return s.structure(path, depth-1)
	}
	return fmt.Errorf("a value of type %d", t)
}

func (s *skim) list(path, depth int) error {
	b, err := s.byte()
	if err != nil {
		return err
	}
	n := uint64(b >> 4)
	if n == 0xf {
		if n, err = s.varint(); err != nil {
			return err
		}
	}
	t := thrift.Type(b & 0xf)
	least, most := uint64(1), uint64(maxFooter)
	if t == thrift.STRUCT {
		switch least = 3; path { // bytes that such an element has at least
		case pathSchema:
			most = 4 * maxColumns
		case pathRowGroups:
			most = 1<<15 - 1
		case pathColumns:
			least, most = 20, maxColumns
		}
	}
	switch left := uint64(len(s.b) - s.at); {
	case n > left:
		return fmt.Errorf("a list of %d: %w", n, errShort)
	case n > most || n*least > left && len(s.b) > 1<<16:
		return fmt.Errorf("a list of %d in %d bytes", n, left)
	}
	for range n {
		if err := s.value(t, path, depth); err != nil {
			return err
		}
	}
	return nil
}

func (s *skim) byte() (byte, error) {
	if s.at >= len(s.b) {
		return 0, errShort
	}
	s.at++
	return s.b[s.at-1], nil
}

func (s *skim) varint() (uint64, error) {
	v, n := binary.Uvarint(s.b[s.at:])
	switch {
	case n == 0:
		return 0, errShort
	case n < 0:
		return 0, errors.New("a number of more than 64 bits")
	}
	s.at += n
	return v, nil
}

func (s *skim) skip(n uint64) error {
	if n > uint64(len(s.b)-s.at) {
		return fmt.Errorf("a length of %d: %w", n, errShort)
	}
	s.at += int(n)
	return nil
}
