package annotate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// TaskOptions say what judges are asked. The zero value asks about all assistant turns
// of a trajectory together, with the whole conversation in sight.
type TaskOptions struct {
	Codebook    string         // what the labels mean: the first part of the system prompt
	Model       string         // of the body; "" = none, for the sender to fill in
	URL         string         // "" = /v1/chat/completions
	Context     string         // prefix or full; "" = prefix for single turns, else full
	Turns       bool           // a request for each turn, not for each trajectory
	Fields      []string       // columns asked for; nil = Fields
	Constraints []string       // nil = all that are declared
	Deciding    bool           // only the units on which credit turns now, see Deciding
	Rules       *reading.Rules // of Deciding; nil = the dataset's
}

// A TaskReport is what was asked.
type TaskReport struct {
	Trajectories int
	Tasks        int // requests
	Units        int // assistant turns, for each constraint
	Asked        int // of them are in a request: all, or the deciding ones
}

// Share is the share of units that are asked about; 0 of none.
func (r *TaskReport) Share() float64 {
	if r.Units == 0 {
		return 0
	}
	return float64(r.Asked) / float64(r.Units)
}

// Tasks gives emit one line of JSON, without its end, for each request to a model judge:
// {custom_id, method, url, body}, as batch APIs take them. The body has the codebook and
// the constraint as system prompt, the conversation as JSON, and a strict schema for the
// answer (AnswerSchema). Texts are the transcript's own, unchanged; in JSON a transcript
// cannot pretend to be another turn. Reasoning is left out: what is delivered is judged.
//
// Trajectories come in file order, constraints as they are declared. A line is emit's
// until it returns. The error is of options, files, Deciding, or emit's own.
func Tasks(ctx context.Context, d *dataset.Dataset, o TaskOptions, emit func(line []byte) error) (TaskReport, error) {
	return tasks(ctx, d, o, emit, (*asker).ask)
}

// An asking makes what is emitted about turns, each a number among own.
type asking func(a *asker, id customID, c *schema.Constraint, t *schema.Trajectory, own, turns []int) error

func tasks(ctx context.Context, d *dataset.Dataset, o TaskOptions, emit func([]byte) error, ask asking) (TaskReport, error) {
	var report TaskReport
	if err := o.check(); err != nil {
		return report, err
	}
	a := asker{o: &o, d: d, vocab: d.Vocabulary(), report: &report, emit: emit, asking: ask}
	var err error
	if a.schema, err = AnswerSchema(o.Fields, a.vocab, !o.Turns); err != nil {
		return report, err
	}
	if o.Deciding {
		rules := d.Manifest.Rules
		if o.Rules != nil {
			rules = *o.Rules
		}
		rules.Panel.Annotators, rules.Panel.Measures = d.Manifest.Annotators, d.Manifest.Measures
		rules.Panel.Names = rules.Needs()
		a.rules = &rules
		if a.gaps, err = deciding(ctx, d, &rules); err != nil {
			return report, err
		}
	}
	for _, file := range d.Trajectories {
		for t, err := range dataset.Rows[schema.Trajectory](ctx, file) {
			if err != nil {
				return report, err
			}
			if err := a.trajectory(&t); err != nil {
				return report, err
			}
		}
	}
	return report, nil
}

func (o *TaskOptions) check() error {
	if o.URL == "" {
		o.URL = "/v1/chat/completions"
	}
	if o.Fields == nil {
		o.Fields = Fields
	}
	if o.Context == "" {
		o.Context = "full"
		if o.Turns {
			o.Context = "prefix"
		}
	}
	if err := schema.Contexts.Check(o.Context); err != nil {
		return err
	}
	if o.Context == "prefix" && !o.Turns {
		return errors.New("a judge that sees only what came before must be asked about each turn by itself; ask turn by turn")
	}
	if !slices.ContainsFunc(o.Fields, func(f string) bool { return slices.Contains(labels, f) }) {
		return errors.New("no label is asked for; control is the one that decides")
	}
	return nil
}

// An asker makes requests.
type asker struct {
	o      *TaskOptions
	d      *dataset.Dataset
	vocab  *schema.Vocabulary
	schema json.RawMessage
	rules  *reading.Rules
	gaps   map[caseID][]int
	report *TaskReport
	emit   func([]byte) error
	asking asking
}

