package recipe

import (
	"context"
	"fmt"
	"io"
	"reflect"

	"github.com/righting-bench/righting/schema"
)

// planScenarios makes a plan of a section of scenarios.
func planScenarios(s *section, at []string, v *schema.Vocabulary, out *problems) *plan {
	p := newPlan[schema.Scenario](schema.Scenarios, s, at, v, out)
	p.defaults = []string{"constraints", "objectives"}
	switch {
	case s.From == "":
	case s.From != schema.Trajectories:
		out.add(under(at, "from"), "%s is not trajectories, which alone can be named here; files name others", excerpt(s.From))
	case len(s.Files) > 0 || s.Path != "" || s.Pivot != nil || s.Unpivot != nil:
		out.add(under(at, "from"), "scenarios come from trajectories or from files; make scenarios a list of two sections, one for each")
	default:
		s.Columns = withOwn(s)
	}
	p.compile()
	if s.From == schema.Trajectories {
		for _, name := range names(p.sources) {
			if name != "scenario" && name != "condition" {
				out.add(p.sources[name], "%s is not known here: trajectories lend scenario and condition, for a scenario is one row for all of them; take the rest from files%s",
					excerpt(name), meant(name, []string{"scenario", "condition"}))
			}
		}
	}
	return p
}

// withOwn is the columns, with scenario and condition taken as they are where nothing
// else is said.
func withOwn(s *section) map[string]column {
	out := map[string]column{}
	for _, name := range []string{"scenario", "condition"} {
		if _, set := s.Set[name]; !set {
			out[name] = column{From: sources{one: name}}
		}
	}
	for name, c := range s.Columns {
		out[name] = c
	}
	return out
}

// Scenarios reads scenarios, as Annotations reads judgements, or makes them of the
// trajectories in the options' Index, in the order in which these came. One row is
// passed on for each scenario and condition: the same again is skipped, another one
// rejected.
func (r *Recipe) Scenarios(ctx context.Context, inputs []string, o Options, emit func(schema.Scenario) error) (Report, error) {
	report, files, err := r.begin(schema.Scenarios, r.scenarios, inputs)
	if err != nil {
		return report, err
	}
	seen := map[string]*known{}
	for i, p := range r.scenarios {
		x := run[schema.Scenario]{
			plan: p, options: o, report: &report, emit: emit,
			judge: func(s *schema.Scenario, at schema.Place) (ending, string, error) { return news(seen, s, at) },
		}
		if p.section.From == "" {
			if err := x.ready().files(ctx, files[i]); err != nil {
				return report, err
			}
			continue
		}
		if o.Index == nil || o.Index.Len() == 0 {
			report.Notices = append(report.Notices, dotted(p.at)+": there are no trajectories to make them from; left out")
			continue
		}
		y := x.ready()
		if err := y.source(ctx, schema.Trajectories, newMetSource(o.Index.Scenarios()), nil); err != nil {
			return report, err
		}
		if err := y.end(); err != nil {
			return report, err
		}
	}
	report.ended()
	return report, nil
}

// known is a scenario that was passed on.
type known struct {
	row schema.Scenario
	at  schema.Place
}

// news tells whether nobody has said this of the scenario.
func news(seen map[string]*known, s *schema.Scenario, at schema.Place) (ending, string, error) {
	key, which := s.Scenario, excerpt(s.Scenario)
	if s.Condition != nil {
		key += "\x00" + *s.Condition
		which += ", condition " + excerpt(*s.Condition)
	}
	old := seen[key]
	switch {
	case old == nil:
		seen[key] = &known{*s, at}
		return written, "", nil
	case reflect.DeepEqual(old.row, *s):
		return repeated, "", nil
	}
	return rejected, "scenario", fmt.Errorf("%s is said otherwise at %s; leave out what differs, or give it a condition of its own", which, old.at)
}

// A metSource yields scenarios and conditions as records.
type metSource struct {
	rows []schema.Scenario
	head *header
	n    int
}

func newMetSource(rows []schema.Scenario) *metSource {
	m := &metSource{rows: rows, head: newHeader()}
	m.head.add("scenario")
	m.head.add("condition")
	return m
}

func (m *metSource) header() (*header, bool) { return m.head, true }
func (m *metSource) notices() []string       { return nil }

func (m *metSource) next(rec *record) error {
	if m.n == len(m.rows) {
		return io.EOF
	}
	s := m.rows[m.n]
	m.n++
	rec.origin, rec.row = origin{line: m.n, raw: []byte(s.Scenario)}, m.n
	rec.cells = append(rec.cells[:0], cell{kind: text, text: s.Scenario}, cell{kind: null})
	if s.Condition != nil {
		rec.cells[1] = cell{kind: text, text: *s.Condition}
	}
	return nil
}
