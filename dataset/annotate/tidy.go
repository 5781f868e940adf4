package annotate

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// A tidying takes off the cells of a table what spreadsheets and other languages put on
// them: blanks around a value, `2.0` for a whole number, `yes` for true, a list as JSON.
// Each is counted and told. In a table that export wrote, only what it put on is taken
// off again.
type tidying struct {
	columns []string          // in our names
	names   []string          // as they stand
	field   int               // of a long table: where the column stands that says what value is; else -1
	cells   bool              // a CSV, with what programs do to its cells
	own     bool              // as export writes it
	types   map[string]string // of our columns

	blanks, wholes, words, times int
}

func (h *head) tidying() *tidying {
	y := &tidying{columns: h.columns, names: h.names, field: -1, cells: h.table.Separator != 0}
	y.own = y.cells && (slices.Equal(h.names, longHeader) || !slices.ContainsFunc(columns, func(c schema.Column) bool { return !h.has(c.Name) }))
	y.types = map[string]string{}
	for _, c := range columns {
		y.types[c.Name] = c.Type
	}
	if h.has("field", "value") {
		y.field = slices.Index(h.columns, "field")
	}
	return y
}

// tidy is the table without empty records, and its cells without what they need not
// have. What was done is in the report.
func (h *head) tidy(ctx context.Context, j *join) (*head, error) {
	t, y, empty := *h.table, h.tidying(), 0
	rows := t.Rows
	counting := true
	t.Rows = func(yield func(recipe.Row, error) bool) {
		for row, err := range rows {
			if err == nil && !slices.ContainsFunc(row.Cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
				if counting {
					empty++
				}
				continue
			}
			y.row(row.Cells)
			if !yield(row, err) {
				return
			}
		}
	}
	for row, err := range t.Rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err != nil && row.Line == 0 && !errors.As(err, new(*schema.RowError)) {
			return nil, err
		}
	}
	counting = false
	j.report.Read += empty
	j.report.Skipped += empty
	for _, n := range []struct {
		n    int
		what string
	}{
		{empty, "empty records, passed over"},
		{y.blanks, "cells with blanks around their value, which were taken off"},
		{y.wholes, "whole numbers written with a decimal point, which was taken off"},
		{y.words, "of yes and no, read as true and false"},
		{y.times, "times without a zone, which could be any and are left out"},
	} {
		if n.n > 0 {
			j.report.Notices = append(j.report.Notices, fmt.Sprintf("%s: %s %s", h.file, grouped(n.n), n.what))
		}
	}
	out := *h
	out.table = &t
	return &out, nil
}

var (
	digits   = regexp.MustCompile(`^-?\d{1,18}$`)
	pointed  = regexp.MustCompile(`^-?\d+\.0+$`)
	zoneless = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$`)
)

// row tidies one record.
func (y *tidying) row(cells []string) {
	for i := range min(len(cells), len(y.columns)) {
		name := y.columns[i]
		if y.field >= 0 && name == "value" && y.field < len(cells) {
			name = strings.TrimSpace(cells[y.field])
		}
		is, s := y.types[name], cells[i]
		if y.own {
			s = plain.FromCSV(s)
		} else if t := strings.TrimSpace(s); y.cells && t != s && name != "rationale" && name != "evidence" && name != "value_text" {
			y.blanks++
			s = t
		}
		switch {
		case is == "" || is == "STRING":
		case is == "LIST STRING":
			s = words(s)
		case is == "INT32" && pointed.MatchString(s):
			y.wholes++
			s, _, _ = strings.Cut(s, ".")
		case is == "BOOLEAN" && (strings.EqualFold(s, "yes") || strings.EqualFold(s, "y")):
			y.words++
			s = "true"
		case is == "BOOLEAN" && (strings.EqualFold(s, "no") || strings.EqualFold(s, "n")):
			y.words++
			s = "false"
		case is == "TIMESTAMP" && y.names[i] == name && digits.MatchString(s):
			if n, err := strconv.ParseInt(s, 10, 64); err == nil { // microseconds, as it stands in Parquet
				s = time.UnixMicro(n).UTC().Format(time.RFC3339Nano)
			}
		case is == "TIMESTAMP" && zoneless.MatchString(s):
			y.times++
			s = ""
		}
		cells[i] = s
	}
}

// words is a list of JSON as words with | between them, none where it is empty. What is
// no such list stays as it is.
func words(s string) string {
	if !strings.HasPrefix(s, "[") {
		return s
	}
	var all []string
	err := elements(jsontext.Value(s), func(v jsontext.Value) error {
		word := textOf(v)
		if word == "" || strings.Contains(word, "|") {
			return errShape
		}
		all = append(all, word)
		return nil
	})
	switch {
	case err != nil:
		return s
	case all == nil:
		return "none"
	}
	return strings.Join(all, "|")
}
