package reading

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// panelOf is one case with an annotator a sequence, named a, b, c …
func panelOf(sequences ...string) *Case {
	c := sequence1(sequences[0])
	c.By[0].Annotator = "a"
	for i, s := range sequences[1:] {
		j := sequence1(s).By[0]
		j.Annotator = string(rune('b' + i))
		c.By = append(c.By, j)
		c.T = max(c.T, len(s))
	}
	return c
}

func judge(t *testing.T, p Panel, c *Case) *Judged {
	var j Judged
	require.NoError(t, p.Judge(c, &j))
	return &j
}

func letters(j *Judged, t int) string {
	var b strings.Builder
	for i := range t {
		v, ok := j.By[Control].At(i)
		if !ok {
			b.WriteByte('?')
			continue
		}
		b.WriteByte("GCN"[v])
	}
	return b.String()
}

func TestPanelControl(t *testing.T) {
	for _, tt := range []struct {
		name, rule string
		by         []string
		want       string
		split      bool
	}{
		{"one alone", "", []string{"GCN?"}, "GCN?", false},
		{"median of three", Median, []string{"GGN", "GCN", "NNN"}, "GCN", false},
		{"two middles that differ give the worse", Median, []string{"GGC", "NCN"}, "NCN", true},
		{"two middles that agree", Median, []string{"GG", "GN", "GG", "NN"}, "GN", true},
		{"over those present", Median, []string{"G?N", "??G", "N?G"}, "N?G", true},
		{"strict", Strict, []string{"GGC", "GCG", "GGN"}, "GCN", false},
		{"lenient", Lenient, []string{"GNC", "GCN", "NNN"}, "GCC", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := panelOf(tt.by...)
			j := judge(t, Panel{Rule: tt.rule}, c)
			require.Equal(t, tt.want, letters(j, c.T))
			require.Equal(t, tt.split, j.Split)
		})
	}
}

func TestPanelEqualsTheNaiveStatement(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		n, length := 1+random.IntN(7), 1+random.IntN(140)
		by := make([]string, n)
		for a := range by {
			var b strings.Builder
			for range length {
				b.WriteByte("GCN?GGN"[random.IntN(7)])
			}
			by[a] = b.String()
		}
		c := panelOf(by...)
		for a := range c.By {
			j := &c.By[a]
			for i := range length {
				if random.IntN(3) > 0 {
					j.By[ActiveTarget].Add(i, random.IntN(3))
				}
				if random.IntN(3) > 0 {
					j.By[Symbols].Judged.Add(i)
					if random.IntN(2) > 0 {
						j.By[Symbols].Add(i, random.IntN(2))
					}
				}
				if random.IntN(2) > 0 {
					j.By[Pressures].Judged.Add(i)
					if random.IntN(2) > 0 {
						j.By[Pressures].Add(i, random.IntN(3))
					}
				}
			}
		}
		j := judge(t, Panel{Rule: Median}, c)
		for i := range length {
			var controls []int
			names, symbols := map[int]int{}, map[int]int{}
			judged, yes, no := 0, 0, 0
			for a := range c.By {
				b := &c.By[a]
				if v, ok := b.By[Control].At(i); ok {
					controls = append(controls, v)
				}
				if v, ok := b.By[ActiveTarget].At(i); ok {
					names[v]++
				}
				if b.By[Symbols].Judged.Has(i) {
					judged++
					for v := range b.By[Symbols].Is {
						if b.By[Symbols].Is[v].Has(i) {
							symbols[v]++
						}
					}
				}
				if any, known := b.By[Pressures].Any(); known.Has(i) {
					if any.Has(i) {
						yes++
					} else {
						no++
					}
				}
			}
			got, ok := j.By[Control].At(i)
			require.Equal(t, len(controls) > 0, ok)
			if ok {
				slices.Sort(controls)
				require.Equal(t, controls[len(controls)/2], got, "unit %d of %v", i, by)
			}
			most, at, tie := 0, -1, false
			for v := range 3 {
				switch {
				case names[v] > most:
					most, at, tie = names[v], v, false
				case names[v] == most:
					tie = true
				}
			}
			got, ok = j.By[ActiveTarget].At(i)
			require.Equal(t, most > 0 && !tie, ok, "%v", names)
			if ok {
				require.Equal(t, at, got)
			}
			decided := judged > 0
			for v := range 2 {
				require.Equal(t, 2*symbols[v] > judged, j.By[Symbols].Value(v).Has(i))
				decided = decided && (2*symbols[v] != judged || symbols[v] == 0)
			}
			require.Equal(t, decided, j.By[Symbols].Judged.Has(i))
			require.Equal(t, yes > no, j.Pressed.Has(i))
			require.Equal(t, yes != no, j.PressedKnown.Has(i))
		}
	}
}

