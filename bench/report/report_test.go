package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/schema/plain"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// board has hostile text, absent cells, negative numbers and wide characters.
func board() *report.Table {
	return &report.Table{
		Name:    "scores",
		Caption: []string{"constraint integrity, 4 scenarios", "notice\x1b[2J: <b>|www.evil.example"},
		Columns: []report.Column{
			{Name: "system", Doc: "who was tested"},
			{Name: "value", Title: "Value", Kind: report.Float, Doc: "the score"},
			{Name: "n", Kind: report.Int, Doc: "how many units"},
			{Name: "ranked", Kind: report.Bool, Doc: "whether it takes part"},
			{Name: "delta|1", Kind: report.Float, Digits: 1, Doc: "against the baseline"},
			{Name: "remark", Doc: "what others say"},
			{Name: "interval", Doc: "drawn from 0 to 1", Drawing: true},
			{Name: "seed", Kind: report.Int, Wide: true, Doc: "of the bootstrap"},
		},
		Rows: [][]any{
			{"plain_name", 0.625, int64(8), true, -0.25, "fine", report.Whisker(0.125, 0.625, 0.971, 0, 1, 12), int64(7)},
			{"模型 🙂", 1.0 / 3, int64(1204), false, 12.0, "好", report.Whisker(0.2, 1.0/3, 0.4, 0, 1, 12), int64(-1)},
			{nil, nil, nil, nil, nil, nil, nil, nil},
			{"", 0.0, int64(-3), true, -0.04, "", nil, nil},
			{"=HYPERLINK(\"https://evil.example\",\"x\")", -1234567.891, int64(math.MaxInt64), true, 1e-9, "-", nil, nil},
			{"\x1b]0;pwned\a\u202eabc\tx\ny", 2e21, int64(0), false, math.Copysign(0, -1), "[2em] \\input{x} & 5%", nil, nil},
			{"<img src=x onerror=alert(1)> `a|b` [x](//y) @all", math.MaxFloat64 / 1e300, int64(1), true, 0.5, "</script>\u2028", nil, nil},
			{strings.Repeat("long ", 30), 0.1, int64(1), true, 0.5, "a--b", nil, nil},
		},
		Notes: []string{"no rank: 4 common scenarios, needs 5"},
	}
}

func render(t *testing.T, table *report.Table, f report.Format, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, table.Write(&b, f, o))
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestFormats(t *testing.T) {
	for _, f := range report.All {
		t.Run(f.Name, func(t *testing.T) {
			golden(t, f.Name, render(t, board(), f, report.Options{}))
			golden(t, f.Name+"-wide", render(t, board(), f, report.Options{Wide: true}))

			empty := board()
			empty.Rows, empty.Caption, empty.Notes = nil, nil, nil
			golden(t, f.Name+"-empty", render(t, empty, f, report.Options{Wide: true}))

			require.NotEmpty(t, f.Doc)
			found, err := report.Find(f.Name)
			require.NoError(t, err)
			require.Equal(t, f.Name, found.Name)
		})
	}
}

// Nothing that a renderer writes, CSV apart, may act on a terminal.
func TestVisible(t *testing.T) {
	for _, f := range report.All {
		if f.Name == "csv" {
			continue
		}
		for _, line := range strings.Split(strings.ReplaceAll(render(t, board(), f, report.Options{}), "\t", ""), "\n") {
			require.Equal(t, plain.Terminal(line), line, f.Name)
		}
	}
}

func TestTextWidth(t *testing.T) {
	table := board()
	table.Caption, table.Notes = nil, nil
	for _, width := range []int{120, 80, 60, 40, 20, 8} {
		got := render(t, table, report.Text, report.Options{Width: width})
		lines, _, _ := strings.Cut(got, "\n\n")
		for _, line := range strings.Split(lines, "\n") {
			require.LessOrEqual(t, plain.Width(line), width, "%s", got)
		}
		golden(t, fmt.Sprintf("text-%d", width), got)
	}
}

