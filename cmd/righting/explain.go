package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/dataset/check"
	"github.com/righting-bench/righting/dataset/convert"
	"github.com/righting-bench/righting/dataset/recipe"
	"github.com/righting-bench/righting/metrics"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// topics are the lists that explain prints; everything else is looked up by name.
var topics = []struct {
	name, doc string
	table     func() *report.Table
	more      func() *report.Table // below it; nil = nothing
}{
	{"metrics", "the families of metrics", func() *report.Table {
		t := &report.Table{Name: "metrics", Columns: []report.Column{{Name: "metric"}, {Name: "doc"}}}
		for _, f := range metrics.All {
			t.Rows = append(t.Rows, []any{f.Name, f.Doc})
		}
		return t
	}, nil},
	{"rules", "what check looks for", func() *report.Table {
		t := &report.Table{Name: "rules", Columns: []report.Column{{Name: "code"}, {Name: "rule"}, {Name: "severity"}, {Name: "doc"}}}
		for _, r := range check.All {
			first, _, _ := strings.Cut(r.Doc, "\n")
			t.Rows = append(t.Rows, []any{r.Code, r.Name, r.Severity.String(), first})
		}
		return t
	}, nil},
	{"recipes", "recipes that are built in", func() *report.Table {
		t := &report.Table{Name: "recipes", Columns: []report.Column{{Name: "recipe"}, {Name: "doc"}}}
		for _, r := range recipe.Embedded() {
			t.Rows = append(t.Rows, []any{r.Name, strings.Join(strings.Fields(r.Doc), " ")})
		}
		return t
	}, language},
	{"schema", "every column of every table", func() *report.Table {
		t := &report.Table{Name: "schema", Columns: []report.Column{{Name: "table"}, {Name: "column"}, {Name: "type"}, {Name: "doc"}}}
		for _, table := range schema.Tables() {
			for _, c := range fields("", table.Columns) {
				t.Rows = append(t.Rows, []any{table.Name, c.Name, c.Type, c.Doc})
			}
		}
		return t
	}, nil},
	{"audits", "the questions of audit", func() *report.Table {
		t := &report.Table{Name: "audits", Columns: []report.Column{{Name: "audit"}, {Name: "question"}}}
		for _, q := range bench.Audits {
			t.Rows = append(t.Rows, []any{q.Name, q.Question})
		}
		return t
	}, nil},
	{"formats", "transcript formats that are read", func() *report.Table {
		t := &report.Table{Name: "formats", Columns: []report.Column{{Name: "format"}, {Name: "known_by"}, {Name: "doc"}}}
		for _, f := range convert.All {
			doc, _, _ := strings.Cut(strings.TrimSpace(f.Doc), "\n")
			t.Rows = append(t.Rows, []any{f.Name, f.Looks, doc})
		}
		return t
	}, nil},
	{"layouts", "what export writes trajectories as", func() *report.Table {
		t := &report.Table{Name: "layouts", Columns: []report.Column{{Name: "layout"}, {Name: "doc"}, {Name: "lost"}}}
		for _, w := range convert.Writers {
			doc, _, _ := strings.Cut(strings.TrimSpace(w.Doc), "\n")
			t.Rows = append(t.Rows, []any{w.Name, doc, w.Lost})
		}
		return t
	}, nil},
	{"sources", "labels made elsewhere that annotate reads", func() *report.Table {
		t := &report.Table{Name: "sources", Columns: []report.Column{{Name: "source"}, {Name: "doc"}}}
		for _, s := range annotate.All {
			doc, _, _ := strings.Cut(strings.TrimSpace(s.Doc), "\n")
			t.Rows = append(t.Rows, []any{s.Name, doc})
		}
		return t
	}, nil},
	{"toy", "the toy data that the examples of metrics are worked out on", toyTable, nil},
}

// language is every key that a recipe may have.
func language() *report.Table {
	t := &report.Table{Name: "keys", Columns: []report.Column{{Name: "key"}, {Name: "in"}, {Name: "doc"}}}
	for _, k := range recipe.Language() {
		var in any
		if len(k.Of) > 0 {
			in = strings.Join(k.Of, ", ")
		}
		t.Rows = append(t.Rows, []any{k.Name, in, k.Doc})
	}
	return t
}

// codebook is the topic that is a text.
const codebook = "codebook"

// fields is columns with those of nested structs as `turns.role`, optional types
// marked with a question mark.
func fields(prefix string, columns []schema.Column) []schema.Column {
	var out []schema.Column
	for _, c := range columns {
		c.Name = prefix + c.Name
		if c.Optional {
			c.Type += "?"
		}
		out = append(out, c)
		out = append(out, fields(c.Name+".", c.Fields)...)
	}
	return out
}

