package recipe

import (
	"fmt"
	"strings"
)

// A template is text with {names} in it. A text without braces is one name: where a
// recipe names a source, `judge` and `{judge}` say the same.
type template []part

// A part of a template is a name, or text that stands for itself.
type part struct {
	text string
	name bool
}

// parseTemplate reads `{scenario}/{system}`; `{{` and `}}` are literal braces.
func parseTemplate(s string) (template, error) {
	if !strings.ContainsAny(s, "{}") {
		return template{{s, true}}, nil
	}
	var t template
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			t = append(t, part{literal.String(), false})
			literal.Reset()
		}
	}
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			literal.WriteString(s)
			break
		}
		literal.WriteString(s[:i])
		if strings.HasPrefix(s[i+1:], s[i:i+1]) {
			literal.WriteByte(s[i])
			s = s[i+2:]
			continue
		}
		name, rest, closed := strings.Cut(s[i+1:], "}")
		if s[i] == '}' || !closed || name == "" || strings.Contains(name, "{") {
			return nil, fmt.Errorf("%q: names stand in braces, as in \"{scenario}/{system}\"; write {{ and }} for literal ones", s[i:])
		}
		flush()
		t, s = append(t, part{name, true}), rest
	}
	flush()
	return t, nil
}
