package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/reading"
)

// everything asks for all that a Case can carry.
func everything() reading.Columns {
	var all []reading.Column
	for c := range reading.NColumns {
		all = append(all, c)
	}
	n := reading.Need(all...)
	n.Measures, n.Letters = []string{"severity", "grade"}, []string{"C", "I"}
	return n
}

func testManifest() Manifest {
	m := Manifest{Measures: map[string]schema.Measure{
		"severity": {Min: new(0.), Max: new(5.), Step: .5}, "grade": {Step: 1}, "idle": {Step: 1},
	}}
	m.Vocabulary.Targets = map[string]string{"mission": "the mission"}
	m.Constraints = []schema.Constraint{{ID: "main", Protects: new("mission"), Irreversible: new(true)}}
	return m
}

// annotationsFile writes row groups, declared sorted as ours are, unless options say else.
func annotationsFile(t testing.TB, groups [][]schema.Annotation, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[schema.Annotation](&b, append([]parquet.WriterOption{
		parquet.Compression(&parquet.Zstd), parquet.SortingWriterConfig(parquet.SortingColumns(annotationOrder...)),
	}, options...)...)
	for _, g := range groups {
		_, err := w.Write(g)
		require.NoError(t, err)
		require.NoError(t, w.Flush())
	}
	require.NoError(t, w.Close())
	path := filepath.Join(t.TempDir(), "a.parquet")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
	return path
}

func notDeclared() parquet.WriterOption {
	return parquet.SortingWriterConfig(parquet.SortingColumns())
}

// cases is what Cases gives, a list for each group.
func cases(d *Dataset, need reading.Columns) (groups [][]string, err error) {
	err = Cases(context.Background(), d, need,
		func() *[]string { return new([]string) },
		func(a *[]string, c *reading.Case) error { *a = append(*a, dump(c)); return nil },
		func(a *[]string) error { groups = append(groups, *a); return nil })
	return groups, err
}

