package convert

import "bytes"

// numberless are words that Python and JavaScript write for a number there is none of,
// and null in no fewer bytes.
var numberless = []struct{ word, null string }{{"-Infinity", "null     "}, {"Infinity", "null    "}, {"NaN", "null"}}

// A replaced word stood at a place of the new text, which has so many bytes more there.
type replaced struct{ at, more int }

// finite is JSON with null for NaN and the infinities, and where they stood. Without any
// it is the text itself.
func finite(text []byte) (out []byte, words []replaced) {
	if !bytes.Contains(text, []byte("NaN")) && !bytes.Contains(text, []byte("Infinity")) {
		return text, nil
	}
	out = make([]byte, 0, len(text)+64)
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\' && i+1 < len(text):
			out = append(out, c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '-' || c == 'I' || c == 'N'):
			if word, null := numberlessAt(text[i:]); word > 0 {
				words = append(words, replaced{len(out), len(null) - word})
				out = append(out, null...)
				i += word - 1
				continue
			}
		}
		out = append(out, c)
	}
	return out, words
}

func numberlessAt(text []byte) (length int, null string) {
	for _, n := range numberless {
		if bytes.HasPrefix(text, []byte(n.word)) {
			return len(n.word), n.null
		}
	}
	return 0, ""
}

// before is how many of the words stand before a place of the new text, and where that
// was in the old one.
func before(words []replaced, place int) (n, was int) {
	was = place
	for _, w := range words {
		if w.at >= place {
			break
		}
		n, was = n+1, was-w.more
	}
	return n, was
}
