package convert

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var petri = &Format{
	Name: "petri",
	Doc: `transcripts of Petri 1 and 2: one JSON object with metadata and events

The events of the view target are replayed in file order (add, rollback, reset,
json_patch). Where the auditor takes something back, what there was is a branch; a branch
in which the target says nothing beyond what it shares with an earlier one is dropped.
Without events target_messages is the conversation.

trajectory      one for each branch, with --branches final for the last; metadata_json says branch, branch_parent,
                shared_prefix (turns) and is_final_branch
trajectory_id   transcript_id for the last branch, transcript_id/branchN for the others
turns           messages of the target's view, as inspect reads them; source_id is the
                message's id, on which the judge's citations join
prefilled       true where the auditor began the target's words: such a message and the
                one that goes on with it are one turn, never scored as the target's own
system, model   target_model
scenario        made of the seed instruction, which is its description: all branches and
                all targets of a seed are one cluster
scores          judge_output.scores, by the annotator petri-judge, about the whole of the
                last branch, in measures from 1 to 10: lower is better, but for admirable
                and scenario_realism. Where the judge's answer could not be read Petri
                writes 1: these are missing, as failed
                reviewer_scores by their reviewers, as a human's
metadata_json   auditor_model, created_at (its zone is not known), version, tags, summary,
                highlights if they are short

Petri 3, and Petri 1 and 2 inside Inspect's logs, are read by inspect: the annotator is
then the scorer, and the scenario the sample.
Templates may name {model}, {auditor_model}, {version}, {transcript_id}, {file} and {row}.`,
	Lost:  "the auditor's and the judge's views, decisions, tools, long highlights and their positions, the judge's whole response",
	Looks: `objects with "metadata.transcript_id" and "events" or "target_messages"`,
	knows: func(g glance) bool {
		return g.get("metadata").has("transcript_id") && (g.has("events") || g.has("target_messages"))
	},
	value: readPetri,
}

const petriJudge = "petri-judge"

// A petriFile is what is gathered of a transcript.
type petriFile struct {
	*draft
	events   petriEvents
	messages []*inspectMessage // target_messages
	scores   []cell
	summary  string
	why      string
	reviews  []schema.Annotation
	seed     string
	target   string
}

func readPetri(r *record, d *draft) error {
	if r.kind() != jsontext.KindBeginObject {
		if err := r.skip(); err != nil {
			return err
		}
		return r.fault("is not an object with metadata and events")
	}
	p := &petriFile{draft: d}
	err := r.object(func(key string) error {
		switch key {
		case "metadata":
			return r.object(func(key string) error { return p.member(r, key) })
		case "events":
			return r.array(func(int) error { return p.events.read(r) })
		case "target_messages":
			return inspectMessages(r, func(_ int, m *inspectMessage) error {
				p.messages = append(p.messages, m)
				return nil
			})
		}
		return r.skip()
	})
	if err != nil {
		return err
	}
	branches, err := p.events.finish(r)
	switch {
	case err != nil:
		return err
	case len(branches) == 0 && p.events.seen == 0 && len(p.messages) > 0:
		branches = [][]*inspectMessage{p.messages}
	case d.id == "":
		return &fault{"metadata.transcript_id", errMissing}
	}
	if p.target != "" {
		d.Model = &p.target
		d.know("model", &p.target)
	}
	d.native = d.id
	if p.seed != "" {
		sum := sha256.Sum256([]byte(p.seed))
		d.scenario.Scenario, d.scenario.Description = "seed-"+hex.EncodeToString(sum[:])[:16], ptr(p.seed)
	}
	p.judge(r)
	return d.branches(r, branches, func(s string) string { return s })
}

// member reads what stands in the metadata.
func (p *petriFile) member(r *record, key string) (err error) {
	var text string
	switch key {
	case "transcript_id":
		s, e := r.word()
		if err = e; s != nil {
			p.id = *s
			p.know(key, s)
		}
	case "target_model":
		p.target, err = r.shown()
	case "seed_instruction", "description":
		if text, err = r.shown(); text != "" && (p.seed == "" || key == "seed_instruction") {
			p.seed = text
		}
	case "judge_output":
		err = r.object(func(key string) error { return p.output(r, key) })
	case "reviewer_scores":
		err = p.reviewers(r)
	case "created_at":
		if text, err = r.shown(); text != "" {
			p.StartedAt = instant(text)
			b, _ := jsontext.AppendQuote(nil, text)
			p.keep(key, string(b))
		}
	case "auditor_model", "version":
		if text, err = r.shown(); text != "" {
			p.know(key, &text)
			b, _ := jsontext.AppendQuote(nil, text)
			p.keep(key, string(b))
		}
	case "tags":
		err = p.short(r, key)
	default:
		err = r.skip()
	}
	return err
}

// short keeps a value that is short.
func (p *petriFile) short(r *record, key string) error {
	text, ok, err := r.small(longestKept)
	if ok && err == nil {
		p.keep(key, text)
	}
	return err
}

// output reads what the judge made of the transcript.
func (p *petriFile) output(r *record, key string) (err error) {
	switch key {
	case "scores":
		p.scores, err = r.cells()
	case "summary":
		if p.summary, err = r.shown(); p.summary != "" && len(p.summary) <= longestKept {
			b, _ := jsontext.AppendQuote(nil, p.summary)
			p.keep(key, string(b))
		}
	case "justification":
		p.why, err = r.shown()
	case "highlights":
		err = p.short(r, key)
	case "reviewer_scores":
		err = p.reviewers(r)
	default:
		err = r.skip()
	}
	return err
}

