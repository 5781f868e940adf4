package convert

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var tauBench = &Format{
	Name: "tau-bench",
	Doc: `results of tau-bench: a list of runs with messages and reward

A record is {"task_id": 0, "trial": 0, "reward": 1.0, "info": {…}, "traj": [messages]},
in one list, one a line, or alone.

turns          traj, as openai-chat reads messages
scenario       task_id; its description is the task's instruction, its metadata_json the
               task
repeat         trial
trajectory_id  FILE/task_id/trial
system         the file's name, as tau-bench does not write the model: name it by --system
reward         a score of the whole by the annotator tau-bench, in the measure reward
error          info.error, and then terminal is error
metadata_json  the rest of info

Files of several domains use the same task ids: convert them with, for example,
--scenario 'airline/{task_id}'. Templates may name {task_id}, {trial}, {file} and {row}.`,
	Lost:      "nothing else",
	Looks:     `objects with "traj" and "reward"`,
	knows:     func(g glance) bool { return g.has("traj", "reward") && g.get("traj").kind == jsontext.KindBeginArray },
	value:     readTau,
	measures:  map[string]schema.Measure{"reward": {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Higher}},
	annotator: "tau-bench",
}

func ptr[T any](v T) *T { return &v }

func readTau(r *record, d *draft) error {
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return err
		}
		return r.fault("is not an object with traj and reward")
	}
	var task, trial *string
	var reward *float64
	seen := false
	err := r.object(func(key string) (err error) {
		switch key {
		case "task_id":
			task, err = r.word()
			d.know(key, task)
		case "trial":
			if trial, err = r.word(); err == nil && trial != nil {
				if d.Repeat, err = atoi(*trial); err != nil {
					return r.fault("%s is not a whole number from 0 on", excerpt(*trial))
				}
				d.know(key, trial)
			}
		case "reward":
			reward, err = r.number()
		case "traj":
			seen = true
			err = messages(r, d)
		case "info":
			err = r.object(func(key string) error { return tauInfo(r, d, key) })
		default:
			var s string
			s, err = r.raw()
			d.keep(key, s)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case task == nil || *task == "":
		return &fault{"task_id", errMissing}
	case !seen:
		return &fault{"traj", errMissing}
	case len(d.turns) == 0 && d.Error == nil:
		return &fault{"traj", errNoMessages}
	}
	d.scenario.Scenario = *task
	d.id = r.sink.source.stem + "/" + *task + "/" + itoa(d.Repeat)
	if reward == nil {
		r.sink.note(r.place.File, r.place.Row, "runs without a reward")
		return nil
	}
	d.scores = append(d.scores, score{measure: "reward", value: *reward})
	return nil
}

// tauInfo reads what stands beside a run.
func tauInfo(r *record, d *draft, key string) error {
	switch key {
	case "error":
		s, err := r.word()
		if s != nil {
			d.Error, d.Terminal = s, ptr("error")
		}
		return err
	case "task":
		s, err := r.raw()
		if err != nil {
			return err
		}
		d.scenario.MetadataJSON = &s
		g, _, _ := look([]byte(s))
		if text := g.get("instruction").text; text != "" {
			d.scenario.Description = &text
		}
		return nil
	}
	s, err := r.raw()
	d.keep(key, s)
	return err
}
