package convert

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

// An inspectLog is what stands in a log beside its samples.
type inspectLog struct {
	Version     *int   `json:"version"`
	Status      string `json:"status"`
	Invalidated bool   `json:"invalidated"`
	Eval        *struct {
		ID      string             `json:"eval_id"`
		Run     string             `json:"run_id"`
		TaskID  string             `json:"task_id"`
		Created string             `json:"created"`
		Task    string             `json:"task"`
		Args    jsontext.Value     `json:"task_args"`
		Model   string             `json:"model"`
		Roles   map[string]modelIn `json:"model_roles"`
		Solver  string             `json:"solver"`
		Scorers []inspectScorer    `json:"scorers"`
	} `json:"eval"`
	Plan struct {
		Steps []struct {
			Solver string `json:"solver"`
		} `json:"steps"`
	} `json:"plan"`
	Results *struct {
		Scorer *inspectScorer  `json:"scorer"`
		Scores []inspectScorer `json:"scores"`
	} `json:"results"`

	incomplete bool // there is no header: running, or crashed
	solver     string
	args       []member // of the task
	condition  string
	model      string
}

// An inspectScorer is a scorer as the header tells of it.
type inspectScorer struct {
	Name    string                    `json:"name"`
	Scorer  string                    `json:"scorer"`
	Params  map[string]jsontext.Value `json:"params"`
	Options map[string]jsontext.Value `json:"options"`
}

// modelIn is the model that a value names: a text, an object with a model, or a list of
// these, of which the first counts.
type modelIn string

func (m *modelIn) UnmarshalJSON(b []byte) error {
	g, _, _ := look(b)
	if g.kind == jsontext.KindBeginArray {
		g = g.at(0)
	}
	*m = modelIn(cmp.Or(g.get("model").text, g.text))
	return nil
}

// What is read of Inspect's versions.
const lastInspect = 3

// readInspectLog reads a header, or a whole log without samples.
func readInspectLog(in io.Reader) (*inspectLog, error) {
	l := &inspectLog{}
	err := json.UnmarshalRead(&pythonJSON{r: io.LimitReader(in, maxRecord)}, l, jsontext.AllowInvalidUTF8(true))
	var bad *json.SemanticError
	var broken *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return nil, errors.New("the log's header does not end; the file may be cut")
	case errors.As(err, &bad):
		return nil, &fault{dotted(string(bad.JSONPointer)), errors.New("is not what a log of Inspect has there")}
	case errors.As(err, &broken): // whose text also says where, and not always the same
		return nil, fmt.Errorf("the log's header is not JSON at byte %d: %w", broken.ByteOffset+1, broken.Err)
	case err != nil:
		return nil, fmt.Errorf("the log's header cannot be read: %w", err)
	case l.Eval == nil:
		return nil, &fault{"eval", errMissing}
	case l.Version != nil && (*l.Version < 1 || *l.Version > lastInspect):
		return nil, &fault{"version", fmt.Errorf("%d is not read here, 1 to %d are", *l.Version, lastInspect)}
	}
	l.finish()
	return l, nil
}

// finish works out what is used for every sample.
func (l *inspectLog) finish() {
	e := l.Eval
	l.solver = e.Solver
	if l.solver == "" {
		var steps []string
		for _, s := range l.Plan.Steps {
			steps = append(steps, s.Solver)
		}
		l.solver = strings.Join(steps, "+")
	}
	l.model = cmp.Or(string(e.Roles["target"]), e.Model)
	if l.model == "none/none" || l.model == "none" {
		l.model = ""
	}
	dec := jsontext.NewDecoder(strings.NewReader(string(e.Args)))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != jsontext.KindBeginObject {
		return
	}
	var condition []string
	for dec.PeekKind() == jsontext.KindString {
		name, err := dec.ReadToken()
		if err != nil {
			return
		}
		key := name.String()
		v, err := dec.ReadValue()
		if err != nil {
			return
		}
		switch v.Kind() {
		case jsontext.KindBeginArray, jsontext.KindBeginObject, jsontext.KindNull:
			continue
		}
		if s := scalar(v); len(*s) <= longestArg {
			l.args = append(l.args, member{"task_args." + key, *s})
			condition = append(condition, key+"="+*s)
		}
	}
	l.condition = strings.Join(condition, ",")
}

// longestArg bounds a task's argument that is part of a condition.
const longestArg = 100

// warn is what a reader should know of the version; "" is nothing.
func (l *inspectLog) warn() string {
	if l.Version != nil && *l.Version >= lastInspect {
		return fmt.Sprintf("version %d of Inspect's logs is read as version 2", *l.Version)
	}
	return ""
}

// judge is who gives the scores of that name: a model where the header or the name says
// so, else a rule.
func (l *inspectLog) judge(name string) schema.Annotator {
	var scorers []inspectScorer
	var roles map[string]modelIn
	if l.Eval != nil {
		scorers, roles = l.Eval.Scorers, l.Eval.Roles
	}
	if l.Results != nil {
		scorers = append(scorers[:len(scorers):len(scorers)], l.Results.Scores...)
	}
	a := schema.Annotator{Kind: "rule"}
	for _, s := range scorers {
		if s.Name != name {
			continue
		}
		for _, params := range []map[string]jsontext.Value{s.Params, s.Options} {
			for _, key := range []string{"model", "grader_model", "judge_model", "grader", "judge", "model_role"} {
				v, ok := params[key]
				if !ok || v.Kind() == jsontext.KindNull {
					continue
				}
				var m modelIn
				_ = m.UnmarshalJSON(v)
				if key == "model_role" {
					m = roles[string(m)]
				}
				a.Kind, a.Model = "model", cmp.Or(a.Model, string(m))
			}
		}
	}
	base := name[strings.LastIndexByte(name, '/')+1:]
	if strings.HasPrefix(base, "model_graded") || strings.Contains(base, "judge") || strings.Contains(base, "grader") {
		a.Kind = "model"
	}
	if a.Kind == "model" {
		a.Model = cmp.Or(a.Model, string(roles["grader"]), string(roles["judge"]))
	}
	return a
}

// scorer is the name of the only scorer of the first logs.
func (l *inspectLog) scorer() string {
	switch {
	case l.Results == nil:
	case len(l.Results.Scores) > 0 && l.Results.Scores[0].Name != "":
		return l.Results.Scores[0].Name
	case l.Results.Scorer != nil && l.Results.Scorer.Name != "":
		return l.Results.Scorer.Name
	}
	return "score"
}
