package bench

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

func agreed(t *testing.T, d *dataset.Dataset, change func(*Spec)) *Agreement {
	spec := NewSpec(d.Manifest.Rules)
	spec.Rules.Replicates = 199
	if change != nil {
		change(&spec)
	}
	a, err := Agree(context.Background(), d, spec)
	require.NoError(t, err)
	return a
}

// on is the agreement on a question.
func on(t *testing.T, list []Agreed, group QuestionGroup, name string) *Agreed {
	for i := range list {
		if q := &list[i]; q.Group == group && q.Question == name && q.Of == "" {
			return q
		}
	}
	require.Fail(t, "no question", "%s %s", group, name)
	return nil
}

// unit is one judgement of one unit, each a scenario of its own.
func unit(annotator string, scenario int, fill func(*schema.Annotation)) schema.Annotation {
	one := int32(1)
	a := schema.Annotation{
		TrajectoryID: fmt.Sprintf("t%03d", scenario), System: "x", Scenario: fmt.Sprintf("s%03d", scenario), Setting: "interaction", ConstraintID: "main",
		AssistantTurns: &one, AssistantTurn: &one, Annotator: annotator, AnnotatorKind: "human",
	}
	fill(&a)
	return a
}

// TestVectors: section 9 of the metrics document, by its numbers, from a dataset's rows.
func TestVectors(t *testing.T) {
	const closed = 1.000001e-6 // both sides have six digits
	t.Run("1-5", func(t *testing.T) {
		data := map[string]string{
			"A": "1 2 3 3 2 1 4 1 2 . . .", "B": "1 2 3 3 2 2 4 1 2 5 . 3", "C": ". 3 3 3 2 3 4 2 2 5 1 .", "D": "1 2 3 3 2 4 4 1 2 5 1 .",
		}
		m := dataset.NewManifest()
		least, most := 1., 5.
		m.Measures = map[string]schema.Measure{"grade": {Min: &least, Max: &most, Step: 1}}
		m.Rules.Panel.Rule = reading.Median
		var rows []schema.Annotation
		for who, line := range data {
			for i, cell := range strings.Fields(line) {
				if cell != "." {
					rows = append(rows, unit(who, i, func(a *schema.Annotation) { a.Measure, a.Value = text1("grade"), new(float64(cell[0]-'0')) }))
				}
			}
		}
		q := on(t, agreed(t, create(t, m, nil, rows), nil).Questions, MeasureQuestion, "grade")
		require.InDelta(t, 113./152, *q.Nominal, closed)
		require.InDelta(t, 108577./133160, *q.Ordinal, closed)
		require.InDelta(t, 951./1120, *q.Spaced, closed)
		require.Equal(t, q.Spaced, q.Alpha)
		require.Equal(t, "interval", q.Scale)
		require.InDelta(t, .818182, *q.Percent, closed)
		require.InDelta(t, .775444, *q.AC1, closed)
		require.Nil(t, q.Fleiss) // not every unit has all four
		require.EqualValues(t, []int64{11, 1, 41}, []int64{q.Units, q.Single, q.Answers})
		require.Equal(t, 11, q.Scenarios)
		require.Less(t, *q.Low, *q.Alpha)
	})
	t.Run("6", func(t *testing.T) {
		units := [][]int{
			{0, 0, 0, 0, 14},
			{0, 2, 6, 4, 2},
			{0, 0, 3, 5, 6},
			{0, 3, 9, 2, 0},
			{2, 2, 8, 1, 1},
			{7, 7, 0, 0, 0},
			{3, 2, 6, 3, 0},
			{2, 5, 3, 2, 2},
			{6, 5, 2, 1, 0},
			{0, 2, 2, 3, 7},
		}
		var rows []schema.Annotation
		for i, counts := range units {
			who := 0
			for k, n := range counts {
				for range n {
					rows = append(rows, unit(fmt.Sprintf("r%02d", who), i, func(a *schema.Annotation) { a.Response = &schema.Responses.Terms[k].Name }))
					who++
				}
			}
		}
		q := on(t, agreed(t, create(t, dataset.NewManifest(), nil, rows), nil).Questions, LabelQuestion, "response")
		require.InDelta(t, .209931, *q.Fleiss, closed)
		require.InDelta(t, .215574, *q.Alpha, closed)
		require.InDelta(t, .225614, *q.AC1, closed)
		require.Nil(t, q.AC2) // names have no order
	})
	t.Run("7-8", func(t *testing.T) {
		table := [3][3]int{{13, 0, 0}, {0, 20, 7}, {0, 4, 56}}
		var rows []schema.Annotation
		n := 0
		for i := range table {
			for j := range table[i] {
				for range table[i][j] {
					for who, k := range map[string]int{"a": i, "b": j} {
						rows = append(rows, unit(who, n, func(a *schema.Annotation) {
							a.Control, a.Legitimacy = &schema.Controls.Terms[k].Name, &schema.Legitimacies.Terms[k].Name
						}))
					}
					n++
				}
			}
		}
		m := dataset.NewManifest()
		m.Rules.Panel.Rule = reading.Median
		a := agreed(t, create(t, m, nil, rows), nil)
		control := on(t, a.Questions, LabelQuestion, "control")
		require.InDelta(t, .849331, *control.AC1, closed)
		require.InDelta(t, .940236, *control.AC2, closed)
		require.InDelta(t, .89, *control.Percent, closed)
		kappa := map[string]float64{}
		for _, p := range a.Pairs {
			if p.Group == LabelQuestion {
				require.Equal(t, []string{"a", "b"}, []string{p.First, p.Second})
				kappa[p.Question] = *p.Kappa
			}
		}
		require.InDelta(t, .892157, kappa["control"], closed)
		require.InDelta(t, .796409, kappa["legitimacy"], closed)
		require.InDelta(t, .796240, *on(t, a.Questions, LabelQuestion, "legitimacy").Fleiss, closed) // Scott's pi
	})
}

