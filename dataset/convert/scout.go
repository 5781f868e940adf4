package convert

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var scout = &Format{
	Name: "scout",
	Doc: `transcripts databases of Inspect Scout: Parquet files, a row for each transcript

Columns are found by name. A row without messages is rejected.

trajectory_id   transcript_id
source id       FILE/ID/EPOCH as inspect has it where there is a column log, else
                transcript_id
turns           messages, JSON in a text, as inspect reads them
system, model   model; agent is agent
scenario        task_set/task_id; in older files task, task_name and id
repeat          task_repeat − 1 (epoch in older files); task_repeat itself where source_type
                is righting
terminal        error with error, limit with limit
started_at      date, where it has a zone
scores          scores, by their names as inspect reads them; without it score_NAME, as the
                scorer of that name; without these score, a measure of that name or
                score.KEY for each of several values, with score_explanation, and success
                as 1 or 0, both by the annotator scorer:score
metadata_json   agent_args, model_options, source_id, source_uri and every column that
                Scout does not know, if it is short

Results of scans are labels: righting annotate reads them.
Templates may name any column of text, numbers or booleans, {file} and {row}.`,
	Lost:         "events, timelines, counts of messages and tokens, times",
	Looks:        `Parquet with the columns "transcript_id" and "messages"`,
	knowsColumns: func(columns []string) bool { return has(columns, "transcript_id", "messages") && !isScan(columns) },
	cut:          cutParquet,
	value:        readScout,
}

func has(columns []string, names ...string) bool {
	for _, name := range names {
		if !slices.Contains(columns, name) {
			return false
		}
	}
	return true
}

// isScan is whether a table is of results of a scan.
func isScan(columns []string) bool { return has(columns, "transcript_id", "scanner_key") }

// parquetMagic begins a Parquet file.
const parquetMagic = "PAR1"

// parquetColumns lists the columns of a Parquet file.
func parquetColumns(name string) (columns []string, err error) {
	skip := func(column string) bool {
		if !strings.Contains(column, ".") {
			columns = append(columns, column)
		}
		return true
	}
	for _, err := range dataset.ForeignRows(context.Background(), name, skip) {
		var row *schema.RowError
		if err != nil && !errors.As(err, &row) {
			return nil, err
		}
		break
	}
	return columns, nil
}

// unread are columns that are long and not kept.
var unread = []string{"events", "timelines", "events_data", "message_count", "total_time", "total_tokens", "working_time"}

// cutParquet makes pieces of a Parquet file's rows, each the text of a JSON object.
func cutParquet(_ io.Reader, s *source, from position) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		if s.columns == nil {
			yield(refused(s, errors.New("is no Parquet file that can be opened by its name")), nil)
			return
		}
		s.layout = lines
		at := position{Row: from.Row}
		var rows bytes.Buffer
		flush := func() bool {
			if rows.Len() == 0 {
				return true
			}
			j := &jsonPiece{source: s, at: position{Row: at.Row - bytes.Count(rows.Bytes(), []byte("\n"))}, data: bytes.Clone(rows.Bytes())}
			size := int64(rows.Len())
			rows.Reset()
			return yield(piece{source: s, size: size, next: at, read: j.read, free: func() {}}, nil)
		}
		row := 0
		for text, err := range dataset.ForeignRows(context.Background(), s.name, func(column string) bool { return slices.Contains(unread, column) }) {
			var bad *schema.RowError
			if err != nil && !errors.As(err, &bad) {
				yield(piece{}, err)
				return
			}
			if row++; row <= from.Row {
				continue
			}
			switch {
			case bad != nil:
			case len(text) > maxRecord:
				bad = &schema.RowError{Place: schema.Place{File: s.name, Row: row}, Err: fmt.Errorf("longer than %d MiB", maxRecord>>20)}
			default:
				rows.Write(text)
				rows.WriteByte('\n')
				if at.Row++; rows.Len() >= 1<<20 && !flush() {
					return
				}
				continue
			}
			begins := bytes.Clone(text[:min(len(text), maxRaw)])
			if !flush() {
				return
			}
			at.Row++
			wrong := *bad
			if !yield(piece{source: s, size: int64(len(text)), next: at, free: func() {}, read: func(k *sink) error {
				k.result.Read++
				k.reject(wrong.Place, 0, begins, wrong.Err)
				return nil
			}}, nil) {
				return
			}
		}
		if flush() {
			yield(closing(s, at), nil)
		}
	}
}

// A scoutRow is what is gathered of one.
type scoutRow struct {
	*draft
	set, task, repeat, source, log string
	scores, named                  []inspectScore
	score                          inspectScore
	success                        *float64
}

func readScout(r *record, d *draft) error {
	s := &scoutRow{draft: d}
	err := r.object(func(key string) error { return s.column(r, key) })
	switch {
	case err != nil:
		return err
	case d.id == "":
		return &fault{"transcript_id", errMissing}
	case len(d.turns) == 0 && d.Error == nil:
		return &fault{"messages", errNoMessages}
	}
	if s.repeat != "" {
		n, err := atoi(s.repeat)
		if err != nil {
			return &fault{"task_repeat", fmt.Errorf("%s is not a whole number from 0 on", excerpt(s.repeat))}
		}
		if s.source != "righting" && n > 0 {
			n--
		}
		d.Repeat = n
	}
	if s.task != "" {
		d.scenario.Scenario = strings.TrimPrefix(s.set+"/"+s.task, "/")
	}
	if s.log != "" && s.task != "" && s.repeat != "" {
		d.native = fmt.Sprintf("%s/%s/%s", stem(s.log), s.task, s.repeat)
	}
	s.judge(r)
	return nil
}

