package annotate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/schema"
)

// KeepLast is the word of Options.Keep: of several labels by one annotator at one place,
// the last one counts.
const KeepLast = "last"

// A remark is what records of one place say beside their labels.
type remark struct {
	rationale, evidence texts // of the fields
	confidence          string
	differ              bool // their confidences
	at                  string
}

// Texts are what was said of one field each.
type texts struct{ fields, of []string }

// distinct makes each field of a place stand in one record, and all of them say the same
// beside it; it lists the fields. Labels of one annotator at one place that differ are an
// ErrConflict, unless the last is to be kept.
func (t *table) distinct(ctx context.Context) ([]string, error) {
	h := t.head
	position := func(column string) int { return slices.Index(h.columns, column) }
	field, value := position("field"), position("value")
	rationale, evidence, confidence, at := position("rationale"), position("evidence"), position("confidence"), position("labelled_at")
	var by []int
	for _, name := range t.by() {
		by = append(by, slices.Index(h.names, name))
	}
	cell := func(row *recipe.Row, i int) string {
		if i < 0 || i >= len(row.Cells) {
			return ""
		}
		return row.Cells[i]
	}
	// place is the key of what row is about; a measure is a row of its own.
	place := func(row *recipe.Row) string {
		var b strings.Builder
		for _, i := range by {
			b.WriteString(strconv.Quote(cell(row, i)))
		}
		if f := cell(row, field); t.j.measured(f) && !slices.Contains(labels, f) {
			b.WriteString("#" + f)
		}
		return b.String()
	}
	type seen struct {
		n, line int
		value   string
	}
	var (
		n                 int
		fields, told      []string
		bad, twice, again int
		labelled          = map[string]seen{}
		drop              = map[int]bool{}
		remarked          = map[string]*remark{}
	)
	rows := h.table.Rows
	for row, err := range rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err != nil && !errors.As(err, new(*schema.RowError)) {
			return nil, err
		}
		n++
		f := cell(&row, field)
		if err != nil || f == "" {
			continue
		}
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
		key := place(&row)
		now := seen{n, row.Line, cell(&row, value)}
		before, met := labelled[key+"\x00"+f]
		switch {
		case !met:
		case before.value == now.value:
			twice++
			drop[n] = true
			continue
		case t.j.o.Keep == KeepLast:
			again++
			drop[before.n] = true
		default:
			if bad++; len(told) < maxTold {
				told = append(told, fmt.Sprintf("%s and %s: %s: %s, then %s",
					schema.Place{File: h.file, Row: before.line}, schema.Place{File: h.file, Row: now.line}, f, excerptOf(before.value), excerptOf(now.value)))
			}
		}
		labelled[key+"\x00"+f] = now
		m := remarked[key]
		if m == nil {
			m = new(remark)
			remarked[key] = m
		}
		m.add(f, cell(&row, rationale), cell(&row, evidence), cell(&row, confidence), cell(&row, at))
	}
	if bad > 0 {
		more := ""
		if bad > len(told) {
			more = fmt.Sprintf("\n… and %s more", grouped(bad-len(told)))
		}
		return nil, fmt.Errorf("%w:\n%s%s", ErrConflict, strings.Join(told, "\n"), more)
	}
	differ := 0
	for _, m := range remarked {
		if m.differ {
			differ++
		}
	}
	t.j.report.Read += twice + again
	t.j.report.Skipped += twice + again
	for _, note := range []struct {
		n    int
		what string
	}{
		{twice, "labels given twice, alike"},
		{again, "labels given again, of which the last counts (--keep last)"},
		{differ, "places whose labels have different confidences, which a row cannot hold; they are left out"},
	} {
		if note.n > 0 {
			t.j.report.Notices = append(t.j.report.Notices, fmt.Sprintf("%s: %s %s", h.file, grouped(note.n), note.what))
		}
	}
	slices.Sort(fields)
	out := *h.table
	out.Rows = func(yield func(recipe.Row, error) bool) {
		n := 0
		for row, err := range rows {
			if n++; drop[n] {
				continue
			}
			if m := remarked[place(&row)]; err == nil && m != nil {
				for i, s := range map[int]string{rationale: m.rationale.text(), evidence: m.evidence.text(), confidence: m.sure(), at: m.at} {
					if i >= 0 && i < len(row.Cells) {
						row.Cells[i] = s
					}
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
	with := *h
	with.table = &out
	t.head = &with
	return fields, nil
}

func (m *remark) add(field, rationale, evidence, confidence, at string) {
	m.rationale.add(field, rationale)
	m.evidence.add(field, evidence)
	m.differ = m.differ || confidence != "" && m.confidence != "" && confidence != m.confidence
	if confidence != "" {
		m.confidence = confidence
	}
	m.at = max(m.at, at)
}

func (t *texts) add(field, text string) {
	if i := slices.Index(t.fields, field); i >= 0 {
		t.fields, t.of = slices.Delete(t.fields, i, i+1), slices.Delete(t.of, i, i+1)
	}
	if text != "" {
		t.fields, t.of = append(t.fields, field), append(t.of, text)
	}
}

// text is what was said of all, or else of each field on a line of its own.
func (t *texts) text() string {
	if same := slices.Compact(slices.Clone(t.of)); len(same) <= 1 {
		return strings.Join(same, "")
	}
	var out []string
	for i, s := range t.of {
		out = append(out, t.fields[i]+": "+s)
	}
	return strings.Join(out, "\n")
}

func (m *remark) sure() string {
	if m.differ {
		return ""
	}
	return m.confidence
}

// excerptOf is a value for a message.
func excerptOf(s string) string {
	if r := []rune(s); len(r) > 80 {
		return strconv.Quote(string(r[:80])) + "…"
	}
	return strconv.Quote(s)
}
