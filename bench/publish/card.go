package publish

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// card is README.md: the front matter that Hugging Face reads, then what people read.
func (c *content) card() []byte {
	var b bytes.Buffer
	c.frontMatter(&b)
	fmt.Fprintf(&b, "\n# %s\n", heading(c.title()))
	if c.m.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", prose(c.m.Description))
	}
	if c.kept.LabelsOnly {
		b.WriteString("\nLabels only: what was said is withheld, every label and every number is here.\n")
	}
	if n := sum(c.kept.Redacted); n > 0 {
		fmt.Fprintf(&b, "\n%d places of the texts are redacted, as `[REDACTED:kind:n]`: %s.\n", n, counts(c.kept.Redacted))
	}
	if rules := c.kept.Ignored; len(rules) > 0 {
		fmt.Fprintf(&b, "\nNot held to these rules of `righting check`: %s.\n", words(strings.Join(rules, ", ")))
	}
	fmt.Fprintf(&b, "\nThis data must not be in any training set. Canary: `%s`\n", c.canary)
	c.boardSection(&b)
	c.tableSection(&b)
	c.loading(&b)
	c.constraintSection(&b)
	c.annotatorSection(&b)
	c.datasheet(&b)
	c.dictionaries(&b)
	c.closing(&b)
	return b.Bytes()
}

// heading is the text of a heading: one line.
func heading(s string) string { return words(strings.Join(strings.Fields(s), " ")) }

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// counts is `3 email, 1 jwt`.
func counts(m map[string]int) string {
	var parts []string
	for kind, n := range orderly(m) {
		parts = append(parts, fmt.Sprintf("%d %s", n, kind))
	}
	return strings.Join(parts, ", ")
}

// frontMatter is the YAML of the card. What is not known is not there.
func (c *content) frontMatter(b *bytes.Buffer) {
	b.WriteString("---\n")
	list := func(key string, values []string) {
		if len(values) > 0 {
			quoted := make([]string, len(values))
			for i, v := range values {
				quoted[i] = plain.YAML(v)
			}
			fmt.Fprintf(b, "%s: [%s]\n", key, strings.Join(quoted, ", "))
		}
	}
	fmt.Fprintf(b, "pretty_name: %s\n", plain.YAML(c.title()))
	list("language", c.languages())
	if c.m.License != "" {
		spdx, hub := licensed(c.m.License)
		fmt.Fprintf(b, "license: %s\n", hub)
		if hub == "other" {
			fmt.Fprintf(b, "license_name: %s\nlicense_link: LICENSE\n", plain.YAML(strings.ToLower(spdx)))
		}
	}
	list("annotations_creators", c.creators())
	list("task_categories", []string{"text-classification", "text-generation"})
	list("tags", []string{"alignment", "benchmark", "multi-turn", "righting", "trajectories"})
	list("size_categories", []string{c.size()})
	b.WriteString("configs:\n")
	for i, table := range c.configs() {
		fmt.Fprintf(b, "- config_name: %s\n", table)
		if i == 0 {
			b.WriteString("  default: true\n")
		}
		b.WriteString("  data_files:\n")
		for _, split := range c.splits(table) {
			fmt.Fprintf(b, "  - split: %s\n    path: %s\n", plain.YAML(split), plain.YAML(glob(table, split)))
		}
	}
	if c.kept.Gated {
		fmt.Fprintf(b, "extra_gated_prompt: %s\n", plain.YAML(answer(c.m, "gate")))
		b.WriteString("extra_gated_fields:\n  Name: text\n  Affiliation: text\n  I accept the conditions above: checkbox\n")
	}
	b.WriteString("---\n")
}

// creators say who judged, in the hub's words: people only as the publisher says.
func (c *content) creators() (who []string) {
	for _, kind := range c.kinds {
		name := "machine-generated"
		if kind == "human" {
			name = answer(c.m, "human_annotators_are")
		}
		if name != "" && !slices.Contains(who, name) {
			who = append(who, name)
		}
	}
	slices.Sort(who)
	return who
}

// size is the hub's word for the number of rows of the table that is shown first.
func (c *content) size() string {
	n := c.rows(c.configs()[0])
	if n < 1000 {
		return "n<1K"
	}
	names := []string{"1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"}
	for i := 0; i+1 < len(names); i++ {
		if n /= 10; n < 1000 {
			return names[i] + "<n<" + names[i+1]
		}
	}
	return "n>1T"
}

// boardSection is the board with the conditions under which its numbers were taken.
func (c *content) boardSection(b *bytes.Buffer) {
	b.WriteString("\n## Leaderboard\n\n")
	t := report.Board(c.board, nil)
	t.Caption = unwrapped(t.Caption)
	if err := t.Write(b, report.Markdown, report.Options{}); err != nil {
		panic(err) // Check of the same table passed when leaderboard.md was written, and a buffer takes all
	}
	b.WriteString("\nThe same as CSV, JSON, Parquet and LaTeX: `leaderboard/`. Every number with its interval, or why there is none: table `scores`.\n")
}