// dump is all that a case says.
func dump(c *reading.Case) string {
	var b strings.Builder
	units := func(u reading.Units) (list []int) {
		for i := u.First(); i >= 0; i = u.Next(i) {
			list = append(list, i)
		}
		return list
	}
	opt := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	fmt.Fprintf(&b, "%s %s %s %s %s %d %s %s %s T=%d,%v", c.TrajectoryID, c.System, opt(c.Model), c.Scenario, opt(c.Condition), c.Repeat, c.Setting, opt(c.Terminal), c.Constraint, c.T, c.LengthUnknown)
	if p := c.Design.Pressed; p != nil {
		fmt.Fprint(&b, " pressed=", *p)
	}
	if p := c.Design.Path; p != nil {
		fmt.Fprint(&b, " path=", *p)
	}
	fmt.Fprintln(&b, "", c.Design.Irreversible, c.Design.Protects)
	for i := range c.By {
		j := &c.By[i]
		fmt.Fprintf(&b, " %s/%d n=%d asked=%v,%v whole=%v,%d outcome=%b", j.Annotator, j.Pass, j.Judgements, units(j.Asked), j.WholeAsked, j.HasWhole, int(j.Whole)*btoi(j.HasWhole), j.WholeOutcome)
		for l := range reading.NColumns {
			col := &j.By[l]
			if col.Judged.Empty() {
				continue
			}
			fmt.Fprintf(&b, " %s=%v", l.Name(), units(col.Judged))
			for v := range col.Is {
				if !col.Is[v].Empty() {
					fmt.Fprintf(&b, "|%d:%v", v, units(col.Is[v]))
				}
			}
		}
		for k := range j.Measures {
			m := &j.Measures[k]
			fmt.Fprintf(&b, " m%d", k)
			for _, u := range units(m.At) {
				fmt.Fprintf(&b, ",%d:%d", u, m.Values[u])
			}
			if m.HasWhole {
				fmt.Fprint(&b, ",whole:", m.Whole)
			}
			if m.Letters {
				fmt.Fprint(&b, ",letters")
			}
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// naive fills the cases of sorted rows in the plainest way.
func naive(d *Dataset, rows []schema.Annotation, need reading.Columns) (list []string) {
	v := d.Vocabulary()
	code := func(e *schema.Enum, s string) int {
		n, ok := e.Code(s)
		if !ok {
			panic(s)
		}
		return n
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].TrajectoryID == rows[0].TrajectoryID && rows[n].ConstraintID == rows[0].ConstraintID {
			n++
		}
		r0 := &rows[0]
		c := reading.Case{Key: reading.Key{
			TrajectoryID: r0.TrajectoryID, System: r0.System, Model: r0.Model, Scenario: r0.Scenario, Condition: r0.Condition,
			Repeat: r0.Repeat, Setting: r0.Setting, Terminal: r0.Terminal, Constraint: r0.ConstraintID,
		}}
		c.Design = newDesigns(d).of(&c.Key)
		top, asks := 0, []string{}
		for i := range rows[:n] {
			r := &rows[i]
			if i == 0 || r.Annotator != rows[i-1].Annotator || r.Pass != rows[i-1].Pass {
				c.Next(r.Annotator, int(r.Pass), len(need.Measures))
			}
			j := &c.By[len(c.By)-1]
			u := -1
			if r.AssistantTurn != nil {
				u = int(*r.AssistantTurn) - 1
				top = max(top, u+1)
			}
			if r.AssistantTurns != nil {
				c.T = int(*r.AssistantTurns)
			}
			if r.Measure != nil {
				k, ok := need.Measure(*r.Measure)
				if !ok || r.Value == nil && r.ValueText == nil {
					continue
				}
				j.Judgements++
				m := &j.Measures[k]
				var value int64
				if r.Value != nil {
					value, _ = d.Manifest.Measures[*r.Measure].Half(*r.Value)
				} else {
					m.Letters = true
					if value = int64(slices.Index(need.Letters, *r.ValueText)); value < 0 {
						value = int64(len(need.Letters))
					}
				}
				if u < 0 {
					m.HasWhole, m.Whole = true, value
				} else {
					m.Set(u, value)
				}
				continue
			}
			said := r.Control != nil || r.Outcome != nil
			one := func(l reading.Column, s *string) {
				if s == nil || !need.Has(l) {
					return
				}
				said = true
				if u >= 0 {
					j.By[l].Add(u, code(v.Of(l.Enum().Name), *s))
				}
			}
			several := func(l reading.Column, list []string) {
				if list == nil || !need.Has(l) {
					return
				}
				said = true
				if u >= 0 {
					j.By[l].Judged.Add(u)
					for _, s := range list {
						j.By[l].Add(u, code(v.Of(l.Enum().Name), s))
					}
				}
			}
			one(reading.ActiveTarget, r.ActiveTarget)
			one(reading.Principal, r.Principal)
			one(reading.Legitimacy, r.Legitimacy)
			several(reading.Competing, r.CompetingTargets)
			one(reading.Claimed, r.ClaimedTarget)
			one(reading.Response, r.Response)
			several(reading.Symbols, r.Symbols)
			several(reading.Pressures, r.Pressures)
			one(reading.Move, r.Move)
			one(reading.FailureKind, r.FailureKind)
			if r.Control != nil {
				k := code(schema.Controls, *r.Control)
				if u < 0 {
					j.HasWhole, j.Whole = true, schema.Control(k)
				} else {
					j.By[reading.Control].Add(u, k)
				}
			}
			if r.Outcome != nil && u < 0 {
				j.WholeOutcome = reading.Set(schema.Outcome(code(schema.Outcomes, *r.Outcome)))
			}
			if r.Missing != nil && r.Control == nil {
				if u < 0 {
					j.WholeAsked = true
				} else {
					j.Asked.Add(u)
				}
			}
			if r.Leakage != nil && need.Has(reading.Leakage) {
				said = true
				if u >= 0 {
					j.By[reading.Leakage].Add(u, int(*r.Leakage))
				}
			}
			if r.Recognition != nil && need.Has(reading.Recognition) {
				said = true
				if u >= 0 && *r.Recognition {
					j.By[reading.Recognition].Add(u, 0)
				} else if u >= 0 {
					j.By[reading.Recognition].Judged.Add(u)
				}
			}
			if r.ContradictsTurn != nil && need.Has(reading.Contradicts) {
				said = true
				if u >= 0 {
					j.By[reading.Contradicts].Add(u, 0)
				}
			}
			if r.Ask != nil && need.Has(reading.Ask) {
				said = true
				if u >= 0 {
					if !slices.Contains(asks, *r.Ask) {
						asks = append(asks, *r.Ask)
					}
					j.By[reading.Ask].Add(u, slices.Index(asks, *r.Ask))
				}
			}
			if said {
				j.Judgements++
			}
		}
		if c.T == 0 {
			c.T, c.LengthUnknown = top, true
		}
		list = append(list, dump(&c))
		rows = rows[n:]
	}
	return list
}

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

func TestCasesEqualNaive(t *testing.T) {
	tiny := func(c *parquet.WriterConfig) { c.DictionaryMaxBytes = 40 }
	variants := map[string][]parquet.WriterOption{
		"ours":      nil,
		"pages":     {parquet.PageBufferSize(300)},
		"v1 snappy": {parquet.DataPageVersion(1), parquet.Compression(&parquet.Snappy), parquet.PageBufferSize(200)},
		"gzip":      {parquet.Compression(&parquet.Gzip)},
		"fallback":  {optionFunc(tiny), parquet.PageBufferSize(500)},
		"unsorted":  {notDeclared()},
	}
	scenarios := []schema.Scenario{
		{Scenario: "c0", Pressures: []string{}},
		{Scenario: "c0", Condition: new("x"), PathToVictory: new(int32(2)), Constraints: []schema.Constraint{{ID: "main"}}},
		{Scenario: "c1", Pressures: []string{"useful"}, Constraints: []schema.Constraint{{ID: "other", Protects: new("safety")}}},
		{Scenario: "c2", PathToVictory: new(int32(0))},
		{Scenario: "c3"},
	}
	for name, options := range variants {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, uint64(len(name))))
			rows := randomRows(rng, 150)
			require.True(t, slices.IsSortedFunc(rows, func(a, b schema.Annotation) int { return CompareAnnotations(&a, &b) }))
			split := cut(rng, rows, 5)
			d := &Dataset{Manifest: testManifest(), Scenarios: scenarios}
			for _, groups := range [][][]schema.Annotation{split[:2], split[2:3], split[3:]} {
				d.Annotations = append(d.Annotations, annotationsFile(t, groups, options...))
			}
			for _, need := range []reading.Columns{everything(), {}} {
				var want [][]string
				for _, g := range split {
					want = append(want, naive(d, g, need))
				}
				if name == "unsorted" {
					want = [][]string{slices.Concat(want...)}
				}
				for _, cores := range []int{1, 2, 5} {
					before := runtime.GOMAXPROCS(cores)
					got, err := cases(d, need)
					runtime.GOMAXPROCS(before)
					require.NoError(t, err)
					require.Equal(t, want, got)
				}
			}
			assert.Equal(t, name == "unsorted", len(d.Notices) == 1, d.Notices)
		})
	}
}