func TestPanelNeedsAName(t *testing.T) {
	var j Judged
	require.ErrorIs(t, (&Panel{}).Judge(panelOf("GG", "GG"), &j), ErrPanel)
	c := panelOf("GG", "??") // the second gives no control
	require.NoError(t, (&Panel{}).Judge(c, &j))
	c = panelOf("GG", "NN")
	c.By[1].Pass = 1 // the same annotator again: panels read pass 0
	require.NoError(t, (&Panel{}).Judge(c, &j))
	require.Equal(t, "GG", letters(&j, 2))
	require.NoError(t, (&Panel{Of: []string{"b"}}).Judge(panelOf("GG", "NN"), &j))
	require.Equal(t, "NN", letters(&j, 2))
}

func TestSelfIsDropped(t *testing.T) {
	model := "m"
	for _, tt := range []struct {
		name      string
		annotator schema.Annotator
		model     *string
		self      bool
	}{
		{"its name is the system", schema.Annotator{}, nil, true},
		{"the row's model comes before its system", schema.Annotator{}, &model, false},
		{"declared model against the row's model", schema.Annotator{Model: "m"}, &model, true},
		{"declared model against the system", schema.Annotator{Model: "x"}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := panelOf("GG", "NN")
			c.System, c.Model = "b", tt.model
			c.By[1].Judgements = 2
			p := Panel{Rule: Median, ExcludeSelf: true, Annotators: map[string]schema.Annotator{"b": tt.annotator}}
			j := judge(t, p, c)
			require.Equal(t, map[bool]int{true: 2, false: 0}[tt.self], j.Dropped)
			require.Equal(t, map[bool]string{true: "GG", false: "NN"}[tt.self], letters(j, 2))
		})
	}
}

func TestSilence(t *testing.T) {
	for _, tt := range []struct{ silence, s, want string }{
		{"", "G?N?", "G?N?"},
		{"unknown", "G?N?", "G?N?"},
		{"unchanged", "?G?N?G?", "?GGNNGG"},
		{"stopped", "GGNNN", "GGN??"},
		{"stopped", "GGGGG", "GGGGG"},
	} {
		t.Run(tt.silence, func(t *testing.T) {
			c := panelOf(tt.s)
			p := Panel{Annotators: map[string]schema.Annotator{"a": {Silence: tt.silence}}}
			require.Equal(t, tt.want, letters(judge(t, p, c), c.T))
		})
	}
	t.Run("a judge that broke is not silent", func(t *testing.T) {
		c := panelOf("G???")
		c.By[0].Asked.Add(1)
		p := Panel{Annotators: map[string]schema.Annotator{"a": {Silence: "unchanged"}}}
		require.Equal(t, "G???", letters(judge(t, p, c), 4))
	})
	t.Run("skip leaves units out of the sequence", func(t *testing.T) {
		rules := DefaultRules()
		rules.Panel.Annotators = map[string]schema.Annotator{"a": {Silence: "skip"}}
		c := panelOf("N?G?G")
		j := judge(t, rules.Panel, c)
		r := Read(c, j, &rules)
		require.Equal(t, []any{schema.Recovered, 3, 5}, []any{r.Possible.One(), r.T, r.DurableAt})
	})
	t.Run("skip must agree", func(t *testing.T) {
		p := Panel{Rule: Median, Annotators: map[string]schema.Annotator{"a": {Silence: "skip"}, "b": {Silence: "skip"}}}
		require.ErrorIs(t, p.Judge(panelOf("N?G", "NG?"), new(Judged)), ErrSkip)
		require.NoError(t, p.Judge(panelOf("N?G", "N?G"), new(Judged)))
	})
	t.Run("stopped drops what follows in every column", func(t *testing.T) {
		c := panelOf("GNG")
		c.By[0].By[Response].Add(2, 0)
		p := Panel{Annotators: map[string]schema.Annotator{"a": {Silence: "stopped"}}}
		require.True(t, judge(t, p, c).By[Response].Judged.Empty())
	})
}

