package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// An Initialised says what Init did.
type Initialised struct {
	Path    string
	Created bool     // there was none before
	Added   []string // keys that were not there
	Empty   []string // what is to be answered (Unanswered)
}

// manifestFile is the name of what a dataset says of itself.
const manifestFile = "dataset.yaml"

// Init puts every question that dataset.yaml can answer into it, each with a comment and an
// empty answer, and leaves what is there as it is, byte for byte. What the labels name and
// nothing declares stands beside it as a comment.
//
// dir is made if it is not there. The errors are those of dataset.Open, or that what is
// there is laid out so that nothing can be put into it; then nothing is written.
func Init(ctx context.Context, dir string) (*Initialised, error) {
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	out := &Initialised{Path: filepath.Join(dir, manifestFile)}
	text, err := os.ReadFile(out.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		out.Created = true
	case err != nil:
		return nil, err
	}
	before := dataset.NewManifest()
	if err := dataset.DecodeYAML(out.Path, text, &before); err != nil {
		return nil, err
	}
	seen, err := namesIn(ctx, dir)
	if err != nil {
		return nil, err
	}
	added := additions(string(text), &before, seen, out)
	after := dataset.NewManifest()
	if err := dataset.DecodeYAML(out.Path, []byte(added), &after); err != nil {
		return nil, fmt.Errorf("%s: the questions could not be put into it as it is laid out, so it is left as it was: %w", out.Path, err)
	}
	out.Empty = Unanswered(&after)
	for _, q := range Questions {
		if after.Card[q.Key] == "" && before.Card[q.Key] == "" {
			delete(after.Card, q.Key)
			delete(before.Card, q.Key)
		}
	}
	if !after.Same(before) {
		return nil, fmt.Errorf("%s: the questions could not be put into it without changing what it says; put its card on lines of its own and try again", out.Path)
	}
	if added == string(text) {
		return out, nil
	}
	return out, dataset.WriteFile(out.Path, func(w io.Writer) error {
		_, err := io.WriteString(w, added)
		return err
	})
}

// topKey is a line that begins a key of the document's.
var topKey = regexp.MustCompile(`^["']?([A-Za-z_]+)["']?[ \t]*:(.*)$`)

// section is a key of dataset.yaml with what Init says of it.
type section struct {
	key, doc, empty string
	more            []string // lines of comment below
}

func sections(m *dataset.Manifest, seen *names) []section {
	return []section{
		{"righting", "schema version", fmt.Sprint(" ", schema.Version), nil},
		{"name", "short name: of files and citations", ` ""`, nil},
		{"version", "semantic version: MAJOR = existing data changed, MINOR = added to, PATCH = the same data in other bytes (righting diff)", ` ""`, nil},
		{"license", "SPDX identifier, such as CC-BY-4.0; a file LICENSE beside this one is taken along", ` ""`, nil},
		{"authors", "who made it", " []", nil},
		{"description", "what it is, in a sentence or two", ` ""`, nil},
		{"constraints", "what should govern, shared by all scenarios: id, text, protects, authority, rank, irreversible", " []", proposals(seen.constraints, "- id: %s", func(name string) bool {
			for _, c := range m.Constraints {
				if c.ID == name {
					return true
				}
			}
			return false
		})},
		{"vocabulary", "targets and pressures of its own, name: meaning", "", []string{"  # targets: {}", "  # pressures: {}"}},
		{"measures", "named scores: {min, max, step, better}", " {}", proposals(seen.measures, "%s: {min: , max: , step: , better: }", func(name string) bool {
			_, ok := m.Measures[name]
			return ok
		})},
		{"annotators", "who judged: {kind, model, silence}; silence is unknown, unchanged, skip or stopped", " {}", proposals(seen.annotators, "%s", func(name string) bool { return seen.declared(name, m) })},
		{"rules", "how judgements become outcomes (the defaults hold for what is not here)", "", []string{
			"  # unit: message        # or exchange", "  # durable: 2           # challenged governed units that make control durable",
			"  # panel: {rule: median}  # where several annotators give control",
		}},
	}
}

// proposals are lines of comment for names that the data have and nothing declares.
func proposals(seen []string, format string, declared func(string) bool) (lines []string) {
	for _, name := range seen {
		if !declared(name) {
			lines = append(lines, "  # in the data, not declared: "+fmt.Sprintf(format, name))
		}
	}
	return lines
}