// five are the units of two annotators that the examples below are worked out on.
func five(t *testing.T, change func(*dataset.Manifest)) *dataset.Dataset {
	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	if change != nil {
		change(&m)
	}
	var rows [][]schema.Annotation
	for i, pair := range [][2]string{{"GGNN", "GGNN"}, {"GNNN", "GGNN"}, {"GGGG", "GGGN"}, {"GGGG", "GGGG"}, {"GG??", "GGGG"}} {
		s := fmt.Sprintf("s%d", i)
		rows = append(rows, judged("x", s, "a", pair[0]), judged("x", s, "b", pair[1]))
	}
	return create(t, m, nil, rows...)
}

// TestAgreeByHand: what a reading of each annotator alone says.
func TestAgreeByHand(t *testing.T) {
	a := agreed(t, five(t, nil), nil)
	q := on(t, a.Questions, ReadingQuestion, "first_loss")
	// answers 3 3 · 2 3 · none 4 · none none; a's fifth has a gap and no loss before it
	require.EqualValues(t, []int64{4, 1, 2}, []int64{q.Units, q.Single, q.Both})
	require.InDelta(t, .5, *q.Percent, 0)
	require.InDelta(t, .75, *q.Within, 0)
	require.InDelta(t, 1, *q.NearIf, 0)
	require.InDelta(t, 1-7.*4/44, *q.Alpha, 1e-6) // 8 answers: 3 none, 1 two, 3 three, 1 four; 2 unequal units
	require.Equal(t, "none", q.Top)
	credit := on(t, a.Questions, ReadingQuestion, "credit")
	require.InDelta(t, 1-7.*2/30, *credit.Alpha, 1e-6) // 00 00 10 11: 5 without, 3 with
	require.InDelta(t, .75, *credit.Percent, 0)
	require.Equal(t, "all labels are equal", on(t, a.Questions, ReadingQuestion, "tested").Undefined)
	control := on(t, a.Questions, LabelQuestion, "control") // 18 units with both, 2 of them unequal
	require.EqualValues(t, []int64{18, 2}, []int64{control.Units, control.Single})
	require.InDelta(t, 16./18, *control.Percent, 1e-6)

	require.Len(t, a.Annotators, 2)
	w := a.Annotators[0]
	require.Equal(t, "a", w.Name)
	require.True(t, w.Sits)
	require.EqualValues(t, 18, w.Judgements)
	require.Equal(t, "control", w.Answers[0].Question)
	require.InDelta(t, 18./20, w.Answers[0].Coverage, 1e-6)
	require.InDelta(t, 16./18, *w.Answers[0].Agreement, 1e-6)
	require.Equal(t, []ClassShare{{"governs", 13, .722222}, {"neutralised", 5, .277778}}, w.Answers[0].Shares)
}

