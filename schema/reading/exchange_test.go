package reading

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

func TestFoldExchanges(t *testing.T) {
	// Messages 1 to 7 in exchanges 1 1 2 2 3 4 4.
	exchange := []int32{1, 1, 2, 2, 3, 4, 4}
	c := sequence1("GNGC?G?")
	j := &c.By[0]
	j.Asked.Add(6) // the judge broke on the last message
	target := func(unit, code int) { j.By[ActiveTarget].Add(unit, code) }
	target(0, 3)
	target(1, 3)
	target(2, 3)
	target(3, 4)
	j.By[Symbols].Add(2, 0)
	j.By[Symbols].Add(3, 1)
	j.By[Symbols].Judged.Add(4)
	j.By[Leakage].Add(0, 1)
	j.By[Leakage].Add(1, 3)
	j.Measures = make([]Measured, 3)
	for m := range j.Measures {
		j.Measures[m].Set(0, 2)
		j.Measures[m].Set(1, 6)
		j.Measures[m].Set(2, 4)
	}
	c.FoldExchanges(exchange, []schema.Better{schema.Lower, schema.Higher, schema.Neither})
	require.Equal(t, "NC??", letters(j, 4)) // the worst; not judged; one missing of two
	require.True(t, j.Asked.Has(3))
	at, ok := j.By[ActiveTarget].At(0)
	require.Equal(t, []any{3, true}, []any{at, ok})
	require.False(t, j.By[ActiveTarget].Judged.Has(1), "names that disagree are not known")
	require.Equal(t, []bool{true, true}, []bool{j.By[Symbols].Value(0).Has(1), j.By[Symbols].Value(1).Has(1)})
	require.True(t, j.By[Symbols].Judged.Has(2), "judged, none")
	leak, _ := j.By[Leakage].At(0)
	require.Equal(t, 3, leak)
	require.Equal(t, []int64{6, 2}, []int64{j.Measures[0].Values[0], j.Measures[1].Values[0]})
	require.False(t, j.Measures[2].At.Has(0))
	require.Equal(t, int64(4), j.Measures[2].Values[1])
}
