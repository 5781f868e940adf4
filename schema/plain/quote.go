package plain

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// words is text that YAML takes for a string with no quotes, unless reserved.
var words = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)

// reserved words mean something else to YAML 1.1 or 1.2, or to a reader in a hurry.
const reserved = " y n yes no on off true false null nan inf "

// YAML is a scalar that any YAML 1.1 or 1.2 parser reads back as the string s, in a
// block or a flow, as a key or a value: plain if it is a word or some, else in double
// quotes on one line.
//
// A byte that is not UTF-8 has no place in YAML and becomes U+FFFD.
func YAML(s string) string {
	if words.MatchString(s) && !strings.Contains(reserved, " "+strings.ToLower(s)+" ") {
		return s
	}
	return quote(s, func(b *strings.Builder, p string) {
		if p == `"` || p == `\` {
			b.WriteByte('\\')
		}
		b.WriteString(p) // YAML writes its escapes as Terminal does
	})
}

// JSON is a JSON string, in quotes, that any parser reads back as s. It is ASCII
// where s is not printable, and holds no <, > or &: it may stand in a script and
// on a terminal.
//
// A byte that is not UTF-8 has no place in JSON and becomes U+FFFD.
func JSON(s string) string {
	return quote(s, func(b *strings.Builder, p string) {
		r, n := utf8.DecodeRuneInString(p)
		switch {
		case p == `"` || p == `\`:
			b.WriteString(`\` + p)
		case p == "<" || p == ">" || p == "&":
			fmt.Fprintf(b, `\u%04x`, r)
		case len(p) == n: // shown
			b.WriteString(p)
		case p[1] == 'x':
			b.WriteString(`\u00` + p[2:])
		case p[1] == 'U':
			var r rune
			_, _ = fmt.Sscanf(p[2:], "%x", &r)
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
		default: // \n, \r, \t, \u202e
			b.WriteString(p)
		}
	})
}

// quote writes the pieces of s between double quotes.
func quote(s string, write func(*strings.Builder, string)) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // one U+FFFD for each byte
	}
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for p := range pieces(s) {
		write(&b, p)
	}
	b.WriteByte('"')
	return b.String()
}