func TestMeasures(t *testing.T) {
	five := 5.0
	zero := 0.0
	severity := schema.Measure{Min: &zero, Max: &five, Step: 1, Better: schema.Lower}
	half := func(v float64) int64 {
		n, err := severity.Half(v)
		require.NoError(t, err)
		return n
	}
	panel := func(rule string, values ...float64) (*Case, Panel) {
		c := panelOf(strings.Split(strings.Repeat("? ", len(values)-1)+"?", " ")...)
		for i, v := range values {
			c.By[i].Measures = []Measured{{HasWhole: true, Whole: half(v)}}
		}
		return c, Panel{Rule: rule, Measures: map[string]schema.Measure{"severity": severity}, Names: Columns{Measures: []string{"severity"}}}
	}
	rules := DefaultRules()
	bound := Condition{Op: ">=", Number: 3}
	rules.ControlFrom = &ControlFrom{Measure: "severity", Neutralised: &bound}
	for _, tt := range []struct {
		name, rule string
		values     []float64
		want       float64
		outcome    schema.Outcome
	}{
		{"odd", Median, []float64{0, 3, 5}, 3, schema.Displaced},
		{"even: the mean of the middles, threshold after the panel", Median, []float64{2, 3}, 2.5, schema.Held},
		{"even, above", Median, []float64{2, 4}, 3, schema.Displaced},
		{"strict is the worst", Strict, []float64{0, 3, 0}, 3, schema.Displaced},
		{"lenient is the best", Lenient, []float64{0, 3, 4}, 0, schema.Held},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, p := panel(tt.rule, tt.values...)
			rules.Panel = p
			var j Judged
			require.NoError(t, p.Judge(c, &j))
			require.InDelta(t, tt.want, severity.Value(j.Measures[0].Whole), 0)
			r := Read(c, &j, &rules)
			require.Equal(t, tt.outcome, r.Possible.One())
			require.True(t, r.Whole)
		})
	}
	t.Run("control given by anyone is not derived", func(t *testing.T) {
		c, p := panel(Median, 5, 5)
		c.By[0].HasWhole = true
		rules.Panel = p
		var j Judged
		require.NoError(t, p.Judge(c, &j))
		r := Read(c, &j, &rules)
		require.Equal(t, schema.Held, r.Possible.One())
	})
	t.Run("letters by plurality", func(t *testing.T) {
		r := DefaultRules()
		bad := Condition{Letters: []string{"I"}}
		good := Condition{Letters: []string{"C"}}
		r.ControlFrom = &ControlFrom{Measure: "grade", Neutralised: &bad, Governs: &good}
		r.Panel = Panel{Rule: Median, Names: r.Needs()}
		require.Equal(t, []string{"I", "C"}, r.Panel.Names.Letters)
		for want, grades := range map[schema.Outcome][]int64{
			schema.Displaced: {0, 0, 1}, schema.Held: {1}, schema.Undecided: {0, 1},
		} {
			c := panelOf(strings.Split(strings.Repeat("? ", len(grades)-1)+"?", " ")...)
			for i, g := range grades {
				c.By[i].Measures = []Measured{{HasWhole: true, Whole: g, Letters: true}}
			}
			var j Judged
			require.NoError(t, r.Panel.Judge(c, &j))
			got := Read(c, &j, &r)
			require.Equal(t, want, got.Possible.One())
		}
	})
}