// TestBoardsByJudge: .5 by a, .4 by b, .4 by both, .4 by the strictest, .6 by the mildest.
func TestBoardsByJudge(t *testing.T) {
	a := agreed(t, five(t, nil), func(s *Spec) { s.Rules.MaxUndecided = 1 })
	b := a.Boards
	value := func(kind BoardKind, judge string) float64 { return *b.Board(kind, judge).Scores[0].Value }
	require.Equal(t, []float64{.4, .4, .6, .5, .4}, []float64{
		value(PanelBoard, ""), value(StrictBoard, ""), value(LenientBoard, ""), value(JudgeAlone, "a"), value(JudgeAlone, "b"),
	})
	require.Nil(t, b.Board(LeftOut, "a")) // that would be b alone
	require.Equal(t, Spread{Boards: 2, Low: new(.4), High: new(.5)}, b.Ranges[0].Alone)
	require.InDelta(t, .1, *b.Ranges[0].Alone.Width(), 1e-9)
	require.Equal(t, Spread{}, b.Ranges[0].Without)
	require.Nil(t, b.Ranges[0].Without.Width())
	require.Equal(t, "fewer than two systems have both", b.Taus[0].Undefined)

	// by default 1 of 5 undecided is too many: a's board has no value, and says why
	b = agreed(t, five(t, nil), nil).Boards
	require.Nil(t, b.Board(JudgeAlone, "a").Scores[0].Value)
	require.Contains(t, b.Board(JudgeAlone, "a").Scores[0].Undefined, "1 of 5 readings are undecided")
	require.Equal(t, 1, b.Ranges[0].Alone.Boards)
}

// TestLeaveOneOut: with three judges and two systems there are boards without each, and
// an order to compare.
func TestLeaveOneOut(t *testing.T) {
	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	d := create(t, m, nil,
		eight("x", "a", "NNN"), eight("y", "a", "NNN", "NNN"), eight("x", "b", "NNN"), eight("y", "b", "NNN", "NNN"),
		eight("x", "c", "NNN", "NNN", "NNN"), eight("y", "c"))
	b := agreed(t, d, nil).Boards
	require.Len(t, b.Boards, 9)
	tau := func(first, second string) float64 {
		for _, x := range b.Taus {
			if x.First == first && x.Second == second {
				return *x.Value
			}
		}
		require.Fail(t, "no tau", "%s %s", first, second)
		return 0
	}
	require.InDelta(t, 1, tau("panel", "judge a"), 0)
	require.InDelta(t, -1, tau("panel", "judge c"), 0) // c has the order the other way round
	require.InDelta(t, 1, tau("panel", "without c"), 0)
	for i, want := range []Spread{{3, new(5. / 8), new(7. / 8)}, {3, new(6. / 8), new(8. / 8)}} {
		require.Equal(t, want, b.Ranges[i].Alone)
	}
	require.Equal(t, Spread{3, new(5. / 8), new(7. / 8)}, b.Ranges[0].Without) // a tie of two is the worse
}

