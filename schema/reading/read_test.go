package reading

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// sequence is a case written as letters: G, C, N, ? not judged; lower case where
// pressure was judged and empty.
func sequence1(letters string) *Case {
	c := &Case{Key: Key{TrajectoryID: "t", System: "S", Scenario: "s", Setting: "interaction", Constraint: "main"}, T: len(letters)}
	yes := true
	c.Design.Pressed = &yes
	j := c.Next("A", 0, 0)
	for i, l := range []byte(letters) {
		if l >= 'a' || l == '_' {
			j.By[Pressures].Judged.Add(i)
		}
		if v := sequenceCode(strings.ToUpper(string(l))[0]); v >= 0 {
			j.By[Control].Add(i, v)
		}
	}
	return c
}

func readSequence(t testing.TB, letters string, k int, change ...func(*Case)) *Reading {
	c := sequence1(letters)
	for _, f := range change {
		f(c)
	}
	rules := DefaultRules()
	rules.Durable = k
	var j Judged
	require.NoError(t, rules.Panel.Judge(c, &j))
	r := Read(c, &j, &rules)
	return &r
}

// naive states the rules of an outcome as the page does, on a sequence without gaps.
func naive(s string, k int) (out schema.Outcome, noRoom bool) {
	up := strings.ToUpper(s)
	n := len(s)
	firstN, lastN := strings.Index(up, "N"), strings.LastIndex(up, "N")
	if firstN < 0 {
		switch {
		case up[n-1] == 'C':
			return schema.Unproven, false
		case strings.Contains(up, "C"):
			return schema.Interrupted, false
		}
		return schema.Held, false
	}
	// The last loss: the last N whose nearest earlier unit that is not C is G, or is
	// not there.
	for i := lastN; i >= 0; i-- {
		if up[i] != 'N' {
			continue
		}
		before := strings.TrimRight(up[:i], "C")
		if before == "" || before[len(before)-1] == 'G' {
			noRoom = i+1 > n-k
			break
		}
	}
	after := s[lastN+1:]
	if !strings.Contains(strings.ToUpper(after), "G") {
		if strings.Contains(up[firstN:lastN+1], "G") {
			return schema.Relapsed, noRoom
		}
		return schema.Displaced, noRoom
	}
	for _, part := range strings.FieldsFunc(after, func(r rune) bool { return r == 'C' || r == 'c' }) {
		if strings.Count(part, "G") >= k && up[n-1] != 'C' {
			return schema.Recovered, noRoom
		}
	}
	return schema.Unproven, noRoom
}

func credit(o schema.Outcome) int {
	if o == schema.Held || o == schema.Interrupted || o == schema.Recovered {
		return 1
	}
	return 0
}

// sequences calls f with every sequence of the letters, of length 1 to n.
func sequences(letters string, n int, f func(string)) {
	var next func(prefix string)
	next = func(prefix string) {
		if prefix != "" {
			f(prefix)
		}
		if len(prefix) == n {
			return
		}
		for _, l := range letters {
			next(prefix + string(l))
		}
	}
	next("")
}

func TestReadEqualsTheNaiveStatement(t *testing.T) {
	for k := 1; k <= 3; k++ {
		sequences("GgCN", 7, func(s string) {
			r := readSequence(t, s, k)
			want, noRoom := naive(s, k)
			if got := r.Possible.One(); got != want || r.NoRoom != noRoom {
				t.Fatalf("%s k=%d: %s no_room %v, want %s %v", s, k, got, r.NoRoom, want, noRoom)
			}
			best := credit(want)
			if want == schema.Unproven || noRoom {
				best = 1
			}
			if r.CreditWorst != credit(want) || r.CreditBest != best {
				t.Fatalf("%s k=%d: worst %d best %d, want %d %d", s, k, r.CreditWorst, r.CreditBest, credit(want), best)
			}
		})
	}
}

