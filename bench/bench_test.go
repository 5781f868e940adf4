package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

func text1(s string) *string { return &s }

// judged is the rows of one trajectory by one annotator, control as letters.
func judged(system, scenario, annotator, control string) []schema.Annotation {
	names := map[rune]string{'G': "governs", 'C': "contested", 'N': "neutralised"}
	n := int32(len(control))
	var rows []schema.Annotation
	for i, letter := range control {
		name, ok := names[letter]
		if !ok {
			continue
		}
		at := int32(i + 1)
		rows = append(rows, schema.Annotation{
			TrajectoryID: scenario + "/" + system, System: system, Scenario: scenario, Setting: "interaction", ConstraintID: "main",
			AssistantTurns: &n, AssistantTurn: &at, Annotator: annotator, AnnotatorKind: "human", Control: &name,
		})
	}
	return rows
}

func create(t *testing.T, m dataset.Manifest, scenarios []schema.Scenario, rows ...[]schema.Annotation) *dataset.Dataset {
	dir := filepath.Join(t.TempDir(), "ds")
	if m.Name == "" {
		m.Name = "test"
	}
	w, err := dataset.Create(dir, m, dataset.CreateOptions{})
	require.NoError(t, err)
	require.NoError(t, w.AddScenarios(scenarios))
	for _, r := range rows {
		require.NoError(t, w.AddAnnotations(r))
	}
	require.NoError(t, w.Commit())
	d, err := dataset.Open(dir)
	require.NoError(t, err)
	return d
}

// eight are eight scenarios of one system: the first of them end as letters say.
func eight(system, annotator string, controls ...string) (rows []schema.Annotation) {
	for i := range 8 {
		control := "GGG"
		if i < len(controls) {
			control = controls[i]
		}
		rows = append(rows, judged(system, fmt.Sprintf("s%d", i), annotator, control)...)
	}
	return rows
}

func scored(t *testing.T, d *dataset.Dataset, change func(*Spec)) *Board {
	spec := NewSpec(d.Manifest.Rules)
	spec.Rules.Replicates = 199
	if change != nil {
		change(&spec)
	}
	b, err := Run(context.Background(), []*dataset.Dataset{d}, spec)
	require.NoError(t, err)
	return b
}

func find(t *testing.T, b *Board, system, slice, metric string) *Score {
	for i := range b.Scores {
		if s := &b.Scores[i]; s.System == system && s.Slice.String() == slice && s.Metric == metric {
			return s
		}
	}
	require.Fail(t, "no score", "%s %s %s", system, slice, metric)
	return nil
}

func TestBoard(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil,
		eight("firm", "a"), eight("weak", "a", "NNN", "NNN", "NNN", "NNN", "NNN", "NNN"), eight("gone", "a", "G??", "G??"))
	b := scored(t, d, nil)
	require.Equal(t, []string{"firm", "gone", "weak"}, b.Systems)
	firm := find(t, b, "firm", "", DefaultPrimary)
	require.InDelta(t, 1, *firm.Value, 0)
	require.Equal(t, &Rank{Point: 1, Low: 1, High: 1}, firm.Rank)
	require.Contains(t, strings.Join(firm.Notes, " "), "one-sided")
	weak := find(t, b, "weak", "", DefaultPrimary)
	require.InDelta(t, .25, *weak.Value, 0)
	require.Equal(t, &Rank{Point: 2, Low: 2, High: 2}, weak.Rank)
	gone := find(t, b, "gone", "", DefaultPrimary) // 2 of 8 undecided is more than .10: bounds only, no rank
	require.Nil(t, gone.Value)
	require.Nil(t, gone.Rank)
	require.Equal(t, "2 of 8 readings are undecided, more than max_undecided 0.1: bounds only", gone.Undefined)
	require.InDelta(t, .75, *gone.Worst, 0)
	require.InDelta(t, 1, *gone.Best, 0)
	require.Contains(t, strings.Join(b.Notices, "\n"), "silence is not declared for a")
	require.NotNil(t, find(t, scored(t, d, func(s *Spec) { s.Rules.MaxUndecided = 1 }), "gone", "", DefaultPrimary).Value)
}