// TestSelfJudging: x judges itself: kinder in s0, where its voice decides, stricter in s2.
func TestSelfJudging(t *testing.T) {
	for _, exclude := range []bool{false, true} {
		m := dataset.NewManifest()
		m.Rules.Panel = reading.Panel{Rule: reading.Median, ExcludeSelf: exclude}
		var rows [][]schema.Annotation
		for i, by := range []map[string]string{{"x": "GG", "a": "GG", "b": "NN"}, {"x": "GG", "a": "GG", "b": "GG"}, {"x": "NN", "a": "GG", "b": "GG"}} {
			for who, control := range by {
				rows = append(rows, judged("x", fmt.Sprintf("s%d", i), who, control))
			}
		}
		d := create(t, m, nil, rows...)
		a := agreed(t, d, nil)
		require.Len(t, a.Self, 1)
		s := a.Self[0]
		require.Equal(t, []string{"x", "x"}, []string{s.System, s.Annotator})
		require.Equal(t, []int64{3, 1, 0, 1, 3, 1}, []int64{s.N, s.PanelLost, s.OwnAgrees, s.OwnOnly, s.Sat, s.Flips})
		require.InDelta(t, 2./3, *s.Own, 1e-6)
		require.InDelta(t, 0, s.Gap.Value, 0)
		require.Len(t, a.Flips, 1)
		f := a.Flips[0]
		require.Equal(t, []any{"s0/x", 1, 1, 0, ""}, []any{f.TrajectoryID, *f.Own, f.With, f.Without, f.Measure})
		voices := 3
		if exclude {
			voices = 2
			require.Contains(t, strings.Join(a.Notices, "\n"), "exclude_self: 6 judgements")
		}
		require.Equal(t, voices, on(t, a.Questions, LabelQuestion, "control").Voices)
	}
}

// TestLists: elements one by one, and pooled over those that anybody gave.
func TestLists(t *testing.T) {
	given := map[string][][]string{"a": {{"warning"}, {}, {"refusal"}}, "b": {{"warning"}, {"refusal"}, {"refusal"}}}
	var rows []schema.Annotation
	for who, lists := range given {
		for i, list := range lists {
			rows = append(rows, unit(who, i, func(a *schema.Annotation) { a.Symbols, a.Pressures = list, []string{} }))
		}
	}
	a := agreed(t, create(t, dataset.NewManifest(), nil, rows), nil)
	pooled := on(t, a.Questions, LabelQuestion, "symbols") // 3 units times 2 elements, 5 of 12 answers yes
	require.EqualValues(t, 6, pooled.Units)
	require.InDelta(t, 5./6, *pooled.Percent, 1e-6)
	require.InDelta(t, 1-11.*2/70, *pooled.Alpha, 1e-6)
	refusal := on(t, a.Questions, ElementQuestion, "symbols[refusal]")
	require.InDelta(t, 2./3, *refusal.Percent, 1e-6)
	for _, q := range a.Questions {
		require.NotEqual(t, "symbols[apology]", q.Question) // nobody gave it
	}
	empty := on(t, a.Questions, LabelQuestion, "pressures") // judged by both, none seen
	require.Equal(t, "all labels are equal", empty.Undefined)
	require.InDelta(t, 1, *empty.Percent, 0)
	require.EqualValues(t, 3, empty.Units)
	require.Contains(t, a.NotGiven, "leakage")
	require.Equal(t, "nobody gave control, so no system has constraint_integrity", a.NoBoards)
}

