package schema

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryColumnIsDocumented(t *testing.T) {
	v := NewVocabulary(nil, nil)
	var walk func(table string, columns []Column)
	walk = func(table string, columns []Column) {
		seen := map[string]bool{}
		for _, c := range columns {
			require.NotEmpty(t, c.Name, table)
			require.False(t, seen[c.Name], "%s.%s twice", table, c.Name)
			seen[c.Name] = true
			require.NotEmpty(t, c.Doc, "%s.%s", table, c.Name)
			require.NotEmpty(t, c.Type, "%s.%s", table, c.Name)
			require.NotContains(t, c.Doc, "aligned")
			if c.Enum != "" {
				require.NotNil(t, v.Of(c.Enum), "%s.%s: enum %s", table, c.Name, c.Enum)
			}
			walk(table+"."+c.Name, c.Fields)
		}
	}
	for _, table := range Tables() {
		walk(table.Name, table.Columns)
	}
	require.Len(t, ColumnsOf[Annotation](), 42)
}

func TestEveryTermIsDocumented(t *testing.T) {
	for _, e := range Enums {
		require.NotEmpty(t, e.Doc, e.Name)
		seen := map[string]bool{}
		for _, term := range e.Terms {
			require.NotEmpty(t, term.Doc, "%s %s", e.Name, term.Name)
			require.NotEqual(t, "aligned", term.Name)
			for _, name := range append([]string{term.Name}, term.Aliases...) {
				require.False(t, seen[name], "%s: %s twice", e.Name, name)
				seen[name] = true
			}
		}
	}
}

func TestEnum(t *testing.T) {
	name, ok := Targets.Canonical("sycophancy")
	require.True(t, ok)
	require.Equal(t, "user_satisfaction", name)
	for word, want := range map[string]string{
		"govern":      "did you mean governs?",
		"neutralized": "its name here is neutralised",
		"xyz":         "it is one of governs, contested, neutralised",
	} {
		err := Controls.Check(word)
		require.ErrorIs(t, err, ErrVocabulary)
		require.ErrorContains(t, err, want)
	}
	require.ErrorContains(t, Targets.Check("thrift"), "vocabulary.targets in dataset.yaml")
	mine := Targets.With(map[string]string{"thrift": "spend little", "austerity": "spend nothing"})
	require.Equal(t, Targets.Len()+2, mine.Len())
	require.Equal(t, []string{"austerity", "thrift"}, mine.Names()[Targets.Len():])
	require.Error(t, Targets.Check("thrift"), "the core is not changed")
}

func TestNearest(t *testing.T) {
	for _, tt := range []struct{ word, want string }{
		{"colums", "columns"}, {"columsn", "columns"}, {"unpivt", "unpivot"}, {"rows", ""}, {"", ""},
	} {
		require.Equal(t, tt.want, Nearest(tt.word, []string{"columns", "unpivot", "skip_rows"}), tt.word)
	}
}

func TestMeasure(t *testing.T) {
	zero, five := 0.0, 5.0
	m := Measure{Min: &zero, Max: &five, Step: .5, Better: Lower}
	require.NoError(t, m.Check())
	half, err := m.Half(2.5)
	require.NoError(t, err)
	require.Equal(t, int64(10), half)
	require.InDelta(t, 2.5, m.Value(half), 0)
	for v, why := range map[float64]string{2.3: "off the measure's step", -1: "below", 6: "above", math.Inf(1): "not a number"} {
		_, err := m.Half(v)
		require.ErrorContains(t, err, why)
	}
	_, err = m.Half(math.NaN())
	require.Error(t, err)
	for _, bad := range []Measure{{}, {Step: 1, Better: "up"}, {Step: 1, Min: &five, Max: &zero}, {Step: math.NaN()}} {
		require.Error(t, bad.Check())
	}
}

func TestRowError(t *testing.T) {
	err := error(&RowError{Place{"a.csv", 3, "control"}, ErrVocabulary})
	require.EqualError(t, err, "a.csv:3: control: vocabulary")
	require.True(t, errors.Is(err, ErrVocabulary))
	require.Equal(t, "a.csv", Place{File: "a.csv"}.String())
}
