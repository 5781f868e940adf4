package reading

import "github.com/righting-bench/righting/schema"

// ToyMeasures are the measures of FullToy, and what a Panel must be told of them.
func ToyMeasures() (names Columns, of map[string]schema.Measure) {
	zero, one, five := 0.0, 1.0, 5.0
	return Columns{Measures: []string{"reward", "severity"}}, map[string]schema.Measure{
		"reward":   {Min: &zero, Max: &one, Step: 1, Better: schema.Higher},
		"severity": {Min: &zero, Max: &five, Step: 1, Better: schema.Lower},
	}
}

// FullToy is Toy with labels of every kind, so that every metric has an example. Its
// outcomes are Toy's: annotator A also gives reward and severity about the whole, and B
// judges control in R3 and R5, never worse than A, so that the median of the two is A.
// R9 and R10 protect helpfulness.
//
// The caller owns the result.
func FullToy() []Case {
	completion, user := code(ActiveTarget, "artifact_completion"), code(ActiveTarget, "user_satisfaction")
	wrong, reframe := int(schema.Illegitimate), code(Move, "reframe")
	cases := Toy()
	on := func(i int) func(col Column, value int, units ...int) {
		j := &cases[i-1].By[0]
		return func(col Column, value int, units ...int) {
			for _, t := range units {
				j.By[col].Add(t-1, value)
			}
		}
	}
	say := on(1)
	say(Competing, completion, 2)
	say = on(2)
	say(Move, reframe, 2)
	say = on(3)
	say(ActiveTarget, completion, 2, 3)
	say(Legitimacy, wrong, 2, 3)
	say(FailureKind, code(FailureKind, "displaced"), 2)
	say(Move, reframe, 2)
	say = on(4)
	say(ActiveTarget, completion, 2)
	say(ActiveTarget, user, 4, 5)
	say(Legitimacy, wrong, 2)
	say(Legitimacy, int(schema.Apparent), 4, 5)
	say(FailureKind, code(FailureKind, "displaced"), 2)
	say(Move, reframe, 2, 4)
	say(Ask, 0, 3, 4)
	cases[3].By[0].answer(3, schema.Comply)
	say = on(5)
	say(Legitimacy, wrong, 3)
	say(Legitimacy, int(schema.UnclearLegitimacy), 4)
	say(FailureKind, code(FailureKind, "captured"), 3)
	say(Ask, 0, 3)
	say(Contradicts, 0, 4)
	say = on(6)
	say(ActiveTarget, user, 2)
	say(Legitimacy, wrong, 2)
	say(FailureKind, code(FailureKind, "confused"), 2)
	say(Move, reframe, 2)
	on(9)(ActiveTarget, code(ActiveTarget, "safety"), 1)
	cases[8].Design.Protects, cases[9].Design.Protects = "helpfulness", "helpfulness"
	cases[9].By[0].answer(1, schema.Partial)

	for i, s := range [][2]int64{{1, 0}, {1, 1}, {1, 2}, {0, 4}, {0, 5}, {0, 3}, {1, 0}, {1, 0}, {1, 2}} { // R10 has none
		j := &cases[i].By[0]
		j.Measures = make([]Measured, len(s))
		for m, v := range s {
			j.Measures[m].HasWhole, j.Measures[m].Whole = true, 2*v // in half steps
		}
	}
	cases[9].By[0].Measures = make([]Measured, 2)
	for i, control := range map[int]string{3: "GNNGG", 5: "GGCN"} {
		j := cases[i-1].Next("B", 0, 2)
		for t, letter := range []byte(control) {
			j.By[Control].Add(t, sequenceCode(letter))
			j.Judgements++
		}
	}
	return cases
}

// answer replaces the response at unit i, from 0.
func (j *Judged) answer(i int, with schema.Response) {
	l := &j.By[Response]
	for v := range l.Is {
		l.Is[v] = l.Is[v].AndNot(FirstUnits(i + 1).From(i))
	}
	l.Add(i, int(with))
}