// unwrapped puts lines that go on where the one before was broken back together.
func unwrapped(lines []string) (out []string) {
	for _, line := range lines {
		if rest, goesOn := strings.CutPrefix(line, "  "); goesOn && len(out) > 0 {
			out[len(out)-1] += " " + rest
			continue
		}
		out = append(out, line)
	}
	return out
}

// tableSection lists the configs.
func (c *content) tableSection(b *bytes.Buffer) {
	b.WriteString("\n## Tables\n\n| config | rows | splits | what a row is |\n| :-- | --: | :-- | :-- |\n")
	for _, table := range c.configs() {
		fmt.Fprintf(b, "| %s | %d | %s | %s |\n", table, c.rows(table), strings.Join(c.splits(table), ", "), plain.Markdown(tableNamed(table).Doc))
	}
}

func tableNamed(name string) schema.Table {
	all := schema.Tables()
	return all[slices.IndexFunc(all, func(t schema.Table) bool { return t.Name == name })]
}

// loading is a snippet for each reader.
func (c *content) loading(b *bytes.Buffer) {
	table := c.configs()[0]
	hub := "hf://datasets/" + c.repository() + "/"
	fmt.Fprintf(b, `
## Loading

`+"```python"+`
from datasets import load_dataset
load_dataset("%[1]s", "%[2]s", split="%[3]s")

import polars as pl
pl.read_parquet("%[4]sreadings/*.parquet")

import pandas as pd
pd.read_parquet("%[4]sleaderboard/leaderboard.parquet")

import duckdb
duckdb.sql("SELECT system, outcome, count(*) FROM '%[4]sreadings/*.parquet' GROUP BY ALL")
`+"```"+`

In a downloaded folder: `+"`duckdb -init views.sql`, `quickstart.ipynb`, `righting score .`"+`. `+"`righting verify .`"+` checks every
file against its sum and makes the board again from the labels, offline.
`, c.repository(), table, c.splits(table)[0], hub)
}

// constraintSection is what should govern.
func (c *content) constraintSection(b *bytes.Buffer) {
	if len(c.m.Constraints) == 0 {
		return
	}
	b.WriteString("\n## Constraints\n\n| id | text | protects | authority |\n| :-- | :-- | :-- | :-- |\n")
	for _, k := range c.m.Constraints {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", plain.Markdown(k.ID), cell(k.Text), cell(k.Protects), cell(k.Authority))
	}
}

// cell is a text that may be absent, in a table's cell.
func cell(s *string) string {
	if s == nil || *s == "" {
		return "–"
	}
	return words(strings.Join(strings.Fields(*s), " "))
}

// annotatorSection is who judged.
func (c *content) annotatorSection(b *bytes.Buffer) {
	b.WriteString("\n## Who judged\n\n| annotator | kind | model | silence |\n| :-- | :-- | :-- | :-- |\n")
	for _, name := range c.annotators() {
		a := c.m.Annotators[name]
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", plain.Markdown(name), plain.Markdown(c.kinds[name]), cell(&a.Model), cell(&a.Silence))
	}
}

// datasheet is the publisher's answers, and which there are none of.
func (c *content) datasheet(b *bytes.Buffer) {
	b.WriteString("\n## Datasheet\n")
	for _, q := range Questions {
		a := answer(c.m, q.Key)
		if q.Heading == "" || a == "" {
			continue
		}
		text := prose(a)
		if q.Property == "prov:wasDerivedFrom" || q.Property == "prov:wasGeneratedBy" {
			text = strings.TrimSuffix(listed(a), "\n")
		}
		fmt.Fprintf(b, "\n### %s\n\n%s\n", q.Heading, text)
	}
	if empty := Unanswered(c.m); len(empty) > 0 {
		for i, key := range empty {
			empty[i] = plain.Markdown(key)
		}
		fmt.Fprintf(b, "\nNot answered by the publisher: %s.\n", strings.Join(empty, ", "))
	}
}

// dictionaries are the columns of every config.
func (c *content) dictionaries(b *bytes.Buffer) {
	b.WriteString("\n## Columns\n\nWith the values of their vocabularies, and as JSON Schema: `schema/`.\n")
	for _, table := range c.configs() {
		fmt.Fprintf(b, "\n### %s\n\n%s", table, c.columns(tableNamed(table).Columns))
	}
}

// closing is licence, versions and how to cite.
func (c *content) closing(b *bytes.Buffer) {
	if c.m.License != "" {
		spdx, _ := licensed(c.m.License)
		fmt.Fprintf(b, "\n## Licence\n\n%s: see `LICENSE`.\n", plain.Markdown(spdx))
	}
	if c.m.Version != "" {
		fmt.Fprintf(b, "\n## Version\n\n%s: see `CHANGELOG.md`. MAJOR: existing data changed; MINOR: added to; PATCH: the same data in other bytes.\n", plain.Markdown(c.m.Version))
	}
	fmt.Fprintf(b, "\n## Citation\n\n%s", fenced("bibtex", c.bibTeX()))
}