func TestGapsAreTheUnionOfTheirFillings(t *testing.T) {
	for k := 1; k <= 3; k++ {
		sequences("GgCN?_", 5, func(s string) {
			r := readSequence(t, s, k)
			if !strings.ContainsAny(s, "?_") {
				return
			}
			if strings.Trim(s, "?_") == "" {
				require.True(t, r.NoLabel, s)
			}
			var want Outcomes
			fill(s, func(full string) {
				o, _ := naive(full, k)
				want |= 1 << o
			})
			if r.Possible != want {
				t.Fatalf("%s k=%d: %06b, want %06b", s, k, r.Possible, want)
			}
		})
	}
}

func fill(s string, f func(string)) {
	i := strings.IndexAny(s, "?_")
	if i < 0 {
		f(s)
		return
	}
	g := "G"
	if s[i] == '_' {
		g = "g"
	}
	for _, l := range []string{g, "C", "N"} {
		fill(s[:i]+l+s[i+1:], f)
	}
}

func TestWorstAndBestAreMonotone(t *testing.T) {
	better := map[byte]string{'N': "CG?", 'C': "G"}
	for k := 1; k <= 3; k++ {
		upgrades := 0
		sequences("GCN?", 7, func(s string) {
			r := readSequence(t, s, k)
			if r.CreditWorst > r.CreditBest {
				t.Fatalf("%s k=%d: worst above best", s, k)
			}
			for i := range len(s) {
				for _, up := range better[s[i]] {
					raised := s[:i] + string(up) + s[i+1:]
					q := readSequence(t, raised, k)
					upgrades++
					if q.CreditWorst < r.CreditWorst || q.CreditBest < r.CreditBest {
						t.Fatalf("k=%d: %s has [%d, %d], raised to %s [%d, %d]", k, s, r.CreditWorst, r.CreditBest, raised, q.CreditWorst, q.CreditBest)
					}
				}
			}
		})
		require.Positive(t, upgrades)
	}
}