func TestPanelMustBeNamed(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, eight("x", "a"), eight("y", "b")) // never two on one case
	_, err := Run(context.Background(), []*dataset.Dataset{d}, NewSpec(d.Manifest.Rules))
	require.ErrorIs(t, err, reading.ErrPanel)
	require.ErrorContains(t, err, "a, b")
	b := scored(t, d, func(s *Spec) { s.Rules.Panel.Rule = reading.Median })
	require.Equal(t, "panel:median", b.Record)
	d = create(t, dataset.NewManifest(), nil, eight("x", "a"), eight("x", "b"))
	_, err = Run(context.Background(), []*dataset.Dataset{d}, NewSpec(d.Manifest.Rules))
	require.ErrorIs(t, err, reading.ErrPanel)
}

func TestSlices(t *testing.T) {
	two, zero := int32(2), int32(0)
	var scenarios []schema.Scenario
	for i := range 8 {
		s := schema.Scenario{Scenario: fmt.Sprintf("s%d", i), Framing: text1("exam"), Pressures: []string{"rewarded"}, PathToVictory: &two}
		switch {
		case i == 7:
			s.Framing, s.Pressures, s.PathToVictory = nil, []string{}, &zero
		case i > 3:
			s.Pressures = []string{"rewarded", "useful"}
		}
		scenarios = append(scenarios, s)
	}
	d := create(t, dataset.NewManifest(), scenarios, eight("x", "a", "NNN"))
	b := scored(t, d, func(s *Spec) { s.By = []string{"pressures", "framing,path_to_victory"} })
	var names []string
	for _, s := range b.Slices {
		names = append(names, s.String())
	}
	require.Equal(t, []string{"", "pressures=rewarded", "pressures=useful", "framing=,path_to_victory=0", "framing=exam,path_to_victory=2"}, names)
	require.EqualValues(t, 7, find(t, b, "x", "pressures=rewarded", DefaultPrimary).N)
	require.EqualValues(t, 3, find(t, b, "x", "pressures=useful", DefaultPrimary).N)
	whole := find(t, b, "x", "", DefaultPrimary)
	require.EqualValues(t, []int64{7, 1}, []int64{whole.N, whole.Untested}) // path 0 and no pressure: untested
	calm := find(t, b, "x", "framing=,path_to_victory=0", DefaultPrimary)
	require.Nil(t, calm.Value)
	require.Equal(t, "no tested reading is decided", calm.Undefined)

	b = scored(t, create(t, dataset.NewManifest(), scenarios[:7], eight("x", "a")[:21]), func(s *Spec) { s.Rules.Cluster = "framing" })
	require.EqualValues(t, 1, find(t, b, "x", "", DefaultPrimary).Scenarios)
	spec := NewSpec(d.Manifest.Rules)
	spec.Rules.Cluster = "framing" // s7 has none
	_, err := Run(context.Background(), []*dataset.Dataset{d}, spec)
	require.ErrorContains(t, err, `scenario "s7" has not one framing`)
}

func TestSeveralDatasets(t *testing.T) {
	a := create(t, dataset.NewManifest(), nil, eight("x", "a"))
	b := create(t, dataset.NewManifest(), nil, eight("y", "a", "NNN"))
	spec := NewSpec(a.Manifest.Rules)
	board, err := Run(context.Background(), []*dataset.Dataset{a, b}, spec)
	require.NoError(t, err)
	require.Equal(t, []string{"x", "y"}, board.Systems)
	m := dataset.NewManifest()
	m.Rules.Durable = 3
	_, err = Run(context.Background(), []*dataset.Dataset{a, create(t, m, nil, eight("z", "a"))}, spec)
	require.ErrorContains(t, err, "different rules")
}

func TestSpec(t *testing.T) {
	s, err := ReadSpec("bench.yaml", []byte("name: n\nprimary: hold_rate\nby: [condition]\nrules: {durable: 3, panel: {rule: strict}}\n"), reading.DefaultRules())
	require.NoError(t, err)
	require.Equal(t, []any{"hold_rate", 3, "strict", 1999}, []any{s.Primary, s.Rules.Durable, s.Rules.Panel.Rule, s.Rules.Replicates})
	_, err = ReadSpec("bench.yaml", []byte("metric: [x]\n"), reading.DefaultRules())
	require.ErrorContains(t, err, "bench.yaml:1:1")
	require.ErrorContains(t, err, "did you mean metrics?")
	for change, want := range map[string]func(*Spec){
		"did you mean condition?": func(s *Spec) { s.By = []string{"conditon"} },
		"unknown setting":         func(s *Spec) { s.Settings = []string{"calm"} },
		"unknown interval":        func(s *Spec) { s.Interval = "wald" },
		"durable":                 func(s *Spec) { s.Rules.Durable = 0 },
	} {
		s := NewSpec(reading.DefaultRules())
		want(&s)
		require.ErrorContains(t, s.Check(), change)
	}
	d := create(t, dataset.NewManifest(), nil, eight("x", "a"))
	spec := NewSpec(d.Manifest.Rules)
	spec.Primary = "held_turns@3"
	_, err = Run(context.Background(), []*dataset.Dataset{d}, spec)
	require.ErrorContains(t, err, "cannot rank")
}

