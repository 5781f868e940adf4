package plain

import "strings"

// formula is what makes a spreadsheet take a cell for a formula when it comes first.
// Some drop a line break or a tab before they look, some fold full-width forms.
const formula = "=+-@\t\r\n＝＋－＠"

// CSV is s with an apostrophe first if a spreadsheet could run it. FromCSV takes it
// off again. It does not quote: that is the writer's work.
func CSV(s string) string {
	if formulaLike(s) {
		return "'" + s
	}
	return s
}

// FromCSV is the string that CSV made s from.
func FromCSV(s string) string {
	if strings.HasPrefix(s, "'") && formulaLike(s) {
		return s[1:]
	}
	return s
}

// formulaLike looks past leading apostrophes, so that a string that had one of its
// own before its sign comes back with it.
func formulaLike(s string) bool {
	s = strings.TrimLeft(s, "'")
	for _, r := range s {
		return strings.ContainsRune(formula, r)
	}
	return false
}