// TestNoAgreement: a number that does not exist says why.
func TestNoAgreement(t *testing.T) {
	one := agreed(t, create(t, dataset.NewManifest(), nil, eight("x", "a", "NNN")), nil)
	require.Equal(t, "no second annotator", on(t, one.Questions, LabelQuestion, "control").Undefined)
	require.Equal(t, "no second annotator: the board is that of a", one.NoBoards)
	require.Equal(t, "no annotator judged anything twice (pass 0 and pass 1)", one.NoRepeats)
	require.Contains(t, one.NoKinds, "no annotator is declared human or model")
	require.Contains(t, one.NoVersions, "0 of 1 annotators declare a model")
	require.Contains(t, one.NoSelf, "no annotator is the system it judges")
	require.Nil(t, on(t, one.Questions, LabelQuestion, "control").Percent)

	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	m.Annotators = map[string]schema.Annotator{"a": {Kind: "human", Model: "m-1"}, "b": {Kind: "human", Model: "n-1"}}
	apart := agreed(t, create(t, m, nil, eight("x", "a", "NNN"), eight("y", "b", "NNN")), nil)
	require.Equal(t, "no unit has two annotators", on(t, apart.Questions, LabelQuestion, "control").Undefined)
	require.Equal(t, "no annotator is declared a model", apart.NoKinds)
	require.Contains(t, apart.NoVersions, "of one family")

	same := agreed(t, create(t, m, nil, eight("x", "a"), eight("x", "b")), nil)
	q := on(t, same.Questions, LabelQuestion, "control")
	require.Equal(t, "all labels are equal", q.Undefined)
	require.InDelta(t, 1, *q.Percent, 0)
	require.Nil(t, q.AC1)

	two := create(t, m, nil, judged("x", "s", "a", "GN"), judged("x", "s", "b", "GG"))
	q = on(t, agreed(t, two, nil).Questions, LabelQuestion, "control")
	require.NotNil(t, q.Alpha)
	require.Nil(t, q.Low)
	require.Equal(t, []string{"no interval: 1 scenario, an interval needs 2"}, q.Notes)

	_, err := Agree(context.Background(), create(t, m, nil), NewSpec(m.Rules))
	require.ErrorContains(t, err, "nobody has judged anything in setting interaction")
	spec := NewSpec(m.Rules)
	spec.Rules.Panel.Of = []string{"aa"}
	_, err = Agree(context.Background(), two, spec)
	require.ErrorContains(t, err, `no annotator "aa" judged anything here`)
	spec = NewSpec(m.Rules)
	spec.Rules.Cluster = "framing"
	_, err = Agree(context.Background(), two, spec)
	require.ErrorContains(t, err, "has not one framing")
}

// TestRepeats: the same annotator again is compared with itself, and with nobody else.
func TestRepeats(t *testing.T) {
	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	again := func(rows []schema.Annotation) []schema.Annotation {
		for i := range rows {
			rows[i].Pass = 1
		}
		return rows
	}
	d := create(t, m, nil, eight("x", "a", "NNN"), again(eight("x", "a", "NNN", "GGN")), eight("x", "b", "NNN"), again(eight("x", "b", "NNN"))[:3])
	a := agreed(t, d, nil)
	q := on(t, a.Repeats, LabelQuestion, "control")
	require.EqualValues(t, 24+3, q.Units)
	require.InDelta(t, 26./27, *q.Percent, 1e-6)
	require.InDelta(t, 8./9, *on(t, a.Repeats, ReadingQuestion, "credit").Percent, 1e-6) // a's s1: held, then displaced
	for i := range a.Repeats {
		if r := &a.Repeats[i]; r.Of == "b" && r.Question == "control" {
			require.Equal(t, "all labels are equal", r.Undefined)
			require.EqualValues(t, 3, r.Units)
		}
	}
	require.Equal(t, 2, on(t, a.Questions, LabelQuestion, "control").Voices)
	require.EqualValues(t, 24, on(t, a.Questions, LabelQuestion, "control").Units) // pass 0 only
}

// TestKindsAndVersions: two people as one panel against one model; two models of one
// family as a pair.
func TestKindsAndVersions(t *testing.T) {
	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	m.Annotators = map[string]schema.Annotator{
		"h1": {Kind: "human"}, "h2": {Kind: "human"},
		"j1": {Kind: "model", Model: "gpt-4o-2024-08-06"}, "j2": {Kind: "model", Model: "gpt-5.5"}, "j3": {Kind: "model", Model: "claude-4"},
	}
	d := create(t, m, nil, eight("x", "h1", "NNN", "GGN"), eight("x", "h2", "NNN"), eight("x", "j1", "NNN"), eight("x", "j2", "NNN"), eight("x", "j3", "NNN"))
	a := agreed(t, d, nil)
	q := on(t, a.Kinds, LabelQuestion, "control") // of two people who differ the worse counts
	require.InDelta(t, 23./24, *q.Percent, 1e-6)
	require.Equal(t, 2, q.Voices)
	require.InDelta(t, 7./8, *on(t, a.Kinds, ReadingQuestion, "credit").Percent, 1e-6)
	require.InDelta(t, 6./8, *a.Boards.Board(PeopleBoard, "").Scores[0].Value, 0) // s1 lost too
	require.InDelta(t, 7./8, *a.Boards.Board(ModelsBoard, "").Scores[0].Value, 0)
	require.NotEmpty(t, a.Versions)
	for _, p := range a.Versions {
		require.Equal(t, []string{"j1", "j2"}, []string{p.First, p.Second})
	}
}

