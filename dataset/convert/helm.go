package convert

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var helm = &Format{
	Name: "helm",
	Doc: `runs of HELM: the requests of a scenario_state.json and the statistics beside it

A file is {"adapter_spec": {…}, "request_states": […]}; a record is one of those. The
per_instance_stats.json and the run_spec.json in its folder are read with it.

turns           request.messages, or request.prompt from the user, and the first completion
trajectory_id   RUN/instance.id, and what else tells requests apart: a perturbation's name,
                train_trial_index above 0, reference_index
model           adapter_spec.model
scenario        RUN/instance.id, with RUN the run's name without its model, or the folder's
                where there is no run_spec.json; its metadata_json the references
condition       the perturbation's name
split           instance.split
repeat          train_trial_index
scores          the mean of each statistic of the request, by the annotator helm, in a
                measure of its name (exact_match-at-5 for exact_match@5); one whose count is 0 has no value
error, terminal result.error, and then terminal is error

Templates may name {run}, {instance_id}, {split}, {perturbation}, {model}, {file} and {row}.`,
	Lost:      "tokens, log probabilities, completions after the first, spreads of statistics",
	Looks:     `an object with "request_states"`,
	knows:     knowsHELM,
	value:     readHELM,
	holds:     knowsHELM,
	list:      []string{"request_states"},
	beside:    besideHELM,
	annotator: "helm",
}

func knowsHELM(g glance) bool {
	return g.get("request_states").kind == jsontext.KindBeginArray
}

// A helmRun is what stands beside the requests.
type helmRun struct {
	name, model string
	stats       map[string][]helmStat // by helmKey
}

type helmStat struct {
	Name struct {
		Name word `json:"name"`
	} `json:"name"`
	Count grade `json:"count"`
	Mean  grade `json:"mean"`
}

type helmPerturbation struct {
	Name word `json:"name"`
}

func helmKey(instance word, trial word, p *helmPerturbation) string {
	name := ""
	if p != nil {
		name = string(p.Name)
	}
	return quoted(string(instance)) + string(trial) + quoted(name)
}

func besideHELM(s *source, rest map[string]jsontext.Value) (any, error) {
	run := &helmRun{stats: map[string][]helmStat{}}
	var spec struct {
		Model word `json:"model"`
	}
	if v := rest["adapter_spec"]; v != nil && inner(v, &spec) == nil {
		run.model = string(spec.Model)
	}
	if s.info == nil {
		run.name = s.stem
		return run, nil
	}
	absolute, err := filepath.Abs(filepath.Dir(s.name))
	if err != nil {
		return nil, err
	}
	run.name = filepath.Base(absolute)
	text, err := s.sibling("run_spec.json")
	if err != nil {
		return nil, err
	}
	var named struct {
		Name word `json:"name"`
	}
	if inner(text, &named) == nil && named.Name != "" {
		run.name = string(named.Name)
	}
	run.name = modelless(run.name)
	if text, err = s.sibling("per_instance_stats.json"); err != nil || text == nil {
		return run, err
	}
	var instances []struct {
		ID           word              `json:"instance_id"`
		Trial        word              `json:"train_trial_index"`
		Perturbation *helmPerturbation `json:"perturbation"`
		Stats        []helmStat        `json:"stats"`
	}
	text, _ = finite(text)
	if err := inner(text, &instances); err != nil {
		return nil, fmt.Errorf("per_instance_stats.json beside it: %w", err)
	}
	for _, i := range instances {
		key := helmKey(i.ID, i.Trial, i.Perturbation)
		run.stats[key] = append(run.stats[key], i.Stats...)
	}
	return run, nil
}

// modelless is a run's name without the argument that names the model, as that of
// mmlu:subject=law,model=x.
func modelless(name string) string {
	scenario, arguments, ok := strings.Cut(name, ":")
	if !ok {
		return name
	}
	kept := slices.DeleteFunc(strings.Split(arguments, ","), func(a string) bool {
		return strings.HasPrefix(a, "model=") || strings.HasPrefix(a, "model_deployment=")
	})
	return strings.TrimSuffix(scenario+":"+strings.Join(kept, ","), ":")
}

