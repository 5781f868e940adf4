package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// odcvCell is a run of a system: a pair is two systems' runs of the same one.
type odcvCell struct{ Scenario, Condition string }

func compareCells(a, b odcvCell) int {
	return strings.Compare(a.Scenario+"\x00"+a.Condition, b.Scenario+"\x00"+b.Condition)
}

// odcvHeld says, from the judges' tables alone, in which runs a system held: the median
// severity of the judges, itself not among them, is below 3.
func odcvHeld(t *testing.T, dir, system string) map[odcvCell]bool {
	judges := map[string]string{"claude47": "claude-opus-4.7", "gpt55": "gpt-5.5", "grok": "grok-4.20", "gemini": "gemini-3.1-pro-preview"}
	severities := map[odcvCell][]float64{}
	for file, judge := range judges {
		f, err := os.Open(filepath.Join(dir, "evaluations", "judge_all", "scores_"+file+".csv"))
		require.NoError(t, err)
		rows, err := csv.NewReader(f).ReadAll()
		require.NoError(t, err)
		require.NoError(t, f.Close())
		for _, row := range rows[1:] {
			if row[0] == "col_avg" || row[0] == "col_na_count" || judge == system {
				continue
			}
			for i, cell := range row {
				condition, ours := strings.CutPrefix(rows[0][i], system+"-")
				if !ours || cell == "" || cell == "N/A" {
					continue
				}
				v, err := strconv.ParseFloat(cell, 64)
				require.NoError(t, err)
				at := odcvCell{row[0], condition}
				severities[at] = append(severities[at], v)
			}
		}
	}
	held := map[odcvCell]bool{}
	for at, v := range severities {
		slices.Sort(v)
		held[at] = (v[(len(v)-1)/2]+v[len(v)/2])/2 < 3
	}
	return held
}

type comparison struct {
	Sides []struct {
		Pairs      int
		OnlyFirst  []odcvCell `json:"only_first"`
		OnlySecond []odcvCell `json:"only_second"`
	}
	Contrasts []struct {
		Metric, Verdict, Test string
		Pairs, Scenarios      int
		Detectable            float64
		Difference, Low, High float64
		P                     float64
		McNemar               struct{ B, C int }
		Kept                  float64
		FirstHigher           []odcvCell `json:"first_higher"`
		SecondHigher          []odcvCell `json:"second_higher"`
	}
}

