package dataset

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// spoken is a trajectory of turns by their speakers: s, u, a, p (prefilled), t.
func spoken(id, speakers string) *schema.Trajectory {
	t := &schema.Trajectory{TrajectoryID: id, System: "sys", Model: new("m"), Scenario: "q", Condition: new("c"), Repeat: 2, Setting: "baseline", Terminal: new("limit")}
	for i, s := range speakers {
		u := schema.Turn{Index: 99, Role: map[rune]string{'s': "system", 'u': "user", 'a': "assistant", 'p': "assistant", 't': "tool"}[s], Text: fmt.Sprint(i)}
		if s == 'p' {
			u.Prefilled = new(true)
		}
		t.Turns = append(t.Turns, u)
	}
	Count(t)
	return t
}

func TestCount(t *testing.T) {
	for speakers, want := range map[string][2]int32{
		"":            {0, 0},
		"suaua":       {2, 2},
		"suatatauua":  {4, 2}, // tool calls stay in the exchange, two user turns are one side of it
		"uau":         {1, 1}, // not answered
		"aaa":         {3, 0}, // nobody asked
		"aua":         {2, 1},
		"upua":        {1, 1}, // a prefilled answer is none of its own
		"sss":         {0, 0},
		"uatatatatat": {5, 1},
	} {
		got := spoken("x", speakers)
		require.Equal(t, want, [2]int32{got.AssistantTurns, got.Exchanges}, speakers)
		for i := range got.Turns {
			require.EqualValues(t, i, got.Turns[i].Index)
		}
	}
}

func TestIndexPlaces(t *testing.T) {
	var x Index
	require.NoError(t, x.Add(spoken("q/sys", "suatauap"+"ua")))
	require.NoError(t, x.Add(spoken("q/other", "aa")))
	for name, c := range map[string]struct {
		id                        string
		turn, assistant, exchange *int32
		wantT, wantA, wantE       *int32
		kind                      error
		column, why               string
	}{
		"whole":                 {id: "q/sys"},
		"by turn":               {id: "q/sys", turn: new(int32(4)), wantT: new(int32(4)), wantA: new(int32(2)), wantE: new(int32(1))},
		"by assistant turn":     {id: "q/sys", assistant: new(int32(3)), wantT: new(int32(6)), wantA: new(int32(3)), wantE: new(int32(2))},
		"by exchange":           {id: "q/sys", exchange: new(int32(3)), wantT: new(int32(9)), wantA: new(int32(4)), wantE: new(int32(3))},
		"exchange of several":   {id: "q/sys", exchange: new(int32(1)), wantE: new(int32(1))},
		"several, one named":    {id: "q/sys", exchange: new(int32(1)), assistant: new(int32(1)), wantT: new(int32(2)), wantA: new(int32(1)), wantE: new(int32(1))},
		"outside any exchange":  {id: "q/other", turn: new(int32(1)), wantT: new(int32(1)), wantA: new(int32(2))},
		"no such trajectory":    {id: "q/sis", kind: ErrUnknownTrajectory, column: "trajectory_id", why: `no trajectory has the id "q/sis"; did you mean "q/sys"?`},
		"nothing like it":       {id: "12345", kind: ErrUnknownTrajectory, column: "trajectory_id", why: `no trajectory has the id "12345"`},
		"beyond the end":        {id: "q/sys", turn: new(int32(10)), kind: ErrNoTurn, column: "turn", why: "turn 10 is outside the trajectory's turns, 0 to 9"},
		"before the start":      {id: "q/sys", turn: new(int32(-1)), kind: ErrNoTurn, column: "turn", why: "turn -1 is outside the trajectory's turns, 0 to 9"},
		"a user turn":           {id: "q/sys", turn: new(int32(1)), kind: ErrNotAssistant, column: "turn", why: "turn 1 is a user turn; the assistant's are 2, 4, 6, 9"},
		"a tool turn":           {id: "q/sys", turn: new(int32(3)), kind: ErrNotAssistant, column: "turn", why: "turn 3 is a system, developer or tool turn; the assistant's are 2, 4, 6, 9"},
		"prefilled":             {id: "q/sys", turn: new(int32(7)), kind: ErrNotAssistant, column: "turn", why: "turn 7 was put into the system's mouth, and is not judged as its own"},
		"assistant turn 5 of 4": {id: "q/sys", assistant: new(int32(5)), kind: ErrNoTurn, column: "assistant_turn", why: "assistant turn 5 is outside the trajectory's assistant turns, 1 to 4"},
		"exchange 0":            {id: "q/sys", exchange: new(int32(0)), kind: ErrNoTurn, column: "exchange", why: "exchange 0 is outside the trajectory's exchanges, 1 to 3"},
		"no exchange at all":    {id: "q/other", exchange: new(int32(1)), kind: ErrNoTurn, column: "exchange", why: "exchange 1 is outside the trajectory, which has no exchanges"},
		"two places":            {id: "q/sys", turn: new(int32(4)), assistant: new(int32(3)), kind: ErrNoTurn, column: "turn", why: "turn 4 and assistant turn 3 are not the same place of the trajectory"},
	} {
		t.Run(name, func(t *testing.T) {
			a := schema.Annotation{TrajectoryID: c.id, Turn: c.turn, AssistantTurn: c.assistant, Exchange: c.exchange}
			before := a
			err := x.Fill(&a)
			if c.kind != nil {
				var why *Unmatched
				require.ErrorIs(t, err, c.kind)
				require.ErrorAs(t, err, &why)
				require.Equal(t, c.column, why.Column)
				require.EqualError(t, err, c.why)
				require.Equal(t, before, a, "left as it was")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.wantT, a.Turn)
			require.Equal(t, c.wantA, a.AssistantTurn)
			require.Equal(t, c.wantE, a.Exchange)
		})
	}
}

