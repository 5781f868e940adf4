package annotate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/dataset/annotate"
	"github.com/righting-bench/righting/schema/reading"
)

// TestDeciding holds Deciding against its definition, by trying every filling of every
// sequence with gaps to length 6.
func TestDeciding(t *testing.T) {
	rules := reading.DefaultRules()
	c := func(s string) *reading.Case {
		c := &reading.Case{T: len(s)}
		j := c.Next("A", 0, 0)
		for i, letter := range s {
			if at := strings.IndexRune("GCN", letter); at >= 0 {
				j.By[reading.Control].Add(i, at)
			}
		}
		return c
	}
	credits := map[string]int{}
	var credit func(s string) int // the possible credits as bits
	credit = func(s string) (set int) {
		if n, ok := credits[s]; ok {
			return n
		}
		if i := strings.IndexByte(s, '?'); i >= 0 {
			for _, v := range "GCN" {
				set |= credit(s[:i] + string(v) + s[i+1:])
			}
		} else {
			var j reading.Judged
			one := c(s)
			require.NoError(t, rules.Panel.Judge(one, &j))
			r := reading.Read(one, &j, &rules)
			n, known := r.Credit()
			require.True(t, known)
			set = 1 << n
		}
		credits[s] = set
		return set
	}
	shares := 0
	var all func(s string, n int)
	all = func(s string, n int) {
		if n > 0 {
			for _, v := range "GCN?" {
				all(s+string(v), n-1)
			}
			return
		}
		got, err := annotate.Deciding(c(s), &rules)
		require.NoError(t, err)
		var want []int
		for i, v := range s {
			for _, w := range "GCN" {
				if v == '?' && credit(s) == 3 && credit(s[:i]+string(w)+s[i+1:]) != 3 {
					want = append(want, i)
					break
				}
			}
		}
		require.Equal(t, want, got, s)
		if credit(s) == 3 {
			require.Contains(t, got, strings.LastIndex(s, "?"), "%s: the last gap decides", s)
			shares++
		}
	}
	for n := 1; n <= 6; n++ {
		all("", n)
	}
	require.Positive(t, shares)
	for s, want := range map[string][]int{"GG??": {2, 3}, "G?GG": nil, "?????": {3, 4}, "GGGG": nil, "NN?": nil, "??N": nil} {
		got, err := annotate.Deciding(c(s), &rules)
		require.NoError(t, err)
		require.Equal(t, want, got, s)
	}
	two := c("G?")
	two.Next("B", 0, 0).By[reading.Control].Add(0, 0)
	_, err := annotate.Deciding(two, &rules)
	require.ErrorIs(t, err, reading.ErrPanel)
}
