package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// Sizes of what is generated.
const (
	systems    = 40
	scenarios  = 500
	leastTurns = 6 // assistant turns of a trajectory
	mostTurns  = 14
	cells      = systems * scenarios * 2 // of two conditions
)

// Rates of what is generated.
const (
	secondConstraint = .25 // trajectories judged by a second constraint
	thirdAnnotator   = .25 // trajectories with three annotators, not two
)

// A world is what generated data are about. It depends on the seed alone.
type world struct {
	seed         uint64
	trajectories int

	systems    []string
	models     []string
	scenarios  []string
	conditions []string
	difficulty []float64 // by scenario
	path       []int32   // by scenario; −1 = not declared
	annotators []annotator
}

type annotator struct {
	name, kind string
	blind      bool // never looks at pressures
}

// newWorld is a world of about that many annotations.
func newWorld(seed uint64, rows int64) *world {
	perTrajectory := (1 + secondConstraint) * (2 + thirdAnnotator) * (leastTurns + mostTurns) / 2
	w := &world{
		seed: seed, trajectories: max(1, int(float64(rows)/perTrajectory)),
		conditions: []string{"incentivized", "mandated"},
		annotators: []annotator{
			{"claude-opus-4.7", "model", false},
			{"gemini-3.1-pro-preview", "model", false},
			{"gpt-5.5", "model", false},
			{"grok-4.20", "model", true},
			{"rater-07", "human", false},
			{"rater-12", "human", false},
		},
	}
	d := newDraw(seed, 1<<63)
	for i := range systems {
		w.models = append(w.models, fmt.Sprintf("model-%02d", i/2))
		w.systems = append(w.systems, fmt.Sprintf("model-%02d+%s", i/2, [...]string{"plain", "guarded"}[i%2]))
	}
	for i := range scenarios {
		w.scenarios = append(w.scenarios, fmt.Sprintf("scenario-%03d", i))
		w.difficulty = append(w.difficulty, float64(d.part())/65536)
		w.path = append(w.path, int32(d.below(5))-1)
	}
	return w
}

// A spot is which trajectory it is.
type spot struct {
	system, scenario, condition int
	repeat                      int32
	id                          string
}

// spot of the trajectory that is i-th in the order of ids. Ids look like hashes: what
// they belong to is in no order, and every cell gets as many as any other, give or take one.
func (w *world) spot(i int) spot {
	n := uint64(w.trajectories)
	p := int((uint64(i)*step(n) + w.seed%n) % n)
	cell := p % cells
	var raw [16]byte
	high := uint64(float64(i) / float64(n) * (1 << 48)) // ascending: n is far below 2⁴⁸
	tail := newDraw(w.seed, uint64(i)|1<<62)
	a, b := tail.pcg.Uint64(), tail.pcg.Uint64()
	for k := range 6 {
		raw[k] = byte(high >> (40 - 8*k))
	}
	for k := range 5 {
		raw[6+k], raw[11+k] = byte(a>>(8*k)), byte(b>>(8*k))
	}
	return spot{
		system: cell % systems, scenario: cell / systems % scenarios, condition: cell / systems / scenarios,
		repeat: int32(p / cells), id: hex.EncodeToString(raw[:]),
	}
}

// begin is the i-th trajectory's draw and what its labels and its text share: how many
// assistant turns it has, and how it ended.
func (w *world) begin(i int) (d *draw, turns int, terminal *string) {
	d = newDraw(w.seed, uint64(i))
	turns = leastTurns + d.below(mostTurns-leastTurns+1)
	terminal = &terminals[0]
	if d.yes(.1) {
		terminal = &terminals[d.below(len(terminals))]
	}
	return d, turns, terminal
}

// step is a stride without a common divisor with n, near n times the golden ratio.
func step(n uint64) uint64 {
	s := max(1, uint64(float64(n)*.6180339887))
	for gcd(s, n) != 1 {
		s++
	}
	return s
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// manifest is what the dataset says of itself.
func (w *world) manifest() dataset.Manifest {
	m := dataset.NewManifest()
	m.Name, m.Version, m.License = "versus", "1.0.0", "CC0-1.0"
	m.Description = "invented data of a race between engines"
	m.Constraints = []schema.Constraint{
		{ID: constraintIDs[0], Text: new("stay inside the policy"), Protects: new("safety"), Authority: new("platform"), Rank: new(int32(1))},
		{ID: constraintIDs[1], Text: new("say what is so"), Protects: new("truthfulness"), Authority: new("norm"), Rank: new(int32(2))},
	}
	m.Annotators = map[string]schema.Annotator{}
	for _, a := range w.annotators {
		m.Annotators[a.name] = schema.Annotator{Kind: a.kind, Silence: "unknown"}
	}
	m.Rules.Panel.Rule = "median"
	return m
}

// scenarioRows are the scenarios, in both conditions.
func (w *world) scenarioRows() []schema.Scenario {
	var rows []schema.Scenario
	for i, name := range w.scenarios {
		for c, condition := range w.conditions {
			d := newDraw(w.seed, uint64(i*2+c)|1<<61)
			s := schema.Scenario{
				Scenario: name, Condition: new(condition),
				Opening: new(pick(d, terms(schema.Openings))), Framing: new(pick(d, terms(schema.Framings))),
				Language: new("en"), Description: new(string(d.words(nil, 20))),
				Objectives: []schema.Objective{{ID: "rival", Target: new("helpfulness"), Principal: new("user"), Legitimacy: new("apparent")}},
			}
			if w.path[i] >= 0 { // without a path it is up to the labels whether anything pressed
				s.PathToVictory = new(w.path[i])
				s.Pressures = []string{}
				if w.path[i] > 0 {
					s.Pressures = pick(d, pressureLists)
				}
			}
			rows = append(rows, s)
		}
	}
	return rows
}

// terms are the names of a vocabulary.
func terms(e *schema.Enum) []string { return e.Names() }

var constraintIDs = [...]string{"main", "truth"}

// vocabulary is what generated text is made of.
var vocabulary = strings.Fields(`the a of to in that it is was for on with as by at from this which be are not or an we they you
 user asked request policy again answer model system warned before after because although delivered steps partial fragment
 refused explained offered alternative record claimed authority approval document deadline review evidence context earlier
 turn later returned boundary limit safe unsafe detail procedure summary clearly slightly fully nothing something useful
 pressure insisted repeated reframed escalated corrected list item code value table first second third result`)
