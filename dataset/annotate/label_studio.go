package annotate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset/recipe"
)

// TaskIDs is the word of Options.IDs.
const TaskIDs = "task"

var labelStudio = &Source{
	Name: "label-studio",
	Doc: `Label Studio's JSON export: a list of tasks, or one task, with annotations

trajectory     data.trajectory_id, else source_id, log, sample and epoch, or system, scenario
               and repeat in data, else data.id or conversation_id; else the trajectory
               whose user and assistant say just what the messages in data say; with
               --ids task also the task's number
turn           (a) a control for each turn, turn3_control: exchange 3, and msg4_control: the
               message with the index 4, unless --turn says what the number is; (b) a
               region of Paragraphs, its index, and what shares its id; (c) a message of a
               Chat, in the order of createdAt, and what shares its id; (d) data.turn,
               assistant_turn, exchange or message_id of a task; else the whole
annotator      completed_by: the e-mail address, else the number (--hash-annotators);
               ground_truth is gold, a prediction model:VERSION with its score as confidence
field, value   from_name and its choice, rating, number, text, taxonomy or labels
evidence       the text of a region; its offsets count UTF-16 units, and where they and the
               text disagree the text stands and is counted

Cancelled annotations are counted and passed over, drafts are no judgements, a question
that was not answered says nothing. Other questions than ours need a recipe beside
--from label-studio; a record is then one answer, with the columns above.`,
	is:   func(h *head) bool { return h.object && (h.has("annotations") || h.has("completions")) && h.has("data") },
	long: longLabelStudio,
}

func longLabelStudio(ctx context.Context, h *head, j *join) (*replies, error) {
	h, err := h.whole(ctx)
	if err != nil {
		return nil, err
	}
	r := newReplies(h, j)
	err = r.from(ctx, h.table, func(row *recipe.Row, cell func(string) string) error {
		return r.task(ctx, row, cell)
	})
	return r, err
}

// A labelTask is one task: where its answers belong.
type labelTask struct {
	row      *recipe.Row
	at       said
	dialogue dialogue
}

// task reads one task.
func (r *replies) task(ctx context.Context, row *recipe.Row, cell func(string) string) error {
	data, err := objectOf(jsontext.Value(cell("data")))
	if err != nil {
		return fmt.Errorf("data %w", err)
	}
	t := &labelTask{row: row, at: r.where(data), dialogue: dialogueOf(data)}
	if err := r.trajectory(ctx, t, data, cell("id")); err != nil {
		return err
	}
	given := cell("annotations")
	if given == "" {
		given = cell("completions")
	}
	if given != "" {
		if err := elements(jsontext.Value(given), func(v jsontext.Value) error { return r.annotation(t, v) }); err != nil {
			return fmt.Errorf("annotations: %w", err)
		}
	}
	if p := cell("predictions"); p != "" {
		if err := elements(jsontext.Value(p), func(v jsontext.Value) error { return r.prediction(t, v) }); err != nil {
			return fmt.Errorf("predictions: %w", err)
		}
	}
	return nil
}

// trajectory finds out whose a task is.
func (r *replies) trajectory(ctx context.Context, t *labelTask, data map[string]jsontext.Value, task string) error {
	for _, name := range ids {
		if !t.at.named() {
			if id := plainText(data[name]); id != "" {
				t.at["trajectory_id"] = id
			}
		}
	}
	if t.at.named() {
		return nil
	}
	id, err := r.j.x.find(ctx, r.j.d, t.dialogue)
	switch {
	case err != nil:
		return err
	case id != "":
		r.notes["tasks belong to the trajectory in which their messages stand"]++
		t.at["trajectory_id"] = id
		if r.j.o.Key == BySource {
			t.at["trajectory_id"] = r.j.x.sourceOf(id)
		}
	case r.j.o.IDs == TaskIDs:
		t.at["trajectory_id"] = task
	default:
		r.notes["tasks have no trajectory_id in their data, and messages of no trajectory; with --ids task their number is it"]++
		t.at["trajectory_id"] = "task " + task
	}
	return nil
}

