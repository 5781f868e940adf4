package plain

import (
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut stands where text was left out. It is one column and three bytes.
const cut = "…"

// marksMax is how many marks may stand on one letter: more than any living script
// needs, fewer than it takes to paint over the lines above.
const marksMax = 4

// Terminal is s on one line of printable runes.
//
// Controls, C1, bidi and zero-width characters, variation selectors, tags, blanks
// other than the space, private use, unassigned code points and bytes that are not
// UTF-8 become \n, \r, \t, \x1b, \u202e or \U000e0041. So does a combining mark
// without a letter, or the fifth on the same one. A backslash stays itself, so
// printable ASCII is returned as it is, and Terminal of its own result changes
// nothing.
func Terminal(s string) string {
	if printableASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for p := range pieces(s) {
		b.WriteString(p)
	}
	return b.String()
}

// Line is Terminal(s) in at most the given number of columns: what is longer ends
// in "…". It is "" for less than one column, and never cuts inside an escape.
func Line(s string, columns int) string { return shorten(s, columns, 1, Width) }

// Excerpt is Terminal(s) in at most the given number of bytes: what is longer ends
// in "…", itself three bytes; "" if not even that fits.
func Excerpt(s string, bytes int) string {
	return shorten(s, bytes, len(cut), func(p string) int { return len(p) })
}

// shorten keeps as many pieces of s as cost at most limit, the mark included.
func shorten(s string, limit, mark int, cost func(string) int) string {
	var b strings.Builder
	used, keep := 0, 0 // keep: the bytes of b that leave room for the mark
	for p := range pieces(s) {
		used += cost(p)
		if used > limit {
			if limit < mark {
				return ""
			}
			return b.String()[:keep] + cut
		}
		b.WriteString(p)
		if used <= limit-mark {
			keep = b.Len()
		}
	}
	return b.String()
}

// pieces yields s rune by rune: the rune itself if it may be shown, else its escape,
// which has a backslash first and is longer than one byte.
func pieces(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		marks := marksMax // on the letter so far; at the start there is no letter
		for i := 0; i < len(s); {
			r, n := utf8.DecodeRuneInString(s[i:])
			piece := s[i : i+n]
			switch {
			case r == utf8.RuneError && n == 1:
				piece, marks = fmt.Sprintf(`\x%02x`, s[i]), marksMax
			case !shown(r):
				piece, marks = escape(r), marksMax
			case !columnless(r):
				marks = 0
			case marks < marksMax:
				marks++
			default:
				piece = escape(r)
			}
			if !yield(piece) {
				return
			}
			i += n
		}
	}
}

// shown says that r leaves a mark on the screen and moves nothing else. unicode.IsPrint
// knows controls, formats and blanks; the two tables are the letters, marks and
// symbols that Unicode wants ignored by default; U+2800 is the empty Braille cell.
func shown(r rune) bool {
	if r < utf8.RuneSelf {
		return ' ' <= r && r <= '~'
	}
	return unicode.IsPrint(r) && r != 0x2800 &&
		!unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
