package reading

import (
	"math/rand/v2"
	"testing"

	"github.com/righting-bench/righting/schema"
)

// benchCases is n cases of 6 to 14 units, of 2 or 3 annotators who judge control,
// pressures, competing targets and legitimacy, and now and then leave a unit out. With
// more annotators or units the ways of reading differ: see BenchmarkRead.
func benchCases(n, annotators, units int) []Case {
	r := rand.New(rand.NewPCG(1, 2))
	cases := make([]Case, n)
	for i := range cases {
		c := &cases[i]
		c.Key = Key{System: "s", Scenario: "c", Setting: "interaction", Constraint: schema.MainConstraint}
		c.T = units - 4 + r.IntN(9)
		c.Design.Pressed = new(true)
		for range annotators + r.IntN(2) {
			j := c.Next("a", 0, 0)
			state := 0
			for u := range c.T {
				if r.IntN(5) == 0 {
					state = r.IntN(3)
				}
				if r.IntN(100) == 0 {
					j.Asked.Add(u)
					continue
				}
				j.By[Control].Add(u, state)
				legitimacy := int(schema.Illegitimate)
				if r.IntN(40) == 0 { // with a loss it ends the reading
					legitimacy = int(schema.Legitimate)
				}
				j.By[Legitimacy].Add(u, legitimacy)
				j.By[Competing].Judged.Add(u)
				if state > 0 {
					j.By[Competing].Add(u, r.IntN(10))
				}
				j.By[Pressures].Judged.Add(u)
				if r.IntN(6) > 0 {
					j.By[Pressures].Add(u, r.IntN(7))
				}
				j.Judgements++
			}
		}
	}
	return cases
}

// BenchmarkRead is panel and reading, without where the cases come from.
func BenchmarkRead(b *testing.B) {
	for _, size := range []struct {
		name              string
		annotators, units int
	}{{"2 annotators, 10 units", 2, 10}, {"5 annotators, 10 units", 5, 10}, {"2 annotators, 100 units", 2, 100}} {
		b.Run(size.name, func(b *testing.B) {
			cases := benchCases(2000, size.annotators, size.units)
			rules := DefaultRules()
			rules.Panel.Rule = Median
			judged := new(Judged)
			credits, rows := 0, 0
			for i := range cases {
				for k := range cases[i].By {
					rows += cases[i].By[k].Judgements
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				credits = 0
				for i := range cases {
					if err := rules.Panel.Judge(&cases[i], judged); err != nil {
						b.Fatal(err)
					}
					r := Read(&cases[i], judged, &rules)
					credits += r.CreditWorst
				}
			}
			if credits == 0 || credits == len(cases) {
				b.Fatalf("%d of %d cases have credit", credits, len(cases))
			}
			times := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(times*float64(rows)/1e6, "Mrows/s")
			b.ReportMetric(times*float64(len(cases))/1e6, "Mreadings/s")
		})
	}
}
