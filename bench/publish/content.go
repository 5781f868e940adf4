package publish

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A content is all that a folder's texts are made of. The same content gives the same
// bytes.
type content struct {
	d      *dataset.Dataset // the folder itself
	m      *dataset.Manifest
	kept   Kept
	canary string
	files  []File // of tables, by path
	board  *bench.Board
	kinds  map[string]string // of annotators, as the labels say
	own    bool              // the folder has a LICENSE of the publisher's
}

// A text is one file that is made of a content.
type text struct {
	name string
	data []byte
}

// texts makes every file that is neither a source nor a table nor the manifest.
func (c *content) texts() ([]text, error) {
	out := []text{
		{cardFile, c.card()},
		{viewsFile, c.views()},
	}
	add := func(name string, data []byte, err error) error {
		out = append(out, text{name, data})
		return err
	}
	if !c.own && c.m.License != "" {
		out = append(out, text{licenseFile, c.license()})
	}
	if len(c.m.Authors) > 0 {
		out = append(out, text{citationFile, c.citation()})
	}
	croissant, err := c.croissant()
	if err := add(croissantFile, croissant, err); err != nil {
		return nil, err
	}
	notebook, err := c.notebook()
	if err := add(notebookFile, notebook, err); err != nil {
		return nil, err
	}
	for _, t := range schema.Tables() {
		if len(c.tables(t.Name)) == 0 {
			continue
		}
		rowSchema, err := c.rowSchema(t)
		if err := add("schema/"+t.Name+".schema.json", rowSchema, err); err != nil {
			return nil, err
		}
		out = append(out, text{"schema/" + t.Name + ".md", c.dictionary(t)})
	}
	leader, err := c.leaderboard()
	if err != nil {
		return nil, err
	}
	out = append(out, leader...)
	slices.SortFunc(out, func(a, b text) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

// tables are the files of one table, without the leaderboard's.
func (c *content) tables(name string) (files []File) {
	for _, f := range c.files {
		if f.Table == name && f.Path != leaderboardTable {
			files = append(files, f)
		}
	}
	return files
}

// rows counts the rows of a table.
func (c *content) rows(table string) (n int64) {
	for _, f := range c.tables(table) {
		n += *f.Rows
	}
	return n
}

// splits lists the splits of a table, in order.
func (c *content) splits(table string) (names []string) {
	for _, f := range c.tables(table) {
		if !slices.Contains(names, f.Split) {
			names = append(names, f.Split)
		}
	}
	return names
}

// configs are the tables that there are rows of.
func (c *content) configs() (names []string) {
	for _, t := range Configs {
		if len(c.tables(t)) > 0 {
			names = append(names, t)
		}
	}
	return names
}

// leaderboard is the board in every text format.
func (c *content) leaderboard() ([]text, error) {
	var out []text
	table := report.Board(c.board, nil)
	for _, f := range []struct {
		name   string
		format report.Format
	}{{"csv", report.CSV}, {"md", report.Markdown}, {"tex", report.LaTeX}} {
		var b bytes.Buffer
		if err := table.Write(&b, f.format, report.Options{}); err != nil {
			return nil, fmt.Errorf("leaderboard.%s: %w", f.name, err)
		}
		out = append(out, text{"leaderboard/leaderboard." + f.name, b.Bytes()})
	}
	var b bytes.Buffer
	if err := report.BoardJSON(&b, c.board); err != nil {
		return nil, fmt.Errorf("leaderboard.json: %w", err)
	}
	return append(out, text{"leaderboard/leaderboard.json", b.Bytes()}), nil
}

// title is the name for people.
func (c *content) title() string {
	if t := answer(c.m, "title"); t != "" {
		return t
	}
	return c.m.Name
}

// home is where the dataset can be found, "" = nobody said.
func (c *content) home() string {
	switch doi, url, repository := answer(c.m, "doi"), answer(c.m, "url"), answer(c.m, "repository"); {
	case url != "":
		return url
	case repository != "":
		return "https://huggingface.co/datasets/" + repository
	case doi != "":
		return "https://doi.org/" + doi
	}
	return ""
}

// repository is where the dataset lives on the hub, or what stands for it in snippets.
func (c *content) repository() string {
	if r := answer(c.m, "repository"); r != "" {
		return r
	}
	return "ORG/NAME"
}

// languages are those that the scenarios declare.
func (c *content) languages() (tags []string) {
	for _, s := range c.d.Scenarios {
		if s.Language != nil && *s.Language != "" && !slices.Contains(tags, *s.Language) {
			tags = append(tags, *s.Language)
		}
	}
	slices.Sort(tags)
	return tags
}

// annotators are the names that judged, in order.
func (c *content) annotators() []string { return sorted(c.kinds) }

// glob matches a table's files of a split.
func glob(table, split string) string { return table + "/" + split + "-*.parquet" }

// path is a file of the folder.
func (c *content) path(name string) string { return filepath.Join(c.d.Path, filepath.FromSlash(name)) }
