package annotate

import (
	"fmt"
	"strings"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// ParseControl reads how a measure stands in for control: the measure, a colon, and
// for each grade or bound the control it means, as in `scorer: C=governs,
// I=neutralised` or `severity: >= 3=neutralised`.
func ParseControl(s string) (*reading.ControlFrom, error) {
	bad := func(format string, args ...any) (*reading.ControlFrom, error) {
		return nil, fmt.Errorf("--control: %s; write 'scorer: C=governs,I=neutralised' or 'severity: >= 3=neutralised'", fmt.Sprintf(format, args...))
	}
	measure, list, ok := strings.Cut(s, ":")
	f := &reading.ControlFrom{Measure: strings.TrimSpace(measure)}
	if !ok || f.Measure == "" {
		return bad("%q names no measure before a colon", s)
	}
	into := map[string]**reading.Condition{
		schema.Neutralised.String(): &f.Neutralised, schema.Contested.String(): &f.Contested, schema.Governs.String(): &f.Governs,
	}
	for part := range strings.SplitSeq(list, ",") {
		at := strings.LastIndex(part, "=")
		if at < 0 {
			return bad("%q has no =", strings.TrimSpace(part))
		}
		word := strings.TrimSpace(part[at+1:])
		name, ok := schema.Controls.Canonical(word)
		if !ok {
			return nil, fmt.Errorf("--control: %w", schema.Controls.Check(word))
		}
		var c reading.Condition
		if err := c.UnmarshalText([]byte(part[:at])); err != nil {
			return bad("%v", err)
		}
		switch to := into[name]; {
		case *to == nil:
			*to = &c
		case (*to).Op == "" && c.Op == "":
			(*to).Letters = append((*to).Letters, c.Letters...)
		default:
			return bad("%s is given twice, and a bound stands alone", name)
		}
	}
	return f, nil
}