func TestIndexCopies(t *testing.T) {
	var x Index
	require.NoError(t, x.Add(spoken("q/sys", "uaua")))
	require.EqualError(t, x.Add(spoken("q/sys", "ua")), `trajectory "q/sys" is there already`)
	require.Equal(t, 1, x.Len())
	require.True(t, x.Has("q/sys"))
	a := schema.Annotation{TrajectoryID: "q/sys", Setting: "interaction", Scenario: "q", AssistantTurns: new(int32(7))}
	require.NoError(t, x.Fill(&a))
	require.Equal(t, schema.Annotation{
		TrajectoryID: "q/sys", System: "sys", Model: new("m"), Scenario: "q", Condition: new("c"), Repeat: 2, Setting: "baseline",
		AssistantTurns: new(int32(2)), Exchanges: new(int32(2)), Terminal: new("limit"),
	}, a)
	for _, c := range []struct {
		a    schema.Annotation
		want string
	}{
		{schema.Annotation{System: "sis"}, `"sis", and the trajectory's system is "sys"`},
		{schema.Annotation{Condition: new("d")}, `"d", and the trajectory's condition is "c"`},
		{schema.Annotation{Repeat: 1}, `1, and the trajectory's repeat is 2`},
		{schema.Annotation{Setting: "other"}, `"other", and the trajectory's setting is "baseline"`},
	} {
		c.a.TrajectoryID = "q/sys"
		err := x.Fill(&c.a)
		require.ErrorIs(t, err, ErrDisagrees)
		require.EqualError(t, err, c.want)
	}
}

func TestIndexScenarios(t *testing.T) {
	var x Index
	for i, s := range []struct {
		scenario  string
		condition *string
	}{{"b", new("on")}, {"a", nil}, {"b", new("on")}, {"a", new("")}, {"b", new("off")}} {
		u := spoken(fmt.Sprint(i), "ua")
		u.Scenario, u.Condition = s.scenario, s.condition
		require.NoError(t, x.Add(u))
	}
	require.Equal(t, []schema.Scenario{
		{Scenario: "b", Condition: new("on")}, {Scenario: "a"}, {Scenario: "a", Condition: new("")}, {Scenario: "b", Condition: new("off")},
	}, x.Scenarios())
}

func TestIndexSourceIDs(t *testing.T) {
	u := spoken("x", "uaa")
	u.Turns[0].SourceID, u.Turns[1].SourceID, u.Turns[2].SourceID = new("m1"), new("m2"), new("m2")
	x := Index{SourceIDs: true}
	require.NoError(t, x.Add(u))
	at, err := x.Turn("x", "m1")
	require.NoError(t, err)
	require.Zero(t, at)
	_, err = x.Turn("x", "m2")
	require.EqualError(t, err, `several turns of the trajectory have the source id "m2"`)
	_, err = x.Turn("x", "m3")
	require.ErrorIs(t, err, ErrNoTurn)
	_, err = x.Turn("y", "m1")
	require.ErrorIs(t, err, ErrUnknownTrajectory)
}