// What programs read is what was written.
func TestRoundTrip(t *testing.T) {
	table := board()
	var objects []map[string]any
	require.NoError(t, json.Unmarshal([]byte(render(t, table, report.JSON, report.Options{})), &objects))
	records, err := csv.NewReader(strings.NewReader(render(t, table, report.CSV, report.Options{}))).ReadAll()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(render(t, table, report.TSV, report.Options{}), "\n"), "\n")
	require.Len(t, objects, len(table.Rows))
	require.Len(t, records, len(table.Rows)+1)
	require.Len(t, lines, len(table.Rows)+1)
	for i, row := range table.Rows {
		require.Equal(t, len(table.Columns)-2, strings.Count(lines[i], "\t"))
		for j, cell := range row {
			if table.Columns[j].Drawing {
				continue
			}
			got, ok := objects[i][table.Columns[j].Name]
			require.Equal(t, cell != nil, ok)
			if s, isString := cell.(string); isString {
				require.Equal(t, s, got)
				require.Equal(t, s, plain.FromCSV(records[i+1][j]))
			}
			if v, isFloat := cell.(float64); isFloat {
				require.InEpsilon(t, 1+v, 1+got.(float64), 1e-5)
			}
		}
	}
}

func TestCSVKeepsRowsOfOneAbsentCell(t *testing.T) {
	table := &report.Table{Columns: []report.Column{{Name: "a"}}, Rows: [][]any{{nil}, {"x"}}}
	require.Equal(t, "a\n\"\"\nx\n", render(t, table, report.CSV, report.Options{}))
}

func TestCheck(t *testing.T) {
	columns := []report.Column{{Name: "s"}, {Name: "v", Kind: report.Float}}
	for _, c := range []struct {
		table report.Table
		want  string
	}{
		{report.Table{Name: "t", Columns: columns, Rows: [][]any{{"a", 1.0}, {"a"}}}, "table t: row 2: 1 cells for 2 columns"},
		{report.Table{Name: "t", Columns: columns, Rows: [][]any{{"a", int64(1)}}}, `table t: row 1: column "v": int64 1 in a float column`},
		{report.Table{Name: "t", Columns: columns, Rows: [][]any{{"a", math.NaN()}}}, `table t: row 1: column "v": float64 NaN in a float column`},
		{report.Table{Name: "t", Columns: columns, Rows: [][]any{{1, 1.0}}}, `table t: row 1: column "s": int 1 in a string column`},
		{report.Table{Name: "t", Columns: []report.Column{{Name: "a"}, {Name: "a"}}}, `table t: column 2: name "a" is empty or taken`},
		{report.Table{Name: "t", Columns: []report.Column{{}}}, `table t: column 1: name "" is empty or taken`},
		{report.Table{Name: "t", Columns: []report.Column{{Name: "a", Kind: 9}}}, `table t: column "a": unknown kind 9`},
	} {
		var b bytes.Buffer
		require.EqualError(t, c.table.Write(&b, report.TSV, report.Options{}), c.want)
		require.Zero(t, b.Len(), "nothing is written")
	}
	require.EqualError(t, board().Write(new(bytes.Buffer), report.Format{}, report.Options{}), "table scores: no format")
}

// full takes n bytes and no more.
type full struct{ n int }

var errFull = errors.New("no space left on device")

func (w *full) Write(p []byte) (int, error) {
	if len(p) > w.n {
		return w.n, errFull
	}
	w.n -= len(p)
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	big := board()
	for range 6 { // beyond any buffer
		big.Rows = append(big.Rows, big.Rows...)
	}
	for _, f := range report.All {
		for _, n := range []int{0, 10, 5000} {
			require.ErrorIs(t, big.Write(&full{n}, f, report.Options{}), errFull, f.Name)
		}
	}
}

func TestFind(t *testing.T) {
	_, err := report.Find("tvs")
	require.EqualError(t, err, `unknown format "tvs"; did you mean tsv?`)
	_, err = report.Find("")
	require.EqualError(t, err, `unknown format ""; it is one of text, tsv, markdown, csv, latex, json, jsonl`)
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 0.5: "0.5", -0.5: "-0.5", 1.0 / 3: "0.333333", 2.0 / 3: "0.666667", 1: "1", 100000: "100000",
		1234567.891: "1234570", 0.000123456789: "0.000123457", 1e-6: "0.000001", 1.5e-7: "1.5e-07", 1e20: "100000000000000000000",
		1e21: "1e+21", math.MaxFloat64: "1.79769e+308", 5e-324: "5e-324",
	} {
		got := report.Number(v)
		require.Equal(t, want, got)
		require.True(t, json.Valid([]byte(got)))
	}
}