// additions is the text with what is missing.
func additions(text string, m *dataset.Manifest, seen *names, out *Initialised) string {
	there := map[string]bool{}
	for line := range strings.Lines(text) {
		if k := topKey.FindStringSubmatch(strings.TrimRight(line, "\r\n")); k != nil {
			there[k[1]] = true
		}
	}
	if there["card"] {
		text = fillCard(text, m, out)
	}
	var b strings.Builder
	b.WriteString(text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
	gap := func() {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
	}
	for _, s := range sections(m, seen) {
		if there[s.key] {
			continue
		}
		out.Added = append(out.Added, s.key)
		gap()
		fmt.Fprintf(&b, "# %s\n%s:%s\n", s.doc, s.key, s.empty)
		for _, line := range s.more {
			b.WriteString(line + "\n")
		}
	}
	if !there["card"] {
		gap()
		b.WriteString("# answers for the dataset card; what is empty stays empty there and is listed by pack\ncard:\n")
		for _, q := range Questions {
			out.Added = append(out.Added, "card."+q.Key)
			b.WriteString(q.lines("  "))
		}
	}
	return b.String()
}

// lines are an empty answer below its question.
func (q *Question) lines(indent string) string {
	mark := ""
	if q.Minimal {
		mark = " (" + q.Property + ", required by --profile neurips)"
	}
	return fmt.Sprintf("%s# %s%s\n%s%s: \"\"\n", indent, q.Doc, mark, indent, q.Key)
}

// fillCard puts missing questions at the end of a card that is there.
func fillCard(text string, m *dataset.Manifest, out *Initialised) string {
	var missing []*Question
	for i := range Questions {
		if _, there := m.Card[Questions[i].Key]; !there {
			missing = append(missing, &Questions[i])
		}
	}
	if len(missing) == 0 {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	at, end, indent := -1, 0, ""
	for i, line := range lines {
		k := topKey.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		switch {
		case at < 0 && k != nil && k[1] == "card":
			at, end = i, i+1
			if rest, _, _ := strings.Cut(k[2], " #"); strings.TrimSpace(rest) == "{}" {
				lines[i] = "card:\n"
			}
		case at >= 0 && strings.TrimSpace(line) != "":
			if line[0] != ' ' {
				if line[0] == '#' {
					continue
				}
				i = len(lines)
			} else {
				if end = i + 1; indent == "" && !strings.HasPrefix(strings.TrimSpace(line), "#") {
					indent = line[:len(line)-len(strings.TrimLeft(line, " "))]
				}
				continue
			}
		}
		if i == len(lines) {
			break
		}
	}
	if indent == "" {
		indent = "  "
	}
	var b strings.Builder
	b.WriteString(strings.Join(lines[:end], ""))
	if !strings.HasSuffix(b.String(), "\n") {
		b.WriteByte('\n')
	}
	for _, q := range missing {
		out.Added = append(out.Added, "card."+q.Key)
		b.WriteString(q.lines(indent))
	}
	b.WriteString(strings.Join(lines[end:], ""))
	return b.String()
}

// names are what the labels of a dataset name, as YAML, in the order in which they are met.
type names struct {
	constraints, measures, annotators []string
	kinds                             map[string]string // by what stands in annotators
}

func (n *names) declared(line string, m *dataset.Manifest) bool {
	_, ok := m.Annotators[n.kinds[line]]
	return ok
}

func namesIn(ctx context.Context, dir string) (*names, error) {
	n := &names{kinds: map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, schema.Annotations, "*.parquet"))
	if err != nil {
		return nil, err
	}
	met := map[string]bool{}
	add := func(list *[]string, kind, name, text string) {
		if !met[kind+name] {
			met[kind+name] = true
			*list = append(*list, text)
		}
	}
	for _, file := range files {
		for row, err := range dataset.Rows[struct {
			Constraint string  `parquet:"constraint_id"`
			Annotator  string  `parquet:"annotator"`
			Kind       string  `parquet:"annotator_kind"`
			Measure    *string `parquet:"measure,optional"`
		}](ctx, file) {
			if err != nil {
				return nil, err
			}
			add(&n.constraints, "c", row.Constraint, plain.YAML(row.Constraint))
			line := fmt.Sprintf("%s: {kind: %s, silence: }", plain.YAML(row.Annotator), plain.YAML(row.Kind))
			n.kinds[line] = row.Annotator
			add(&n.annotators, "a", row.Annotator, line)
			if row.Measure != nil {
				add(&n.measures, "m", *row.Measure, plain.YAML(*row.Measure))
			}
		}
	}
	return n, nil
}