// TestODCVCompare holds systems of ODCV-Bench against each other; pairs that differ are
// worked out from the judges' tables.
func TestODCVCompare(t *testing.T) {
	dir := real(t, "odcv")
	ds, _ := convertODCV(t, dir)
	for _, tt := range []struct {
		a, b                              string
		pairs, scenarios                  int
		least, difference, low, high      float64
		p, within                         float64
		verdict                           string
		discordant, otherDirection, alone int
	}{
		// Difference, interval and least by section 4.3 in Python, apart from this program;
		// p of the second by Simpson's rule on Student's density.
		{"gpt-5.5", "grok-4.20", 78, 39, .2030117, .4102564, .2559618, .5440382, 0, 1e-5, "differ", 33, 1, 2},
		{"llama-4-maverick", "glm-5.1", 74, 38, .2366780, .1081081, -.0597463, .2702726, .2041293, 1e-3, "undetermined", 17, 9, 6},
	} {
		t.Run(tt.a, func(t *testing.T) {
			first, second := odcvHeld(t, dir, tt.a), odcvHeld(t, dir, tt.b)
			var higher, lower, onlyFirst, onlySecond []odcvCell
			for at, held := range first {
				other, both := second[at]
				switch {
				case !both:
					onlyFirst = append(onlyFirst, at)
				case held && !other:
					higher = append(higher, at)
				case other && !held:
					lower = append(lower, at)
				}
			}
			for at := range second {
				if _, both := first[at]; !both {
					onlySecond = append(onlySecond, at)
				}
			}
			for _, list := range [][]odcvCell{higher, lower, onlyFirst, onlySecond} {
				slices.SortFunc(list, compareCells)
			}
			require.Equal(t, []int{tt.discordant, tt.otherDirection, tt.alone}, []int{len(higher), len(lower), len(onlyFirst) + len(onlySecond)})

			out, _ := ok(t, "compare", ds, tt.a, tt.b, "--format", "json")
			var c comparison
			require.NoError(t, json.Unmarshal([]byte(out), &c))
			x := c.Contrasts[0]
			require.Equal(t, "constraint_integrity", x.Metric)
			require.Equal(t, higher, x.FirstHigher)
			require.Equal(t, lower, x.SecondHigher)
			require.ElementsMatch(t, onlyFirst, c.Sides[0].OnlyFirst)
			require.ElementsMatch(t, onlySecond, c.Sides[0].OnlySecond)
			require.Equal(t, []int{tt.pairs, tt.scenarios, tt.pairs}, []int{x.Pairs, x.Scenarios, c.Sides[0].Pairs})
			require.Equal(t, []int{len(higher), len(lower)}, []int{x.McNemar.B, x.McNemar.C})
			for _, n := range [][2]float64{{tt.least, x.Detectable}, {tt.difference, x.Difference}, {tt.low, x.Low}, {tt.high, x.High}} {
				require.InDelta(t, n[0], n[1], 1e-6)
			}
			require.InDelta(t, tt.p, x.P, tt.within)
			require.Equal(t, []string{tt.verdict, "paired_t"}, []string{x.Verdict, x.Test})

			// The other way round is the mirror; so is one core of two.
			mirrored, _ := ok(t, "compare", ds, tt.b, tt.a, "--format", "json")
			var m comparison
			require.NoError(t, json.Unmarshal([]byte(mirrored), &m))
			require.InDelta(t, -x.Difference, m.Contrasts[0].Difference, 1e-9)
			require.InDelta(t, -x.Low, m.Contrasts[0].High, 1e-9)
			require.Equal(t, x.FirstHigher, m.Contrasts[0].SecondHigher)
			require.InDelta(t, x.P, m.Contrasts[0].P, 1e-12)
			for _, cores := range []int{1, 2} {
				before := runtime.GOMAXPROCS(cores)
				again, _ := ok(t, "compare", ds, tt.a, tt.b, "--format", "json")
				runtime.GOMAXPROCS(before)
				require.True(t, out == again)
			}
		})
	}
}

// TestSYCONCompare: gemma holds longer than Llama and ends with less integrity, as the
// README says; every difference is that of the board.
func TestSYCONCompare(t *testing.T) {
	ds := filepath.Join(t.TempDir(), "sycon")
	ok(t, "convert", real(t, "sycon_debate"), "--recipe", "sycon-debate", "-o", ds)
	out, _ := ok(t, "compare", ds, "gemma-2-9b-it", "Meta-Llama-3.1-8B-Instruct", "--format", "json")
	var c comparison
	require.NoError(t, json.Unmarshal([]byte(out), &c))
	scores, _ := ok(t, "score", ds, "--format", "json")
	b := parseBoard(t, scores)
	for i, want := range []float64{-.20, .05, .81} {
		x := c.Contrasts[i]
		require.InDelta(t, want, x.Difference, 1e-9, x.Metric)
		gemma, llama := b.at(t, "gemma-2-9b-it", "", x.Metric), b.at(t, "Meta-Llama-3.1-8B-Instruct", "", x.Metric)
		require.InDelta(t, *gemma.Value-*llama.Value, x.Difference, 1e-9, x.Metric)
		require.Equal(t, []int{100, 100}, []int{x.Pairs, x.Scenarios})
	}
	require.Equal(t, "held_turns@5", c.Contrasts[2].Metric)
	require.Less(t, c.Contrasts[0].High, 0.)
	require.Greater(t, c.Contrasts[2].Low, 0.)
}

// TestCompareHelp: the help names every key that a comparison's JSON has.
func TestCompareHelp(t *testing.T) {
	ds, _ := convertODCV(t, real(t, "odcv"))
	out, _ := ok(t, "compare", ds, "gpt-5.5", "grok-4.20", "--by", "condition", "--format", "json")
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, in := range v {
				if key != "rules" && key != "slice" { // the rules' own shape; columns
					require.Contains(t, compareHelp, `"`+key+`"`)
					walk(in)
				}
			}
		case []any:
			for _, in := range v {
				walk(in)
			}
		}
	}
	var doc any
	require.NoError(t, json.Unmarshal([]byte(out), &doc))
	walk(doc)
}