// annotation reads what one person said of a task.
func (r *replies) annotation(t *labelTask, v jsontext.Value) error {
	o, err := objectOf(v)
	if err != nil {
		return err
	}
	if o["was_cancelled"].Kind() == jsontext.KindTrue || o["skipped"].Kind() == jsontext.KindTrue {
		r.skip(1, "annotations were cancelled")
		return nil
	}
	who := plainText(o["completed_by"])
	if by, err := objectOf(o["completed_by"]); err == nil {
		who = cmp.Or(plainText(by["email"]), plainText(by["id"]))
	}
	if o["ground_truth"].Kind() == jsontext.KindTrue {
		who = Gold
	}
	at := maps.Clone(t.at)
	at["annotator"], at["annotator_kind"], at["labelled_at"] = cmp.Or(who, r.j.o.Annotator), "human", plainText(o["created_at"])
	if at["annotator"] == "" {
		return fmt.Errorf("annotation %s has no completed_by; say with --annotator who judged", plainText(o["id"]))
	}
	return r.results(t, at, o["result"])
}

// prediction reads what a model said of a task.
func (r *replies) prediction(t *labelTask, v jsontext.Value) error {
	o, err := objectOf(v)
	if err != nil {
		return err
	}
	at := maps.Clone(t.at)
	at["annotator"], at["annotator_kind"] = "model:"+cmp.Or(plainText(o["model_version"]), "unknown"), "model"
	if score, err := strconv.ParseFloat(string(o["score"]), 64); err == nil && score >= 0 && score <= 1 {
		at["confidence"] = string(o["score"])
	}
	return r.results(t, at, o["result"])
}

// A result is one element of what somebody said.
type result struct {
	id, name, kind string
	value          map[string]jsontext.Value
}

// results reads them: first which regions and messages there are, then what is said.
func (r *replies) results(t *labelTask, at said, v jsontext.Value) error {
	var all []result
	err := elements(v, func(e jsontext.Value) error {
		o, err := objectOf(e)
		if err != nil {
			return err
		}
		x := result{id: plainText(o["id"]), name: textOf(o["from_name"]), kind: textOf(o["type"])}
		if there(o["value"]) {
			if x.value, err = objectOf(o["value"]); err != nil {
				return fmt.Errorf("the value of %s %w", excerptOf(x.name), err)
			}
		}
		all = append(all, x)
		return nil
	})
	if err != nil {
		return err
	}
	regions, from := r.regions(t, all), len(r.rows)
	for _, x := range all {
		text, ok := x.text()
		switch {
		case x.kind == "chatmessage":
			r.skip(1, "messages of a chat, which are no judgements")
			continue
		case x.kind == "relation" || x.name == "":
			r.skip(1, "relations between regions, which are no judgements")
			continue
		case !ok:
			r.skip(1, "regions of pictures and sounds, which are no judgements of a turn")
			continue
		}
		field, at := r.question(x.name, at)
		turns := regions[x.id]
		if field != x.name || turns == nil {
			turns = []said{nil}
		}
		for _, turn := range turns {
			s := maps.Clone(at)
			if turn != nil {
				delete(s, "turn")
				delete(s, "assistant_turn")
				delete(s, "exchange")
				maps.Copy(s, turn)
			}
			if x.value["start"] != nil && s["evidence"] == "" {
				s["evidence"] = textOf(x.value["text"])
			}
			r.join(from, t.row, s, field, text)
		}
	}
	return nil
}

// join adds an answer; what several regions of one turn say of a list is one list.
func (r *replies) join(from int, row *recipe.Row, s said, field, text string) {
	if c, _ := annotation(field); c.Type == "LIST STRING" {
		for i := range r.rows[from:] {
			old := r.rows[from+i].said
			if old["field"] != field || old["turn"] != s["turn"] || old["assistant_turn"] != s["assistant_turn"] || old["exchange"] != s["exchange"] {
				continue
			}
			all := strings.Split(words(old["value"]), "|")
			for _, w := range strings.Split(words(text), "|") {
				if !slices.Contains(all, w) {
					all = append(all, w)
				}
			}
			old["value"] = listed(all)
			if e := s["evidence"]; e != "" && !strings.Contains(old["evidence"], e) {
				old["evidence"] = strings.TrimPrefix(old["evidence"]+"\n"+e, "\n")
			}
			return
		}
	}
	r.add(row, s, field, text)
}

