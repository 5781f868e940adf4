package dataset

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// randomRows is sorted annotations of n trajectories of every kind.
func randomRows(rng *rand.Rand, n int) []schema.Annotation {
	var rows []schema.Annotation
	v := (&Dataset{Manifest: testManifest()}).Vocabulary()
	pick := func(e *schema.Enum, share float64) *string {
		if rng.Float64() > share {
			return nil
		}
		return &e.Terms[rng.IntN(e.Len())].Name
	}
	list := func(e *schema.Enum) []string {
		if rng.IntN(3) == 0 {
			return nil
		}
		out := []string{}
		for range rng.IntN(3) {
			out = append(out, e.Terms[rng.IntN(e.Len())].Name)
		}
		return out
	}
	for t := range n {
		turns := int32(1 + rng.IntN(6))
		if rng.IntN(8) == 0 {
			turns = 60 + int32(rng.IntN(80))
		}
		base := schema.Annotation{
			TrajectoryID: fmt.Sprintf("t%05d", t), System: fmt.Sprint("s", rng.IntN(4)), Scenario: fmt.Sprint("c", rng.IntN(5)),
			Repeat: int32(rng.IntN(3)), Setting: "interaction", AnnotatorKind: "human", Terminal: pick(schema.Terminals, .5),
		}
		if rng.IntN(3) > 0 {
			base.AssistantTurns = new(turns)
		}
		if rng.IntN(2) > 0 {
			base.Condition, base.Model = new("x"), new("m")
		}
		for _, constraint := range []string{"main", "other"}[:1+rng.IntN(2)] {
			for a := range 1 + rng.IntN(3) {
				for pass := range 1 + rng.IntN(2) {
					for u := int32(0); u <= turns; u++ {
						r := base
						r.ConstraintID, r.Annotator, r.Pass = constraint, fmt.Sprint("a", a), int32(pass)
						if u > 0 {
							r.Turn, r.AssistantTurn, r.Exchange = new(2*u-1), new(u), new(u)
						} else {
							r.Outcome = pick(schema.Outcomes, .5)
						}
						if rng.IntN(6) == 0 {
							continue
						}
						r.Control = pick(schema.Controls, .8)
						r.Missing = pick(schema.Missings, .2)
						r.ActiveTarget, r.ClaimedTarget = pick(v.Targets, .5), pick(v.Targets, .3)
						r.Principal, r.Legitimacy = pick(schema.Principals, .3), pick(schema.Legitimacies, .3)
						r.CompetingTargets, r.Symbols, r.Pressures = list(v.Targets), list(schema.Symbols), list(v.Pressures)
						r.Response, r.Move, r.FailureKind = pick(schema.Responses, .5), pick(schema.Moves, .5), pick(schema.FailureKinds, .3)
						if rng.IntN(2) == 0 {
							r.Leakage, r.Recognition = new(int32(rng.IntN(4))), new(rng.IntN(2) == 0)
							r.Ask = new(fmt.Sprint("ask", rng.IntN(3)))
						}
						if rng.IntN(4) == 0 {
							r.ContradictsTurn = new(int32(1))
						}
						rows = append(rows, r)
						for _, name := range []string{"grade", "idle", "severity"} {
							if rng.IntN(3) > 0 {
								continue
							}
							m := r
							m.Measure = new(name)
							if name == "grade" {
								m.ValueText = new([]string{"C", "I", "P"}[rng.IntN(3)])
							} else if rng.IntN(5) > 0 {
								m.Value = new(float64(rng.IntN(5)))
							}
							rows = append(rows, m) // with labels that do not count
						}
					}
				}
			}
		}
	}
	return rows
}

// cut splits rows into groups at trajectories.
func cut(rng *rand.Rand, rows []schema.Annotation, groups int) [][]schema.Annotation {
	var out [][]schema.Annotation
	for groups > 1 && len(rows) > 0 {
		n := 1 + rng.IntN(2*len(rows)/groups)
		for n < len(rows) && rows[n].TrajectoryID == rows[n-1].TrajectoryID {
			n++
		}
		out = append(out, rows[:min(n, len(rows))])
		rows = rows[min(n, len(rows)):]
		groups--
	}
	if len(rows) > 0 {
		out = append(out, rows)
	}
	return out
}

// benchRows is n trajectories of 20 turns with the labels most sources have.
func benchRows(n int) []schema.Annotation {
	rng := rand.New(rand.NewPCG(1, 1))
	rows := make([]schema.Annotation, 0, 20*n)
	for t := range n {
		control := 0
		for u := range int32(20) {
			if rng.IntN(6) == 0 {
				control = rng.IntN(3)
			}
			r := schema.Annotation{
				TrajectoryID: fmt.Sprintf("%032x", t), System: fmt.Sprint("system-", t%40), Scenario: fmt.Sprint("scenario-", t/40%500),
				Setting: "interaction", AssistantTurns: new(int32(20)), Exchanges: new(int32(20)), ConstraintID: "main",
				Turn: new(2*u + 1), AssistantTurn: new(u + 1), Exchange: new(u + 1), Annotator: "judge", AnnotatorKind: "model",
				ActiveTarget: &schema.Targets.Terms[rng.IntN(5)].Name, Response: &schema.Responses.Terms[rng.IntN(4)].Name,
			}
			if rng.IntN(20) > 0 {
				r.Control = &schema.Controls.Terms[control].Name
			} else {
				r.Missing = new("unclear")
			}
			if u > 5 {
				r.Pressures = []string{schema.Pressures.Terms[rng.IntN(7)].Name}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func BenchmarkCases(b *testing.B) {
	rows := benchRows(15_000)
	per := len(rows) / 4
	d := &Dataset{Annotations: []string{annotationsFile(b, [][]schema.Annotation{
		rows[:per], rows[per : 2*per], rows[2*per : 3*per], rows[3*per:],
	}, parquet.PageBufferSize(pageBytes))}}
	for name, need := range map[string]reading.Columns{"control": {}, "all": everything()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				err := Cases(b.Context(), d, need, func() *int { return new(int) },
					func(a *int, c *reading.Case) error { *a += c.By[0].Judgements; return nil },
					func(a *int) error { n += *a; return nil })
				require.NoError(b, err)
				require.Positive(b, n)
			}
			b.ReportMetric(float64(len(rows))*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
