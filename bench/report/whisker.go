package report

import (
	"math"
	"strings"
)

// Whisker draws the interval from low to high and the value in it on a scale from
// first to last, in exactly width columns: "  ├──●───┤ ". An end beyond the scale is
// an arrow. It is "" if there is nothing to draw: a number that is NaN, an interval
// or a scale the wrong way round, no width.
func Whisker(low, value, high, first, last float64, width int) string {
	return whisker(low, value, high, first, last, width, []rune("├─┤●◂▸"))
}

// WhiskerASCII is Whisker for a terminal that has only ASCII: "  |--o---| ".
func WhiskerASCII(low, value, high, first, last float64, width int) string {
	return whisker(low, value, high, first, last, width, []rune("|-|o<>"))
}

func whisker(low, value, high, first, last float64, width int, ink []rune) string {
	if !(low <= high) || !(first < last) || math.IsNaN(value) || math.IsInf(last-first, 0) || width < 1 {
		return ""
	}
	at := func(v float64) int {
		share := (min(max(v, first), last) - first) / (last - first)
		return int(math.Round(share * float64(width-1)))
	}
	bar := []rune(strings.Repeat(" ", width))
	for i := at(low); i <= at(high); i++ {
		bar[i] = ink[1]
	}
	bar[at(low)], bar[at(high)] = ink[0], ink[2]
	bar[at(value)] = ink[3]
	if min(low, value) < first {
		bar[0] = ink[4]
	}
	if max(high, value) > last {
		bar[width-1] = ink[5]
	}
	return string(bar)
}