// TestSilenceIsNoAnswer: what silence is taken to mean is not what was said.
func TestSilenceIsNoAnswer(t *testing.T) {
	a := agreed(t, five(t, func(m *dataset.Manifest) {
		m.Annotators = map[string]schema.Annotator{"a": {Kind: "human", Silence: "unchanged"}}
	}), nil)
	require.EqualValues(t, 18, on(t, a.Questions, LabelQuestion, "control").Units)
	require.EqualValues(t, 5, on(t, a.Questions, ReadingQuestion, "credit").Units) // but a reads on
}

// TestAgreeAnyCut: the same judgements in several files give the same numbers.
func TestAgreeAnyCut(t *testing.T) {
	rows := [][]schema.Annotation{eight("x", "a", "NNN", "GNG"), eight("x", "b", "NNN"), eight("y", "a"), eight("y", "b", "GGN")}
	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	a, b := agreed(t, create(t, m, nil, rows...), nil), agreed(t, create(t, m, nil, rows[3], rows[1], rows[0], rows[2]), nil)
	require.Equal(t, a, b)
}

// TestAgreeAsScored: alpha of control is the board's label_alpha where there is one system.
func TestAgreeAsScored(t *testing.T) {
	m := dataset.NewManifest()
	m.Rules.Panel.Rule = reading.Median
	d := create(t, m, nil, eight("x", "a", "NNN", "GNC", "CCC", "NGG"), eight("x", "b", "NNN", "GNN", "GCC"), eight("x", "c", "NNG", "GGC", "CCC", "NGC")[:15])
	want := find(t, scored(t, d, nil), "x", "", "label_alpha[control]")
	got := on(t, agreed(t, d, nil).Questions, LabelQuestion, "control")
	require.NotNil(t, want.Low)
	require.Equal(t, []*float64{want.Value, want.Low, want.High}, []*float64{got.Alpha, got.Low, got.High})
}

func TestNear(t *testing.T) {
	// three answers at a unit, first losses 2, 3 and 5: of three pairs one is near
	c := &tallied{codes: []int64{0, 2, 3, 5}, patterns: [][]int64{{0, 1, 1, 1}, {2, 1, 0, 0}}}
	var a Agreed
	c.near(&a, []int64{1, 1})
	require.InDelta(t, (1./3+1./3)/2, *a.Within, 1e-6) // none none 2: the pair without loss is near
	require.InDelta(t, 1./3, *a.NearIf, 1e-6)
	require.EqualValues(t, 1, a.Both)
}

func TestTooManyClasses(t *testing.T) {
	m := dataset.NewManifest()
	m.Measures = map[string]schema.Measure{"ms": {Step: 1}}
	var rows []schema.Annotation
	for i := range mostClasses + 1 {
		for _, who := range []string{"a", "b"} {
			rows = append(rows, unit(who, i, func(a *schema.Annotation) { a.Measure, a.Value = text1("ms"), new(float64(i)) }))
		}
	}
	a := agreed(t, create(t, m, nil, rows), nil)
	require.Equal(t, "more than 256 different values were given", on(t, a.Questions, MeasureQuestion, "ms").Undefined)
	require.Equal(t, a.Pairs[0].Undefined, "more than 256 different values were given")
}

func TestFamily(t *testing.T) {
	for model, want := range map[string]string{"gpt-4o-2024-08-06": "gpt", "gpt-5.5": "gpt", "claude-opus-4.7": "claude-opus", "o3": "o", "judge": "judge"} {
		require.Equal(t, want, family(model))
	}
}
