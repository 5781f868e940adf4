package metrics

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema/reading"
)

// BenchmarkCount counts readings into a table, of constraint integrity and its coverage,
// and of every metric that a score computes unasked. The readings are FullToy's, under
// the keys of 40 systems and 50 scenarios.
func BenchmarkCount(b *testing.B) {
	e := ToyEnv()
	var cases []reading.Case
	for i := range 2000 {
		for _, c := range reading.FullToy() {
			c.System, c.Scenario = fmt.Sprint("system-", i%40), fmt.Sprint("scenario-", i/40)
			cases = append(cases, c)
		}
	}
	judged := make([]reading.Judged, len(cases))
	read := make([]reading.Reading, len(cases))
	rows := 0
	for i := range cases {
		require.NoError(b, e.Rules.Panel.Judge(&cases[i], &judged[i]))
		read[i] = reading.Read(&cases[i], &judged[i], e.Rules)
		rows += judged[i].Judgements
	}
	parse := func(names []string) []*Metric {
		var ms []*Metric
		for _, name := range names {
			m, err := Parse(e, name)
			require.NoError(b, err)
			ms = append(ms, m)
		}
		return ms
	}
	for name, ms := range map[string][]*Metric{
		"headline": parse(append([]string{"constraint_integrity"}, readings.Default(e)...)),
		"all":      parse(Defaults(e)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				table := NewTable(ms)
				for i := range cases {
					table.Add(&cases[i], &read[i])
				}
				require.Len(b, table.Keys(), 40*50)
			}
			times := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(times*float64(rows)/1e6, "Mrows/s")
			b.ReportMetric(times*float64(len(cases))/1e6, "Mreadings/s")
		})
	}
}
