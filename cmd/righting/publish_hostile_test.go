package main

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// hostileNames is a corpus of what names and answers can do to a spreadsheet, a page, a
// query, a notebook or a terminal.
var hostileNames = []string{
	`=HYPERLINK("http://evil.example","x")`, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1",
	"[x](javascript:alert(1))", "![x](https://evil.example/a.png)", "<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>",
	"# heading", "- item\n- item", "a|b||c", "`code`", "``` \n```", "---\nlicense: cc0-1.0\n---", "{{ x }}", "$x$", "https://evil.example",
	"'; DROP TABLE turns; --", "a'b\"c", "%matplotlib", "!touch /tmp/x", "\x1b[2Jgone", "abc\u202edcba", "\\input{/etc/passwd}", "&lt;b&gt;", "null", "NO",
}

// TestHostileTextStaysText: whatever systems, scenarios, annotators and answers are called,
// card, leaderboard, Croissant, views, notebook and exports hold it as text.
func TestHostileTextStaysText(t *testing.T) {
	ds := filepath.Join(t.TempDir(), "ds")
	m := dataset.NewManifest()
	all := strings.Join(hostileNames, "\n\n")
	m.Name, m.Version, m.License, m.Description = hostileNames[8]+hostileNames[15], "1.0.0", hostileNames[6], all
	m.Authors = hostileNames
	m.Annotators = map[string]schema.Annotator{}
	m.Constraints = []schema.Constraint{{ID: "main", Text: &all}}
	m.Card = map[string]string{}
	for _, key := range []string{"title", "citation", "data_limitations", "was_derived_from", "was_generated_by", "motivation", "gate"} {
		m.Card[key] = all
	}
	w, err := dataset.Create(ds, m, dataset.CreateOptions{})
	require.NoError(t, err)
	for i, name := range hostileNames {
		one, id := int32(1), "t"+string(rune('a'+i))
		trajectory := schema.Trajectory{TrajectoryID: id, System: name, Scenario: hostileNames[(i+1)%len(hostileNames)], Setting: "interaction", Turns: []schema.Turn{{Role: "user", Text: all}, {Role: "assistant", Text: name}}}
		dataset.Count(&trajectory)
		require.NoError(t, w.AddTrajectories([]schema.Trajectory{trajectory}))
		control, index := "governs", int32(1)
		require.NoError(t, w.AddScenarios([]schema.Scenario{{Scenario: trajectory.Scenario, Language: &hostileNames[i]}}))
		require.NoError(t, w.AddAnnotations([]schema.Annotation{{
			TrajectoryID: id, System: name, Scenario: trajectory.Scenario, Setting: "interaction", AssistantTurns: &trajectory.AssistantTurns, Exchanges: &trajectory.Exchanges,
			ConstraintID: "main", Turn: &index, AssistantTurn: &one, Exchange: &one, Annotator: hostileNames[7], AnnotatorKind: "model", Control: &control, Rationale: &all,
		}}))
	}
	w.Manifest.Annotators[hostileNames[7]] = schema.Annotator{Kind: "model", Model: hostileNames[9], Silence: "unknown"}
	require.NoError(t, w.Commit())
	dist := packOf(t, ds, "--gated")
	_, out, _ := run(t, "verify", dist)
	require.Empty(t, out)
	files := tree(t, dist)

	// Markdown: outside of code nothing is markup, a link, an image or HTML.
	for _, name := range []string{"README.md", "leaderboard/leaderboard.md", "CHANGELOG.md", "schema/annotations.md"} {
		text := string(files[name])
		if name == "README.md" {
			front, rest, found := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
			require.True(t, found)
			var meta map[string]any
			require.NoError(t, yaml.Unmarshal([]byte(front), &meta))
			require.Equal(t, "other", meta["license"])
			require.Equal(t, strings.ToLower(hostileNames[6]), meta["license_name"])
			require.Equal(t, strings.TrimSpace(all), meta["pretty_name"])
			require.Equal(t, strings.TrimSpace(all), meta["extra_gated_prompt"])
			require.ElementsMatch(t, hostileNames, meta["language"])
			text = rest
		}
		outside := withoutCode(text)
		for _, live := range []string{"](", "![", "<img", "<script", "</script", "javascript", "http", "evil.example", "\x1b", "\u202e"} {
			require.NotContains(t, outside, live, name)
		}
		for line := range strings.Lines(outside) {
			if strings.HasPrefix(line, "|") && !strings.Contains(line, ":--") {
				require.NotContains(t, line, "||", "%s: a cell is cut by a pipe", name)
			}
		}
	}

	// CSV: no cell is a formula, and what was a name reads back.
	rows, err := csv.NewReader(strings.NewReader(string(files["leaderboard/leaderboard.csv"]))).ReadAll()
	require.NoError(t, err)
	exported, _ := ok(t, "export", dist, "turns", "--format", "csv")
	more, err := csv.NewReader(strings.NewReader(exported)).ReadAll()
	require.NoError(t, err)
	for _, row := range append(rows[1:], more[1:]...) {
		for _, cell := range row {
			if strings.ContainsAny(cell, "=@|(") {
				require.NotContains(t, "=+-@\t\r＝", string([]rune(cell)[:1]), "%q", cell)
			}
		}
	}

	// JSON: it parses, and what a page or a terminal acts on is escaped.
	for _, name := range []string{"croissant.json", "leaderboard/leaderboard.json", "MANIFEST.json", "quickstart.ipynb", "schema/annotations.schema.json"} {
		require.True(t, json.Valid(files[name]), name)
		for _, live := range []string{"<", "\x1b", "\u202e"} {
			require.NotContains(t, string(files[name]), live, name)
		}
	}

	// SQL and the notebook's code hold no text of the data at all.
	for line := range strings.Lines(string(files["views.sql"])) {
		require.True(t, strings.HasPrefix(line, "-- ") || strings.HasPrefix(line, "CREATE OR REPLACE VIEW ") || strings.HasPrefix(line, "SELECT t.*, ") || strings.HasPrefix(line, "FROM turns t JOIN ") || line == "\n", line)
	}
	var nb struct {
		Cells []struct {
			Type   string `json:"cell_type"`
			Source []string
		}
	}
	require.NoError(t, json.Unmarshal(files["quickstart.ipynb"], &nb))
	plainDist := tree(t, packOf(t, demoDataset(t)))
	for _, c := range nb.Cells {
		if c.Type == "code" {
			require.LessOrEqual(t, len(c.Source), 15)
			for _, line := range c.Source {
				quoted, err := json.Marshal(line)
				require.NoError(t, err)
				require.NotContains(t, string(quoted), "evil")
				require.Contains(t, string(plainDist["quickstart.ipynb"]), string(quoted))
			}
		}
	}

	// YAML and LaTeX.
	var cff map[string]any
	require.NoError(t, yaml.Unmarshal(files["CITATION.cff"], &cff))
	require.Len(t, cff["authors"], len(hostileNames))
	require.Equal(t, "dataset", cff["type"])
	for line := range strings.Lines(string(files["leaderboard/leaderboard.tex"])) {
		require.True(t, strings.HasPrefix(line, "% ") || !strings.Contains(line, `\input{`), line)
	}
}

// withoutCode is Markdown without its code spans and blocks.
func withoutCode(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '`' || i > 0 && text[i-1] == '\\' {
			b.WriteByte(text[i])
			i++
			continue
		}
		n := 0
		for i+n < len(text) && text[i+n] == '`' {
			n++
		}
		fence := text[i : i+n]
		end := i + n
		for {
			at := strings.Index(text[end:], fence)
			if at < 0 {
				return b.String() + text[i:]
			}
			end += at
			m := 0
			for end+m < len(text) && text[end+m] == '`' {
				m++
			}
			if end += m; m == n {
				break
			}
		}
		i = end
	}
	return b.String()
}
