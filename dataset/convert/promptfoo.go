package convert

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var promptfoo = &Format{
	Name: "promptfoo",
	Doc: `results of promptfoo: what a provider said to a prompt, and what assertions say of it

A file is {"evalId": …, "results": {"results": […]}}, or one result a line: {"promptIdx": 0,
"testIdx": 0, "prompt": {…}, "response": {"output": …}, "success": true, "score": 1}.

turns           the prompt from the user (redteamFinalPrompt where there is one), or the
                messages in it where it is a JSON list of those, and the output; in a red
                team of several turns redteamHistory, which is metadata or the response's;
                that of strategies whose attempts each begin anew (jailbreak, but not
                jailbreak:hydra; best-of-n) is not read
system, model   provider.label, provider.id; the system is the label, or else the id
scenario        test-TESTIDX; its description the test's, its metadata_json the vars
condition       prompt-PROMPTIDX
trajectory_id   id; else FILE/PROVIDER/PROMPTIDX/TESTIDX
pass, score     success and score by the annotator promptfoo, with the reason why; every one
                of namedScores in a measure of its name
human           what a person says (an assertion of type human), by the annotator human
error, terminal error, and then terminal is error and there are no scores, where there is no
                output
metadata_json   pluginId, strategyId, severity, sessionId

Templates may name {evalId}, {provider}, {label}, {promptIdx}, {testIdx}, {pluginId},
{strategyId}, {file} and {row}.`,
	Lost:  "attempts that came to nothing, single assertions but those of people, token usage, costs, latencies",
	Looks: `an object with "results.results", or objects with "promptIdx" and "testIdx"`,
	knows: func(g glance) bool { return g.has("promptIdx", "testIdx") || knowsPromptfoo(g) },
	value: readPromptfoo,
	holds: knowsPromptfoo,
	list:  []string{"results", "results"},
	beside: func(_ *source, rest map[string]jsontext.Value) (any, error) {
		var id word
		if v := rest["evalId"]; v != nil && inner(v, &id) != nil {
			id = ""
		}
		return string(id), nil
	},
	measures: map[string]schema.Measure{
		"pass":  {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Higher},
		"human": {Min: new(float64), Max: ptr(1.0), Step: 1, Better: schema.Higher},
	},
	annotator: "promptfoo",
}

func knowsPromptfoo(g glance) bool {
	results := g.get("results")
	return results.get("results").at(0).has("promptIdx", "testIdx") || g.has("evalId") && results.kind == jsontext.KindBeginObject
}

type promptfooResult struct {
	ID       word  `json:"id"`
	Prompt   *word `json:"promptIdx"`
	Test     *word `json:"testIdx"`
	Provider struct {
		ID    word `json:"id"`
		Label word `json:"label"`
	} `json:"provider"`
	Asked struct {
		Raw jsontext.Value `json:"raw"`
	} `json:"prompt"`
	Vars     jsontext.Value `json:"vars"`
	Response struct {
		Output   jsontext.Value    `json:"output"`
		Metadata promptfooMetadata `json:"metadata"`
	} `json:"response"`
	Success grade            `json:"success"`
	Score   grade            `json:"score"`
	Named   map[string]grade `json:"namedScores"`
	Grading struct {
		Reason     *word `json:"reason"`
		Components []struct {
			Pass      grade `json:"pass"`
			Reason    *word `json:"reason"`
			Assertion struct {
				Type word `json:"type"`
			} `json:"assertion"`
		} `json:"componentResults"`
	} `json:"gradingResult"`
	Error    jsontext.Value `json:"error"`
	TestCase struct {
		Description *word `json:"description"`
		Metadata    struct {
			Plugin   word `json:"pluginId"`
			Severity word `json:"severity"`
			Strategy word `json:"strategyId"`
		} `json:"metadata"`
	} `json:"testCase"`
	Metadata promptfooMetadata `json:"metadata"`
}

type promptfooMetadata struct {
	History []struct {
		Prompt *word          `json:"prompt"`
		Output jsontext.Value `json:"output"`
	} `json:"redteamHistory"`
	Final   *word `json:"redteamFinalPrompt"`
	Session word  `json:"sessionId"`
}

