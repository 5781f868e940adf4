package publish

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/righting-bench/righting/schema/plain"
)

// citation is CITATION.cff.
func (c *content) citation() []byte {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, plain.YAML(value))
		}
	}
	line("cff-version", "1.2.0")
	line("message", "If you use this dataset, please cite it.")
	line("type", "dataset")
	line("title", c.title())
	b.WriteString("authors:\n")
	for _, a := range c.m.Authors {
		fmt.Fprintf(&b, "  - name: %s\n", plain.YAML(a))
	}
	line("version", c.m.Version)
	line("date-released", answer(c.m, "released"))
	if spdx, hub := licensed(c.m.License); hub != "other" {
		line("license", spdx)
	}
	line("doi", answer(c.m, "doi"))
	line("url", c.home())
	line("abstract", c.m.Description)
	return []byte(b.String())
}

// bibTeX is how to cite the dataset, the publisher's own words or made of what it says.
func (c *content) bibTeX() string {
	if own := answer(c.m, "citation"); own != "" {
		return own
	}
	key := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-') {
			return r
		}
		return '-'
	}, c.m.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{%s,\n", key)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s = {%s},\n", name, value)
		}
	}
	authors := make([]string, len(c.m.Authors))
	for i, a := range c.m.Authors {
		authors[i] = "{" + plain.LaTeX(a) + "}"
	}
	field("title", "{"+plain.LaTeX(c.title())+"}")
	field("author", strings.Join(authors, " and "))
	if day := answer(c.m, "released"); len(day) >= 4 {
		field("year", day[:4])
	}
	if c.m.Version != "" {
		field("version", plain.LaTeX(c.m.Version))
	}
	field("doi", answer(c.m, "doi"))
	field("url", c.home())
	b.WriteString("}\n")
	return b.String()
}