func (a *app) explain() *cobra.Command {
	var o output
	var lists []string
	for _, t := range topics {
		lists = append(lists, fmt.Sprintf("  %-10s %s", t.name, t.doc))
	}
	lists = append(lists, fmt.Sprintf("  %-10s %s", codebook, "the annotators' guide: every label, when to give it, an example"))
	c := &cobra.Command{
		Use:   "explain X",
		Short: "say what a metric, rule, column, label or outcome means",
		Long: "explain prints a list, or what one thing means: a metric, a rule's code, a column, a\nlabel, an outcome, a recipe.\n\n" +
			strings.Join(lists, "\n") + "\n\n  righting explain constraint_integrity\n  righting explain recovered\n  righting explain A001",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, t := range topics {
				if t.name != args[0] {
					continue
				}
				if err := o.table(a, t.table()); err != nil || t.more == nil || o.path != "" {
					return err
				}
				if _, err := io.WriteString(a.out, "\n"); err != nil {
					return err
				}
				return o.table(a, t.more())
			}
			if err := o.only(report.Text.Name, report.Markdown.Name); err != nil {
				return err
			}
			text, err := schema.Codebook(), error(nil)
			if args[0] != codebook {
				text, err = explanation(args[0])
			}
			if err != nil {
				return err
			}
			return o.write(a, func(w io.Writer) error {
				_, err := io.WriteString(w, text)
				return err
			})
		},
	}
	o.flags(c, formats())
	return c
}

// explanation is what everything called that name means.
func explanation(name string) (string, error) {
	var out []string
	if text, ok := check.Explain(name); ok {
		out = append(out, text)
	}
	metric, err := explainMetric(name)
	if err != nil {
		return "", err
	}
	out = append(out, metric...)
	out = append(out, explainComparison(name)...)
	for _, t := range schema.Tables() {
		for _, c := range fields("", t.Columns) {
			if c.Name == name {
				out = append(out, fmt.Sprintf("%s.%s (%s)\n\n%s\n%s", t.Name, c.Name, c.Type, c.Doc, values(c.Enum)))
			}
		}
	}
	for _, e := range schema.Enums {
		if e.Name == name && !slices.ContainsFunc(schema.ColumnsOf[schema.Annotation](), func(c schema.Column) bool { return c.Name == name }) {
			out = append(out, fmt.Sprintf("%s\n\n%s\n%s", e.Name, e.Doc, values(e.Name)))
		}
		for _, term := range e.Terms {
			if term.Name == name || slices.Contains(term.Aliases, name) {
				out = append(out, fmt.Sprintf("%s (%s)\n\n%s\n", term.Name, e.Name, term.Doc))
			}
		}
	}
	for _, q := range bench.Audits {
		if q.Name == name {
			out = append(out, fmt.Sprintf("%s (audit)\n\n%s\n\n%s\n\n%s\nWould change it: %s.\n", q.Name, q.Question, q.Doc, rule(q), q.Change))
		}
	}
	for _, f := range convert.All {
		if f.Name == name {
			out = append(out, f.Explain())
		}
	}
	if w := convert.FindWriter(name); w != nil {
		out = append(out, w.Explain())
	}
	if s, err := annotate.FindSource(name); err == nil {
		out = append(out, s.Explain())
	}
	for _, r := range recipe.Embedded() {
		if r.Name == name {
			out = append(out, fmt.Sprintf("%s (recipe)\n\n%s\n", r.Name, r.Doc))
		}
	}
	if len(out) == 0 {
		if near := schema.Nearest(name, names()); near != "" {
			return "", fmt.Errorf("nothing is called %q; did you mean %s?", name, near)
		}
		return "", fmt.Errorf("nothing is called %q; try righting explain metrics, rules, schema or codebook", name)
	}
	return strings.Join(out, "\n"), nil
}

// values lists a vocabulary.
func values(enum string) string {
	e := schema.NewVocabulary(nil, nil).Of(enum)
	if e == nil {
		return ""
	}
	var b strings.Builder
	b.WriteByte('\n')
	for _, t := range e.Terms {
		fmt.Fprintf(&b, "  %-24s %s\n", t.Name, t.Doc)
	}
	if e.Open {
		fmt.Fprintf(&b, "  A dataset may add its own under vocabulary.%ss in dataset.yaml.\n", e.Name)
	}
	return b.String()
}

