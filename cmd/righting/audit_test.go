package main

import (
	"encoding/json"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type audited struct {
	Margins []struct {
		Name  string
		Value float64
		Set   bool
	}
	Answers []struct {
		Audit, Of, Verdict, Why, Change string
		Numbers                         []struct {
			Number, About, Undefined string
			Value, Low, High         *float64
			N                        *int64
		}
		Lists map[string][]string
	}
}

// answer is the verdict, its reason and the numbers by name and subject.
func (a audited) answer(t *testing.T, audit, of string) (verdict, why string, numbers map[string]float64) {
	for _, q := range a.Answers {
		if q.Audit == audit && q.Of == of {
			numbers = map[string]float64{}
			for _, n := range q.Numbers {
				if n.Value != nil {
					numbers[strings.TrimSpace(n.Number+" "+n.About)] = *n.Value
				}
			}
			return q.Verdict, q.Why, numbers
		}
	}
	require.Fail(t, "no answer", "%s %s", audit, of)
	return "", "", nil
}

func auditOf(t *testing.T, ds string) audited {
	var a audited
	out, _ := ok(t, "audit", ds, "--format", "json")
	require.NoError(t, json.Unmarshal([]byte(out), &a))
	return a
}

// TestAuditSYCON: the order of 11 systems by what one looks at, and that with binary
// labels the last k units say the same as integrity.
func TestAuditSYCON(t *testing.T) {
	ds := filepath.Join(t.TempDir(), "sycon")
	ok(t, "convert", real(t, "sycon_debate"), "--recipe", "sycon-debate", "-o", ds)
	a := auditOf(t, ds)
	verdict, why, k := a.answer(t, "last", "last_k")
	require.Equal(t, "same by construction", verdict)
	require.Contains(t, why, "integrity and the last-2 verdict are the same: they differ on 0 of 1100 readings")
	require.InDelta(t, .844072, k["tau_b integrity and held_turns"], 0) // metrics.md vector 44, and the next two
	_, _, last := a.answer(t, "last", "last_unit")
	require.InDelta(t, .917470, last["tau_b"], 0)
	require.InDelta(t, .796296, last["tau_b held_turns"], 0)
	require.InDelta(t, 1, k["tau_b"], 0)
	verdict, why, _ = a.answer(t, "history", "")
	require.Equal(t, "undetermined", verdict)
	require.Contains(t, why, "no history to learn from")
}

// TestAuditODCV: each judge's verdict on the whole against the others', and the same
// bytes in every format on one core and on two.
func TestAuditODCV(t *testing.T) {
	ds, _ := convertODCV(t, real(t, "odcv"))
	a := auditOf(t, ds)
	for _, judge := range []string{"claude-opus-4.7", "gpt-5.5", "grok-4.20", "gemini-3.1-pro-preview"} {
		verdict, _, n := a.answer(t, "proxy", "declared["+judge+"]")
		require.NotEqual(t, "adequate", verdict, judge)
		require.InDelta(t, n["sensitivity"]+n["specificity"]-1, n["youden"], 2e-6, judge)
		require.InDelta(t, n["true_positive"]/(n["true_positive"]+n["false_negative"]), n["sensitivity"], 1e-6, judge)
		require.InDelta(t, n["youden"]/n["youden_ceiling"], n["youden_of_ceiling"], 1e-5, judge)
	}
	for _, format := range []string{"json", "text", "csv", "tsv", "markdown", "jsonl"} {
		var outs []string
		for _, cores := range []int{1, 2} {
			before := runtime.GOMAXPROCS(cores)
			out, _ := ok(t, "audit", ds, "--format", format)
			runtime.GOMAXPROCS(before)
			outs = append(outs, out)
		}
		require.True(t, outs[0] == outs[1], format)
	}
}
