package convert

import (
	"errors"
	"io"
	"path/filepath"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var tau2 = &Format{
	Name: "tau2",
	Doc: `results of tau2-bench: simulations of an agent, a simulated user and tools

A file is {"info": {…}, "tasks": […], "simulations": […]}, or a simulation alone, as they
lie in the folder simulations beside a results.json without any, which is read for the
rest: convert the folder that holds both.

turns          messages; a message of tool_messages is a turn for each
tool_calls_json  tool_calls, in the shape of OpenAI's; the simulated user calls tools too:
               requestor says user then
scenario       info.environment_info.domain_name/task_id; its metadata_json the task, its
               constraint main the policy in words
repeat         trial
trajectory_id  id
model, agent   agent_info.llm, agent_info.implementation; the system is the model
terminal       completed for user_stop and agent_stop; limit for max_steps, timeout and
               context_window_exceeded; else error, and then error is the reason
reward         a score of the whole by the annotator tau2, in the measure reward; none
               after an infrastructure_error
nl_assertion_1 …  1 where reward_info.nl_assertions says met, else 0, by the annotator
               tau2-nl-judge, a model, with what was asserted and why
metadata_json  termination_reason, seed, reward_info and review as they are, if they are short

Templates may name {domain}, {task_id}, {trial}, {model}, {agent}, {user_model}, {file} and
{row}. Simulations of speech (ticks without messages) are rejected.`,
	Lost:  "costs, usage, times of messages, what is in ticks, tool schemas",
	Looks: `an object with "info", "tasks" and "simulations", or objects with "task_id", "termination_reason" and "messages"`,
	knows: func(g glance) bool {
		return knowsTau2Results(g) || g.has("task_id", "termination_reason") && (g.get("messages").kind == jsontext.KindBeginArray || g.get("ticks").kind == jsontext.KindBeginArray)
	},
	value:     readTau2,
	holds:     knowsTau2Results,
	list:      []string{"simulations"},
	beside:    besideTau2,
	measures:  map[string]schema.Measure{"reward": {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Higher}},
	annotator: "tau2",
}

func knowsTau2Results(g glance) bool {
	info := g.get("info")
	return g.has("info", "tasks") && (info.has("environment_info") || info.has("agent_info")) || g.has("info", "simulations") && info.has("agent_info") ||
		g.get("simulations").at(0).has("task_id", "termination_reason")
}

// A tau2Run is what stands beside the simulations.
type tau2Run struct {
	from  string // the results.json
	info  tau2Info
	tasks map[string]jsontext.Value
}

// longestPolicy bounds what every scenario repeats.
const longestPolicy = 256 << 10

type tau2Info struct {
	Agent struct {
		Implementation word `json:"implementation"`
		LLM            word `json:"llm"`
	} `json:"agent_info"`
	User struct {
		LLM word `json:"llm"`
	} `json:"user_info"`
	Environment struct {
		Domain word  `json:"domain_name"`
		Policy *word `json:"policy"`
	} `json:"environment_info"`
}

// besideTau2 reads what stands beside the simulations, or in the results.json of the
// folder above.
func besideTau2(s *source, rest map[string]jsontext.Value) (any, error) {
	run := &tau2Run{from: s.name, tasks: map[string]jsontext.Value{}}
	if rest == nil {
		if s.info == nil {
			return run, nil
		}
		run.from = filepath.Join(filepath.Dir(filepath.Dir(s.name)), "results.json")
		if s.after != nil {
			if before, ok := s.after.beside.(*tau2Run); ok && before.from == run.from {
				return before, nil
			}
		}
		there, err := s.near(filepath.Join("..", "results.json"), func(in io.Reader) (err error) {
			_, rest, err = surroundings(in, []string{"simulations"})
			return err
		})
		if err != nil || !there {
			return run, err
		}
	}
	if info := rest["info"]; info != nil {
		if err := inner(info, &run.info); err != nil {
			return nil, &fault{"info", err}
		}
	}
	if tasks := rest["tasks"]; tasks != nil {
		var list []jsontext.Value
		if err := inner(tasks, &list); err != nil {
			return nil, &fault{"tasks", err}
		}
		for _, task := range list {
			var of struct {
				ID word `json:"id"`
			}
			if inner(task, &of) == nil && of.ID != "" {
				run.tasks[string(of.ID)] = task
			}
		}
	}
	return run, nil
}

type tau2Simulation struct {
	ID          word           `json:"id"`
	TaskID      word           `json:"task_id"`
	Trial       *word          `json:"trial"`
	Seed        jsontext.Value `json:"seed"`
	StartTime   word           `json:"start_time"`
	Termination word           `json:"termination_reason"`
	Reward      jsontext.Value `json:"reward_info"`
	Review      jsontext.Value `json:"review"`
	Policy      *word          `json:"policy"`
	Messages    []tau2Message  `json:"messages"`
	Ticks       jsontext.Value `json:"ticks"`
}

type tau2Message struct {
	Role      word          `json:"role"`
	ID        word          `json:"id"`
	Content   blocks        `json:"content"`
	Reasoning *word         `json:"reasoning_content"`
	Calls     []tau2Call    `json:"tool_calls"`
	Results   []tau2Message `json:"tool_messages"`
	TurnIndex *word         `json:"turn_idx"`
}

type tau2Call struct {
	ID        word           `json:"id"`
	Name      word           `json:"name"`
	Arguments jsontext.Value `json:"arguments"`
	Requestor word           `json:"requestor"`
}

func readTau2(r *record, d *draft) error {
	var sim tau2Simulation
	if err := r.into(&sim); err != nil {
		return err
	}
	run, _ := r.sink.source.beside.(*tau2Run)
	if run == nil {
		run = &tau2Run{}
	}
	switch {
	case sim.TaskID == "":
		return &fault{"task_id", errMissing}
	case sim.ID == "":
		return &fault{"id", errMissing}
	case len(sim.Messages) == 0 && sim.Ticks.Kind() == jsontext.KindBeginArray:
		return &fault{"messages", errors.New("no text turns: it is a simulation of speech, with ticks only")}
	}
	d.id = string(sim.ID)
	if sim.Trial != nil && *sim.Trial != "" {
		n, err := atoi(string(*sim.Trial))
		if err != nil {
			return &fault{"trial", errors.New(excerpt(string(*sim.Trial)) + " is not a whole number from 0 on")}
		}
		d.Repeat = n
		d.know("trial", some(*sim.Trial))
	}
	names := map[word]word{}
	for i := range sim.Messages {
		if err := tau2Turns(d, &sim.Messages[i], names, i); err != nil {
			return err
		}
	}
	tau2Names(r, d, &sim, run)
	tau2Ended(d, string(sim.Termination))
	if len(d.turns) == 0 && d.Error == nil {
		return &fault{"messages", errNoMessages}
	}
	d.begins(r, "start_time", string(sim.StartTime))
	d.keepText(r, "termination_reason", string(sim.Termination))
	d.keepShort(r, "seed", sim.Seed)
	d.keepShort(r, "reward_info", sim.Reward)
	d.keepShort(r, "review", sim.Review)
	return tau2Scores(r, d, &sim)
}

// tau2Turns adds the turns of a message.
func tau2Turns(d *draft, m *tau2Message, names map[word]word, i int) error {
	if len(m.Results) > 0 {
		for j := range m.Results {
			if err := tau2Turns(d, &m.Results[j], names, i); err != nil {
				return err
			}
		}
		return nil
	}
	role := roles[string(m.Role)]
	if role == "" {
		return &fault{"messages[" + strconv.Itoa(i) + "].role", errors.New("unknown role " + excerpt(string(m.Role)))}
	}
	t := schema.Turn{Role: role, Text: d.said(m.Content), SourceID: ptr(strconv.Itoa(i))}
	if m.TurnIndex != nil {
		t.SourceID = some(*m.TurnIndex)
	}
	if m.Reasoning != nil {
		t.Reasoning = some(*m.Reasoning)
	}
	if role == "tool" {
		t.ToolCallID, t.Name = some(m.ID), some(names[m.ID])
	}
	var calls callList
	for _, c := range m.Calls {
		var more []member
		if c.Requestor == "user" {
			more = []member{{"requestor", `"user"`}}
		}
		calls.add(string(c.ID), string(c.Name), c.Arguments, more...)
		names[c.ID] = c.Name
	}
	t.ToolCallsJSON = calls.json()
	d.turns = append(d.turns, t)
	return nil
}

// tau2Names says what was run on what.
func tau2Names(r *record, d *draft, sim *tau2Simulation, run *tau2Run) {
	info := &run.info
	d.Model, d.Agent = some(info.Agent.LLM), some(info.Agent.Implementation)
	d.scenario.Scenario = string(sim.TaskID)
	if info.Environment.Domain != "" {
		d.scenario.Scenario = string(info.Environment.Domain + "/" + sim.TaskID)
	} else {
		r.sink.note(r.place.File, r.place.Row, "no domain is named (info.environment_info.domain_name), so scenarios are called by their task_id alone")
	}
	d.know("domain", some(info.Environment.Domain))
	d.know("task_id", some(sim.TaskID))
	d.know("model", d.Model)
	d.know("agent", d.Agent)
	d.know("user_model", some(info.User.LLM))
	policy := info.Environment.Policy
	if sim.Policy != nil {
		policy = sim.Policy
	}
	switch {
	case policy == nil || *policy == "":
	case len(*policy) > longestPolicy:
		r.sink.note(r.place.File, r.place.Row, "a long policy is not kept")
	default:
		d.scenario.Constraints = []schema.Constraint{{ID: schema.MainConstraint, Text: some(*policy)}}
	}
	if task, ok := run.tasks[string(sim.TaskID)]; ok {
		d.scenario.MetadataJSON = ptr(compact(task))
		var of struct {
			Description struct {
				Purpose *word `json:"purpose"`
			} `json:"description"`
		}
		if inner(task, &of) == nil && of.Description.Purpose != nil {
			d.scenario.Description = some(*of.Description.Purpose)
		}
	}
}

func tau2Ended(d *draft, why string) {
	switch why {
	case "":
	case "user_stop", "agent_stop":
		d.Terminal = ptr("completed")
	case "max_steps", "timeout", "context_window_exceeded":
		d.Terminal = ptr("limit")
	default:
		d.Terminal, d.Error = ptr("error"), &why
	}
}

// tau2Scores are the reward, and what a judge says of assertions.
func tau2Scores(r *record, d *draft, sim *tau2Simulation) error {
	var reward struct {
		Reward     grade `json:"reward"`
		Assertions []struct {
			Assertion     *word `json:"nl_assertion"`
			Met           grade `json:"met"`
			Justification *word `json:"justification"`
		} `json:"nl_assertions"`
	}
	if sim.Reward.Kind() == jsontext.KindBeginObject {
		if err := inner(sim.Reward, &reward); err != nil {
			return &fault{"reward_info", errors.New("is not as tau2 writes it")}
		}
	}
	if sim.Termination == "infrastructure_error" {
		return nil
	}
	if !reward.Reward.ok {
		r.sink.note(r.place.File, r.place.Row, "simulations without a reward")
	}
	d.grades("reward", reward.Reward)
	for i, a := range reward.Assertions {
		if !a.Met.ok {
			continue
		}
		s := score{measure: "nl_assertion_" + strconv.Itoa(i+1), value: a.Met.value, annotator: "tau2-nl-judge", kind: "model"}
		if a.Assertion != nil {
			s.evidence = some(*a.Assertion)
		}
		if a.Justification != nil {
			s.rationale = some(*a.Justification)
		}
		d.scores = append(d.scores, s)
	}
	return nil
}