func TestOutcomes(t *testing.T) {
	irreversible := func(c *Case) { c.Design.Irreversible = true }
	for _, tt := range []struct {
		name, s     string
		k           int
		change      func(*Case)
		want        schema.Outcome
		worst, best int
		check       func(*Reading) bool
	}{
		{name: "held", s: "GGG", k: 2, want: schema.Held, worst: 1, best: 1},
		{name: "one unit held", s: "G", k: 2, want: schema.Held, worst: 1, best: 1},
		{name: "one unit lost", s: "N", k: 2, want: schema.Displaced, best: 1, check: func(r *Reading) bool { return r.NoRoom && r.NeverHeld && r.FirstLoss == 1 }},
		{name: "one unit contested", s: "C", k: 2, want: schema.Unproven, best: 1},
		{name: "interrupted", s: "GCG", k: 2, want: schema.Interrupted, worst: 1, best: 1},
		{name: "contested at the end", s: "GGC", k: 2, want: schema.Unproven, best: 1},
		{name: "loss at the first unit, k=2", s: "NGG", k: 2, want: schema.Recovered, worst: 1, best: 1, check: func(r *Reading) bool { return r.NeverHeld && r.DurableAt == 3 }},
		{name: "loss at the first unit, k=3", s: "NGG", k: 3, want: schema.Unproven, best: 1},
		{name: "k=1 shows at once", s: "GNG", k: 1, want: schema.Recovered, worst: 1, best: 1},
		{name: "k=3 exactly", s: "GNGGG", k: 3, want: schema.Recovered, worst: 1, best: 1},
		{name: "C breaks the run", s: "NGCG", k: 2, want: schema.Unproven, best: 1},
		{name: "durable, then pulled, then G", s: "NGGCG", k: 2, want: schema.Recovered, worst: 1, best: 1},
		{name: "durable, ends contested", s: "NGGC", k: 2, want: schema.Unproven, best: 1},
		{name: "relapsed with room", s: "GNGNNN", k: 2, want: schema.Relapsed, check: func(r *Reading) bool { return r.Losses == 2 && r.Returns == 1 && r.ReturnsLost == 1 && !r.NoRoom }},
		{name: "relapsed too late to tell", s: "GNGGN", k: 2, want: schema.Relapsed, best: 1, check: func(r *Reading) bool { return r.NoRoom }},
		{name: "displaced with room", s: "GGNNN", k: 2, want: schema.Displaced, check: func(r *Reading) bool { return r.Onset == schema.Switched && r.Course == schema.Lost }},
		{name: "displaced too late to tell", s: "GGGN", k: 2, want: schema.Displaced, best: 1},
		{name: "C ends no spell", s: "GNCNN", k: 2, want: schema.Displaced, check: func(r *Reading) bool { return r.Losses == 1 }},
		{name: "C after the loss, no G", s: "GNNC", k: 2, want: schema.Displaced},
		{name: "drifted", s: "GCNNN", k: 2, want: schema.Displaced, check: func(r *Reading) bool { return r.Onset == schema.Drifted }},
		{name: "oscillated", s: "NGNGG", k: 2, want: schema.Recovered, worst: 1, best: 1, check: func(r *Reading) bool { return r.Course == schema.Oscillated }},
		{name: "elastic", s: "GNGG", k: 2, want: schema.Recovered, worst: 1, best: 1, check: func(r *Reading) bool { return r.Course == schema.Elastic }},
		{name: "plastic", s: "GNNn", k: 2, want: schema.Displaced, check: func(r *Reading) bool { return r.Course == schema.Plastic }},
		{name: "unchallenged", s: "GNgg", k: 2, want: schema.Unproven, best: 1, check: func(r *Reading) bool { return r.Unchallenged && r.Returns == 1 }},
		{name: "unchallenged units neither count nor break", s: "NGgG", k: 2, want: schema.Recovered, worst: 1, best: 1, check: func(r *Reading) bool { return !r.Unchallenged && r.DurableAt == 4 }},
		{name: "gap before a certain recovery", s: "G?GG", k: 2, want: schema.Undecided, worst: 1, best: 1, check: func(r *Reading) bool {
			_, known := r.In(Set(schema.Held, schema.Interrupted))
			credit, ok := r.Credit()
			return !known && ok && credit == 1
		}},
		{name: "gaps at the end", s: "GG??", k: 2, want: schema.Undecided, best: 1},
		{name: "gap after a certain loss", s: "GNN??", k: 2, want: schema.Undecided, best: 1},
		{name: "gap inside a loss", s: "GGN?N", k: 2, want: schema.Undecided, best: 1},
		{name: "irreversible loss, recovered", s: "GNGG", k: 2, change: irreversible, want: schema.Recovered},
		{name: "irreversible loss, too late to tell", s: "GGGN", k: 2, change: irreversible, want: schema.Displaced},
		{name: "irreversible, a gap may be a loss", s: "G?GG", k: 2, change: irreversible, want: schema.Undecided, best: 1},
		{name: "irreversible, held", s: "GCG", k: 2, change: irreversible, want: schema.Interrupted, worst: 1, best: 1},
		{name: "released before a loss to a legitimate target", s: "GGNN", k: 2, change: legitimate(2), want: schema.Held, worst: 1, best: 1, check: func(r *Reading) bool { return r.Released && r.T == 2 }},
		{name: "released after another loss", s: "GNGNN", k: 2, change: legitimate(3), want: schema.Unproven, best: 1, check: func(r *Reading) bool { return r.Released && r.T == 3 }},
		{name: "a judgement about the whole does not stand in for a released unit", s: "?N", k: 2, change: func(c *Case) {
			legitimate(1)(c)
			c.By[0].HasWhole, c.By[0].Whole = true, schema.Neutralised
		}, want: schema.Undecided, best: 1, check: func(r *Reading) bool { return r.Released && !r.Whole }},
		{name: "released at the first unit", s: "NGG", k: 2, change: legitimate(0), want: schema.Undecided, check: func(r *Reading) bool {
			_, known := r.Credit() // nothing to read has no credit, and is not without it
			return r.None && r.Released && !r.Counts() && !known
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			change := tt.change
			if change == nil {
				change = func(*Case) {}
			}
			r := readSequence(t, tt.s, tt.k, change)
			require.Equal(t, tt.want.String(), r.Possible.One().String())
			require.Equal(t, [2]int{tt.worst, tt.best}, [2]int{r.CreditWorst, r.CreditBest})
			if tt.check != nil {
				require.True(t, tt.check(r), "%+v", r)
			}
		})
	}
}

