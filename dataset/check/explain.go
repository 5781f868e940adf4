package check

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed testdata/*.txtar
var archives embed.FS

// Find is the rule with that code or name, in upper or lower case; else the error names
// the nearest one.
func Find(s string) (*Rule, error) {
	for _, r := range All {
		if strings.EqualFold(s, r.Code) || strings.EqualFold(s, r.Name) {
			return r, nil
		}
	}
	return nil, unknownRule(All, s)
}

// Explain is a rule in words, by its code or name: severity, what is wrong, why it
// matters, the way out, and rows that break it next to rows that do not.
func Explain(s string) (string, bool) {
	r, err := Find(s)
	if err != nil {
		return "", false
	}
	example, err := archives.ReadFile("testdata/" + r.Code + ".txtar")
	if err != nil { // a test walks All
		panic(err)
	}
	return fmt.Sprintf("%s %s (%s): %s\n%s\n\nAn example; columns that are not shown are the same in every row.\n\n%s",
		r.Code, r.Name, r.Severity, r.Doc, r.Fix, example), true
}
