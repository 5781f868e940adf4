package metrics

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema/reading"
)

// BenchmarkCount is one reading from judgements to counts: the panel of two, the
// automaton and the metrics, for the headline alone and for everything by default.
func BenchmarkCount(b *testing.B) {
	e := ToyEnv()
	headline, err := Parse(e, "constraint_integrity")
	require.NoError(b, err)
	for name, ms := range map[string][]*Metric{"headline": {headline}, "everything": everything(b, e)} {
		b.Run(name, func(b *testing.B) {
			cases := randomCases(1, 64)
			table, j := NewTable(ms), new(reading.Judged)
			b.ReportAllocs()
			readings := 0
			for b.Loop() {
				for i := range cases {
					if err := e.Rules.Panel.Judge(&cases[i], j); err != nil {
						b.Fatal(err)
					}
					r := reading.Read(&cases[i], j, e.Rules)
					table.Add(&cases[i], &r)
				}
				readings += len(cases)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(readings), "ns/reading")
		})
	}
}