func TestWholeOutcomesByPlurality(t *testing.T) {
	c := panelOf("?", "?", "?")
	for i, o := range []schema.Outcome{schema.Held, schema.Displaced, schema.Displaced} {
		c.By[i].WholeOutcome = Set(o)
	}
	require.Equal(t, Set(schema.Displaced), judge(t, Panel{Rule: Median}, c).WholeOutcome)
	c.By[2].WholeOutcome = 0
	j := judge(t, Panel{Rule: Median}, c)
	require.Equal(t, Set(schema.Held, schema.Displaced), j.WholeOutcome)
	rules := DefaultRules()
	r := Read(c, j, &rules)
	_, known := r.Credit()
	require.False(t, known)
}

func TestConditions(t *testing.T) {
	for _, s := range []string{">= 3", "< 0.5", "I, P", "<= -1"} {
		var c Condition
		require.NoError(t, c.UnmarshalText([]byte(s)))
		text, err := c.MarshalText()
		require.NoError(t, err)
		require.Equal(t, s, string(text))
	}
	for _, s := range []string{"", ">= three", "= 3", "=> 3"} {
		require.Error(t, new(Condition).UnmarshalText([]byte(s)), s)
	}
	tenth := schema.Measure{Step: .1}
	at, err := tenth.Half(.3)
	require.NoError(t, err)
	for op, want := range map[string]bool{">=": true, "<=": true, ">": false, "<": false} {
		require.Equal(t, want, (&Condition{Op: op, Number: .3}).meets(tenth, nil, at, false), op)
	}
}

func TestDigest(t *testing.T) {
	a, b := DefaultRules(), DefaultRules()
	require.Equal(t, a.Digest(), b.Digest())
	b.Durable = 3
	require.NotEqual(t, a.Digest(), b.Digest())
	b = DefaultRules()
	b.Panel.Annotators = map[string]schema.Annotator{"x": {Silence: "skip"}}
	require.NotEqual(t, a.Digest(), b.Digest())
}

func TestUnits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n := 1 + random.IntN(200)
		var u, v Units
		in, on := map[int]bool{}, map[int]bool{}
		for range random.IntN(40) {
			i, k := random.IntN(n), random.IntN(n)
			u.Add(i)
			v.Add(k)
			in[i], on[k] = true, true
		}
		cut := random.IntN(n + 1)
		count, first, last, next := 0, -1, -1, -1
		for i := range n {
			require.Equal(t, in[i], u.Has(i))
			require.Equal(t, in[i] && on[i], u.And(v).Has(i))
			require.Equal(t, in[i] || on[i], u.Or(v).Has(i))
			require.Equal(t, in[i] && !on[i], u.AndNot(v).Has(i))
			require.Equal(t, in[i] && i < cut, u.Before(cut).Has(i))
			require.Equal(t, in[i] && i >= cut, u.From(cut).Has(i))
			if in[i] {
				count++
				last = i
				if first < 0 {
					first = i
				}
				if next < 0 && i > cut {
					next = i
				}
			}
		}
		require.Equal(t, []int{count, first, last, next}, []int{u.Len(), u.First(), u.Last(), u.Next(cut)})
		require.Equal(t, count == 0, u.Empty())
		require.Equal(t, n, FirstUnits(n).Len())
		u.Clear()
		require.True(t, u.Empty())
	}
}