type helmState struct {
	Instance struct {
		ID           word              `json:"id"`
		Split        word              `json:"split"`
		References   jsontext.Value    `json:"references"`
		Perturbation *helmPerturbation `json:"perturbation"`
	} `json:"instance"`
	Trial     word  `json:"train_trial_index"`
	Reference *word `json:"reference_index"`
	Request   struct {
		Prompt   *word `json:"prompt"`
		Messages []struct {
			Role    word   `json:"role"`
			Content blocks `json:"content"`
		} `json:"messages"`
	} `json:"request"`
	Result struct {
		Completions []struct {
			Text *word `json:"text"`
		} `json:"completions"`
		Error *word `json:"error"`
	} `json:"result"`
}

func readHELM(r *record, d *draft) error {
	var state helmState
	if err := r.into(&state); err != nil {
		return err
	}
	run, _ := r.sink.source.beside.(*helmRun)
	if run == nil {
		run = &helmRun{name: r.sink.source.stem}
	}
	in := &state.Instance
	if in.ID == "" {
		return &fault{"instance.id", errMissing}
	}
	if state.Trial != "" {
		n, err := atoi(string(state.Trial))
		if err != nil {
			return &fault{"train_trial_index", errors.New(excerpt(string(state.Trial)) + " is not a whole number from 0 on")}
		}
		d.Repeat = n
	}
	if err := state.turns(r, d); err != nil {
		return err
	}
	d.Model, d.Split = some(run.model), some(in.Split)
	d.scenario.Scenario = run.name + "/" + string(in.ID)
	d.id = d.scenario.Scenario
	if in.Perturbation != nil {
		d.Condition = some(in.Perturbation.Name)
		d.id += "/" + string(in.Perturbation.Name)
	}
	if d.Repeat > 0 {
		d.id += "/" + itoa(d.Repeat)
	}
	if state.Reference != nil {
		d.id += "/" + string(*state.Reference)
	}
	if run.model != "" {
		d.id += "/" + run.model
	}
	about := draft{}
	about.keepShort(r, "references", in.References)
	d.scenario.MetadataJSON = about.metadata()
	d.know("run", &run.name)
	d.know("instance_id", some(in.ID))
	d.know("split", some(in.Split))
	d.know("perturbation", d.Condition)
	d.know("model", d.Model)
	values := map[string]grade{}
	for _, stat := range run.stats[helmKey(in.ID, state.Trial, in.Perturbation)] {
		if stat.Count.ok && stat.Count.value > 0 && stat.Mean.ok {
			values[string(stat.Name.Name)] = stat.Mean
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != "" {
			d.grades(name, values[name])
		}
	}
	if len(values) == 0 {
		r.sink.note(r.place.File, r.place.Row, "requests without statistics (per_instance_stats.json)")
	}
	return nil
}

func (s *helmState) turns(r *record, d *draft) error {
	for i, m := range s.Request.Messages {
		role := roles[string(m.Role)]
		if role == "" {
			return &fault{fmt.Sprintf("request.messages[%d].role", i), errors.New("unknown role " + excerpt(string(m.Role)))}
		}
		d.turns = append(d.turns, schema.Turn{Role: role, Text: d.said(m.Content)})
	}
	if len(d.turns) == 0 && s.Request.Prompt != nil {
		d.turns = append(d.turns, schema.Turn{Role: "user", Text: string(*s.Request.Prompt)})
	}
	if why := s.Result.Error; why != nil && *why != "" {
		d.Error, d.Terminal = some(*why), ptr("error")
	}
	for i, c := range s.Result.Completions {
		if i > 0 {
			r.sink.note(r.place.File, r.place.Row, "several completions, of which the first is taken")
			break
		}
		if c.Text != nil {
			d.turns = append(d.turns, schema.Turn{Role: "assistant", Text: string(*c.Text)})
		}
	}
	if len(d.turns) == 0 {
		return &fault{"request", errNoMessages}
	}
	return nil
}