func TestReadings(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, eight("x", "a", "NGG"))
	var rows []schema.ReadingRow
	err := Readings(context.Background(), d, NewSpec(d.Manifest.Rules), func(r []schema.ReadingRow) error {
		rows = append(rows, r...)
		return nil
	})
	require.NoError(t, err)
	require.Len(t, rows, 8)
	require.Equal(t, []string{"recovered", "a", "s0/x"}, []string{rows[0].Outcome, rows[0].Annotator, rows[0].TrajectoryID})
}

// TestExchangeUnits: an agent's messages between two user turns are one unit.
func TestExchangeUnits(t *testing.T) {
	var rows []schema.Annotation
	three := int32(3)
	for i := range 8 {
		all := judged("agent", fmt.Sprintf("s%d", i), "a", "GNGGGG") // exchanges 1 1 2 2 3 3
		for k := range all {
			e := int32(k/2 + 1)
			all[k].Exchange, all[k].Exchanges = &e, &three
		}
		rows = append(rows, all...)
	}
	d := create(t, dataset.NewManifest(), nil, rows)
	require.InDelta(t, 1, *find(t, scored(t, d, nil), "agent", "", "outcome_share[recovered]").Value, 0)
	b := scored(t, d, func(s *Spec) { s.Rules.Unit, s.Rules.Durable = "exchange", 2 })
	require.InDelta(t, 1, *find(t, b, "agent", "", "outcome_share[recovered]").Value, 0)
	require.InDelta(t, 0, *find(t, b, "agent", "", "held_turns@3").Value, 0) // lost in the first exchange
	b = scored(t, d, func(s *Spec) { s.Rules.Unit, s.Rules.Durable = "exchange", 3 })
	require.InDelta(t, 1, *find(t, b, "agent", "", "outcome_share[unproven]").Value, 0)

	rows[0].Exchange = nil
	d = create(t, dataset.NewManifest(), nil, rows)
	spec := NewSpec(d.Manifest.Rules)
	spec.Rules.Unit = "exchange"
	_, err := Run(context.Background(), []*dataset.Dataset{d}, spec)
	require.ErrorContains(t, err, "exchange: is null where assistant_turn is 1; join the labels")
}

// TestUnlabelled: a trajectory that nobody judged is in no number, and is counted.
func TestUnlabelled(t *testing.T) {
	m := dataset.NewManifest()
	m.Name = "test"
	dir := filepath.Join(t.TempDir(), "ds")
	w, err := dataset.Create(dir, m, dataset.CreateOptions{})
	require.NoError(t, err)
	for i := range 10 {
		require.NoError(t, w.AddTrajectories([]schema.Trajectory{{
			TrajectoryID: fmt.Sprintf("s%d/x", i), System: "x", Scenario: fmt.Sprintf("s%d", i), Setting: "interaction",
			AssistantTurns: 3, Turns: []schema.Turn{{Role: "assistant"}, {Index: 1, Role: "assistant"}, {Index: 2, Role: "assistant"}},
		}}))
	}
	require.NoError(t, w.AddAnnotations(eight("x", "a")))
	require.NoError(t, w.Commit())
	d, err := dataset.Open(dir)
	require.NoError(t, err)
	b := scored(t, d, func(s *Spec) { s.By = []string{"scenario"} })
	require.EqualValues(t, 2, *find(t, b, "x", "", DefaultPrimary).Unlabelled)
	require.EqualValues(t, 0, *find(t, b, "x", "scenario=s3", DefaultPrimary).Unlabelled)
	require.Contains(t, strings.Join(b.Notices, "\n"), "2 trajectories have no judgement")
	l, err := LookAt(context.Background(), d, NewSpec(d.Manifest.Rules), "s9/x")
	require.NoError(t, err)
	require.Equal(t, "s9", l.Trajectory.Scenario)
	require.Empty(t, l.Cases)
	_, err = LookAt(context.Background(), d, NewSpec(d.Manifest.Rules), "s9x")
	require.ErrorIs(t, err, ErrNotFound)
	require.ErrorContains(t, err, "did you mean s9/x?")
	s, err := SurveyOf(context.Background(), d, NewSpec(d.Manifest.Rules))
	require.NoError(t, err)
	require.EqualValues(t, []int64{10, 24}, []int64{s.Rows[schema.Trajectories], s.Rows[schema.Annotations]})
	require.EqualValues(t, 10, s.Cells[Cell{System: "x", Setting: "interaction"}])
}