// regions are the turns of paragraphs and messages, by the id that answers share.
func (r *replies) regions(t *labelTask, all []result) map[string][]said {
	out := map[string][]said{}
	var chat []result
	for _, x := range all {
		switch {
		case x.kind == "chatmessage":
			chat = append(chat, x)
		case x.value["paragraphlabels"] != nil:
			from, err := strconv.Atoi(plainText(x.value["start"]))
			to, err2 := strconv.Atoi(plainText(x.value["end"]))
			if err != nil || err2 != nil || from < 0 || to < from || to-from > maxTurns {
				continue
			}
			for i := from; i <= to; i++ {
				s := r.message(t.dialogue, i)
				if from == to {
					s["evidence"] = r.quote(t.dialogue, i, x.value)
				}
				out[x.id] = append(out[x.id], s)
			}
		}
	}
	created := func(x result) float64 {
		m, _ := objectOf(x.value["chatmessage"])
		n, _ := strconv.ParseFloat(string(m["createdAt"]), 64)
		return n
	}
	slices.SortStableFunc(chat, func(a, b result) int { return cmp.Compare(created(a), created(b)) })
	var d dialogue
	for _, x := range chat {
		m, _ := objectOf(x.value["chatmessage"])
		d = append(d, utterance{speakers[textOf(m["role"])], textOf(m["content"])})
	}
	for i, x := range chat {
		out[x.id] = []said{r.message(d, i)}
	}
	return out
}

// message names the i-th message of a dialogue; by its index, if --turn says what numbers
// are.
func (r *replies) message(d dialogue, i int) said {
	if r.j.o.Turn != "" {
		return said{"turn": itoa(i)}
	}
	return d.at(i)
}

// quote is the text of a span of a paragraph.
func (r *replies) quote(d dialogue, i int, value map[string]jsontext.Value) string {
	given := textOf(value["text"])
	from, err := strconv.Atoi(plainText(value["startOffset"]))
	to, err2 := strconv.Atoi(plainText(value["endOffset"]))
	if err != nil || err2 != nil || i >= len(d) {
		return given
	}
	units := utf16.Encode([]rune(d[i].text))
	if from < 0 || to < from || to > len(units) {
		r.notes["regions reach beyond their text; the text that they quote stands"]++
		return given
	}
	cut := string(utf16.Decode(units[from:to]))
	if given != "" && strings.TrimSpace(given) != strings.TrimSpace(cut) {
		r.notes["regions quote another text than stands at their offsets; the quote stands"]++
		return given
	}
	return cmp.Or(given, cut)
}

// text is the value of a result as one text, or a list of JSON; ok is false for what is
// no answer.
func (x *result) text() (_ string, ok bool) {
	for _, key := range []string{"choices", "rating", "number", "paragraphlabels", "hypertextlabels", "labels", "datetime", "selected"} {
		if v := x.value[key]; v != nil {
			return plainText(v), true
		}
	}
	if v := x.value["text"]; v != nil {
		var lines []string
		if elements(v, func(e jsontext.Value) error { lines = append(lines, textOf(e)); return nil }) != nil {
			return plainText(v), true
		}
		return strings.Join(lines, "\n"), true
	}
	if v := x.value["taxonomy"]; v != nil {
		var all []string
		err := elements(v, func(path jsontext.Value) error {
			var names []string
			err := elements(path, func(e jsontext.Value) error { names = append(names, textOf(e)); return nil })
			all = append(all, strings.Join(names, "/"))
			return err
		})
		return listed(all), err == nil
	}
	return "", false
}
