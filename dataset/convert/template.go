package convert

import (
	"fmt"
	"slices"
	"strings"
)

// A template is text with {names} in it, each standing for a value of the source; {{ and
// }} are braces.
type template []part

type part struct {
	text string
	name bool
}

// parseTemplate reads a template; option is whose it is.
func parseTemplate(option, s string) (template, error) {
	var t template
	for s != "" {
		i := strings.IndexAny(s, "{}")
		switch {
		case i < 0:
			return append(t, part{s, false}), nil
		case i > 0:
			t = append(t, part{s[:i], false})
			s = s[i:]
		case strings.HasPrefix(s, "{{"), strings.HasPrefix(s, "}}"):
			t = append(t, part{s[:1], false})
			s = s[2:]
		default:
			name, rest, closed := strings.Cut(s[1:], "}")
			if s[0] == '}' || !closed || name == "" || strings.Contains(name, "{") {
				return nil, fmt.Errorf("%s %s: names stand in braces, as in '{model}+{solver}'; {{ and }} are literal ones", option, excerpt(s))
			}
			t, s = append(t, part{name, true}), rest
		}
	}
	return t, nil
}

// apply fills in what is known.
func (t template) apply(option string, known []member) (string, error) {
	var b strings.Builder
	for _, p := range t {
		if !p.name {
			b.WriteString(p.text)
			continue
		}
		i := slices.IndexFunc(known, func(m member) bool { return m.name == p.text })
		if i < 0 {
			var names []string
			for _, m := range known {
				names = append(names, m.name)
			}
			return "", fmt.Errorf("%s: there is no %s here; there is %s", option, excerpt(p.text), strings.Join(names, ", "))
		}
		b.WriteString(known[i].value)
	}
	return b.String(), nil
}
