package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/metrics/stat"
)

// AuditTables is the audits for people: a table a question, a row an answer with its verdict
// and the numbers that matter most, and below it why and what would change it.
func AuditTables(a *bench.Audited) []*Table {
	var out []*Table
	for _, q := range bench.Audits {
		var answers []*bench.Answer
		for i := range a.Answers {
			if a.Answers[i].Audit == q {
				answers = append(answers, &a.Answers[i])
			}
		}
		if len(answers) == 0 {
			continue
		}
		t := question(a, q, answers)
		if len(out) == 0 {
			t.Caption = slices.Concat(conditions(a), []string{""}, t.Caption)
		}
		out = append(out, t)
	}
	return out
}

// conditions are what the audits were asked under.
func conditions(a *bench.Audited) []string {
	record := a.Record
	if record == "" {
		record = "none (nobody gave control)"
	}
	return append([]string{fmt.Sprintf("audit, settings %s, k = %d, annotator of record %s, rules %s",
		strings.Join(a.Spec.Settings, " and "), a.Spec.Rules.Durable, record, short(a.Digest))}, a.Notices...)
}

// question is one audit's table.
func question(a *bench.Audited, q *bench.Audit, answers []*bench.Answer) *Table {
	t := &Table{Name: q.Name, Caption: []string{q.Name + ": " + q.Question}}
	var margins []string
	for _, m := range a.Margins {
		if slices.ContainsFunc(q.Margins, func(of bench.Margin) bool { return of.Name == m.Name }) {
			margins = append(margins, fmt.Sprintf("%s %s (%s)", m.Name, Number(m.Value), origin(m)))
		}
	}
	t.Caption = append(t.Caption, "margins: "+strings.Join(margins, ", "))
	of := slices.ContainsFunc(answers, func(a *bench.Answer) bool { return a.Of != "" })
	on := slices.ContainsFunc(answers, func(a *bench.Answer) bool { return a.On != nil })
	if of {
		t.Columns = append(t.Columns, Column{Name: "of", Title: q.Name, Doc: "what was asked about"})
	}
	if on {
		t.Columns = append(t.Columns, Column{Name: "on", Doc: "the readings; everything, or a slice"})
	}
	t.Columns = append(t.Columns, Column{Name: "verdict", Doc: "by the rule and the margins"})
	for _, name := range q.Shown {
		t.Columns = append(t.Columns, Column{Name: name, Doc: "value and interval"})
	}
	for _, a := range answers {
		var row []any
		if of {
			row = append(row, orNone(a.Of))
		}
		if on {
			row = append(row, where(a))
		}
		row = append(row, a.Verdict)
		for _, name := range q.Shown {
			row = append(row, shown(a, name))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = grounds(answers)
	return t
}

func origin(m bench.Margin) string {
	if m.Set {
		return "set in bench.yaml"
	}
	return "default"
}

func where(a *bench.Answer) string {
	if a.On == nil {
		return "everything"
	}
	return a.On.String()
}

// shown is an answer's number of that name, about its own subject.
func shown(a *bench.Answer, name string) any {
	for i := range a.Numbers {
		if n := &a.Numbers[i]; n.Name == name && (n.About == "" || name == "log_loss") && n.Value != nil {
			return n.String()
		}
	}
	return nil
}

// grounds are, answer by answer, why, what would change it and what stands behind it;
// answers that say the same say it once.
func grounds(answers []*bench.Answer) []string {
	var out []string
	who := map[string][]string{}
	var order []string
	for _, a := range answers {
		for _, line := range said(a) {
			if who[line] == nil {
				order = append(order, line)
			}
			who[line] = append(who[line], subject(a))
		}
	}
	for _, line := range order {
		if names := who[line]; len(names) == len(answers) && len(answers) > 1 {
			out = append(out, line)
		} else {
			out = append(out, strings.TrimPrefix(strings.Join(names, ", ")+": "+line, ": "))
		}
	}
	return out
}

func subject(a *bench.Answer) string {
	if a.On == nil {
		return a.Of
	}
	return strings.TrimSpace(a.Of + " on " + a.On.String())
}

// mostItems bounds what is listed for people.
const mostItems = 3

func said(a *bench.Answer) []string {
	out := []string{a.Verdict + ", because " + a.Why + ". It would change with " + a.Change + "."}
	for _, n := range a.Numbers {
		if n.Note != "" && n.About == "" && slices.Contains(a.Audit.Shown, n.Name) {
			out = append(out, n.Name+": "+n.Note)
		}
	}
	for _, l := range a.Lists {
		if len(l.Items) == 0 {
			continue
		}
		items, more := l.Items, ""
		if len(items) > mostItems {
			items, more = items[:mostItems], fmt.Sprintf("; and %d more", len(l.Items)-mostItems)
		}
		out = append(out, strings.ReplaceAll(l.Name, "_", " ")+": "+strings.Join(items, "; ")+more)
	}
	return append(out, a.Notes...)
}

// AuditRows is every number of the audits on a row of its own, beside the verdict that it
// belongs to; an answer without numbers has one row.
func AuditRows(a *bench.Audited) *Table {
	t := &Table{Name: "audit", Caption: conditions(a), Columns: []Column{
		{Name: "audit", Doc: "the question's name"},
		{Name: "of", Doc: "what was asked about"},
		{Name: "on", Doc: "column=value; absent = everything"},
		{Name: "verdict", Doc: "by the rule and the margins"},
		{Name: "number", Doc: "its name"},
		{Name: "about", Doc: "a system, or a pair; absent = the answer's own subject"},
		{Name: "value", Kind: Float},
		{Name: "low", Kind: Float, Doc: "lower end of its interval"},
		{Name: "high", Kind: Float, Doc: "upper end of its interval"},
		{Name: "interval", Doc: "how it was made"},
		{Name: "n", Kind: Int, Doc: "what it is made of: readings, units, systems"},
		{Name: "undefined", Doc: "why there is no value"},
		{Name: "note", Doc: "what a reader must know beside it"},
		{Name: "why", Doc: "the verdict's reason", Wide: true},
		{Name: "change", Doc: "what would change the verdict", Wide: true},
	}}
	for i := range a.Answers {
		q := &a.Answers[i]
		head := []any{q.Audit.Name, orNone(q.Of), orNone(q.On.String()), q.Verdict}
		tail := []any{q.Why, q.Change}
		if len(q.Numbers) == 0 {
			t.Rows = append(t.Rows, slices.Concat(head, make([]any, 9), tail))
		}
		for _, n := range q.Numbers {
			var of any
			if n.N != nil {
				of = *n.N
			}
			t.Rows = append(t.Rows, slices.Concat(head, []any{
				n.Name, orNone(n.About), number(n.Value), number(n.Low), number(n.High), orNone(string(n.Interval)), of, orNone(n.Undefined), orNone(n.Note),
			}, tail))
		}
	}
	return t
}

type jsonAudited struct {
	Righting int          `json:"righting"`
	Name     string       `json:"name,omitempty"`
	Settings []string     `json:"settings"`
	Rules    jsonRules    `json:"rules"`
	Margins  []jsonMargin `json:"margins"`
	Notices  []string     `json:"notices"`
	Answers  []jsonAnswer `json:"answers"`
}

type jsonMargin struct {
	Name  string  `json:"name"`
	Value number6 `json:"value"`
	Set   bool    `json:"set"` // in bench.yaml; else the default
	Doc   string  `json:"doc"`
}

type jsonAnswer struct {
	Audit    string              `json:"audit"`
	Question string              `json:"question"`
	Of       string              `json:"of,omitempty"`
	Slice    map[string]*string  `json:"slice"`
	Verdict  string              `json:"verdict"`
	Why      string              `json:"why"`
	Change   string              `json:"change"`
	Numbers  []jsonNumber        `json:"numbers"`
	Lists    map[string][]string `json:"lists,omitempty"`
	Notes    []string            `json:"notes,omitempty"`
}

type jsonNumber struct {
	Number    string      `json:"number"`
	About     string      `json:"about,omitempty"`
	Value     *number6    `json:"value,omitempty"`
	Undefined string      `json:"undefined,omitempty"`
	Low       *number6    `json:"low,omitempty"`
	High      *number6    `json:"high,omitempty"`
	Interval  stat.Method `json:"interval,omitempty"`
	N         *int64      `json:"n,omitempty"`
	Scenarios *int64      `json:"scenarios,omitempty"`
	Note      string      `json:"note,omitempty"`
}

// AuditJSON writes the audits as one JSON document:
//
//	{"righting": 1, "settings": […], "rules": {"digest": …}, "notices": […],
//	 "margins": [{"name": "proxy_tau", "value": 0.8, "set": false, "doc": …}],
//	 "answers": [{"audit": "proxy", "question": …, "of": "refused_once", "slice": {},
//	   "verdict": "inadequate", "why": …, "change": …,
//	   "numbers": [{"number": "youden", "value": -0.2, "low": -0.4, "high": 0.1,
//	     "interval": "bca", "n": 80, "scenarios": 40}],
//	   "lists": {"discordant_pairs": […]}, "notes": […]}]}
//
// `set` is true where bench.yaml sets the margin. A number that does not exist is absent,
// and `undefined` says why; `about` is a system or a pair, absent where a number is about
// the answer's own subject.
func AuditJSON(w io.Writer, a *bench.Audited) error {
	doc := jsonAudited{
		Righting: 1, Name: a.Spec.Name, Settings: a.Spec.Settings,
		Rules:   jsonRules{Digest: a.Digest, Rules: a.Spec.Rules, Record: a.Record},
		Notices: append([]string{}, a.Notices...), Margins: []jsonMargin{}, Answers: []jsonAnswer{},
	}
	for _, m := range a.Margins {
		doc.Margins = append(doc.Margins, jsonMargin{m.Name, number6(m.Value), m.Set, m.Doc})
	}
	for i := range a.Answers {
		doc.Answers = append(doc.Answers, jsonAnswerOf(&a.Answers[i]))
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, visible(string(text))+"\n")
	return err
}

func jsonAnswerOf(a *bench.Answer) jsonAnswer {
	out := jsonAnswer{
		Audit: a.Audit.Name, Question: a.Audit.Question, Of: a.Of, Slice: map[string]*string{},
		Verdict: a.Verdict, Why: a.Why, Change: a.Change, Numbers: []jsonNumber{}, Notes: a.Notes,
	}
	for _, p := range a.On {
		out.Slice[p.Column] = p.Value
	}
	for _, n := range a.Numbers {
		out.Numbers = append(out.Numbers, jsonNumber{
			Number: n.Name, About: n.About, Value: number6Of(n.Value), Undefined: n.Undefined, Low: number6Of(n.Low), High: number6Of(n.High),
			Interval: n.Interval, N: n.N, Scenarios: n.Scenarios, Note: n.Note,
		})
	}
	for _, l := range a.Lists {
		if out.Lists == nil {
			out.Lists = map[string][]string{}
		}
		out.Lists[l.Name] = append([]string{}, l.Items...)
	}
	return out
}