func readPromptfoo(r *record, d *draft) error {
	var row promptfooResult
	if err := r.into(&row); err != nil {
		return err
	}
	switch {
	case row.Prompt == nil:
		return &fault{"promptIdx", errMissing}
	case row.Test == nil:
		return &fault{"testIdx", errMissing}
	}
	if err := row.turns(d); err != nil {
		return err
	}
	output := len(d.turns) > 0 && d.turns[len(d.turns)-1].Role == "assistant"
	if s := d.result(row.Error); row.Error.Kind() != jsontext.KindNull && s != "" && !output {
		d.Error, d.Terminal = &s, ptr("error")
	}
	if len(d.turns) == 0 {
		return &fault{"prompt.raw", errMissing}
	}
	provider := cmp.Or(row.Provider.Label, row.Provider.ID)
	d.system, d.Model = string(provider), some(row.Provider.ID)
	d.scenario.Scenario = "test-" + string(*row.Test)
	if row.TestCase.Description != nil {
		d.scenario.Description = some(*row.TestCase.Description)
	}
	if row.Vars.Kind() == jsontext.KindBeginObject && len(row.Vars) > len("{}") {
		d.scenario.MetadataJSON = ptr(`{"vars":` + compact(row.Vars) + "}")
	}
	d.Condition = ptr("prompt-" + string(*row.Prompt))
	if d.id = string(row.ID); d.id == "" {
		d.id = r.sink.source.stem + "/" + string(provider) + "/" + string(*row.Prompt) + "/" + string(*row.Test)
	}
	id, _ := r.sink.source.beside.(string)
	test := &row.TestCase.Metadata
	for _, m := range []struct {
		name string
		word word
		keep bool
	}{
		{"evalId", word(id), false},
		{"provider", row.Provider.ID, false},
		{"label", row.Provider.Label, false},
		{"promptIdx", *row.Prompt, false},
		{"testIdx", *row.Test, false},
		{"pluginId", test.Plugin, true},
		{"strategyId", test.Strategy, true},
		{"severity", test.Severity, true},
		{"sessionId", row.Metadata.Session, true},
	} {
		d.know(m.name, some(m.word))
		if m.keep {
			d.keepText(r, m.name, string(m.word))
		}
	}
	if d.Error == nil {
		row.scores(d)
	}
	return nil
}

// turns are what was said: all of it where several turns are kept.
func (row *promptfooResult) turns(d *draft) error {
	history := row.Metadata.History
	if len(history) == 0 {
		history = row.Response.Metadata.History
	}
	if row.afresh() {
		history = nil
	}
	for _, pair := range history {
		if pair.Prompt != nil {
			d.turns = append(d.turns, schema.Turn{Role: "user", Text: string(*pair.Prompt)})
		}
		if len(pair.Output) > 0 && pair.Output.Kind() != jsontext.KindNull {
			d.turns = append(d.turns, schema.Turn{Role: "assistant", Text: d.output(pair.Output)})
		}
	}
	if len(d.turns) > 0 {
		return nil
	}
	if final := cmp.Or(row.Metadata.Final, row.Response.Metadata.Final); final != nil && *final != "" {
		d.turns = append(d.turns, schema.Turn{Role: "user", Text: string(*final)})
	} else if len(row.Asked.Raw) > 0 && row.Asked.Raw.Kind() != jsontext.KindNull {
		if err := asked(d, "prompt.raw", d.output(row.Asked.Raw)); err != nil {
			return err
		}
	}
	if v := row.Response.Output; len(v) > 0 && v.Kind() != jsontext.KindNull {
		d.turns = append(d.turns, schema.Turn{Role: "assistant", Text: d.output(v)})
	}
	return nil
}

// afresh is whether a strategy's history is of attempts that each begin anew.
func (row *promptfooResult) afresh() bool {
	strategy := string(row.TestCase.Metadata.Strategy)
	return strategy != "jailbreak:hydra" && (strategy == "jailbreak" || strings.HasPrefix(strategy, "jailbreak:")) || strategy == "best-of-n"
}

// output is a text, or any other JSON as it is written.
func (d *draft) output(v jsontext.Value) string {
	if s := scalar(v); s != nil && v.Kind() == jsontext.KindString {
		return strings.ToValidUTF8(*s, "\ufffd")
	}
	return compact(v)
}

func (row *promptfooResult) scores(d *draft) {
	d.grades("pass", row.Success)
	d.grades("score", row.Score)
	if why := row.Grading.Reason; why != nil {
		for i := range d.scores {
			d.scores[i].rationale = some(*why)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(row.Named)) {
		if name == "pass" || name == "score" || name == "human" {
			name = "named " + name
		}
		d.grades(name, row.Named[name])
	}
	people := 0
	for _, c := range row.Grading.Components {
		if c.Assertion.Type != "human" || !c.Pass.ok {
			continue
		}
		s := score{measure: "human", value: c.Pass.value, annotator: "human", kind: "human"}
		if people++; people > 1 {
			s.annotator += "-" + strconv.Itoa(people)
		}
		if c.Reason != nil {
			s.rationale = some(*c.Reason)
		}
		d.scores = append(d.scores, s)
	}
}
