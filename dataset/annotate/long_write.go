package annotate

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// longHeader is that of the long CSV that is written. An exchange stands only where no
// turn does: the judgement is about several turns together.
var longHeader = []string{
	"trajectory", "turn", "annotator", "constraint", "field", "value", "confidence", "rationale", "created_at",
	"annotator_kind", "pass", "exchange", "context", "evidence",
}

// WriteLong writes the judgements of d as a long CSV, a record for each label and each
// measure, in the order of the files: what long-csv reads. Text that a spreadsheet could
// run has an apostrophe before it.
//
// A judgement that only says that a measure is missing has no place there; lost counts
// these. The error is that of the files, or w's.
func WriteLong(ctx context.Context, d *dataset.Dataset, w io.Writer) (lost int, err error) {
	out := csv.NewWriter(w)
	if err := out.Write(longHeader); err != nil {
		return 0, err
	}
	for a, err := range rowsOf(ctx, d.Annotations) {
		if err != nil {
			return lost, err
		}
		n := 0
		for _, said := range saidOf(&a) {
			n++
			if err := out.Write(longRecord(&a, said[0], said[1])); err != nil {
				return lost, err
			}
		}
		if n == 0 {
			lost++
		}
	}
	out.Flush()
	return lost, out.Error()
}

// saidOf lists the fields of a judgement and what they are.
func saidOf(a *schema.Annotation) (out [][2]string) {
	switch {
	case a.Measure != nil && a.Value != nil:
		return append(out, [2]string{*a.Measure, strconv.FormatFloat(*a.Value, 'g', -1, 64)})
	case a.Measure != nil && a.ValueText != nil:
		return append(out, [2]string{*a.Measure, *a.ValueText})
	case a.Measure != nil:
		return nil
	}
	row := reflect.ValueOf(a).Elem()
	for i, c := range columns {
		if !slices.Contains(labels, c.Name) && c.Name != "missing" || row.Field(i).IsNil() {
			continue
		}
		v := row.Field(i)
		text := "none"
		switch {
		case v.Kind() == reflect.Pointer:
			text = fmt.Sprint(v.Elem().Interface())
		case v.Len() > 0:
			text = strings.Join(v.Interface().([]string), "|")
		}
		out = append(out, [2]string{c.Name, text})
	}
	return out
}

func longRecord(a *schema.Annotation, field, value string) []string {
	number := func(n *int32) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(int(*n))
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	sure, at, exchange := "", "", ""
	if a.Confidence != nil {
		sure = strconv.FormatFloat(*a.Confidence, 'g', -1, 64)
	}
	if a.LabelledAt != nil {
		at = time.UnixMicro(*a.LabelledAt).UTC().Format(time.RFC3339Nano)
	}
	if a.Turn == nil {
		exchange = number(a.Exchange)
	}
	record := []string{
		a.TrajectoryID, number(a.Turn), a.Annotator, a.ConstraintID, field, value, sure, text(a.Rationale), at,
		a.AnnotatorKind, strconv.Itoa(int(a.Pass)), exchange, text(a.Context), text(a.Evidence),
	}
	for i := range record {
		if _, err := strconv.ParseFloat(record[i], 64); err != nil {
			record[i] = plain.CSV(record[i])
		}
	}
	return record
}
