package publish

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// A Version is a semantic version without what may follow a hyphen or a plus sign.
type Version struct{ Major, Minor, Patch int }

var versionText = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})([-+][0-9A-Za-z.+-]+)?$`)

func parseVersion(s string) (Version, error) {
	part := versionText.FindStringSubmatch(s)
	if part == nil {
		return Version{}, fmt.Errorf("%q is not a semantic version as 1.0.2", s)
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(part[i+1])
	}
	return Version{n[0], n[1], n[2]}, nil
}

// String is `1.0.2`.
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// sorted is a map's keys in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
