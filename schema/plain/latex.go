package plain

import "strings"

// LaTeX is Terminal(s) with every character that LaTeX would act on as a command for
// it, fit for running text and for a cell of a tabular. Characters beyond the document's
// fonts need XeLaTeX or LuaLaTeX.
func LaTeX(s string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range Terminal(s) {
		switch r {
		case '\\':
			b.WriteString(`\textbackslash{}`)
		case '^':
			b.WriteString(`\textasciicircum{}`)
		case '~':
			b.WriteString(`\textasciitilde{}`)
		case '<':
			b.WriteString(`\textless{}`)
		case '>':
			b.WriteString(`\textgreater{}`)
		case '|':
			b.WriteString(`\textbar{}`)
		case '`':
			b.WriteString(`\textasciigrave{}`)
		case '"':
			b.WriteString(`\char34{}`)
		case '{', '}', '$', '&', '#', '_', '%':
			b.WriteString(`\` + string(r))
		case '[', ']', '*': // an option, if \\ ended the row before
			b.WriteString("{" + string(r) + "}")
		case '-', '\'', ',': // -- '' ,, are ligatures
			if last == r {
				b.WriteString("{}")
			}
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