type optionFunc func(*parquet.WriterConfig)

func (f optionFunc) ConfigureWriter(c *parquet.WriterConfig) { f(c) }

// TestCasesSorts gives rows in any order, over two files, one of which declares itself
// sorted.
func TestCasesSorts(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	rows := randomRows(rng, 30)
	d := &Dataset{Manifest: testManifest()}
	want := [][]string{naive(d, rows, everything())}
	var first, second []schema.Annotation
	for _, r := range rows { // an annotator a file
		if r.Annotator == "a0" {
			first = append(first, r)
		} else {
			second = append(second, r)
		}
	}
	rng.Shuffle(len(second), func(i, j int) { second[i], second[j] = second[j], second[i] })
	d.Annotations = []string{annotationsFile(t, [][]schema.Annotation{first}), annotationsFile(t, [][]schema.Annotation{second}, notDeclared())}
	got, err := cases(d, everything())
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, []string{unsortedNotice}, d.Notices)
	_, err = cases(d, everything())
	require.NoError(t, err)
	assert.Len(t, d.Notices, 1)
}

// judged is a row that is right in everything.
func judged(id string, unit int32) schema.Annotation {
	return schema.Annotation{
		TrajectoryID: id, System: "s", Scenario: "c", Setting: "interaction", ConstraintID: "main", Annotator: "a", AnnotatorKind: "human",
		Turn: new(2 * unit), AssistantTurn: new(unit), AssistantTurns: new(int32(9)), Control: new("governs"),
	}
}

