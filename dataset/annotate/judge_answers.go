package annotate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

var judgeJSONL = &Source{
	Name: "judge-jsonl",
	Doc: `a JSON object a line with custom_id, as the requests of Tasks have it, and the answer

The answer is the object under answer or response, or stands in a batch result of OpenAI
or Anthropic. The annotator is --annotator, else the line's annotator, else the model.
An answer that is no JSON, is cut short, or says what was not asked becomes a judgement
that is missing: failed; one that the judge refused, missing: refused; a control that is
null, missing: unclear. The same request may be answered again: the last good answer
counts.`,
	is:   func(h *head) bool { return h.object && h.has("custom_id") },
	read: readJudge,
}

// An answer is what became of one request.
type answer struct {
	labels []*label
	failed bool
}

// readJudge reads the answers and joins the last good one to each request.
func readJudge(ctx context.Context, h *head, j *join) error {
	r, err := recipe.OpenText(h.file)
	if err != nil {
		return err
	}
	defer r.Close()
	j.report.in("records")
	var order []string
	answers := map[string]answer{}
	lines := &lineReader{r: r}
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		offset := lines.offset
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLong) {
			return fmt.Errorf("read %s: %w", h.file, err)
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		j.report.Read++
		from := origin{file: h.file, row: n, offset: offset, raw: bytes.Clone(line)}
		var a answer
		var key string
		if err == nil {
			key, a, err = j.answer(line, from)
		}
		if err != nil {
			e := dataset.Reject{RowError: schema.RowError{Place: from.place(""), Err: err}, Units: 1, Offset: offset, Raw: from.raw}
			if err := j.reject(e); err != nil {
				return err
			}
			continue
		}
		j.report.Written++
		before, again := answers[key]
		if !again {
			order = append(order, key)
		}
		if !again || before.failed || !a.failed {
			answers[key] = a
		}
	}
	for _, key := range order {
		a := answers[key]
		if a.failed {
			j.report.Failed++
		}
		for _, l := range a.labels {
			if err := j.take(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// answer reads one line. The error is of a line of which it is not known what was
// judged, or by whom.
func (j *join) answer(line []byte, from origin) (key string, a answer, err error) {
	e, err := open(line)
	if err != nil {
		return "", a, err
	}
	id, err := parseCustomID(e.id)
	if err != nil {
		return "", a, err
	}
	who := j.o.Annotator
	if who == "" {
		who = e.model
	}
	if who == "" {
		return "", a, errors.New("names no model; say with --annotator who judged")
	}
	blank := schema.Annotation{TrajectoryID: id.trajectory, ConstraintID: id.constraint, Annotator: who, AnnotatorKind: j.o.Kind}
	if j.o.Kind == "" && j.d.Manifest.Annotators[who].Kind == "" {
		blank.AnnotatorKind = "model"
	}
	turns := id.turns
	if turns == nil {
		resolved := blank
		if j.x.resolve(&resolved, j.o.Key) == nil {
			for n := range j.x.turns(resolved.TrajectoryID) {
				turns = append(turns, n+1)
			}
		}
	}
	key = strconv.Quote(e.id) + strconv.Quote(who)
	missing := func(why string) (string, answer, error) {
		for _, n := range turns {
			row := blank
			row.AssistantTurn, row.Missing = new(int32(n)), &why
			a.labels = append(a.labels, &label{Annotation: row, from: from})
		}
		if turns == nil {
			row := blank
			row.Missing = &why
			a.labels = append(a.labels, &label{Annotation: row, from: from})
		}
		a.failed = true
		return key, a, nil
	}
	switch {
	case e.refused:
		return missing("refused")
	case e.failed != "":
		return missing("failed")
	}
	rows, err := j.rows(e.answer, id, turns, blank)
	if err != nil {
		return missing("failed")
	}
	for i := range rows {
		a.labels = append(a.labels, &label{Annotation: rows[i], from: from})
	}
	return key, a, nil
}

// rows are the judgements in an answer, one for each turn that was asked about.
func (j *join) rows(v jsontext.Value, id customID, turns []int, blank schema.Annotation) ([]schema.Annotation, error) {
	vocab := j.d.Vocabulary()
	judged := func(v jsontext.Value, numbered bool) (a schema.Annotation, err error) {
		a = blank
		asked, said := false, false
		err = members(v, func(key string, v jsontext.Value) error {
			if numbered && key == turnKey {
				n, err := strconv.ParseInt(string(v), 10, 32)
				if err != nil {
					return errShape
				}
				a.AssistantTurn = new(int32(n))
				return nil
			}
			asked = asked || key == "control"
			said = said || slices.Contains(labels, key)
			return take(&a, key, v, vocab)
		})
		if asked && a.Control == nil {
			a.Missing = new("unclear")
		}
		if err == nil && !said {
			err = errShape
		}
		return a, err
	}
	if id.alone {
		a, err := judged(v, false)
		a.AssistantTurn = new(int32(id.turns[0]))
		return []schema.Annotation{a}, err
	}
	all, err := objectOf(v)
	if err != nil || len(all) != 1 {
		return nil, errShape
	}
	var rows []schema.Annotation
	err = elements(all[turnsKey], func(v jsontext.Value) error {
		a, err := judged(v, true)
		if err == nil && (a.AssistantTurn == nil || slices.ContainsFunc(rows, func(b schema.Annotation) bool { return *b.AssistantTurn == *a.AssistantTurn })) {
			err = errShape
		}
		rows = append(rows, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		if turns != nil && !slices.Contains(turns, int(*a.AssistantTurn)) {
			return nil, errShape
		}
	}
	if len(rows) == 0 || turns != nil && len(rows) != len(turns) {
		return nil, errShape
	}
	return rows, nil
}

// Keys of an answer about several turns.
const (
	turnsKey = "turns"
	turnKey  = "assistant_turn"
)