func TestWhisker(t *testing.T) {
	for _, c := range []struct {
		low, value, high float64
		width            int
		want, ascii      string
	}{
		{0.2, 0.5, 0.8, 11, "  ├──●──┤  ", "  |--o--|  "},
		{0, 0.5, 1, 11, "├────●────┤", "|----o----|"},
		{0.5, 0.5, 0.5, 11, "     ●     ", "     o     "},
		{0.5, 0.5, 0.8, 11, "     ●──┤  ", "     o--|  "},
		{-0.2, 0.5, 1.2, 11, "◂────●────▸", "<----o---->"},
		{1.2, 1.3, 1.4, 11, "          ▸", "          >"},
		{-2, -1, -0.5, 11, "◂          ", "<          "},
		{math.Inf(-1), 0, math.Inf(1), 5, "◂───▸", "<--->"},
		{0.2, 0.5, 0.8, 1, "●", "o"},
		{0.2, 0.5, 0.8, 0, "", ""},
		{0.8, 0.5, 0.2, 11, "", ""},
		{0.2, math.NaN(), 0.8, 11, "", ""},
		{math.NaN(), 0.5, 0.8, 11, "", ""},
	} {
		require.Equal(t, c.want, report.Whisker(c.low, c.value, c.high, 0, 1, c.width))
		require.Equal(t, c.ascii, report.WhiskerASCII(c.low, c.value, c.high, 0, 1, c.width))
	}
	require.Empty(t, report.Whisker(0, 0, 0, 1, 1, 10), "a scale without length")
}

func ExampleTable_Write() {
	scores := &report.Table{
		Name:    "scores",
		Caption: []string{"constraint_integrity, 4 scenarios"},
		Columns: []report.Column{
			{Name: "system", Title: "System"},
			{Name: "value", Title: "Value", Kind: report.Float, Digits: 2},
			{Name: "interval", Title: "0 to 1", Drawing: true},
		},
		Rows: [][]any{
			{"ours", 0.625, report.Whisker(0.4, 0.625, 0.9, 0, 1, 11)},
			{"theirs\x1b[1m", nil, nil},
		},
		Notes: []string{"no rank: 4 common scenarios, needs 5"},
	}
	_ = scores.Write(os.Stdout, report.Text, report.Options{Width: 80})
	// Output:
	// constraint_integrity, 4 scenarios
	//
	// System         Value  0 to 1
	// ─────────────  ─────  ───────────
	// ours            0.62      ├─●──┤
	// theirs\x1b[1m      –  –
	//
	// no rank: 4 common scenarios, needs 5
}

func ExampleWhisker() {
	fmt.Println(report.Whisker(0.2, 0.5, 0.8, 0, 1, 21) + "|")
	fmt.Println(report.WhiskerASCII(0.2, 0.5, 1.8, 0, 1, 21) + "|")
	// Output:
	//     ├─────●─────┤    |
	//     |-----o--------->|
}

// TestDrawn: what is drawn stands in the picture where a format has one, else in columns
// of its own; a number never stands on a terminal without its picture.
func TestDrawn(t *testing.T) {
	table := &report.Table{
		Name: "t",
		Columns: []report.Column{
			{Name: "system"},
			{Name: "rate", Kind: report.Float},
			{Name: "rate_low", Title: "low", Kind: report.Float, Drawn: true},
			{Name: "rate_high", Title: "high", Kind: report.Float, Drawn: true},
			{Name: "rate_interval", Title: "0    1", Drawing: true},
			{Name: "n", Kind: report.Int},
		},
		Rows: [][]any{{"x", .5, .2, .8, report.Whisker(.2, .5, .8, 0, 1, 6), int64(3)}},
	}
	require.Equal(t, "system   rate  0    1  n\n──────  ─────  ──────  ─\nx       0.500   ├─●┤   3\n", render(t, table, report.Text, report.Options{}))
	require.Equal(t, "system\n──────\nx\n\nnot shown: rate, n\n", render(t, table, report.Text, report.Options{Width: 18}))
	require.Equal(t, "| system | rate | `0    1` | n |\n| :-- | --: | :-- | --: |\n| x | 0.500 | `  ├─●┤  ` | 3 |\n", render(t, table, report.Markdown, report.Options{}))
	require.Contains(t, render(t, table, report.LaTeX, report.Options{}), `x & 0.500 & 0.200 & 0.800 & 3 \\`)
	require.Equal(t, "system\trate\trate_low\trate_high\tn\nx\t0.5\t0.2\t0.8\t3\n", render(t, table, report.TSV, report.Options{}))

	table.Rows[0][0] = "a long name"
	require.Contains(t, render(t, table, report.Text, report.Options{Width: 27}), "a long n…  0.500   ├─●┤   3\n")
	table.Columns[0].Uncut = true
	require.Contains(t, render(t, table, report.Text, report.Options{Width: 27}), "a long name  0.500   ├─●┤\n\nnot shown: n\n")
}
