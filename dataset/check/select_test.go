package check

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSelect(t *testing.T) {
	rules := []*Rule{duplicateKey, unknownLabel, valueOffStep, duplicateScenario, turnIndex}
	for _, tt := range []struct {
		sel, ignore []string
		want        []*Rule
	}{
		{nil, nil, rules},
		{[]string{"A"}, nil, rules[:3]},
		{[]string{"a00"}, []string{"A002"}, []*Rule{duplicateKey, valueOffStep}},
		{[]string{"turn-index", "A001"}, nil, []*Rule{duplicateKey, turnIndex}},
		{nil, []string{"A", "T002"}, []*Rule{duplicateScenario}},
		{[]string{"Duplicate-Key", "s001"}, []string{"T"}, []*Rule{duplicateKey, duplicateScenario}},
	} {
		got, err := Select(rules, tt.sel, tt.ignore)
		require.NoError(t, err)
		require.Equal(t, tt.want, got)
	}
	for _, tt := range []struct {
		sel, ignore []string
		want        string
	}{
		{[]string{"turn-indx"}, nil, `unknown rule "turn-indx"; did you mean turn-index? (righting explain rules)`},
		{nil, []string{"X", "A009"}, "unknown rule \"X\"; (righting explain rules)\nunknown rule \"A009\"; (righting explain rules)"},
		{[]string{""}, nil, `unknown rule ""; (righting explain rules)`},
		{[]string{"duplicate"}, nil, `unknown rule "duplicate"; (righting explain rules)`},
		{[]string{"T"}, []string{"T"}, "no rule is left: all that are selected are ignored"},
	} {
		_, err := Select(rules, tt.sel, tt.ignore)
		require.EqualError(t, err, tt.want)
	}
	require.Len(t, rules, 5, "rules are not changed")
}

// Each way to name a rule finds it, and it alone.
func TestSelectEveryRule(t *testing.T) {
	for _, r := range All {
		for _, pattern := range []string{r.Code, r.Name} {
			got, err := Select(All, []string{pattern}, nil)
			require.NoError(t, err)
			require.Equal(t, []*Rule{r}, got)
		}
		got, err := Select(All, nil, []string{r.Code})
		require.NoError(t, err)
		require.Len(t, got, len(All)-1)
	}
}

func ExampleSelect() {
	rules, err := Select(All, []string{"S"}, []string{"unknown-scenario"})
	fmt.Println(len(rules), rules[0].Name, err)
	// Output: 1 duplicate-scenario <nil>
}