func (a *asker) trajectory(t *schema.Trajectory) error {
	a.report.Trajectories++
	var own []int // the assistant's turns
	for i := range t.Turns {
		if u := &t.Turns[i]; u.Role == "assistant" && (u.Prefilled == nil || !*u.Prefilled) {
			own = append(own, i)
		}
	}
	for _, c := range a.constraints(t) {
		if a.o.Constraints != nil && !slices.Contains(a.o.Constraints, c.ID) {
			continue
		}
		a.report.Units += len(own)
		turns, err := a.turns(t, &c, len(own))
		if err != nil {
			return err
		}
		a.report.Asked += len(turns)
		id := customID{trajectory: t.TrajectoryID, constraint: c.ID}
		switch {
		case len(turns) == 0:
		case !a.o.Turns:
			if id.turns = turns; len(turns) == len(own) {
				id.turns = nil
			}
			if err := a.asking(a, id, &c, t, own, turns); err != nil {
				return err
			}
		default:
			for _, n := range turns {
				id.turns, id.alone = []int{n}, true
				if err := a.asking(a, id, &c, t, own, id.turns); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// turns lists the assistant turns to ask about, from 1.
func (a *asker) turns(t *schema.Trajectory, c *schema.Constraint, n int) (out []int, err error) {
	if !a.o.Deciding {
		for i := range n {
			out = append(out, i+1)
		}
		return out, nil
	}
	units, judged := a.gaps[caseID{t.TrajectoryID, c.ID}]
	if !judged { // nobody said anything: all is open
		units, err = Deciding(&reading.Case{
			Key:    reading.Key{TrajectoryID: t.TrajectoryID, System: t.System, Scenario: t.Scenario, Setting: t.Setting, Constraint: c.ID},
			T:      n,
			Design: reading.Design{Irreversible: c.Irreversible != nil && *c.Irreversible},
		}, a.rules)
	}
	for _, u := range units {
		out = append(out, u+1)
	}
	return out, err
}

// constraints are those of the trajectory's scenario, then those of dataset.yaml that
// it does not say otherwise; `main` where there is none.
func (a *asker) constraints(t *schema.Trajectory) []schema.Constraint {
	var out []schema.Constraint
	if i := a.scenario(t); i >= 0 {
		out = append(out, a.d.Scenarios[i].Constraints...)
	}
	for _, c := range a.d.Manifest.Constraints {
		if !slices.ContainsFunc(out, func(o schema.Constraint) bool { return o.ID == c.ID }) {
			out = append(out, c)
		}
	}
	if out == nil {
		out = []schema.Constraint{{ID: schema.MainConstraint}}
	}
	return out
}

// scenario is the row of the trajectory's scenario and condition, else the one without
// a condition; −1 if there is none.
func (a *asker) scenario(t *schema.Trajectory) int {
	found := -1
	for i := range a.d.Scenarios {
		s := &a.d.Scenarios[i]
		switch {
		case s.Scenario != t.Scenario:
		case s.Condition == nil && found < 0, s.Condition != nil && t.Condition != nil && *s.Condition == *t.Condition:
			found = i
		}
	}
	return found
}

// ask makes one request about turns, each a number among own.
func (a *asker) ask(id customID, c *schema.Constraint, t *schema.Trajectory, own, turns []int) error {
	messages, err := a.messages(c, t, own, turns)
	if err != nil {
		return err
	}
	body := ordered{}
	if a.o.Model != "" {
		body = append(body, member{"model", a.o.Model})
	}
	body = append(body, member{"messages", messages}, member{"response_format", ordered{
		{"type", "json_schema"},
		{"json_schema", ordered{{"name", "judgement"}, {"strict", true}, {"schema", a.schema}}},
	}})
	line, err := ordered{{"custom_id", id.String()}, {"method", "POST"}, {"url", a.o.URL}, {"body", body}}.MarshalJSON()
	if err != nil {
		return fmt.Errorf("trajectory %q: %w", t.TrajectoryID, err)
	}
	a.report.Tasks++
	return a.emit(bytes.TrimSpace(line))
}
