package convert

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of what is looked at to know a format.
const (
	headBytes    = 1 << 20
	headRows     = 50
	glanceDepth  = 8
	glanceValues = 64 // of an array
)

// A glance is a JSON value as far as it is looked at; the zero value is none.
type glance struct {
	kind jsontext.Kind
	text string // of a string
	keys map[string]glance
	list []glance // the first elements
}

func (g glance) has(keys ...string) bool {
	for _, key := range keys {
		if _, ok := g.keys[key]; !ok {
			return false
		}
	}
	return true
}

func (g glance) get(keys ...string) glance {
	for _, key := range keys {
		g = g.keys[key]
	}
	return g
}

// at is an element.
func (g glance) at(i int) glance {
	if i < len(g.list) {
		return g.list[i]
	}
	return glance{}
}

// look looks at the first value. Whole tells that it is there to its end, which is at
// size; else it is what comes before the first fault.
func look(data []byte) (g glance, size int, whole bool) {
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	whole = g.read(dec, 0)
	return g, int(dec.InputOffset()), whole
}

// read is false at a fault.
func (g *glance) read(dec *jsontext.Decoder, depth int) bool {
	g.kind = dec.PeekKind()
	if depth >= glanceDepth {
		return dec.SkipValue() == nil
	}
	t, err := dec.ReadToken()
	if err != nil {
		return false
	}
	switch g.kind {
	case jsontext.KindString:
		g.text = t.String()
	case jsontext.KindBeginObject:
		g.keys = map[string]glance{}
		for dec.PeekKind() != jsontext.KindEndObject {
			key, err := dec.ReadToken()
			if err != nil {
				return false
			}
			name := key.String()
			var member glance
			whole := member.read(dec, depth+1)
			g.keys[name] = member
			if !whole {
				return false
			}
		}
		_, err = dec.ReadToken()
	case jsontext.KindBeginArray:
		for dec.PeekKind() != jsontext.KindEndArray {
			if len(g.list) == glanceValues {
				if dec.SkipValue() != nil {
					return false
				}
				continue
			}
			var element glance
			whole := element.read(dec, depth+1)
			g.list = append(g.list, element)
			if !whole {
				return false
			}
		}
		_, err = dec.ReadToken()
	}
	return err == nil
}
