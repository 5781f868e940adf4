package annotate

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

var scoutScan = &Source{
	Name: "Scout scan",
	Doc: `results of a scan of Inspect Scout: Parquet with transcript_id and scanner_key

A row's value is a score by the annotator scanner:KEY, in the measure KEY, or KEY.LABEL
where it has a label; a result set is one score for each of its results, an object one for
each of its keys. Numbers are values, true and false 1 and 0, other texts value_text; a
scan that broke is missing: failed, one that the model refused missing: refused, and a
value that is null is none. The explanation is the rationale.
transcript_id is the trajectory's id, which for Inspect's logs is the sample's uuid; with
--key log,sample,epoch it is found by the log and the sample. With --turn source_id a
score is about the message that it refers to first, else about the whole. A scanner that
used a model is one. Several scores of a place are passes.`,
	is:   func(h *head) bool { return h.object && h.has("transcript_id", "scanner_key") },
	read: readScan,
}

// maxScan is how much of a result that is rejected is kept.
const maxScan = 1 << 20

// unscanned are columns that are long and not read.
var unscanned = []string{"input", "scan_events", "scan_error_traceback", "scan_metadata", "transcript_metadata", "sample_metadata", "scanner_params"}

// mostPlaces bounds the decimals of a measure that is declared by what it shows.
const mostPlaces = 6

// A scan is what is gathered of a file.
type scan struct {
	j      *join
	labels []*label
	models map[string]string // of scanners that used one
	places map[string]int    // decimals that a measure's numbers need
	passes map[string]int32
}

// readScan joins the results of a scan.
func readScan(ctx context.Context, h *head, j *join) error {
	j.report.in("results")
	s := &scan{j: j, models: map[string]string{}, places: map[string]int{}, passes: map[string]int32{}}
	row := 0
	for text, err := range dataset.ForeignRows(ctx, h.file, func(column string) bool { return slices.Contains(unscanned, column) }) {
		var bad *schema.RowError
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		row++
		j.report.Read++
		from := origin{file: h.file, row: row, raw: bytes.Clone(text[:min(len(text), maxScan)])}
		var n int
		if err == nil {
			n, err = s.row(text, from)
		}
		switch {
		case err != nil:
			why := err
			if bad != nil {
				why = bad.Err
			}
			e := dataset.Reject{RowError: schema.RowError{Place: from.place(""), Err: why}, Units: 1, Raw: from.raw}
			if err := j.report.Reject(j.o.Rejecting, e); err != nil {
				return err
			}
		case n == 0:
			j.report.Missing++
		default:
			j.report.Written++
		}
	}
	s.declare()
	for _, l := range s.labels {
		l.AnnotatorKind = "rule"
		if _, ok := s.models[l.Annotator]; ok {
			l.AnnotatorKind = "model"
		}
		if err := j.take(l); err != nil {
			return err
		}
	}
	return nil
}

// declare says what the new annotators and measures are.
func (s *scan) declare() {
	m := &s.j.d.Manifest
	m.Annotators, m.Measures = maps.Clone(m.Annotators), maps.Clone(m.Measures)
	for name, model := range s.models {
		a := m.Annotators[name]
		a.Model = cmp.Or(a.Model, model)
		if m.Annotators == nil {
			m.Annotators = map[string]schema.Annotator{}
		}
		m.Annotators[name] = a
	}
	for name, places := range s.places {
		if _, ok := m.Measures[name]; ok || places > mostPlaces {
			continue
		}
		if m.Measures == nil {
			m.Measures = map[string]schema.Measure{}
		}
		m.Measures[name] = schema.Measure{Step: math.Pow10(-places)}
	}
}

// row reads one result, and tells how many scores it gave.
func (s *scan) row(text []byte, from origin) (int, error) {
	row, err := objectOf(text)
	if err != nil {
		return 0, err
	}
	get := func(names ...string) string {
		for _, name := range names {
			if v := scanText(row[name]); v != "" {
				return v
			}
		}
		return ""
	}
	key, id := get("scanner_key", "scanner_name"), get("transcript_id")
	if key == "" || id == "" {
		return 0, errors.New("names no scanner or no transcript")
	}
	a := schema.Annotation{TrajectoryID: id, ConstraintID: schema.MainConstraint, Annotator: "scanner:" + key}
	if s.j.o.Key == BySource {
		a.TrajectoryID = strings.Join([]string{get("transcript_source_uri"), get("transcript_task_id", "id"), get("transcript_task_repeat", "epoch")}, "/")
	}
	if model := firstKey(get("scan_model_usage")); model != "" {
		s.models[a.Annotator] = model
	}
	message := ""
	if get("input_type") == "message" {
		message = get("input_id")
		_ = elements(jsontext.Value(get("input_ids")), func(v jsontext.Value) error {
			message = cmp.Or(message, scanText(v))
			return nil
		})
	}
	r := scanned{key: key, label: get("label"), why: get("explanation"), message: message}
	r.cited(jsontext.Value(get("message_references")))
	if get("scan_error") != "" {
		why := "failed"
		if get("scan_error_type") == "refusal" {
			why = "refused"
		}
		a.Missing = &why
		r.why = cmp.Or(r.why, get("scan_error"))
		s.add(a, r, from)
		return 1, nil
	}
	before := len(s.labels)
	err = s.value(a, r, row["value"], get("value_type"), from)
	return len(s.labels) - before, err
}

