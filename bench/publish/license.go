package publish

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/righting-bench/righting/schema/plain"
)

// licenses are the identifiers that Hugging Face knows, by SPDX's.
var licenses = []struct{ spdx, hub string }{
	{"CC-BY-4.0", "cc-by-4.0"},
	{"CC-BY-SA-4.0", "cc-by-sa-4.0"},
	{"CC-BY-NC-4.0", "cc-by-nc-4.0"},
	{"CC-BY-NC-SA-4.0", "cc-by-nc-sa-4.0"},
	{"CC-BY-ND-4.0", "cc-by-nd-4.0"},
	{"CC-BY-NC-ND-4.0", "cc-by-nc-nd-4.0"},
	{"CC0-1.0", "cc0-1.0"},
	{"CDLA-Permissive-2.0", "cdla-permissive-2.0"},
	{"CDLA-Permissive-1.0", "cdla-permissive-1.0"},
	{"CDLA-Sharing-1.0", "cdla-sharing-1.0"},
	{"C-UDA-1.0", "c-uda"},
	{"ODC-By-1.0", "odc-by"},
	{"ODbL-1.0", "odbl"},
	{"PDDL-1.0", "pddl"},
	{"MIT", "mit"},
	{"Apache-2.0", "apache-2.0"},
	{"BSD-2-Clause", "bsd-2-clause"},
	{"BSD-3-Clause", "bsd-3-clause"},
}

// licensed is a licence's SPDX identifier and the hub's, by either, in any case; hub is
// "other" where the hub has none.
func licensed(name string) (spdx, hub string) {
	for _, l := range licenses {
		if strings.EqualFold(name, l.spdx) || strings.EqualFold(name, l.hub) {
			return l.spdx, l.hub
		}
	}
	return name, "other"
}

var spdxName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+-]*$`)

// licenseURL is the page of a licence, "" where the name is none of SPDX's form.
func licenseURL(name string) string {
	if spdx, _ := licensed(name); spdxName.MatchString(spdx) {
		return "https://spdx.org/licenses/" + spdx + ".html"
	}
	return ""
}

// notOwn ends a LICENSE that says only which licence holds.
const notOwn = "\nThis names the licence; a LICENSE of the publisher's own beside dataset.yaml takes its place.\n"

// license says which licence holds, where the publisher gives no text of it.
func (c *content) license() []byte {
	spdx, _ := licensed(c.m.License)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nLicensed under: %s\n", plain.Terminal(c.title()), plain.Terminal(spdx))
	if len(c.m.Authors) > 0 {
		fmt.Fprintf(&b, "By: %s\n", plain.Terminal(strings.Join(c.m.Authors, "; ")))
	}
	if url := licenseURL(c.m.License); url != "" {
		fmt.Fprintf(&b, "\nSPDX-License-Identifier: %s\nThe text of the licence: %s\n", spdx, url)
	}
	b.WriteString(notOwn)
	return []byte(b.String())
}
