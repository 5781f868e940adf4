package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/bench"
	"github.com/righting-bench/righting/metrics/stat"
)

// hostile is a name that would act on a terminal and on a page.
const hostile = "evil\x1b[2J<script>|`"

func toyAudited() *bench.Audited {
	half, low, high, n := .5, -.2345678, .9, int64(8)
	q := bench.Audits[0]
	return &bench.Audited{
		Digest: "sha256:0123456789abcdef", Record: hostile, Notices: []string{"notice"},
		Margins: []bench.Margin{{Name: q.Margins[0].Name, Value: .7, Set: true}, q.Margins[1]},
		Answers: []bench.Answer{
			{
				Audit: q, Of: "declared[" + hostile + "]", Verdict: "adequate", Why: "w", Change: "c",
				Numbers: []bench.Number{
					{Name: "youden", Value: &half, Low: &low, High: &high, Interval: stat.MethodBCa, N: &n},
					{Name: "tau_b", Undefined: "systems on both boards: 1"},
				},
				Lists: []bench.List{{Name: "discordant_pairs", Items: []string{"a", "b", "c", hostile}}},
			},
			{Audit: q, Of: "symbol_shown", On: bench.Slice{{Column: "path_to_victory"}}, Verdict: bench.Undetermined, Why: "w2", Change: "c2"},
		},
	}
}

func TestAuditTables(t *testing.T) {
	a := toyAudited()
	tables := AuditTables(a)
	require.Len(t, tables, 1) // questions without an answer are not printed
	var b bytes.Buffer
	require.NoError(t, tables[0].Write(&b, Text, Options{}))
	require.Contains(t, b.String(), "margins: proxy_youden 0.7 (set in bench.yaml), proxy_tau 0.8 (default)")
	require.Contains(t, b.String(), "0.5 [-0.235, 0.9]")
	require.Contains(t, b.String(), "discordant pairs: a; b; c; and 1 more")
	require.Contains(t, b.String(), "undetermined, because w2. It would change with c2.")
	for _, f := range All {
		for _, table := range append(AuditTables(a), AuditRows(a)) {
			b.Reset()
			require.NoError(t, table.Write(&b, f, Options{Visible: true}))
			require.NotContains(t, b.String(), "\x1b", f.Name)
		}
	}
	rows := AuditRows(a)
	require.Len(t, rows.Rows, 3) // two numbers, and an answer without any
	require.Nil(t, rows.Rows[1][6])
	require.Equal(t, "systems on both boards: 1", rows.Rows[1][11])
}

func TestAuditJSON(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, AuditJSON(&b, toyAudited()))
	require.NotContains(t, b.String(), "\x1b")
	var doc struct {
		Righting int
		Answers  []struct {
			Of      string
			Slice   map[string]*string
			Numbers []map[string]any
			Lists   map[string][]string
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &doc))
	require.Equal(t, 1, doc.Righting)
	require.Equal(t, "declared["+hostile+"]", doc.Answers[0].Of)
	require.Equal(t, map[string]any{"number": "youden", "value": .5, "low": -.234568, "high": .9, "interval": "bca", "n": 8.}, doc.Answers[0].Numbers[0])
	require.NotContains(t, doc.Answers[0].Numbers[1], "value")
	require.Len(t, doc.Answers[0].Lists["discordant_pairs"], 4)
	require.Equal(t, map[string]*string{"path_to_victory": nil}, doc.Answers[1].Slice)
	require.Empty(t, doc.Answers[1].Numbers)
}