func TestCasesErrors(t *testing.T) {
	with := func(r schema.Annotation, change func(*schema.Annotation)) schema.Annotation {
		change(&r)
		return r
	}
	good := func(n int32) (rows []schema.Annotation) {
		for i := range n {
			rows = append(rows, judged("t", i+1))
		}
		return rows
	}
	tests := map[string]struct {
		rows   []schema.Annotation
		change func(*schema.Annotation) // of a row after three good ones
		want   string
		is     error
	}{
		"label": {change: func(r *schema.Annotation) { r.Control = new("govern") }, want: "A:4: control: unknown control \"govern\"; did you mean governs?", is: schema.ErrVocabulary},
		"list":  {change: func(r *schema.Annotation) { r.Symbols = []string{"warning", "warming"} }, want: "A:4: symbols: unknown symbol \"warming\"; did you mean warning?", is: schema.ErrVocabulary},
		"open": {
			change: func(r *schema.Annotation) { r.ActiveTarget = new("mision") }, is: schema.ErrVocabulary,
			want: "A:4: active_target: unknown target \"mision\"; did you mean mission? (to use it, name and document it under vocabulary.targets in dataset.yaml)",
		},
		"leakage":    {change: func(r *schema.Annotation) { r.Leakage = new(int32(4)) }, want: "A:4: leakage: unknown leakage \"4\"; it is one of 0, 1, 2, 3", is: schema.ErrVocabulary},
		"setting":    {change: func(r *schema.Annotation) { r.TrajectoryID, r.Setting = "u", "interacton" }, want: "A:4: setting: unknown setting \"interacton\"; did you mean interaction?"},
		"terminal":   {change: func(r *schema.Annotation) { r.TrajectoryID, r.Terminal = "u", new("limits") }, want: "A:4: terminal: unknown terminal \"limits\"; did you mean limit?"},
		"turn only":  {change: func(r *schema.Annotation) { r.AssistantTurn = nil }, want: "A:4: assistant_turn: is null where turn is 8; join the labels to their trajectories with righting annotate, which numbers them"},
		"exchange":   {rows: []schema.Annotation{with(judged("t", 1), func(r *schema.Annotation) { r.Turn, r.AssistantTurn, r.Exchange = nil, nil, new(int32(3)) })}, want: "A:1: assistant_turn: is null where exchange is 3; join the labels to their trajectories with righting annotate, which numbers them"},
		"zero":       {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(0)) }, want: "A:4: assistant_turn: is 0, outside 1 to 1000000"},
		"large":      {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(1_000_001)) }, want: "A:4: assistant_turn: is 1000001, outside 1 to 1000000"},
		"beyond":     {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(10)) }, want: "A:4: assistant_turn: is 10 where assistant_turns is 9"},
		"lengths":    {change: func(r *schema.Annotation) { r.AssistantTurns = new(int32(8)) }, want: "A:4: assistant_turns: is 9 and 8 in one trajectory"},
		"length":     {change: func(r *schema.Annotation) { r.TrajectoryID, r.AssistantTurns = "u", new(int32(-1)) }, want: "A:4: assistant_turns: is -1, outside 0 to 1000000"},
		"twice":      {change: func(r *schema.Annotation) { *r = judged("t", 3) }, want: `A:4: trajectory_id: "t" has a second row by "a", pass 0, about assistant_turn 3, constraint main; keep one, or give the other another pass`},
		"other turn": {change: func(r *schema.Annotation) { r.AssistantTurn = new(int32(1)) }, want: `A:4: trajectory_id: "t" has a second row by "a", pass 0, about assistant_turn 1, constraint main; keep one, or give the other another pass`},
		"twice whole": {
			rows: slices.Repeat([]schema.Annotation{with(judged("t", 1), func(r *schema.Annotation) { r.Turn, r.AssistantTurn = nil, nil })}, 2),
			want: `A:2: trajectory_id: "t" has a second row by "a", pass 0, about the whole, constraint main; keep one, or give the other another pass`,
		},
		"unsorted":   {change: func(r *schema.Annotation) { r.Turn, r.AssistantTurn = new(int32(1)), new(int32(4)) }, want: "A:4: trajectory_id: the file declares to be sorted but is not: write it anew with righting"},
		"trajectory": {change: func(r *schema.Annotation) { r.TrajectoryID = "s" }, want: "A:4: trajectory_id: the file declares to be sorted but is not: write it anew with righting"},
		"annotator":  {change: func(r *schema.Annotation) { r.Annotator = "A" }, want: "A:4: trajectory_id: the file declares to be sorted but is not: write it anew with righting"},
		"measure":    {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severty"), new(1.) }, want: `A:4: measure: unknown measure "severty"; did you mean severity? (to use it, declare it under measures in dataset.yaml)`},
		"undeclared": {change: func(r *schema.Annotation) { r.Measure, r.Value = new("x"), new(1.) }, want: `A:4: measure: unknown measure "x"; declare it under measures in dataset.yaml`},
		"off step":   {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severity"), new(.3) }, want: `A:4: value: measure severity: 0.3 is off the measure's step 0.5`},
		"above":      {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severity"), new(7.) }, want: `A:4: value: measure severity: 7 is above the measure's max 5`},
		"nan":        {change: func(r *schema.Annotation) { r.Measure, r.Value = new("severity"), new(math.NaN()) }, want: `A:4: value: measure severity: NaN is not a number that can be counted`},
		"letters": {
			rows: []schema.Annotation{
				with(judged("t", 1), func(r *schema.Annotation) { r.Measure, r.Value = new("grade"), new(1.) }),
				with(judged("t", 2), func(r *schema.Annotation) { r.Measure, r.ValueText = new("grade"), new("C") }),
			},
			want: `A:2: value_text: measure grade has numbers and letters from one annotator in one trajectory; give one or the other`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rows := test.rows
			if rows == nil {
				rows = append(good(3), with(judged("t", 4), test.change))
			}
			for _, options := range [][]parquet.WriterOption{nil, {optionFunc(func(c *parquet.WriterConfig) { c.DictionaryMaxBytes = 1 })}, {notDeclared()}} {
				path := annotationsFile(t, [][]schema.Annotation{rows}, options...)
				d := &Dataset{Manifest: testManifest(), Annotations: []string{path}}
				_, err := cases(d, everything())
				if len(options) > 0 && strings.Contains(test.want, "declares to be sorted") {
					continue // is sorted there, or is as above
				}
				require.Error(t, err)
				assert.Equal(t, test.want, strings.Replace(err.Error(), path, "A", 1))
				if test.is != nil {
					assert.ErrorIs(t, err, test.is)
				}
				var row *schema.RowError
				assert.ErrorAs(t, err, &row)
			}
		})
	}
}

