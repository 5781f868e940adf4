package schema

// Nearest is the candidate within a third of the word's length in edits (insert,
// delete, replace, swap of neighbours), at least one and fewer than its letters, the
// first one at the least distance; "" if none is that near. It is what "did you mean"
// offers.
func Nearest(word string, candidates []string) string {
	best, at := "", min(max(1, len([]rune(word))/3)+1, len([]rune(word)))
	for _, c := range candidates {
		if d := edits([]rune(word), []rune(c)); d < at {
			best, at = c, d
		}
	}
	return best
}

// edits is the optimal string alignment distance.
func edits(a, b []rune) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