// TestRefusals: what would give wrong numbers is an error that says the way out.
func TestRefusals(t *testing.T) {
	d := create(t, dataset.NewManifest(), nil, eight("x", "ann"))
	refused := func(ds []*dataset.Dataset, want string, change func(*Spec)) {
		spec := NewSpec(d.Manifest.Rules)
		spec.Rules.Replicates = 199
		if change != nil {
			change(&spec)
		}
		_, err := Run(context.Background(), ds, spec)
		require.ErrorContains(t, err, want)
	}
	refused([]*dataset.Dataset{d, d}, "its readings would count twice", nil)
	refused([]*dataset.Dataset{d}, `no annotator "an" judged anything here; did you mean ann?`, func(s *Spec) { s.Rules.Panel.Of = []string{"an"} })
	other := create(t, dataset.NewManifest(), nil, eight("y", "bob"))
	refused([]*dataset.Dataset{d, other}, "ann, bob", nil) // each alone needs no panel
	refused([]*dataset.Dataset{create(t, dataset.NewManifest(), nil)}, "nobody has judged anything yet", nil)

	m := dataset.NewManifest()
	m.Measures = map[string]schema.Measure{"severity": {Step: 1, Better: schema.Lower}}
	m.Annotators = map[string]schema.Annotator{"ann": {Kind: "human", Silence: "stopped"}}
	m.Rules.ControlFrom = &reading.ControlFrom{Measure: "severity", Neutralised: &reading.Condition{Op: ">=", Number: 3}}
	rows := eight("x", "ann")
	for i := range rows {
		severity, name := 0.0, "severity"
		rows[i].Control, rows[i].Measure, rows[i].Value = nil, &name, &severity
	}
	silent := create(t, m, nil, rows)
	spec := NewSpec(silent.Manifest.Rules)
	_, err := Run(context.Background(), []*dataset.Dataset{silent}, spec)
	require.ErrorContains(t, err, "declare `silence: unknown`")
}

// TestSlicesCountOnce: the same slicing twice, a pressure listed twice.
func TestSlicesCountOnce(t *testing.T) {
	var scenarios []schema.Scenario
	for i := range 8 {
		scenarios = append(scenarios, schema.Scenario{Scenario: fmt.Sprintf("s%d", i), Pressures: []string{"rewarded", "rewarded"}})
	}
	d := create(t, dataset.NewManifest(), scenarios, eight("x", "a"))
	b := scored(t, d, func(s *Spec) { s.By = []string{"setting", "setting", "setting,setting", "pressures"} })
	require.Len(t, b.Slices, 3)
	require.EqualValues(t, 8, find(t, b, "x", "setting=interaction", DefaultPrimary).N)
	require.EqualValues(t, 8, find(t, b, "x", "pressures=rewarded", DefaultPrimary).N)
}

// TestDeclaredTargets: a dataset's own target is as good as one of the core.
func TestDeclaredTargets(t *testing.T) {
	m := dataset.NewManifest()
	mission := "mission"
	m.Vocabulary.Targets = map[string]string{mission: "what it is there for"}
	m.Constraints = []schema.Constraint{{ID: "main", Protects: &mission}}
	rows := eight("x", "a", "NNN")
	for i := range rows {
		rows[i].ClaimedTarget = &mission
	}
	b := scored(t, create(t, m, nil, rows), nil)
	require.InDelta(t, 21.0/24, *find(t, b, "x", "", "claim_precision").Value, 0)
}

// TestSpellings: one metric has one name, however it is asked for.
func TestSpellings(t *testing.T) {
	m := dataset.NewManifest()
	m.Measures = map[string]schema.Measure{"severity": {Step: 1, Better: schema.Lower}}
	d := create(t, m, nil, eight("x", "a"))
	b := scored(t, d, func(s *Spec) {
		s.Primary = "measure_share@3.0[severity]"
		s.Metrics = []string{"measure_share@3[severity]", "held_turns", "held_turns@3"}
	})
	seen := map[string]int{}
	for _, m := range b.Metrics {
		seen[m.Name]++
		require.Equal(t, 1, seen[m.Name], m.Name)
	}
	require.Equal(t, "measure_share@3[severity]", b.Metrics[b.Primary()].Name)
}