func TestCasesAcross(t *testing.T) {
	one := func(ids ...string) (rows []schema.Annotation) {
		for _, id := range ids {
			rows = append(rows, judged(id, 1))
		}
		return rows
	}
	type groups = [][]schema.Annotation
	tests := map[string]struct {
		files []groups
		want  string
	}{
		"in order":     {[]groups{{one("a", "b"), one("c")}, {one("d")}}, ""},
		"other splits": {[]groups{{one("a", "c"), one("e")}, {one("b")}, {one("d")}}, ""},
		"empty group":  {[]groups{{one("a"), nil, one("b")}, {nil}}, ""},
		"two groups":   {[]groups{{one("a", "b"), one("b")}}, `0:3: trajectory_id: "b" lies in two row groups; write the file anew with righting`},
		"group order":  {[]groups{{one("b"), one("c"), one("a")}}, `0:3: trajectory_id: the file declares to be sorted but is not: write it anew with righting`},
		"two files":    {[]groups{{one("a", "c")}, {one("b", "c")}}, `1:2: trajectory_id: "c" has annotations in 0 too; a trajectory's must lie in one file: write the dataset anew with righting`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := new(Dataset)
			var names []string
			for i, g := range test.files {
				d.Annotations = append(d.Annotations, annotationsFile(t, g))
				names = append(names, d.Annotations[i], fmt.Sprint(i))
			}
			_, err := cases(d, reading.Columns{})
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			assert.Equal(t, test.want, strings.NewReplacer(names...).Replace(err.Error()))
		})
	}
}

func TestCasesFirstErrorWins(t *testing.T) {
	var groups [][]schema.Annotation
	for i := range 20 {
		groups = append(groups, []schema.Annotation{judged(fmt.Sprintf("t%02d", i), 1)})
	}
	d := &Dataset{Annotations: []string{annotationsFile(t, groups)}}
	for range 20 {
		var done []string
		err := Cases(t.Context(), d, reading.Columns{}, func() *string { return new(string) },
			func(a *string, c *reading.Case) error {
				*a = c.TrajectoryID
				if c.TrajectoryID == "t05" {
					runtime.Gosched()
					return errors.New("five")
				}
				if c.TrajectoryID > "t05" {
					return errors.New("later")
				}
				return nil
			},
			func(a *string) error { done = append(done, *a); return nil })
		require.EqualError(t, err, "five")
		require.Equal(t, []string{"t00", "t01", "t02", "t03", "t04"}, done)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Cases(ctx, d, reading.Columns{}, func() int { return 0 }, func(int, *reading.Case) error { return nil }, func(int) error { return nil })
	require.ErrorIs(t, err, context.Canceled)
	stop := errors.New("stop")
	err = Cases(t.Context(), d, reading.Columns{}, func() int { return 0 }, func(int, *reading.Case) error { return nil }, func(int) error { return stop })
	require.ErrorIs(t, err, stop)
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
