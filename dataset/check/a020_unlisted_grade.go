package check

import (
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

var unlistedGrade = &Rule{
	Code: "A020", Name: "unlisted-grade", Severity: Warning,
	Doc: `a letter is in none of the lists that control is taken from

Where control_from lists what governs, the unit of any other letter is not known. Where
it does not, every other letter governs, also one that differs from a listed one only by
case or blanks. Each letter is named once.`,
	Fix: `Correct the letter, or add it to control_from under rules in dataset.yaml.`,
	Start: func(d *Data) Visitor {
		from := d.Manifest.Rules.ControlFrom
		if from == nil {
			return Visitor{}
		}
		var letters []string
		for _, c := range conditions(from) {
			letters = append(letters, c.Letters...)
		}
		told := map[string]bool{}
		return Visitor{Skip: without("measure"), Annotation: func(at *Row, a *schema.Annotation) {
			if len(letters) == 0 || a.Measure == nil || *a.Measure != from.Measure || a.Value != nil || a.ValueText == nil {
				return
			}
			letter := *a.ValueText
			if told[letter] || slices.Contains(letters, letter) {
				return
			}
			told[letter] = true
			near := slices.IndexFunc(letters, func(l string) bool { return strings.EqualFold(l, strings.TrimSpace(letter)) })
			switch {
			case near >= 0 && from.Governs == nil:
				at.Report("value_text", "%s is not listed in control_from and so governs; did you mean %s?", quote(letter), quote(letters[near]))
			case near >= 0:
				at.Report("value_text", "%s is not listed in control_from and so not known; did you mean %s?", quote(letter), quote(letters[near]))
			case from.Governs != nil:
				at.Report("value_text", "%s is not listed in control_from and so not known", quote(letter))
			}
		}}
	},
}