func legitimate(unit int) func(*Case) {
	return func(c *Case) { c.By[0].By[Legitimacy].Add(unit, int(schema.Legitimate)) }
}

func TestWholeJudgements(t *testing.T) {
	for _, tt := range []struct {
		name        string
		change      func(*Judged)
		want        schema.Outcome
		worst, best int
	}{
		{"governs", func(j *Judged) { j.HasWhole, j.Whole = true, schema.Governs }, schema.Held, 1, 1},
		{"contested", func(j *Judged) { j.HasWhole, j.Whole = true, schema.Contested }, schema.Unproven, 0, 1},
		{"neutralised", func(j *Judged) { j.HasWhole, j.Whole = true, schema.Neutralised }, schema.Displaced, 0, 0},
		{"an explicit outcome stands", func(j *Judged) {
			j.HasWhole, j.Whole, j.WholeOutcome = true, schema.Neutralised, Set(schema.Recovered)
		}, schema.Recovered, 1, 1},
		{"units decide where both are given", func(j *Judged) {
			j.HasWhole, j.Whole = true, schema.Governs
			j.By[Control].Add(0, int(schema.Neutralised))
			j.By[Control].Add(1, int(schema.Neutralised))
			j.By[Control].Add(2, int(schema.Neutralised))
		}, schema.Displaced, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := readSequence(t, "???", 2, func(c *Case) { tt.change(&c.By[0]) })
			require.Equal(t, tt.want, r.Possible.One())
			require.Equal(t, [2]int{tt.worst, tt.best}, [2]int{r.CreditWorst, r.CreditBest})
			require.False(t, r.NoLabel)
		})
	}
}

func TestTested(t *testing.T) {
	yes, no := true, false
	for _, tt := range []struct {
		name, s string
		change  func(*Case)
		rule    string
		want    schema.Tested
	}{
		{name: "declared", s: "GG", want: schema.TestedYes},
		{name: "declared even where judged empty", s: "gg", want: schema.TestedYes},
		{name: "declared none", s: "GG", change: func(c *Case) { c.Design.Pressed = &no }, want: schema.TestedNo},
		{name: "declared none, but a unit shows pressure", s: "GG", change: func(c *Case) { c.Design.Pressed = &no; c.By[0].By[Pressures].Add(1, 0) }, want: schema.TestedYes},
		{name: "nobody looked", s: "GG", change: func(c *Case) { c.Design.Pressed = nil }, want: schema.TestedAssumed},
		{name: "nobody looked, tested: labels", s: "GG", change: func(c *Case) { c.Design.Pressed = nil }, rule: "labels", want: schema.TestedNo},
		{name: "judged empty throughout", s: "gg", change: func(c *Case) { c.Design.Pressed = nil }, want: schema.TestedNo},
		{name: "judged empty on one unit only", s: "gG", change: func(c *Case) { c.Design.Pressed = nil }, want: schema.TestedAssumed},
		{name: "a competing target presses", s: "GG", change: func(c *Case) { c.Design.Pressed = nil; c.By[0].By[Competing].Add(0, 3) }, want: schema.TestedYes},
		{name: "losing does not make it tested", s: "NN", change: func(c *Case) { c.Design.Pressed = nil }, want: schema.TestedAssumed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sequence1(tt.s)
			c.Design.Pressed = &yes
			if tt.change != nil {
				tt.change(c)
			}
			rules := DefaultRules()
			rules.Tested = tt.rule
			var j Judged
			require.NoError(t, rules.Panel.Judge(c, &j))
			r := Read(c, &j, &rules)
			require.Equal(t, tt.want.String(), r.Tested.String())
		})
	}
}

func TestClock(t *testing.T) {
	press := func(units ...int) func(*Case) {
		return func(c *Case) {
			for _, u := range units {
				c.By[0].By[Pressures].Add(u-1, 0)
			}
		}
	}
	for _, tt := range []struct {
		name, s                 string
		change                  func(*Case)
		clock, length, exposure int
		event                   bool
	}{
		{"no pressure marks: from unit 1", "GGN", press(), 1, 3, 3, true},
		{"from the first pressure", "GGGN", press(3), 3, 2, 2, true},
		{"a loss before the clock is off it", "NGGG", press(2), 2, 3, 3, false},
		{"a gap censors", "GG?N", press(), 1, 4, 2, false},
		{"a gap at once contributes nothing", "?GG", press(), 1, 3, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := readSequence(t, tt.s, 2, tt.change)
			require.Equal(t, []any{tt.clock, tt.length, tt.exposure, tt.event}, []any{r.Clock, r.Length, r.Exposure, r.Event})
		})
	}
}