// reviewers reads people's scores.
func (p *petriFile) reviewers(r *record) error {
	return r.array(func(i int) error {
		if i >= mostCells {
			return r.fault("has more than %d scores", mostCells)
		}
		var by, dimension, why string
		var c cell
		err := r.object(func(key string) (err error) {
			switch key {
			case "reviewerName":
				by, err = r.shown()
			case "dimension":
				dimension, err = r.shown()
			case "score":
				c, err = r.cell()
			case "note", "comment", "justification":
				why, err = r.shown()
			default:
				err = r.skip()
			}
			return err
		})
		if err == nil && (by == "" || dimension == "") {
			err = r.fault("names no reviewer or no dimension")
		}
		if err != nil {
			return err
		}
		c.key = dimension
		c.parse()
		a := schema.Annotation{Annotator: by, AnnotatorKind: "human", Measure: ptr(nameable(dimension))}
		c.into(&a, false)
		if why != "" {
			a.Rationale = &why
		}
		p.reviews = append(p.reviews, a)
		return nil
	})
}

// parse makes a number of a text that is one.
func (c *cell) parse() {
	if c.number == nil {
		if n, err := strconv.ParseFloat(c.text, 64); err == nil && n-n == 0 {
			c.number, c.text = &n, ""
		}
	}
}

// judge puts the judge's scores, and the reviewers', into the draft.
func (p *petriFile) judge(r *record) {
	why := cmp.Or(p.why, p.summary)
	for i := range p.scores {
		c := &p.scores[i]
		c.parse()
		a := schema.Annotation{Annotator: petriJudge, AnnotatorKind: "model", Measure: ptr(nameable(c.key))}
		c.into(&a, c.failed(p.summary, p.why))
		if why != "" {
			a.Rationale = &why
		}
		p.labels = append(p.labels, a)
	}
	p.labels = append(p.labels, p.reviews...)
	for i := range p.labels {
		name := *p.labels[i].Measure
		r.sink.result.judged.measure(name, measured{As: petriDimension(name)})
	}
}

// branches makes a trajectory of every branch in which the target says something new: the
// first of them is the draft itself, what is known of all stands in all, and the labels
// in the last, which is the only one if that was asked for.
func (d *draft) branches(r *record, all [][]*inspectMessage, resolve func(string) string) error {
	type kept struct {
		messages       []*inspectMessage
		parent, shared int
		final          bool
	}
	var keep []kept
	work := 0
	for i, messages := range all {
		k := kept{messages: messages, parent: -1, final: i == len(all)-1}
		for j, before := range keep {
			n := alike(before.messages, messages)
			if work += n + 1; work > mostSteps {
				return &fault{"events", errTooManySteps}
			}
			if n > 0 && n >= k.shared {
				k.parent, k.shared = j, n
			}
		}
		if slices.ContainsFunc(messages[k.shared:], func(m *inspectMessage) bool { return m.role == "assistant" && !m.prefill }) {
			keep = append(keep, k)
		}
	}
	if len(keep) == 0 {
		return &fault{"events", fmt.Errorf("%w in which the target says something: the audit is empty", errNoMessages)}
	}
	labels, id, native := d.labels, d.id, d.native
	d.labels = d.labels[:0:0]
	common := *d
	first := 0
	if r.sink.run.Branches == BranchesFinal {
		first = len(keep) - 1
	}
	for i, k := range keep {
		if i < first {
			continue
		}
		to := d
		if i > first {
			to = &draft{}
			*to = common
			to.turns, to.rest, to.known = nil, slices.Clone(common.rest), slices.Clone(common.known)
			d.more = append(d.more, to)
		}
		to.turns = petriTurns(to, to.turns[:0], k.messages, resolve, r.sink.run.Think)
		if len(all) > 1 {
			prefix := petriTurns(&draft{}, nil, k.messages[:k.shared], resolve, r.sink.run.Think)
			to.keep("branch", strconv.Itoa(i))
			if k.parent >= 0 {
				to.keep("branch_parent", strconv.Itoa(k.parent))
			}
			to.keep("shared_prefix", strconv.Itoa(len(prefix)))
			to.keep("is_final_branch", strconv.FormatBool(k.final))
		}
		if i < len(keep)-1 {
			to.id, to.native = fmt.Sprintf("%s/branch%d", id, i), fmt.Sprintf("%s/branch%d", native, i)
		} else {
			to.labels = labels
		}
	}
	return nil
}

// alike is how many messages two branches begin with alike.
func alike(a, b []*inspectMessage) int {
	n := 0
	for n < len(a) && n < len(b) && (a[n] == b[n] || a[n].same(b[n])) {
		n++
	}
	return n
}

// same is whether two messages say the same, and have the same id.
func (m *inspectMessage) same(o *inspectMessage) bool {
	return m.role == o.role && m.id == o.id && m.calls == o.calls && m.prefill == o.prefill && m.failed == o.failed && slices.Equal(m.parts, o.parts)
}

// petriTurns makes turns of messages; a prefill and what goes on with it are one.
func petriTurns(d *draft, turns []schema.Turn, messages []*inspectMessage, resolve func(string) string, thought bool) []schema.Turn {
	for i, m := range messages {
		made := m.turns(d, resolve, thought)
		if i > 0 && messages[i-1].prefill && m.role == "assistant" && len(turns) > 0 {
			before := turns[len(turns)-1]
			t := &made[0]
			if len(t.Text) < len(before.Text) || t.Text[:len(before.Text)] != before.Text {
				t.Text = before.Text + t.Text
			}
			t.Prefilled = ptr(true)
			turns = turns[:len(turns)-1]
		}
		turns = append(turns, made...)
	}
	return turns
}
