package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// Select is the rules that some pattern of sel matches, all if there is none, without
// those that a pattern of ignore matches. A pattern is a code, the first characters of
// one (T, T00), or a name, in upper or lower case. The order is that of rules.
//
// It is an error if a pattern matches no rule, and if no rule is left.
func Select(rules []*Rule, sel, ignore []string) ([]*Rule, error) {
	var errs []error
	for _, pattern := range slices.Concat(sel, ignore) {
		if !slices.ContainsFunc(rules, func(r *Rule) bool { return r.matches(pattern) }) {
			errs = append(errs, unknownRule(rules, pattern))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	some := func(patterns []string, r *Rule) bool { return slices.ContainsFunc(patterns, r.matches) }
	var out []*Rule
	for _, r := range rules {
		if (len(sel) == 0 || some(sel, r)) && !some(ignore, r) {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no rule is left: all that are selected are ignored")
	}
	return out, nil
}

func (r *Rule) matches(pattern string) bool {
	return pattern != "" && strings.HasPrefix(r.Code, strings.ToUpper(pattern)) || strings.EqualFold(pattern, r.Name)
}

// unknownRule names the rule that is nearest to what was asked for.
func unknownRule(rules []*Rule, s string) error {
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	hint := ""
	if near := schema.Nearest(strings.ToLower(short(s)), names); near != "" {
		hint = " did you mean " + near + "?"
	}
	return fmt.Errorf("unknown rule %s;%s (righting explain rules)", quote(s), hint)
}