// A scanned is what a scanner says beside a value.
type scanned struct{ key, label, why, message string }

// cited takes the message that is referred to first.
func (r *scanned) cited(refs jsontext.Value) {
	_ = elements(refs, func(v jsontext.Value) error {
		ref, err := objectOf(v)
		if err == nil && scanText(ref["type"]) == "message" {
			r.message = cmp.Or(r.message, scanText(ref["id"]))
		}
		return nil
	})
}

// value adds the scores of a value, which may be JSON in a text.
func (s *scan) value(a schema.Annotation, r scanned, v jsontext.Value, kind string, from origin) error {
	text := scanText(v)
	switch kind {
	case "null":
		return nil
	case "boolean", "number", "object", "resultset":
		if v.Kind() == jsontext.KindString {
			v = jsontext.Value(strings.TrimSpace(text))
		}
	}
	switch kind {
	case "resultset":
		err := elements(v, func(v jsontext.Value) error {
			of, err := objectOf(v)
			if err != nil {
				return err
			}
			one := scanned{key: r.key, label: cmp.Or(scanText(of["label"]), r.label), why: cmp.Or(scanText(of["explanation"]), r.why)}
			one.cited(of["references"])
			one.message = cmp.Or(one.message, r.message)
			return s.scalar(a, one, of["value"], from)
		})
		if err != nil {
			return fmt.Errorf("value: is no list of results: %w", err)
		}
		return nil
	case "object":
		return members(v, func(key string, v jsontext.Value) error {
			one := r
			one.label = key
			return s.scalar(a, one, v, from)
		})
	}
	return s.scalar(a, r, v, from)
}

// scalar adds one score.
func (s *scan) scalar(a schema.Annotation, r scanned, v jsontext.Value, from origin) error {
	if len(v) == 0 || v.Kind() == jsontext.KindNull {
		return nil
	}
	text := scanText(v)
	switch {
	case !v.IsValid() && text != "True" && text != "False":
		return fmt.Errorf("value: %q is not what its type says", text[:min(len(text), 80)])
	case v.Kind() == jsontext.KindTrue || string(v) == "True":
		a.Value = new(1.0)
	case v.Kind() == jsontext.KindFalse || string(v) == "False":
		a.Value = new(0.0)
	case v.Kind() == jsontext.KindNumber:
		n, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			return fmt.Errorf("value: %q is not a number that can be kept", text)
		}
		a.Value = &n
	case text == "":
		return nil
	case len(text) > 4<<10:
		return fmt.Errorf("value: a text of %d bytes where a score should be", len(text))
	default:
		a.ValueText = &text
	}
	s.add(a, r, from)
	return nil
}

// add puts down a score.
func (s *scan) add(a schema.Annotation, r scanned, from origin) {
	measure := r.key
	if r.label != "" {
		measure += "." + r.label
	}
	measure = strings.Map(func(c rune) rune {
		if strings.ContainsRune("[]@,\n", c) {
			return '_'
		}
		return c
	}, measure)
	a.Measure = &measure
	if r.why != "" {
		a.Rationale = &r.why
	}
	if a.Value != nil {
		s.places[measure] = max(s.places[measure], decimals(*a.Value))
	}
	l := &label{Annotation: a, from: from}
	if s.j.o.Turn == SourceID {
		l.turn = r.message
	}
	at := strconv.Quote(a.TrajectoryID) + strconv.Quote(a.Annotator) + strconv.Quote(measure) + l.turn
	l.Pass = s.passes[at]
	s.passes[at]++
	s.labels = append(s.labels, l)
}

// decimals is how many a number has, mostPlaces+1 for more.
func decimals(v float64) int {
	for n := range mostPlaces + 1 {
		scaled := v * math.Pow10(n)
		if math.Abs(scaled-math.Round(scaled)) <= 1e-9*max(1, math.Abs(scaled)) {
			return n
		}
	}
	return mostPlaces + 1
}

// scanText is a string's text, and anything else as it is written; null is "".
func scanText(v jsontext.Value) string {
	switch {
	case len(v) == 0 || v.Kind() == jsontext.KindNull:
		return ""
	case v.Kind() != jsontext.KindString:
		return string(v)
	}
	b, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(b)
}

// firstKey is the first key of an object, "" if there is none.
func firstKey(object string) (first string) {
	_ = members(jsontext.Value(object), func(key string, _ jsontext.Value) error {
		first = cmp.Or(first, key)
		return nil
	})
	return first
}
