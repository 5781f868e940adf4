package annotate

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A customID is what a request is about: `trajectory#constraint`, all assistant turns;
// `trajectory#constraint#3`, the third; `trajectory#constraint#3,5`, these together. A
// # or % in the names is written %23 or %25.
type customID struct {
	trajectory, constraint string
	turns                  []int // numbers of assistant turns, from 1; nil = all
	alone                  bool  // one turn, whose labels are the whole answer
}

var escapes = strings.NewReplacer("%", "%25", "#", "%23")

func (c customID) String() string {
	s := escapes.Replace(c.trajectory) + "#" + escapes.Replace(c.constraint)
	if c.turns == nil {
		return s
	}
	numbers := make([]string, len(c.turns))
	for i, n := range c.turns {
		numbers[i] = strconv.Itoa(n)
	}
	s += "#" + strings.Join(numbers, ",")
	if len(c.turns) == 1 && !c.alone {
		s += ","
	}
	return s
}

// parseCustomID is the inverse of String.
func parseCustomID(s string) (c customID, err error) {
	bad := func(why string) (customID, error) {
		return c, fmt.Errorf("%q is not trajectory#constraint or trajectory#constraint#turn: %s", s, why)
	}
	parts := strings.Split(s, "#")
	if len(parts) < 2 || len(parts) > 3 {
		return bad(fmt.Sprintf("it has %d parts", len(parts)))
	}
	for i, to := range []*string{&c.trajectory, &c.constraint} {
		if *to, err = unescape(parts[i]); err != nil || *to == "" {
			return bad("a name is empty, or has a % that is not %25 or %23")
		}
	}
	if len(parts) == 2 {
		return c, nil
	}
	list, several := strings.CutSuffix(parts[2], ",")
	for n := range strings.SplitSeq(list, ",") {
		turn, err := strconv.ParseInt(n, 10, 32)
		if err != nil || turn < 1 || slices.Contains(c.turns, int(turn)) {
			return bad("turns are numbers from 1, each once")
		}
		c.turns = append(c.turns, int(turn))
	}
	c.alone = len(c.turns) == 1 && !several
	return c, nil
}

func unescape(s string) (string, error) {
	out := strings.NewReplacer("%25", "%", "%23", "#").Replace(s)
	if escapes.Replace(out) != s {
		return "", errors.New("escape")
	}
	return out, nil
}
