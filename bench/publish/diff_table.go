package publish

import (
	"fmt"
	"io"

	"github.com/righting-bench/righting/bench/report"
)

// changesShown and movesShown are how many people see.
const (
	changesShown = 40
	movesShown   = 30
)

// Report is a diff for people or programs: what happened to rows and labels, each change,
// each score that moved. People see the first of many; programs see all that are listed.
func (d *Diff) Report(people bool) []*report.Table {
	counts := &report.Table{Name: "counts", Caption: d.summary(), Columns: []report.Column{
		{Name: "of", Doc: "a table, or a label of annotations"},
		{Name: "name", Doc: "which"},
		{Name: "added", Kind: report.Int, Doc: "rows or labels that are new"},
		{Name: "removed", Kind: report.Int, Doc: "that are gone"},
		{Name: "changed", Kind: report.Int, Doc: "that are other than they were"},
		{Name: "moved", Kind: report.Int, Doc: "that are in another split"},
	}}
	for _, list := range []struct {
		of      string
		tallies []Tally
	}{{"table", d.Tables}, {"label", d.Labels}} {
		for _, t := range list.tallies {
			if t.some() || !people {
				counts.Rows = append(counts.Rows, []any{list.of, t.Name, t.Added, t.Removed, t.Changed, t.Moved})
			}
		}
	}
	changes := &report.Table{Name: "changes", Columns: []report.Column{
		{Name: "table", Doc: "where: a table, dataset.yaml or schema"},
		{Name: "key", Doc: "which row", Uncut: true},
		{Name: "change", Doc: "added, removed, changed or moved"},
		{Name: "column", Doc: "of a changed row"},
		{Name: "old", Doc: "what it was"},
		{Name: "new", Doc: "what it is"},
	}}
	for i, c := range d.Changes {
		if people && i == changesShown {
			changes.Notes = append(changes.Notes, fmt.Sprintf("%d more changes (--format json names them)", int64(len(d.Changes)-i)+d.Left))
			break
		}
		if len(c.Columns) == 0 {
			changes.Rows = append(changes.Rows, []any{c.Table, c.Key, string(c.Kind), nil, nil, nil})
		}
		for _, k := range c.Columns {
			changes.Rows = append(changes.Rows, []any{c.Table, c.Key, string(c.Kind), present(k.Column), k.Old, k.New})
		}
	}
	if !people && d.Left > 0 {
		changes.Notes = append(changes.Notes, fmt.Sprintf("%d more changes are counted and not listed", d.Left))
	}
	moves := &report.Table{Name: "scores", Columns: []report.Column{
		{Name: "system", Doc: "whose score"},
		{Name: "slice", Doc: "of which part; empty = the whole"},
		{Name: "metric", Doc: "which score", Uncut: true},
		{Name: "old", Kind: report.Float, Doc: "what it was"},
		{Name: "new", Kind: report.Float, Doc: "what it is"},
		{Name: "change", Kind: report.Float, Doc: "new − old"},
		{Name: "old_rank", Title: "rank was", Doc: "ranks that the data allowed"},
		{Name: "new_rank", Title: "rank is", Doc: "ranks that they allow"},
	}}
	for i, m := range d.Moves {
		if people && i == movesShown {
			moves.Notes = append(moves.Notes, fmt.Sprintf("%d more scores moved (--format json names them)", len(d.Moves)-i))
			break
		}
		moves.Rows = append(moves.Rows, []any{m.System, m.Slice, m.Metric, float(m.Old), float(m.New), float(m.Change), present(m.OldRank), present(m.NewRank)})
	}
	if d.NoScores != "" {
		counts.Caption = append(counts.Caption, "scores are not compared: "+d.NoScores)
	} else if len(d.Moves) == 0 {
		counts.Caption = append(counts.Caption, "no score moved")
	}
	var out []*report.Table
	for _, t := range []*report.Table{counts, changes, moves} {
		if len(t.Rows) > 0 || t == counts {
			out = append(out, t)
		}
	}
	return out
}

// summary is the step, and what it asks of the version.
func (d *Diff) summary() []string {
	out := []string{fmt.Sprintf("step: %s (%s)", d.Step, d.Why)}
	switch {
	case d.OldVersion == "" || d.Needs == "":
		out = append(out, "no version is declared by "+d.Old+", so none is asked for")
	case d.NewVersion == "":
		out = append(out, fmt.Sprintf("version: %s needs %s, and none is declared", d.OldVersion, d.Needs))
	case !d.Fits:
		out = append(out, fmt.Sprintf("version: %s after %s is too small a step; it needs %s", d.NewVersion, d.OldVersion, d.Needs))
	default:
		out = append(out, fmt.Sprintf("version: %s after %s fits", d.NewVersion, d.OldVersion))
	}
	return out
}

func present(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func float(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// JSON writes all of a diff as one JSON document:
//
//	{"righting": 1, "step": "major", "why", "old_version", "new_version", "needs", "fits": false,
//	 "tables": [{"name", "added", "removed", "changed", "moved"}], "labels": as tables,
//	 "changes": [{"table", "key", "change", "columns": [{"column", "old", "new"}]}], "not_listed": 0,
//	 "scores": [{"system", "slice", "metric", "old", "new", "change", "old_rank", "new_rank"}], "no_scores"}
//
// A number that does not exist is absent.
func (d *Diff) JSON(w io.Writer) error {
	tallies := func(list []Tally) []object {
		out := []object{}
		for _, t := range list {
			out = append(out, object{"name": t.Name, "added": t.Added, "removed": t.Removed, "changed": t.Changed, "moved": t.Moved})
		}
		return out
	}
	doc := object{
		"righting": 1, "step": d.Step, "why": d.Why, "fits": d.Fits, "tables": tallies(d.Tables), "labels": tallies(d.Labels), "not_listed": d.Left,
	}
	put := func(o object, key string, value any) {
		if value != nil {
			o[key] = value
		}
	}
	put(doc, "old_version", present(d.OldVersion))
	put(doc, "new_version", present(d.NewVersion))
	put(doc, "needs", present(d.Needs))
	put(doc, "no_scores", present(d.NoScores))
	changes := []object{}
	for _, c := range d.Changes {
		columns := []object{}
		for _, k := range c.Columns {
			columns = append(columns, object{"column": k.Column, "old": k.Old, "new": k.New})
		}
		changes = append(changes, object{"table": c.Table, "key": c.Key, "change": c.Kind, "columns": columns})
	}
	doc["changes"] = changes
	scores := []object{}
	for _, m := range d.Moves {
		o := object{"system": m.System, "slice": m.Slice, "metric": m.Metric}
		for key, v := range map[string]*float64{"old": m.Old, "new": m.New, "change": m.Change} {
			if v != nil {
				o[key] = digits(*v)
			}
		}
		put(o, "old_rank", present(m.OldRank))
		put(o, "new_rank", present(m.NewRank))
		scores = append(scores, o)
	}
	doc["scores"] = scores
	data, err := report.Document(doc)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// digits is a float with six significant digits.
type digits float64

// MarshalJSON is report.Number.
func (d digits) MarshalJSON() ([]byte, error) { return []byte(report.Number(float64(d))), nil }