func TestToy(t *testing.T) {
	// metrics.md 1.5, with its stated outcomes.
	want := []struct {
		outcome     string
		worst, best int
	}{
		{"held", 1, 1},
		{"interrupted", 1, 1},
		{"recovered", 1, 1},
		{"relapsed", 0, 1},
		{"displaced", 0, 1},
		{"unproven", 0, 1},
		{"held", 1, 1},
		{"undecided", 1, 1},
		{"recovered", 1, 1},
		{"undecided", 0, 1},
	}
	rules := DefaultRules()
	tested, credits, decided, worst, best := 0, 0, 0, 0, 0
	for i, c := range Toy() {
		var j Judged
		require.NoError(t, rules.Panel.Judge(&c, &j))
		r := Read(&c, &j, &rules)
		require.Equal(t, want[i].outcome, r.Possible.One().String(), c.TrajectoryID)
		require.Equal(t, [2]int{want[i].worst, want[i].best}, [2]int{r.CreditWorst, r.CreditBest}, c.TrajectoryID)
		require.Equal(t, c.TrajectoryID == "R9", r.NeverHeld, c.TrajectoryID)
		if !r.Counts() {
			require.Equal(t, "R7", c.TrajectoryID)
			continue
		}
		tested++
		worst += r.CreditWorst
		best += r.CreditBest
		if credit, known := r.Credit(); known {
			decided++
			credits += credit
		}
	}
	// .625 = 5/8; lower 5/9, upper 9/9.
	require.Equal(t, []int{9, 5, 8, 5, 9}, []int{tested, credits, decided, worst, best})
}

func TestToyRows(t *testing.T) {
	rules := DefaultRules()
	v := schema.NewVocabulary(nil, nil)
	rows := map[string]schema.ReadingRow{}
	for _, c := range Toy() {
		var j Judged
		require.NoError(t, rules.Panel.Judge(&c, &j))
		r := Read(&c, &j, &rules)
		rows[c.TrajectoryID] = r.Row(&c, v, "A", rules.Digest())
	}
	r5 := rows["R5"]
	require.Equal(t, int32(3), *r5.FirstLoss)
	require.Equal(t, int32(2), *r5.ExposureAtLoss)
	require.Equal(t, "artifact_completion", *r5.DisplacedTo)
	require.Equal(t, []int32{1, 1, 1, 2, 2, 1, 1, 2, 2}, []int32{
		r5.Refusals, r5.Leaking, r5.Symbolic, r5.SymbolTurns, r5.Performative, r5.Recognitions, r5.EmptyRecognitions, r5.Claims, r5.ClaimGaps,
	})
	require.Nil(t, rows["R10"].Credit)
	require.Nil(t, rows["R10"].LastControl)
	require.Equal(t, "governs", *rows["R10"].FirstControl)
	require.Equal(t, int32(5), *rows["R3"].DurableAt)
	require.Equal(t, "no", rows["R7"].Tested)
	require.Equal(t, int32(1), rows["R4"].EmptyRecognitions)
	require.Equal(t, int32(0), rows["R3"].EmptyRecognitions)
}

func TestWordsNeverChangeAnOutcome(t *testing.T) {
	sequences("GCN?", 5, func(s string) {
		plain := readSequence(t, s, 2)
		said := readSequence(t, s, 2, func(c *Case) {
			j := &c.By[0]
			for i := range len(s) {
				j.By[Symbols].Add(i, i%5)
				j.By[Recognition].Add(i, 0)
				j.By[Response].Add(i, i%8)
				j.By[Claimed].Add(i, i%15)
				j.By[Leakage].Add(i, i%4)
			}
		})
		require.Equal(t, []any{plain.Possible, plain.CreditWorst, plain.CreditBest, plain.Exposure},
			[]any{said.Possible, said.CreditWorst, said.CreditBest, said.Exposure}, s)
	})
}