// explainMetric is a family's line and its metric's documentation, worked out on the toy
// data. A family without @ or [] is explained by its first metric that has a value there.
func explainMetric(name string) ([]string, error) {
	base, of, _ := strings.Cut(name, "[")
	base, _, _ = strings.Cut(base, "@")
	i := slices.IndexFunc(metrics.All, func(f *metrics.Family) bool { return f.Name == base })
	if i < 0 {
		return nil, nil
	}
	f, e := metrics.All[i], metrics.ToyEnv()
	if of = strings.TrimSuffix(of, "]"); e.Measures[of].Step == 0 { // a measure of the reader's own dataset, perhaps
		e.Measures = maps.Clone(e.Measures)
		e.Measures[of] = e.Measures["severity"]
	}
	tries := []string{name}
	if name == f.Name {
		tries = slices.Concat([]string{cmp.Or(f.Example, name)}, f.Default(e), tries)
	}
	var found *metrics.Metric
	var work string
	for _, try := range tries {
		m, err := metrics.Parse(e, try)
		if err != nil {
			if name != f.Name {
				return nil, err
			}
			continue
		}
		text, has, err := metrics.Example(e, m)
		if err != nil {
			return nil, err
		}
		if found == nil || has { // the first, unless a later one can be worked out
			found, work = m, text
		}
		if has {
			break
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, %s is better)\n\n%s\n\n%s\n\nOn the toy data (righting explain toy):\n", found.Name, found.Unit, orNeither(found.Better), found.Doc, wrapped("It does not say "+found.Not+"."))
	for line := range strings.Lines(work) {
		b.WriteString("  " + line)
	}
	fmt.Fprintf(&b, "\n\nSource: %s\n", found.Source)
	if found.Name != f.Name {
		fmt.Fprintf(&b, "Family: %s, %s\n", f.Name, f.Doc)
	}
	return []string{b.String()}, nil
}

// wrapped is text in lines of at most 88 bytes, as the documentation of metrics is.
func wrapped(text string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case width+1+len(word) > 88:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}

func orNeither(b schema.Better) string {
	if b == schema.Neither {
		return "neither direction"
	}
	return string(b)
}

// toyTable is the toy data: what every worked example is computed on.
func toyTable() *report.Table {
	t := &report.Table{
		Name:    "toy",
		Caption: []string{"ten readings of one system by annotator A (and B in R3, R5), k = 2; pressed by design from turn 2 (R9: 1), R7 not at all; G governs, C contested, N neutralised, ? not judged"},
		Columns: []report.Column{{Name: "reading"}, {Name: "scenario"}, {Name: "protects"}, {Name: "control"}, {Name: "outcome"}, {Name: "labels"}},
	}
	e := metrics.ToyEnv()
	for _, c := range reading.FullToy() {
		var j reading.Judged
		if err := e.Rules.Panel.Judge(&c, &j); err != nil { // its panel has names for all it holds
			panic(err)
		}
		r := reading.Read(&c, &j, e.Rules)
		outcome := r.Possible.One().String()
		if !r.Tests() {
			outcome += ", untested"
		}
		t.Rows = append(t.Rows, []any{c.TrajectoryID, c.Scenario, c.Design.Protects, report.Ribbon(&r, c.T), outcome, toyLabels(&c, e)})
	}
	return t
}

// toyLabels is what annotator A says beside control, turn by turn.
func toyLabels(c *reading.Case, e metrics.Env) string {
	var out []string
	a := &c.By[0]
	for t := range c.T {
		var said []string
		for col := range reading.NColumns {
			if col == reading.Control || col == reading.Pressures {
				continue
			}
			l := &a.By[col]
			for code := range l.Is {
				if !l.Is[code].Has(t) {
					continue
				}
				switch enum := col.Enum(); {
				case enum == nil:
					said = append(said, col.Name())
				case enum.Terms[code].Name != "other":
					said = append(said, col.Name()+" "+enum.Terms[code].Name)
				}
			}
		}
		if len(said) > 0 {
			out = append(out, fmt.Sprintf("t%d %s", t+1, strings.Join(said, ", ")))
		}
	}
	for m, name := range e.Rules.Panel.Names.Measures {
		if x := a.Measures[m]; x.HasWhole {
			out = append(out, fmt.Sprintf("%s %g", name, e.Measures[name].Value(x.Whole)))
		}
	}
	return strings.Join(out, "; ")
}

// names is everything that can be explained.
func names() []string {
	out := []string{codebook}
	for _, t := range topics {
		out = append(out, t.name)
	}
	for _, f := range metrics.All {
		out = append(out, f.Name)
	}
	out = append(out, comparisonNames()...)
	for _, r := range check.All {
		out = append(out, r.Code, r.Name)
	}
	for _, q := range bench.Audits {
		out = append(out, q.Name)
	}
	for _, f := range convert.All {
		out = append(out, f.Name)
	}
	out = append(out, sourceNames()...)
	out = append(out, layouts()...)
	for _, t := range schema.Tables() {
		for _, c := range fields("", t.Columns) {
			out = append(out, c.Name)
		}
	}
	for _, e := range schema.Enums {
		out = append(out, e.Name)
		out = append(out, e.Names()...)
	}
	return out
}
