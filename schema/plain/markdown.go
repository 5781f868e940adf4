package plain

import (
	"regexp"
	"strings"
	"unicode"
)

// live is what no escape keeps quiet everywhere: GitHub links addresses, mentions,
// issues, emoji names and mathematics in text it has already unescaped, but leaves
// code spans alone. Blanks that count are there too, since only code keeps them.
var live = regexp.MustCompile("[`\\\\@#$]|:[^ ]|(?i:www\\.)|[\\pL\\pN]\\.\\pL{2}|^ | $|  ")

// ordered is a line's start that would be an ordered list.
var ordered = regexp.MustCompile(`^[0-9]+[.)]`)

// Markdown is Markdown that renders as Terminal(s) and nothing else: no markup, link,
// image, mention or HTML. It is one line, fit for a paragraph or a table's cell, and
// "" for "".
//
// Ordinary words stay readable; a string that holds anything which could come alive
// is a code span.
func Markdown(s string) string {
	s = Terminal(s)
	if live.MatchString(s) {
		return code(s)
	}
	var b strings.Builder
	runes := []rune(s)
	list := len(ordered.FindString(s)) - 1
	for i, r := range runes {
		switch {
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '>':
			b.WriteString("&gt;")
			continue
		case r == '&':
			b.WriteString("&amp;")
			continue
		case r == '|':
			b.WriteString("&#124;")
			continue
		case r == '-' || r == '_':
			inWord := i > 0 && i+1 < len(runes) && alphanumeric(runes[i-1]) && alphanumeric(runes[i+1])
			if !inWord {
				b.WriteByte('\\')
			}
		case i == list, strings.ContainsRune("*[]{}~!+=^", r), i == 0 && strings.ContainsRune(`"%'(),./:;?`, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is a code span. A pipe stands outside it, because a table's cell and a
// paragraph disagree about how to write one inside.
func code(s string) string {
	parts := strings.Split(s, "|")
	for i, p := range parts {
		if p == "" {
			continue
		}
		fence := "`"
		for strings.Contains(p, fence) {
			fence += "`"
		}
		pad := ""
		if p[0] == '`' || p[len(p)-1] == '`' || p[0] == ' ' && p[len(p)-1] == ' ' && strings.Trim(p, " ") != "" {
			pad = " "
		}
		parts[i] = fence + pad + p + pad + fence
	}
	return strings.Join(parts, "&#124;")
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
