package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

const (
	captionWidth = 100 // of a line of conditions
	someNames    = 6   // of annotators in one; JSON has them all
)

// Caption is the conditions of a board and its notices: nothing is scored outside
// stated ones.
func Caption(b *bench.Board) []string {
	r, record := &b.Spec.Rules, b.Record
	if record == "" {
		record = "none (nobody gave control)"
	}
	units := "k = " + fmt.Sprint(r.Durable)
	if r.Unit != "message" {
		units += " " + r.Unit + "s"
	}
	out := wrap("", ", ", b.Metrics[b.Primary()].Name, "settings "+strings.Join(b.Spec.Settings, " and "), units, "annotator of record "+record, "rules "+short(b.Digest))
	out = append(out, wrap("", "; ", append(panel(b), fmt.Sprintf("intervals and ranks %g %%", 100*r.Level),
		"clusters by "+r.Cluster, fmt.Sprintf("seed %d, %d replicates", r.Seed, r.Replicates))...)...)
	out = append(out, pressures(&b.Conditions)...)
	return append(out, b.Notices...)
}

// panel is who is heard, and what it means that they say nothing.
func panel(b *bench.Board) []string {
	p := &b.Spec.Rules.Panel
	var out []string
	if p.Rule != "" {
		who := fmt.Sprintf("of all %d who gave control", len(b.Annotators))
		if len(p.Of) > 0 {
			who = "of " + names(p.Of)
		}
		out = append(out, "panel "+p.Rule+" "+who)
	}
	if p.ExcludeSelf {
		out = append(out, "nobody judges itself (exclude_self)")
	}
	var means []string
	by := map[string][]string{}
	for _, s := range b.Conditions.Silence {
		m := s.Means
		if m == "" {
			m = "not declared"
		}
		if by[m] == nil {
			means = append(means, m)
		}
		by[m] = append(by[m], s.Annotator)
	}
	slices.Sort(means)
	for _, m := range means {
		out = append(out, fmt.Sprintf("silence %s (%s)", m, names(by[m])))
	}
	return out
}

// names lists some, and says how many more there are.
func names(list []string) string {
	if len(list) > someNames {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:someNames-1], ", "), len(list)-someNames+1)
	}
	return strings.Join(list, ", ")
}

// pressures is how much there is under each, by design.
func pressures(c *bench.Conditions) []string {
	var parts []string
	for _, p := range slices.Concat(c.Pressures, []bench.Pressure{
		{Name: "none", Scenarios: c.Calm.Scenarios, Readings: c.Calm.Readings},
		{Name: "not recorded", Scenarios: c.Unknown.Scenarios, Readings: c.Unknown.Readings},
	}) {
		parts = append(parts, fmt.Sprintf("%s %d/%d", p.Name, p.Scenarios, p.Readings))
	}
	return wrap("pressures by design (scenarios/readings): ", ", ", parts...)
}

// wrap joins parts into lines of captionWidth columns; a line that follows is set in.
func wrap(first, separator string, parts ...string) []string {
	line, empty := first, true
	var out []string
	for i, p := range parts {
		if i < len(parts)-1 {
			p += separator
		}
		if !empty && plain.Width(line)+plain.Width(strings.TrimRight(p, " ")) > captionWidth {
			out = append(out, strings.TrimRight(line, " "))
			line = "  "
		}
		line, empty = line+p, false
	}
	return append(out, line)
}

type jsonConditions struct {
	Readings  int64            `json:"readings"`
	Tested    map[string]int64 `json:"tested"`
	Pressures []jsonPressure   `json:"pressures"`          // by design; a reading counts under each
	Calm      jsonPressure     `json:"pressures_none"`     // by design none
	Unknown   jsonPressure     `json:"pressures_unknown"`  // not recorded
	Silence   []jsonSilence    `json:"annotators_control"` // of those that gave control; no silence = not declared
}

type jsonPressure struct {
	Name      string `json:"pressure,omitempty"`
	Scenarios int64  `json:"scenarios"`
	Readings  int64  `json:"readings"`
}

type jsonSilence struct {
	Annotator string `json:"annotator"`
	Means     string `json:"silence,omitempty"`
}

func jsonConditionsOf(c *bench.Conditions) jsonConditions {
	out := jsonConditions{
		Readings: c.Readings, Tested: map[string]int64{}, Pressures: []jsonPressure{},
		Calm: jsonPressure(c.Calm), Unknown: jsonPressure(c.Unknown), Silence: []jsonSilence{},
	}
	for code, n := range c.Tested {
		out.Tested[schema.Tested(code).String()] = n
	}
	for _, p := range c.Pressures {
		out.Pressures = append(out.Pressures, jsonPressure(p))
	}
	for _, s := range c.Silence {
		out.Silence = append(out.Silence, jsonSilence(s))
	}
	return out
}