// judge takes the scores where they say most.
func (s *scoutRow) judge(r *record) {
	all := s.scores
	if len(all) == 0 {
		all = s.named
	}
	for _, of := range all {
		s.draft.score(r, of, new(inspectLog).judge(of.name))
	}
	if len(all) > 0 {
		return
	}
	if s.score.name = "score"; s.score.value != nil {
		s.draft.score(r, s.score, schema.Annotator{Kind: "rule"})
	}
	if s.success != nil {
		s.labels = append(s.labels, schema.Annotation{Annotator: "scorer:score", AnnotatorKind: "rule", Measure: ptr("success"), Value: s.success})
	}
}

func (s *scoutRow) column(r *record, key string) error {
	switch key {
	case "messages":
		return s.messages(r)
	case "score":
		of, err := readScoutScore(r)
		s.score.value, s.score.answer, s.score.explanation = of.value, of.answer, cmp.Or(of.explanation, s.score.explanation)
		return err
	case "score_explanation":
		text, err := r.shown()
		s.score.explanation = cmp.Or(s.score.explanation, text)
		return err
	case "scores":
		return r.within(key, func(r *record) error {
			return readScores(r, func(of inspectScore) error { s.scores = append(s.scores, of); return nil })
		})
	case "success":
		c, err := r.cell()
		s.success = c.number
		return err
	}
	if name, ok := strings.CutPrefix(key, "score_"); ok && name != "" {
		of, err := readScoutScore(r)
		if of.name = name; of.value != nil {
			s.named = append(s.named, of)
		}
		return err
	}
	if k := r.kind(); k == jsontext.KindBeginArray || k == jsontext.KindBeginObject {
		return s.other(r, key)
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return err
	}
	text, raw := scalar(v), string(v)
	if text == nil || *text == "" {
		return nil
	}
	s.know(key, text)
	switch key {
	case "transcript_id":
		s.id = *text
	case "task_set", "task", "task_name":
		if s.set == "" || key == "task_set" {
			s.set = *text
		}
	case "task_id", "id":
		if s.task == "" || key == "task_id" {
			s.task = *text
		}
	case "task_repeat", "epoch":
		if s.repeat == "" || key == "task_repeat" {
			s.repeat = *text
		}
	case "source_type":
		s.source = *text
	case "log":
		s.log = *text
	case "input":
		if len(*text) <= longestKept {
			s.scenario.Description = text
		}
	case "model":
		s.Model = text
	case "agent":
		s.Agent = text
	case "date":
		s.StartedAt = instant(*text)
	case "error":
		s.Error, s.Terminal = text, ptr("error")
	case "limit":
		if s.Terminal == nil {
			s.Terminal = ptr("limit")
		}
		s.keep(key, raw)
	default:
		s.long(r, key, raw)
	}
	return nil
}

// other keeps a column of lists or structs.
func (s *scoutRow) other(r *record, key string) error {
	raw, err := r.raw()
	if err == nil {
		s.long(r, key, raw)
	}
	return err
}

func (s *scoutRow) long(r *record, key, raw string) {
	if len(raw) > longestKept {
		r.sink.note(r.place.File, r.place.Row, "a long value is not kept: "+excerpt(key))
		return
	}
	s.keep(key, raw)
}

// within reads JSON that stands in a text; null and "" are nothing.
func (r *record) within(field string, read func(*record) error) error {
	if r.kind() != jsontext.KindString {
		return read(r)
	}
	text, err := r.text()
	if err != nil || text == nil || *text == "" {
		return err
	}
	own := r.own()
	_, err = own.whole(func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(*text)), nil }, r.sink.run.ReplaceUTF8, func() error { return read(own) })
	var f *fault
	switch {
	case errors.As(err, &f):
		if f.field != "" && f.field[0] != '[' {
			field += "."
		}
		return &fault{field + f.field, f.err}
	case err != nil:
		return &fault{field, own.streamFault(err)}
	}
	return nil
}

func (s *scoutRow) messages(r *record) error {
	return r.within("messages", func(r *record) error {
		return inspectMessages(r, func(_ int, m *inspectMessage) error {
			s.turns = append(s.turns, m.turns(s.draft, func(s string) string { return s }, r.sink.run.Think)...)
			return nil
		})
	})
}

// readScoutScore reads a value, or one in JSON in a text: a scalar, several by their keys, or
// a score as Inspect has it. Null is none, and a text that is no JSON is a word.
func readScoutScore(r *record) (of inspectScore, err error) {
	switch r.kind() {
	case jsontext.KindNull:
		return of, r.skip()
	case jsontext.KindString:
	default:
		of.value, err = r.cells()
		return of, err
	}
	text, err := r.text()
	if err != nil || *text == "" {
		return of, err
	}
	loose, _ := io.ReadAll(&pythonJSON{r: strings.NewReader(*text)})
	own := r.own()
	if checkSize(loose) != nil || !jsontext.Value(loose).IsValid() {
		if len(*text) > longestName {
			return of, r.fault("is a text of %d bytes where a value should be", len(*text))
		}
		of.value = []cell{{text: *text}}
		return of, nil
	}
	own.dec.Reset(bytes.NewBuffer(loose))
	if g, _, _ := look(loose); g.has("value") {
		return readScore(own)
	}
	of.value, err = own.cells()
	return of, err
}
