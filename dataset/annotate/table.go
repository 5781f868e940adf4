package annotate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// A table is a CSV whose header has names of ours. It is read by recipes that are made
// of the header: what a recipe can do, its errors and its counts hold here too.
//
// The recipes use columns of ours that a join fills anyway to carry what it needs: the
// number of the record under exchanges, the source's message id under model.
type table struct {
	*head
	j       *join
	id      string            // a recipe's id
	columns map[string]any    // a recipe's columns
	set     map[string]any    // and constants
	used    map[string]bool   // columns of the file that are taken, or rightly left
	blank   map[string]string // columns of ours that hold only this, for the recipe's sake
	vocab   *schema.Vocabulary
}

// nothing is a constant where a recipe needs a value and the join finds it out.
const nothing = "-"

func (h *head) named() bool {
	return h.has("trajectory_id") || h.has("source_id") || h.has("sample") || h.has("system", "scenario")
}

// newTable says where the trajectory, the turn and the annotator of each record stand.
func newTable(h *head, j *join) (*table, error) {
	t := &table{
		head: h, j: j, vocab: j.d.Vocabulary(),
		columns: map[string]any{"exchanges": "{row}"}, set: map[string]any{}, used: map[string]bool{}, blank: map[string]string{},
	}
	t.used["exchanges"], t.used["assistant_turns"] = true, true // the trajectories say so
	if err := t.key(); err != nil {
		return nil, err
	}
	t.place()
	for _, c := range []string{"condition", "repeat", "setting", "terminal", "constraint_id", "pass", "context", "labelled_at"} {
		t.take(c)
	}
	switch {
	case t.take("annotator"):
	case j.o.Annotator == "":
		return nil, fmt.Errorf("%s: has no column annotator; say with --annotator who judged", h.file)
	default:
		t.set["annotator"] = j.o.Annotator
	}
	t.ensure("annotator_kind", "human")
	return t, nil
}

// take is whether the file has a column of ours, which is then taken as it is.
func (t *table) take(column string) bool {
	if !t.has(column) {
		return false
	}
	t.columns[column] = t.theirs(column)
	t.used[column] = true
	return true
}

// ensure takes a column that a recipe cannot be without, or sets it.
func (t *table) ensure(column, to string) {
	if !t.take(column) {
		t.set[column], t.blank[column] = to, to
	}
}

// key says what names the trajectory.
func (t *table) key() error {
	var parts []string
	for _, c := range []string{"log", "sample", "epoch"} {
		if t.has(c) {
			parts = append(parts, "{"+t.theirs(c)+"}")
		}
	}
	switch key := t.j.o.Key; {
	case key == ByRun && t.has("system", "scenario"):
		t.set["trajectory_id"] = nothing
		t.used["trajectory_id"] = true
	case key == ByRun:
		return fmt.Errorf("%s: --key %s needs columns system and scenario", t.file, key)
	case key == BySource && t.has("source_id") && t.j.o.Turn != SourceID:
		t.id, t.used["source_id"] = t.theirs("source_id"), true
	case key == BySource && t.has("sample"):
		t.id = strings.Join(parts, "/")
		t.used["log"], t.used["sample"], t.used["epoch"] = true, true, true
	case t.has("trajectory_id"):
		t.id, t.used["trajectory_id"] = t.theirs("trajectory_id"), true
	case key == BySource:
		return fmt.Errorf("%s: --key %s needs a column source_id, or sample beside log and epoch", t.file, key)
	case t.has("system", "scenario"):
		return fmt.Errorf("%s: has no column trajectory_id; to join by system, scenario and repeat say --key %s", t.file, ByRun)
	default:
		return fmt.Errorf("%s: has no column trajectory_id; to join by the source's ids say --key %s", t.file, BySource)
	}
	t.ensure("system", nothing)
	t.ensure("scenario", nothing)
	return nil
}

// place says what names the turn. With a convention that was asked for, the first
// column there is has the number.
func (t *table) place() {
	columns := []string{"turn", "assistant_turn", "exchange"}
	if t.j.o.Turn != SourceID {
		t.take("model")
	}
	if t.j.o.Turn == "" {
		for _, c := range columns {
			t.take(c)
		}
		return
	}
	to := "turn"
	if t.j.o.Turn == SourceID {
		to, columns = "model", append([]string{"source_id"}, columns...)
		t.used["model"] = true
	}
	for _, c := range columns {
		if t.has(c) && t.columns[to] == nil {
			t.columns[to] = t.theirs(c)
		}
		t.used[c] = true
	}
}

// list is a column of ours that holds a list: words with | between them. An empty cell
// says nothing; `none` says that there is none.
func (t *table) list(column, from string) any {
	words := map[string]any{"": nil, "none": []string{}}
	for _, term := range t.vocab.Of(enumOf(column)).Terms {
		for _, w := range append([]string{term.Name}, term.Aliases...) {
			words[w] = term.Name
		}
	}
	return map[string]any{"from": "|{" + from + "}", "split": "|", "map": words}
}

// annotation is a column of the table of annotations, by name.
func annotation(name string) (schema.Column, bool) {
	i := slices.IndexFunc(columns, func(c schema.Column) bool { return c.Name == name })
	if i < 0 {
		return schema.Column{}, false
	}
	return columns[i], true
}

func enumOf(column string) string {
	c, _ := annotation(column)
	return c.Enum
}