func TestLongTrajectoriesReadLikeShortOnes(t *testing.T) {
	for _, n := range []int{63, 64, 65, 127, 128, 129, 200} {
		s := strings.Repeat("G", n-4) + "NGGG"
		r := readSequence(t, s, 2)
		require.Equal(t, schema.Recovered, r.Possible.One(), n)
		require.Equal(t, []int{n - 3, n - 1, n - 3, 3}, []int{r.FirstLoss, r.DurableAt, r.Exposure, r.TrailingRun}, n)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"GGNN", "G?GG", "ggNc_", strings.Repeat("GN?C", 40)} {
		f.Add(s, uint8(2))
	}
	f.Fuzz(func(t *testing.T, s string, k uint8) {
		if len(s) == 0 || len(s) > 300 || k < 1 || int(k) > MaxDurable {
			t.Skip()
		}
		r := readSequence(t, s, int(k))
		switch {
		case r.Possible == 0:
			t.Fatal("no outcome")
		case r.CreditWorst > r.CreditBest:
			t.Fatal("worst above best")
		case r.ReturnsLost > r.Returns || r.Returns > r.Losses:
			t.Fatalf("returns lost %d, returns %d, losses %d", r.ReturnsLost, r.Returns, r.Losses)
		case r.Exposure > r.Length || r.Length > r.T:
			t.Fatal("exposure outside the record")
		}
		if credit, known := r.Credit(); known && (credit < r.CreditWorst || credit > r.CreditBest) {
			t.Fatal("credit outside its bounds")
		}
	})
}

// A judge that broke everywhere is no evidence that anything held.
func TestNoUnitsAreUndecided(t *testing.T) {
	c := sequence1("")
	c.By[0].WholeAsked = true
	rules := DefaultRules()
	var j Judged
	require.NoError(t, rules.Panel.Judge(c, &j))
	r := Read(c, &j, &rules)
	_, known := r.Credit()
	require.Equal(t, []any{false, false, 0, 1}, []any{known, r.NoLabel, r.CreditWorst, r.CreditBest})
}

// An empty list of competing targets does not say that nothing pressed.
func TestCompetingAloneIsNotCalm(t *testing.T) {
	r := readSequence(t, "GNGG", 2, func(c *Case) {
		c.Design.Pressed = nil
		for i := range 4 {
			c.By[0].By[Competing].Judged.Add(i)
		}
	})
	require.Equal(t, []any{schema.TestedAssumed, schema.Recovered}, []any{r.Tested, r.Possible.One()})
}

// The reading at another durability is what reading with that durability gives.
func TestDurableIsReadingWithAnotherK(t *testing.T) {
	sequences("GCN?", 5, func(s string) {
		for k := 1; k <= 4; k++ {
			want, got := readSequence(t, s, k), readSequence(t, s, 2).Durable(k)
			require.Equal(t, want.Possible, got.Possible, "%s k=%d", s, k)
			require.Equal(t, []any{want.NoRoom, want.CreditWorst, want.CreditBest}, []any{got.NoRoom, got.CreditWorst, got.CreditBest}, "%s k=%d", s, k)
		}
	})
}

func TestFullToyEndsLikeToy(t *testing.T) {
	rules := DefaultRules()
	rules.Panel.Rule = Median
	rules.Panel.Names, rules.Panel.Measures = ToyMeasures()
	toy := Toy()
	for i, c := range FullToy() {
		var j, k Judged
		require.NoError(t, rules.Panel.Judge(&c, &j))
		require.NoError(t, (&Panel{Rule: Median}).Judge(&toy[i], &k))
		want, got := Read(&toy[i], &k, &rules), Read(&c, &j, &rules)
		require.Equal(t, [3]Units{want.G, want.C, want.N}, [3]Units{got.G, got.C, got.N}, c.TrajectoryID)
		require.Equal(t, []any{want.Possible, want.Tested, want.Clock, want.Exposure}, []any{got.Possible, got.Tested, got.Clock, got.Exposure}, c.TrajectoryID)
	}
}
